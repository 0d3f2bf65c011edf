"""`tf.contrib.estimator.multi_head`: several heads on parts of the same logits, or each on its own.
"""
from minitf.core.graph import name_scope
from minitf.estimator.canned.head.base import LossSpec, minimizing
from minitf.estimator.head.several import Several, by_head, check_heads, exported, merged, times
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import EstimatorSpec
from minitf.metrics.means import mean
from minitf.ops.control_flow.control import no_op
from minitf.summary.numeric import scalar


def multi_head(heads, head_weights=None):
    """A head of several, whose loss is the sum of theirs, times `head_weights`.

    Each has a name, which is the key of its labels, a dict, and its predictions are named (name,
    key). Logits are a dict, or one tensor with a part for each along the last axis. ValueError for
    no heads, heads without a name, or weights of another number.
    """
    check_heads(heads, head_weights)
    return MultiHead(tuple(heads), tuple(head_weights or ()))


class MultiHead(Several):
    """Several heads as one: see `multi_head`."""

    def __init__(self, heads, head_weights):
        self._heads, self._head_weights = heads, head_weights

    def create_loss(self, features, mode, logits, labels):
        """A LossSpec, whose parts are dicts by the names of heads, but for the loss."""
        logits = by_head(self._heads, logits)
        made = [head.create_loss(features, mode, logits[head.name], labels[head.name])
                for head in self._heads]  # fmt: skip
        weights = self._head_weights or (None,) * len(made)
        names = [head.name for head in self._heads]
        return LossSpec(
            merged([each.training_loss for each in made], self._head_weights),
            {n: times(each.unreduced_loss, w) for n, each, w in zip(names, made, weights)},
            {n: times(each.weights, w) for n, each, w in zip(names, made, weights)},
            {n: each.processed_labels for n, each in zip(names, made)},
        )

    def create_estimator_spec(self, features, mode, logits, labels=None, optimizer=None,
                              train_op_fn=None):
        """The EstimatorSpec of all heads. ValueError for labels that are no dict, and for both or
        none of `optimizer` and `train_op_fn` in training."""
        logits = by_head(self._heads, logits)
        if labels and not isinstance(labels, dict):
            raise ValueError(f"labels must be a dict. Given: {labels}")
        specs = {
            head.name: head.create_estimator_spec(
                features=features, mode=mode, logits=logits[head.name],
                labels=labels[head.name] if labels else None, train_op_fn=lambda loss: no_op(),
            ) for head in self._heads
        }  # fmt: skip
        predictions = {(name, key): value for name, spec in specs.items()
                       for key, value in spec.predictions.items()}  # fmt: skip
        if mode == ModeKeys.TRAIN:
            return self._trained(specs, predictions, optimizer, train_op_fn)
        if mode == ModeKeys.PREDICT:
            return EstimatorSpec(mode, predictions, export_outputs=exported(specs))
        if mode == ModeKeys.EVAL:
            return self._evaluated(specs, predictions)
        raise ValueError(f"mode={mode} unrecognized")

    def _trained(self, specs, predictions, optimizer, train_op_fn):
        loss = merged([spec.loss for spec in specs.values()], self._head_weights)
        train_op = minimizing(loss, optimizer, train_op_fn)
        with name_scope(""):
            scalar("loss", loss)
        return EstimatorSpec(ModeKeys.TRAIN, predictions, loss, train_op)

    def _evaluated(self, specs, predictions):
        metrics = {}
        with name_scope("merge_eval"):
            for name, spec in specs.items():
                key = f"loss/{name}"
                metrics[key] = mean(spec.loss, name=key)
                metrics.update(spec.eval_metric_ops or {})
            loss = merged([spec.loss for spec in specs.values()], self._head_weights)
        return EstimatorSpec(ModeKeys.EVAL, predictions, loss, eval_metric_ops=metrics)

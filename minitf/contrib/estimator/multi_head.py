"""`tf.contrib.estimator.multi_head`: several heads on parts of the same logits, or each on its own.
"""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.estimator.export.signatures import DEFAULT
from minitf.estimator.heads.base import LossSpec, minimizing
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import EstimatorSpec
from minitf.metrics.means import mean
from minitf.ops.array.joining import split
from minitf.ops.control_flow.control import no_op
from minitf.ops.reduction.scan import add_n
from minitf.saved_model.export_outputs import PredictOutput
from minitf.summary.numeric import scalar


def multi_head(heads, head_weights=None):
    """A head of several, whose loss is the sum of theirs, times `head_weights`.

    Each has a name, which is the key of its labels, a dict, and its predictions are named (name,
    key). Logits are a dict, or one tensor with a part for each along the last axis. ValueError for
    no heads, heads without a name, or weights of another number.
    """
    if head_weights and len(head_weights) != len(heads):
        raise ValueError("heads and head_weights must have the same size. Given len(heads): "
                         f"{len(heads)}. Given len(head_weights): {len(head_weights)}.")
    if not heads:
        raise ValueError(f"Must specify heads. Given: {heads}")
    for head in heads:
        if not head.name:
            raise ValueError(f"All given heads must have name specified. Given: {head}")
    return MultiHead(tuple(heads), tuple(head_weights or ()))


class MultiHead:
    """Several heads as one: see `multi_head`."""

    def __init__(self, heads, head_weights):
        self._heads, self._head_weights = heads, head_weights

    @property
    def name(self):
        """The names of the heads."""
        return "_".join(head.name for head in self._heads)

    @property
    def logits_dimension(self):
        """That of all heads together."""
        return sum(head.logits_dimension for head in self._heads)

    def create_loss(self, features, mode, logits, labels):
        """A LossSpec, whose parts are dicts by the names of heads, but for the loss."""
        logits = self._by_head(logits)
        made = [head.create_loss(features, mode, logits[head.name], labels[head.name])
                for head in self._heads]  # fmt: skip
        weights = self._head_weights or (None,) * len(made)
        names = [head.name for head in self._heads]
        return LossSpec(
            self._merged([each.training_loss for each in made]),
            {n: _times(each.unreduced_loss, w) for n, each, w in zip(names, made, weights)},
            {n: _times(each.weights, w) for n, each, w in zip(names, made, weights)},
            {n: each.processed_labels for n, each in zip(names, made)},
        )

    def create_estimator_spec(self, features, mode, logits, labels=None, optimizer=None,
                              train_op_fn=None):
        """The EstimatorSpec of all heads. ValueError for labels that are no dict, and for both or
        none of `optimizer` and `train_op_fn` in training."""
        logits = self._by_head(logits)
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
            return EstimatorSpec(mode, predictions, export_outputs=_exported(specs))
        if mode == ModeKeys.EVAL:
            return self._evaluated(specs, predictions)
        raise ValueError(f"mode={mode} unrecognized")

    def _trained(self, specs, predictions, optimizer, train_op_fn):
        loss = self._merged([spec.loss for spec in specs.values()])
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
            loss = self._merged([spec.loss for spec in specs.values()])
        return EstimatorSpec(ModeKeys.EVAL, predictions, loss, eval_metric_ops=metrics)

    def _merged(self, losses):
        with name_scope("merge_losses", values=losses):
            if self._head_weights:
                losses = [_times(*pair) for pair in zip(losses, self._head_weights)]
            return add_n(losses)

    def _by_head(self, logits):
        """The logits of each head, by its name."""
        if isinstance(logits, dict):
            return logits
        with name_scope(None, "split_logits", [logits]):
            logits = convert_to_tensor(logits)
            sizes = [head.logits_dimension for head in self._heads]
            given = logits.shape.as_list()
            if given[-1] is not None and given[-1] != sum(sizes):
                raise ValueError(
                    f"Could not split logits of shape {given} among the heads with individual "
                    f"logits dimensions: {sizes}. The last dimension of the logits tensor should "
                    f"equal {given[-1]} but is {sum(sizes)}."
                )
            parts = split(logits, sizes, axis=-1)
        return {head.name: part for head, part in zip(self._heads, parts)}


def _times(value, weight):
    return value if weight is None else value * weight


def _exported(specs):
    """The outputs of all heads, under their names; those of the first one are served unasked."""
    names = list(specs)
    outputs = {DEFAULT: _default(specs[names[0]].export_outputs, names[0])}
    predicted = {}
    for name, spec in specs.items():
        for key, output in spec.export_outputs.items():
            outputs[name if key == DEFAULT else f"{name}/{key}"] = output
            if key == "predict" and isinstance(output, PredictOutput):
                predicted.update({f"{name}/{k}": v for k, v in output.outputs.items()})
    outputs["predict"] = PredictOutput(predicted)
    return outputs


def _default(outputs, name):
    if len(outputs) == 1:
        return next(iter(outputs.values()))
    if DEFAULT in outputs:
        return outputs[DEFAULT]
    raise ValueError(f"{name} did not specify default export_outputs. Given: {outputs} Suggested "
                     "fix: Use one of the heads in tf.contrib.estimator, or include key "
                     f"{DEFAULT} in export_outputs.")  # fmt: skip

"""tf.estimator.MultiHead: several heads as one."""
from minitf.core.graph import name_scope
from minitf.estimator.head.base import Head, regularized, summarize, training
from minitf.estimator.head.several import Several, by_head, check_heads, exported, merged
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import EstimatorSpec
from minitf.keras.metrics import Mean
from minitf.ops.control_flow.control import no_op
from minitf.ops.reduction.scan import add_n


class MultiHead(Several, Head):
    """Several heads as one, whose loss is the sum of theirs, times `head_weights`.

    Each has a name, which is the key of its labels, a dict, and its predictions are named (name,
    key). Logits are a dict, or one tensor with a part for each along the last axis. ValueError for
    no heads, heads without a name, or weights of another number.
    """

    def __init__(self, heads, head_weights=None):
        check_heads(heads, head_weights)
        self._heads, self._head_weights = tuple(heads), tuple(head_weights or ())

    @property
    def loss_reduction(self):
        """That of the heads. ValueError where they differ."""
        found = [head.loss_reduction for head in self._heads]
        if len(set(found)) > 1:
            raise ValueError("The loss_reduction must be the same for different heads. Given: "
                             f"{found}")  # fmt: skip
        return found[0]

    def loss(self, labels, logits, features=None, mode=None, regularization_losses=None):
        """The loss, a scalar, with those of regularization."""
        logits = self._checked(logits, labels)
        losses = [
            head.loss(logits=logits[head.name], labels=labels[head.name], features=features,
                      mode=mode)
            for head in self._heads
        ]  # fmt: skip
        return regularized(merged(losses, self._head_weights), regularization_losses)

    def predictions(self, logits, keys=None):
        """{(name of the head, key): tensor}."""
        logits = self._checked(logits)
        with name_scope("merge_pred"):
            return {(head.name, key): value for head in self._heads
                    for key, value in head.predictions(logits=logits[head.name]).items()}

    def metrics(self, regularization_losses=None):
        """{name: `tf.keras.metrics.Metric`}: those of the losses, which the others are beside once
        they are updated."""
        made = {}
        if regularization_losses is not None:
            made[self._regularization] = Mean(name="regularization_loss")
        with name_scope("merge_eval"):
            made.update({name: Mean(name=name) for name in map(_loss_of, self._heads)})
        return made

    @property
    def _regularization(self):
        return self._summary_key("regularization_loss")

    def update_metrics(self, eval_metrics, features, logits, labels, regularization_losses=None):
        """Let these metrics take in a batch, and those of the heads; all are returned."""
        logits = self._checked(logits, labels)
        if regularization_losses is not None:
            eval_metrics[self._regularization].update_state(add_n(regularization_losses))
        for head in self._heads:
            own_logits, own_labels = logits[head.name], labels[head.name]
            loss = head.loss(logits=own_logits, labels=own_labels, features=features)
            eval_metrics[_loss_of(head)].update_state(loss)
            updated = head.update_metrics(head.metrics(), features, own_logits, own_labels)
            eval_metrics.update(updated or {})
        return eval_metrics

    def create_estimator_spec(self, features, mode, logits, labels=None, optimizer=None,
                              trainable_variables=None, train_op_fn=None, update_ops=None,
                              regularization_losses=None):
        """The EstimatorSpec of all heads. ValueError for labels that are no dict, for both or none
        of `optimizer` and `train_op_fn` in training, and for an unknown mode."""
        if mode not in (ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT):
            raise ValueError(f"mode={mode} unrecognized")
        with name_scope(self.name, "multi_head"):
            specs = self._specs(features, mode, logits, labels)
            predictions = self.predictions(logits)
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions, export_outputs=exported(specs))
            loss = self.loss(labels, logits, features, mode, regularization_losses)
            if mode == ModeKeys.EVAL:
                metrics = self.metrics(regularization_losses)
                self.update_metrics(metrics, features, logits, labels, regularization_losses)
                return EstimatorSpec(mode, predictions, loss, eval_metric_ops=metrics)
            train_op = training(loss, optimizer, trainable_variables, train_op_fn, update_ops)
            summarize(loss, regularization_losses)
            return EstimatorSpec(mode, predictions, loss, train_op)

    def _specs(self, features, mode, logits, labels):
        """Those of the heads by name, which also summarize their losses."""
        logits = self._checked(logits, labels)
        return {
            head.name: head.create_estimator_spec(
                features=features, mode=mode, logits=logits[head.name],
                labels=labels[head.name] if labels else None, train_op_fn=lambda loss: no_op(),
            ) for head in self._heads
        }  # fmt: skip

    def _checked(self, logits, labels=None):
        """The logits of each head. ValueError where those, or labels, of one are missing."""
        logits = by_head(self._heads, logits)
        self._check_names("logits", logits)
        if labels is not None:
            if not isinstance(labels, dict):
                raise ValueError(f"labels must be a dict. Given: {labels}")
            self._check_names("labels", labels)
        return logits

    def _check_names(self, what, given):
        missing = [head.name for head in self._heads if head.name not in given]
        if missing:
            raise ValueError(f"{what} has missing values for head(s): {missing}")


def _loss_of(head):
    return f"loss/{head.name}"

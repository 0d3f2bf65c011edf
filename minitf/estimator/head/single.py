"""What the heads share that are not several: from a kind to a head."""
from minitf.core.graph import name_scope
from minitf.estimator.head import checks
from minitf.estimator.head.base import Head, regularized, summarize, training
from minitf.estimator.head.kinds import Kind
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import EstimatorSpec
from minitf.keras.metrics import Mean
from minitf.keras.utils.losses_utils import ReductionV2, compute_weighted_loss
from minitf.ops.reduction.scan import add_n

LOSS, REGULARIZATION = "average_loss", "regularization_loss"


class Single(Kind, Head):
    """A head of one kind.

    A subclass has `_measures()`, its metrics by their names without that of the head, and
    `_measured(predictions, labels, given)`, what these take in, by name; `given` are the labels as
    they came.
    """

    def __init__(self, weight_column, loss_reduction, loss_fn, name):
        checks.check_reduction(loss_reduction, ReductionV2)
        checks.check_loss_fn(loss_fn, ("features", "loss_reduction"))
        super().__init__(weight_column, loss_reduction, loss_fn, name)

    loss_reduction = property(lambda self: self._loss_reduction)

    def loss(self, labels, logits, features=None, mode=None, regularization_losses=None):
        """The loss, a scalar, with those of regularization."""
        with name_scope("losses"):
            losses, weights, _ = self._weighed(features, logits, labels)
            total = compute_weighted_loss(losses, weights, self._loss_reduction)
            return regularized(total, regularization_losses)

    def _weighed(self, features, logits, labels):
        logits = checks.checked_logits(logits, self.logits_dimension)
        return self._losses(features, logits, labels)

    def predictions(self, logits, keys=None):
        """{key: tensor} for these keys, or all that there are. ValueError for other keys."""
        found = self._predictions(logits)
        for key in keys or ():
            if key not in found:
                raise ValueError(f"Prediction key must be in PredictionKeys, given: {key}. Valid "
                                 f"prediction keys include {list(found)}.")  # fmt: skip
        return {key: value for key, value in found.items() if not keys or key in keys}

    def metrics(self, regularization_losses=None):
        """{name: `tf.keras.metrics.Metric`}."""
        with name_scope("metrics"):
            made = {LOSS: Mean(name=LOSS), **self._measures()}
            if regularization_losses is not None:
                made[REGULARIZATION] = Mean(name=REGULARIZATION)
        return {self._key(name): metric for name, metric in made.items()}

    def update_metrics(self, eval_metrics, features, logits, labels, regularization_losses=None):
        """Let these metrics take in a batch; they are returned."""
        predictions = self.predictions(logits)
        losses, weights, processed = self._weighed(features, logits, labels)
        measured = {LOSS: (losses,), **self._measured(predictions, processed, labels)}
        for name, values in measured.items():
            eval_metrics[self._key(name)].update_state(*values, sample_weight=weights)
        if regularization_losses is not None:
            metric = eval_metrics[self._key(REGULARIZATION)]
            metric.update_state(add_n(regularization_losses))
        return eval_metrics

    def create_estimator_spec(self, features, mode, logits, labels=None, optimizer=None,
                              trainable_variables=None, train_op_fn=None, update_ops=None,
                              regularization_losses=None):
        """The EstimatorSpec: to train, `optimizer`, one of Keras, changes `trainable_variables`, or
        `train_op_fn(loss)` makes the train_op. ValueError for both or none of these."""
        with name_scope(self._name, "head"):
            predictions = self.predictions(logits)
            if mode == ModeKeys.PREDICT:
                outputs = self._exported(predictions)
                return EstimatorSpec(mode, predictions, export_outputs=outputs)
            loss = self.loss(labels, logits, features, mode, regularization_losses)
            if mode == ModeKeys.EVAL:
                metrics = self.metrics(regularization_losses)
            else:
                train_op = training(loss, optimizer, trainable_variables, train_op_fn, update_ops)
        if mode == ModeKeys.EVAL:
            metrics = self.update_metrics(metrics, features, logits, labels, regularization_losses)
            return EstimatorSpec(mode, predictions, loss, eval_metric_ops=metrics)
        summarize(loss, regularization_losses, self._key)
        return EstimatorSpec(ModeKeys.TRAIN, predictions, loss, train_op)

"""Heads for numbers: squared error, or what the user's function says."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.estimator.heads import checks, metrics
from minitf.estimator.heads.base import Head, LossSpec
from minitf.losses.regression import mean_squared_error
from minitf.losses.weighted import Reduction, compute_weighted_loss
from minitf.metrics.means import mean
from minitf.nn.activation import sigmoid
from minitf.nn.loss import log_poisson_loss, sigmoid_cross_entropy_with_logits
from minitf.ops.math.elementwise import cast, exp
from minitf.saved_model.export_outputs import RegressionOutput


class RegressionHead(Head):
    """Numbers [..., label_dimension], which `inverse_link_fn` makes of logits, if it is given."""

    def __init__(self, weight_column=None, label_dimension=1, loss_reduction=Reduction.SUM,
                 loss_fn=None, inverse_link_fn=None, name=None):
        checks.check_reduction(loss_reduction)
        checks.check_loss_fn(loss_fn)
        if label_dimension < 1:
            raise ValueError(f"Invalid label_dimension {label_dimension}.")
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        self._dimension, self._inverse_link_fn = label_dimension, inverse_link_fn

    logits_dimension = property(lambda self: self._dimension)

    def _predictions(self, logits):
        logits = checks.checked_logits(logits, self._dimension)
        if self._inverse_link_fn:
            return {"predictions": self._inverse_link_fn(logits), "logits": logits}
        return {"predictions": logits}

    def _served(self, predictions):
        return {"regression": RegressionOutput(predictions["predictions"])}

    def create_loss(self, features, mode, logits, labels):
        """Of labels [..., label_dimension]."""
        logits = convert_to_tensor(logits)
        labels = cast(checks.checked_labels(labels, logits, self._dimension), float32)
        if self._loss_fn:
            loss = checks.called_loss(self._loss_fn, labels, logits, features, self._dimension)
        else:
            loss = mean_squared_error(labels, logits, reduction=Reduction.NONE)
        weights = checks.example_weights(features, self._weight_column, logits, per_logit=True)
        total = compute_weighted_loss(loss, weights, reduction=self._loss_reduction)
        return LossSpec(total, loss, weights, labels)

    def _metrics(self, labels, predictions, weights):
        predicted = predictions["predictions"]
        return {
            "prediction/mean": metrics.mean_of(predicted, weights, "predictions",
                                               "prediction/mean"),
            "label/mean": mean(labels, weights),
        }  # fmt: skip


def logistic_regression_head(weight_column=None, loss_reduction=Reduction.SUM_OVER_BATCH_SIZE,
                             name=None):
    """Probabilities: sigmoid cross entropy."""

    def loss_fn(labels, logits):
        return sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    return RegressionHead(weight_column, 1, loss_reduction, loss_fn, sigmoid, name)


def poisson_regression_head(weight_column=None, label_dimension=1,
                            loss_reduction=Reduction.SUM_OVER_BATCH_SIZE, compute_full_loss=True,
                            name=None):
    """Counts: Poisson's loss."""

    def loss_fn(labels, logits):
        return log_poisson_loss(targets=labels, log_input=logits,
                                compute_full_loss=compute_full_loss)  # fmt: skip

    return RegressionHead(weight_column, label_dimension, loss_reduction, loss_fn, exp, name)

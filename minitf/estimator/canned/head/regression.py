"""Heads for numbers: squared error, or what the user's function says."""
from minitf.estimator.canned.head import metrics
from minitf.estimator.canned.head.base import Head
from minitf.estimator.head.kinds import Numbers
from minitf.losses.weighted import Reduction
from minitf.metrics.means import mean
from minitf.nn.activation import sigmoid
from minitf.nn.loss import log_poisson_loss, sigmoid_cross_entropy_with_logits
from minitf.ops.math.elementwise import exp


class RegressionHead(Numbers, Head):
    """Numbers [..., label_dimension]."""

    def __init__(self, weight_column=None, label_dimension=1, loss_reduction=Reduction.SUM,
                 loss_fn=None, inverse_link_fn=None, name=None):
        super().__init__(weight_column, label_dimension, loss_reduction, loss_fn, inverse_link_fn,
                         name)  # fmt: skip

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

"""tf.estimator.RegressionHead and its sisters: heads for numbers."""
from minitf.estimator.head import checks
from minitf.estimator.head.kinds import Numbers
from minitf.estimator.head.single import Single
from minitf.keras.metrics import Mean
from minitf.keras.utils.losses_utils import ReductionV2
from minitf.nn.activation import sigmoid
from minitf.nn.loss import log_poisson_loss, sigmoid_cross_entropy_with_logits
from minitf.ops.math.elementwise import exp

_MEAN = ReductionV2.SUM_OVER_BATCH_SIZE


class RegressionHead(Numbers, Single):
    """Numbers [..., label_dimension], which `inverse_link_fn` makes of logits, if it is given.

    The loss is the squared error, or `loss_fn(labels, logits)`. ValueError for a label_dimension
    below 1, an unknown reduction, or a function of other arguments.
    """

    def __init__(self, label_dimension=1, weight_column=None, loss_reduction=_MEAN, loss_fn=None,
                 inverse_link_fn=None, name=None):
        super().__init__(weight_column, label_dimension, loss_reduction, loss_fn, inverse_link_fn,
                         name)  # fmt: skip

    def predictions(self, logits):
        """{key: tensor}."""
        return super().predictions(logits)

    def _measures(self):
        return {name: Mean(name=name) for name in ("prediction/mean", "label/mean")}

    def _measured(self, predictions, labels, given):
        return {"label/mean": (given,), "prediction/mean": (predictions["predictions"],)}


class PoissonRegressionHead(RegressionHead):
    """Counts: Poisson's loss, with its constant term for `compute_full_loss`."""

    def __init__(self, label_dimension=1, weight_column=None, loss_reduction=_MEAN,
                 compute_full_loss=True, name=None):
        self._full = compute_full_loss
        super().__init__(label_dimension, weight_column, loss_reduction, self._poisson_loss, exp,
                         name)  # fmt: skip

    def _poisson_loss(self, labels, logits):
        return log_poisson_loss(labels, logits, compute_full_loss=self._full)


class LogisticRegressionHead(RegressionHead):
    """Probabilities: sigmoid cross entropy."""

    def __init__(self, weight_column=None, loss_reduction=_MEAN, name=None):
        super().__init__(1, weight_column, loss_reduction, self._logistic_loss, sigmoid, name)

    def _logistic_loss(self, labels, logits):
        labels = checks.in_range(labels, 2, "Labels must be in range [0, 1]")
        return sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

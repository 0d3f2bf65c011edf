"""tf.estimator.Head: what makes losses, predictions and metrics of logits."""
import abc

from minitf.core.graph import name_scope
from minitf.keras.optimizers import Optimizer
from minitf.ops.control_flow.control import group
from minitf.ops.reduction.scan import add_n
from minitf.summary.numeric import scalar


class Head(abc.ABC):
    """The top of a model, which makes losses, predictions and metrics of its logits.

    One of one's own implements what is abstract here, and `create_estimator_spec`.
    """

    @property
    @abc.abstractmethod
    def name(self):
        """The name, a string or None."""

    @property
    @abc.abstractmethod
    def logits_dimension(self):
        """The size of the last axis of logits."""

    @property
    @abc.abstractmethod
    def loss_reduction(self):
        """One of `tf.losses.Reduction`: how the losses of the examples become one."""

    @abc.abstractmethod
    def loss(self, labels, logits, features=None, mode=None, regularization_losses=None):
        """The loss, a scalar, with those of regularization."""

    @abc.abstractmethod
    def predictions(self, logits, keys=None):
        """{key: tensor} for these keys, or all that there are."""

    @abc.abstractmethod
    def metrics(self, regularization_losses=None):
        """{name: `tf.keras.metrics.Metric`}."""

    @abc.abstractmethod
    def update_metrics(self, eval_metrics, features, logits, labels, mode=None,
                       regularization_losses=None):
        """Let these metrics take in a batch; they are returned."""

    def create_estimator_spec(self, features, mode, logits, labels=None, optimizer=None,
                              trainable_variables=None, train_op_fn=None, update_ops=None,
                              regularization_losses=None):
        """The EstimatorSpec."""
        raise NotImplementedError("Subclasses of Head must implement `create_estimator_spec()`: "
                                  f"{type(self).__name__} does not.")  # fmt: skip

    def _summary_key(self, key):
        return f"{key}/{self.name}" if self.name else key


def regularized(loss, regularization_losses):
    """The loss, and those of regularization if there are any."""
    return loss if regularization_losses is None else loss + add_n(regularization_losses)


def training(loss, optimizer, trainable_variables, train_op_fn, update_ops):
    """What trains, and `update_ops` beside it.

    ValueError for both or none of `optimizer`, one of Keras, and `train_op_fn`, an optimizer that
    has no variables, and for what is no list.
    """
    if update_ops is not None:
        _check_list("update_ops", update_ops)
    with name_scope(""), name_scope("training"):
        if optimizer is not None:
            if train_op_fn is not None:
                raise ValueError("train_op_fn and optimizer cannot both be set.")
            _check_optimizer(optimizer, trainable_variables)
            train_op = optimizer.get_updates(loss, trainable_variables)[0]
        elif train_op_fn is not None:
            train_op = train_op_fn(loss)
        else:
            raise ValueError("train_op_fn and optimizer cannot both be None.")
        return train_op if update_ops is None else group(train_op, *update_ops)


def _check_list(name, value):
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"{name} should be a list or a tuple. Given type: {type(value)}.")


def _check_optimizer(optimizer, trainable_variables):
    if not isinstance(optimizer, Optimizer):
        raise ValueError(
            "The given optimizer is not a tf.keras.optimizers.Optimizer instance. Given: "
            f"{optimizer}. For one of tf.train, give train_op_fn=lambda loss: "
            "optimizer.minimize(loss, global_step)."
        )
    if trainable_variables is None:
        raise ValueError("trainable_variables cannot be None. Give tf.trainable_variables(), or "
                         "those that the optimizer is to change.")  # fmt: skip
    _check_list("trainable_variables", trainable_variables)


def summarize(loss, regularization_losses, key=str):
    """Summaries of the losses, named by the function `key`."""
    with name_scope(""):
        scalar(key("loss"), loss)
        if regularization_losses is not None:
            scalar(key("regularization_loss"), add_n(regularization_losses))

"""tf.estimator.BaselineClassifier and its sisters: what does not look at the features."""
from minitf.core.graph import control_dependencies
from minitf.estimator.canned.head.classes import class_head
from minitf.estimator.canned.head.regression import RegressionHead
from minitf.estimator.canned.optimizers import get_optimizer_instance
from minitf.estimator.estimator import Estimator
from minitf.feature_column.numeric import NumericColumn
from minitf.losses.weighted import Reduction
from minitf.ops.array.basics import ones, shape
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.math.elementwise import mul
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.train.global_step import get_global_step

_LEARNING_RATE = 0.3


def _logits(features, outputs, weight_column):
    """The same numbers, a variable's, for each row of the features: [batch, outputs]."""
    key = weight_column.key if isinstance(weight_column, NumericColumn) else weight_column
    if key is not None and not isinstance(key, str):
        raise TypeError("Weight column must be either a string or _NumericColumn. Given type: "
                        f"{type(key)}.")  # fmt: skip
    sizes = [shape(feature)[0] for name, feature in features.items() if name != key]
    checks = [assert_equal(sizes[0], each) for each in sizes[1:]]
    with control_dependencies(checks), variable_scope("baseline"):
        bias = get_variable("bias", shape=[outputs], initializer=Zeros())
        return mul(bias, ones([sizes[0], outputs]))


def _model_fn(head, optimizer, weight_column=None):
    def model_fn(features, labels, mode, config):
        def train_op_fn(loss):
            made = get_optimizer_instance(optimizer, _LEARNING_RATE)
            return made.minimize(loss, global_step=get_global_step())

        logits = _logits(features, head.logits_dimension, weight_column)
        return head.create_estimator_spec(features, mode, logits, labels, train_op_fn=train_op_fn)

    return model_fn


class BaselineClassifier(Estimator):
    """Learns how frequent each class is."""

    def __init__(self, model_dir=None, n_classes=2, weight_column=None, label_vocabulary=None,
                 optimizer="Ftrl", config=None, loss_reduction=Reduction.SUM):
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(_model_fn(head, optimizer, weight_column), model_dir, config)


class BaselineEstimator(Estimator):
    """Learns what is best for a head."""

    def __init__(self, head, model_dir=None, optimizer="Ftrl", config=None):
        super().__init__(_model_fn(head, optimizer), model_dir, config)


class BaselineRegressor(Estimator):
    """Learns the mean."""

    def __init__(self, model_dir=None, label_dimension=1, weight_column=None, optimizer="Ftrl",
                 config=None, loss_reduction=Reduction.SUM):
        head = RegressionHead(weight_column, label_dimension, loss_reduction)
        super().__init__(_model_fn(head, optimizer, weight_column), model_dir, config)

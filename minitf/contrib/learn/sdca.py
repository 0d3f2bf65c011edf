"""Linear models of tf.contrib.learn by dual coordinate ascent, and `tf.contrib.learn.SVM`."""
from minitf.contrib import layers
from minitf.contrib.learn.estimator import Estimator
from minitf.contrib.learn.head import binary_svm_head
from minitf.contrib.learn.head_kinds import _BinaryLogisticHead, _BinarySvmHead, _RegressionHead
from minitf.contrib.learn.predicting import one
from minitf.contrib.linear_optimizer.sdca_optimizer import SDCAOptimizer
from minitf.core.dtypes import float32
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.static import constant_value
from minitf.estimator.canned.sdca import UpdateWeightsHook
from minitf.ops.array.basics import ones, shape
from minitf.ops.state.variable_scope import variable_scope
from minitf.train.global_step import get_global_step

_LOSSES = {_BinarySvmHead: "hinge_loss", _BinaryLogisticHead: "logistic_loss",
           _RegressionHead: "squared_loss"}  # fmt: skip
BIAS = "tf_virtual_bias_column"


def sdca_model_fn(features, labels, mode, params):
    """The ModelFnOps of a linear model that an SDCAOptimizer trains: ValueError for another."""
    head, columns, optimizer = params["head"], params["feature_columns"], params["optimizer"]
    hook = params.get("update_weights_hook")
    if not isinstance(optimizer, SDCAOptimizer):
        raise ValueError("Optimizer must be of type SDCAOptimizer")
    if type(head) not in _LOSSES:
        raise ValueError(f"Unsupported head type: {head}")
    assert head.logits_dimension == 1, "SDCA only applies for logits_dimension=1."
    features = dict(features)
    with variable_scope("linear", values=features.values(),
                        partitioner=optimizer.partitioner) as scope:  # fmt: skip
        features.update(layers.transform_features(features, columns))
        logits, variables, bias = layers.weighted_sum_from_feature_columns(
            features, columns, num_outputs=1, scope=scope
        )
        _add_bias(columns, features, bias, variables)

    def train_op_fn(loss):
        model, step = optimizer.get_train_step(
            variables, params["weight_column_name"], _LOSSES[type(head)], features, labels,
            get_global_step(),
        )  # fmt: skip
        if hook is not None:
            hook.set_parameters(model, step)
        return step

    made = head.create_model_fn_ops(features, mode, labels, train_op_fn, logits)
    if hook is None:
        return made
    return made._replace(training_chief_hooks=[*made.training_chief_hooks, hook])


def _add_bias(columns, features, bias, variables):
    """To the variables by column the bias, and to the features ones that it is the weight of."""
    if any(column.name == BIAS for column in columns):
        raise ValueError(f"{BIAS} is a reserved column name.")
    if not columns:
        raise ValueError("feature_columns can't be empty.")
    column = layers.real_valued_column(BIAS)
    features[column] = ones([_batch_size(features), 1], float32)
    variables[column] = [bias]


def _batch_size(features):
    for value in features.values():
        value = value[0] if isinstance(value, tuple) else value
        if not isinstance(value, SparseTensor):
            return shape(value)[0]
        sizes = constant_value(value.dense_shape)
        if sizes is not None:
            return sizes[0]
    raise ValueError("Could not infer batch size from input features.")


def sdca_params(head, columns, optimizer, weight_column_name):
    """What `sdca_model_fn` is told."""
    return {"head": head, "feature_columns": columns, "optimizer": optimizer,
            "weight_column_name": weight_column_name,
            "update_weights_hook": UpdateWeightsHook()}  # fmt: skip


class SVM(Estimator):
    """A support vector machine of two classes, linear in its columns.

    Examples have names, strings of the feature `example_id_column`. ValueError for `kernels`: see
    `tf.contrib.kernel_methods`.
    """

    def __init__(self, example_id_column, feature_columns, weight_column_name=None, model_dir=None,
                 l1_regularization=0.0, l2_regularization=0.0, num_loss_partitions=1, kernels=None,
                 config=None, feature_engineering_fn=None):
        if kernels is not None:
            raise ValueError("Kernel SVMs are not currently supported.")
        optimizer = SDCAOptimizer(
            example_id_column, num_loss_partitions, symmetric_l1_regularization=l1_regularization,
            symmetric_l2_regularization=l2_regularization,
        )  # fmt: skip
        head = binary_svm_head(weight_column_name=weight_column_name)
        params = sdca_params(head, feature_columns, optimizer, weight_column_name)
        super().__init__(sdca_model_fn, model_dir, config, params, feature_engineering_fn)

    def predict_classes(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        """The number of the class of each example."""
        return one(self.predict(x, input_fn, batch_size, ["classes"], as_iterable), "classes")

    def predict_proba(self, x=None, input_fn=None, batch_size=None, outputs=None,
                      as_iterable=True):
        """The probabilities of the classes: a head of this kind gives none, see `predict`."""
        key = "probabilities"
        return one(self.predict(x, input_fn, batch_size, [key], as_iterable), key)

"""What the heads of tf.contrib.learn share: logits in, a ModelFnOps out."""
import abc

from minitf import logging, metrics
from minitf.contrib.layers.dense import linear
from minitf.contrib.learn.estimator import ModeKeys, ModelFnOps
from minitf.contrib.learn.keys import MetricKey
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from minitf.nn.bias import bias_add
from minitf.ops.array.basics import identity, reshape, shape, zeros
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.reduce import reduce_mean
from minitf.ops.sparse.layout import sparse_reshape
from minitf.ops.state.variable_scope import variable_scope
from minitf.ops.state.variables import Variable
from minitf.summary.numeric import scalar
from minitf.train.adagrad import AdagradOptimizer


class Head(abc.ABC):
    """The end of a model: what it makes of logits, its loss, its metrics."""

    @property
    @abc.abstractmethod
    def logits_dimension(self):
        """How many logits it takes of each example."""

    @abc.abstractmethod
    def create_model_fn_ops(self, features, mode, labels=None, train_op_fn=None, logits=None,
                            logits_input=None, scope=None):
        """The ModelFnOps of `logits`, or of a linear layer of `logits_input`.

        `train_op_fn(loss)` makes a step. ValueError where one that is needed is missing, or both.
        """


class SingleHead(Head):
    """A head of one kind of label; a subclass says what is `_default_name`, `_loss_fn(labels,
    logits, weights)`, `_logits_to_predictions(logits)`, `_metrics(...)`."""

    _default_name: str
    _loss_fn = None

    def __init__(self, problem_type, logits_dimension, label_name=None, weight_column_name=None,
                 head_name=None, enable_centered_bias=False, thresholds=None):
        if problem_type is None:
            raise ValueError(f"Invalid problem_type {problem_type}.")
        if logits_dimension is None or logits_dimension < 1:
            raise ValueError(f"Invalid logits_dimension {logits_dimension}.")
        self._problem_type, self._logits_dimension = problem_type, logits_dimension
        self._label_name, self._weight_column_name = label_name, weight_column_name
        self._head_name, self._enable_centered_bias = head_name, enable_centered_bias
        self._thresholds = thresholds or (0.5,)

    logits_dimension = property(lambda self: self._logits_dimension)
    label_name = property(lambda self: self._label_name)
    weight_column_name = property(lambda self: self._weight_column_name)
    head_name = property(lambda self: self._head_name)

    def create_model_fn_ops(self, features, mode, labels=None, train_op_fn=None, logits=None,
                            logits_input=None, scope=None):
        values = (*features.values(), logits, logits_input)
        with variable_scope(scope, self.head_name or self._default_name, values=values):
            if mode == ModeKeys.INFER or labels is None:
                labels = None
            else:
                labels = self._transform_labels(self._labels_of(labels))
            logits = _logits(logits_input, logits, self.logits_dimension)
            return self._model_fn_ops(features, mode, labels, train_op_fn, logits)

    def _labels_of(self, labels):
        labels = labels[self._label_name] if isinstance(labels, dict) else labels
        return convert_to_tensor_or_sparse_tensor(labels)

    def _transform_labels(self, labels):
        if isinstance(labels, SparseTensor):
            raise ValueError("SparseTensor is not supported.")
        return labels

    def _model_fn_ops(self, features, mode, labels, train_op_fn, logits):
        check_mode(mode)
        bias = loss = train_op = found = None
        if self._enable_centered_bias:
            bias = self._centered_bias()
            logits = bias_add(logits, bias)
        predictions = self._logits_to_predictions(logits)
        if labels is not None:
            weights = _weights(features, self._weight_column_name)
            loss, average = self._loss_fn(labels, logits, weights)
            summarize_loss(self._key(MetricKey.LOSS), average)
            if mode == ModeKeys.TRAIN:
                train_op = self._train_op(loss, labels, train_op_fn, bias, logits, weights)
            found = {self._key(name): pair for name, pair in
                     self._all_metrics(average, predictions, labels, weights).items()}  # fmt: skip
        return ModelFnOps(mode, predictions, loss, train_op, found,
                          {self._head_name: self._output_alternative(predictions)})  # fmt: skip

    def _key(self, name):
        return f"{name}/{self._head_name}" if self._head_name else name

    def _all_metrics(self, average, predictions, labels, weights):
        with name_scope("metrics", values=[average, weights, *predictions.values()]):
            found = self._metrics(predictions, labels, weights)
            return {MetricKey.LOSS: metrics.mean(average), **found}

    def _output_alternative(self, predictions):
        """(the kind of problem, what is exported)."""
        return self._problem_type, predictions

    # -- training --------------------------------------------------------------------------------

    def _train_op(self, loss, labels, train_op_fn, bias, logits, weights):
        if train_op_fn is None:
            raise ValueError("train_op_fn can not be None in TRAIN mode")
        also = []
        if bias is not None:
            also.append(self._bias_step(bias, shape(logits)[0], labels, weights))
        with name_scope(None, "train_op", [loss]):
            train_op = train_op_fn(loss)
            return group(train_op, *also) if also else train_op

    def _centered_bias(self):
        bias = Variable(zeros([self.logits_dimension]), name="centered_bias_weight")
        for i in range(self.logits_dimension):
            scalar(self._key(f"centered_bias/bias_{i}"), bias[i])
        return bias

    def _bias_step(self, bias, batch_size, labels, weights):
        """A step of the bias alone towards the loss that it has without a model."""
        with name_scope(None, "centered_bias_step") as name:
            count = shape(bias)[0]
            logits = reshape(tile(bias, [batch_size]), [batch_size, count])
            with name_scope(None, "centered_bias"):
                loss, average = self._loss_fn(labels, logits, weights)
                loss = reduce_mean([loss, average], name="training_loss")
            return AdagradOptimizer(0.1).minimize(loss, var_list=[bias], name=name)


def check_mode(mode):
    """ValueError for a mode that is none."""
    if mode not in (ModeKeys.TRAIN, ModeKeys.INFER, ModeKeys.EVAL):
        raise ValueError(f"mode={mode} unrecognized.")


def summarize_loss(name, loss):
    """A summary of this name at the root."""
    with name_scope(""):
        scalar(name, identity(loss))


def _logits(logits_input, logits, logits_dimension):
    if logits is None:
        if logits_input is None:
            raise ValueError("Neither logits nor logits_input supplied.")
        return linear(logits_input, logits_dimension, scope="logits")
    if logits_input is not None:
        raise ValueError("Both logits and logits_input supplied.")
    logits = convert_to_tensor(logits, name="logits")
    if logits.shape.ndims is not None:
        logits.shape[-1].assert_is_compatible_with(logits_dimension)
    return logits


def _weights(features, name):
    """The weights of examples, as a column."""
    if not name:
        return None
    if name not in features:
        raise ValueError(f"Weights {name} missing from features.")
    with name_scope(None, "weight_tensor"):
        weights = cast(features[name], float32)
        if weights.get_shape().ndims != 1:
            return weights
        logging.warning("Weights %s has shape %s, expanding to make it 2d.", name,
                        weights.get_shape())  # fmt: skip
        column = sparse_reshape if isinstance(weights, SparseTensor) else reshape
        return column(weights, [-1, 1])

"""Losses of classifiers: `tf.nn.softmax_cross_entropy_with_logits` and its kin."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import float16, float32, int32, int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.op import op
from minitf.core.schema import Float, TypeAttr
from minitf.core.shape_rules import broadcast
from minitf.core.tensor_shape import is_static, merge, printed
from minitf.nn.activation import largest, log_softmax_op, relu, softmax_op
from minitf.nn.kernels.softmax_c import CROSS_ENTROPY, row_kernel, sparse_kernel
from minitf.nn.kernels.softmax_cuda import CROSS_ENTROPY_ENDING, SPARSE_ENDING, softmax_rows
from minitf.ops.array.basics import ones_like, rank, reshape, shape, stop_gradient, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.sequences import range as range_
from minitf.ops.array.slicing import slice_
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.math.elementwise import add_op, cast, exp, log, log1p, logical_and, select, sub
from minitf.ops.math.operators import abs
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.reduce import reduce_sum

Labels = TypeAttr("Tlabels", (int32, int64))

# NumPy reduces along the last axis row by row: with few classes it is faster down the columns of
# the transpose. Measured: 2.5 times at 10 classes, even at 100, half as fast at 1000 (batch 128).
NARROW = 32

# -- softmax cross-entropy, the ops ---------------------------------------------------------------


def _cross_entropy_shape(features, labels):
    together = broadcast(features, labels)
    if together is None:
        together = (None, None)
    if len(together) != 2:
        raise ValueError("logits must be a matrix [batch, classes], of rank 2, but is rank "
                         f"{len(together)}: {printed(together)}")  # fmt: skip
    return [together[:1], together]


def _log_probabilities(xp, features, axis):
    """(softmax, its logarithm) along an axis, in few passes."""
    shifted = xp.subtract(features, largest(features, axis))
    weights = xp.exp(shifted)
    sums = xp.add.reduce(weights, axis, keepdims=True)
    xp.true_divide(weights, sums, out=weights)
    return weights, xp.subtract(shifted, xp.log(sums), out=shifted)


@op("SoftmaxCrossEntropyWithLogits", shape=_cross_entropy_shape, broadcasts=True,
    cuda=softmax_rows(CROSS_ENTROPY_ENDING))  # fmt: skip
def softmax_cross_entropy_op(xp, features: Float, labels: Float) -> [Float, Float]:
    """(loss, backprop): the cross-entropy of each row, and its derivative by the logits."""
    narrow = features.shape[1] <= NARROW
    if narrow:
        features, labels, axis = features.T.copy(), labels.T.copy(), 0
    else:
        axis = 1
    probabilities, logs = _log_probabilities(xp, features, axis)
    loss = xp.add.reduce(xp.multiply(labels, logs), axis)
    backprop = xp.subtract(probabilities, labels)
    return [xp.negative(loss, out=loss), backprop.T.copy() if narrow else backprop]


@softmax_cross_entropy_op.trait
def native(inputs, outputs):
    features, labels = inputs
    same = features.shape == labels.shape
    return row_kernel(CROSS_ENTROPY, features.shape, features.dtype) if same else None


@softmax_cross_entropy_op.gradient
def _(outputs, dys, features, labels):
    dlogits = _logits_gradient(outputs[1], dys, features)
    dlabels = expand_dims(dys[0], -1) * -log_softmax_op(features)
    return dlogits, dlabels if _is_zeros(dys[1]) else dlabels - dys[1]


def _logits_gradient(backprop, dys, features):
    """`backprop` is the gradient of the loss already; its own is softmax's."""
    dloss, dbackprop = dys
    dlogits = expand_dims(dloss, -1) * backprop
    if _is_zeros(dbackprop):
        return dlogits
    y = softmax_op(features)
    return dlogits + (dbackprop - reduce_sum(dbackprop * y, 1, keepdims=True)) * y


def _is_zeros(tensor):
    """Whether it is a gradient that nothing has flowed into."""
    operation = tensor.op
    if tensor.graph.eager:
        return not np.any(tensor._value)
    if operation.type == "Fill":
        return _is_zeros(operation.inputs[1])
    return operation.type == "ZerosLike" or (
        operation.type == "Const" and not np.any(operation.attrs["value"])
    )


def _sparse_shape(features, labels):
    for name, sizes, axes in (("logits", features, 2), ("labels", labels, 1)):
        if sizes is not None and len(sizes) != axes:
            raise ValueError(f"{name} must be {axes}-D, but got shape {printed(sizes)}")
    rows = merge(None if features is None else features[:1], labels)
    if rows is False:
        raise ValueError(f"logits {printed(features)} and labels {printed(labels)} must have as "
                         "many rows")  # fmt: skip
    return [rows, features]


@op("SparseSoftmaxCrossEntropyWithLogits", shape=_sparse_shape, fails=True,
    cuda=softmax_rows(SPARSE_ENDING))  # fmt: skip
def sparse_softmax_cross_entropy_op(xp, features: Float, labels: Labels) -> [Float, Float]:
    """(loss, backprop) as above, for labels that are the numbers of the classes.

    A label that is no class is an error; on a GPU, as in TensorFlow, NaN in its row.
    """
    classes = features.shape[1]
    if labels.size and (xp.min(labels).item() < 0 or xp.max(labels).item() >= classes):
        wrong = labels[(labels < 0) | (labels >= classes)]
        raise ValueError(f"Received a label value of {wrong[0].item()} which is outside the valid "
                         f"range of [0, {classes}).")  # fmt: skip
    if classes <= NARROW:
        probabilities, logs = _log_probabilities(xp, features.T.copy(), 0)
        probabilities, logs = probabilities.T.copy(), logs.T
    else:
        probabilities, logs = _log_probabilities(xp, features, 1)
    places = xp.arange(len(labels)), labels
    loss = xp.negative(logs[places])
    probabilities[places] -= 1
    return [loss, probabilities]


@sparse_softmax_cross_entropy_op.trait
def native(inputs, outputs):  # noqa: F811  as that of the other one
    return sparse_kernel(*inputs)


@sparse_softmax_cross_entropy_op.gradient
def _(outputs, dys, features, labels):
    return _logits_gradient(outputs[1], dys, features), None


# -- softmax cross-entropy, TF1's functions -------------------------------------------------------


def _require_names(function, sentinel, labels, logits):
    if sentinel is not None:
        raise ValueError(f"Only call `{function}` with named arguments "
                         "(labels=..., logits=..., ...)")  # fmt: skip
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def softmax_cross_entropy_with_logits_v2(labels, logits, axis=None, name=None, dim=None):
    """The cross-entropy of `labels`, probabilities, and softmax(`logits`) along `axis` (the last).

    One loss for each row; float16 is computed as float32. Gradients flow into the labels too.
    """
    axis = renamed("dim", dim, "axis", axis)
    axis = -1 if axis is None else axis
    with name_scope(name, "softmax_cross_entropy_with_logits", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        precise = cast(logits, float32) if logits.dtype == float16 else logits
        labels, count = cast(labels, precise.dtype), rank(precise)
        if axis != -1:
            precise, labels = (_move_to_end(tensor, axis, count) for tensor in (precise, labels))
        sizes = shape(precise)
        cost, _ = softmax_cross_entropy_op(_as_rows(precise), _as_rows(labels), name=scope)
        cost = reshape(cost, slice_(sizes, [0], [sub(count, 1)]))
        if logits._shape is not None:
            left = list(logits._shape)
            del left[axis]
            cost.set_shape(left)
        return cast(cost, logits.dtype)


def _move_to_end(tensor, axis, count):
    return transpose(tensor, concat([range_(axis), range_(axis + 1, count), [axis]], 0))


def _as_rows(tensor):
    """All axes but the last made into one."""
    if tensor.graph.eager and len(tensor._shape) == 2:
        return tensor
    count = rank(tensor)
    last = slice_(shape(tensor), [sub(count, 1)], [1])
    result = reshape(tensor, concat([[-1], last], 0))
    if tensor._shape is not None and is_static(tensor._shape[:-1]):
        rows = int(np.prod(tensor._shape[:-1], dtype=np.int64))
        result.set_shape([rows, tensor._shape[-1]])
    return result


def softmax_cross_entropy_with_logits(
    _sentinel=None, labels=None, logits=None, dim=-1, name=None, axis=None
):
    """As `softmax_cross_entropy_with_logits_v2`, but labels are held constant by tf.gradients.

    Only named arguments are taken, because the order of the two is easily mistaken: ValueError.
    """
    dim = dim if axis is None else axis
    _require_names("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "softmax_cross_entropy_with_logits_sg", [logits, labels]) as scope:
        labels = stop_gradient(labels, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels, logits, axis=dim, name=scope)


def sparse_softmax_cross_entropy_with_logits(
    _sentinel=None, labels=None, logits=None, name=None
):
    """The cross-entropy of softmax(`logits`) and the classes numbered by `labels`.

    Logits [..., classes] and labels [...] give a loss for each label. Only named arguments are
    taken. ValueError for shapes that do not fit. A label outside raises InvalidArgumentError in the
    run; on a GPU its loss is NaN.
    """
    _require_names("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        labels, logits = convert_to_tensor(labels), convert_to_tensor(logits)
        precise = cast(logits, float32) if logits.dtype == float16 else logits
        sizes = shape(labels)
        _check_sparse(labels, logits)
        if logits._shape is not None and len(logits._shape) == 2:
            cost, _ = sparse_softmax_cross_entropy_op(precise, labels, name=name)
            return cast(cost, logits.dtype)
        with control_dependencies(_run_time_checks(labels, logits)):
            classes = shape(logits)[rank(logits) - 1]
            rows, flat = reshape(precise, [-1, classes]), reshape(labels, [-1])
            cost, _ = sparse_softmax_cross_entropy_op(rows, flat, name=name)
            cost = reshape(cost, sizes)
            cost.set_shape(labels._shape)
            return cast(cost, logits.dtype)


def _run_time_checks(labels, logits):
    """That there is a label for each row, where the shapes cannot tell beforehand."""
    known = logits._shape is not None and is_static(logits._shape[:-1])
    if known and is_static(labels._shape):
        return []
    return [assert_equal(shape(labels), shape(logits)[:-1])]


def _check_sparse(labels, logits):
    if logits._shape is None:
        return
    if not logits._shape:
        raise ValueError(f"Logits cannot be scalars - received shape {logits.shape}.")
    if labels._shape is None:
        return
    if len(labels._shape) != len(logits._shape) - 1:
        raise ValueError(
            f"Rank mismatch: Rank of labels (received {len(labels._shape)}) should equal rank of "
            f"logits minus 1 (received {len(logits._shape)}). Labels that are probabilities go to "
            "tf.nn.softmax_cross_entropy_with_logits."
        )
    if is_static(labels._shape) and is_static(logits._shape[:-1]) and (
        labels._shape != logits._shape[:-1]
    ):
        raise ValueError(
            f"Shape mismatch: The shape of labels (received {labels.shape}) should equal the shape "
            f"of logits except for the last dimension (received {logits.shape})."
        )


# -- logistic losses ------------------------------------------------------------------------------


def _same_shape(logits, labels, names="logits and labels"):
    if merge(labels._shape, logits._shape) is False:
        raise ValueError(f"{names} must have the same shape ({logits.shape} vs {labels.shape})")


def sigmoid_cross_entropy_with_logits(_sentinel=None, labels=None, logits=None, name=None):
    """The cross-entropy of `labels` and sigmoid(`logits`), element by element.

    Only named arguments are taken. ValueError when the shapes differ.
    """
    _require_names("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _same_shape(logits, labels)
        # max(x, 0) - x * z + log(1 + exp(-abs(x))): nothing in it overflows.
        zeros = zeros_like(logits, dtype=logits.dtype)
        positive = logits >= zeros
        rectified = select(positive, logits, zeros)
        minus_abs = select(positive, -logits, logits)
        return add_op(rectified - logits * labels, log1p(exp(minus_abs)), name=scope)


def weighted_cross_entropy_with_logits(
    labels=None, logits=None, pos_weight=None, name=None, targets=None
):
    """As `sigmoid_cross_entropy_with_logits`, with positive labels weighted by `pos_weight`."""
    labels = renamed("targets", targets, "labels", labels)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _same_shape(logits, labels)
        weight, of_negatives = 1 + (pos_weight - 1) * labels, (1 - labels) * logits
        softened = log1p(exp(-abs(logits))) + relu(-logits)
        return add_op(of_negatives, weight * softened, name=scope)


def log_poisson_loss(targets, log_input, compute_full_loss=False, name=None):
    """exp(log_input) - log_input * targets; the full loss adds Stirling's log(targets!)."""
    with name_scope(name, "log_poisson_loss", [log_input, targets]):
        log_input = convert_to_tensor(log_input, name="log_input")
        targets = convert_to_tensor(targets, name="targets")
        _same_shape(log_input, targets, "log_input and targets")
        result = exp(log_input) - log_input * targets
        if compute_full_loss:
            half, two_pi = (constant(number, targets.dtype) for number in (0.5, 2 * np.pi))
            stirling = targets * log(targets) - targets + half * log(two_pi * targets)
            zeros, ones = zeros_like(targets), ones_like(targets)
            small = logical_and(targets >= zeros, targets <= ones)
            result += select(small, zeros, stirling)
        return result

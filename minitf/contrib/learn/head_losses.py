"""The losses of heads: each gives (the mean, the mean for what the weights sum to)."""
from minitf import losses
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import control_dependencies, name_scope
from minitf.nn import loss as nn
from minitf.ops.array.basics import rank, reshape
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import cast, less_equal, mul, squared_difference
from minitf.ops.math.operators import div
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum
from minitf.ops.reduction.weights import broadcast_weights


def mean_squared(labels, logits, weights=None):
    with name_scope(None, "mean_squared_loss", (logits, labels)) as name:
        logits, labels = _two_columns(logits, labels)
        each = squared_difference(logits, cast(labels, float32), name=name)
        return _weighted(each, weights)


def poisson(labels, logits, weights=None):
    with name_scope(None, "_poisson_loss", (logits, labels)) as name:
        logits, labels = _two_columns(logits, labels)
        each = nn.log_poisson_loss(labels, logits, compute_full_loss=True, name=name)
        return _weighted(each, weights)


def _two_columns(logits, labels):
    logits, labels = (_column(convert_to_tensor(each)) for each in (logits, labels))
    logits.shape.assert_is_compatible_with(labels.shape)
    return logits, labels


def _column(values):
    return expand_dims(values, 1) if len(values.shape) == 1 else values


def log_loss_with_two_classes(labels, logits, weights=None):
    with name_scope(None, "log_loss_with_two_classes", (logits, labels)) as name:
        labels = _column(cast(labels, float32))
        each = nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name=name)
        return _weighted(each, weights)


def softmax_cross_entropy(labels, logits, weights=None):
    with name_scope(None, "softmax_cross_entropy_loss", (logits, labels)) as name:
        labels = convert_to_tensor(labels)
        if not labels.dtype.is_integer:
            raise ValueError(f"Labels dtype should be integer Instead got {labels.dtype}.")
        is_column = len(labels.shape) == 2
        labels = squeeze(labels, [1]) if is_column else labels
        each = nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name=name)
        return _weighted(expand_dims(each, 1) if is_column else each, weights)


def sigmoid_cross_entropy(labels, logits, weights=None):
    with name_scope(None, "sigmoid_cross_entropy_loss", (logits, labels)) as name:
        each = nn.sigmoid_cross_entropy_with_logits(labels=cast(labels, float32), logits=logits,
                                                    name=name)  # fmt: skip
        return _weighted(each, weights)


def hinge(labels, logits, weights=None):
    with name_scope(None, "hinge_loss", (logits, labels)) as name:
        said = ["labels shape should be either [batch_size, 1] or [batch_size]"]
        with control_dependencies([Assert(less_equal(rank(labels), 2), said)]):
            labels = reshape(labels, [-1, 1])
        each = losses.hinge_loss(labels=labels, logits=logits, scope=name,
                                 reduction=losses.Reduction.NONE)  # fmt: skip
        return _weighted(each, weights)


def of_ones_own(loss_fn):
    """A loss function that a program gives, which weighs by itself. ValueError for one without the
    parameters labels, logits and weights."""
    names = _parameters(loss_fn)
    for name in ("labels", "logits", "weights"):
        if name not in names:
            raise ValueError(f"Argument {name} not found in loss_fn.")

    def loss(labels, logits, weights=None):
        given = (labels, logits) if weights is None else (labels, logits, weights)
        found = loss_fn(*given)
        return found, found

    return loss


def _parameters(function):
    if hasattr(function, "func"):  # a partial one
        return _parameters(function.func)
    code = getattr(function, "__code__", None) or function.__call__.__code__
    return code.co_varnames[: code.co_argcount]


def _weighted(each, weights):
    with name_scope("loss", values=(each, weights)) as scope:
        if weights is None:
            mean = reduce_mean(each, name=scope)
            return mean, mean
        weights = broadcast_weights(weights, each)
        with name_scope(None, "weighted_loss", (each, weights)) as name:
            weighted = mul(each, weights, name=name)
        mean = reduce_mean(weighted, name=scope)
        total = cast(reduce_sum(weights), float32)
        return mean, div(reduce_sum(weighted), total, name="weighted_average_loss")

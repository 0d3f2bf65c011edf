"""What a head asks of logits, labels and weights before it makes a loss of them."""
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from minitf.estimator.functions import fn_args
from minitf.feature_column.former import _LazyBuilder
from minitf.feature_column.numeric import NumericColumn, numeric_column
from minitf.losses.weighted import Reduction
from minitf.ops.array.basics import identity, shape
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import assert_equal, assert_less_equal, assert_non_negative
from minitf.ops.control_flow.check_static import assert_rank_at_least
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import cast, equal
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_all, reduce_any

NO_LABELS = (
    "You must provide a labels Tensor. Given: None. Suggested troubleshooting steps: Check that "
    "your data contain your label feature. Check that your input_fn properly parses and returns "
    "labels."
)


def check_reduction(loss_reduction, reductions=Reduction):
    """ValueError for one that is none, or that does not reduce."""
    if loss_reduction not in reductions.all() or loss_reduction == reductions.NONE:
        raise ValueError(f"Invalid loss_reduction: {loss_reduction}. Valid are all of "
                         f"{reductions.all()} but {reductions.NONE!r}.")  # fmt: skip


def check_loss_fn(loss_fn, optional=("features",)):
    """ValueError for a function of other arguments than labels, logits and the optional ones."""
    if loss_fn is None:
        return
    args = fn_args(loss_fn)
    for name in ("labels", "logits"):
        if name not in args:
            raise ValueError(f"loss_fn must contain argument: {name}. Given arguments: {args}")
    odd = list(set(args) - {"labels", "logits", *optional})
    if odd:
        raise ValueError(f"loss_fn has unexpected args: {odd}")


def checked_logits(logits, dimension):
    """The logits as float32. ValueError unless their last axis is `dimension`; in the run
    InvalidArgumentError, where that is not known before."""
    wanted = "logits shape must be [D0, D1, ... DN, logits_dimension]"
    with name_scope(None, "logits", (logits,)) as scope:
        logits = cast(logits, float32)
        sizes = shape(logits)
        with control_dependencies([assert_rank_at_least(logits, 2, [sizes], message=wanted)]):
            static = logits.shape
            if static.ndims is None or static[-1].value is None:
                check = assert_equal(dimension, sizes[-1], data=[sizes], message=wanted)
                with control_dependencies([check]):
                    return identity(logits, name=scope)
            if static[-1].value != dimension:
                raise ValueError(f"{wanted}, got {static}.")
            return logits


def checked_labels(labels, logits, dimension):
    """The labels [..., dimension], with that axis if they lack it. ValueError for other labels, or
    none; in the run InvalidArgumentError where their shape is not known before."""
    if labels is None:
        raise ValueError(NO_LABELS)
    with name_scope(None, "labels", (labels, logits)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            raise ValueError(
                "SparseTensor labels are not supported. labels must be a Tensor of shape "
                f"[D0, D1, ..., DN, {dimension}], e.g. [batch_size, {dimension}]. Suggested Fix: "
                "in your input_fn, use tf.sparse_tensor_to_dense() to turn labels into a Tensor."
            )
        if _lacks_last_axis(labels, logits):
            labels = expand_dims(labels, -1)
        sizes, logit_sizes = shape(labels), shape(logits)
        wanted = (f"labels shape must be [D0, D1, ... DN, {dimension}]. Suggested Fix: check your "
                  "n_classes argument to the estimator and/or the shape of your label.")
        with control_dependencies([assert_rank_at_least(labels, 2, message=wanted)]):
            _check_static_labels(labels, dimension)
            expected = concat([logit_sizes[:-1], [dimension]], axis=0)
            data = ["expected_labels_shape: ", expected, "labels_shape: ", sizes]
            with control_dependencies([assert_equal(expected, sizes, data, message=wanted)]):
                return identity(labels, name=scope)


def _lacks_last_axis(tensor, logits):
    ndims = tensor.shape.ndims, logits.shape.ndims
    return None not in ndims and ndims[0] == ndims[1] - 1


def _check_static_labels(labels, dimension):
    last = None if labels.shape.ndims is None else labels.shape[-1].value
    if last is not None and last != dimension:
        raise ValueError(
            f"Mismatched label shape. Expected labels dimension={dimension}.  Received {last}. "
            "Suggested Fix:If your classifier expects one-hot encoding label,check your n_classes "
            "argument to the estimator and/or the shape of your label. Otherwise, check the shape "
            "of your label."
        )


def in_range(labels, n_classes, message=None):
    """The labels. In the run, InvalidArgumentError unless all are from 0 to n_classes - 1."""
    with name_scope(None, "assert_range", (labels,)):
        most = convert_to_tensor(n_classes - 1, dtype=labels.dtype)
        checks = (
            assert_less_equal(labels, most, message=message or "Labels must <= n_classes - 1"),
            assert_non_negative(labels, message=message or "Labels must >= 0"),
        )
        with control_dependencies(checks):
            return identity(labels)


def example_weights(features, weight_column, logits, per_logit=False):
    """The weights [..., 1] that a column has in the features; 1.0 without a column.

    With `per_logit` they may be those of logits, too. TypeError for what is no column, ValueError
    for weights that are no numbers; in the run InvalidArgumentError for other shapes.
    """
    wanted = "weights shape must be [D0, D1, ... DN]"
    wanted += ", [D0, D1, ... DN, 1] or [D0, D1, ... DN, logits_dimension]" if per_logit else (
        " or [D0, D1, ... DN, 1]")  # fmt: skip
    with name_scope(None, "weights", (*features.values(), logits)) as scope:
        if weight_column is None:
            return 1.0
        weights = cast(_column_weights(features, weight_column), float32, name="weights")
        sizes = shape(weights, name="weights_shape")
        logit_sizes = shape(logits, name="logits_shape")
        data = ["logits_shape: ", logit_sizes, "weights_shape: ", sizes]
        if _lacks_last_axis(weights, logits):
            check = assert_equal(logit_sizes[:-1], sizes, data, message=wanted)
            with control_dependencies([check]):
                return expand_dims(weights, -1, name=scope)
        one = concat([logit_sizes[:-1], [1]], axis=0)
        if per_logit:
            fits = reduce_any([reduce_all(equal(logit_sizes, sizes)),
                               reduce_all(equal(one, sizes))])  # fmt: skip
            check = Assert(fits, [wanted, *data])
        else:
            check = assert_equal(one, sizes, data, message=wanted)
        with control_dependencies([check]):
            return identity(weights, name=scope)


def _column_weights(features, column):
    if isinstance(column, str):
        column = numeric_column(column, shape=(1,))
    if not isinstance(column, NumericColumn):
        raise TypeError("Weight column must be either a string or _NumericColumn. Given type: "
                        f"{type(column)}.")  # fmt: skip
    weights = column._get_dense_tensor(_LazyBuilder(features))
    if not (weights.dtype.is_floating or weights.dtype.is_integer):
        raise ValueError(f"Weight column should be castable to float. Given dtype: {weights.dtype}")
    return weights


def called_loss(loss_fn, labels, logits, features, dimension=1):
    """What the user's function gives; in the run InvalidArgumentError unless [..., dimension]."""
    more = {"features": features} if "features" in fn_args(loss_fn) else {}
    with name_scope(None, "call_loss_fn", [labels, logits, *features.values()]):
        loss = loss_fn(labels=labels, logits=logits, **more)
        logit_sizes = shape(logits, name="logits_shape")
        wanted = concat([logit_sizes[:-1], [dimension]], axis=0, name="expected_loss_shape")
        sizes = shape(loss, name="loss_shape")
        told = constant(f"loss_fn must return Tensor of shape [D0, D1, ... DN, {dimension}]. ")
        check = Assert(reduce_all(equal(sizes, wanted)), [
            told, "logits_shape: ", logit_sizes, "loss_shape: ", sizes], name="check_loss_shape",
        )  # fmt: skip
        with control_dependencies([check]):
            return identity(loss)

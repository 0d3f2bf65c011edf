"""What a run is given: `tf.placeholder`, `tf.placeholder_with_default`."""
from minitf.core.dtypes import as_dtype
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr
from minitf.core.tensor_shape import as_shape, merge, printed


@op("Placeholder", shape=lambda *, dtype, shape: shape, grad=NOT_DIFFERENTIABLE, placeholder=True)
def placeholder_op(xp, *, dtype, shape) -> Attr("dtype"):
    """A value that each run is given."""


def placeholder(dtype, shape=None, name=None):
    """A tensor whose value `feed_dict` gives in each run.

    Sizes that may differ between runs are None in `shape`; without a shape anything may be fed.
    """
    return placeholder_op(dtype=as_dtype(dtype).base_dtype, shape=as_shape(shape), name=name)


def _default_shape(input, *, shape):
    if merge(input, shape) is False:
        raise ValueError(
            f"the default has shape {printed(input)}, which does not fit {printed(shape)}"
        )
    return shape


Value = TypeAttr("dtype")


@op("PlaceholderWithDefault", shape=_default_shape, alias=True, value=lambda *_, **__: None)
def placeholder_with_default_op(xp, input: Value, *, shape) -> Value:
    """The value fed, else `input`."""
    return input


placeholder_with_default_op.gradient(lambda y, dy, input, *, shape: (dy,))


def placeholder_with_default(input, shape, name=None):
    """A tensor with the value of `input` in every run that does not feed another one.

    `shape` says what may be fed. ValueError when `input` is not of that shape.
    """
    return placeholder_with_default_op(input, shape=as_shape(shape), name=name)

"""`tf.contrib.nn.nth_element`: the n-th smallest of each row."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.literals import element, integer
from minitf.core.op import op
from minitf.core.schema import Real, TypeAttr
from minitf.core.tensor_shape import printed
from minitf.ops.math.elementwise import cast, equal
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_sum

Place = TypeAttr("_", (int32,), static=True)


def _row_shape(input, n, *, reverse):
    if input is None:
        return None
    if not input:
        raise ValueError("Shape must be at least rank 1 but is rank 0: Input must be >= 1-D")
    place = element(n)
    if place is not None and place < 0:
        raise ValueError(f"n must be non-negative but is {place}")
    if None not in (place, input[-1]) and place >= input[-1]:
        raise ValueError(f"Input must have last dimension > n = {place}, got {printed(input)}")
    return input[:-1]


@op("NthElement", shape=_row_shape)
def nth_element_op(xp, input: Real, n: Place, *, reverse=False):
    """The n-th smallest element of each row, the smallest for 0; the n-th greatest if `reverse`."""
    _row_shape(input.shape, n, reverse=reverse)
    place = input.shape[-1] - 1 - integer(n) if reverse else integer(n)
    return xp.array(xp.partition(input, place, axis=-1)[..., place])


@nth_element_op.gradient
def _(y, dy, input, n, *, reverse):
    found = cast(equal(expand_dims(y, -1), input), dy.dtype)
    return found / reduce_sum(found, -1, keepdims=True) * expand_dims(dy, -1), None


def nth_element(input, n, reverse=False, name=None):
    """The `n`-th smallest element (the smallest for 0) of each row along the last axis of `input`;
    the n-th greatest if `reverse`.

    Elements equal to it share its gradient. ValueError where rows have not so many.
    """
    return nth_element_op(convert_to_tensor(input), n, reverse=reverse, name=name)

"""The gradient of `tf.reduce_prod` along axes that are known in the run."""
from minitf.ops.array.basics import reshape, shape, size
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.sequences import invert_permutation
from minitf.ops.math.elementwise import conj, floor_div, maximum
from minitf.ops.reduction.axes import split_axes, transpose_op
from minitf.ops.reduction.scan import cumprod_op


def product_gradient(dy, x, axis):
    """As a matrix, whose rows were multiplied: the product of the others is taken from both sides,
    so that a zero among the factors does no harm."""
    along, others = split_axes(x, axis)
    order = concat([others, along], 0)
    turned = conj(transpose_op(x, order))
    count = size(dy)
    rows = reshape(turned, stack([count, floor_div(size(x), maximum(count, 1))]))
    rest = cumprod_op(rows, 1, exclusive=True, reverse=False)
    rest = rest * cumprod_op(rows, 1, exclusive=True, reverse=True)
    rest = reshape(rest * reshape(dy, stack([count, 1])), shape(turned))
    return transpose_op(rest, invert_permutation(order))

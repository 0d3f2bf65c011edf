"""The nearest points of simplices."""
from minitf.core.constant import constant
from minitf.ops.array.basics import ones_like
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import cast, greater, less, logical_and, not_equal
from minitf.ops.reduction.reduce import reduce_any


def euclidean(x, steps, change):
    """`x` after `change(x, positive)` was added to its positive elements, and those that became
    negative set to 0, again until none does, at most `steps` times."""

    def step(i, x, positive, _):
        x = x + change(x, positive) * positive
        still = cast(greater(x, 0), x.dtype)
        return i + 1, x * still, still, positive

    def goes_on(i, x, positive, before):
        return logical_and(less(i, steps), reduce_any(not_equal(positive, before)))

    positive = ones_like(x, x.dtype.base_dtype)
    first = step(constant(0), x, positive, positive)
    return while_loop(goes_on, step, first, name="euclidean_projection")[1]

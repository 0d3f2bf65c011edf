"""`tf.math.polyval`, and whether numbers rise: `tf.is_non_decreasing`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.ops.array.basics import reshape, zeros_like
from minitf.ops.math.elementwise import less, less_equal
from minitf.ops.reduction.reduce import reduce_all


def polyval(coeffs, x, name=None):
    """coeffs[0] * x**(n - 1) + ... + coeffs[n - 1], by Horner's rule; 0 without coefficients.

    `coeffs` is a list of tensors, or numbers. ValueError for anything but a list.
    """
    if not isinstance(coeffs, (list, tuple)):
        raise ValueError(f"Argument coeffs must be list type, found {type(coeffs)}.")
    with name_scope(name, "polyval", [*coeffs, x]) as scope:
        x = convert_to_tensor(x, name="x")
        if not coeffs:
            return zeros_like(x, name=scope)
        value, *others = (
            convert_to_tensor(each, name=f"coeff_{i}") for i, each in enumerate(coeffs)
        )
        for coefficient in others:
            value = coefficient + value * x
        return value


def _differences(x):
    """Of each element from the one before; those of one element are none."""
    x = reshape(convert_to_tensor(x, name="x"), [-1])
    return x[1:] - x[:-1]


def is_non_decreasing(x, name=None):
    """Whether no element of `x`, in row-major order, is smaller than the one before."""
    with name_scope(name, "is_non_decreasing", [x]):
        steps = _differences(x)
        return reduce_all(less_equal(convert_to_tensor(0, dtype=steps.dtype), steps))


def is_strictly_increasing(x, name=None):
    """Whether each element of `x`, in row-major order, is greater than the one before."""
    with name_scope(name, "is_strictly_increasing", [x]):
        steps = _differences(x)
        return reduce_all(less(convert_to_tensor(0, dtype=steps.dtype), steps))

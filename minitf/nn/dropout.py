"""`tf.nn.dropout`."""
import numbers

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape, as_shape
from minitf.ops.array.basics import shape
from minitf.ops.math.elementwise import cast
from minitf.ops.random.draws import random_uniform


def dropout(x, keep_prob=None, noise_shape=None, seed=None, name=None, rate=None):
    """`x` with elements set to 0 with probability `rate`, the others scaled by 1 / (1 - rate).

    `keep_prob` is the older way to say 1 - rate; one of them is required. Where `noise_shape` has
    a 1, elements along that axis are kept or dropped together. ValueError for a rate outside
    [0, 1) and for integers.
    """
    try:
        dropped = None if keep_prob is None else 1.0 - keep_prob
    except TypeError:
        raise ValueError(
            f"keep_prob must be a floating point number or Tensor (got {keep_prob!r})"
        ) from None
    rate = renamed("keep_prob", dropped, "rate", rate)
    if rate is None:
        raise ValueError("You must provide a rate to dropout.")
    with name_scope(name, "dropout", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_floating:
            raise ValueError("x has to be a floating point tensor since it's going to be scaled. "
                             f"Got a {x.dtype} tensor instead.")  # fmt: skip
        return x if _is_zero(rate) else _dropped(x, rate, noise_shape, seed)


def _is_zero(rate):
    if isinstance(rate, numbers.Real) and not 0 <= rate < 1:
        raise ValueError("rate must be a scalar tensor or a float in the range [0, 1), got "
                         f"{rate:g} (rate = 1 - keep_prob)")  # fmt: skip
    return isinstance(rate, numbers.Real) and rate == 0


def _dropped(x, rate, noise_shape, seed):
    rate = convert_to_tensor(rate, dtype=x.dtype, name="rate")
    rate.shape.assert_has_rank(0)
    if constant_value(rate) == 0:
        return x
    drawn = random_uniform(_noise_shape(x, noise_shape), seed=seed, dtype=x.dtype)
    scale = 1 / (1 - rate)
    kept = drawn >= rate
    result = x * scale * cast(kept, x.dtype)
    result.set_shape(x._shape)
    return result


def _noise_shape(x, noise_shape):
    """The shape to draw; unknown sizes are those of x."""
    if noise_shape is None:
        return shape(x)
    try:
        sizes = as_shape(noise_shape)
    except (TypeError, ValueError):
        return noise_shape
    if x._shape is not None and sizes is not None and len(sizes) == len(x._shape):
        return TensorShape([n if m is None else m for m, n in zip(sizes, x._shape)])
    return noise_shape

"""Numbers rounded as if they were kept in few bits: `tf.fake_quant_with_min_max_vars`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.op import op
from minitf.core.schema import Float, T
from minitf.core.tensor_shape import merge, printed

# -- the grid -------------------------------------------------------------------------------------


def _nudged(xp, low, high, num_bits, narrow_range):
    """(least, greatest, step) of the grid nearest to [low, high] that has zero on it."""
    first, last = np.float32(narrow_range), np.float32(2**num_bits - 1)
    step = (high - low) / (last - first)
    # Where low and high are equal there is no grid; the callers know.
    zero = first - low / xp.where(step == 0, np.float32(1), step)
    zero = xp.where(zero < first, first, xp.where(zero > last, last, xp.floor(zero + 0.5)))
    zero = zero.astype(np.float32)
    return (first - zero) * step, (last - zero) * step, step


def _rounded(xp, x, low, high, num_bits, narrow_range):
    least, greatest, step = _nudged(xp, low, high, num_bits, narrow_range)
    shifted = xp.maximum(xp.minimum(x, greatest), least) - least
    # As TensorFlow: multiplied by the inverse, which decides on halves.
    inverse = np.float32(1) / xp.where(step == 0, np.float32(1), step)
    found = xp.floor(shifted * inverse + np.float32(0.5)) * step + least
    return found.astype(np.float32)


def _inside(xp, x, low, high, num_bits, narrow_range):
    """(whether each is inside, below, above the grid)."""
    least, greatest, _ = _nudged(xp, low, high, num_bits, narrow_range)
    empty = (low == 0) & (high == 0)
    below, above = (x < least) & ~empty, (x > greatest) & ~empty
    return ~(below | above), below, above


def _grid(low, high, num_bits, narrow_range):
    """`_nudged` as text, of the limits' names."""
    first, last = f"{int(narrow_range)}.0", f"{2**num_bits - 1}.0"
    step = f"(({high} - {low}) / ({last} - {first}))"
    zero = f"({first} - {low} / where({step} == 0.0, 1.0, {step}))"
    inner = f"where({zero} > {last}, {last}, floor({zero} + 0.5))"
    zero = f"where({zero} < {first}, {first}, {inner})"
    return f"(({first} - {zero}) * {step})", f"(({last} - {zero}) * {step})", step


def _numbers(low, high, num_bits, narrow_range):
    """`_nudged` as text, of limits that are known."""
    nudged = _nudged(np, np.float32(low), np.float32(high), num_bits, narrow_range)
    return [f"({float(number)!r})" for number in nudged]


def _text(least, greatest, step):
    """`_rounded` as text."""
    inside = f"where(x0 < {least}, {least}, where(x0 > {greatest}, {greatest}, x0))"
    inverse = f"(1.0 / where({step} == 0.0, 1.0, {step}))"
    return f"floor(({inside} - {least}) * {inverse} + 0.5) * {step} + {least}"


def _scalar_of_args(_, *, min, max, num_bits, narrow_range):
    return _text(*_numbers(min, max, num_bits, narrow_range))


def _scalar_of_args_gradient(_, *, min, max, num_bits, narrow_range):
    least, greatest, _ = _numbers(min, max, num_bits, narrow_range)
    return f"x0 * where((x1 < {least}) | (x1 > {greatest}), 0.0, 1.0)"


def _scalar_of_vars(_, *, num_bits, narrow_range):
    return _text(*_grid("x1", "x2", num_bits, narrow_range))


def _check_bits(num_bits):
    if not 2 <= num_bits <= 16:
        raise ValueError(f"num_bits must be between 2 and 16, inclusive, got {num_bits}")


# -- limits given as numbers ----------------------------------------------------------------------


def _args_shape(*shapes, min, max, num_bits, narrow_range):
    _check_bits(num_bits)
    if not min < max:
        raise ValueError(f"min has to be smaller than max, was: {min} >= {max}")
    merged = merge(shapes[0], shapes[-1])
    if merged is False:
        raise ValueError(f"gradient and input must be the same size: {printed(shapes[0])} and "
                         f"{printed(shapes[-1])}")  # fmt: skip
    return merged


@op("FakeQuantWithMinMaxArgs", shape=_args_shape, scalar=_scalar_of_args)
def fake_quant_args_op(xp, inputs: float32, *, min, max, num_bits, narrow_range) -> float32:
    """inputs, each the nearest on a grid of 2**num_bits numbers from min to max."""
    limits = xp.asarray(np.float32(min)), xp.asarray(np.float32(max))
    return _rounded(xp, inputs, *limits, num_bits, narrow_range)


@op("FakeQuantWithMinMaxArgsGradient", shape=_args_shape, scalar=_scalar_of_args_gradient)
def fake_quant_args_gradient_op(
    xp, gradients: float32, inputs: float32, *, min, max, num_bits, narrow_range
) -> float32:
    """The gradients of those inputs that are on the grid, else 0."""
    limits = xp.asarray(np.float32(min)), xp.asarray(np.float32(max))
    return gradients * _inside(xp, inputs, *limits, num_bits, narrow_range)[0]


@fake_quant_args_op.gradient
def _(y, dy, inputs, **attrs):
    return (fake_quant_args_gradient_op(dy, inputs, **attrs),)


def fake_quant_with_min_max_args(
    inputs, min=-6, max=6, num_bits=8, narrow_range=False, name=None
):
    """`inputs` (float32) rounded to the `2**num_bits` numbers that divide [`min`, `max`] evenly.

    The limits are moved so that zero is one of the numbers. The gradient passes where the input is
    between them. ValueError unless `min` < `max` and 2 <= `num_bits` <= 16.
    """
    return fake_quant_args_op(inputs, min=float(min), max=float(max), num_bits=num_bits,
                              narrow_range=narrow_range, name=name)  # fmt: skip


def fake_quant_with_min_max_args_gradient(
    gradients, inputs, min=-6, max=6, num_bits=8, narrow_range=False, name=None
):
    """`gradients` where `inputs` are between the limits of `fake_quant_with_min_max_args`."""
    return fake_quant_args_gradient_op(gradients, inputs, min=float(min), max=float(max),
                                       num_bits=num_bits, narrow_range=narrow_range,
                                       name=name)  # fmt: skip


# -- limits that are tensors ----------------------------------------------------------------------


def _vars_shape(*shapes, num_bits, narrow_range):
    _check_bits(num_bits)
    for limit in shapes[-2:]:
        if limit not in (None, ()):
            raise ValueError(f"Shape must be rank 0 but is rank {len(limit)}: {printed(limit)}")
    return merge(shapes[0], shapes[-3]) or shapes[0]


def _channels_shape(*shapes, num_bits, narrow_range):
    _check_bits(num_bits)
    *inputs, low, high = shapes
    channels = merge(low, high)
    last = None if inputs[0] is None else inputs[0][-1:]
    if channels is False or (channels and len(channels) != 1) or merge(last, channels) is False:
        raise ValueError(f"min {printed(low)} and max {printed(high)} must have a number for each "
                         f"channel of {printed(inputs[0])}")  # fmt: skip
    return inputs[0]


@op("FakeQuantWithMinMaxVars", shape=_vars_shape, scalar=_scalar_of_vars)
def fake_quant_vars_op(
    xp, inputs: float32, min: float32, max: float32, *, num_bits, narrow_range
) -> float32:
    """inputs, each the nearest on a grid of 2**num_bits numbers from min to max."""
    return _rounded(xp, inputs, min, max, num_bits, narrow_range)


@op("FakeQuantWithMinMaxVarsPerChannel", shape=_channels_shape, scalar=_scalar_of_vars)
def fake_quant_channels_op(
    xp, inputs: float32, min: float32, max: float32, *, num_bits, narrow_range
) -> float32:
    """As FakeQuantWithMinMaxVars, with limits for each place along the last axis."""
    return _rounded(xp, inputs, min, max, num_bits, narrow_range)


def _flowing(xp, gradients, inputs, low, high, num_bits, narrow_range, axes):
    inside, below, above = _inside(xp, inputs, low, high, num_bits, narrow_range)
    parts = [xp.sum(gradients * where, axes, dtype=np.float32) for where in (below, above)]
    return [gradients * inside, *parts]


@op("FakeQuantWithMinMaxVarsGradient",
    shape=lambda dy, *rest, **attrs: [_vars_shape(dy, *rest, **attrs), (), ()])  # fmt: skip
def fake_quant_vars_gradient_op(
    xp, gradients: float32, inputs: float32, min: float32, max: float32, *,
    num_bits, narrow_range,
) -> [float32, float32, float32]:  # fmt: skip
    """The gradients of the inputs on the grid, and the sums of those below and above."""
    return _flowing(xp, gradients, inputs, min, max, num_bits, narrow_range, None)


def _channels_shapes(dy, inputs, low, high, **attrs):
    return [_channels_shape(dy, low, high, **attrs), low or (None,), high or (None,)]


@op("FakeQuantWithMinMaxVarsPerChannelGradient", shape=_channels_shapes)
def fake_quant_channels_gradient_op(
    xp, gradients: float32, inputs: float32, min: float32, max: float32, *,
    num_bits, narrow_range,
) -> [float32, float32, float32]:  # fmt: skip
    """The gradients of the inputs on the grid, and the sums of those below and above."""
    axes = tuple(range(inputs.ndim - 1))
    return _flowing(xp, gradients, inputs, min, max, num_bits, narrow_range, axes)


@fake_quant_vars_op.gradient
def _(y, dy, inputs, min, max, **attrs):
    return fake_quant_vars_gradient_op(dy, inputs, min, max, **attrs)


@fake_quant_channels_op.gradient
def _(y, dy, inputs, min, max, **attrs):
    return fake_quant_channels_gradient_op(dy, inputs, min, max, **attrs)


_LIMITS = """

    `inputs` (float32) become the nearest of `2**num_bits` numbers (one less when `narrow_range`)
    that divide [`min`, `max`] evenly; the limits are moved so that zero is one of them. ValueError
    unless 2 <= `num_bits` <= 16.
    """
_FLOWS = """

    Returns the gradients of the inputs, of `min` and of `max`: inputs that are outside give theirs
    to the limit that they passed.
    """


def _rounding(operation, name, doc):
    def function(inputs, min, max, num_bits=8, narrow_range=False, name=None):
        return operation(inputs, min, max, num_bits=num_bits, narrow_range=narrow_range, name=name)

    function.__name__, function.__doc__ = name, doc + _LIMITS
    return function


def _backward(operation, name, doc):
    def function(gradients, inputs, min, max, num_bits=8, narrow_range=False, name=None):
        return operation(gradients, inputs, min, max, num_bits=num_bits,
                         narrow_range=narrow_range, name=name)  # fmt: skip

    function.__name__, function.__doc__ = name, doc + _FLOWS
    return function


fake_quant_with_min_max_vars = _rounding(
    fake_quant_vars_op, "fake_quant_with_min_max_vars",
    "Round to a grid between two scalar tensors.",
)  # fmt: skip
fake_quant_with_min_max_vars_per_channel = _rounding(
    fake_quant_channels_op, "fake_quant_with_min_max_vars_per_channel",
    "Round to a grid between limits that each place along the last axis has.",
)  # fmt: skip
fake_quant_with_min_max_vars_gradient = _backward(
    fake_quant_vars_gradient_op, "fake_quant_with_min_max_vars_gradient",
    "Gradients of `tf.fake_quant_with_min_max_vars`.",
)  # fmt: skip
fake_quant_with_min_max_vars_per_channel_gradient = _backward(
    fake_quant_channels_gradient_op, "fake_quant_with_min_max_vars_per_channel_gradient",
    "Gradients of `tf.fake_quant_with_min_max_vars_per_channel`.",
)  # fmt: skip

# -- there and back -------------------------------------------------------------------------------


def _there_and_back(input, input_min, input_max, *, num_bits, signed_input, **_):
    if not 1 + signed_input <= num_bits <= 62 + signed_input:
        raise ValueError(f"num_bits is out of range: {num_bits} with signed_input {signed_input}")
    return input


@op("QuantizeAndDequantizeV2", shape=_there_and_back)
def quantize_and_dequantize_op(
    xp, input: Float, input_min: T, input_max: T, *,
    signed_input, num_bits, range_given, round_mode, narrow_range,
):  # fmt: skip
    """input, each the nearest on a grid of 2**num_bits numbers around zero."""
    kind = input.dtype.type
    low, high = (input_min, input_max) if range_given else (xp.min(input), xp.max(input))
    if range_given and (low > high).item():
        raise ValueError(f"Invalid range: input_min {low.item()} > input_max {high.item()}")
    first, last = _limits(signed_input, num_bits, narrow_range)
    scales = [_scale(xp, limit, end) for limit, end in ((low, first), (high, last))]
    scale = xp.minimum(*scales)
    scale = xp.where(xp.isfinite(scale), scale, kind(1)).astype(input.dtype)
    low = xp.asarray(kind(first)) / scale if signed_input else xp.zeros((), input.dtype)
    high = xp.asarray(kind(last)) / scale
    clamped = xp.maximum(xp.minimum(input, high), low) if range_given else input
    scaled = clamped * scale
    steps = xp.rint(scaled) if round_mode == "HALF_TO_EVEN" else xp.floor(scaled + kind(0.5))
    return (steps / scale).astype(input.dtype)


def _limits(signed_input, num_bits, narrow_range):
    """The least and the greatest whole number."""
    if not signed_input:
        return 0, 2**num_bits - 1
    return -(2 ** (num_bits - 1)) + narrow_range, 2 ** (num_bits - 1) - 1


def _scale(xp, limit, end):
    """What takes a limit to the end of the numbers; infinite where they are on other sides."""
    kind = limit.dtype.type
    fits = limit * kind(np.sign(end) or 1) > 0
    return xp.where(fits, kind(end) / xp.where(fits, limit, kind(1)), kind(np.inf))


@quantize_and_dequantize_op.gradient
def _(y, dy, input, input_min, input_max, **_):
    """As if nothing had been rounded."""
    return dy, None, None


def quantize_and_dequantize(
    input, input_min, input_max, signed_input=True, num_bits=8, range_given=False,
    round_mode="HALF_TO_EVEN", name=None, narrow_range=False,
):  # fmt: skip
    """`input` rounded as if it were kept in `num_bits` bits; its gradient passes unchanged.

    The range is that of `input`, or [`input_min`, `input_max`] when `range_given`; zero is on the
    grid. `round_mode` is "HALF_TO_EVEN" or "HALF_UP". ValueError for others.
    """
    if round_mode not in ("HALF_TO_EVEN", "HALF_UP"):
        raise ValueError(f"round_mode must be HALF_TO_EVEN or HALF_UP, got {round_mode!r}")
    input = convert_to_tensor(input)
    return quantize_and_dequantize_op(
        input, input_min, input_max, signed_input=signed_input, num_bits=num_bits,
        range_given=range_given, round_mode=round_mode, narrow_range=narrow_range, name=name,
    )  # fmt: skip



"""The ops on colours: RGB and HSV, and the changes of hue, saturation and contrast."""
import numpy as np

from minitf.core.dtypes import FLOATS, float16, float32
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import TypeAttr
from minitf.core.shape_rules import check_rank
from minitf.core.tensor_shape import printed
from minitf.image import color_kernels as kernels
from minitf.ops.array.basics import ones_like
from minitf.ops.array.joining import stack
from minitf.ops.math.elementwise import cast, greater, greater_equal, less, less_equal, square
from minitf.ops.math.elementwise import logical_and as both
from minitf.ops.math.operators import div_no_nan

Colours = TypeAttr("T", FLOATS)
Pictures = TypeAttr("T", (float16, float32))


def _three_channels(images):
    """The same shape, of which the last axis has 3 elements."""
    if images is None:
        return None
    if not images:
        raise ValueError("Shape must be at least rank 1 but is rank 0: images")
    if images[-1] not in (3, None):
        raise ValueError(f"Dimension must be 3 but is {images[-1]}: the last of {printed(images)} "
                         "are the channels")  # fmt: skip
    return (*images[:-1], 3)


def _of_pictures(images, *_):
    if images is not None and len(images) < 3:
        raise ValueError(f"Shape must be at least rank 3 but is rank {len(images)}: images are "
                         f"{printed(images)}")  # fmt: skip
    return images


def _of_pictures_and_number(images, number):
    check_rank(number, 0, "the number")
    return _of_pictures(images)


def _channels(images):
    if images.ndim < 1 or images.shape[-1] != 3:
        raise ValueError(f"input must have 3 channels but instead has {images.shape[-1]}.")
    return images[..., 0], images[..., 1], images[..., 2]


# -- RGB to HSV and back --------------------------------------------------------------------------


def _hue(xp, red, green, blue, value, span):
    """The hue in [0, 1); 0 for grey."""
    one = value.dtype.type
    norm = 1 / xp.where(span > 0, one(6) * span, one(1))
    of_blue = norm * (red - green) + one(4 / 6)
    rest = xp.where(green == value, norm * (blue - red) + one(2 / 6), of_blue)
    hue = xp.where(red == value, norm * (green - blue), rest)
    hue = xp.where(span > 0, hue, one(0))
    return xp.where(hue < 0, hue + one(1), hue)


def _hsv(xp, red, green, blue):
    value = xp.maximum(xp.maximum(red, green), blue)
    span = value - xp.minimum(xp.minimum(red, green), blue)
    one = value.dtype.type
    saturation = xp.where(value > 0, span / xp.where(value > 0, value, one(1)), one(0))
    return _hue(xp, red, green, blue, value, span), saturation, value


@op("RGBToHSV", shape=_three_channels)
def rgb_to_hsv_op(xp, images: Colours):
    """Hue, saturation and value."""
    return xp.stack(_hsv(xp, *_channels(images)), axis=-1)


def _extremes(red, green, blue):
    """As TensorFlow breaks ties: which channel is the greatest, and which the least."""
    greatest = (
        both(greater_equal(red, blue), greater_equal(red, green)),
        both(greater(green, red), greater_equal(green, blue)),
        both(greater(blue, red), greater(blue, green)),
    )
    least = (
        both(less(red, blue), less(red, green)),
        both(less_equal(green, red), less(green, blue)),
        both(less_equal(blue, red), less_equal(blue, green)),
    )
    return [[cast(each, red.dtype) for each in kind] for kind in (greatest, least)]


def _weighed(weights, values):
    return weights[0] * values[0] + weights[1] * values[1] + weights[2] * values[2]


def _inverse(x):
    return div_no_nan(ones_like(x), x)


@rgb_to_hsv_op.gradient
def _(y, dy, images):
    channels = [images[..., i] for i in range(3)]
    greatest, least = _extremes(*channels)
    value, smallest = y[..., 2], _weighed(least, channels)
    dh, ds, dv = dy[..., 0], dy[..., 1], dy[..., 2]
    over, span = _inverse(value), _inverse(value - smallest)
    # Six times the hue is a number plus (next - but one) / span, counted from the greatest.
    ahead = [_weighed(greatest, [channels[(i + k) % 3] for i in range(3)]) for k in (1, 2)]
    slope = (ahead[0] - ahead[1]) * square(span)
    parts = []
    for i in range(3):
        turn = greatest[(i + 2) % 3] - greatest[(i + 1) % 3]
        spread = greatest[i] - least[i]
        hue = (turn * span - spread * slope) / 6.0
        saturation = greatest[i] * smallest * square(over) - least[i] * over
        here = cast(greater(channels[i], 0.0), images.dtype)
        parts.append(dh * hue + here * ds * saturation + dv * greatest[i])
    return (stack(parts, axis=-1),)


@op("HSVToRGB", shape=_three_channels, grad=NOT_DIFFERENTIABLE)
def hsv_to_rgb_op(xp, images: Colours):
    """Red, green and blue."""
    hue, saturation, value = _channels(images)
    one = images.dtype.type
    turn = hue * one(6)
    shares = (
        xp.abs(turn - one(3)) - one(1),
        one(2) - xp.abs(turn - one(2)),
        one(2) - xp.abs(turn - one(4)),
    )
    rest = one(1) - saturation
    return xp.stack([(rest + saturation * xp.clip(share, one(0), one(1))) * value
                     for share in shares], axis=-1)  # fmt: skip


# -- hue and saturation ---------------------------------------------------------------------------


def _wide(images):
    return images.astype(np.float32, copy=False)


def _hue_and_range(xp, red, green, blue):
    """(the hue in [0, 6), the least, the greatest) of each pixel, as AdjustHue computes them."""
    least = xp.minimum(xp.minimum(red, green), blue)
    greatest = xp.maximum(xp.maximum(red, green), blue)
    middle = xp.maximum(xp.minimum(red, green), xp.minimum(xp.maximum(red, green), blue))
    grey = least == greatest
    ratio = (middle - least) / xp.where(grey, np.float32(1), greatest - least)
    upper = xp.where(blue < red, np.int32(1), xp.where(blue > green, np.int32(3), np.int32(2)))
    lower = xp.where(blue < green, np.int32(0), xp.where(blue > red, np.int32(4), np.int32(5)))
    sector = xp.where(red < green, upper, lower)
    hue = sector.astype(np.float32) + xp.where(sector % 2 == 0, ratio, np.float32(1) - ratio)
    return xp.where(grey, np.float32(0), hue), least, greatest


# Of the sector from red to yellow, from yellow to green, ...: which of (greatest, middle, least)
# red, green and blue are.
_SECTORS = ((0, 1, 2), (1, 0, 2), (2, 0, 1), (2, 1, 0), (1, 2, 0), (0, 2, 1))


def _from_range(xp, hue, least, greatest):
    sector = hue.astype(np.int32)
    ratio = hue - sector.astype(np.float32)
    ratio = xp.where(sector % 2 == 0, ratio, np.float32(1) - ratio)
    return _by_sector(xp, sector, greatest, least + ratio * (greatest - least), least)


def _by_sector(xp, sector, *kinds):
    """Each channel from the kind that it is of in the pixel's sector."""
    sector = xp.clip(sector, 0, 5)  # a hue that rounds to a whole turn, or is no number
    choices = xp.stack(kinds)  # CuPy chooses from an array, not from a list
    which = (xp.take(xp.asarray(np.array(of)), sector) for of in zip(*_SECTORS))
    return xp.stack([xp.choose(one, choices, mode="clip") for one in which], axis=-1)


@op("AdjustHue", shape=_of_pictures_and_number)
def adjust_hue_op(xp, images: Pictures, delta: float32):
    """images with delta, in whole turns, added to the hue."""
    hue, least, greatest = _hue_and_range(xp, *_channels(_wide(images)))
    hue = hue + delta * np.float32(6)
    hue = hue - xp.floor(hue / np.float32(6)) * np.float32(6)
    hue = xp.where(hue >= 6, np.float32(0), hue)
    return _from_range(xp, hue, least, greatest).astype(images.dtype, copy=False)


@op("AdjustSaturation", shape=_of_pictures_and_number)
def adjust_saturation_op(xp, images: Pictures, scale: float32):
    """images with the saturation times scale, in [0, 1]."""
    hue, saturation, value = _hsv(xp, *_channels(_wide(images)))
    saturation = xp.clip(saturation * scale, np.float32(0), np.float32(1))
    chroma = saturation * value
    turn = hue * np.float32(6)
    sector = turn.astype(np.int32)
    within = turn - np.float32(2) * xp.floor(turn / np.float32(2))
    middle = chroma * (np.float32(1) - xp.abs(within - np.float32(1)))
    rest = value - chroma
    found = _by_sector(xp, sector, chroma, middle, xp.zeros_like(chroma)) + rest[..., None]
    return found.astype(images.dtype, copy=False)


def _compile(definition, name, inputs=1):
    """Declare its kernels in C and in CUDA."""
    definition.set_trait("native", lambda given, _: kernels.native(name, given[0], inputs))
    definition.set_trait("cuda", lambda given, _: kernels.cuda(name, given[0], inputs))


_compile(rgb_to_hsv_op, "rgb_to_hsv")
_compile(hsv_to_rgb_op, "hsv_to_rgb")
_compile(adjust_hue_op, "adjust_hue", 2)
_compile(adjust_saturation_op, "adjust_saturation", 2)


# -- contrast -------------------------------------------------------------------------------------


@op("AdjustContrastv2", shape=_of_pictures_and_number)
def adjust_contrast_op(xp, images: Pictures, contrast_factor: float32):
    """images with each channel's distance from its mean times the factor."""
    if images.ndim < 3:
        raise ValueError(f"input must be at least 3-D, got shape{list(images.shape)}")
    *lead, height, width, depth = images.shape
    # Rows of the image as wholes: a loop over three channels would begin again for each pixel.
    rows = _wide(images).reshape(*lead, height, width * depth)
    total = rows.sum(-2, dtype=np.float32).reshape(*lead, width, depth).sum(-2)
    mean = total / np.float32(height * width)
    mean = xp.tile(mean, (*(1,) * len(lead), width))[..., None, :]
    found = rows - mean
    found *= contrast_factor
    found += mean
    return found.reshape(images.shape).astype(images.dtype, copy=False)


adjust_contrast_op.set_trait("native", kernels.contrast)

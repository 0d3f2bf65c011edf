"""Colours, brightness and types of images: `tf.image.convert_image_dtype`, `adjust_hue`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float16, float32, int32
from minitf.core.graph import name_scope
from minitf.image.color_ops import (
    adjust_contrast_op,
    adjust_hue_op,
    adjust_saturation_op,
    hsv_to_rgb_op,
    rgb_to_hsv_op,
)
from minitf.image.flip import checked
from minitf.image.shapes import check
from minitf.ops.array.basics import identity, ones, rank, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.check import assert_equal, assert_greater_equal
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.linalg.contraction import tensordot
from minitf.ops.math.elementwise import add_op, cast, maximum, mul, rsqrt
from minitf.ops.math.operators import div, saturate_cast
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_mean, reduce_prod, reduce_std

# -- types ----------------------------------------------------------------------------------------


def convert_image_dtype(image, dtype, saturate=False, name=None):
    """`image` as `dtype`, scaled: floats lie in [0, 1), integers in [0, the type's greatest].

    With `saturate` what does not fit becomes the nearest value that does. AttributeError when
    `dtype` is neither floating nor integer.
    """
    image = convert_to_tensor(image, name="image")
    dtype = as_dtype(dtype)
    if not dtype.is_floating and not dtype.is_integer:
        raise AttributeError("dtype must be either floating point or integer")
    if dtype == image.dtype:
        return identity(image, name=name)
    to_type = saturate_cast if saturate else cast
    with name_scope(name, "convert_image", [image]) as scope:
        if image.dtype.is_integer and dtype.is_integer:
            return _between_integers(image, dtype, to_type, scope)
        if image.dtype.is_floating and dtype.is_floating:
            return cast(image, dtype, name=scope)
        if image.dtype.is_integer:
            return mul(cast(image, dtype), 1.0 / image.dtype.max, name=scope)
        # The half keeps the greatest values from being rounded down in the cast.
        return to_type(mul(image, dtype.max + 0.5), dtype, name=scope)


def _between_integers(image, dtype, to_type, scope):
    known, wanted = image.dtype.max, dtype.max
    if known > wanted:
        return to_type(div(image, (known + 1) // (wanted + 1)), dtype, name=scope)
    return mul(to_type(image, dtype), (wanted + 1) // (known + 1), name=scope)


def _as_float(image):
    return image if image.dtype in (float16, float32) else convert_image_dtype(image, float32)


# -- brightness, contrast, gamma ------------------------------------------------------------------


def adjust_brightness(image, delta):
    """`image` with `delta` added to each pixel, in the scale where white is 1."""
    with name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = convert_to_tensor(image, name="image")
        flat = _as_float(image)
        adjusted = add_op(flat, cast(delta, flat.dtype), name=scope)
        return convert_image_dtype(adjusted, image.dtype, saturate=True)


def adjust_contrast(images, contrast_factor):
    """`images` with each channel's distance from its mean times `contrast_factor`.

    The last three axes are height, width and channels. ValueError for fewer axes. There is no
    gradient, as in TensorFlow.
    """
    with name_scope(None, "adjust_contrast", [images, contrast_factor]) as scope:
        images = convert_to_tensor(images, name="images")
        adjusted = adjust_contrast_op(_as_float(images), contrast_factor, name=scope)
        return convert_image_dtype(adjusted, images.dtype, saturate=True)


def adjust_gamma(image, gamma=1, gain=1):
    """`gain` times `image` to the power `gamma`, in the scale where white is 1.

    ValueError for a negative `gamma`; where that shows only in the run, InvalidArgumentError.
    """
    with name_scope(None, "adjust_gamma", [image, gamma, gain]):
        image = convert_to_tensor(image, name="image")
        flat = _as_float(image)
        checks = check(gamma >= 0, "Gamma should be a non-negative real number.")
        gamma = with_dependencies(checks, gamma) if checks else gamma
        return convert_image_dtype(gain * flat**gamma, image.dtype, saturate=True)


def per_image_standardization(image):
    """Each image less its mean, divided by its standard deviation (but 1 / sqrt(pixels) at least).

    The last three axes are an image. Float16 and float32 stay; other types go through float32.
    ValueError for a rank that is not 3 or more.
    """
    with name_scope(None, "per_image_standardization", [image]) as scope:
        image, _ = _at_least_3d(image)
        dtype, image = image.dtype, _as_float(image)
        count = reduce_prod(shape(image)[-3:])
        axes = [-1, -2, -3]
        mean = reduce_mean(image, axis=axes, keepdims=True)
        deviation = reduce_std(image, axis=axes, keepdims=True)
        deviation = maximum(deviation, rsqrt(cast(count, image.dtype)))
        standard = div(image - mean, deviation, name=scope)
        return convert_image_dtype(standard, dtype, saturate=True)


def _at_least_3d(image):
    image = convert_to_tensor(image, name="image")
    return (image, None) if (image.shape.ndims or 0) > 4 else checked(image)


# -- hue, saturation, value ------------------------------------------------------------------------


def rgb_to_hsv(images, name=None):
    """Hue, saturation and value, each in [0, 1], of pixels in red, green and blue (last axis).

    An array becomes float32. ValueError when the last axis is known not to have 3 elements.
    """
    return rgb_to_hsv_op(convert_to_tensor(images, name="images", dtype_hint=float32), name=name)


def hsv_to_rgb(images, name=None):
    """Red, green and blue, each in [0, 1], of pixels in hue, saturation and value (last axis).

    An array becomes float32. ValueError when the last axis is known not to have 3 elements.
    """
    return hsv_to_rgb_op(convert_to_tensor(images, name="images", dtype_hint=float32), name=name)


def adjust_hue(image, delta, name=None):
    """`image`, in red, green and blue, with `delta` (in whole turns) added to its hue.

    There is no gradient, as in TensorFlow.
    """
    with name_scope(name, "adjust_hue", [image]):
        image = convert_to_tensor(image, name="image")
        return convert_image_dtype(adjust_hue_op(_as_float(image), delta), image.dtype)


def adjust_saturation(image, saturation_factor, name=None):
    """`image`, in red, green and blue, with its saturation times `saturation_factor`.

    There is no gradient, as in TensorFlow.
    """
    with name_scope(name, "adjust_saturation", [image]):
        image = convert_to_tensor(image, name="image")
        adjusted = adjust_saturation_op(_as_float(image), saturation_factor)
        return convert_image_dtype(adjusted, image.dtype)


# -- at random ------------------------------------------------------------------------------------


def random_brightness(image, max_delta, seed=None):
    """`tf.image.adjust_brightness` by a random delta of [-max_delta, max_delta).

    ValueError for a negative `max_delta`.
    """
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_contrast(image, lower, upper, seed=None):
    """`tf.image.adjust_contrast` by a random factor of [lower, upper).

    ValueError unless 0 <= lower < upper.
    """
    _check_range(lower, upper)
    return adjust_contrast(image, random_uniform([], lower, upper, seed=seed))


def random_saturation(image, lower, upper, seed=None):
    """`tf.image.adjust_saturation` by a random factor of [lower, upper).

    ValueError unless 0 <= lower < upper.
    """
    _check_range(lower, upper)
    return adjust_saturation(image, random_uniform([], lower, upper, seed=seed))


def _check_range(lower, upper):
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")


def random_hue(image, max_delta, seed=None):
    """`tf.image.adjust_hue` by a random delta of [-max_delta, max_delta).

    ValueError unless 0 <= max_delta <= 0.5.
    """
    if max_delta > 0.5:
        raise ValueError("max_delta must be <= 0.5.")
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))


# -- grey -----------------------------------------------------------------------------------------


def rgb_to_grayscale(images, name=None):
    """The lightness of `images` in red, green and blue (last axis), of the same type and rank."""
    with name_scope(name, "rgb_to_grayscale", [images]) as scope:
        images = convert_to_tensor(images, name="images")
        flat = convert_image_dtype(images, float32)
        grey = expand_dims(tensordot(flat, [0.2989, 0.5870, 0.1140], [-1, -1]), -1)
        return convert_image_dtype(grey, images.dtype, name=scope)


def grayscale_to_rgb(images, name=None):
    """`images` of one channel with that channel three times.

    ValueError for another last axis; where that shows only in the run, InvalidArgumentError.
    """
    with name_scope(name, "grayscale_to_rgb", [images]) as scope:
        images = convert_to_tensor(images)
        images = with_dependencies(_check_grayscale(images), images)
        ones_before = ones(expand_dims(rank(images) - 1, 0), dtype=int32)
        coloured = tile(images, concat([ones_before, expand_dims(3, 0)], 0), name=scope)
        if images.shape.ndims is not None:
            coloured.set_shape(images.shape[:-1].concatenate([3]))
        return coloured


def _check_grayscale(image):
    known = image.shape
    if known.ndims is not None and known.ndims < 2:
        raise ValueError("A grayscale image must be at least two-dimensional.")
    message = "Last dimension of a grayscale image should be size 1."
    if known.is_fully_defined():
        return check(known[-1] == 1, message)
    return [
        assert_equal(shape(image)[-1], 1, message=message),
        assert_greater_equal(rank(image), 3,
                             message="A grayscale image must be at least two-dimensional."),
    ]  # fmt: skip


# -- linear changes of colour ---------------------------------------------------------------------

RGB_TO_YIQ = [[0.299, 0.59590059, 0.2115], [0.587, -0.27455667, -0.52273617],
              [0.114, -0.32134392, 0.31119955]]  # fmt: skip
YIQ_TO_RGB = [[1, 1, 1], [0.95598634, -0.27201283, -1.10674021],
              [0.6208248, -0.64720424, 1.70423049]]  # fmt: skip
RGB_TO_YUV = [[0.299, -0.14714119, 0.61497538], [0.587, -0.28886916, -0.51496512],
              [0.114, 0.43601035, -0.10001026]]  # fmt: skip
YUV_TO_RGB = [[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]]


def _linear(name, matrix, source, result):
    def change(images):
        images = convert_to_tensor(images, name="images")
        kernel = convert_to_tensor(matrix, dtype=images.dtype, name="kernel")
        return tensordot(images, kernel, axes=[[images.shape.ndims - 1], [0]])

    change.__name__ = change.__qualname__ = name
    change.__doc__ = f"""Pixels in {source} (last axis, 3 channels, floats) in {result}.

    The rank must be known.
    """
    return change


rgb_to_yiq = _linear("rgb_to_yiq", RGB_TO_YIQ, "red, green and blue", "YIQ")
yiq_to_rgb = _linear("yiq_to_rgb", YIQ_TO_RGB, "YIQ", "red, green and blue")
rgb_to_yuv = _linear("rgb_to_yuv", RGB_TO_YUV, "red, green and blue", "YUV")
yuv_to_rgb = _linear("yuv_to_rgb", YUV_TO_RGB, "YUV", "red, green and blue")

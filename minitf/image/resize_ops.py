"""The ops that resize images: nearest neighbour, bilinear, bicubic, by area; and their gradients.

They are separable: each goes along one axis after the other, with the pixels and weights that
`minitf.image.taps` says.
"""
import numpy as np

from minitf.core.dtypes import (
    FLOATS,
    IEEE_FLOATS,
    bfloat16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
)
from minitf.core.kernel import Array
from minitf.core.literals import ints
from minitf.core.op import op
from minitf.core.schema import T, TypeAttr
from minitf.image import resize_kernel, taps
from minitf.image.shapes import rank_checked, two_sizes
from minitf.ops.array.basics import shape

_PIXELS = (int8, uint8, int16, uint16, int32, int64, *IEEE_FLOATS)
Pixels = TypeAttr("T", _PIXELS)
PixelsOfAnyFloat = TypeAttr("T", (bfloat16, *_PIXELS))
Size = TypeAttr("_", (int32,), static=True)
Like = TypeAttr("T", FLOATS)
LikeCubic = TypeAttr("T", (float32, float64))


def _resized(images, size, **_):
    batch, _, _, depth = rank_checked(images, 4, "images")
    return (batch, *two_sizes(size), depth)


def _like_original(grads, original_image, **_):
    return rank_checked(original_image, 4, "original_image")


def _axes(rule, image, height, width, align_corners, half_pixel_centers):
    """The taps along the rows and along the columns. ValueError for sizes that are none."""
    _check(image, (height, width), align_corners, half_pixel_centers)
    return [rule(n, m, align_corners, half_pixel_centers)
            for n, m in zip(image[1:3], (height, width))]  # fmt: skip


def _check(image, size, align_corners, half_pixel_centers):
    if half_pixel_centers and align_corners:
        raise ValueError("If half_pixel_centers is True, align_corners must be False.")
    if min(size) <= 0:
        raise ValueError(f"output dimensions must be positive, got {list(size)}")
    if min(image[1:]) <= 0:
        raise ValueError(f"input image must be of non-zero size, got {list(image)}")


def _summed(xp, x, axis, along):
    """The weighted sum of the taps, term by term in TensorFlow's order."""
    total = None
    for indices, weights in zip(along.indices, along.weights):
        column = xp.asarray(weights.reshape((-1,) + (1,) * (3 - axis)))
        term = xp.take(x, xp.asarray(indices), axis) * column
        total = term if total is None else xp.add(total, term, out=total)
    return total


def _between(xp, x, axis, along):
    """a + (b - a) * share: exact where the two are equal."""
    (lower, upper), share = along.indices, along.weights[1]
    a, b = xp.take(x, xp.asarray(lower), axis), xp.take(x, xp.asarray(upper), axis)
    b -= a
    b *= xp.asarray(share.reshape((-1,) + (1,) * (3 - axis)))
    b += a
    return b


def _spread(xp, grads, image, rows, columns, dtype):
    """The gradients of the image: each output's, shared out to where it came from."""
    wide = np.float64 if dtype == np.float64 else np.float32
    lines = _gathered(xp, grads.astype(wide, copy=False), 2, columns, image[2])
    return _gathered(xp, lines, 1, rows, image[1]).astype(dtype, copy=False)


def _gathered(xp, grads, axis, along, size):
    """For each pixel along an axis, the sum of what its outputs have, weighed."""
    total = xp.zeros((*grads.shape[:axis], size, *grads.shape[axis + 1 :]), grads.dtype)
    ahead = (slice(None),) * axis
    for pixels, outputs, weights in along.turns():
        term = xp.take(grads, xp.asarray(outputs), axis)
        term *= xp.asarray(weights.astype(grads.dtype).reshape((-1,) + (1,) * (3 - axis)))
        part = slice(pixels[0], pixels[-1] + 1)
        in_a_row = part.stop - part.start == len(pixels)
        total[(*ahead, part if in_a_row else xp.asarray(pixels))] += term
    return total


def _native(kind, rule):
    """The trait of the kernel in C."""

    def native(inputs, outputs, **attrs):
        found = _taps(rule, inputs[0].shape, ints(inputs[1]), **attrs)
        return found and resize_kernel.resized(kind, inputs[0], outputs, *found)

    return native


def _native_grad(rule):
    def native(inputs, outputs, **attrs):
        found = _taps(rule, outputs[0].shape, inputs[0].shape[1:3], **attrs)
        arrays = [array for array in inputs if isinstance(array, Array)]
        return found and resize_kernel.spread(arrays, outputs, *found)

    return native


def _taps(rule, image, size, align_corners, half_pixel_centers=False):
    """As `_axes`, but None for what NumPy's kernel refuses."""
    try:
        return _axes(rule, image, *size, align_corners, half_pixel_centers)
    except ValueError:
        return None


# -- the nearest pixel ----------------------------------------------------------------------------


@op("ResizeNearestNeighbor", shape=_resized, native=_native("nearest", taps.nearest))
def resize_nearest_neighbor_op(
    xp, images: Pixels, size: Size, *, align_corners=False, half_pixel_centers=False
) -> Pixels:
    """Each pixel is the nearest one of the image."""
    attrs = align_corners, half_pixel_centers
    rows, columns = _axes(taps.nearest, images.shape, *ints(size), *attrs)
    lines = xp.take(images, xp.asarray(rows.indices[0]), 1)
    return xp.take(lines, xp.asarray(columns.indices[0]), 2)


@resize_nearest_neighbor_op.gradient
def _(y, dy, images, size, **attrs):
    known = images.shape[1:3]
    original = known if known.is_fully_defined() else shape(images)[1:3]
    return resize_nearest_neighbor_grad(dy, original, **attrs), None


@op("ResizeNearestNeighborGrad", shape=lambda grads, size, **_: _resized(grads, size),
    native=_native_grad(taps.nearest))  # fmt: skip
def resize_nearest_neighbor_grad(
    xp,
    grads: TypeAttr("T", (uint8, int8, int32, *IEEE_FLOATS)),
    size: Size,
    *,
    align_corners=False,
    half_pixel_centers=False,
):
    """The gradient of ResizeNearestNeighbor: to each pixel the sum of what was taken from it."""
    batch, height, width, depth = grads.shape
    image = (batch, *ints(size), depth)
    rows, columns = _axes(taps.nearest, image, height, width, align_corners, half_pixel_centers)
    return _spread(xp, grads, image, rows, columns, grads.dtype)


# -- bilinear -------------------------------------------------------------------------------------


@op("ResizeBilinear", shape=_resized, native=_native("bilinear", taps.bilinear))
def resize_bilinear_op(
    xp, images: PixelsOfAnyFloat, size: Size, *, align_corners=False, half_pixel_centers=False
) -> float32:
    """Each pixel lies between the four of the image around its place."""
    attrs = align_corners, half_pixel_centers
    rows, columns = _axes(taps.bilinear, images.shape, *ints(size), *attrs)
    images = images.astype(np.float32, copy=False)
    return _between(xp, _between(xp, images, 2, columns), 1, rows)


@resize_bilinear_op.gradient
def _(y, dy, images, size, **attrs):
    return resize_bilinear_grad(dy, images, **attrs), None


@op("ResizeBilinearGrad", shape=_like_original, native=_native_grad(taps.bilinear))
def resize_bilinear_grad(
    xp, grads: float32, original_image: Like, *, align_corners=False, half_pixel_centers=False
) -> T:
    """The gradient of ResizeBilinear."""
    image, size = original_image.shape, grads.shape[1:3]
    rows, columns = _axes(taps.bilinear, image, *size, align_corners, half_pixel_centers)
    return _spread(xp, grads, image, rows, columns, original_image.dtype)


# -- bicubic --------------------------------------------------------------------------------------


@op("ResizeBicubic", shape=_resized, native=_native("bicubic", taps.bicubic))
def resize_bicubic_op(
    xp, images: Pixels, size: Size, *, align_corners=False, half_pixel_centers=False
) -> float32:
    """Each pixel is the weighted sum of the 16 of the image around its place."""
    attrs = align_corners, half_pixel_centers
    rows, columns = _axes(taps.bicubic, images.shape, *ints(size), *attrs)
    images = images.astype(np.float32, copy=False)
    return _summed(xp, _summed(xp, images, 1, rows), 2, columns)


@resize_bicubic_op.gradient
def _(y, dy, images, size, **attrs):
    known = images.dtype in (float32, float64)
    return resize_bicubic_grad(dy, images, **attrs) if known else None, None


@op("ResizeBicubicGrad", shape=_like_original, native=_native_grad(taps.bicubic))
def resize_bicubic_grad(
    xp, grads: float32, original_image: LikeCubic, *, align_corners=False, half_pixel_centers=False
) -> T:
    """The gradient of ResizeBicubic."""
    image, size = original_image.shape, grads.shape[1:3]
    rows, columns = _axes(taps.bicubic, image, *size, align_corners, half_pixel_centers)
    return _spread(xp, grads, image, rows, columns, original_image.dtype)


# -- area -----------------------------------------------------------------------------------------


@op("ResizeArea", shape=_resized, native=_native("area", taps.area))
def resize_area_op(xp, images: Pixels, size: Size, *, align_corners=False) -> float32:
    """Each pixel is the mean of the part of the image that it covers."""
    rows, columns = _axes(taps.area, images.shape, *ints(size), align_corners, False)
    images = images.astype(np.float32, copy=False)
    total = _summed(xp, _summed(xp, images, 2, columns), 1, rows)
    return total * np.float32(1 / (rows.scale * columns.scale))

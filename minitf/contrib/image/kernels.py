"""The op that moves the pixels of images: ImageProjectiveTransformV2."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.dtypes import float16, float32, float64, int32, int64, uint8
from minitf.core.literals import ints
from minitf.core.op import op
from minitf.core.schema import TypeAttr
from minitf.core.shape_rules import sizes
from minitf.core.tensor_shape import printed
from minitf.ops.array.basics import ones, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.linalg.solve import matrix_inverse

DTYPES = (uint8, int32, int64, float16, float32, float64)
Pixels = TypeAttr("dtype", DTYPES)
_Size = TypeAttr("_", (int32,), static=True)


def _moved_shape(images, transforms, output_shape, *, interpolation):
    if images is not None and len(images) != 4:
        raise ValueError(f"Shape must be rank 4 but is rank {len(images)}: {printed(images)}")
    batch, channels = (None, None) if images is None else (images[0], images[3])
    return (batch, *(sizes(output_shape) or (None, None)), channels)


@op("ImageProjectiveTransformV2", shape=_moved_shape, host=True)
def projective_transform(
    xp, images: Pixels, transforms: float32, output_shape: _Size, *, interpolation
) -> Pixels:
    """Each pixel (x, y) of the output is that at ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)
    of the input, where k = c0 x + c1 y + 1; 0 where there is none."""
    height, width = ints(output_shape)
    if len(transforms) not in (1, len(images)) or transforms.shape[1:] != (8,):
        raise ValueError(f"transforms must be [1, 8] or [{len(images)}, 8], got "
                         f"{list(transforms.shape)}")  # fmt: skip
    out = np.empty((len(images), height, width, images.shape[3]), images.dtype)
    read = _nearest if interpolation == "NEAREST" else _bilinear
    rows, columns = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    for i, image in enumerate(images):
        a0, a1, a2, b0, b1, b2, c0, c1 = transforms[i if len(transforms) > 1 else 0]
        scale = c0 * columns + c1 * rows + np.float32(1)
        with np.errstate(divide="ignore", invalid="ignore"):
            x = (a0 * columns + a1 * rows + a2) / scale
            y = (b0 * columns + b1 * rows + b2) / scale
        out[i] = read(image, np.where(scale == 0, -9, y), np.where(scale == 0, -9, x))
    return out


def _nearest(image, y, x):
    return _pixels(image, _rounded(y), _rounded(x))


def _rounded(values):
    """To whole numbers, halves away from 0."""
    return np.trunc(values + np.copysign(np.float32(0.5), values))


def _pixels(image, y, x):
    """The pixels at whole places, 0 outside."""
    height, width = image.shape[:2]
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    rows, columns = (np.where(inside, each, 0).astype(np.int64) for each in (y, x))
    return np.where(inside[:, :, None], image[rows, columns], image.dtype.type(0))


def _bilinear(image, y, x):
    top, left = np.floor(y), np.floor(x)
    down, right = (y - top)[:, :, None], (x - left)[:, :, None]

    def row(at):
        return (1 - right) * _pixels(image, at, left) + right * _pixels(image, at, left + 1)

    return ((1 - down) * row(top) + down * row(top + 1)).astype(image.dtype)


@projective_transform.gradient
def _(y, dy, images, transforms, output_shape, *, interpolation):
    back = as_flat(matrix_inverse(as_matrices(transforms)))
    moved = projective_transform(dy, back, shape(images)[1:3], interpolation=interpolation)
    return moved, None, None


def as_matrices(transforms):
    """[n, 3, 3] of [n, 8]: the last number is 1."""
    transforms = reshape(transforms, constant([-1, 8]))
    whole = concat([transforms, ones([shape(transforms)[0], 1])], axis=1)
    return reshape(whole, constant([-1, 3, 3]))


def as_flat(matrices):
    """[n, 8] of [n, 3, 3], where the last number becomes 1."""
    transforms = reshape(matrices, constant([-1, 9]))
    transforms /= transforms[:, 8:9]
    return transforms[:, :8]

"""Images of another size: `tf.image.resize_images` and its kin."""
import functools

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, float64, int32
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.shape_rules import sizes
from minitf.core.tensor_shape import is_static
from minitf.image.crop import as_batch, pad_to_bounding_box
from minitf.image.resize_ops import (
    resize_area_op,
    resize_bicubic_op,
    resize_bilinear_op,
    resize_nearest_neighbor_op,
)
from minitf.image.shapes import any_tensor, bad_rank, check, check_at_least_3d, dimensions
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, floor, maximum, minimum
from minitf.ops.math.operators import round
from minitf.ops.reduction.axes import expand_dims, squeeze


class ResizeMethod:
    """How the pixels of a resized image are found."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


_METHODS = {
    0: resize_bilinear_op, "bilinear": resize_bilinear_op,
    1: resize_nearest_neighbor_op, "nearest": resize_nearest_neighbor_op,
    2: resize_bicubic_op, "bicubic": resize_bicubic_op,
    3: resize_area_op, "area": resize_area_op,
}  # fmt: skip


def resize_images(
    images, size, method=ResizeMethod.BILINEAR, align_corners=False, preserve_aspect_ratio=False,
    name=None,
):  # fmt: skip
    """`images`, [height, width, channels] or a batch of these, resized to `size` (height, width).

    `method` is one of `tf.image.ResizeMethod`. With `align_corners` the corners keep their values;
    with `preserve_aspect_ratio` the result is as large as fits into `size`. The result is float32,
    but of the type of `images` for NEAREST_NEIGHBOR, and where the size is known not to change.

    Raises ValueError when `images` is not of rank 3 or 4 or `size` not two integers.
    """
    def resize(images, size):
        if method not in _METHODS:
            raise ValueError("Resize method is not implemented.")
        return _METHODS[method](images, size, align_corners=align_corners)

    return resized_by(resize, images, size, preserve_aspect_ratio, name)


def resized_by(resize, images, size, preserve_aspect_ratio, name, if_same=False):
    """An image or a batch of these by `resize(images, size)`, `if_same` too where the size is known
    not to change."""
    with name_scope(name, "resize", [images, size]):
        images = convert_to_tensor(images, name="images")
        rank = images.shape.ndims
        if rank is None:
            raise ValueError("'images' contains no shape.")
        if rank not in (3, 4):
            raise bad_rank("images")
        images = expand_dims(images, 0) if rank == 3 else images
        resized = _resized(resize, images, _size(size), preserve_aspect_ratio, if_same)
        return squeeze(resized, axis=[0]) if rank == 3 else resized


def _size(size):
    try:
        size = convert_to_tensor(size, int32, name="size")
    except (TypeError, ValueError):
        raise ValueError("'size' must be a 1-D int32 Tensor") from None
    if not size.shape.is_compatible_with([2]):
        raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
    return size


def _resized(resize, images, size, preserve_aspect_ratio, if_same):
    if preserve_aspect_ratio:
        size = _fitting(images, size)
    wanted = sizes(size._value) or (None, None)
    if not if_same and None not in wanted and wanted == images._shape[1:3]:
        return images
    resized = resize(images, size)
    resized.set_shape([None, *wanted, None])
    return resized


def _fitting(images, size):
    """The largest size of the image's proportions that fits into `size`."""
    wanted = sizes(size._value)
    if wanted is None:
        raise ValueError("preserve_aspect_ratio needs a 'size' that is known: got " + repr(size))
    now = dimensions(images, 4)[1:3]
    if not any_tensor(*now):  # the same in numbers, so that the static shape is known
        get_default_graph()._surplus -= 21  # for TensorFlow computes it in the run
        now, wanted = np.float32(now), np.float32(wanted)
        return convert_to_tensor(np.int32(np.rint((wanted / now).min() * now)), name="size")
    scale = minimum(*(cast(m, float32) / cast(n, float32) for m, n in zip(wanted, now)))
    fitting = [cast(round(scale * cast(n, float32)), int32) for n in now]
    return convert_to_tensor(fitting, int32, name="size")


def resize_image_with_pad(
    image, target_height, target_width, method=ResizeMethod.BILINEAR, align_corners=False
):
    """`image` resized, its proportions kept, to fit into the target size, zeros around it.

    The image is [height, width, channels] or a batch of these. Raises ValueError for another rank
    or a target that is not positive.
    """
    resize = functools.partial(resize_images, method=method, align_corners=align_corners)
    return padded_by(resize, image, target_height, target_width)


def padded_by(resize, image, target_height, target_width):
    """The same by `resize(image, size)`."""
    with name_scope(None, "resize_image_with_pad", [image]):
        image, single = as_batch(convert_to_tensor(image, name="image"))
        checks = check_at_least_3d(image)
        checks += check(target_width > 0, "target_width must be > 0.")
        checks += check(target_height > 0, "target_height must be > 0.")
        image = with_dependencies(checks, image)
        if is_static(image._shape):
            get_default_graph()._count_more(-22)
        _, height, width, _ = dimensions(image, 4)
        size, offsets = _inside(height, width, target_height, target_width)
        padded = pad_to_bounding_box(resize(image, size), *offsets, target_height, target_width)
        return squeeze(padded, axis=[0]) if single else padded


def _inside(height, width, target_height, target_width):
    """The size of the image inside the target, and what lies above it and to its left."""
    now = [cast(n, float64) for n in (height, width)]
    target = [cast(n, float64) for n in (target_height, target_width)]
    ratio = maximum(now[1] / target[1], now[0] / target[0])
    exact = [n / ratio for n in now]
    size = [cast(floor(n), int32) for n in exact]
    around = [cast(floor((m - n) / 2), int32) for m, n in zip(target, exact)]
    return size, [maximum(0, n) for n in around]


# -- the ops by their own names -------------------------------------------------------------------


def _named(definition, name, meaning):
    def resize(images, size, align_corners=False, name=None, half_pixel_centers=False):
        return definition(
            images, size, align_corners=align_corners, half_pixel_centers=half_pixel_centers,
            name=name,
        )  # fmt: skip

    resize.__name__ = resize.__qualname__ = name
    resize.__doc__ = f"""A batch of images resized to `size` (height, width), {meaning}.

    With `align_corners` the corners keep their values; with `half_pixel_centers` a pixel's place
    is its middle. InvalidArgumentError for both, ValueError for `images` that are not of rank 4.
    """
    return resize


resize_bilinear = _named(resize_bilinear_op, "resize_bilinear", "each pixel between four, float32")
resize_bicubic = _named(resize_bicubic_op, "resize_bicubic", "each pixel from sixteen, float32")
resize_nearest_neighbor = _named(
    resize_nearest_neighbor_op, "resize_nearest_neighbor", "each pixel the nearest one"
)


def resize_area(images, size, align_corners=False, name=None):
    """A batch of images resized to `size`, each pixel the mean of the part it covers, float32."""
    return resize_area_op(images, size, align_corners=align_corners, name=name)

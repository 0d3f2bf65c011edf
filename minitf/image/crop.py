"""Cutting images and putting zeros around them: `tf.image.central_crop`, ..."""
import builtins

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float64, int32
from minitf.core.graph import name_scope
from minitf.image.shapes import any_tensor, bad_rank, check, check_at_least_3d, dimensions
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import stack
from minitf.ops.array.padding import pad
from minitf.ops.array.slicing import slice_
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, equal, maximum, minimum
from minitf.ops.reduction.axes import expand_dims, squeeze


def as_batch(image):
    """(a batch of images, whether it was one image). ValueError for another rank."""
    rank = image.shape.ndims
    if rank == 4:
        return image, False
    if rank not in (3, None):
        raise bad_rank()
    image = expand_dims(image, 0)
    if rank is None:
        image.set_shape([None] * 4)
    return image, True


def central_crop(image, central_fraction):
    """The middle of `image`, `central_fraction` of its height and of its width.

    The image is [height, width, channels] or a batch of these. ValueError for another rank or a
    fraction outside (0, 1].
    """
    with name_scope(None, "central_crop", [image]):
        image = convert_to_tensor(image, name="image")
        if central_fraction <= 0.0 or central_fraction > 1.0:
            raise ValueError("central_fraction must be within (0, 1]")
        if central_fraction == 1.0:
            return image
        with_dependencies(check_at_least_3d(image), image)
        rank = image.shape.ndims
        if rank not in (3, 4):
            raise ValueError("`image` should either be a Tensor with rank = 3 or rank = 4. "
                             f"Had rank = {rank}.")  # fmt: skip
        return _central(image, central_fraction, rank)


def _central(image, fraction, rank):
    *lead, height, width, depth = image.shape.as_list()
    (top, rows), (left, columns) = (
        _middle(n, shape(image)[axis] if n is None else n, fraction)
        for axis, n in ((rank - 3, height), (rank - 2, width))
    )
    begin, size = stack([*[0] * len(lead), top, left, 0]), stack([*[-1] * len(lead), rows, columns,
                                                                  -1])  # fmt: skip
    image = slice_(image, begin, size)
    image.set_shape([*lead, *(None if any_tensor(n) else n for n in (rows, columns)), depth])
    return image


def _middle(known, length, fraction):
    """(start, length) of the middle of an axis."""
    exact = float(known) if known is not None else cast(length, float64)
    half = (exact - exact * fraction) / 2
    start = int(half) if known is not None else cast(half, int32)
    return start, length - start * 2


def pad_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """`image` at this offset in an image of zeros of the target size.

    The image is [height, width, channels] or a batch of these. Raises ValueError for another rank,
    a negative offset, or an image that is too large; where that shows only in the run,
    InvalidArgumentError.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        image, single = as_batch(convert_to_tensor(image, name="image"))
        checks = check_at_least_3d(image)
        batch, height, width, depth = dimensions(image, 4)
        below = target_height - offset_height - height
        right = target_width - offset_width - width
        checks += check(offset_height >= 0, "offset_height must be >= 0")
        checks += check(offset_width >= 0, "offset_width must be >= 0")
        checks += check(right >= 0, "width must be <= target - offset")
        checks += check(below >= 0, "height must be <= target - offset")
        image = with_dependencies(checks, image)
        around = [0, 0, offset_height, below, offset_width, right, 0, 0]
        padded = pad(image, reshape(stack(around), [4, 2]))
        return _finished(padded, [batch, target_height, target_width, depth], single)


def _finished(images, sizes, single):
    """With the static shape that the numbers among `sizes` say."""
    images.set_shape([None if any_tensor(n) else n for n in sizes])
    return squeeze(images, axis=[0]) if single else images


def crop_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """The part of `image` that has the target size and starts at this offset.

    The image is [height, width, channels] or a batch of these. Raises ValueError for another rank,
    a negative offset, or a part that is empty or not inside; where that shows only in the run,
    InvalidArgumentError.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        image, single = as_batch(convert_to_tensor(image, name="image"))
        checks = check_at_least_3d(image)
        batch, height, width, depth = dimensions(image, 4)
        checks += check(offset_width >= 0, "offset_width must be >= 0.")
        checks += check(offset_height >= 0, "offset_height must be >= 0.")
        checks += check(target_width > 0, "target_width must be > 0.")
        checks += check(target_height > 0, "target_height must be > 0.")
        checks += check(width >= (target_width + offset_width),
                        "width must be >= target + offset.")  # fmt: skip
        checks += check(height >= (target_height + offset_height),
                        "height must be >= target + offset.")  # fmt: skip
        image = with_dependencies(checks, image)
        begin = stack([0, offset_height, offset_width, 0])
        cropped = slice_(image, begin, stack([-1, target_height, target_width, -1]))
        return _finished(cropped, [batch, target_height, target_width, depth], single)


def _either(tensors, numbers):
    """The function for tensors, or for numbers if both arguments are."""
    return lambda x, y: tensors(x, y) if any_tensor(x, y) else numbers(x, y)


_max, _min = _either(maximum, builtins.max), _either(minimum, builtins.min)
_equal = _either(equal, lambda x, y: x == y)


def resize_image_with_crop_or_pad(image, target_height, target_width):
    """`image` cut in its middle, or put into the middle of zeros, to be of the target size.

    The image is [height, width, channels] or a batch of these. Raises ValueError for another rank
    or a target that is not positive.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image, single = as_batch(convert_to_tensor(image, name="image"))
        checks = check_at_least_3d(image)
        checks += check(target_width > 0, "target_width must be > 0.")
        checks += check(target_height > 0, "target_height must be > 0.")
        image = with_dependencies(checks, image)
        target_height, target_width = (
            with_dependencies(checks, n) if any_tensor(n) else n
            for n in (target_height, target_width)
        )
        resized = _cropped_or_padded(image, target_height, target_width)
        return squeeze(resized, axis=[0]) if single else resized


def _cropped_or_padded(image, target_height, target_width):
    _, height, width, _ = dimensions(image, 4)
    wider, higher = target_width - width, target_height - height
    cropped = crop_to_bounding_box(
        image, _max(-higher // 2, 0), _max(-wider // 2, 0), _min(target_height, height),
        _min(target_width, width),
    )  # fmt: skip
    resized = pad_to_bounding_box(
        cropped, _max(higher // 2, 0), _max(wider // 2, 0), target_height, target_width
    )
    _, height, width, _ = dimensions(resized, 4)
    checks = check(_equal(height, target_height), "resized height is not correct.")
    checks += check(_equal(width, target_width), "resized width is not correct.")
    return with_dependencies(checks, resized)

"""`tf.compat.v2.image`: Images."""
import functools

from minitf.compat.v2.later import later, public, rest
from minitf.image.resize import padded_by, resized_by
from minitf.image.resize_ops import (
    resize_area_op,
    resize_bicubic_op,
    resize_bilinear_op,
    resize_nearest_neighbor_op,
)


class ResizeMethod:
    """How the pixels of a resized image are found."""

    BILINEAR = "bilinear"
    NEAREST_NEIGHBOR = "nearest"
    BICUBIC = "bicubic"
    AREA = "area"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    GAUSSIAN = "gaussian"
    MITCHELLCUBIC = "mitchellcubic"


_OPS = {
    "bilinear": functools.partial(resize_bilinear_op, half_pixel_centers=True),
    "nearest": functools.partial(resize_nearest_neighbor_op, half_pixel_centers=True),
    "bicubic": functools.partial(resize_bicubic_op, half_pixel_centers=True),
    "area": resize_area_op,
}
_SMOOTH = ("bilinear", "bicubic")  # these have another filter with `antialias`


@later
def crop_and_resize(
    image, boxes, box_indices, crop_size, method="bilinear", extrapolation_value=0, name=None,
): ...


@later
def draw_bounding_boxes(images, boxes, colors, name=None): ...


@later
def sample_distorted_bounding_box(
    image_size, bounding_boxes, seed=0, min_object_covered=0.1, aspect_ratio_range=None,
    area_range=None, max_attempts=None, use_image_if_no_bounding_boxes=None, name=None,
): ...


def resize(
    images, size, method="bilinear", preserve_aspect_ratio=False, antialias=False, name=None
):
    """`images`, [height, width, channels] or a batch of these, resized to `size` (height, width).

    The result is float32, but of the type of `images` for "nearest". Raises ValueError for images
    of another rank or a size that is not two integers, NotImplementedError for the methods that
    TensorFlow computes by ScaleAndTranslate, and for `antialias` where it changes something.
    """
    return resized_by(_resizer(method, antialias), images, size, preserve_aspect_ratio, name, True)


def resize_with_pad(image, target_height, target_width, method="bilinear", antialias=False):
    """An image resized, its proportions kept, to fit into the target size, zeros around it."""
    resize_ = functools.partial(resize, method=method, antialias=antialias)
    return padded_by(resize_, image, target_height, target_width)


def _resizer(method, antialias):
    known = {value for name, value in vars(ResizeMethod).items() if name.isupper()}
    if method not in known:
        raise ValueError("Resize method is not implemented.")
    if method not in _OPS or (antialias and method in _SMOOTH):
        raise NotImplementedError(
            f"tf.compat.v2.image.resize: the method {method!r}{' with antialias' * antialias} is "
            "not there; 'bilinear', 'bicubic', 'nearest' and 'area' are, without antialias"
        )
    return _OPS[method]


def extract_glimpse(
    input, size, offsets, centered=True, normalized=True, noise="uniform", name=None
):
    """Parts of images around places; what lies outside is `noise`."""
    if noise != "uniform":
        raise NotImplementedError(f"tf.compat.v2.image.extract_glimpse: noise={noise!r}")
    return public("image.extract_glimpse")(input, size, offsets, centered, normalized, name=name)


__getattr__ = rest(__name__)

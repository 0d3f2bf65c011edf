"""Parts of images, resized, and the gradients: `tf.image.crop_and_resize`, `extract_glimpse`."""
import numpy as np

from minitf.core.deprecation import renamed
from minitf.core.dtypes import (
    IEEE_FLOATS,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
)
from minitf.core.errors import OutOfRangeError
from minitf.core.literals import ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr
from minitf.core.shape_rules import sizes
from minitf.core.tensor_shape import merge
from minitf.image.crop_kernel import cropped, gradient_of_boxes, gradient_of_image
from minitf.image.shapes import rank_checked, two_sizes
from minitf.ops.array.basics import shape
from minitf.ops.array.patches import extract_image_patches
from minitf.ops.random import philox

Pixels = TypeAttr("T", (uint8, uint16, int8, int16, int32, int64, *IEEE_FLOATS))
Size = TypeAttr("_", (int32,), static=True)
F = np.float32

# -- crop and resize ------------------------------------------------------------------------------


def _cropped(image, boxes, box_ind, crop_size, **_):
    *_, depth = rank_checked(image, 4, "image")
    return (_count(boxes, box_ind), *two_sizes(crop_size), depth)


def _count(boxes, box_ind):
    boxes = rank_checked(boxes, 2, "boxes")
    if boxes[1] not in (4, None):
        raise ValueError(f"Dimension must be 4 but is {boxes[1]}: a row of boxes is y1, x1, y2, x2")
    both = merge(boxes[:1], rank_checked(box_ind, 1, "box_ind"))
    if both is False:
        raise ValueError(f"Dimensions must be equal: {boxes[0]} boxes, {box_ind[0]} of box_ind")
    return both[0]


def _check_images(xp, box_ind, batch):
    if box_ind.size and not 0 <= box_ind.min().item() <= box_ind.max().item() < batch:
        raise OutOfRangeError(None, None, "box_index has values outside [0, batch_size)")


class _Places:
    """Where along one axis the pixels of the crops lie, [boxes, pixels], and their neighbours."""

    def __init__(self, xp, start, end, count, size):
        last = F(size - 1)
        if count > 1:
            step = (end - start) * last / F(count - 1)
            at = (start * last)[:, None] + xp.arange(count, dtype=F) * step[:, None]
        else:
            at = (F(0.5) * (start + end) * last)[:, None]
        self.inside = (at >= 0) & (at <= last)
        at = xp.where(self.inside, at, F(0))
        self.lower = xp.floor(at).astype(np.int64)
        self.upper = xp.ceil(at).astype(np.int64)
        self.nearest = xp.floor(at + F(0.5)).astype(np.int64)
        self.share = at - self.lower.astype(F)


class _Crops:
    """The pixels of all crops: for each box the rows and the columns."""

    def __init__(self, xp, boxes, box_ind, image, size):
        self.box = box_ind.astype(np.int64)[:, None, None]
        self.rows = _Places(xp, boxes[:, 0], boxes[:, 2], size[0], image[1])
        self.columns = _Places(xp, boxes[:, 1], boxes[:, 3], size[1], image[2])
        self.inside = (self.rows.inside[:, :, None] & self.columns.inside[:, None, :])[..., None]
        self.down = self.rows.share[:, :, None, None]
        self.right = self.columns.share[:, None, :, None]

    def at(self, rows, columns):
        """The index of pixels, given a name of a _Places' attribute for each axis."""
        rows, columns = getattr(self.rows, rows), getattr(self.columns, columns)
        return self.box, rows[:, :, None], columns[:, None, :]

    def corners(self, image):
        """The four neighbours: upper left, upper right, lower left, lower right."""
        sides = "lower", "upper"
        return [image[self.at(i, j)].astype(F, copy=False) for i in sides for j in sides]

    def shares(self):
        """For each neighbour, its place and how much it counts."""
        for i, down in (("lower", 1 - self.down), ("upper", self.down)):
            for j, right in (("lower", 1 - self.right), ("upper", self.right)):
                yield self.at(i, j), down * right


@op("CropAndResize", shape=_cropped)
def crop_and_resize_op(
    xp, image: Pixels, boxes: float32, box_ind: int32, crop_size: Size, *, method="bilinear",
    extrapolation_value=0.0,
) -> float32:  # fmt: skip
    """The parts of images that boxes name, resized."""
    _check_images(xp, box_ind, image.shape[0])
    crops = _Crops(xp, boxes, box_ind, image.shape, ints(crop_size))
    if method == "nearest":
        found = image[crops.at("nearest", "nearest")].astype(F, copy=False)
    else:
        above, above_right, below, below_right = crops.corners(image)
        above = above + (above_right - above) * crops.right
        below = below + (below_right - below) * crops.right
        found = above + (below - above) * crops.down
    return xp.where(crops.inside, found, F(extrapolation_value))


@crop_and_resize_op.trait
def quick(run, image, boxes, box_ind, crop_size, *, method, extrapolation_value):
    _check_images(np, box_ind, image.shape[0])
    return cropped(run, image, boxes, box_ind, ints(crop_size), method, extrapolation_value)


@crop_and_resize_op.gradient
def _(y, dy, image, boxes, box_ind, crop_size, *, method, extrapolation_value):
    known = image.shape.as_list() if image.shape.is_fully_defined() else shape(image)
    of_image = None
    if image.dtype in IEEE_FLOATS:
        of_image = crop_and_resize_grad_image(
            dy, boxes, box_ind, known, T=image.dtype.base_dtype, method=method
        )
    return of_image, crop_and_resize_grad_boxes(dy, image, boxes, box_ind), None, None


def _given_shape(grads, boxes, box_ind, image_size, **_):
    return (None,) * 4 if image_size is None else sizes(image_size)


@op("CropAndResizeGradImage", shape=_given_shape)
def crop_and_resize_grad_image(
    xp, grads: float32, boxes: float32, box_ind: int32, image_size: Size, *, T, method="bilinear"
) -> Attr("T"):
    """The gradient of CropAndResize for the image."""
    image = ints(image_size)
    _check_images(xp, box_ind, image[0])
    crops = _Crops(xp, boxes, box_ind, image, grads.shape[1:3])
    total = xp.zeros(image, np.float64 if T is float64 else F)
    grads = xp.where(crops.inside, grads, F(0)).astype(total.dtype, copy=False)
    shared = [(crops.at("nearest", "nearest"), F(1))] if method == "nearest" else crops.shares()
    for place, share in shared:
        xp.add.at(total, place, grads * share)
    return total.astype(T.numpy, copy=False)


@crop_and_resize_grad_image.trait
def quick(run, grads, boxes, box_ind, image_size, *, T, method):  # noqa: F811
    image = ints(image_size)
    _check_images(np, box_ind, image[0])
    dtype = np.float64 if T is float64 else F
    found = gradient_of_image(run, grads, boxes, box_ind, image, dtype, method)
    return found.astype(T.numpy, copy=False)


@op("CropAndResizeGradBoxes", shape=lambda grads, image, boxes, box_ind, **_:
    (_count(boxes, box_ind), 4))  # fmt: skip
def crop_and_resize_grad_boxes(
    xp, grads: float32, image: Pixels, boxes: float32, box_ind: int32, *, method="bilinear"
) -> float32:
    """The gradient of CropAndResize for the boxes; by the bilinear method always."""
    _check_images(xp, box_ind, image.shape[0])
    crops = _Crops(xp, boxes, box_ind, image.shape, grads.shape[1:3])
    above, above_right, below, below_right = crops.corners(image)
    down = (1 - crops.right) * (below - above) + crops.right * (below_right - above_right)
    right = (1 - crops.down) * (above_right - above) + crops.down * (below_right - below)
    grads = xp.where(crops.inside, grads, F(0))
    down, right = (down * grads).sum((2, 3)), (right * grads).sum((1, 3))
    (y1, y2), (x1, x2) = (
        _ends(xp, along, size) for along, size in ((down, image.shape[1]), (right, image.shape[2]))
    )
    return xp.stack([y1, x1, y2, x2], axis=1)


@crop_and_resize_grad_boxes.trait
def quick(run, grads, image, boxes, box_ind, *, method):  # noqa: F811
    _check_images(np, box_ind, image.shape[0])
    return gradient_of_boxes(run, grads, image, boxes, box_ind)


def _ends(xp, along, size):
    """The gradients of the start and the end of boxes, from those of the places between."""
    count, last = along.shape[1], F(size - 1)
    if count == 1:
        half = along[:, 0] * (F(0.5) * last)
        return half, half
    steps = xp.arange(count, dtype=F) * (last / F(count - 1))
    return (along * (last - steps)).sum(1), (along * steps).sum(1)


def crop_and_resize(
    image, boxes, box_ind=None, crop_size=None, method="bilinear", extrapolation_value=0,
    name=None, box_indices=None,
):  # fmt: skip
    """The parts of a batch of images that `boxes` name, resized to `crop_size`, in float32.

    A box is [y1, x1, y2, x2], where 0 and 1 are the first and the last pixel, of the image
    `box_ind` (or `box_indices`). `method` is "bilinear" or "nearest"; what lies outside the image
    is `extrapolation_value`. Raises ValueError for shapes that do not fit; OutOfRangeError in the
    run for an image that is not there.
    """
    box_ind = renamed("box_ind", box_ind, "box_indices", box_indices)
    if method not in ("bilinear", "nearest"):
        raise ValueError(
            f"Value for attr 'method' of \"{method}\" is not in the list of allowed values: "
            '"bilinear", "nearest"'
        )
    return crop_and_resize_op(
        image, boxes, box_ind, crop_size, method=method,
        extrapolation_value=float(extrapolation_value), name=name,
    )  # fmt: skip


# -- glimpses -------------------------------------------------------------------------------------


def _glimpsed(input, size, offsets, **_):
    batch, _, _, depth = rank_checked(input, 4, "input")
    rows, pair = rank_checked(offsets, 2, "offsets")
    if pair not in (2, None):
        raise ValueError(f"Dimension must be 2 but is {pair}: a row of offsets is y, x")
    both = merge((batch,), (rows,))
    if both is False:
        raise ValueError(f"Dimensions must be equal: {batch} images, {rows} offsets")
    return (both[0], *two_sizes(size), depth)


def _noise_state(operation):
    return philox.seeded(0, 0)


@op("ExtractGlimpse", shape=_glimpsed, grad=NOT_DIFFERENTIABLE, stateful=True, host=True,
    state=_noise_state)  # fmt: skip
def extract_glimpse_op(
    xp, state, input: float32, size: Size, offsets: float32, *, centered=True, normalized=True,
    uniform_noise=True, noise="uniform",
) -> float32:  # fmt: skip
    """A window of each image, noise where it lies outside."""
    height, width = ints(size)
    result = np.empty((len(input), height, width, input.shape[3]), F)
    philox.uniform(result.reshape(-1), state)
    for image, offset, window in zip(input, offsets, result):
        low, span = image.min(), image.max() - image.min()
        window *= span
        window += low
        places = [
            _window(*pair, normalized, centered)
            for pair in zip(offset.tolist(), image.shape, (height, width))
        ]
        window[tuple(to for to, _ in places)] = image[tuple(at for _, at in places)]
    return result


def _window(offset, length, size, normalized, centered):
    """Which pixels of the window are on the image, and which of the image these are."""
    at = F(offset) * F(length) if normalized else F(offset)
    at = at / F(2) + F(length) / F(2) if centered else at
    start = int(at - F(size) / F(2))
    first, last = max(start, 0), min(start + size, length)
    last = max(first, last)
    return slice(first - start, last - start), slice(first, last)


def extract_glimpse(
    input, size, offsets, centered=True, normalized=True, uniform_noise=True, name=None
):
    """A window of `size` (height, width) of each image, its middle at `offsets` [batch, (y, x)].

    Offsets are `normalized` to the image's size, else in pixels; `centered` they count from its
    middle, where -1 and 1 are the edges, else from the upper left. What lies outside is uniform
    noise between the image's least and greatest value. As in TensorFlow 1.15 `uniform_noise` has
    to be true: NotImplementedError else. ValueError for shapes that do not fit.
    """
    if not uniform_noise:
        raise NotImplementedError("tf.image.extract_glimpse has uniform noise only")
    return extract_glimpse_op(input, size, offsets, centered=centered, normalized=normalized,
                              uniform_noise=uniform_noise, name=name)  # fmt: skip


def extract_patches(images, sizes, strides, rates, padding, name=None):
    """`tf.image.extract_image_patches` with all its arguments."""
    return extract_image_patches(images, sizes, strides, rates, padding, name=name)

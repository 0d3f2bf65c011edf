"""Boxes on images: `tf.image.draw_bounding_boxes`, and boxes drawn by lot."""
from typing import Any, NamedTuple

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float16, float32, int8, int16, int32, int64, uint8
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import TypeAttr
from minitf.image.shapes import rank_checked
from minitf.ops.random import philox

Pictures = TypeAttr("T", (float16, float32))
F = np.float32

# -- drawing boxes --------------------------------------------------------------------------------

# Yellow, blue, red, lime, purple, olive, maroon, navy, aqua, fuchsia; opaque.
COLORS = np.array(
    [[1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1], [0.5, 0.5, 0, 1],
     [0.5, 0, 0, 1], [0, 0, 0.5, 1], [0, 1, 1, 1], [1, 0, 1, 1]], F,
)  # fmt: skip


def _drawn(images, boxes, *_):
    images, boxes = rank_checked(images, 4, "images"), rank_checked(boxes, 3, "boxes")
    if boxes[2] not in (4, None):
        raise ValueError(f"Dimension must be 4 but is {boxes[2]}: a box is y1, x1, y2, x2")
    if images[3] not in (1, 3, 4, None):
        raise ValueError(f"Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA), got "
                         f"{images[3]}")  # fmt: skip
    return images


def _draw(images, boxes, colors):
    depth = images.shape[3]
    if len(images) != len(boxes):
        raise ValueError(f"The batch sizes should be the same, got {len(images)} images and boxes "
                         f"for {len(boxes)}")  # fmt: skip
    if depth == 1:
        colors = colors.copy()
        colors[:, 0] = 1
    canvas = images.copy()
    for picture, rows in zip(canvas, boxes):
        for number, box in enumerate(rows):
            _frame(picture, box, colors[number % len(colors), :depth])
    return canvas


def _frame(picture, box, color):
    """Draw the edges of a box, as far as they are on the picture."""
    height, width = picture.shape[:2]
    limits = np.array([height - 1, width - 1] * 2, F)
    top, left, bottom, right = (box.astype(F) * limits).astype(np.int64).tolist()
    if top > bottom or left > right:
        return  # no box
    if top >= height or bottom < 0 or left >= width or right < 0:
        return  # nowhere on it
    rows = slice(max(top, 0), min(bottom, height - 1) + 1)
    columns = slice(max(left, 0), min(right, width - 1) + 1)
    for row in (top, bottom):
        if 0 <= row < height:
            picture[row, columns] = color
    for column in (left, right):
        if 0 <= column < width:
            picture[rows, column] = color


@op("DrawBoundingBoxes", shape=_drawn, grad=NOT_DIFFERENTIABLE, host=True)
def draw_bounding_boxes_op(xp, images: Pictures, boxes: float32):
    """images with boxes drawn on them, in ten colours in turn."""
    return _draw(images, boxes, COLORS)


@op("DrawBoundingBoxesV2", shape=_drawn, host=True)
def draw_bounding_boxes_v2(xp, images: Pictures, boxes: float32, colors: float32):
    """images with boxes drawn on them, in the colours given, in turn."""
    if colors.ndim != 2 or (colors.size and colors.shape[1] < images.shape[3]):
        raise ValueError(f"colors must be a 2-D matrix with a column for each channel, got shape "
                         f"{list(colors.shape)}")  # fmt: skip
    return _draw(images, boxes, colors if len(colors) else COLORS)


def draw_bounding_boxes(images, boxes, name=None, colors=None):
    """A batch of images with the edges of `boxes` [batch, boxes, (y1, x1, y2, x2)] drawn on them.

    0 and 1 are the first and the last pixel. The images have 1, 3 or 4 channels, in [0, 1];
    `colors` [colors, channels] are used in turn, ten of TensorFlow's without it. ValueError for
    shapes that do not fit.
    """
    # An array becomes float32, as in TensorFlow: only tensors keep their type.
    images = convert_to_tensor(images, name="images", dtype_hint=float32)
    if colors is None:
        return draw_bounding_boxes_op(images, boxes, name=name)
    return draw_bounding_boxes_v2(images, boxes, colors, name=name)


# -- drawing a box by lot -------------------------------------------------------------------------


class _Lots:
    """Random 32-bit words one after the other, as TensorFlow's SimplePhilox gives them."""

    def __init__(self, state, count):
        self._words = iter(philox.stream(state, count).tolist())

    def uniform(self):
        """In [0, 1), float32."""
        return philox.uniform_float(np.array([next(self._words)], np.uint32))[0]

    def below(self, limit):
        """An integer in [0, limit), exactly uniform; 0 for a limit of 0."""
        word = next(self._words)
        if not limit & (limit - 1):
            return word & (limit - 1) if limit else 0
        skewed = (2**32 - 1) % limit + 1
        while word < skewed:
            word = next(self._words)
        return word % limit


def _nearest(number):
    return int(np.rint(number))


def _random_crop(size, area_range, aspect, lots):
    """(top, left, height, width) of a random part; None when this try gives none."""
    height, width = size
    least, most = (F(share) * F(width) * F(height) for share in area_range)
    rows = _nearest(np.sqrt(least / aspect))
    limit = _nearest(np.sqrt(most / aspect))
    if _nearest(F(limit) * aspect) > width:
        limit = int((width + 0.5 - float(F(0.0000001))) / float(aspect))
        limit -= _nearest(F(limit) * aspect) > width
    limit = min(limit, height)
    rows = min(rows, limit)
    if rows < limit:
        rows += lots.below(limit - rows + 1)
    columns = _nearest(F(rows) * aspect)
    # Rounding may have left the range: try one row more, or one less.
    for wrong, step in ((lambda area: area < least, 1), (lambda area: area > most, -1)):
        if wrong(F(rows * columns)):
            rows += step
            columns = _nearest(F(rows) * aspect)
    if not least <= F(rows * columns) <= most:
        return None
    if not (0 < columns <= width and 0 < rows <= height):
        return None
    top = lots.below(height - rows) if rows < height else 0
    left = lots.below(width - columns) if columns < width else 0
    return top, left, rows, columns


def _covers(crop, boxes, share):
    """Whether a crop has at least this share of one of the boxes (y1, x1, y2, x2)."""
    top, left, rows, columns = crop
    if rows * columns < 1:
        return False
    for y1, x1, y2, x2 in boxes:
        area = (y2 - y1) * (x2 - x1)
        high = min(y2, top + rows) - max(y1, top)
        wide = min(x2, left + columns) - max(x1, left)
        if area >= 1 and F(max(high, 0) * max(wide, 0)) / F(area) >= share:
            return True
    return False


def _pixel_boxes(size, boxes, whole_if_none):
    if boxes.size and not 0 <= boxes.min() <= boxes.max() <= 1:
        raise ValueError(f"All bounding box coordinates must be in [0.0, 1.0], got {boxes}")
    scaled = boxes.reshape(-1, 4).astype(F) * np.array([*size, *size], F)
    found = [tuple(row) for row in scaled.astype(np.int32).tolist()]
    if not found and not whole_if_none:
        raise ValueError(
            "No bounding boxes provided as input. One must enable use_image_if_no_bounding_boxes "
            "if you wish to not provide any bounding boxes."
        )
    return found or [(0, 0, *size)]


def _lot_state(operation):
    return philox.seeded(operation.attrs["seed"], operation.attrs["seed2"])


def _box_shapes(image_size, bounding_boxes, min_object_covered, **_):
    if rank_checked(image_size, 1, "image_size")[0] not in (3, None):
        raise ValueError(f"Dimension must be 3 but is {image_size[0]}: height, width and channels")
    if rank_checked(bounding_boxes, 3, "bounding_boxes")[2] not in (4, None):
        raise ValueError("Dimension must be 4: a bounding box is y1, x1, y2, x2")
    return [(3,), (3,), (1, 1, 4)]


Integers = TypeAttr("T", (uint8, int8, int16, int32, int64))


@op("SampleDistortedBoundingBoxV2", shape=_box_shapes, grad=NOT_DIFFERENTIABLE, stateful=True,
    host=True, state=_lot_state)  # fmt: skip
def sample_distorted_bounding_box_op(
    xp, state, image_size: Integers, bounding_boxes: float32, min_object_covered: float32, *,
    seed=0, seed2=0, aspect_ratio_range=(0.75, 1.33), area_range=(0.05, 1.0), max_attempts=100,
    use_image_if_no_bounding_boxes=False,
) -> [Integers, Integers, float32]:  # fmt: skip
    """A random part of an image that shows enough of one of the boxes: begin, size, box."""
    size = tuple(int(n) for n in image_size[:2])
    boxes = _pixel_boxes(size, bounding_boxes, use_image_if_no_bounding_boxes)
    lots = _Lots(philox.reserve(state, max_attempts), max_attempts * 16)
    top, left, rows, columns = _chosen(
        size, boxes, F(min_object_covered), aspect_ratio_range, area_range, max_attempts, lots
    )
    height, width = (F(n) for n in size)
    box = [top / height, left / width, (top + rows) / height, (left + columns) / width]
    dtype = image_size.dtype
    return [np.array([top, left, 0], dtype), np.array([rows, columns, -1], dtype),
            np.array([[box]], F)]  # fmt: skip


def _chosen(size, boxes, share, aspects, areas, attempts, lots):
    low, high = (F(ratio) for ratio in aspects)
    for _ in range(attempts):
        aspect = lots.uniform() * (high - low) + low
        crop = _random_crop(size, areas, aspect, lots)
        if crop is not None and _covers(crop, boxes, share):
            return crop
    return 0, 0, *size


def _pair(name, values, default, most):
    values = default if values is None else tuple(float(value) for value in values)
    if len(values) != 2 or not 0 < values[0] <= values[1] <= most:
        raise ValueError(f"{name} must be two positive numbers in order, at most {most}, "
                         f"got {values}")  # fmt: skip
    return values


class SampleDistortedBoundingBoxV2(NamedTuple):
    """What `tf.image.sample_distorted_bounding_box` returns."""

    begin: Any
    size: Any
    bboxes: Any


def sample_distorted_bounding_box(
    image_size, bounding_boxes, seed=None, seed2=None, min_object_covered=0.1,
    aspect_ratio_range=None, area_range=None, max_attempts=None,
    use_image_if_no_bounding_boxes=None, name=None,
):  # fmt: skip
    """(begin, size, bboxes): a random part of an image, to give to tf.slice, and as a box to draw.

    It shows `min_object_covered` at least of one of `bounding_boxes` [batch, boxes, (y1, x1, y2,
    x2)], its width over its height lies in `aspect_ratio_range` (0.75, 1.33), and its share of the
    image in `area_range` (0.05, 1). After `max_attempts` (100) it is the whole image. Without
    boxes there is InvalidArgumentError in the run, unless `use_image_if_no_bounding_boxes`.
    """
    with name_scope(name, "sample_distorted_bounding_box"):
        found = sample_distorted_bounding_box_op(
            image_size, bounding_boxes, convert_to_tensor(min_object_covered, float32),
            seed=seed or 0, seed2=seed2 or 0,
            aspect_ratio_range=_pair("aspect_ratio_range", aspect_ratio_range, (0.75, 1.33), 1e38),
            area_range=_pair("area_range", area_range, (0.05, 1.0), 1.0),
            max_attempts=100 if max_attempts is None else max_attempts,
            use_image_if_no_bounding_boxes=bool(use_image_if_no_bounding_boxes), name=name,
        )  # fmt: skip
        return SampleDistortedBoundingBoxV2(*found)

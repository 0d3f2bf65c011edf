"""Images of random dots in which eyes that look through them see depth (Thimbleby, Inglis and
Witten, 1994)."""
import itertools
from collections.abc import Iterator

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import uint8
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Real
from minitf.core.tensor_shape import as_shape


def _image_shape(depth_values, *, output_image_shape, number_colors, **options):
    width, height, channels = output_image_shape
    return height, width, 3 if number_colors > 256 else channels


@op("SingleImageRandomDotStereograms", shape=_image_shape, grad=NOT_DIFFERENTIABLE, host=True)
def single_image_random_dot_stereograms_op(
    xp, depth_values: Real, *, hidden_surface_removal=True, convergence_dots_size=8,
    dots_per_inch=72, eye_separation=2.5, mu=0.3333, normalize=True, normalize_max=-100.0,
    normalize_min=100.0, border_level=0.0, number_colors=256, output_image_shape=(1024, 768, 1),
    output_data_window=(1022, 757),
) -> uint8:  # fmt: skip
    """An image [height, width, channels] of random colors, which repeat where two eyes meet a
    surface of this depth, 0 far and 1 near. Each call draws the same colors: those that the first
    has in a program of TensorFlow."""
    mu, eyes = np.float32(mu).item(), int(np.float32(eye_separation) * dots_per_inch)
    height, width, channels = _image_shape(None, output_image_shape=output_image_shape,
                                           number_colors=number_colors)  # fmt: skip
    left, top, last_row = _margins(output_image_shape, output_data_window, convergence_dots_size)
    rows, columns = depth_values.shape
    depths = _normalized(depth_values, normalize, normalize_max, normalize_min)
    depths = np.pad(depths, 1, constant_values=np.float32(border_level))
    data_width, data_height = output_data_window
    at_row = _places(np.arange(height) - top, rows, data_height)
    random, image = _rand(), np.empty((height, width, channels), np.uint8)
    linked = {}  # what a row is like depends on its depths only
    for y, row in enumerate(at_row.tolist()):
        if row not in linked:
            line = depths[row]

            def depth(x, line=line):
                return line[_places(x - left, columns, data_width)]

            linked[row] = _linked(depth, width, mu, eyes, hidden_surface_removal)
        image[y] = _colored(linked[row], random, channels, number_colors)
    _draw_dots(image, int(_separation(np.zeros(()), mu, eyes)), last_row, convergence_dots_size)
    return image


def _margins(image_shape, window, dots_size):
    """Where the data begin, at the left and at the top, and in which row the dots end."""
    left, spare = int((image_shape[0] - window[0]) / 2), image_shape[1] - window[1]
    if dots_size <= 0:
        return left, int(spare / 2), image_shape[1] - 1
    top = max(0, spare - dots_size) // 3
    return left, top, image_shape[1] - 1 - top


def _normalized(values, normalize, high, low):
    values = values.astype(np.float64)
    if normalize:
        if high < low:
            high, low = values.max(), values.min()
        with np.errstate(invalid="ignore", divide="ignore"):
            values = (values - low) / (high - low)
    return np.clip(values, 0.0, 1.0)


def _places(pixels, count, size):
    """Which of `count` values is shown there, numbered from 1; 0 is the border."""
    places = count * pixels / size
    return np.where((places >= 0) & (places < count), places.astype(np.int64) + 1, 0)


def _separation(depth, mu, eyes):
    """How far the two pixels are from each other through which eyes see a point."""
    return ((1 - mu * depth) * eyes / (2 - mu * depth) + 0.5).astype(np.int64)


def _linked(depth, width, mu, eyes, hidden_surface_removal):
    """For each pixel of a row the one furthest right that has its color."""
    x = np.arange(width)
    z = depth(x)
    with np.errstate(invalid="ignore"):
        separation = _separation(z, mu, eyes)
    left = x - (separation / 2).astype(np.int64)
    right = left + separation
    seen = (left >= 0) & (right < width)
    if hidden_surface_removal:
        seen &= _seen(depth, x, z, seen, mu, eyes)
    same = list(range(width))
    for first, second in zip(left[seen].tolist(), right[seen].tolist()):
        _link(same, first, second)
    same = np.array(same)
    while (same[same] != same).any():
        same = same[same]
    return same


def _seen(depth, x, z, asked, mu, eyes):
    """Whether nothing nearer is between the eyes and a point, for those asked about."""
    seen, distance = np.ones(len(x), bool), 0
    while asked.any():
        distance += 1
        above = z + 2 * (2 - mu * z) * distance / (mu * eyes)
        free = (depth(x - distance) < above) & (depth(x + distance) < above)
        seen &= free | ~asked
        asked = asked & free & (above < 1)
    return seen


def _link(same, left, right):
    """Let two pixels, and those linked to them, have one color."""
    link = same[left]
    while link not in (left, right):
        if link < right:
            left = link
        else:
            same[left], left, right = right, right, link
        link = same[left]
    same[left] = right


def _colored(same, random, channels, number_colors):
    width = len(same)
    own = np.flatnonzero(same == np.arange(width))[::-1]
    drawn = np.fromiter(itertools.islice(random, len(own) * channels), np.int64)
    row = np.empty((width, channels), np.uint8)
    row[own] = (drawn % 2 * 255 if number_colors == 2 else drawn % 256).reshape(-1, channels)
    return row[same]


def _draw_dots(image, apart, last_row, size):
    """Two black squares at the bottom, for the eyes to be laid over each other."""
    _, width, channels = image.shape
    flat = image.reshape(-1, channels)
    for center in (width // 2 - apart // 2, width // 2 + apart // 2):
        for row in range(last_row - size + 1, last_row + 1):
            start = row * width + center - size // 2
            flat[max(start, 0) : max(start + size, 0)] = 0


def _rand() -> Iterator[int]:
    """The numbers that `rand()` of the GNU C library gives, from its seed 1 on."""
    state = [1]
    for _ in range(30):
        state.append(16807 * state[-1] % 2147483647)
    state += state[:3]
    for i in itertools.count(34):
        state.append((state[i - 31] + state[i - 3]) & 0xFFFFFFFF)
        if i >= 344:
            yield state[i] >> 1


def single_image_random_dot_stereograms(
    depth_values, hidden_surface_removal=None, convergence_dots_size=None, dots_per_inch=None,
    eye_separation=None, mu=None, normalize=None, normalize_max=None, normalize_min=None,
    border_level=None, number_colors=None, output_image_shape=None, output_data_window=None,
):  # fmt: skip
    """An image of random dots, uint8, [height, width, channels], in which one sees `depth_values`,
    [rows, columns]: larger is nearer.

    They are scaled to 0 (far) to 1 (near) if `normalize`, by their own limits if `normalize_max` is
    below `normalize_min`. The sizes of the image (default [1024, 768, 1]) and of the window in it
    that shows them ([1022, 757]) begin with the width. `number_colors` is 2, or up to 256 grays, or
    more for three channels. `convergence_dots_size` pixels have the dots at the bottom.
    """
    given = {"hidden_surface_removal": hidden_surface_removal, "dots_per_inch": dots_per_inch,
             "convergence_dots_size": convergence_dots_size, "eye_separation": eye_separation,
             "mu": mu, "normalize": normalize, "normalize_max": normalize_max,
             "normalize_min": normalize_min, "border_level": border_level,
             "number_colors": number_colors}  # fmt: skip
    for name, shape in (("output_image_shape", output_image_shape),
                        ("output_data_window", output_data_window)):  # fmt: skip
        given[name] = None if shape is None else as_shape(shape)
    return single_image_random_dot_stereograms_op(
        convert_to_tensor(depth_values), **{k: v for k, v in given.items() if v is not None}
    )

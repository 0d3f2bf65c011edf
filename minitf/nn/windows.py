"""Windows that slide over images: what convolution and pooling share.

Here stand the sizes, the padding, and which pixels a position of the window meets.
"""
from collections.abc import Sized
from math import gcd
from numbers import Real
from typing import NamedTuple

import numpy as np

from minitf.core.shape_rules import NotBuilt, sizes
from minitf.core.tensor import is_tensor
from minitf.core.tensor_shape import Dimension, merge, printed

LAYOUTS = ("NHWC", "NCHW")
LAYOUTS_3D = ("NDHWC", "NCDHW")
ONES = (1, 1, 1, 1)


class Axis(NamedTuple):
    """A window sliding along one axis: along an axis of `size` pixels with `before` zeros (or, if
    negative, missing pixels) before the first one."""

    size: int
    window: int
    stride: int
    dilation: int
    before: int
    output: int

    def inside(self, i):
        """The outputs for which position `i` of the window is on the image, and those pixels."""
        offset = i * self.dilation - self.before
        first = max(0, -(offset // self.stride))
        last = max(first, min(self.output, -((offset - self.size) // self.stride)))
        start = offset + first * self.stride
        stop = start + (last - first - 1) * self.stride + 1 if last > first else start
        return slice(first, last), slice(start, stop, self.stride)

    def part(self, first, last):
        """The same window for the outputs from `first` to `last` only."""
        return self._replace(before=self.before - first * self.stride, output=last - first)

    def undilated(self):
        """The windows without gaps that this one is made of.

        A list of (outputs, stride, pixels): `pixels` is an Axis of the pixels to take, one for
        each step, and on these the outputs slide by `stride`.
        """
        step = self.stride if self.window == 1 else self.dilation
        common = gcd(step, self.stride)
        count, stride = step // common, self.stride // common
        return [self._undilated(j, count, stride, step) for j in range(min(count, self.output))]

    def _undilated(self, j, count, stride, step):
        outputs = range(j, self.output, count)
        width = (len(outputs) - 1) * stride + self.window
        pixels = Axis(self.size, 1, step, 1, self.before - j * self.stride, width)
        return slice(j, None, count), stride, pixels

    def reversed(self):
        """The windows that carry gradients from the outputs back to the pixels.

        A list of (pixels, positions, axis): the gradient of `pixels` is a convolution, as `axis`
        says, of the outputs' gradients with these positions of the window.
        """
        return [self._reversed(q) for q in range(min(self.stride, self.size))]

    def _reversed(self, q):
        pixels = slice(q, None, self.stride)
        count = len(range(q, self.size, self.stride))
        meets = [i for i in range(self.window)
                 if (q + self.before - i * self.dilation) % self.stride == 0]  # fmt: skip
        if not meets:
            return pixels, [], None
        dilation = self.dilation // gcd(self.stride, self.dilation)
        base = (q + self.before - meets[0] * self.dilation) // self.stride
        before = (len(meets) - 1) * dilation - base
        return pixels, meets[::-1], Axis(self.output, len(meets), 1, dilation, before, count)


STILL = Axis(1, 1, 1, 1, 0, 1)


def three(axes):
    """The axes of planes, rows and columns, from one to three of them: an image is a volume of one
    plane, and a sequence an image of one row."""
    return [STILL] * (3 - len(axes)) + list(axes)


def output_size(size, window, stride, dilation, padding, around=(0, 0)):
    """The number of windows along an axis; None when `size` or `window` is not known.

    `padding` is "SAME", "VALID", or "EXPLICIT" with the zeros before and after in `around`.
    Where the window is larger than the padded axis the number is 0, but no graph is built so:
    only what the run alone knows can be. ValueError where it is larger by two strides or more.
    """
    if size is None or (padding != "SAME" and window is None):
        return None
    if padding == "SAME":
        return -(-size // stride)
    reach, whole = (window - 1) * dilation + 1, size + sum(around)
    if whole >= reach:
        return (whole - reach) // stride + 1
    why = (f"Negative dimension size caused by subtracting {reach} from {whole}: the window does "
           f"not fit; padding='SAME' adds zeros around the image")  # fmt: skip
    if whole + 2 * stride <= reach:
        raise ValueError(why)
    return NotBuilt(0, why)


def axis(size, window, stride, dilation, padding, around=(0, 0)):
    """The Axis of a window: TensorFlow's "SAME" puts the odd zero behind."""
    output = output_size(size, window, stride, dilation, padding, around)
    before = around[0]
    if padding == "SAME":
        missing = (output - 1) * stride + (window - 1) * dilation + 1 - size
        before = max(missing, 0) // 2
    return Axis(size, window, stride, dilation, before, output)


# -- attributes -----------------------------------------------------------------------------------


def spatial(values, data_format):
    """The elements of a list of four that belong to height and width, of five and depth too."""
    return tuple(values[2:] if data_format.startswith("NC") else values[1:-1])


def axes(shape, window, strides, padding, data_format, dilations=ONES, explicit_paddings=()):
    """The Axis of the height and that of the width: `window` is the two sizes of the window.

    For volumes, that of the depth stands before them.
    """
    return [
        axis(*numbers, padding, around)
        for *numbers, around in _directions(
            shape, window, strides, data_format, dilations, explicit_paddings
        )
    ]


def output_sizes(
    shape, window, strides, padding, data_format, dilations=ONES, explicit_paddings=()
):
    """The height and the width of the outputs, None where they are not known."""
    return [
        output_size(*numbers, padding, around)
        for *numbers, around in _directions(
            shape, window, strides, data_format, dilations, explicit_paddings
        )
    ]


def _directions(shape, window, strides, data_format, dilations, explicit_paddings):
    """(size, window, stride, dilation, zeros around) of the height and of the width."""
    pairs = padding_pairs(explicit_paddings, len(data_format))
    of_axes = (spatial(four, data_format) for four in (shape, strides, dilations, pairs))
    sizes, strides, dilations, around = of_axes
    return zip(sizes, window, strides, dilations, around)


def padding_pairs(explicit_paddings, rank=4):
    """The zeros (before, after) of each of the four axes, given as a flat list, empty for none."""
    flat = explicit_paddings or (0,) * 2 * rank
    return list(zip(flat[::2], flat[1::2]))


def per_axis(value, data_format, name):
    """A number, or a list of 1, 2 or 4 numbers, as one number for each of the four axes.

    Of 1 or 3 for "NWC", of 1, 3 or 5 for "NDHWC". TypeError for what is no number, ValueError for
    another count.
    """
    if is_tensor(value):
        raise TypeError(f"{name} must be known at build: numbers, not the tensor {value!r}")
    given = [1] if value is None else value if isinstance(value, Sized) else [value]
    given = whole_numbers(given, name)
    rank = len(data_format)
    if len(given) == rank:
        return given
    if len(given) not in (1, rank - 2):
        raise ValueError(
            f"{name} should be of length 1, {rank - 2} or {rank} but was {len(given)}"
        )
    middle = given * ((rank - 2) // len(given))
    return [1, 1, *middle] if data_format.startswith("NC") else [1, *middle, 1]


def whole_numbers(values, name):
    """`values` as a list of int. TypeError for what is no number."""
    for value in values:
        if not isinstance(value, (Real, Dimension)):
            raise TypeError(f"Expected int for argument '{name}' not {value!r}.")
    return [int(value) for value in values]


def check_choice(type, attribute, value, choices):
    """TypeError unless `value` is a string, ValueError unless it is one of `choices`."""
    if not isinstance(value, str):
        raise TypeError(f"Expected string for argument '{attribute}' not {value!r}.")
    if value not in choices:
        raise ValueError(
            f"Attr '{attribute}' of '{type}' Op passed string '{value}' not in: "
            + ", ".join(f'"{choice}"' for choice in choices)
            + "."
        )


def check_four(name, numbers, rule):
    """ValueError unless there are four numbers of at least 1; `rule` says so in words."""
    check_count(name, numbers, rule, 4)


def check_count(name, numbers, rule, count):
    """ValueError unless there are `count` numbers of at least 1."""
    if len(numbers) != count:
        raise ValueError(
            f"{name} must have {count} elements, one for each axis, got {list(numbers)}"
        )
    if min(numbers) < 1:
        raise ValueError(f"{rule}, but got {min(numbers)}: {name}={list(numbers)}")


def check_still(name, numbers, data_format):
    """ValueError unless batch and depth have the number 1."""
    batch, *_, depth = taken_apart(numbers, data_format)
    if (batch, depth) != (1, 1):
        raise ValueError(
            f"Current implementation does not yet support {name} in the batch and depth "
            f"dimensions: {name}={list(numbers)} with data_format={data_format!r} must be 1 there"
        )


def window_attributes(strides, padding, explicit_paddings, data_format, dilations):
    """What says how the windows of a convolution lie, by name."""
    return {
        "strides": strides,
        "padding": padding,
        "explicit_paddings": explicit_paddings,
        "data_format": data_format,
        "dilations": dilations,
    }


def check_window(*, strides, padding, data_format, dilations, explicit_paddings=(), **_):
    """ValueError unless a convolution can have such windows."""
    check_count("strides", strides, "Stride must be > 0", len(data_format))
    check_count("dilations", dilations, "Dilation rate must be >= 1", len(data_format))
    check_still("strides", strides, data_format)
    check_still("dilations", dilations, data_format)
    if len(explicit_paddings) != 8 * (padding == "EXPLICIT"):
        raise ValueError(
            "explicit_paddings must have 8 elements if the padding is EXPLICIT, else none: "
            f"padding={padding!r}, explicit_paddings={list(explicit_paddings)}"
        )
    batch, *_, depth = taken_apart(padding_pairs(explicit_paddings), data_format)
    if any(batch + depth):
        raise ValueError(
            "Nonzero explicit padding in the batch or depth dimensions is not supported: "
            f"{padding_pairs(explicit_paddings)} with data_format={data_format!r}"
        )
    if min(explicit_paddings, default=0) < 0:
        raise ValueError(
            "All elements of explicit_paddings must be nonnegative, got "
            f"{padding_pairs(explicit_paddings)}"
        )


def explicit_padding(padding):
    """(padding, flat list): a list of pairs is the padding "EXPLICIT". ValueError for others."""
    if isinstance(padding, str) and padding == "EXPLICIT":
        raise ValueError(
            '"EXPLICIT" is not a valid value for the padding parameter. To use explicit padding, '
            "the padding parameter must be a list."
        )
    if not isinstance(padding, (list, tuple)):
        return padding, []
    for i, pair in enumerate(padding):
        _check_pair(i, pair)
    if len(padding) != 4:
        raise ValueError(
            f"When padding is a list, it must be of size 4. Got padding of size: {len(padding)}"
        )
    return "EXPLICIT", whole_numbers([n for pair in padding for n in pair], "explicit_paddings")


def _check_pair(i, pair):
    wrong = f"has size {len(pair)}" if isinstance(pair, (list, tuple)) else "is not a list/tuple"
    if wrong != "has size 2":
        raise ValueError(
            "When padding is a list, each element of padding must be a list/tuple of size 2. "
            f"Element with index {i} of padding {wrong}"
        )


def four_numbers(value, name, function):
    """A list of numbers. TypeError for anything else."""
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"Expected list for '{name}' argument to '{function}' Op, not {value!r}.")
    return whole_numbers(value, name)


def as_sizes(value):
    """`value` with an array's integers as int32: NumPy makes int64 of plain numbers."""
    return value.astype(np.int32) if isinstance(value, np.ndarray) else value


# -- shapes ---------------------------------------------------------------------------------------


def ranked(shape, name, rank=4):
    """`shape`, with four unknown sizes for an unknown rank. ValueError unless of rank 4."""
    if shape is None:
        return (None,) * rank
    if len(shape) != rank:
        raise ValueError(
            f"Shape must be rank {rank} but is rank {len(shape)}: '{name}' is {printed(shape)}"
        )
    return shape


def given(value, name, rank=4):
    """The shape that a vector of four sizes says. ValueError unless it is one."""
    if value is not None and np.ndim(value) != 1:
        raise ValueError(
            f"Shape must be rank 1 but is rank {np.ndim(value)}: '{name}' is a vector of the "
            f"{rank} sizes"
        )
    return ranked(sizes(value), name, rank)


def buffer(xp, out, shape, dtype):
    """`out`, or a new array. ValueError when the shape has a negative size, here None."""
    if None in shape:
        raise ValueError(f"sizes must not be negative, got {printed(shape)}")
    return xp.empty(shape, dtype) if out is None else out


def agreed(a, b, what):
    """The size that two known or unknown sizes agree on. ValueError, saying `what`, otherwise."""
    merged = merge((a,), (b,))
    if merged is False:
        raise ValueError(f"Dimensions must be equal, but are {a} and {b}: {what}")
    return merged[0]


def image(batch, height, width, depth, data_format):
    """The four sizes in the order of `data_format`."""
    return put_together(batch, [height, width], depth, data_format)


def put_together(batch, pixels, depth, data_format):
    """The sizes in the order of `data_format`; `pixels` are those of its height, its width, ..."""
    if data_format.startswith("NC"):
        return batch, depth, *pixels
    return batch, *pixels, depth


def taken_apart(shape, data_format):
    """(batch, height, width, depth) of a shape in the order of `data_format`."""
    if data_format.startswith("NC"):
        batch, depth, *pixels = shape
        return batch, *pixels, depth
    return tuple(shape)


def count_space_to_batch(input, data_format):
    """How many nodes TensorFlow makes for the zeros around `input` and for moving its pixels to the
    batch and back, by which it computes what is dilated: seeds of later ops count them."""
    if input._shape is None:
        return 37 + 19 * (len(data_format) - 2)
    _, *pixels, _ = taken_apart(input._shape, data_format)
    return 12 if None not in pixels else 37 + 19 * len(pixels)


def channels_last(array, data_format):
    """A view with the channels behind."""
    if data_format.startswith("NC"):
        return array.transpose(0, *range(2, array.ndim), 1)
    return array

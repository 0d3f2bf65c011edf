"""Parts of tensors: `x[a:b]`, `tf.slice`, `tf.strided_slice`."""
import functools
import sys

from minitf.core.constant import constant
from minitf.core.cuda.threads import Axis, along_axes
from minitf.core.dtypes import INTEGERS, int32, int64
from minitf.core.eager import executing_eagerly
from minitf.core.graph import name_scope
from minitf.core.literals import elements, ints, is_literal, vector
from minitf.core.op import op
from minitf.core.schema import T, static
from minitf.core.shape_rules import sizes
from minitf.core.source import shape_of
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import Dimension, printed
from minitf.ops.array.basics import shape
from minitf.ops.array.joining import stack
from minitf.ops.math.elementwise import cast

Index = static("Index")
Shape = static("Index")

# -- slice ----------------------------------------------------------------------------------------


def _slice_shape(input, begin, size):
    first, count = vector(begin), vector(size)
    if input is None and count is not None:
        return tuple(None if n == -1 else n for n in count)
    if count is None:
        if None not in (input, first) and len(input) != len(first):
            raise ValueError(f"begin {list(first)} must have an element for each axis of "
                             f"{printed(input)}")  # fmt: skip
        known = input or first
        return None if known is None else (None,) * len(known)
    first = (None,) * len(count) if first is None else first
    if not len(input) == len(first) == len(count):
        raise ValueError(f"begin {list(first)} and size {list(count)} must have an element for "
                         f"each axis of {printed(input)}")  # fmt: skip
    return tuple(_slice_size(i, *triple) for i, triple in enumerate(zip(input, first, count)))


def _slice_size(axis, length, begin, count):
    if count is None:
        return None
    if count == -1:
        if None in (length, begin):
            return None
        count = length - begin
    if length is not None and begin is not None and not 0 <= begin <= begin + count <= length:
        raise ValueError(
            f"Expected begin[{axis}] in [0, {length}] and size[{axis}] in "
            f"[0, {max(length - begin, 0)}], but got {begin} and {count}"
        )
    return count


@op("Slice", shape=_slice_shape, view=True, structural=True)
def slice_op(xp, input, begin: Index, size: Index):
    """`size` elements along each axis, from `begin` on; -1 is all that are left."""
    begin, size = ints(begin), ints(size)
    index = tuple(slice(b, None if n == -1 else b + n) for b, n in zip(begin, size))
    part = input[(*index, ...)]  # with the dots an array even of one string
    if part.shape != size or 0 in size:
        _slice_shape(input.shape, begin, size)  # raises unless a -1 made the difference
    return part


def slice_(input_, begin, size, name=None):
    """`size` elements of `input_` along each axis, from `begin` on; a size of -1 is the rest."""
    return slice_op(input_, begin, size, name=name)


slice_.__name__ = "slice"

# -- strided slice --------------------------------------------------------------------------------


def _index(begin, end, strides, masks):
    """NumPy's index for TensorFlow's masks. ValueError for two ellipses, or other lengths."""
    parts = tuple(begin), tuple(end), tuple(strides), tuple(masks.items())
    return list(_known_index(*parts))


@functools.lru_cache(maxsize=4096)  # in a loop the same comes in each iteration
def _known_index(begin, end, strides, masks):
    if not len(begin) == len(end) == len(strides):
        raise ValueError("Expected begin, end, and strides to be 1D equal size tensors, but got "
                         f"{len(begin)}, {len(end)} and {len(strides)} numbers")  # fmt: skip
    index, masks = [], dict(masks)
    for i, (first, last, step) in enumerate(zip(begin, end, strides)):
        bit = {key[:-5]: mask >> i & 1 for key, mask in masks.items()}
        if bit["ellipsis"]:
            index.append(...)
        elif bit["new_axis"]:
            index.append(None)
        elif bit["shrink_axis"]:
            index.append(first)
        else:
            first, last = (None if bit[key] else value
                           for key, value in (("begin", first), ("end", last)))  # fmt: skip
            index.append(slice(first, last, step))
    if index.count(...) > 1:
        raise ValueError("Multiple ellipses in slice spec not allowed")
    return index


def _sliced_shape(input, begin, end, strides, **masks):
    values = elements(begin), elements(end), elements(strides)
    known = next((value for value in values if value is not None), None)
    if known is None or input is None:
        return None
    unknown = (_Unknown,) * len(known)
    begin, end, strides = (unknown if value is None else value for value in values)
    index = _index(*(map(_or_unknown, value) for value in (begin, end, strides)), masks)
    taken = len(index) - index.count(None) - index.count(...)
    if taken > len(input):
        raise ValueError(f"Index out of range using input dim {len(input)}; {printed(input)} has "
                         f"only {len(input)} axes, the index {taken}")  # fmt: skip
    place = index.index(...) if ... in index else len(index)
    rest = [slice(None)] * (len(input) - taken)
    axes = iter(input)
    full = [*index[:place], *rest, *index[place + 1 :]]
    found = [1 if i is None else _sliced_size(i, next(axes), n) for n, i in enumerate(full)]
    return tuple(None if size is _Unknown else size for size in found if size is not _Gone)


class _Unknown:
    """An index, or a size, that is not known before the run."""


class _Gone:
    """The size of an axis that an index has taken away."""


def _or_unknown(value):
    return _Unknown if value is None else value


def _sliced_size(index, length, axis):
    if isinstance(index, slice):
        parts = index.start, index.stop, index.step
        if index == slice(None) or (parts[:2] == (None, None) and index.step == 1):
            return _Unknown if length is None else length
        if length is None or _Unknown in parts:
            return _Unknown
        if index.step == 0:
            raise ValueError(f"strides[{axis}] must be non-zero")
        return len(range(*index.indices(length)))
    if length is not None and index is not _Unknown and not -length <= index < length:
        raise ValueError(f"slice index {index} of dimension {axis} out of bounds: it has size "
                         f"{length}")  # fmt: skip
    return _Gone


def _sliced_source(out, input, begin, end, strides, **masks):
    if not all(map(is_literal, (begin, end, strides))) or is_literal(input):
        return None
    index = _index(ints(begin), ints(end), ints(strides), masks)
    if shape_of(input) is None or all(isinstance(part, int) for part in index):
        index += _dots(masks["ellipsis_mask"])
    return f"{input}[{', '.join(map(_index_text, index))}]"


def _index_text(part):
    if part is ...:
        return "..."
    if not isinstance(part, slice):
        return str(part)
    ends = (part.start, part.stop) + (() if part.step == 1 else (part.step,))
    return ":".join("" if end is None else str(end) for end in ends)


@op("StridedSlice", shape=_sliced_shape, view=True, structural=True, source=_sliced_source)
def strided_slice_op(
    xp, input, begin: Index, end: Index, strides: Index, *,
    begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0,
):  # fmt: skip
    """input[begin:end:strides], with bits that say which parts stand for more than numbers."""
    masks = dict(begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
                 new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip
    return input[(*_index(ints(begin), ints(end), ints(strides), masks), *_dots(ellipsis_mask))]


def _dots(ellipsis_mask):
    """An ellipsis at the end makes NumPy return an array even where nothing else is left."""
    return () if ellipsis_mask else (...,)


@strided_slice_op.gradient
def _(y, dy, input, begin, end, strides, **masks):
    sizes = shape(input, out_type=begin.dtype)
    return strided_slice_grad(sizes, begin, end, strides, dy, **masks), None, None, None


def _spread(inputs, outputs, **masks):
    """An element of the whole comes from a place of the slice where the steps meet it."""
    *parts, dy = inputs
    _, begin, end, strides = map(ints, parts)
    whole = outputs[0].shape
    axes = [
        Axis(n, len(taken), "({c} - {p}) % {q} ? -1 : ({c} - {p}) / {q}", taken.start, taken.step)
        if len(taken) != n or taken.step != 1 else Axis(n, n)
        for n, taken in zip(whole, _taken(whole, _index(begin, end, strides, masks)))
    ]  # fmt: skip
    return along_axes([dy], outputs, axes)


def _taken(sizes, index):
    """For each axis the range of places that the index takes."""
    index = [part for part in index if part is not None]
    place = index.index(...) if ... in index else len(index)
    rest = [slice(None)] * (len(sizes) - len(index) + (... in index))
    full = [*index[:place], *rest, *index[place + 1 :]]
    return [range(n)[part] if isinstance(part, slice) else range(n)[part % n : part % n + 1]
            for n, part in zip(sizes, full)]  # fmt: skip


@op("StridedSliceGrad", shape=lambda shape, begin, end, strides, dy, **masks: sizes(shape),
    cuda=_spread)  # fmt: skip
def strided_slice_grad(
    xp, shape: Shape, begin: Index, end: Index, strides: Index, dy, out=None, *,
    begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0,
):  # fmt: skip
    """Zeros of the given shape, with dy where the slice was taken."""
    masks = dict(begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
                 new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip
    out = xp.empty(ints(shape), dy.dtype) if out is None else out
    out.fill(0)
    out[tuple(_index(ints(begin), ints(end), ints(strides), masks))] = dy
    return out


strided_slice_grad.schema.returns = T


@strided_slice_grad.gradient
def _(y, ddy, shape, begin, end, strides, dy, **masks):
    return None, None, None, None, strided_slice_op(ddy, begin, end, strides, **masks)


# -- indexing with brackets -----------------------------------------------------------------------


class _Spec:
    """The parts of `x[...]` as StridedSlice takes them."""

    def __init__(self):
        self.begin, self.end, self.strides = [], [], []
        self.masks = dict.fromkeys(
            ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"), 0
        )

    def add(self, part):
        if isinstance(part, slice):
            self._add_slice(part)
        elif part is ...:
            self._append(0, 0, 1, "ellipsis_mask")
        elif part is None:
            self._append(0, 0, 1, "new_axis_mask")
        else:
            _check_index(part)
            self._append(part, part + 1, 1, "shrink_axis_mask")

    def _add_slice(self, part):
        begin_open, end_open = _is_open(part.start), _is_open(part.stop)
        for value, is_open in ((part.start, begin_open), (part.stop, end_open), (part.step, False)):
            if value is not None and not is_open:
                _check_index(value)
        masks = ["begin_mask"] * begin_open + ["end_mask"] * end_open
        self._append(0 if begin_open else part.start, 0 if end_open else part.stop,
                     1 if part.step is None else part.step, *masks)  # fmt: skip

    def _append(self, begin, end, step, *masks):
        for mask in masks:
            self.masks[mask] |= 1 << len(self.begin)
        self.begin.append(begin)
        self.end.append(end)
        self.strides.append(step)


def _is_open(value):
    return value is None or (not isinstance(value, Tensor) and bool(value == sys.maxsize))


def _check_index(index):
    if isinstance(index, (int, Dimension)):
        return
    dtype = getattr(index, "dtype", None)
    dtype = getattr(dtype, "base_dtype", dtype)  # of a variable
    if dtype is None or dtype not in INTEGERS or (index.shape and len(index.shape) == 1):
        raise TypeError(
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
            f"tf.int32/tf.int64 tensors are valid indices, got {index!r}. To take several rows "
            "use tf.gather."
        )


@functools.lru_cache(maxsize=4096)
def _numbers(values):
    """The tensor of these numbers, where operations run at once."""
    return constant(values, int32)


def getitem(tensor, key):
    """`tensor[key]`: numbers, tensors, slices, `...` and `tf.newaxis`."""
    spec = _Spec()
    for part in key if isinstance(key, (list, tuple)) else [key]:
        spec.add(part)
    parts = spec.begin, spec.end, spec.strides
    if executing_eagerly() and all(type(i) is int for part in parts for i in part):
        packed = [_numbers(tuple(part)) for part in parts]
        return strided_slice_op(tensor, *packed, **spec.masks, name="strided_slice")
    values = [tensor, *spec.begin, *spec.end, *spec.strides]
    with name_scope(None, "strided_slice", values) as scope:
        if not spec.begin:
            packed = [constant([], int32)] * 3
        else:
            packed = [stack(values) for values in parts]
            if any(p.dtype == int64 for p in packed):
                packed = [cast(p, int64) for p in packed]
        return strided_slice_op(tensor, *packed, **spec.masks, name=scope)

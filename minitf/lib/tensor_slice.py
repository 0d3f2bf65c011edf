"""Parts of tensors, as checkpoints know them: `"7 2 0,3:-"` is the first 3 rows of 7."""
from typing import NamedTuple

from minitf.core.proto.checkpoint import TensorSliceProto
from minitf.core.tensor_shape import printed


class Slice(NamedTuple):
    """A part: (where it begins, how long it is) along each axis; None for the whole axis."""

    extents: tuple

    @classmethod
    def whole(cls, rank):
        return cls((None,) * rank)

    @classmethod
    def of(cls, proto):
        """The part that a TensorSliceProto means."""
        return cls(tuple(
            (extent.start, extent.length) if extent.HasField("has_length") else None
            for extent in proto.extent
        ))  # fmt: skip

    def proto(self):
        extents = [{} if e is None else {"start": e[0], "length": e[1]} for e in self.extents]
        return TensorSliceProto(extent=extents)

    def within(self, shape):
        """The same with numbers for whole axes. ValueError where it does not fit the shape."""
        if len(shape) != len(self.extents):
            raise ValueError(f"Mismatching ranks: shape = {printed(shape)}, slice = {self}")
        for axis, (size, extent) in enumerate(zip(shape, self.extents)):
            if extent is not None and not 0 <= extent[0] <= extent[0] + extent[1] <= size:
                raise ValueError(f"Extent in dimension {axis} out of bounds: shape = "
                                 f"{printed(shape)}, slice = {self}")  # fmt: skip
        return Slice(tuple((0, size) if e is None else e for size, e in zip(shape, self.extents)))

    @property
    def shape(self):
        """Its shape, where no axis is whole."""
        return tuple(length for _, length in self.extents)

    def __str__(self):
        return ":".join("-" if e is None else f"{e[0]},{e[1]}" for e in self.extents)


def parsed(spec):
    """(shape of the whole, Slice) that a text such as `"7 2 0,3:-"` means. ValueError for another.
    """
    *sizes, extents = spec.split(" ")
    if not sizes:
        raise ValueError(f"Need least two elements in shape_and_slice specification: {spec}")
    if not all(size.isdigit() for size in sizes):
        raise ValueError(f"Non numerical dimension in shape_and_slice: {spec}")
    part = Slice(tuple(_extent(extent, extents) for extent in extents.split(":")))
    shape = tuple(int(size) for size in sizes)
    part.within(shape)
    return shape, part


def _extent(text, whole):
    if text == "-":
        return None
    start, comma, length = text.partition(",")
    if not (comma and start.isdigit() and length.isdigit()):
        raise ValueError(f"Expected a pair of numbers or '-' but got '{text}': string = {whole}")
    if not int(length):
        raise ValueError("Expected non-negative start and positive length but got start = "
                         f"{start}, length = {length}: string = {whole}")  # fmt: skip
    return int(start), int(length)


def overlap(part, other):
    """What two parts share, as slices of NumPy of the one and of the other; None for nothing."""
    ours, theirs = [], []
    for (a, m), (b, n) in zip(part.extents, other.extents):
        start, end = max(a, b), min(a + m, b + n)
        if start >= end:
            return None
        ours.append(slice(start - a, end - a))
        theirs.append(slice(start - b, end - b))
    return tuple(ours), tuple(theirs)


# -- keys that sort as (name, part) does ----------------------------------------------------------


def key(name, part):
    """What the part of a tensor is called in a file."""
    made = b"\0" + _escaped(name) + b"\0\1" + _count(len(part.extents))
    for extent in part.extents:
        made += b"".join(map(_signed, (0, -1) if extent is None else extent))
    return made


def _escaped(name):
    return b"".join({0: b"\0\xff", 0xFF: b"\xff\0"}.get(b, bytes([b])) for b in name)


def _count(number):
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return bytes([len(content)]) + content


def _signed(number):
    """As many ones as there are bytes, turned by the number's own bits: it sorts as the number."""
    bits = (~number if number < 0 else number).bit_length()
    wide = (bits + 7) // 7
    ones = ((1 << wide) - 1) << 7 * wide
    return ((number & (1 << 8 * wide) - 1) ^ ones).to_bytes(wide, "big")

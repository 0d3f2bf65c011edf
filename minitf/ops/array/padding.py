"""More around tensors, and more of them: `tf.pad`, `tf.tile`."""
import numpy as np

from minitf.core.cuda.threads import NUMBERS, Axis, along_axes, coordinates, each
from minitf.core.literals import ints, vector
from minitf.core.op import op
from minitf.core.schema import static
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import printed
from minitf.ops.array.basics import ones_like, reshape, shape, sum_to
from minitf.ops.array.joining import stack
from minitf.ops.array.slicing import slice_op
from minitf.ops.math.elementwise import cast

# -- pad ------------------------------------------------------------------------------------------

Paddings = static("Tpaddings")

def _pairs(paddings):
    """The pairs (before, after), one for each axis."""
    return [tuple(row) for row in np.asarray(paddings, object).reshape(-1, 2).tolist()]


def _padded(tensor, paddings, *_, **attrs):
    if paddings is None:
        return None if tensor is None else (None,) * len(tensor)
    if np.ndim(paddings) == 1 and len(paddings):
        raise ValueError("Shape must be rank 2 but is rank 1: paddings have a row for each axis")
    pairs = _pairs(paddings)
    if any(n is not None and n < 0 for pair in pairs for n in pair):
        raise ValueError(f"Paddings must be non-negative, but got {[list(pair) for pair in pairs]}")
    if tensor is None:
        return (None,) * len(pairs)
    if len(pairs) != len(tensor):
        raise ValueError(
            f"paddings {np.asarray(paddings).tolist()} must have a pair for each axis of "
            f"{printed(tensor)}"
        )
    return tuple(
        None if None in (n, *pair) else _padded_size(n, pair, **attrs)
        for n, pair in zip(tensor, pairs)
    )


def _padded_size(length, pair, mode=None):
    most = None if mode is None else length - (mode == "REFLECT")
    if most is not None and max(pair) > most:
        raise ValueError(
            f"paddings must be no greater than {most}: {list(pair)} on an axis of size {length}"
        )
    return length + sum(pair)


def _launches(place, outside="(T)0"):
    """Those in CUDA, given where along an axis with p elements before it an element comes from."""

    def launches(inputs, outputs, *, mode=None):
        x, paddings, *values = inputs
        sizes = zip(outputs[0].shape, x.shape, _pairs(paddings))
        axes = [Axis(m, n, place, pair[0], int(mode == "REFLECT")) if any(pair) else Axis(m, n)
                for m, n, pair in sizes]  # fmt: skip
        return along_axes([x, *values], outputs, axes, outside)

    return launches


@op("Pad", shape=_padded, cuda=_launches("{c} - {p}"))
def pad_op(xp, input, paddings: Paddings):
    """input with zeros around it."""
    return _surrounded(xp, input, paddings, b"" if input.dtype.kind == "O" else 0)


@pad_op.gradient
def _(y, dy, input, paddings):
    return _inside(dy, input, paddings), None


def _inside(dy, input, paddings):
    begin = slice_op(paddings, [0, 0], [-1, 1])
    return slice_op(dy, reshape(begin, [-1]), shape(input, out_type=paddings.dtype))


@op("PadV2", shape=_padded, cuda=_launches("{c} - {p}", "*x1"))
def pad_v2(xp, input, paddings: Paddings, constant_values):
    """input with a value around it."""
    return _surrounded(xp, input, paddings, constant_values)


def _surrounded(xp, input, paddings, value):
    padded = xp.empty(_padded(input.shape, paddings), input.dtype)
    padded[...] = value
    padded[tuple(slice(p, p + n) for n, (p, _) in zip(input.shape, _pairs(paddings)))] = input
    return padded


@pad_v2.gradient
def _(y, dy, input, paddings, constant_values):
    return _inside(dy, input, paddings), None, None  # nothing flows to the value, as in TF1


@slice_op.gradient
def _(y, dy, input, begin, size):
    after = shape(input, out_type=begin.dtype) - shape(y, out_type=begin.dtype) - begin
    return pad_op(dy, stack([begin, after], axis=1)), None, None


_NUMPY_MODES = {"REFLECT": "reflect", "SYMMETRIC": "symmetric"}


# q says that the edge itself is not repeated.
_MIRRORED = ("{c} < {p} ? {p} - {c} - 1 + {q} : {c} - {p} < {n} ? {c} - {p} "
             ": 2 * {n} - 1 - {q} - ({c} - {p})")  # fmt: skip


@op("MirrorPad", shape=_padded, cuda=_launches(_MIRRORED))
def mirror_pad(xp, input, paddings: Paddings, *, mode):
    """input with itself mirrored around it."""
    _padded(input.shape, paddings, mode=mode)
    return xp.pad(input, _pairs(paddings), _NUMPY_MODES[mode])


@mirror_pad.gradient
def _(y, dy, input, paddings, *, mode):
    return mirror_pad_grad(dy, paddings, mode=mode), None


def _unpadded(dy, paddings, *, mode):
    if dy is None or paddings is None:
        known = paddings if dy is None else dy
        return None if known is None else (None,) * len(known)
    return tuple(
        None if None in (n, *pair) else n - sum(pair) for n, pair in zip(dy, _pairs(paddings))
    )


# From the element itself, from its mirror image before, and from that behind.
_FOLD = """\
  for (int side{k} = 0; side{k} < 3; side{k}++) {{
    const INDEX at{k} = side{k} == 0 ? c{k} : side{k} == 1 ? edge - 1 - c{k}
                                            : 2 * n{k} - 1 - edge - c{k};
    if (side{k} == 1 && (at{k} >= 0 || at{k} < -p{k})) continue;
    if (side{k} == 2 && (at{k} < n{k} || at{k} >= n{k} + q{k})) continue;
    const INDEX from{k} = {outer} * (p{k} + n{k} + q{k}) + p{k} + at{k};"""


def _folded(inputs, outputs, *, mode):
    x, paddings = inputs
    axes, sizes = range(len(x.shape)), {"edge": int(mode == "REFLECT")}
    for k, (n, (p, q)) in enumerate(zip(outputs[0].shape, _pairs(paddings))):
        sizes |= {f"n{k}": n, f"p{k}": p, f"q{k}": q}
    loops = [_FOLD.format(k=k, outer=f"from{k - 1}" if k else "0") for k in axes]
    last = f"from{axes[-1]}" if axes else "0"
    body = [coordinates([f"n{k}" for k in axes]), "  T sum = 0;", *loops, f"  sum += x0[{last}];",
            "  }" * len(loops)]  # fmt: skip
    return each([x], outputs, "sum", "\n".join(body), types=NUMBERS, sizes=sizes)


@op("MirrorPadGrad", shape=_unpadded, cuda=_folded)
def mirror_pad_grad(xp, input, paddings: Paddings, *, mode):
    """What lies around folded back onto what it mirrors."""
    offset = int(mode == "REFLECT")
    for axis, (before, after) in enumerate(_pairs(paddings)):
        ahead = (slice(None),) * axis
        length = input.shape[axis] - before - after
        inside = input[(*ahead, slice(before, before + length))].copy()
        head = inside[(*ahead, slice(offset, offset + before))]
        head += xp.flip(input[(*ahead, slice(before))], axis)
        tail = inside[(*ahead, slice(length - offset - after, length - offset))]
        tail += xp.flip(input[(*ahead, slice(before + length, None))], axis)
        input = inside
    return input


@mirror_pad_grad.gradient
def _(y, dy, input, paddings, *, mode):
    return mirror_pad(dy, paddings, mode=mode), None


def pad(tensor, paddings, mode="CONSTANT", name=None, constant_values=0):
    """`tensor` with `paddings` [rank, 2] around it: so many elements before and after each axis.

    `mode` is CONSTANT (`constant_values` around it), REFLECT (mirrored without the edge) or
    SYMMETRIC (mirrored with it), in upper or lower case; ValueError for another one.
    """
    mode = mode.upper()
    if mode in _NUMPY_MODES:
        return mirror_pad(tensor, paddings, mode=mode, name=name)
    if mode != "CONSTANT":
        raise ValueError(f"Unknown padding mode: {mode}")
    if not isinstance(constant_values, Tensor) and constant_values == 0:
        return pad_op(tensor, paddings, name=name)
    return pad_v2(tensor, paddings, constant_values, name=name)


# -- tile -----------------------------------------------------------------------------------------


def _tiled(input, multiples):
    times = vector(multiples)
    if input is None or times is None:
        known = input if input is not None else times
        return None if known is None else tuple(0 if n == 0 else None for n in known)
    if len(input) != len(times):
        raise ValueError(f"multiples {list(times)} must have an element for each axis of "
                         f"{printed(input)}")  # fmt: skip
    # Of a negative one, which the run refuses, nothing is known.
    return tuple(
        0 if 0 in (n, k) else None if None in (n, k) or k < 0 else n * k
        for n, k in zip(input, times)
    )


def _repeated(inputs, outputs):
    x, times = inputs
    if min(ints(times), default=0) < 0:
        return None  # to be refused
    axes = [Axis(n * k, n, "{c} % {n}" if k > 1 else "{c}") for n, k in zip(x.shape, ints(times))]
    return along_axes([x], outputs, axes)


@op("Tile", shape=_tiled, structural=True, cuda=_repeated,
    simplify=lambda input, multiples: 0 if set(ints(multiples)) <= {1} else None)  # fmt: skip
def tile(xp, input, multiples: static("Tmultiples")):
    """`input` repeated `multiples[i]` times along axis i."""
    _tiled(input.shape, multiples)  # NumPy lets too few pass, and negative ones
    if min(ints(multiples), default=0) < 0:
        raise ValueError(f"Expected multiples >= 0, but got {list(ints(multiples))}")
    return xp.tile(input, ints(multiples))


@tile.gradient
def _(y, dy, input, multiples):
    # Cut along each axis into (how often, what): then sum over how often.
    sizes = cast(shape(input), multiples.dtype)
    split = reshape(stack([multiples, sizes], axis=1), [-1])
    ones = stack([ones_like(multiples), sizes], axis=1)
    summed = sum_to(reshape(dy, split), reshape(ones, [-1]))
    return reshape(summed, sizes), None

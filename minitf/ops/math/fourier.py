"""Fourier transforms over the last one, two or three axes: `tf.fft`, `tf.signal.rfft2d`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import COMPLEX, complex64, float32, int32
from minitf.core.graph import name_scope
from minitf.core.literals import elements, ints
from minitf.core.op import OpDef, op
from minitf.core.schema import TypeAttr
from minitf.core.static import constant_value
from minitf.core.tensor_shape import is_static, printed
from minitf.ops.array.basics import ones, rank, reshape, shape, zeros, zeros_like
from minitf.ops.array.joining import concat, stack, unstack
from minitf.ops.array.padding import pad, tile
from minitf.ops.array.sequences import range as range_
from minitf.ops.linalg.products import matmul
from minitf.ops.math.complex_numbers import real
from minitf.ops.math.elementwise import cast, conj, exp, floor_mod, maximum, reciprocal
from minitf.ops.reduction.reduce import reduce_prod

Whole = TypeAttr("Tcomplex", COMPLEX)
Lengths = TypeAttr("_", (int32,), static=True)


def _axes(count):
    return tuple(range(-count, 0))


def _at_least(x, count):
    if x is not None and len(x) < count:
        raise ValueError(f"Shape must be at least rank {count}, got {printed(x)}")
    return x


# -- complex to complex ---------------------------------------------------------------------------


def _declare(type, function, count, there, name):
    @op(type, shape=lambda input: _at_least(input, count))
    def transform(xp, input: Whole) -> Whole:
        if not input.size:
            return input.copy()
        return getattr(xp.fft, function)(input, axes=_axes(count)).astype(input.dtype)

    @transform.gradient
    def _(y, dy, input):
        size = reduce_prod(shape(dy)[-count:])
        if there:
            return (_BACK[count](dy) * cast(size, dy.dtype),)
        share = cast(1.0 / cast(size, dy.dtype.real_dtype), dy.dtype)
        return (_THERE[count](dy) * share,)

    transform.__doc__ = (
        f"The {'' if there else 'inverse '}discrete Fourier transform over {_OVER[count]}; the "
        f"inverse divides by the number of elements."
    )
    transform.__name__ = name
    return transform


_OVER = {1: "the last axis", 2: "the two last axes", 3: "the three last axes"}
_THERE = {n: _declare(f"FFT{d}", "fftn", n, True, f"fft{d.lower()}")
          for n, d in ((1, ""), (2, "2D"), (3, "3D"))}  # fmt: skip
_BACK = {n: _declare(f"IFFT{d}", "ifftn", n, False, f"ifft{d.lower()}")
         for n, d in ((1, ""), (2, "2D"), (3, "3D"))}  # fmt: skip


def _function(operation):
    def transform(input, name=None):
        # A list of numbers becomes complex64.
        return operation(convert_to_tensor(input, dtype_hint=complex64, name="input"), name=name)

    transform.__name__ = transform.__qualname__ = operation.__name__
    transform.__doc__ = operation.__doc__ + " Of complex numbers: TypeError for others."
    return transform


fft, fft2d, fft3d = (_function(_THERE[n]) for n in (1, 2, 3))
ifft, ifft2d, ifft3d = (_function(_BACK[n]) for n in (1, 2, 3))

# -- of real numbers ------------------------------------------------------------------------------


def _real_shape(count, half):
    """With the lengths that are asked for; the last one halved on the side of the spectrum."""

    def rule(input, fft_length):
        if _at_least(input, count) is None:
            return None
        lengths = elements(fft_length)
        lengths = (None,) * count if lengths is None else lengths
        if len(lengths) != count:
            raise ValueError(f"fft_length must have {count} elements, got {list(lengths)}")
        last = lengths[-1]
        if half and last is not None:
            last = last // 2 + 1 if last else 0
        return (*input[:-count], *lengths[:-1], last)

    return rule


def _cropped(x, lengths):
    """x without what is beyond the lengths, which it must have."""
    sizes = x.shape[x.ndim - len(lengths) :]
    if x.size and any(size < length for size, length in zip(sizes, lengths)):
        raise ValueError(f"Input dimensions {sizes} must be at least those of fft_length {lengths}")
    return x[(..., *(slice(length) for length in lengths))]


def _spectrum(xp, input, lengths, count):
    if not input.size or 0 in lengths:
        sizes = _real_shape(count, half=True)(input.shape, lengths)
        return xp.zeros(sizes, np.complex64)
    return xp.fft.rfftn(_cropped(input, lengths), axes=_axes(count)).astype(np.complex64)


def _signal(xp, input, lengths, count):
    if not input.size or 0 in lengths:
        return xp.zeros(_real_shape(count, half=False)(input.shape, lengths), np.float32)
    cropped = _cropped(input, (*lengths[:-1], lengths[-1] // 2 + 1))
    return xp.fft.irfftn(cropped, lengths, _axes(count)).astype(np.float32)


@op("RFFT", shape=_real_shape(1, half=True))
def rfft_op(xp, input: float32, fft_length: Lengths) -> complex64:
    """The non-negative frequencies of the last axis."""
    return _spectrum(xp, input, ints(fft_length), 1)


@op("RFFT2D", shape=_real_shape(2, half=True))
def rfft2d_op(xp, input: float32, fft_length: Lengths) -> complex64:
    """The non-negative frequencies of the last axis, all of the one before."""
    return _spectrum(xp, input, ints(fft_length), 2)


@op("RFFT3D", shape=_real_shape(3, half=True))
def rfft3d_op(xp, input: float32, fft_length: Lengths) -> complex64:
    """As RFFT2D, over three axes. It has no gradient, as in TF1."""
    return _spectrum(xp, input, ints(fft_length), 3)


@op("IRFFT", shape=_real_shape(1, half=False))
def irfft_op(xp, input: complex64, fft_length: Lengths) -> float32:
    """The real numbers that have these non-negative frequencies."""
    return _signal(xp, input, ints(fft_length), 1)


@op("IRFFT2D", shape=_real_shape(2, half=False))
def irfft2d_op(xp, input: complex64, fft_length: Lengths) -> float32:
    """The inverse of RFFT2D."""
    return _signal(xp, input, ints(fft_length), 2)


@op("IRFFT3D", shape=_real_shape(3, half=False))
def irfft3d_op(xp, input: complex64, fft_length: Lengths) -> float32:
    """The inverse of RFFT3D. It has no gradient, as in TF1."""
    return _signal(xp, input, ints(fft_length), 3)


# -- their gradients ------------------------------------------------------------------------------


def _alternating(length):
    """1, -1, 1, -1, ..."""
    return cast(1 - 2 * floor_mod(range_(length), 2), complex64)


def _turns(length):
    """The matrix of exp(-2 pi i j k / length)."""
    places = range_(length)
    products = reshape(places, [-1, 1]) * reshape(places, [1, -1])
    return exp(-2j * np.pi * cast(products, complex64) / cast(length, complex64))


def _over_batch(matrix, like):
    """The matrix repeated for each of the matrices in `like`."""
    lead = ones([rank(like) - 2], int32)
    expanded = reshape(matrix, concat([lead, shape(matrix)], 0))
    return tile(expanded, concat([shape(like)[:-2], [1, 1]], 0))


def _spectrum_gradient(dy, x, fft_length, count, inverse):
    """The inverse transform of dy, and what the frequencies that were left out would give."""
    is_even = cast(1 - floor_mod(fft_length[-1], 2), complex64)
    first, last = dy[..., 0:1], dy[..., -1:]
    length = shape(x)[-1]
    if count == 2:
        turns = _over_batch(_turns(shape(x)[-2]), first)
        first, last = matmul(turns, conj(first)), matmul(turns, conj(last))
        last = tile(last, concat([ones([rank(dy) - 1], int32), [length]], 0))
    more = first + is_even * (last * _alternating(length))
    size = cast(reduce_prod(shape(x)[-count:]), float32)
    return 0.5 * (inverse(dy, fft_length) * size + real(more)), None


def _signal_gradient(dy, x, fft_length, transform, count):
    """The transform of dy, doubled where a frequency stands for two."""
    is_odd = floor_mod(fft_length[-1], 2)
    inner = 2.0 * ones(stack([shape(x)[-1] - 2 + is_odd]))
    weights = concat([[1.0], inner, ones(stack([1 - is_odd]))], 0)
    share = reciprocal(cast(reduce_prod(shape(dy)[-count:]), float32))
    return transform(dy, fft_length) * cast(share * weights, complex64), None


rfft_op.gradient(lambda y, dy, x, n: _spectrum_gradient(dy, x, n, 1, irfft_op))
rfft2d_op.gradient(lambda y, dy, x, n: _spectrum_gradient(dy, x, n, 2, irfft2d_op))
irfft_op.gradient(lambda y, dy, x, n: _signal_gradient(dy, x, n, rfft_op, 1))
irfft2d_op.gradient(lambda y, dy, x, n: _signal_gradient(dy, x, n, rfft2d_op, 2))

# -- TF1's functions ------------------------------------------------------------------------------


def _inferred(x, count, half):
    """The lengths of a signal; of a half spectrum those of an even one that has it."""
    sizes = None if x._shape is None else x._shape[-count:]
    if is_static(sizes):
        last = max(0, 2 * (sizes[-1] - 1)) if half else sizes[-1]
        return convert_to_tensor([*sizes[:-1], last], int32)
    if not half:
        return shape(x)[-count:]
    *before, last = unstack(shape(x)[-count:], count)
    return stack([*before, maximum(0, 2 * (last - 1))])


def _lengths(fft_length, count):
    """As a vector of so many; ValueError for another shape."""
    fft_length = convert_to_tensor(fft_length, int32)
    sizes = fft_length._shape
    if sizes is not None and len(sizes) != 1:
        raise ValueError(f"fft_length: Shape must be rank 1 but is rank {len(sizes)}")
    if sizes not in (None, (None,), (count,)):
        raise ValueError(f"fft_length: Dimension must be {count} but is {sizes[0]}")
    return fft_length


def _padded(x, count, fft_length, half):
    """x with zeros up to the lengths, or, of a half spectrum, to what they ask of it."""
    known = constant_value(fft_length)
    sizes = None if x._shape is None else x._shape[-count:]
    if sizes is not None and 0 in sizes:
        return x
    if known is not None and is_static(sizes):
        wanted = [*known[:-1].tolist(), int(known[-1]) // 2 + 1 if half else int(known[-1])]
        missing = [max(n - size, 0) for n, size in zip(wanted, sizes)]
        outer = [[0, 0]] * (len(x._shape) - count)
        return pad(x, [*outer, *([0, n] for n in missing)]) if any(missing) else x
    if half:
        fft_length = concat([fft_length[:-1], fft_length[-1:] // 2 + 1], 0)
    missing = maximum(0, fft_length - shape(x)[-count:])
    after = concat([zeros(stack([maximum(0, rank(x) - count)]), int32), missing], 0)
    return pad(x, stack([zeros_like(after), after], axis=1))


def _define(operation: OpDef, name: str, count: int, half: bool):
    default_name, dtype = name, complex64 if half else float32

    def transform(input_tensor, fft_length=None, name=None):
        with name_scope(name, default_name, [input_tensor, fft_length]) as scope:
            x = convert_to_tensor(input_tensor, dtype)
            x.shape.with_rank_at_least(count)
            if fft_length is None:
                fft_length = _inferred(x, count, half)
            else:
                fft_length = _lengths(fft_length, count)
            x = _padded(x, count, fft_length, half)
            return operation(x, fft_length, name=scope)

    what = ("complex64 [..., n // 2 + 1] from float32 [..., n]: its non-negative frequencies",
            "float32 [..., n] from complex64 [..., n // 2 + 1]: the inverse")[half]  # fmt: skip
    transform.__name__ = transform.__qualname__ = name
    transform.__doc__ = f"""The Fourier transform of real numbers over {_OVER[count]}.

    {what}. `fft_length` are the lengths n: the input is cropped, or filled with zeros.
    """
    return transform


rfft, rfft2d, rfft3d = (
    _define(operation, operation.__name__.removesuffix("_op"), count, False)
    for count, operation in enumerate((rfft_op, rfft2d_op, rfft3d_op), 1)
)
irfft, irfft2d, irfft3d = (
    _define(operation, operation.__name__.removesuffix("_op"), count, True)
    for count, operation in enumerate((irfft_op, irfft2d_op, irfft3d_op), 1)
)

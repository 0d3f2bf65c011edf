"""Short-time Fourier transforms: `tf.signal.stft`, `tf.signal.inverse_stft`."""
import math

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.static import constant_value
from minitf.ops.array.basics import rank, reshape, shape, zeros
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import pad, tile
from minitf.ops.math.elementwise import cast, ceil, log, maximum, square
from minitf.ops.math.fourier import irfft, rfft
from minitf.ops.math.operators import pow
from minitf.ops.reduction.reduce import reduce_sum
from minitf.signal.frames import frame, overlap_and_add, scalar
from minitf.signal.windows import hann_window


def stft(
    signals, frame_length, frame_step, fft_length=None, window_fn=hann_window, pad_end=False,
    name=None,
):  # fmt: skip
    """The spectra of overlapping pieces of `signals` [..., samples]: complex64 [..., frames, n].

    The pieces are those of `frame`, times a window that `window_fn(length, dtype=)` makes (None for
    none); n = fft_length // 2 + 1, and `fft_length` is the next power of two by default.
    """
    with name_scope(name, "stft", [signals, frame_length, frame_step]):
        signals = convert_to_tensor(signals, name="signals")
        signals.shape.with_rank_at_least(1)
        length, step = scalar(frame_length, "frame_length"), scalar(frame_step, "frame_step")
        fft_length = _fft_length(fft_length, length)
        frames = frame(signals, length, step, pad_end=pad_end)
        if window_fn is not None:
            frames *= window_fn(length, dtype=frames.dtype)
        return rfft(frames, stack([fft_length]))


def _fft_length(fft_length, frame_length):
    if fft_length is not None:
        return scalar(fft_length, "fft_length")
    known = constant_value(frame_length)
    if known is not None:
        return constant(int(2 ** math.ceil(math.log2(int(known)))), frame_length.dtype)
    bits = ceil(log(cast(frame_length, float32)) / math.log(2.0))
    return cast(pow(2.0, bits), frame_length.dtype)


def inverse_stft_window_fn(frame_step, forward_window_fn=hann_window, name=None):
    """The window with which `inverse_stft` undoes an `stft` of step `frame_step` and of the window
    that `forward_window_fn` makes."""
    with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
        step = scalar(frame_step, "frame_step")

    def window(frame_length, dtype):
        with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
            length = scalar(frame_length, "frame_length")
            forward = forward_window_fn(length, dtype=dtype)
            overlaps = -(-length // step)
            missing = reshape(stack([0, overlaps * step - length]), [1, 2])
            squares = reshape(pad(square(forward), missing), stack([overlaps, step]))
            total = tile(reduce_sum(squares, 0, keepdims=True), stack([overlaps, 1]))
            return forward / reshape(total, stack([overlaps * step]))[:length]

    return window


def inverse_stft(
    stfts, frame_length, frame_step, fft_length=None, window_fn=hann_window, name=None
):
    """Signals [..., samples] from their spectra complex64 [..., frames, fft_length // 2 + 1].

    Pieces of `frame_length`, `frame_step` apart, each times the window, are added up. For the
    inverse of `stft` the window is that of `inverse_stft_window_fn`.
    """
    with name_scope(name, "inverse_stft", [stfts]):
        stfts = convert_to_tensor(stfts, name="stfts")
        stfts.shape.with_rank_at_least(2)
        length, step = scalar(frame_length, "frame_length"), scalar(frame_step, "frame_step")
        frames = irfft(stfts, stack([_fft_length(fft_length, length)]))
        frames = _of_length(frames, length)
        if window_fn is not None:
            frames *= window_fn(length, dtype=stfts.dtype.real_dtype)
        get_default_graph()._count_more(-24)
        return overlap_and_add(frames, step)


def _of_length(frames, length):
    """The pieces cropped, or filled with zeros."""
    known = constant_value(length)
    sizes = frames._shape
    if known is not None and sizes is not None and sizes[-1] == int(known):
        return frames
    frames = frames[..., :length]
    missing = maximum(0, length - shape(frames)[-1])
    after = concat([zeros(stack([rank(frames) - 1]), missing.dtype), reshape(missing, [1])], 0)
    result = pad(frames, stack([zeros(shape(after), after.dtype), after], axis=1))
    if known is not None and sizes is not None:
        result.set_shape([*sizes[:-1], int(known)])
    return result

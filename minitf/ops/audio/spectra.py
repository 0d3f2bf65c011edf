"""What a voice is recognised by: the ops AudioSpectrogram and Mfcc, of
`tensorflow.contrib.framework.python.ops.audio_ops`.

`tf.signal` has the same as functions that can be differentiated, with other windows and scales.
"""
import numpy as np

from minitf import logging
from minitf.core.dtypes import float32, int32
from minitf.core.op import op
from minitf.ops.audio.wav import of_rank

_LEAST = 1e-12  # below it a band is taken to be as loud as this
_BREAK, _MEL = 700.0, 1127.0  # Hertz, and mel for each factor of e: those of HTK


# -- spectrum -------------------------------------------------------------------------------------


def _transformed(window_size):
    """The length of the Fourier transform: the next power of two."""
    return 1 << (window_size - 1).bit_length()


def _spectrogram_shape(input, *, window_size, stride, magnitude_squared):
    of_rank(2, input)
    if window_size < 2 or stride < 1:
        raise ValueError("AudioSpectrogram needs a window_size of 2 or more and a stride of 1 or "
                         f"more, got {window_size} and {stride}")  # fmt: skip
    samples, channels = input or (None, None)
    frames = None if samples is None else max(0, 1 + (samples - window_size) // stride)
    return (channels, frames, 1 + _transformed(window_size) // 2)


@op("AudioSpectrogram", shape=_spectrogram_shape, host=True)
def audio_spectrogram_op(
    xp, input: float32, *, window_size, stride, magnitude_squared=False
) -> float32:
    """The magnitudes of the spectra of overlapping pieces."""
    of_rank(2, input.shape)
    if len(input) < window_size:
        return np.zeros((input.shape[1], 0, 1 + _transformed(window_size) // 2), np.float32)
    pieces = np.lib.stride_tricks.sliding_window_view(input, window_size, 0)[::stride]
    angles = 2 * np.pi * np.arange(window_size) / window_size
    spectra = np.fft.rfft(pieces * (0.5 - 0.5 * np.cos(angles)), _transformed(window_size))
    squares = (spectra.real**2 + spectra.imag**2).astype(np.float32).swapaxes(0, 1)
    return np.ascontiguousarray(squares) if magnitude_squared else np.sqrt(squares)


def audio_spectrogram(input, window_size, stride, magnitude_squared=False, name=None):
    """The magnitudes of the spectra of `input` [samples, channels]: float32 [channels, frames,
    frequencies].

    Pieces of `window_size` samples, `stride` apart, each times a Hann window; the Fourier transform
    is as long as the next power of two n, which gives 1 + n / 2 frequencies. `magnitude_squared`
    gives the squares, which `mfcc` takes. It has no gradient: tf.signal.stft has. ValueError for
    sizes that make no sense.
    """
    return audio_spectrogram_op(input, window_size=window_size, stride=stride,
                                magnitude_squared=magnitude_squared, name=name)  # fmt: skip


# -- cepstrum -------------------------------------------------------------------------------------


def _mel(hertz):
    return _MEL * np.log1p(hertz / _BREAK)


def _mel_weights(bins, rate, low, high, channels):
    """(the first bin, [bins from there, channels]): triangles that are evenly spaced in mel.

    None where the spectrum ends below the highest frequency.
    """
    hertz_of_bin = 0.5 * rate / (bins - 1)
    first, last = int(1.5 + low / hertz_of_bin), int(high / hertz_of_bin)
    if last >= bins:
        return None
    edges = np.linspace(_mel(low), _mel(high), channels + 2)
    mel = _mel(np.arange(first, last + 1) * hertz_of_bin)
    after = np.minimum(np.searchsorted(edges[1:], mel), channels)  # the edge after that one
    falling = (edges[after + 1] - mel) / (edges[after + 1] - edges[after])
    weights, rows = np.zeros((len(mel), channels + 2)), np.arange(len(mel))
    weights[rows, after], weights[rows, after + 1] = falling, 1 - falling
    return first, weights[:, 1:-1]


def _cosines(channels, coefficients):
    """[channels, coefficients] of the cosine transform."""
    angles = np.outer(np.arange(channels) + 0.5, np.arange(coefficients)) * np.pi / channels
    return np.sqrt(2.0 / channels) * np.cos(angles)


def _mfcc_shape(spectrogram, sample_rate, *, dct_coefficient_count, **_):
    of_rank(3, spectrogram)
    of_rank(0, sample_rate)
    return (*(spectrogram or (None,) * 3)[:2], dct_coefficient_count)


@op("Mfcc", shape=_mfcc_shape, host=True)
def mfcc_op(
    xp, spectrogram: float32, sample_rate: int32, *, upper_frequency_limit=4000.0,
    lower_frequency_limit=20.0, filterbank_channel_count=40, dct_coefficient_count=13,
) -> float32:  # fmt: skip
    """The cosine transform of the logarithms of a spectrum in mel."""
    _mfcc_shape(spectrogram.shape, np.shape(sample_rate),
                dct_coefficient_count=dct_coefficient_count)  # fmt: skip
    low, high = np.float32(lower_frequency_limit), np.float32(upper_frequency_limit)
    bins, channels, count = spectrogram.shape[2], filterbank_channel_count, dct_coefficient_count
    if not (bins > 1 and sample_rate > 0 and 0 <= low < high and 1 <= count <= channels):
        raise ValueError(
            f"Mfcc cannot make {count} coefficients of {channels} bands, {low} to {high} Hertz, of "
            f"{bins} frequencies at {sample_rate} samples a second"
        )
    found = _mel_weights(bins, int(sample_rate), float(low), float(high), channels)
    if found is None:
        logging.error("Mfcc: the spectrum, to %s Hertz, is too short for an upper_frequency_limit "
                      "of %s: all is 0", sample_rate / 2, high)  # fmt: skip
        return np.zeros((*spectrogram.shape[:2], count), np.float32)
    first, weights = found
    used = spectrogram[..., first : first + len(weights)].astype(np.float64)
    loudness = np.maximum(np.sqrt(used) @ weights, _LEAST)
    return (np.log(loudness) @ _cosines(channels, count)).astype(np.float32)


def mfcc(
    spectrogram, sample_rate, upper_frequency_limit=4000, lower_frequency_limit=20,
    filterbank_channel_count=40, dct_coefficient_count=13, name=None,
):  # fmt: skip
    """Mel-frequency cepstral coefficients of `spectrogram` [channels, frames, frequencies], squares
    as `audio_spectrogram` makes them: float32 [channels, frames, dct_coefficient_count].

    `sample_rate` is a scalar, the samples in a second. As in TensorFlow all is 0, and the log says
    so, where the spectrum ends below `upper_frequency_limit`. In the run InvalidArgumentError for
    sizes that make no sense.
    """
    return mfcc_op(
        spectrogram, sample_rate, upper_frequency_limit=upper_frequency_limit,
        lower_frequency_limit=lower_frequency_limit,
        filterbank_channel_count=filterbank_channel_count,
        dct_coefficient_count=dct_coefficient_count, name=name,
    )  # fmt: skip

"""Spectra as the ear hears them: `tf.signal.linear_to_mel_weight_matrix`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.padding import pad
from minitf.ops.array.sequences import linspace
from minitf.ops.math.elementwise import cast, log, maximum, minimum, rsqrt
from minitf.ops.reduction.axes import expand_dims
from minitf.signal.cosine import dct

_BREAK, _SCALE = 700.0, 1127.0  # Hertz, and mel for each factor of e: those of HTK


def _mel(hertz):
    return _SCALE * log(1.0 + hertz / _BREAK)


def _check(num_mel_bins, sample_rate, low, high, dtype):
    if num_mel_bins <= 0:
        raise ValueError(f"num_mel_bins must be positive. Got: {num_mel_bins}")
    if sample_rate <= 0.0:
        raise ValueError(f"sample_rate must be positive. Got: {sample_rate}")
    if low < 0.0:
        raise ValueError(f"lower_edge_hertz must be non-negative. Got: {low}")
    if low >= high:
        raise ValueError(f"lower_edge_hertz {low:.1f} >= upper_edge_hertz {high:.1f}")
    if high > sample_rate / 2:
        raise ValueError(
            "upper_edge_hertz must not be larger than the Nyquist frequency (sample_rate / 2). "
            f"Got: {high} for sample_rate: {sample_rate}"
        )
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Got: {dtype}")


def linear_to_mel_weight_matrix(
    num_mel_bins=20, num_spectrogram_bins=129, sample_rate=8000, lower_edge_hertz=125.0,
    upper_edge_hertz=3800.0, dtype=float32, name=None,
):  # fmt: skip
    """The matrix [num_spectrogram_bins, num_mel_bins] that makes a mel spectrum of a linear one.

    Each column is a triangle about one of `num_mel_bins` frequencies, evenly spaced in mel from
    `lower_edge_hertz` to `upper_edge_hertz`. ValueError for sizes that make no sense.
    """
    dtype = as_dtype(dtype)
    with name_scope(name, "linear_to_mel_weight_matrix") as scope:
        if isinstance(sample_rate, Tensor):
            sample_rate = constant_value(sample_rate)
            if sample_rate is None:
                raise ValueError("`sample_rate` was a non-constant Tensor. Must be a Python float "
                                 "or a constant Tensor.")  # fmt: skip
        _check(num_mel_bins, sample_rate, lower_edge_hertz, upper_edge_hertz, dtype)
        zero, nyquist, low, high = (
            convert_to_tensor(float(hertz), dtype)
            for hertz in (0.0, sample_rate / 2, lower_edge_hertz, upper_edge_hertz)
        )
        get_default_graph()._count_more(64)
        # HTK leaves the frequency 0 out.
        bins = expand_dims(_mel(linspace(zero, nyquist, num_spectrogram_bins)[1:]), 1)
        edges = reshape(linspace(_mel(low), _mel(high), num_mel_bins + 2), [1, -1])
        lower, center, upper = (edges[:, i : i + num_mel_bins] for i in range(3))
        rising, falling = (bins - lower) / (center - lower), (upper - bins) / (upper - center)
        weights = maximum(zero, minimum(rising, falling))
        return pad(weights, [[1, 0], [0, 0]], name=scope)


def mfccs_from_log_mel_spectrograms(log_mel_spectrograms, name=None):
    """Mel-frequency cepstral coefficients [..., mel_bins] of logarithms of mel spectra, as HTK."""
    with name_scope(name, "mfccs_from_log_mel_spectrograms", [log_mel_spectrograms]):
        spectra = convert_to_tensor(log_mel_spectrograms, dtype=float32)
        bins = None if spectra._shape is None else spectra._shape[-1]
        if bins == 0:
            raise ValueError(f"num_mel_bins must be positive. Got: {spectra}")
        bins = shape(spectra)[-1] if bins is None else bins
        return dct(spectra, type=2) * rsqrt(cast(bins, float32) * 2.0)

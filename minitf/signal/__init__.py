"""`tf.signal`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.math.fourier import (
    fft,
    fft2d,
    fft3d,
    ifft,
    ifft2d,
    ifft3d,
    irfft,
    irfft2d,
    irfft3d,
    rfft,
    rfft2d,
    rfft3d,
)
from minitf.signal.cosine import dct, idct
from minitf.signal.frames import frame, overlap_and_add
from minitf.signal.mel import linear_to_mel_weight_matrix, mfccs_from_log_mel_spectrograms
from minitf.signal.shift import fftshift, ifftshift
from minitf.signal.spectra import inverse_stft, inverse_stft_window_fn, stft
from minitf.signal.windows import hamming_window, hann_window

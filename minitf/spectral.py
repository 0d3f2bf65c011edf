"""`tf.spectral`: names only, an older name of `tf.signal`."""
# ruff: noqa: F401  every import here is a public name

from minitf.signal import (
    dct,
    fft,
    fft2d,
    fft3d,
    idct,
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

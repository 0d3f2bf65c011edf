"""`tensorflow.contrib.framework.python.ops.audio_ops`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.audio.spectra import audio_spectrogram, mfcc
from minitf.ops.audio.wav import decode_wav, encode_wav

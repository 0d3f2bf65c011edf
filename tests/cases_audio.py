"""The rows of tests/cases.py for the ops of sound."""
import io
import wave

import numpy as np
from cases import row, scene
from domains import generator

import minitf as tf
from minitf.ops.audio.spectra import audio_spectrogram, mfcc


def sound(*shape, key=0):
    """float32 in [-1, 1]."""
    return generator("sound", shape, key).uniform(-1, 1, shape).astype(np.float32)


def spectrogram(samples):
    """By the definition: squares of 9 frequencies of pieces of 10 samples, 4 apart."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(10) / 10)
    waves = np.exp(-2j * np.pi * np.outer(np.arange(10), np.arange(9)) / 16)
    starts = range(0, len(samples) - 9, 4)
    pieces = np.array([samples[i : i + 10].T * window for i in starts])
    return (np.abs(pieces @ waves) ** 2).swapaxes(0, 1)


row("AudioSpectrogram",
    lambda x: audio_spectrogram(x, window_size=10, stride=4, magnitude_squared=True), sound(33, 1),
    want=spectrogram, grad=False, tolerance=1e-5)  # fmt: skip
row("AudioSpectrogram", lambda x: audio_spectrogram(x, 10, 4), sound(31, 1, key=1),
    want=lambda x: np.sqrt(spectrogram(x)), grad=False, tolerance=1e-5)  # fmt: skip


def coefficients(squares, rate):
    """5 of 6 bands from 20 to 4000 Hertz, one triangle after the other."""
    mel = 1127 * np.log1p(np.linspace(0, rate / 2, squares.shape[2]) / 700)
    edges = np.linspace(1127 * np.log1p(20 / 700), 1127 * np.log1p(4000 / 700), 8)
    bands = [
        np.maximum(0, np.minimum((mel - low) / (middle - low), (high - mel) / (high - middle)))
        for low, middle, high in zip(edges, edges[1:], edges[2:])
    ]
    loud = np.log(np.maximum(np.sqrt(squares) @ np.array(bands).T, 1e-12))
    cosines = np.cos(np.pi / 6 * np.outer(np.arange(6) + 0.5, np.arange(5)))
    return loud @ cosines * np.sqrt(2 / 6)


row("Mfcc",
    lambda x, rate: mfcc(x, rate, filterbank_channel_count=6, dct_coefficient_count=5),
    np.abs(sound(2, 3, 65)), np.int32(8000), want=coefficients, grad=False, tolerance=1e-5,
)  # fmt: skip


STEREO = sound(7, 2) * np.float32(0.99)


def by_python(contents):
    """(samples [frames, channels], rate) as Python's own module reads them."""
    with wave.open(io.BytesIO(contents)) as file:
        values = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return values.reshape(-1, file.getnchannels()) / 32768, file.getframerate()


@scene("EncodeWav")
def encode(run):
    samples, rate = by_python(run(tf.audio.encode_wav(STEREO, 8000)))
    return [(np.abs(samples - STEREO).max() <= 0.5 / 32768, True), (rate, 8000)]


@scene("DecodeWav")
def decode(run):
    contents = run(tf.audio.encode_wav(STEREO, 44100))
    samples, rate = tf.audio.decode_wav(contents)
    part = tf.audio.decode_wav(contents, desired_channels=3, desired_samples=8).audio
    want = np.pad(by_python(contents)[0][:, [0, 1, 1]], [(0, 1), (0, 0)])
    return [(run(samples), want[:7, :2]), (run(rate), 44100), (run(part), want)]

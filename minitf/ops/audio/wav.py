"""WAV files as tensors: `tf.audio.decode_wav`, `tf.audio.encode_wav`."""
import struct
from typing import Any, NamedTuple

import numpy as np

from minitf.core.dtypes import float32, int32, string
from minitf.core.tensor_shape import printed
from minitf.ops.strings.text import filled, on_text, only

_SCALE = 32768.0  # of 16 bits
_PCM = 1
_MOST = 2**31 - 1


def of_rank(rank, shape):
    """ValueError when the rank is known and another."""
    if shape is not None and len(shape) != rank:
        raise ValueError(
            f"Shape must be rank {rank} but is rank {len(shape)}: {printed(shape)}"
        )


# -- reading --------------------------------------------------------------------------------------


def chunks(contents):
    """(what it is, its bytes, their size as the file says it) of each chunk of a WAV file."""
    for start, expected in ((0, b"RIFF"), (8, b"WAVE")):
        found = contents[start : start + 4]
        if found != expected:
            raise ValueError(f"Header mismatch: Expected {expected!r} but found {found!r}")
    place = 12
    while place < len(contents):
        if place + 8 > len(contents):
            raise ValueError("Data too short when trying to read string")
        kind, size = contents[place : place + 4], int.from_bytes(contents[place + 4 : place + 8],
                                                                 "little")  # fmt: skip
        yield kind, contents[place + 8 : place + 8 + size], size
        place += 8 + size


def decoded(contents):
    """(int16 [frames, channels], frames a second) of a WAV file of 16 bits.

    ValueError for other files.
    """
    parts = chunks(contents)
    channels, rate = _format(*next(parts, (b"", b"", 0)))
    samples = [_samples(*part, channels) for part in parts if part[0] == b"data"]
    if len(samples) != 1:
        raise ValueError(f"A WAV file has one data chunk, found {len(samples)}")
    return samples[0], rate


def _format(kind, data, size):
    """(channels, frames a second)."""
    if kind != b"fmt ":
        raise ValueError(f"Header mismatch: Expected b'fmt ' but found {kind!r}")
    if size not in (16, 18) or len(data) < 16:
        raise ValueError(f"Bad format chunk of a WAV file: Expected 16 or 18 bytes, but got {size}")
    coding, channels, rate, of_second, of_frame, bits = struct.unpack_from("<HHIIHH", data)
    wanted = {"audio format, 1 for PCM": (coding, _PCM), "bits of a sample": (bits, 16),
              "channels, at least 1": (channels, max(1, channels)),
              "bytes per sample": (of_frame, 2 * channels),
              "bytes per second": (of_second, of_frame * rate & 0xFFFFFFFF)}  # fmt: skip
    for what, (got, expected) in wanted.items():
        if got != expected:
            raise ValueError(f"Bad {what}, in a WAV file: Expected {expected}, but got {got}")
    return channels, rate


def _samples(kind, data, size, channels):
    if size > _MOST or len(data) < size or size % (2 * channels):
        raise ValueError(f"A WAV file says that it has {size} bytes of samples, of {channels} "
                         f"channels, and has {len(data)}")  # fmt: skip
    return np.frombuffer(data, "<i2").reshape(-1, channels)


def _decoded_shape(contents, *, desired_channels, desired_samples):
    of_rank(0, contents)
    for what, number in (("channels", desired_channels), ("samples", desired_samples)):
        if number < -1:
            raise ValueError(f"{what} must be non-negative, got {number}")
    return [tuple(None if number == -1 else number
                  for number in (desired_samples, desired_channels)), ()]  # fmt: skip


@on_text("DecodeWav", shape=_decoded_shape)
def decode_wav_op(
    xp, contents: string, *, desired_channels=-1, desired_samples=-1
) -> [float32, int32]:
    """The samples of a WAV file, -1 to 1, and how many there are in a second."""
    values, rate = decoded(only(contents, "contents"))
    frames, channels = values.shape
    length = frames if desired_samples == -1 else desired_samples
    wanted = channels if desired_channels == -1 else desired_channels
    result = np.zeros((length, wanted), np.float32)
    last = np.minimum(np.arange(wanted), channels - 1)
    result[:frames] = values[:length, last] * np.float32(1 / _SCALE)
    return [result, np.array(rate, np.uint32).astype(np.int32)]


class DecodeWav(NamedTuple):
    """What `tf.audio.decode_wav` returns."""

    audio: Any
    sample_rate: Any


def decode_wav(contents, desired_channels=-1, desired_samples=-1, name=None):
    """(audio, sample_rate) of a WAV file of 16 bits: float32 [samples, channels] in -1 to 1, and
    int32, the samples in a second.

    With `desired_channels` the last channel is repeated, or those beyond are left out; with
    `desired_samples` the end is filled with zeros, or cut off. In the run InvalidArgumentError for
    what is not such a file.
    """
    made = decode_wav_op(contents, desired_channels=desired_channels,
                         desired_samples=desired_samples, name=name)  # fmt: skip
    return DecodeWav(*made)


# -- writing --------------------------------------------------------------------------------------


def encoded(frames, rate):
    """float32 [frames, channels] in -1 to 1 as a WAV file of 16 bits."""
    scaled = np.copysign(np.floor(np.abs(frames) * _SCALE + 0.5), frames)  # as C's roundf
    samples = np.clip(scaled, -_SCALE, _SCALE - 1).astype("<i2").tobytes()
    of_frame = 2 * frames.shape[1]
    format_ = struct.pack("<HHIIHH", _PCM, frames.shape[1], rate, rate * of_frame & 0xFFFFFFFF,
                          of_frame, 16)  # fmt: skip
    return _chunk(b"RIFF", b"WAVE" + _chunk(b"fmt ", format_) + _chunk(b"data", samples))


def _chunk(kind, data):
    return kind + struct.pack("<I", len(data)) + data


def _encoded_shape(audio, sample_rate):
    of_rank(2, audio)
    of_rank(0, sample_rate)
    return ()


@on_text("EncodeWav", shape=_encoded_shape)
def encode_wav_op(xp, audio: float32, sample_rate: int32) -> string:
    """A WAV file of 16 bits."""
    _encoded_shape(audio.shape, np.shape(sample_rate))
    if sample_rate <= 0:
        raise ValueError(f"sample_rate must be in (0, 2^32), got: {sample_rate}")
    if not audio.size or audio.shape[1] >= 2**15:
        raise ValueError("EncodeWav needs samples, in 1 to 2^15 - 1 channels: audio has the shape "
                         f"{list(audio.shape)}")  # fmt: skip
    return filled((), [encoded(audio, int(sample_rate))])


def encode_wav(audio, sample_rate, name=None):
    """float32 [samples, channels] as a WAV file of 16 bits, a string; beyond -1 to 1 it is clipped.

    `sample_rate` is a scalar, the samples in a second.
    """
    return encode_wav_op(audio, sample_rate, name=name)

"""Summaries of pictures and of sound: `tf.summary.image`, `tf.summary.audio`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float16, float32, float64, string, uint8
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import TypeAttr
from minitf.image.files import encode_png
from minitf.ops.audio.wav import encoded
from minitf.summary import naming
from minitf.summary.messages import Summary
from minitf.summary.naming import collect
from minitf.summary.numeric import as_bytes

Pixels = TypeAttr("T", (uint8, float32, float16, float64))
BAD_COLOR = np.array([255, 0, 0, 255], np.uint8)  # red, where it is not a number
_DARK = 1e-6  # below it nothing is made lighter


def _scalar(*inputs, **attributes):
    """The shape of what is written. It is the run that looks at the pictures, as in TensorFlow."""
    return ()


@op("ImageSummary", shape=_scalar, grad=NOT_DIFFERENTIABLE, host=True)
def image_summary(xp, tag: string, tensor: Pixels, *, max_images=3, bad_color=BAD_COLOR) -> string:
    """PNG files of the first images."""
    if tensor.ndim != 4 or tensor.shape[-1] not in (1, 3, 4):
        raise ValueError(
            f"Tensor must be 4-D with last dim 1, 3, or 4, not {list(tensor.shape)}"
        )
    pictures = [_picture(pixels, bad_color) for pixels in tensor[:max_images]]
    return _told(tag, "image", max_images, pictures)


def _told(tag, kind, most, values):
    """A summary with a value, in the field `kind`, for each; they are numbered when more than one
    may be there."""
    base = f"{tag.item().decode()}/{kind}"
    tags = [base if most == 1 else f"{base}/{number}" for number in range(len(values))]
    pairs = [Summary.Value(**{"tag": tag, kind: value}) for tag, value in zip(tags, values)]
    return as_bytes(Summary(value=pairs))


def _picture(pixels, bad_color):
    height, width, channels = pixels.shape
    pixels = pixels if pixels.dtype == np.uint8 else _normalized(pixels, bad_color)
    return Summary.Image(
        height=height,
        width=width,
        colorspace=channels,
        encoded_image_string=encode_png(pixels),
    )


def _normalized(pixels, bad_color):
    """Floats as bytes: the largest becomes 255 or, where any is negative, 0 becomes 128 and the
    largest, whatever its sign, is 127 away from it. A pixel that is not finite gets `bad_color`."""
    good = np.isfinite(pixels).all(axis=-1)
    finite = pixels[good]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    most, range_, offset = (max(abs(low), abs(high)), 127.0, 128.0) if low < 0 else (high, 255.0, 0)
    scale = pixels.dtype.type(0 if most < _DARK else range_ / most)
    made = np.empty(pixels.shape, np.uint8)
    made[good] = (finite * scale + pixels.dtype.type(offset)).astype(np.uint8)
    made[~good] = np.array(bad_color, np.uint8)[: pixels.shape[-1]]
    return made


@op("AudioSummaryV2", shape=_scalar, grad=NOT_DIFFERENTIABLE, host=True)
def audio_summary(
    xp, tag: string, tensor: float32, sample_rate: float32, *, max_outputs=3
) -> string:
    """WAV files of the first recordings."""
    if tensor.ndim not in (2, 3):
        raise ValueError(f"Tensor must be 3-D or 2-D, got: {list(tensor.shape)}")
    if sample_rate <= 0:
        raise ValueError(f"sample_rate must be positive: {sample_rate}")
    rate, sounds = float(sample_rate), tensor.reshape(*tensor.shape[:2], -1)[:max_outputs]
    return _told(tag, "audio", max_outputs, [_recording(frames, rate) for frames in sounds])


def _recording(frames, rate):
    length, channels = frames.shape
    return Summary.Audio(
        sample_rate=rate,
        num_channels=channels,
        length_frames=length,
        encoded_audio_string=encoded(frames, round(rate)),
        content_type="audio/wav",
    )


def image(name, tensor, max_outputs=3, collections=None, family=None):
    """As `tf.summary.scalar`: the first `max_outputs` images of `tensor` [batch, height, width,
    1, 3 or 4].

    A tensor of uint8 is taken as it is. Floats, and NumPy's arrays of whatever type, are scaled
    image by image: the largest becomes 255 or, where any is negative, 0 becomes 128.
    """
    with naming.summary_scope(name, family, values=[tensor]) as (tag, scope):
        tensor = convert_to_tensor(tensor, preferred_dtype=float32)
        made = image_summary(tag, tensor, max_images=_at_least_one("max_images", max_outputs),
                             name=scope)  # fmt: skip
        return collect(made, collections)


def audio(name, tensor, sample_rate, max_outputs=3, collections=None, family=None):
    """As `tf.summary.scalar`: the first `max_outputs` recordings of `tensor` [batch, frames] or
    [batch, frames, channels], floats in -1 to 1, `sample_rate` frames a second."""
    with naming.summary_scope(name, family, values=[tensor]) as (tag, scope):
        rate = convert_to_tensor(sample_rate, float32, name="sample_rate")
        made = audio_summary(tag, tensor, rate, name=scope,
                             max_outputs=_at_least_one("max_outputs", max_outputs))  # fmt: skip
        return collect(made, collections)


def _at_least_one(attribute, number):
    if number < 1:
        raise ValueError(f"Value for attr '{attribute}' of {number} must be at least minimum 1")
    return int(number)

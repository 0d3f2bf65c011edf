"""Pictures of files, and arrays: by Pillow, which is the extra `image` of minitf."""
import io
import os
import warnings

import numpy as np

from minitf.keras.backend.config import checked_layout, floatx

_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
_RESAMPLING = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")


def pillow(what):
    """The module PIL.Image. ImportError, which names `what` needs it, when it is not there."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError(
            f"Could not import PIL.Image. The use of `{what}` requires PIL: "
            "pip install 'minitf-tf1[image]'."
        ) from error
    return Image


def array_to_img(x, data_format=None, scale=True, dtype=None):
    """A picture of Pillow from an array of one image; `scale` stretches it to all of 0 to 255.

    ValueError for other ranks, and for other numbers of channels than 1, 3 and 4.
    """
    image = pillow("array_to_img")
    x = np.asarray(x, dtype=dtype or floatx())
    if x.ndim != 3:
        raise ValueError("Expected image array to have rank 3 (single image). Got array with "
                         f"shape: {x.shape}")  # fmt: skip
    if checked_layout(data_format) == "channels_first":
        x = x.transpose(1, 2, 0)
    if scale:
        x = x - np.min(x)
        x = x / (np.max(x) or 1) * 255
    if x.shape[2] in (3, 4):
        return image.fromarray(x.astype("uint8"))
    if x.shape[2] != 1:
        raise ValueError(f"Unsupported channel number: {x.shape[2]}")
    return image.fromarray(x[:, :, 0].astype("int32" if np.max(x) > 255 else "uint8"))


def img_to_array(img, data_format=None, dtype=None):
    """The array of a picture: [height, width, channels], or with the channels first.

    ValueError for what is no picture.
    """
    x = np.asarray(img, dtype=dtype or floatx())
    if x.ndim not in (2, 3):
        raise ValueError(f"Unsupported image shape: {x.shape}")
    x = x[:, :, np.newaxis] if x.ndim == 2 else x
    return x.transpose(2, 0, 1) if checked_layout(data_format) == "channels_first" else x


def save_img(path, x, data_format=None, file_format=None, scale=True, **kwargs):
    """Write an array as a picture; `kwargs` are those of Pillow's `save`."""
    picture = array_to_img(x, data_format=data_format, scale=scale)
    if picture.mode == "RGBA" and file_format in ("jpg", "jpeg"):
        warnings.warn("The JPG format does not support RGBA images, converting to RGB.",
                      stacklevel=2)  # fmt: skip
        picture = picture.convert("RGB")
    picture.save(path, format=file_format, **kwargs)


def load_img(
    path, grayscale=False, color_mode="rgb", target_size=None, interpolation="nearest"
):
    """The picture of a file, as Pillow has it; `target_size` is (height, width).

    `color_mode` is "grayscale", "rgb" or "rgba". ValueError for other words.
    """
    if grayscale is True:
        warnings.warn('grayscale is deprecated. Please use color_mode = "grayscale"', stacklevel=2)
        color_mode = "grayscale"
    image = pillow("load_img")
    if color_mode not in _MODES:
        raise ValueError('color_mode must be "grayscale", "rgb", or "rgba"')
    with open(path, "rb") as file:
        picture = image.open(io.BytesIO(file.read()))
    deep = color_mode == "grayscale" and picture.mode in ("I;16", "I")
    if picture.mode != _MODES[color_mode] and not deep:
        picture = picture.convert(_MODES[color_mode])
    if target_size is None or picture.size == (target_size[1], target_size[0]):
        return picture
    if interpolation not in _RESAMPLING:
        raise ValueError(f"Invalid interpolation method {interpolation} specified. Supported "
                         f"methods are {', '.join(_RESAMPLING)}")  # fmt: skip
    return picture.resize((target_size[1], target_size[0]), getattr(image, interpolation.upper()))


def list_pictures(directory, ext=("jpg", "jpeg", "bmp", "png", "ppm", "tif", "tiff")):
    """The paths of all files below `directory` that end so."""
    endings = tuple(f".{each}" for each in ((ext,) if isinstance(ext, str) else ext))
    return [
        os.path.join(root, name)
        for root, _, names in os.walk(directory) for name in names
        if name.lower().endswith(endings)
    ]  # fmt: skip

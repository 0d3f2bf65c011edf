"""Image files as tensors: `tf.image.decode_jpeg`, `tf.image.encode_png`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int32, int64, string, uint8, uint16
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.literals import ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr
from minitf.core.tensor_shape import printed
from minitf.image import files
from minitf.image.color import convert_image_dtype
from minitf.image.shapes import rank_checked
from minitf.ops.math.elementwise import equal
from minitf.ops.random.draws import random_uniform
from minitf.ops.strings.text import substr

# -- decoding -------------------------------------------------------------------------------------


def _one_file(contents):
    if contents is not None and contents != ():
        raise ValueError(f"Shape must be rank 0 but is rank {len(contents)}: contents is a scalar, "
                         f"not {printed(contents)}")  # fmt: skip


def _picture(contents, *_, channels=0, **__):
    _one_file(contents)
    return (None, None, channels or None)


def _only(contents):
    if np.ndim(contents):
        raise ValueError(f"contents must be scalar, got shape {list(np.shape(contents))}")
    return contents.item() if isinstance(contents, np.ndarray) else contents


def _decoded(op_name, contents, channels, dtype=np.uint8, ratio=1):
    """A picture, whatever its format: TensorFlow's ops for JPEG and PNG read each other's files."""
    kind = files.format_of(contents)
    if kind == "JPEG":
        if channels == 4 or dtype != np.uint8:
            raise ValueError(f"{op_name}: a JPEG file has 1 or 3 channels of uint8, asked for "
                             f"{channels} of {np.dtype(dtype).name}")  # fmt: skip
        return files.decode_jpeg(contents, channels, ratio)
    if kind == "PNG":
        return files.decode_png(contents, channels, dtype)
    if kind == "GIF":
        return _only_frame(contents, channels)
    raise ValueError("Expected image (JPEG, PNG, or GIF), got unknown format starting with "
                     f"{contents[:16]!r}")  # fmt: skip


def _only_frame(contents, channels):
    if channels not in (0, 3):
        raise ValueError(f"channels must be 0 or 3 for GIF, got {channels}")
    frames = files.decode_gif(contents)
    if len(frames) != 1:
        raise ValueError(f"Got {len(frames)} frames, but animated gifs can only be decoded by "
                         "tf.image.decode_gif or tf.image.decode_image")  # fmt: skip
    return frames[0]


@op("DecodeJpeg", shape=_picture, grad=NOT_DIFFERENTIABLE, host=True)
def decode_jpeg_op(xp, contents: string, *, channels=0, ratio=1) -> uint8:
    """A JPEG file as [height, width, channels]."""
    return _decoded("DecodeJpeg", _only(contents), channels, ratio=ratio)


@op("DecodePng", shape=_picture, grad=NOT_DIFFERENTIABLE, host=True)
def decode_png_op(xp, contents: string, *, channels=0, dtype=uint8) -> Attr("dtype"):
    """A PNG file as [height, width, channels]."""
    return _decoded("DecodePng", _only(contents), channels, dtype.numpy)


def _frames(contents):
    _one_file(contents)
    return (None, None, None, 3)


@op("DecodeGif", shape=_frames, grad=NOT_DIFFERENTIABLE, host=True)
def decode_gif_op(xp, contents: string) -> uint8:
    """A GIF file as [frames, height, width, 3]."""
    contents = _only(contents)
    if files.format_of(contents) == "GIF":
        return files.decode_gif(contents)
    return _decoded("DecodeGif", contents, 3)[None]


@op("DecodeBmp", shape=_picture, grad=NOT_DIFFERENTIABLE, host=True)
def decode_bmp_op(xp, contents: string, *, channels=0) -> uint8:
    """A BMP file as [height, width, channels]."""
    return files.decode_bmp(_only(contents), channels)


def _part(contents, crop_window, *, channels=0, **_):
    _one_file(contents)
    known = (None,) * 4 if crop_window is None else tuple(crop_window)
    return (known[2], known[3], channels or None)


@op("DecodeAndCropJpeg", shape=_part, grad=NOT_DIFFERENTIABLE, host=True)
def decode_and_crop_jpeg_op(
    xp, contents: string, crop_window: TypeAttr("_", (int32,), static=True), *, channels=0,
    ratio=1,
) -> uint8:  # fmt: skip
    """A part of a JPEG file."""
    image = _decoded("DecodeAndCropJpeg", _only(contents), channels, ratio=ratio)
    top, left, height, width = ints(crop_window)
    if min(top, left, height - 1, width - 1) < 0 or top + height > image.shape[0] or (
        left + width > image.shape[1]
    ):
        raise ValueError(f"Invalid JPEG data or crop window: {[top, left, height, width]} in an "
                         f"image of {list(image.shape)}")  # fmt: skip
    return image[top : top + height, left : left + width].copy()


@op("DecodeImage", shape=lambda contents, **_: _one_file(contents), grad=NOT_DIFFERENTIABLE,
    host=True)  # fmt: skip
def decode_image_op(
    xp, contents: string, *, channels=0, dtype=uint8, expand_animations=True
) -> Attr("dtype"):
    """A file of any of the formats, in the type wanted."""
    contents = _only(contents)
    return _converted(_any(contents, channels, dtype, expand_animations), dtype)


def _any(contents, channels, dtype, expand_animations):
    kind = files.format_of(contents)
    if kind is None:
        raise ValueError("Unable to decode bytes as JPEG, PNG, GIF, or BMP")
    if kind == "PNG":
        return files.decode_png(contents, channels, np.uint8 if dtype is uint8 else np.uint16)
    allowed = {"JPEG": (0, 1, 3), "GIF": (0, 3), "BMP": (0, 3, 4)}[kind]
    if channels not in allowed:
        raise ValueError(f"Channels must be in {(None, *allowed)} when decoding {kind} images")
    if kind == "JPEG":
        return files.decode_jpeg(contents, channels)
    if kind == "BMP":
        return files.decode_bmp(contents, 0)
    frames = files.decode_gif(contents)
    return frames if expand_animations else frames[0]


def _converted(image, dtype):
    """As tf.image.convert_image_dtype does it, for the types of files."""
    if image.dtype == dtype.numpy:
        return image
    if dtype.is_floating:
        most = dtype.numpy.type(1 / np.iinfo(image.dtype).max)
        return image.astype(dtype.numpy) * most
    most, wanted = np.iinfo(image.dtype).max, dtype.max
    if most > wanted:
        return (image // ((most + 1) // (wanted + 1))).astype(dtype.numpy)
    return image.astype(dtype.numpy) * dtype.numpy.type((wanted + 1) // (most + 1))


# -- encoding -------------------------------------------------------------------------------------


def _to_file(image, *_, **__):
    rank_checked(image, 3, "image")
    return ()


def _check_picture(image, channels):
    if image.ndim != 3 or image.shape[2] not in channels:
        raise ValueError(f"image must be 3-dimensional with {' or '.join(map(str, channels))} "
                         f"channels, got shape {list(image.shape)}")  # fmt: skip


def _jpeg(image, quality, options):
    _check_picture(image, (1, 3))
    if not 0 <= quality <= 100:
        raise ValueError(f"quality must be in [0,100], got {quality}")
    text = np.empty((), object)
    text[()] = files.encode_jpeg(image, quality, **options)
    return text


@op("EncodeJpeg", shape=_to_file, grad=NOT_DIFFERENTIABLE, host=True)
def encode_jpeg_op(
    xp, image: uint8, *, format="", quality=95, progressive=False, optimize_size=False,
    chroma_downsampling=True, density_unit="in", x_density=300, y_density=300, xmp_metadata="",
) -> string:  # fmt: skip
    """[height, width, 1 or 3] as a JPEG file."""
    wanted = {"grayscale": 1, "rgb": 3}.get(format, image.shape[-1])
    if image.shape[-1] != wanted:
        raise ValueError(f"format '{format}' expects {wanted} channels, got {image.shape[-1]}")
    options = {
        "progressive": progressive, "optimize": optimize_size, "dpi": (x_density, y_density),
        "subsampling": 2 if chroma_downsampling else 0,
    }  # fmt: skip
    return _jpeg(image, quality, options)


@op("EncodeJpegVariableQuality", shape=_to_file, grad=NOT_DIFFERENTIABLE, host=True)
def encode_jpeg_variable_quality(xp, images: uint8, quality: int32) -> string:
    """[height, width, 1 or 3] as a JPEG file, of a quality that is a tensor."""
    return _jpeg(images, int(np.asarray(quality).item()), {"subsampling": 2})


@op("EncodePng", shape=_to_file, grad=NOT_DIFFERENTIABLE, host=True)
def encode_png_op(
    xp, image: TypeAttr("T", (uint8, uint16), default=uint8), *, compression=-1
) -> string:
    """[height, width, 1 to 4] as a PNG file."""
    _check_picture(image, (1, 2, 3, 4))
    text = np.empty((), object)
    text[()] = files.encode_png(image, compression)
    return text


@op("ExtractJpegShape", shape=lambda contents, **_: _one_file(contents) or (3,), host=True,
    grad=NOT_DIFFERENTIABLE)  # fmt: skip
def extract_jpeg_shape_op(xp, contents: string, *, output_type=int32) -> Attr("output_type"):
    """[height, width, channels] of a JPEG file."""
    return np.array(files.jpeg_shape(_only(contents)), output_type.numpy)


# -- TF1's functions ------------------------------------------------------------------------------


def _check_jpeg(channels, ratio, fancy_upscaling, try_recover_truncated, acceptable_fraction,
                dct_method):  # fmt: skip
    _check_choice("channels", channels, (0, 1, 3, 4))  # 4: of a PNG file
    _check_choice("ratio", ratio, (1, 2, 4, 8))
    _check_choice("dct_method", dct_method, ("", "INTEGER_FAST", "INTEGER_ACCURATE"))
    if not fancy_upscaling or try_recover_truncated or acceptable_fraction != 1:
        raise NotImplementedError(
            "decode_jpeg goes through Pillow, which always smooths colours (fancy_upscaling) and "
            "refuses truncated files (try_recover_truncated, acceptable_fraction)"
        )


def _check_choice(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"{name} must be one of {allowed}, got {value!r}")


def decode_jpeg(
    contents, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False,
    acceptable_fraction=1, dct_method="", name=None,
):  # fmt: skip
    """The picture in the bytes of a JPEG file (PNG and GIF too), uint8 [height, width, channels].

    `channels` are those of the file (0), 1 or 3, or, of PNG, 4; `ratio` scales down by 1, 2, 4 or
    8. The decoding is Pillow's, accurate whatever `dct_method` says: TensorFlow's own default is a
    faster one, and a pixel may differ by some grey levels. NotImplementedError for what Pillow does
    not do: no `fancy_upscaling`, and truncated files. In a run InvalidArgumentError for bytes of no
    picture, ImportError without Pillow.
    """
    _check_jpeg(channels, ratio, fancy_upscaling, try_recover_truncated, acceptable_fraction,
                dct_method)  # fmt: skip
    return decode_jpeg_op(contents, channels=channels, ratio=ratio, name=name)


def decode_and_crop_jpeg(
    contents, crop_window, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False,
    acceptable_fraction=1, dct_method="", name=None,
):  # fmt: skip
    """The part `crop_window` (top, left, height, width) of `tf.image.decode_jpeg`."""
    _check_jpeg(channels, ratio, fancy_upscaling, try_recover_truncated, acceptable_fraction,
                dct_method)  # fmt: skip
    return decode_and_crop_jpeg_op(contents, crop_window, channels=channels, ratio=ratio, name=name)


def decode_png(contents, channels=0, dtype=uint8, name=None):
    """The picture in the bytes of a PNG file (JPEG and GIF too), [height, width, channels].

    `channels` are those of the file (0), 1, 3 or 4; `dtype` is uint8 or uint16. In a run
    InvalidArgumentError for bytes of no picture, ImportError without Pillow.
    """
    dtype = as_dtype(dtype)
    _check_choice("channels", channels or 0, (0, 1, 3, 4))
    _check_choice("dtype", dtype, (uint8, uint16))
    return decode_png_op(contents, channels=channels or 0, dtype=dtype, name=name)


def decode_gif(contents, name=None):
    """The pictures in the bytes of a GIF file (JPEG and PNG too), uint8 [frames, height, width, 3].

    Frames are drawn on each other by Pillow. In a run InvalidArgumentError for bytes of no
    picture, ImportError without Pillow.
    """
    return decode_gif_op(contents, name=name)


def decode_bmp(contents, channels=0, name=None):
    """The picture in the bytes of a BMP file, uint8 [height, width, channels].

    `channels` are those of the file (0), 3 or 4. InvalidArgumentError in a run for others.
    """
    return decode_bmp_op(contents, channels=channels, name=name)


def decode_image(contents, channels=None, dtype=uint8, name=None, expand_animations=True):
    """The picture in the bytes of a BMP, GIF, JPEG or PNG file, [height, width, channels].

    A GIF has one axis more, its frames first; without `expand_animations` only the first frame.
    Another `dtype` is scaled as by `tf.image.convert_image_dtype`. ValueError for `channels` that
    are not None, 0, 1, 3 or 4; in a run InvalidArgumentError for other bytes. The static shape is
    unknown: use set_shape.
    """
    with name_scope(name, "decode_image"):
        if channels not in (None, 0, 1, 3, 4):
            raise ValueError("channels must be in (None, 0, 1, 3, 4)")
        dtype = as_dtype(dtype)
        # TensorFlow has a branch for each format.
        nodes = 76 if dtype is uint8 else 84 if dtype.is_floating else 82
        with get_default_graph()._counting(nodes + (0 if expand_animations else 3)):
            return decode_image_op(contents, channels=channels or 0, dtype=dtype,
                                   expand_animations=expand_animations)  # fmt: skip


def encode_jpeg(
    image, format="", quality=95, progressive=False, optimize_size=False, chroma_downsampling=True,
    density_unit="in", x_density=300, y_density=300, xmp_metadata="", name=None,
):  # fmt: skip
    """The bytes of `image`, uint8 [height, width, 1 or 3], as a JPEG file.

    NotImplementedError for what Pillow does not write: densities per centimetre, XMP metadata. In
    a run InvalidArgumentError for a wrong shape or quality, ImportError without Pillow.
    """
    _check_choice("format", format, ("", "grayscale", "rgb"))
    if density_unit != "in" or xmp_metadata:
        raise NotImplementedError("encode_jpeg goes through Pillow: density_unit='in', no metadata")
    return encode_jpeg_op(
        image, format=format, quality=quality, progressive=progressive,
        optimize_size=optimize_size, chroma_downsampling=chroma_downsampling,
        density_unit=density_unit, x_density=x_density, y_density=y_density,
        xmp_metadata=xmp_metadata, name=name,
    )  # fmt: skip


def encode_png(image, compression=-1, name=None):
    """The bytes of `image`, uint8 or uint16 [height, width, 1 to 4], as a PNG file.

    `compression` is zlib's level, 0 to 9, or -1. InvalidArgumentError in a run for a wrong shape.
    """
    return encode_png_op(image, compression=compression, name=name)


def extract_jpeg_shape(contents, output_type=int32, name=None):
    """[height, width, channels] from the header of a JPEG file. `output_type` is int32 or int64."""
    output_type = as_dtype(output_type)
    _check_choice("output_type", output_type, (int32, int64))
    return extract_jpeg_shape_op(contents, output_type=output_type, name=name)


def is_jpeg(contents, name=None):
    """Whether these bytes begin as a JPEG file does."""
    with name_scope(name, "is_jpeg") as scope:
        return equal(substr(contents, 0, 3), b"\xff\xd8\xff", name=scope)


def adjust_jpeg_quality(image, jpeg_quality, name=None):
    """`image`, [height, width, 1 or 3], written as a JPEG file of this quality and read again.

    InvalidArgumentError in a run for a quality outside [0, 100].
    """
    with name_scope(name, "adjust_jpeg_quality", [image]):
        image = convert_to_tensor(image, name="image")
        pixels = convert_image_dtype(image, uint8)
        contents = encode_jpeg_variable_quality(pixels, convert_to_tensor(jpeg_quality, int32))
        return convert_image_dtype(decode_jpeg(contents), image.dtype)


def random_jpeg_quality(image, min_jpeg_quality, max_jpeg_quality, seed=None):
    """`tf.image.adjust_jpeg_quality` by a random quality from [minimum, maximum).

    ValueError unless 0 <= minimum < maximum <= 100.
    """
    if min(min_jpeg_quality, max_jpeg_quality) < 0 or max(min_jpeg_quality, max_jpeg_quality) > 100:
        raise ValueError("jpeg encoding range must be between 0 and 100.")
    if min_jpeg_quality >= max_jpeg_quality:
        raise ValueError("`min_jpeg_quality` must be less than `max_jpeg_quality`.")
    drawn = random_uniform([], min_jpeg_quality, max_jpeg_quality, seed=seed, dtype=int32)
    return adjust_jpeg_quality(image, drawn)

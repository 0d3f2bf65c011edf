"""`scipy.misc`, of before SciPy 1.3: pictures as arrays, by Pillow; and what SciPy has moved."""
import numpy as np
from scipy.special import comb, factorial, factorial2, factorialk, logsumexp  # noqa: F401

try:
    from PIL import Image, ImageFilter
except ImportError as error:
    raise ImportError(
        "scipy.misc reads, writes and resizes pictures by Pillow: pip install pillow"
    ) from error

RESAMPLING = {
    "nearest": Image.Resampling.NEAREST, "lanczos": Image.Resampling.LANCZOS,
    "bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC,
    "cubic": Image.Resampling.BICUBIC,
}  # fmt: skip
FILTERS = {
    "blur": ImageFilter.BLUR, "contour": ImageFilter.CONTOUR, "detail": ImageFilter.DETAIL,
    "edge_enhance": ImageFilter.EDGE_ENHANCE, "edge_enhance_more": ImageFilter.EDGE_ENHANCE_MORE,
    "emboss": ImageFilter.EMBOSS, "find_edges": ImageFilter.FIND_EDGES,
    "smooth": ImageFilter.SMOOTH, "smooth_more": ImageFilter.SMOOTH_MORE,
    "sharpen": ImageFilter.SHARPEN,
}  # fmt: skip
MODES = {3: ("RGB", "YCbCr"), 4: ("RGBA", "CMYK")}  # by channels, the first unless one is named


def bytescale(data, cmin=None, cmax=None, high=255, low=0):
    """An array as bytes: `cmin` (its least element) becomes `low`, `cmax` (its largest) `high`.
    Bytes stay as they are. Raises ValueError where the limits make no sense."""
    if data.dtype == np.uint8:
        return data
    if not 0 <= low <= high <= 255:
        raise ValueError(f"`low` and `high` are bytes, `low` not above `high`: {low}, {high}")
    cmin = data.min() if cmin is None else cmin
    cmax = data.max() if cmax is None else cmax
    if cmax < cmin:
        raise ValueError("`cmax` should be larger than `cmin`.")
    scale = float(high - low) / ((cmax - cmin) or 1)
    scaled = (data - cmin) * scale + low
    return (scaled.clip(low, high) + 0.5).astype(np.uint8)


def imread(name, flatten=False, mode=None):
    """The picture in a file as an array [height, width(, channels)] of bytes; `flatten` makes it
    float32, of greys."""
    return fromimage(Image.open(name), flatten=flatten, mode=mode)


def imsave(name, arr, format=None):
    """Write an array [height, width(, 3 or 4)] as a picture, its least element black, its largest
    white unless they are bytes."""
    image = toimage(arr, channel_axis=2)
    image.save(name) if format is None else image.save(name, format)


def fromimage(im, flatten=False, mode=None):
    """An image of Pillow as an array, converted to `mode` before."""
    if not isinstance(im, Image.Image):
        raise TypeError("Input is not a PIL image.")
    if mode is None and im.mode == "P":  # indices of colours
        mode = "RGBA" if "transparency" in im.info else "RGB"
    if mode is not None and mode != im.mode:
        im = im.convert(mode)
    if flatten:
        im = im.convert("F")
    elif im.mode == "1":
        im = im.convert("L")
    return np.array(im)


def toimage(
    arr, high=255, low=0, cmin=None, cmax=None, pal=None, mode=None, channel_axis=None
):  # fmt: skip
    """An array as an image of Pillow, scaled to bytes as by `bytescale`.

    Of two axes, it is grey, or has the palette `pal`. Of three, one of size 3 or 4 is that of
    colours, the first such unless `channel_axis` names it. Raises ValueError for other shapes.
    """
    data = np.asarray(arr)
    if np.iscomplexobj(data):
        raise ValueError("Cannot convert a complex-valued array.")
    if data.ndim == 2:
        return _grey(data, high, low, cmin, cmax, pal, mode)
    if data.ndim != 3 or not {3, 4} & set(data.shape):
        raise ValueError("'arr' does not have a suitable array shape for any mode.")
    if channel_axis is None:
        channel_axis = data.shape.index(3 if 3 in data.shape else 4)
    channels = data.shape[channel_axis]
    if channels not in MODES:
        raise ValueError("Channel axis dimension is not valid.")
    if mode is not None and mode not in MODES[channels]:
        raise ValueError(f"Invalid mode {mode!r} for {channels} channels: {MODES[channels]}")
    scaled = bytescale(data, high=high, low=low, cmin=cmin, cmax=cmax)
    size = [n for axis, n in enumerate(data.shape) if axis != channel_axis % 3][::-1]
    scaled = np.moveaxis(scaled, channel_axis, 2)
    return Image.frombytes(mode or MODES[channels][0], size, scaled.tobytes())


def _grey(data, high, low, cmin, cmax, pal, mode):
    size = data.shape[::-1]
    if mode == "F":
        return Image.frombytes("F", size, data.astype(np.float32).tobytes())
    if mode in (None, "L", "P"):
        scaled = bytescale(data, high=high, low=low, cmin=cmin, cmax=cmax)
        image = Image.frombytes("L", size, scaled.tobytes())
        if pal is not None:
            image.putpalette(np.asarray(pal, np.uint8).tobytes())
        elif mode == "P":
            image.putpalette(np.repeat(np.arange(256, dtype=np.uint8), 3).tobytes())
        return image
    if mode == "1":
        return Image.frombytes("1", size, np.packbits(data > high, axis=1).tobytes())
    cmin = np.amin(data) if cmin is None else cmin
    cmax = np.amax(data) if cmax is None else cmax
    data = (data * 1.0 - cmin) * (high - low) / (cmax - cmin) + low
    if mode != "I":
        raise ValueError(f"Invalid mode {mode!r} for an array of two axes.")
    return Image.frombytes("I", size, data.astype(np.uint32).tobytes())


def imresize(arr, size, interp="bilinear", mode=None):
    """A picture in another size: in percent (an integer), by a factor (a float), or (height,
    width). Its elements are scaled to bytes first, as by `toimage`. `interp` is "nearest",
    "lanczos", "bilinear", "bicubic" or "cubic"."""
    image = toimage(arr, mode=mode)
    if np.issubdtype(type(size), np.signedinteger):
        size = tuple((np.array(image.size) * (size / 100.0)).astype(int))
    elif np.issubdtype(type(size), np.floating):
        size = tuple((np.array(image.size) * size).astype(int))
    else:
        size = size[1], size[0]
    return fromimage(image.resize(size, resample=RESAMPLING[interp]))


def imrotate(arr, angle, interp="bilinear"):
    """A picture turned by `angle` degrees against the clock, in the same size."""
    return fromimage(toimage(arr).rotate(angle, resample=RESAMPLING[interp]))


def imfilter(arr, ftype):
    """A picture through one of Pillow's filters: "blur", "sharpen", "find_edges", ... (FILTERS)."""
    if ftype not in FILTERS:
        raise ValueError("Unknown filter type.")
    return fromimage(toimage(arr).filter(FILTERS[ftype]))


def imshow(arr):
    """Show a picture in the program that the system has for it."""
    toimage(arr).show()


def __getattr__(name):
    if name in ("ascent", "electrocardiogram", "face"):
        import scipy.datasets

        return getattr(scipy.datasets, name)
    raise AttributeError(f"module 'scipy.misc' has no attribute {name!r}")

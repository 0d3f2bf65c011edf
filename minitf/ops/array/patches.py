"""The windows of images as pixels with many channels: `tf.extract_image_patches`."""
import itertools

from minitf.core.deprecation import renamed
from minitf.core.literals import ints
from minitf.core.op import op
from minitf.core.schema import Numeric, Real, Static
from minitf.core.shape_rules import sizes as known_sizes
from minitf.core.tensor_shape import printed
from minitf.ops.array.basics import shape


def _reach(window, rate):
    return (window - 1) * rate + 1


def _count(size, window, stride, rate, padding):
    """How many windows there are along an axis."""
    if size is None:
        return None
    if padding == "SAME":
        return -(-size // stride)
    count = (size - _reach(window, rate)) // stride + 1
    if count < 0:
        raise ValueError(f"Negative dimension size caused by subtracting {_reach(window, rate)} "
                         f"from {size}: the window does not fit")  # fmt: skip
    return count


def _check_attrs(rank, padding, **lists):
    for name, values in lists.items():
        if len(values) != rank:
            raise ValueError(f"{name} must have {rank} elements, got {list(values)}")
        if values[0] != 1 or values[-1] != 1 or min(values) < 1:
            raise ValueError(f"{name} must be positive, and 1 along the batch and the channels: "
                             f"{list(values)}")  # fmt: skip
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"padding must be 'SAME' or 'VALID', got {padding!r}")


def _patched(input, ksizes, strides, rates, padding):
    rank = len(ksizes)
    _check_attrs(rank, padding, ksizes=ksizes, strides=strides, rates=rates)
    if input is None:
        return (None,) * rank
    if len(input) != rank:
        raise ValueError(f"Shape must be rank {rank} but is rank {len(input)}: {printed(input)}")
    inner = [_count(*each, padding) for each in zip(input, ksizes, strides, rates)][1:-1]
    channels = input[-1]
    for size in ksizes:
        channels = None if channels is None else channels * size
    return (input[0], *inner, channels)


def _windows(whole, ksizes, strides, rates, padding):
    """For each pixel of the window: (where its pixels are on the padded image); and the pads."""
    counts = [_count(*each, padding) for each in zip(whole, ksizes, strides, rates)][1:-1]
    axes = list(zip(whole[1:-1], ksizes[1:-1], strides[1:-1], rates[1:-1], counts))
    pads = []
    for size, window, stride, rate, count in axes:
        missing = max((count - 1) * stride + _reach(window, rate) - size, 0)
        missing = missing if padding == "SAME" else 0
        pads.append((missing // 2, missing - missing // 2))
    places = [
        (slice(None), *(slice(i * rate, i * rate + (count - 1) * stride + 1 if count else 0, stride)
                        for i, (_, _, stride, rate, count) in zip(each, axes)))
        for each in itertools.product(*(range(window) for window in ksizes[1:-1]))
    ]  # fmt: skip
    return places, [(0, 0), *pads, (0, 0)]


def _taken(xp, input, *attrs):
    places, pads = _windows(input.shape, *attrs)
    padded = xp.pad(input, pads)
    return xp.concatenate([padded[place] for place in places], -1)


def _added(xp, sizes, dy, *attrs):
    """What the pixels of all windows give to each pixel of the image."""
    places, pads = _windows(sizes, *attrs)
    padded = xp.zeros([n + sum(pair) for n, pair in zip(sizes, pads)], dy.dtype)
    for k, place in enumerate(places):
        padded[place] += dy[..., k * sizes[-1] : (k + 1) * sizes[-1]]
    inside = tuple(slice(first, first + n) for n, (first, _) in zip(sizes, pads))
    return xp.ascontiguousarray(padded[inside])


# -- images ---------------------------------------------------------------------------------------


@op("ExtractImagePatches", shape=lambda images, *, ksizes, strides, rates, padding:
    _patched(images, ksizes, strides, rates, padding))  # fmt: skip
def image_patches(xp, images: Real, *, ksizes, strides, rates, padding):
    """The windows of images, the pixels of each one after the other along the last axis."""
    return _taken(xp, images, ksizes, strides, rates, padding)


@op("ExtractImagePatchesGrad", shape=lambda sizes, dy, **_: known_sizes(sizes))
def image_patches_grad(xp, sizes: Static, dy: Numeric, *, ksizes, strides, rates, padding):
    """The images that windows of such gradients add up to."""
    return _added(xp, ints(sizes), dy, ksizes, strides, rates, padding)


@image_patches.gradient
def _(y, dy, images, **attrs):
    return (image_patches_grad(shape(images), dy, **attrs),)


@image_patches_grad.gradient
def _(y, ddy, sizes, dy, **attrs):
    return None, image_patches(ddy, **attrs)


def extract_image_patches(
    images, ksizes=None, strides=None, rates=None, padding=None, name=None, sizes=None
):
    """Windows of `images` [batch, height, width, channels] as the channels of one pixel each.

    `ksizes`, `strides` and `rates` (how far apart the pixels of a window are) are lists of four
    with 1 at both ends, `padding` is "SAME" or "VALID". ValueError for others.
    """
    ksizes = renamed("sizes", sizes, "ksizes", ksizes)
    return extract_patches(images, ksizes, strides, rates, padding, name)


def extract_patches(images, sizes, strides, rates, padding, name=None):
    """As `extract_image_patches`, with the names of TensorFlow 2."""
    lists = {"ksizes": sizes, "strides": strides, "rates": rates}
    return image_patches(images, padding=padding, name=name, **_as_tuples(lists))


def _as_tuples(lists):
    for name, values in lists.items():
        if not isinstance(values, (list, tuple)):
            raise TypeError(f"Expected list for '{name}' argument to 'extract_patches' Op, not "
                            f"{values!r}.")  # fmt: skip
    return {name: tuple(int(n) for n in values) for name, values in lists.items()}


# -- volumes --------------------------------------------------------------------------------------

ONES = (1,) * 5


@op("ExtractVolumePatches", shape=lambda input, *, ksizes, strides, padding:
    _patched(input, ksizes, strides, ONES, padding))  # fmt: skip
def volume_patches(xp, input: Real, *, ksizes, strides, padding):
    """The windows of volumes, the pixels of each one after the other along the last axis."""
    return _taken(xp, input, ksizes, strides, ONES, padding)


@op("ExtractVolumePatchesGrad", shape=lambda sizes, dy, **_: known_sizes(sizes))
def volume_patches_grad(xp, sizes: Static, dy: Numeric, *, ksizes, strides, padding):
    """The volumes that windows of such gradients add up to."""
    return _added(xp, ints(sizes), dy, ksizes, strides, ONES, padding)


@volume_patches.gradient
def _(y, dy, input, **attrs):
    return (volume_patches_grad(shape(input), dy, **attrs),)


@volume_patches_grad.gradient
def _(y, ddy, sizes, dy, **attrs):
    return None, volume_patches(ddy, **attrs)


def extract_volume_patches(input, ksizes, strides, padding, name=None):
    """Windows of `input` [batch, depth, height, width, channels] as the channels of one pixel each.

    `ksizes` and `strides` are lists of five with 1 at both ends, `padding` is "SAME" or "VALID".
    """
    lists = _as_tuples({"ksizes": ksizes, "strides": strides})
    return volume_patches(input, padding=padding, name=name, **lists)

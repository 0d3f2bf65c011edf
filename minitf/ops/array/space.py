"""Blocks of pixels moved to other axes: `tf.space_to_depth`, `tf.space_to_batch_nd`, ..."""
import math

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.literals import elements, ints
from minitf.core.op import op
from minitf.core.schema import static
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape, printed
from minitf.ops.array.basics import zeros
from minitf.ops.array.joining import stack

Block = static("Tblock_shape")
Paddings = static("Tpaddings")
Crops = static("Tcrops")

# -- depth ----------------------------------------------------------------------------------------


def _channels_last(shape, data_format):
    return (shape[0], *shape[2:], shape[1]) if data_format == "NCHW" else tuple(shape)


def _as_format(shape, data_format):
    return (shape[0], shape[-1], *shape[1:-1]) if data_format == "NCHW" else tuple(shape)


def _quotient(size, by):
    if size is None:
        return None
    if size % by:
        raise ValueError(f"Dimension size must be evenly divisible by {by} but is {size}")
    return size // by


def _times(size, by):
    return None if size is None else size * by


def _of_four(shape, block_size):
    if block_size < 2:
        raise ValueError(f"Attr 'block_size' passed {block_size} less than minimum 2.")
    if shape is not None and len(shape) != 4:
        raise ValueError(f"Shape must be rank 4 but is rank {len(shape)}: {printed(shape)}")
    return (None,) * 4 if shape is None else shape


def _deep_shape(input, *, block_size, data_format):
    n, h, w, c = _channels_last(_of_four(input, block_size), data_format)
    b = block_size
    return _as_format((n, _quotient(h, b), _quotient(w, b), _times(c, b * b)), data_format)


def _wide_shape(input, *, block_size, data_format):
    n, h, w, c = _channels_last(_of_four(input, block_size), data_format)
    b = block_size
    return _as_format((n, _times(h, b), _times(w, b), _quotient(c, b * b)), data_format)


@op("SpaceToDepth", shape=_deep_shape)
def space_to_depth_op(xp, input, *, block_size, data_format="NHWC"):
    """Each block of pixels becomes one pixel with the channels of all of them."""
    b = block_size
    n, h, w, c = _channels_last(input.shape, data_format)
    if data_format == "NCHW":
        split = input.reshape(n, c, h // b, b, w // b, b).transpose(0, 3, 5, 1, 2, 4)
        return split.reshape(n, b * b * c, h // b, w // b)
    split = input.reshape(n, h // b, b, w // b, b, c).transpose(0, 1, 3, 2, 4, 5)
    return split.reshape(n, h // b, w // b, b * b * c)


@op("DepthToSpace", shape=_wide_shape)
def depth_to_space_op(xp, input, *, block_size, data_format="NHWC"):
    """Each pixel becomes a block of pixels with a part of its channels each."""
    b = block_size
    n, h, w, c = _channels_last(input.shape, data_format)
    if data_format == "NCHW":
        split = input.reshape(n, b, b, c // b**2, h, w).transpose(0, 3, 4, 1, 5, 2)
        return split.reshape(n, c // b**2, h * b, w * b)
    split = input.reshape(n, h, w, b, b, c // b**2).transpose(0, 1, 3, 2, 4, 5)
    return split.reshape(n, h * b, w * b, c // b**2)


space_to_depth_op.gradient(lambda y, dy, input, **attrs: (depth_to_space_op(dy, **attrs),))
depth_to_space_op.gradient(lambda y, dy, input, **attrs: (space_to_depth_op(dy, **attrs),))


def _check_format(data_format):
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError(f"data_format must be NHWC or NCHW, got {data_format!r}: NCHW_VECT_C is a "
                         "layout of quantised images, which are not here")  # fmt: skip
    return data_format


def space_to_depth(input, block_size, name=None, data_format="NHWC"):
    """Blocks of `block_size` x `block_size` pixels as one pixel with all their channels.

    `input` is [batch, height, width, channels] (or as `data_format` says). ValueError unless height
    and width are multiples of `block_size`, which is at least 2.
    """
    return space_to_depth_op(input, block_size=block_size, data_format=_check_format(data_format),
                             name=name)  # fmt: skip


def depth_to_space(input, block_size, name=None, data_format="NHWC"):
    """The inverse of `space_to_depth`: the channels of a pixel as a block of pixels.

    ValueError unless the number of channels is a multiple of `block_size` squared.
    """
    return depth_to_space_op(input, block_size=block_size, data_format=_check_format(data_format),
                             name=name)  # fmt: skip


# -- batch ----------------------------------------------------------------------------------------


def _pairs(values, count):
    """The pairs as far as they are known."""
    if values is None:
        return [(None, None)] * count
    return [tuple(row) for row in np.asarray(values, object).reshape(-1, 2).tolist()]


def _checked_blocks(block_shape, pairs, what):
    blocks = elements(block_shape)
    if blocks is None:
        return None, None
    if any(b is not None and b < 1 for b in blocks):
        raise ValueError(f"block_shape must be positive, got {list(blocks)}")
    pairs = _pairs(pairs, len(blocks))
    if len(pairs) != len(blocks):
        raise ValueError(f"{what} must have a pair for each of block_shape {list(blocks)}, got "
                         f"{len(pairs)}")  # fmt: skip
    if any(n is not None and n < 0 for pair in pairs for n in pair):
        raise ValueError(f"{what} must be non-negative, got {pairs}")
    return blocks, pairs


def _check_rank(input, blocks):
    if len(input) < len(blocks) + 1:
        raise ValueError(f"Shape must be at least rank {len(blocks) + 1} but is rank {len(input)}: "
                         f"{printed(input)}")  # fmt: skip


def _padded_blocks(size, block, pair):
    if None in (size, block, *pair):
        return None
    if (size + sum(pair)) % block:
        raise ValueError(f"the padded size {size} + {sum(pair)} is no multiple of the block size "
                         f"{block}: Dimension size must be evenly divisible")  # fmt: skip
    return (size + sum(pair)) // block


def _batched_shape(input, block_shape, paddings):
    blocks, pairs = _checked_blocks(block_shape, paddings, "paddings")
    if input is None or blocks is None:
        return None if input is None else (None,) * len(input)
    _check_rank(input, blocks)
    count = len(blocks)
    batch = None if None in (input[0], *blocks) else input[0] * math.prod(blocks)
    inner = [_padded_blocks(*each) for each in zip(input[1:], blocks, pairs)]
    return (batch, *inner, *input[1 + count :])


def _unblocked(size, block, pair):
    if None in (size, block, *pair):
        return None
    if size * block < sum(pair):
        raise ValueError(f"crops {list(pair)} are more than the size {size * block}")
    return size * block - sum(pair)


def _unbatched_shape(input, block_shape, crops):
    blocks, pairs = _checked_blocks(block_shape, crops, "crops")
    if input is None or blocks is None:
        return None if input is None else (None,) * len(input)
    _check_rank(input, blocks)
    count = len(blocks)
    batch = None if None in blocks else _quotient(input[0], math.prod(blocks))
    inner = [_unblocked(*each) for each in zip(input[1:], blocks, pairs)]
    return (batch, *inner, *input[1 + count :])


def _to_batch(xp, input, blocks, pairs):
    count = len(blocks)
    padded = xp.pad(input, [(0, 0), *pairs, *[(0, 0)] * (input.ndim - 1 - count)])
    inner = [n for size, b in zip(padded.shape[1:], blocks) for n in (size // b, b)]
    split = padded.reshape(input.shape[0], *inner, *input.shape[1 + count :])
    places = range(1, 2 * count, 2)
    order = [*(p + 1 for p in places), 0, *places, *range(2 * count + 1, split.ndim)]
    turned = split.transpose(order)
    return turned.reshape(-1 if turned.size else input.shape[0] * math.prod(blocks),
                          *turned.shape[count + 1 :])  # fmt: skip


def _from_batch(xp, input, blocks, pairs):
    count, rest = len(blocks), input.shape[1 + len(blocks) :]
    split = input.reshape(*blocks, input.shape[0] // math.prod(blocks), *input.shape[1:])
    inner = [axis for i in range(count) for axis in (count + 1 + i, i)]
    turned = split.transpose([count, *inner, *range(2 * count + 1, split.ndim)])
    sizes = [size * b for size, b in zip(input.shape[1:], blocks)]
    whole = turned.reshape(split.shape[count], *sizes, *rest)
    kept = [slice(first, size - last) for size, (first, last) in zip(sizes, pairs)]
    found = whole[(slice(None), *kept)]
    # Where nothing had to move, reshape() has not copied.
    return found.copy() if xp.shares_memory(found, input) else xp.ascontiguousarray(found)


@op("SpaceToBatchND", shape=_batched_shape)
def space_to_batch_nd(xp, input, block_shape: Block, paddings: Paddings):
    """`input` padded with zeros, its blocks of `block_shape` taken apart into the batch.

    Pixel i of every block along the axes after the first is in part i of the batch. ValueError
    unless the padded sizes are multiples of the block's.
    """
    _batched_shape(input.shape, block_shape, paddings)
    return _to_batch(xp, input, ints(block_shape), _pairs(paddings, 0))


@op("BatchToSpaceND", shape=_unbatched_shape)
def batch_to_space_nd(xp, input, block_shape: Block, crops: Crops):
    """The inverse of `tf.space_to_batch_nd`: `crops` are cut off at the ends of the axes.

    ValueError unless the batch is a multiple of the number of pixels of a block.
    """
    _unbatched_shape(input.shape, block_shape, crops)
    return _from_batch(xp, input, ints(block_shape), _pairs(crops, 0))


@space_to_batch_nd.gradient
def _(y, dy, input, block_shape, paddings):
    return batch_to_space_nd(dy, block_shape, paddings), None, None


@batch_to_space_nd.gradient
def _(y, dy, input, block_shape, crops):
    return space_to_batch_nd(dy, block_shape, crops), None, None


def space_to_batch(input, paddings, block_size=None, name=None, block_shape=None):
    """As `space_to_batch_nd` on images of rank 4, for blocks of `block_size` x `block_size`."""
    block_size = renamed("block_shape", block_shape, "block_size", block_size)
    result = space_to_batch_nd(input, np.int32([block_size, block_size]), paddings, name=name)
    result.set_shape(result.shape.with_rank(4))
    return result


def batch_to_space(input, crops, block_size, name=None, block_shape=None):
    """As `batch_to_space_nd` on images of rank 4, for blocks of `block_size` x `block_size`."""
    block_size = renamed("block_shape", block_shape, "block_size", block_size)
    result = batch_to_space_nd(input, np.int32([block_size, block_size]), crops, name=name)
    result.set_shape(result.shape.with_rank(4))
    return result


def required_space_to_batch_paddings(input_shape, block_shape, base_paddings=None, name=None):
    """(paddings, crops) that make an input of `input_shape` fit `space_to_batch_nd`.

    At least `base_paddings` are added; more at the end so that sizes are multiples of
    `block_shape`, whose shape must be known. Constants when all arguments are. ValueError for
    shapes that do not fit.
    """
    with name_scope(name, "required_space_to_batch_paddings", [input_shape, block_shape]):
        sizes = convert_to_tensor(input_shape, int32, name="input_shape")
        blocks = convert_to_tensor(block_shape, int32, name="block_shape")
        blocks.shape.assert_is_fully_defined()
        count = TensorShape(blocks.shape).with_rank(1).as_list()[0]
        if count == 0:
            return zeros([0, 2], int32), zeros([0, 2], int32)
        sizes.shape.assert_is_compatible_with([count])
        if base_paddings is None:
            base_paddings = np.zeros([count, 2], np.int32)
        base = convert_to_tensor(base_paddings, int32, name="base_paddings")
        base.shape.assert_is_compatible_with([count, 2])
        known = [constant_value(each) for each in (sizes, blocks, base)]
        if all(value is not None for value in known):
            sizes, blocks, base = known
        return _required(sizes, blocks, base, count)


def _required(sizes, blocks, base, count):
    first, last = base[:, 0], base[:, 1]
    extra = (blocks - (sizes + first + last) % blocks) % blocks
    end = last + extra
    paddings = stack([[first[i], end[i]] for i in range(count)], name="paddings")
    return paddings, stack([[0, extra[i]] for i in range(count)], name="crops")

"""Turning images over: `tf.image.flip_left_right`, `tf.image.rot90`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.image.shapes import bad_rank, check_at_least_3d
from minitf.ops.array.basics import reshape, shape
from minitf.ops.control_flow.branches import case, cond
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, equal, floor_mod, less
from minitf.ops.math.operators import round
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import reverse, transpose


def checked(image):
    """(the tensor with TensorFlow's checks, its rank: 3, 4 or None). ValueError for another."""
    image = convert_to_tensor(image, name="image")
    image = with_dependencies(check_at_least_3d(image), image)
    rank = image.shape.ndims
    if rank not in (3, 4, None):
        raise bad_rank()
    return image, rank


def _with_shape_of(image, result):
    known = image.shape
    result.set_shape([None] * 3 if known.ndims is None else known)
    return result


def flip_left_right(image):
    """`image`, [height, width, channels] or a batch of these, mirrored left to right.

    ValueError for another rank.
    """
    return _flip(image, 1, "flip_left_right")


def flip_up_down(image):
    """`image`, [height, width, channels] or a batch of these, upside down.

    ValueError for another rank.
    """
    return _flip(image, 0, "flip_up_down")


def _flip(image, axis, scope):
    with name_scope(None, scope, [image]):
        image, rank = checked(image)
        if rank == 4:
            return reverse(image, [axis + 1])
        return _with_shape_of(image, reverse(image, [axis]))


def random_flip_left_right(image, seed=None):
    """`tf.image.flip_left_right` or the image as it is, with equal chances; for each in a batch."""
    return _random_flip(image, 1, seed, "random_flip_left_right")


def random_flip_up_down(image, seed=None):
    """`tf.image.flip_up_down` or the image as it is, with equal chances; for each in a batch."""
    return _random_flip(image, 0, seed, "random_flip_up_down")


def _random_flip(image, axis, seed, scope):
    with name_scope(None, scope, [image]) as name:
        image, rank = checked(image)
        if rank == 4:
            count = shape(image)[0]
            drawn = random_uniform([count], 0, 1.0, seed=seed)
            flips = cast(round(reshape(drawn, [count, 1, 1, 1])), image.dtype)
            return flips * reverse(image, [axis + 1]) + (1 - flips) * image
        turned = less(random_uniform([], 0, 1.0, seed=seed), 0.5)
        return _with_shape_of(
            image, cond(turned, lambda: reverse(image, [axis]), lambda: image, name=name)
        )


def transpose_image(image, name=None):
    """`image`, [height, width, channels] or a batch of these, with rows and columns exchanged.

    ValueError for another rank.
    """
    with name_scope(name, "transpose", [image]):
        image, rank = checked(image)
        return transpose(image, [0, 2, 1, 3] if rank == 4 else [1, 0, 2], name=name)


# -- quarter turns --------------------------------------------------------------------------------


def rot90(image, k=1, name=None):
    """`image`, [height, width, channels] or a batch of these, turned `k` times by a quarter.

    It turns against the clock; `k` is an integer or a scalar tensor. ValueError for another rank.
    """
    with name_scope(name, "rot90", [image, k]) as scope:
        image, rank = checked(image)
        k = convert_to_tensor(k, dtype=int32, name="k")
        k.shape.assert_has_rank(0)
        turned = _quarters(image, floor_mod(k, 4), scope, *((1, 2) if rank == 4 else (0, 1)))
        *lead, height, width, depth = image.shape.as_list() if rank else [None] * 3
        square = height == width
        turned.set_shape([*lead, *((height, width) if square else (None, None)), depth])
        return turned


def _quarters(image, k, scope, rows, columns):
    swapped = [0, 2, 1, 3] if rows else [1, 0, 2]
    turns = [
        (equal(k, 1), lambda: transpose(reverse(image, [columns]), swapped)),
        (equal(k, 2), lambda: reverse(image, [rows, columns])),
        (equal(k, 3), lambda: reverse(transpose(image, swapped), [columns])),
    ]
    return case(turns, default=lambda: image, exclusive=True, name=scope)

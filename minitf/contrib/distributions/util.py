"""Shapes, matrices and logarithms that distributions and bijectors are made with."""
import functools
import math
import operator

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape, dimension_value, unknown_shape
from minitf.ops.array.basics import (
    broadcast_dynamic_shape,
    broadcast_static_shape,
    ones,
    ones_like,
    rank,
    reshape,
    shape,
    size,
    zeros,
    zeros_like,
)
from minitf.ops.array.joining import concat
from minitf.ops.array.rearrange import where_v2
from minitf.ops.array.sequences import range as numbers
from minitf.ops.array.slicing import slice_
from minitf.ops.linalg.bands import matrix_band_part
from minitf.ops.linalg.diagonal import matrix_diag, matrix_diag_part, matrix_set_diag
from minitf.ops.math.elementwise import (
    cast,
    exp,
    expm1,
    greater,
    is_inf,
    less,
    log,
    logical_and,
    logical_or,
    sign,
    sqrt,
)
from minitf.ops.math.operators import abs as magnitude
from minitf.ops.reduction.axes import reverse, squeeze, transpose
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_max, reduce_sum


def optional_tensor(value, name):
    """The tensor of a value, None of none."""
    return None if value is None else convert_to_tensor(value, name=name)


def size_of(x, axis):
    """The size of an axis counted from the end: a number, or a tensor where it is not known."""
    known = dimension_value(x.shape.with_rank_at_least(-axis)[axis])
    return shape(x)[axis] if known is None else known


def stated_shape(sizes):
    """The TensorShape that a vector says, as far as it is known."""
    known = constant_value(sizes, partial=True)
    if known is None:
        return unknown_shape(None if sizes.shape.ndims is None else dimension_value(sizes.shape[0]))
    return TensorShape([None if size in (None, -1) else int(size) for size in known])


def pick_vector(condition, of_true, of_false):
    """One of two vectors; neither has to be known, nor their lengths to be the same."""
    known = constant_value(condition)
    if known is not None:
        return of_true if known else of_false
    of_true, of_false = convert_to_tensor(of_true), convert_to_tensor(of_false)
    count = shape(of_true)[0]
    begin, length = where_v2(condition, 0, count), where_v2(condition, count, -1)
    return slice_(concat([of_true, of_false], 0), [begin], [length])


def all_of(*conditions):
    """Whether all hold; False is known as soon as one is."""
    known = [constant_value(condition) for condition in conditions]
    if any(value is not None and not value for value in known):
        return constant(False)
    return functools.reduce(logical_and, conditions)


def rotate_transpose(x, shift):
    """The axes of x moved by `shift` places, those at the end to the beginning."""
    count = rank(x)
    cut = (count - shift) % count
    known = constant_value(count)
    if known is not None and known < 2:
        return x
    return transpose(x, perm=concat([numbers(cut, count), numbers(0, cut)], 0))


def broadcast_shape_of(*tensors):
    """That of all together: a list, or a tensor where it is not known."""
    known = functools.reduce(broadcast_static_shape, (x.shape for x in tensors))
    if known.is_fully_defined():
        return known.as_list()
    return functools.reduce(broadcast_dynamic_shape, map(shape, tensors))


def matrix_diag_transform(matrix, transform=None, name=None):
    """The matrix with `transform(diagonal)` for its diagonal."""
    with name_scope(name, "matrix_diag_transform", [matrix]):
        matrix = convert_to_tensor(matrix, name="matrix")
        if transform is None:
            return matrix
        return matrix_set_diag(matrix, transform(matrix_diag_part(matrix)))


def side_of_triangle(length):
    """n for which n (n + 1) / 2 is the length. ValueError when there is none."""
    n = (math.isqrt(1 + 8 * int(length)) - 1) // 2
    if n * (n + 1) // 2 != length:
        raise ValueError(f"Input right-most shape ({length}) does not correspond to a triangular "
                         "matrix: it is not a triangular number.")  # fmt: skip
    return n


def fill_triangular(x, upper=False, name=None):
    """Lower triangular matrices, or upper ones, of vectors of n (n + 1) / 2 elements.

    They are filled in a spiral: [1, ..., 6] are [[4, 0, 0], [6, 5, 0], [3, 2, 1]], or
    [[1, 2, 3], [0, 5, 6], [0, 0, 4]]. ValueError for another number of elements.
    """
    with name_scope(name, "fill_triangular", values=[x]):
        x = convert_to_tensor(x, name="x")
        known = dimension_value(x.shape.with_rank_at_least(1)[-1])
        if known is None:
            n = cast(sqrt(0.25 + cast(2 * shape(x)[-1], dtype=float32)), dtype=int32)
        else:
            n = side_of_triangle(known)
        if upper:
            parts = [x, reverse(x[..., n:], axis=[-1])]
        else:
            parts = [x[..., n:], reverse(x, axis=[-1])]
        sizes = concat([shape(x)[:-1], [n, n]], axis=0)
        whole = reshape(concat(parts, axis=-1), sizes)
        return matrix_band_part(whole, 0 if upper else -1, -1 if upper else 0)


def fill_triangular_inverse(x, upper=False, name=None):
    """The vectors of which `fill_triangular` makes these matrices."""
    with name_scope(name, "fill_triangular_inverse", values=[x]):
        x = convert_to_tensor(x, name="x")
        n = size_of(x, -1)
        if upper:
            first, rest = x[..., 0, :], x[..., 1:, :]
        else:
            first, rest = reverse(x[..., -1, :], axis=[-1]), x[..., :-1, :]
        whole = rest + reverse(rest, axis=[-2, -1])
        others = reshape(whole, concat([shape(x)[:-2], [n * (n - 1)]], axis=0))
        return concat([first, others[..., : n * (n + 1) // 2 - n]], axis=-1)


def tridiag(below=None, diag=None, above=None, name=None):
    """Matrices with these elements below, on and above their diagonals, and zeros elsewhere.

    ValueError when none is given.
    """
    with name_scope(name, "tridiag", [below, diag, above]):
        parts = []
        if below is not None:
            parts.append(matrix_diag(_between_zeros(below, "below"))[..., :-1, 1:])
        if diag is not None:
            parts.append(matrix_diag(convert_to_tensor(diag, name="diag")))
        if above is not None:
            parts.append(matrix_diag(_between_zeros(above, "above"))[..., 1:, :-1])
        if not parts:
            raise ValueError("Must specify at least one of `below`, `diag`, `above`.")
        return functools.reduce(operator.add, parts)


def _between_zeros(x, name):
    x = convert_to_tensor(x, name=name)
    zero = zeros(concat([shape(x)[:-1], [1]], axis=0), dtype=x.dtype)
    return concat([zero, x, zero], axis=-1)


def reduce_weighted_logsumexp(
    logx, w=None, axis=None, keep_dims=False, return_sign=False, name=None
):
    """log |sum(w exp(logx))| over the axes, and the sign of the sum when it is asked for."""
    with name_scope(name, "reduce_weighted_logsumexp", [logx, w]):
        logx = convert_to_tensor(logx, name="logx")
        if w is None:
            found = reduce_logsumexp(logx, axis=axis, keepdims=keep_dims)
            return (found, ones_like(found)) if return_sign else found
        w = convert_to_tensor(w, dtype=logx.dtype, name="w")
        terms = logx + log(magnitude(w))
        most = reduce_max(terms, axis=axis, keepdims=True)
        most = where_v2(is_inf(most), zeros_like(most), most)
        total = reduce_sum(sign(w) * exp(terms - most), axis=axis, keepdims=keep_dims)
        most = most if keep_dims else squeeze(most, axis)
        found = most + log(sign(total) * total)
        return (found, sign(total)) if return_sign else found


def softplus_inverse(x, name=None):
    """The number whose softplus is x, exact for small and large ones."""
    with name_scope(name, "softplus_inverse", values=[x]):
        x = convert_to_tensor(x, name="x")
        threshold = np.log(np.finfo(x.dtype.as_numpy_dtype).eps) + 2.0
        too_small, too_large = less(x, np.exp(threshold)), greater(x, -threshold)
        # What is not chosen is kept finite, and with it its gradient.
        safe = where_v2(logical_or(too_small, too_large), ones_like(x), x)
        exact = safe + log(-expm1(-safe))
        return where_v2(too_small, log(x), where_v2(too_large, x, exact))


def padded_for_mixture(x, mixture, chooser, event_ndims):
    """Weights of components, with axes for the batch of a mixture where the one that chooses has
    none, and for an event."""
    with name_scope("pad_mix_dims", values=[x]):
        own = size(mixture.batch_shape_tensor())
        more = where_v2(chooser.is_scalar_batch(), own, own - size(chooser.batch_shape_tensor()))
        sizes, behind = shape(x), ones([event_ndims], dtype=int32)
        return reshape(x, concat([sizes[:-1], ones(more[None], int32), sizes[-1:], behind], 0))

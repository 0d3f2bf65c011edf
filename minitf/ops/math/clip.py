"""Clipping: `tf.clip_by_value`, `tf.clip_by_norm`, `tf.clip_by_global_norm`, ..."""
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import colocate_with, name_scope
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.ragged import takes_ragged
from minitf.core.tensor_shape import merge
from minitf.ops.array.basics import identity, ones_like, rank, size
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast, is_finite, maximum, minimum, rsqrt, select, sqrt
from minitf.ops.reduction.norms import as_list, global_norm, values_of
from minitf.ops.reduction.reduce import reduce_sum


def _like(result, t):
    """The result in the form of t: IndexedSlices for IndexedSlices."""
    if not isinstance(t, IndexedSlices):
        return result
    return IndexedSlices(result, t.indices, t.dense_shape)


def _check_not_broadcast(values, result):
    if merge(values._shape, result._shape) is False:
        raise ValueError(f"Shapes {values.shape} and {result.shape} are not compatible: the limits "
                         "must not broadcast the tensor")  # fmt: skip


@takes_ragged
def clip_by_value(t, clip_value_min, clip_value_max, name=None):
    """`t` with elements below `clip_value_min` and above `clip_value_max` brought to these."""
    with name_scope(name, "clip_by_value", [t, clip_value_min, clip_value_max]) as scope:
        values = values_of(t)
        lowered = minimum(values, clip_value_max)
        _check_not_broadcast(values, lowered)
        clipped = maximum(lowered, clip_value_min, name=scope)
        _check_not_broadcast(values, clipped)
        return _like(clipped, t)


def clip_by_norm(t, clip_norm, axes=None, name=None):
    """`t` shortened to the L2-norm `clip_norm` where it is longer, over `axes` (all)."""
    with name_scope(name, "clip_by_norm", [t, clip_norm]) as scope:
        values = values_of(t)
        squares = reduce_sum(values * values, axes, keepdims=True)
        positive = squares > 0
        # Chosen twice: else the gradient of sqrt(0), infinity, would come through as NaN.
        safe = select(positive, squares, ones_like(squares))
        norm = select(positive, sqrt(safe), squares)
        scaled = values * clip_norm
        _check_not_broadcast(values, scaled)
        return _like(identity(scaled / maximum(norm, clip_norm), name=scope), t)


def clip_by_average_norm(t, clip_norm, name=None):
    """`t` shortened to the average L2-norm (the norm divided by the size) `clip_norm`."""
    with name_scope(name, "clip_by_average_norm", [t, clip_norm]) as scope:
        t = convert_to_tensor(t, name="t")
        count = cast(size(t), "float32")
        inverse = rsqrt(reduce_sum(t * t, range_(rank(t))))
        scaled = t * clip_norm
        factor = minimum(inverse * count, constant(1.0) / clip_norm)
        return identity(scaled * factor, name=scope)


def clip_by_global_norm(t_list, clip_norm, use_norm=None, name=None):
    """(list, norm): the tensors scaled so that their global norm is at most `clip_norm`.

    `use_norm` is the norm if it is known already. Elements become NaN when it is infinite.
    """
    t_list = as_list(t_list)
    use_norm = global_norm(t_list, name) if use_norm is None else use_norm
    given = [t for t in t_list if t is not None]
    with name_scope(name, "clip_by_global_norm", [*given, clip_norm]) as scope:
        inverse = 1.0 / use_norm
        limit = constant(1.0, dtype=use_norm.dtype) / clip_norm
        finite = clip_norm * minimum(inverse, limit)
        known = is_finite(use_norm)
        scale = select(known, finite, constant(float("nan"), dtype=use_norm.dtype))
        values = [None if t is None else values_of(t, f"t_{i}") for i, t in enumerate(t_list)]
        clipped = []
        for i, value in enumerate(values):
            if value is None:
                clipped.append(None)
                continue
            with colocate_with(value):
                clipped.append(_like(identity(value * scale, name=f"{scope}_{i}"), t_list[i]))
        return clipped, use_norm

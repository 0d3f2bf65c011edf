"""`tf.tensordot`: products summed over chosen axes."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import is_static, num_elements
from minitf.ops.array.basics import rank as rank_of
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.sequences import range as range_
from minitf.ops.array.unique import setdiff1d
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_prod


def tensordot(a, b, axes, name=None):
    """The products of `a` and `b` summed over `axes`.

    `axes` is a number n (the last n axes of `a` with the first n of `b`), or two lists of axes to
    be paired, or a tensor of two rows of them. ValueError for axes that do not pair.
    """
    with name_scope(name, "Tensordot", [a, b, axes]) as scope:
        a, b = convert_to_tensor(a, name="a"), convert_to_tensor(b, name="b")
        of_a, of_b = _axes(a, axes)
        left, free_a, known_a = _as_matrix(a, of_a, last=True)
        right, free_b, known_b = _as_matrix(b, of_b, last=False)
        product = matmul(left, right)
        if isinstance(free_a, list) and isinstance(free_b, list):
            return reshape(product, free_a + free_b, name=scope)
        free_a = convert_to_tensor(free_a, dtype=int32)
        free_b = convert_to_tensor(free_b, dtype=int32)
        result = reshape(product, concat([free_a, free_b], 0), name=scope)
        if known_a is not None and known_b is not None:
            result.set_shape(known_a + known_b)
        return result


def _axes(a, axes):
    if isinstance(axes, int):
        if axes < 0:
            raise ValueError("'axes' must be at least 0.")
        if a._shape is None:
            return range_(rank_of(a) - axes, rank_of(a)), list(range(axes))
        rank = len(a._shape)
        if axes > rank:
            raise ValueError(
                f"'axes' must not be larger than the number of dimensions of tensor {a}."
            )
        return list(range(rank - axes, rank)), list(range(axes))
    if not isinstance(axes, (list, tuple)):
        axes = convert_to_tensor(axes, dtype=int32, name="axes")
        known = constant_value(axes)
        if known is None:
            return axes[0], axes[1]
        axes = known.tolist()
    if len(axes) != 2:
        raise ValueError("'axes' must be an integer or have length 2.")
    of_a, of_b = ([each] if isinstance(each, int) else list(each) for each in axes)
    if len(of_a) != len(of_b):
        raise ValueError(
            f"Different number of contraction axes 'a' and 'b', {len(of_a)} != {len(of_b)}."
        )
    return of_a, of_b


def _as_matrix(tensor, axes, last):
    """The tensor as a matrix with the summed axes last (or first), and the sizes of the others:
    as a list or, where they are not known, as a tensor; and as far as they are known."""
    if tensor._shape is None or not isinstance(axes, list):
        return _as_matrix_of_unknown(tensor, axes, last)
    sizes = tensor._shape
    axes = [_from_front(axis, len(sizes)) for axis in axes]
    free = [i for i in range(len(sizes)) if i not in axes]
    order = free + axes if last else axes + free
    known = [sizes[i] for i in free]
    if is_static(sizes):
        pair = [num_elements(tuple(known)), num_elements(tuple(sizes[i] for i in axes))]
        return reshape(transpose(tensor, order), pair if last else pair[::-1]), known, known
    summed, others = convert_to_tensor(axes, int32, "axes"), convert_to_tensor(free, int32, "free")
    lengths = shape(tensor)
    free_sizes, summed_sizes = gather(lengths, others), gather(lengths, summed)
    pair = [reduce_prod(free_sizes), reduce_prod(summed_sizes)]
    order = concat([others, summed] if last else [summed, others], 0)
    size = stack(pair if last else pair[::-1])
    return reshape(transpose(tensor, order), size), free_sizes, known


def _from_front(axis, rank):
    if not -rank <= axis < rank:
        raise (ValueError if axis < 0 else IndexError)(
            f"tf.tensordot: axis {axis} is not in [{-rank}, {rank})"
        )
    return axis % rank


def _as_matrix_of_unknown(tensor, axes, last):
    """The same, where the rank or the axes are known only in the run."""
    lengths, count = shape(tensor), rank_of(tensor)
    summed = convert_to_tensor(axes, int32, "axes")
    summed = summed + count * cast(summed < 0, int32)  # what is outside gather() refuses
    others, _ = setdiff1d(range_(count), summed)
    order = concat([others, summed] if last else [summed, others], 0)
    free_sizes = gather(lengths, others)
    pair = [reduce_prod(free_sizes), reduce_prod(gather(lengths, summed))]
    size = stack(pair if last else pair[::-1])
    return reshape(transpose(tensor, order), size), free_sizes, None

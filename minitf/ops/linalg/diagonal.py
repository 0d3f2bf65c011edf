"""Diagonals of matrices: `tf.diag`, `tf.diag_part`, `tf.matrix_diag`, `tf.eye`."""

import math

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.cuda.threads import each
from minitf.core.dtypes import float32, int32
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Arithmetic, T
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import merge, printed
from minitf.ops.array.basics import ones, zeros, zeros_like
from minitf.ops.array.joining import concat, stack
from minitf.ops.math.elementwise import minimum


def _doubled(diagonal):
    if diagonal == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0: a number is no diagonal")
    return None if diagonal is None else diagonal * 2


def _spread(inputs, outputs):
    """In CUDA: the numbers of row and column, each of all its axes, are equal."""
    sizes = {"n": math.prod(inputs[0].shape)}
    return each(inputs, outputs, "i / n == i % n ? x0[i % n] : (T)0", sizes=sizes)


@op("Diag", shape=_doubled, cuda=_spread)
def diag_op(xp, diagonal: Arithmetic):
    return xp.diag(xp.ravel(diagonal)).reshape(diagonal.shape * 2)


@diag_op.gradient
def _(y, dy, diagonal):
    return (diag_part(dy),)


def diag(diagonal, name=None):
    """A tensor of twice the rank that has `diagonal` on its diagonal and zeros elsewhere."""
    return diag_op(diagonal, name=name)


def _halved(input):
    if input is None:
        return None
    half = len(input) // 2
    if not input or len(input) % 2:
        raise ValueError(f"Input must have even and non-zero rank, got {printed(input)}")
    merged = merge(input[:half], input[half:])
    if merged is False:
        raise ValueError(f"the two halves of the shape must be equal, got {printed(input)}")
    return merged


def _taken(inputs, outputs):
    sizes = {"n": math.prod(outputs[0].shape)}
    return each(inputs, outputs, "x0[i * (n + 1)]", sizes=sizes)


@op("DiagPart", shape=_halved, cuda=_taken)
def diag_part_op(xp, input: Arithmetic):
    half = input.shape[: input.ndim // 2]
    size = 1
    for length in half:
        size *= length
    return xp.diagonal(input.reshape(size, size)).reshape(half).copy()


@diag_part_op.gradient
def _(y, dy, input):
    return (diag(dy),)


def diag_part(input, name=None):
    """The diagonal of a tensor whose shape is a shape twice over. ValueError for any other."""
    return diag_part_op(input, name=name)


def _square(diagonal):
    if diagonal is None:
        return None
    if not diagonal:
        raise ValueError("diagonal must be at least 1-dim: Shape must be at least rank 1")
    return (*diagonal, diagonal[-1])


def _matrices(inputs, outputs):
    value = "i / n % n == i % n ? x0[i / n] : (T)0"
    return each(inputs, outputs, value, sizes={"n": inputs[0].shape[-1]})


@op("MatrixDiag", shape=_square, cuda=_matrices)
def matrix_diag_op(xp, diagonal: T):
    size = diagonal.shape[-1]
    result = xp.zeros((*diagonal.shape, size), diagonal.dtype)
    result[..., xp.arange(size), xp.arange(size)] = diagonal
    return result


@matrix_diag_op.gradient
def _(y, dy, diagonal):
    return (matrix_diag_part(dy),)


def _main_alone(what, **given):
    """1.15 takes these arguments for a later version's sake: they say nothing of the result."""
    for name, (value, default) in given.items():
        if not (isinstance(value, (int, float)) and value == default):
            raise NotImplementedError(
                f"{what} knows the main diagonal alone, as TensorFlow 1.15 does, which passes over "
                f"{name}={value!r}"
            )


def matrix_diag(diagonal, name="diag", k=0, num_rows=-1, num_cols=-1, padding_value=0):
    """Square matrices [..., n, n] with the rows of `diagonal` [..., n] on their diagonals.

    NotImplementedError for other values than the defaults of `k`, `num_rows`, `num_cols` and
    `padding_value`.
    """
    _main_alone("tf.matrix_diag", k=(k, 0), num_rows=(num_rows, -1), num_cols=(num_cols, -1),
                padding_value=(padding_value, 0))  # fmt: skip
    return matrix_diag_op(diagonal, name=name)


def _least(input):
    if input is None:
        return None
    if len(input) < 2:
        raise ValueError(f"Shape must be at least rank 2, got {printed(input)}")
    *batch, m, n = input
    return (*batch, None if None in (m, n) else min(m, n))


def _parts(inputs, outputs):
    *_, m, n = inputs[0].shape
    value = "x0[i / least * (m * n) + i % least * (n + 1)]"
    return each(inputs, outputs, value, sizes={"m": m, "n": n, "least": min(m, n)})


@op("MatrixDiagPart", shape=_least, cuda=_parts)
def matrix_diag_part_op(xp, input: T):
    return xp.diagonal(input, axis1=-2, axis2=-1).copy()


@matrix_diag_part_op.gradient
def _(y, dy, input):
    return (matrix_set_diag(zeros_like(input), dy),)


def matrix_diag_part(input, name="diag_part", k=0, padding_value=0):
    """The diagonals [..., min(m, n)] of matrices [..., m, n].

    NotImplementedError for another `k` or `padding_value` than 0.
    """
    _main_alone("tf.matrix_diag_part", k=(k, 0), padding_value=(padding_value, 0))
    return matrix_diag_part_op(input, name=name)


def _replaced(inputs, outputs):
    *_, m, n = inputs[0].shape
    value = "i / n % m == i % n ? x1[i / (m * n) * least + i % n] : x0[i]"
    return each(inputs, outputs, value, sizes={"m": m, "n": n, "least": min(m, n)})


def _kept_shape(input, diagonal):
    for name, shape, rank in (("input", input, 2), ("diagonal", diagonal, 1)):
        if shape is not None and len(shape) < rank:
            raise ValueError(f"Shape must be at least rank {rank} but is rank {len(shape)}: {name}")
    if input is None:
        return None if diagonal is None else (*diagonal[:-1], None, None)
    if diagonal is None:
        return input
    *batch, m, n = input
    least = None if None in (m, n) else min(m, n)
    if merge(diagonal, (*batch, least)) is False:
        raise ValueError(f"input {printed(input)} wants a diagonal {printed((*batch, least))}, got "
                         f"{printed(diagonal)}")  # fmt: skip
    return input


@op("MatrixSetDiag", shape=_kept_shape, cuda=_replaced)
def matrix_set_diag_op(xp, input: T, diagonal: T):
    result, places = input.copy(), xp.arange(diagonal.shape[-1])
    result[..., places, places] = diagonal
    return result


@matrix_set_diag_op.gradient
def _(y, dy, input, diagonal):
    return matrix_set_diag(dy, zeros_like(diagonal)), matrix_diag_part(dy)


def matrix_set_diag(input, diagonal, name="set_diag", k=0):
    """Matrices `input` [..., m, n] with `diagonal` [..., min(m, n)] in place of their diagonals.

    NotImplementedError for another `k` than 0.
    """
    _main_alone("tf.matrix_set_diag", k=(k, 0))
    return matrix_set_diag_op(input, diagonal, name=name)


def eye(num_rows, num_columns=None, batch_shape=None, dtype=float32, name=None):
    """The identity matrix [num_rows, num_columns], repeated over `batch_shape`.

    Sizes are numbers or scalar Tensors. Raises TypeError for other sizes.
    """
    with name_scope(name, "eye", [num_rows, num_columns, batch_shape]):
        columns = num_rows if num_columns is None else num_columns
        batch = [] if batch_shape is None else batch_shape
        diagonal = ones(_joined(batch, _least_size(num_rows, columns)), dtype)
        if num_columns is None or (not _is_tensor(num_rows, columns) and num_rows == columns):
            return matrix_diag_op(diagonal, name="diag")
        whole = zeros(_joined(batch, num_rows, columns), dtype)
        return matrix_set_diag(whole, diagonal)


def _is_tensor(*values):
    return any(isinstance(value, Tensor) for value in values)


def _least_size(rows, columns):
    if _is_tensor(rows, columns):
        return minimum(rows, columns)
    if not all(isinstance(size, (int, np.integer)) for size in (rows, columns)):
        raise TypeError("num_rows and num_columns must be positive integer values.")
    return min(rows, columns)


def _joined(batch, *sizes):
    if _is_tensor(batch, *sizes):
        return concat([convert_to_tensor(batch, dtype=int32), stack(sizes)], 0)
    return [*batch, *sizes]

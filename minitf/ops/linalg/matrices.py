"""What ops of matrices share: their shapes, their types, their errors."""
import contextlib

import numpy as np

from minitf.core.tensor_shape import merge, printed


def at_least_2(shape):
    """ValueError unless the shape, where it is known, has two axes or more."""
    if shape is not None and len(shape) < 2:
        raise ValueError(f"Shape must be at least rank 2, got {printed(shape)}")
    return shape


def square(shape, *_, **__):
    """Shape rule: square matrices in the last two axes, which the output has too."""
    if at_least_2(shape) is None:
        return None
    *batch, m, n = shape
    if None not in (m, n) and m != n:
        raise ValueError(f"Dimensions must be equal, but are {m} and {n}: {printed(shape)}")
    size = n if m is None else m
    return (*batch, size, size)


def batch(shape, *_, **__):
    """Shape rule: a number for each square matrix."""
    found = square(shape)
    return None if found is None else found[:-2]


def least(m, n):
    """The smaller of two sizes, None where it cannot be told."""
    return None if None in (m, n) else min(m, n)


def of_solution(matrix, rhs, is_square=True):
    """The shape of X in `matrix X = rhs`: batches alike, as many rows in both."""
    matrix = square(matrix) if is_square else at_least_2(matrix)
    if at_least_2(rhs) is None or matrix is None:
        return rhs if is_square else None
    lead = merge(matrix[:-2], rhs[:-2])
    if lead is False:
        raise ValueError(f"Shapes must be equal: batches of {printed(matrix)} and {printed(rhs)}")
    if None not in (matrix[-2], rhs[-2]) and matrix[-2] != rhs[-2]:
        raise ValueError(
            f"Dimensions must be equal, but are {matrix[-2]} and {rhs[-2]}: rows of "
            f"{printed(matrix)} and {printed(rhs)}"
        )
    return (*lead, matrix[-1], rhs[-1])


def adjoint_of(xp, x):
    """The conjugate transposes of arrays."""
    x = xp.swapaxes(x, -1, -2)
    return x.conj() if x.dtype.kind == "c" else x


def wide(x):
    """float16 as float32, which LAPACK has."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


@contextlib.contextmanager
def failure(message):
    """LAPACK's failures are ValueErrors that begin with the message."""
    try:
        yield
    except np.linalg.LinAlgError as error:
        raise ValueError(f"{message} ({error})") from None


def refuse_nan(xp, x):
    """LinAlgError for NaN, of which LAPACK makes numbers that mean nothing. A GPU is not asked: it
    would have to be waited for."""
    if xp is np and np.isnan(x).any():
        raise np.linalg.LinAlgError("NaN is among its elements")

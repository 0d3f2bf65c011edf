"""What singular values tell: `tf.linalg.pinv`, `tf.linalg.matrix_rank`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import is_static
from minitf.ops.array.basics import identity, shape, zeros_like
from minitf.ops.control_flow.check_static import assert_rank_at_least
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.linalg.eigen import svd
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, greater, select
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_max, reduce_sum


def _matrices(a, validate_args):
    """`a`, checked. TypeError unless it is real and floating, ValueError for less than 2 axes."""
    if not a.dtype.is_floating:
        raise TypeError(f"Input `a` must have `float`-like `dtype` (saw {a.dtype.name}).")
    if a._shape is not None:
        if len(a._shape) < 2:
            raise ValueError(f"Input `a` must have at least 2 dimensions (saw: {len(a._shape)}).")
    elif validate_args:
        message = "Input `a` must have at least 2 dimensions."
        return with_dependencies([assert_rank_at_least(a, rank=2, message=message)], identity(a))
    return a


def _greater_size(a):
    """The greater of the two last sizes, in a's type, and a's precision."""
    precision = np.finfo(a.dtype.as_numpy_dtype).eps
    if a._shape is not None and is_static(a._shape[-2:]):
        return a.dtype.as_numpy_dtype(max(a._shape[-2:])), precision
    return cast(reduce_max(shape(a)[-2:]), a.dtype), precision


def matrix_rank(a, tol=None, validate_args=False, name=None):
    """How many singular values of each matrix in `a` [..., m, n] are above `tol`, as int32.

    `tol` is the type's precision times the greater size times the greatest singular value by
    default. `validate_args` checks in the run that a tensor of unknown rank holds matrices.
    """
    with name_scope(name or "matrix_rank"):
        a = _matrices(convert_to_tensor(a, dtype_hint=float32, name="a"), validate_args)
        s = svd(a, compute_uv=False)
        if tol is None:
            size, precision = _greater_size(a)
            tol = precision * size * reduce_max(s, axis=-1, keepdims=True)
        return reduce_sum(cast(greater(s, tol), int32), axis=-1)


def pinv(a, rcond=None, validate_args=False, name=None):
    """The Moore-Penrose pseudo-inverses [..., n, m] of matrices `a` [..., m, n].

    Singular values up to `rcond` times the greatest count as 0; it is 10 times the type's precision
    times the greater size by default. `validate_args` as in `matrix_rank`.
    """
    with name_scope(name or "pinv"):
        a = _matrices(convert_to_tensor(a, name="a"), validate_args)
        if rcond is None:
            size, precision = _greater_size(a)
            rcond = 10.0 * size * precision
        rcond = convert_to_tensor(rcond, dtype=a.dtype.base_dtype, name="rcond")
        s, u, v = svd(a, full_matrices=False, compute_uv=True)
        least = expand_dims(rcond * reduce_max(s, axis=-1), -1)
        s = select(greater(s, least), s, zeros_like(s) + np.inf)  # whose inverse is 0
        inverse = matmul(v / expand_dims(s, -2), u, adjoint_b=True)
        if a._shape is not None:
            inverse.set_shape([*a._shape[:-2], a._shape[-1], a._shape[-2]])
        return inverse

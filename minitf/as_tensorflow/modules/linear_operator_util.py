"""`tensorflow.python.ops.linalg.linear_operator_util`: what LinearOperators of other hands use."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import minitf as tf

# -- values that are tensors, or that are read anew ------------------------------------------------


def is_ref(x: Any) -> bool:
    """Whether it is a variable, or a tf.Module that has a `dtype` and a `shape`."""
    if isinstance(x, tf.Variable):
        return True
    return isinstance(x, tf.Module) and hasattr(x, "dtype") and hasattr(x, "shape")


def assert_not_ref_type(x: Any, arg_name: str) -> None:
    """TypeError for what `is_ref`."""
    if is_ref(x):
        raise TypeError(f"Argument {arg_name} cannot be reference type. Found: {type(x)}")


def convert_nonref_to_tensor(
    value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None
) -> Any:
    """A tensor; None and what `is_ref` as it is. TypeError when that is of another dtype."""
    if value is None:
        return None
    if not is_ref(value):
        return tf.convert_to_tensor(value, dtype, name, dtype_hint=dtype_hint)
    if dtype is not None and base_dtype(dtype) != base_dtype(value.dtype):
        raise TypeError(f'Mutable type must be of dtype "{dtype_name(base_dtype(dtype))}" but is '
                        f'"{dtype_name(base_dtype(value.dtype))}".')  # fmt: skip
    return value


def base_dtype(dtype: Any) -> tf.DType:
    """The type without that it is a reference."""
    return tf.as_dtype(dtype).base_dtype


def dtype_name(dtype: Any) -> str:
    """`float32`, say."""
    return str(tf.as_dtype(dtype).name)


def shape_tensor(shape: Any, name: str | None = None) -> tf.Tensor:
    """A tensor, an empty list one of int32."""
    empty = isinstance(shape, (tuple, list)) and not shape
    return tf.convert_to_tensor(shape, tf.int32 if empty else None, name)


# -- assertions ------------------------------------------------------------------------------------


def assert_no_entries_with_modulus_zero(
    x: Any, message: str | None = None, name: str = "assert_no_entries_with_modulus_zero"
) -> Any:
    """An op that raises in the run for a number that is 0."""
    with tf.name_scope(name, values=[x]):
        sizes = tf.abs(tf.convert_to_tensor(x, name="x"))
        return tf.debugging.assert_less(tf.zeros([], sizes.dtype), sizes, message=message)


def assert_zero_imag_part(
    x: Any, message: str | None = None, name: str = "assert_zero_imag_part"
) -> Any:
    """An op that raises in the run for a number that is not real."""
    with tf.name_scope(name, values=[x]):
        x = tf.convert_to_tensor(x, name="x")
        if x.dtype.is_floating:
            return tf.no_op()
        parts = tf.imag(x)
        return tf.debugging.assert_equal(tf.zeros([], parts.dtype), parts, message=message)


def assert_compatible_matrix_dimensions(operator: Any, x: Any) -> Any:
    """An op that raises in the run unless `x` has as many rows as the operator has columns."""
    return tf.debugging.assert_equal(
        tf.shape(x)[-2], operator.domain_dimension_tensor(),
        message="Dimensions are not compatible.  shape[-2] of argument to be the same as this "
        "operator",
    )  # fmt: skip


def assert_is_batch_matrix(tensor: Any) -> None:
    """ValueError for a tensor that is known to have less than two axes."""
    if tensor.shape.ndims is not None and tensor.shape.ndims < 2:
        raise ValueError("Expected [batch] matrix to have at least two dimensions.  Found: "
                         f"{tensor}")  # fmt: skip


def use_operator_or_provided_hint_unless_contradicting(
    operator: Any, hint_attr_name: str, provided_hint_value: bool | None, message: str
) -> bool | None:
    """The hint that the operator has, or else the one provided. ValueError when they differ."""
    own = getattr(operator, hint_attr_name)
    if None not in (own, provided_hint_value) and own != provided_hint_value:
        raise ValueError(message)
    return provided_hint_value if own is None else own


# -- batches of matrices ---------------------------------------------------------------------------


def broadcast_matrix_batch_dims(batch_matrices: Any, name: str | None = None) -> list[tf.Tensor]:
    """The matrices as tensors that have the same sizes before the last two axes.

    ValueError for one that is known to have less than two.
    """
    with tf.name_scope(name or "broadcast_matrix_batch_dims", values=batch_matrices):
        matrices = [tf.convert_to_tensor(each) for each in batch_matrices]
        for each in matrices:
            assert_is_batch_matrix(each)
        if len(matrices) < 2:
            return matrices
        known = functools.reduce(tf.broadcast_static_shape, [each.shape[:-2] for each in matrices])
        if known.is_fully_defined():
            return [each if each.shape[:-2] == known else _in_batch(each, known.as_list())
                    for each in matrices]  # fmt: skip
        sizes = functools.reduce(tf.broadcast_dynamic_shape, [tf.shape(x)[:-2] for x in matrices])
        return [_in_batch(each, sizes) for each in matrices]


def _in_batch(matrix: tf.Tensor, sizes: Any) -> tf.Tensor:
    return tf.broadcast_to(matrix, tf.concat([sizes, tf.shape(matrix)[-2:]], 0))


def cholesky_solve_with_broadcast(chol: Any, rhs: Any, name: str | None = None) -> tf.Tensor:
    """`tf.linalg.cholesky_solve` of batches that fit."""
    with tf.name_scope(name, "CholeskySolveWithBroadcast", [chol, rhs]):
        return tf.linalg.cholesky_solve(*broadcast_matrix_batch_dims([chol, rhs]))


def matrix_solve_with_broadcast(
    matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None
) -> tf.Tensor:
    """`tf.linalg.solve` of batches that fit."""
    with tf.name_scope(name, "MatrixSolveWithBroadcast", [matrix, rhs]):
        return _solved(functools.partial(tf.linalg.solve, adjoint=adjoint), matrix, rhs)


def matrix_triangular_solve_with_broadcast(
    matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> tf.Tensor:
    """`tf.linalg.triangular_solve` of batches that fit."""
    with tf.name_scope(name, "MatrixTriangularSolve", [matrix, rhs]):
        solve = functools.partial(tf.linalg.triangular_solve, lower=lower, adjoint=adjoint)
        return _solved(solve, matrix, rhs)


def _solved(solve: Callable[..., tf.Tensor], matrix: Any, rhs: Any) -> tf.Tensor:
    matrix = tf.convert_to_tensor(matrix, name="matrix")
    rhs = tf.convert_to_tensor(rhs, name="rhs", dtype=matrix.dtype)
    return solve(*broadcast_matrix_batch_dims([matrix, rhs]))

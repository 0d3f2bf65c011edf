"""The op of weighted alternating least squares: WALSComputePartialLhsAndRhs."""
import numpy as np

from minitf.core.dtypes import bool_, float32, int64
from minitf.core.op import NOT_DIFFERENTIABLE, op


def _shapes(factors, factor_weights, unobserved_weights, input_weights, *_):
    columns = None if factors is None else factors[1]
    return [(None, columns, columns), (None, columns)]


@op("WALSComputePartialLhsAndRhs", shape=_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def wals_compute_partial_lhs_and_rhs(
    xp, factors: float32, factor_weights: float32, unobserved_weights: float32,
    input_weights: float32, input_indices: int64, input_values: float32,
    entry_weights: float32, input_block_size: int64, input_is_transpose: bool_,
) -> [float32, float32]:  # fmt: skip
    """For each row of a sparse matrix what its entries add to both sides of its normal equations:
    the sum of w f f' [rows, k, k], and that of (w + unobserved) value f [rows, k].

    f are the factors of an entry's column; w is `entry_weights` or, where that is empty, the
    weight of the row times that of the column.
    """
    places = input_indices[:, ::-1] if input_is_transpose else input_indices
    order = np.argsort(places[:, 0], kind="stable")
    (rows, columns), values = places[order].T, input_values[order]
    if len(entry_weights):
        weights = entry_weights[order]
    else:
        weights = input_weights[rows] * factor_weights[columns]
    right = (weights + unobserved_weights) * values
    count, size = int(input_block_size), factors.shape[1]
    starts = np.searchsorted(rows, np.arange(count + 1))
    lhs, rhs = np.zeros((count, size, size), np.float32), np.zeros((count, size), np.float32)
    for i in range(count):
        part = slice(starts[i], starts[i + 1])
        f = factors[columns[part]]
        lhs[i], rhs[i] = (f.T * weights[part]) @ f, right[part] @ f
    return [lhs, rhs]

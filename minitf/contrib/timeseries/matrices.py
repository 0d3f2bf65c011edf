"""Matrices of models of series: powers, blocks, covariances."""
import math

from minitf.contrib.layers.dense import fully_connected
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.tensor_shape import Dimension, TensorShape
from minitf.nn.activation import softsign
from minitf.ops.array.basics import (
    identity,
    ones,
    ones_like,
    rank,
    reshape,
    shape,
    size,
    zeros,
    zeros_like,
)
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.array.padding import pad, tile
from minitf.ops.array.sequences import range as numbers
from minitf.ops.control_flow.functional import scan
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.linalg.bands import matrix_band_part
from minitf.ops.linalg.diagonal import diag, eye, matrix_diag, matrix_diag_part, matrix_set_diag
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import matrix_determinant, matrix_triangular_solve
from minitf.ops.math.elementwise import cast, equal, exp, greater, log, maximum, sqrt, square
from minitf.ops.math.operators import abs
from minitf.ops.reduction.axes import expand_dims, matrix_transpose, transpose
from minitf.ops.reduction.reduce import reduce_any, reduce_max, reduce_sum
from minitf.ops.reduction.scan import add_n, cumsum
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable

# -- powers and products --------------------------------------------------------------------------


def power_sums_tensor(array_size, power_matrix, multiplier):
    """S [array_size + 1, n, n]: S[i] is the sum of A^j M (A^j)^T for j < i, of two matrices."""
    power_matrix = convert_to_tensor(power_matrix)
    start = eye(shape(power_matrix)[0], dtype=power_matrix.dtype)
    start.set_shape(power_matrix.shape)
    steps = numbers(cast(array_size, int32) - 1)
    powers = scan(lambda power, _: matmul(power, power_matrix), steps, initializer=start)
    terms = matmul(batch_times_matrix(powers, multiplier), powers, adjoint_b=True)
    summed = cumsum(concat([expand_dims(multiplier, 0), terms], 0))
    return concat([expand_dims(zeros_like(multiplier), 0), summed], 0)


def matrix_to_powers(matrix, powers):
    """The matrix raised to each of these powers, ints [k]: [k, n, n]."""
    return batch_matrix_pow(tile(expand_dims(matrix, 0), [size(powers), 1, 1]), powers)


def batch_matrix_pow(matrices, powers):
    """Each of the matrices [k, n, n] raised to its power, ints [k] from 0."""
    matrices, powers = convert_to_tensor(matrices), cast(powers, int32)
    one = expand_dims(diag(ones([shape(matrices)[1]], dtype=matrices.dtype)), 0)
    one = tile(one, [shape(matrices)[0], 1, 1])

    def unfinished(_, powers, __):
        return reduce_any(greater(powers, ones_like(powers)))

    def halve(base, powers, product):
        even = equal(powers % 2, zeros(shape(powers), dtype=int32))
        times_base, squared = where(even, product, matmul(product, base)), matmul(base, base)
        changed, halves = greater(powers, 1), (powers - powers % 2) // 2
        return (where(changed, squared, base), where(changed, halves, powers),
                where(changed, times_base, product))  # fmt: skip

    base, powers, product = while_loop(unfinished, halve, [matrices, powers, one])
    return where(equal(powers, zeros_like(powers, dtype=int32)), one, matmul(base, product))


def batch_times_matrix(batch, matrix, adj_x=False, adj_y=False):
    """Each of a batch [k, n, m], or its transpose, times one matrix, or its transpose."""
    batch, matrix = convert_to_tensor(batch), convert_to_tensor(matrix)
    batch = transpose(batch, [0, 2, 1]) if adj_x else batch
    sizes, columns = shape(batch), 0 if adj_y else 1
    known = [*batch.shape.with_rank(3).as_list()[:2],
             matrix.shape.with_rank(2).as_list()[columns]]  # fmt: skip
    asked = [sizes[0], sizes[1], shape(matrix)[columns]]
    outer = [dynamic if static is None else static for static, dynamic in zip(known, asked)]
    return reshape(matmul(reshape(batch, [-1, sizes[2]]), matrix, adjoint_b=adj_y), outer)


def matrix_times_batch(matrix, batch, adj_x=False, adj_y=False):
    """One matrix, or its transpose, times each of a batch [k, n, m], or its transpose."""
    product = batch_times_matrix(batch=batch, matrix=matrix, adj_x=not adj_y, adj_y=not adj_x)
    return transpose(product, [0, 2, 1])


# -- blocks ---------------------------------------------------------------------------------------


def block_diagonal(matrices, dtype=float32, name="block_diagonal"):
    """A matrix, or a batch of them, with these along its diagonal."""
    matrices = [convert_to_tensor(matrix, dtype=dtype) for matrix in matrices]
    columns = add_n([shape(matrix)[-1] for matrix in matrices])
    before, rows = 0, []
    for matrix in matrices:
        after = before + shape(matrix)[-1]
        others = zeros([rank(matrix) - 1, 2], dtype=int32)
        rows.append(pad(matrix, concat([others, [(before, columns - after)]], axis=0)))
        before = after
    blocked = concat(rows, -2, name=name)
    blocked.set_shape(_blocked_shape(matrices))
    return blocked


def _blocked_shape(matrices):
    outer, rows, columns = TensorShape(None), Dimension(0), Dimension(0)
    for matrix in matrices:
        full = matrix.shape.with_rank_at_least(2)
        outer = outer.merge_with(full[:-2])
        rows, columns = rows + full[-2], columns + full[-1]
    return outer.concatenate((rows, columns))


def make_toeplitz_matrix(inputs, name=None):
    """The matrix whose blocks are those of `inputs` [k, n, n], by their distance from its
    diagonal: [k * n, k * n]."""
    count, block = shape(inputs)[0], shape(inputs)[1]
    lags = reshape(numbers(count), shape=[1, -1])
    blocks = gather(inputs, abs(lags - transpose(lags)))
    total = block * count
    return identity(reshape(transpose(blocks, [0, 2, 1, 3]), [total, total]), name=name)


# -- covariances ----------------------------------------------------------------------------------


def mvn_tril_log_prob(loc, scale_tril, x):
    """The log-probability of `x` [..., n] under a normal distribution; `scale_tril` [..., n, n] is
    the Cholesky factor of its covariance."""
    z = matrix_triangular_solve(scale_tril, (x - loc)[..., None])[..., 0]
    log_det = 2.0 * reduce_sum(log(matrix_diag_part(scale_tril)), axis=-1)
    size_ = cast(shape(scale_tril)[-1], log_det.dtype)
    return -0.5 * (reduce_sum(square(z), axis=-1) + size_ * math.log(2.0 * math.pi) + log_det)


def clip_covariance(covariance_matrix, maximum_variance_ratio, minimum_variance):
    """Covariances [..., n, n] whose variances are not below the greatest by more than this ratio,
    nor below the minimum."""
    variances = matrix_diag_part(covariance_matrix)
    greatest = reduce_max(variances, axis=-1, keepdims=True)
    clipped = maximum(variances, greatest / maximum_variance_ratio)
    return matrix_set_diag(covariance_matrix, maximum(clipped, minimum_variance))


def sign_magnitude_positive_definite(raw, off_diagonal_scale=0.0, overall_scale=0.0):
    """A positive definite matrix [..., n, n] of any `raw` one: magnitudes come from one side of its
    diagonal, signs from the other. Scales [...] are logarithms."""
    raw = convert_to_tensor(raw)

    def padded(scale, target_rank):
        scale = convert_to_tensor(scale, dtype=raw.dtype.base_dtype)
        more = ones([target_rank - rank(scale)], dtype=target_rank.dtype)
        return reshape(scale, concat([shape(scale), more], axis=0))

    diagonal, full = matrix_diag_part(raw), rank(raw)
    scales = padded(off_diagonal_scale, full), padded(overall_scale, full)
    magnitude = exp((raw + scales[0] + scales[1]) / 2.0) * softsign(matrix_transpose(raw))
    magnitude.set_shape(raw.shape)
    variances = exp((diagonal + padded(overall_scale, rank(diagonal))) / 2.0)
    factor = matrix_set_diag(matrix_band_part(magnitude, 0, -1), variances)
    return matmul(factor, factor, transpose_a=True)


def transform_to_covariance_matrices(input_vectors, matrix_size):
    """A covariance matrix of each vector, by a layer of weights: [..., n, n] of [..., m]."""
    found = fully_connected(input_vectors, matrix_size**2 + 2, activation_fn=None)
    outer = concat([shape(found)[:-1], [matrix_size, matrix_size]], 0)
    return sign_magnitude_positive_definite(
        reshape(found[..., :-2], outer), found[..., -2], found[..., -1]
    )


def variable_covariance_matrix(size, name, dtype, initial_diagonal_values=None,
                               initial_overall_scale_log=0.0):
    """A covariance matrix that is trained, of these variances at first."""
    raw = get_variable(f"{name}_pre_transform", [size, size], dtype, Zeros())
    if initial_diagonal_values is not None:
        raw += matrix_diag(log(initial_diagonal_values))
    off_diagonal = get_variable(f"{name}_off_diagonal_scale", dtype=dtype,
                                initializer=constant(-5.0, dtype=dtype))  # fmt: skip
    overall = convert_to_tensor(initial_overall_scale_log, dtype=dtype) + get_variable(
        f"{name}_overall_scale", [], dtype, Zeros()
    )
    return identity(sign_magnitude_positive_definite(raw, off_diagonal, overall), name=name)


def log_noninformative_covariance_prior(covariance):
    """The logarithm of a prior of a covariance [n, n]: |covariance| ^ -((n + 1) / 2)."""
    size_ = shape(covariance)[0]
    covariance += diag(1e-8 * ones([size_], dtype=covariance.dtype))
    return -(cast(size_ + 1, covariance.dtype) / 2.0) * log(matrix_determinant(covariance))


def entropy_matched_cauchy_scale(covariance):
    """The scale of a Cauchy distribution with the entropy of a normal one: [..., n] of a covariance
    [..., n, n]."""
    return sqrt(math.e / (8.0 * math.pi) * matrix_diag_part(covariance))

"""`tf.contrib.timeseries`: the mathematics of its models."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.timeseries.log_probs import cauchy_log_prob, normal_log_prob
from minitf.contrib.timeseries.matrices import (
    batch_matrix_pow,
    batch_times_matrix,
    block_diagonal,
    clip_covariance,
    entropy_matched_cauchy_scale,
    log_noninformative_covariance_prior,
    make_toeplitz_matrix,
    matrix_times_batch,
    matrix_to_powers,
    mvn_tril_log_prob,
    power_sums_tensor,
    sign_magnitude_positive_definite,
    transform_to_covariance_matrices,
    variable_covariance_matrix,
)
from minitf.contrib.timeseries.state_tables import (
    TensorValuedMutableDenseHashTable,
    TupleOfTensorsLookup,
    replicate_state,
)
from minitf.contrib.timeseries.statistics import (
    InputStatistics,
    InputStatisticsFromMiniBatch,
    Moments,
)


def batch_start_time(times):
    """The first time [batch] of windows [batch, window]."""
    return times[:, 0]


def batch_end_time(times):
    """The last time [batch] of windows [batch, window]."""
    return times[:, -1]

"""Mixtures of Gaussians, by expectation and maximization: `tf.contrib.factorization.gmm`."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.dtypes import bool_, float32, int64
from minitf.core.graph import control_dependencies
from minitf.core.tensor import Tensor
from minitf.nn.embedding import embedding_lookup
from minitf.ops.array.basics import identity, ones, reshape, shape
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.check import assert_less_equal
from minitf.ops.control_flow.control import group, no_op, with_dependencies
from minitf.ops.linalg.diagonal import diag, diag_part, matrix_diag_part
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import cholesky, matrix_triangular_solve
from minitf.ops.math.elementwise import cast, exp, floor_mod, log, square, squared_difference
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import expand_dims, squeeze, transpose
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_mean, reduce_sum
from minitf.ops.reduction.scan import add_n
from minitf.ops.state.assign import assign
from minitf.ops.state.variables import Variable

TINY = np.finfo(float).eps
LEAST = 1e-3  # is added to variances, so that covariances can be inverted
FULL_COVARIANCE, DIAG_COVARIANCE = "full", "diag"


def gmm(inp, initial_clusters, num_clusters, random_seed, covariance_type=FULL_COVARIANCE,
        params="wmc"):
    """(the log likelihood, that of each point, [the most likely component of each, by part], an
    Operation that makes a step, one that chooses the start, whether it was chosen).

    `inp` is a matrix of points, or a list of parts of it; for the rest see `GmmAlgorithm`.
    `initial_clusters` is an array of the means at the start; "random" takes points, and so does a
    Tensor, as in TensorFlow.
    """
    is_random = isinstance(initial_clusters, (str, Tensor))
    means = None if is_random else constant(initial_clusters, float32)
    parts = inp if isinstance(inp, list) else [inp]
    made = GmmAlgorithm(parts, num_clusters, means, params, covariance_type, random_seed)
    return (made.log_likelihood_op(), made.scores(), [made.assignments()], made.training_ops(),
            made.init_ops(), made.is_initialized())  # fmt: skip


class GmmAlgorithm:
    """A mixture of `num_classes` Gaussians of the points in `data`, a list of matrices.

    It starts with `initial_means`, or points drawn by `random_seed`, and learns as `params` says
    the weights ("w"), means ("m") and covariances ("c"), which are matrices ("full") or their
    diagonals ("diag"). An Exception for another `covariance_type`.
    """

    CLUSTERS_WEIGHT = "alphas"
    CLUSTERS_VARIABLE = "clusters"
    CLUSTERS_COVS_VARIABLE = "clusters_covs"

    def __init__(self, data, num_classes, initial_means=None, params="wmc",
                 covariance_type=FULL_COVARIANCE, random_seed=0):
        if covariance_type not in (DIAG_COVARIANCE, FULL_COVARIANCE):
            raise Exception(f"programmer error: Invalid covariance type: {covariance_type}")
        self._params, self._is_full = params, covariance_type == FULL_COVARIANCE
        self._num_classes, self._dimensions = num_classes, shape(data[0])[1]
        self._min_var = diag(ones(stack([self._dimensions]))) * LEAST
        self._create_variables()
        self._init_ops = self._initial(data, initial_means, random_seed)
        found = [self._expectation(part) for part in data]
        self._log_likelihoods = [likelihood for likelihood, _ in found]
        self._weights = [weights for _, weights in found]
        self._train_ops = self._maximization(data)

    def _create_variables(self):
        nothing = constant([], float32)
        self._means = Variable(nothing, name=self.CLUSTERS_VARIABLE, validate_shape=False)
        self._covs = Variable(nothing, name=self.CLUSTERS_COVS_VARIABLE, validate_shape=False)
        shares = tile([1.0 / self._num_classes], [self._num_classes])
        self._alpha = Variable(shares, name=self.CLUSTERS_WEIGHT, validate_shape=False)
        self._is_initialized = Variable(False, dtype=bool_, name="initialized")

    # -- the start -------------------------------------------------------------------------------

    def _initial(self, data, means, seed):
        """Operations that give the variables their first values, unless they have them."""
        means = _drawn(data, self._num_classes, seed) if means is None else means
        means, covariance = expand_dims(means, 1), _covariance(data[0], self._is_full)
        covariance = covariance + self._min_var
        if self._is_full:
            covs = tile(expand_dims(covariance, 0), [self._num_classes, 1, 1])
        else:
            covs = tile(expand_dims(diag_part(covariance), 0), [self._num_classes, 1])
        was = with_dependencies([means, covs], identity(self._is_initialized))
        return [self._unless(was, *each) for each in ((self._means, means), (self._covs, covs))]

    def _unless(self, was_initialized, variable, value):
        given = assign(variable, value, validate_shape=False)
        made = with_dependencies([given], assign(self._is_initialized, True))
        return cond(was_initialized, no_op, lambda: made).op

    # -- expectation -----------------------------------------------------------------------------

    def _expectation(self, points):
        """(the log likelihood of each point [n, 1], its share of each component [n, classes])."""
        rows = expand_dims(points, 0)
        each = self._of_matrices(rows) if self._is_full else self._of_diagonals(rows)
        each = each + log(self._alpha)
        total = reduce_logsumexp(each, 1, keepdims=True)
        shares = exp(expand_dims(each, 0) - total)
        return total, reshape(shares, stack([shape(points)[0], self._num_classes]))

    def _of_matrices(self, rows):
        triangle = cholesky(self._covs + self._min_var)
        volume = 2.0 * reduce_sum(log(matrix_diag_part(triangle)), 1)
        off = transpose(rows - self._means, [0, 2, 1])
        off = square(matrix_triangular_solve(triangle, off, lower=True))
        return self._log_density(transpose(reduce_sum(off, 1)), volume)

    def _of_diagonals(self, rows):
        variances = self._covs + LEAST
        volume = transpose(reduce_sum(log(variances), 1, keepdims=True))
        off = matmul(squared_difference(rows, self._means), expand_dims(1.0 / variances, 2))
        return self._log_density(transpose(squeeze(off, [2])), volume)

    def _log_density(self, off, volume):
        return -0.5 * (off + cast(self._dimensions, float32) * np.log(2 * np.pi) + volume)

    # -- maximization ----------------------------------------------------------------------------

    def _maximization(self, data):
        """Operations that give weights, means and covariances their best values."""
        with control_dependencies(self._weights):
            counts = [reduce_sum(weights, 0, keepdims=True) for weights in self._weights]
            counts, train_ops = squeeze(add_n(counts), [0]), []
            if "w" in self._params:
                shares = counts / len(data)
                total = cast(reduce_sum(shares), float32)
                train_ops.append(self._alpha.assign(shares / (total + TINY)))
            counts = reshape(counts, [self._num_classes, 1, 1]) + TINY
            means_op = no_op()
            if "m" in self._params:
                sums = [expand_dims(matmul(weights, points, transpose_a=True), 1)
                        for points, weights in zip(data, self._weights)]  # fmt: skip
                means_op = self._means.assign(add_n(sums) / counts)
            with control_dependencies([means_op]):
                covs = self._best_covariances(data, counts)
            if "c" in self._params:
                with control_dependencies([means_op, covs]):
                    train_ops.append(assign(self._covs, covs, validate_shape=False))
            return train_ops

    def _best_covariances(self, data, counts):
        squares = add_n([_weighted_squares(points, weights)
                         for points, weights in zip(data, self._weights)]) / counts  # fmt: skip
        means = self._means.read_value()
        covs = squares - matmul(means, means, transpose_a=True) + self._min_var
        if self._is_full:
            return covs
        return concat([expand_dims(diag_part(covs[k]), 0) for k in range(self._num_classes)], 0)

    # -- what it gives ---------------------------------------------------------------------------

    def init_ops(self):
        """An Operation that chooses the start."""
        return group(*self._init_ops)

    def training_ops(self):
        """An Operation that makes a step."""
        return group(*self._train_ops)

    def is_initialized(self):
        """A variable: whether the start was chosen."""
        return self._is_initialized

    def alphas(self):
        """The weights of the components, a variable."""
        return self._alpha

    def clusters(self):
        """The means [classes, 1, dimensions], a variable."""
        return self._means

    def covariances(self):
        """The covariances, or their diagonals, a variable."""
        return self._covs

    def assignments(self):
        """The most likely component of each point, by part."""
        return [argmax(weights, 1) for weights in self._weights]

    def scores(self):
        """The log likelihood of each point."""
        each = [likelihood + log(weights)
                for likelihood, weights in zip(self._log_likelihoods, self._weights)]  # fmt: skip
        return squeeze(reduce_logsumexp(each, axis=2, keepdims=True), axis=0)

    def log_likelihood_op(self):
        """The log likelihood of all points: the logarithm of a sum, as in TensorFlow."""
        return reduce_logsumexp([reduce_logsumexp(each) for each in self._log_likelihoods])


def _drawn(data, count, seed):
    """So many of the points."""
    total = add_n([shape(part)[0] for part in data])
    with control_dependencies([assert_less_equal(count, total)]):
        total = cast(total, int64)
        drawn = random_uniform([count], 0, total, int64, seed=seed)
    return embedding_lookup(data, floor_mod(drawn, total), partition_strategy="div")


def _covariance(points, is_full):
    count = cast(shape(points)[0], float32) - 1
    off = points - reduce_mean(points, 0, keepdims=True)
    if is_full:
        return matmul(off, off, transpose_a=True) / count
    return reduce_sum(square(off), 0, keepdims=True) / count


def _weighted_squares(points, weights):
    """For each component the sum of the points' outer squares, times their weights."""
    weighted = expand_dims(transpose(points), 0) * expand_dims(transpose(weights), 1)
    return matmul(weighted, tile(expand_dims(points, 0), [weights.shape[1].value, 1, 1]))

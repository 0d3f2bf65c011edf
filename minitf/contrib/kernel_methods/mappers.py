"""The features of kernels, and a loss for them."""
import math

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32, int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.losses.weighted import Reduction, compute_weighted_loss
from minitf.nn.activation import relu
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather_nd
from minitf.ops.array.joining import stack
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.sequences import range
from minitf.ops.control_flow.check import assert_less
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, cos
from minitf.ops.reduction.reduce import reduce_max


class InvalidShapeError(Exception):
    """A tensor of another shape than the mapper takes."""


class RandomFourierFeatureMapper:
    """Features whose products approach a Gaussian kernel's, after Rahimi and Recht 2007.

    `stddev` is the kernel's; the same `seed` gives the same features.
    """

    def __init__(self, input_dim, output_dim, stddev=1.0, seed=1, name=None):
        self._input_dim, self._output_dim = input_dim, output_dim
        self._stddev, self._seed, self._name = stddev, seed, name

    name = property(lambda self: self._name or str(id(self)), doc="Its name.")
    input_dim = property(lambda self: self._input_dim, doc="How many numbers go in.")
    output_dim = property(lambda self: self._output_dim, doc="How many come out.")

    def map(self, input_tensor):
        """[batch, output_dim] of [batch, input_dim]. InvalidShapeError for another shape."""
        shape = input_tensor.get_shape()
        if len(shape) != 2:
            raise InvalidShapeError(f"The shape of the tensor should be 2. Got {len(shape)} "
                                    "instead.")  # fmt: skip
        if shape[1] != self._input_dim:
            raise InvalidShapeError(f"Invalid dimension: expected {self._input_dim} input "
                                    f"features, got {shape[1]} instead.")  # fmt: skip
        draws = np.random.RandomState(self._seed)
        size = self._input_dim, self._output_dim
        omega = constant(draws.normal(scale=1.0 / self._stddev, size=size), float32)
        bias = constant(draws.uniform(0.0, 2 * np.pi, self._output_dim), float32)
        scale = math.sqrt(2.0 / self._output_dim)
        return scale * cos(matmul(input_tensor, omega) + bias)


def sparse_multiclass_hinge_loss(
    labels,
    logits,
    weights=1.0,
    scope=None,
    loss_collection=GraphKeys.LOSSES,
    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
):
    """By how much the greatest logit of another class comes within 1 of the label's own, or beyond.

    `logits` are [batch, classes], `labels` the numbers of classes, [batch] or [batch, 1], and so
    are `weights`, if they are no scalar. ValueError for other shapes, and labels that are no
    integers; InvalidArgumentError in the run for a label of no class.
    """
    with name_scope(scope, "sparse_multiclass_hinge_loss", (logits, labels)) as scope:
        if logits.shape.ndims != 2:
            raise ValueError("logits should have rank 2 ([batch_size, num_classes]). Given rank is "
                             f"{logits.shape.ndims}")  # fmt: skip
        if labels.dtype not in (int32, int64):
            raise ValueError(f"Invalid dtype for labels: {labels.dtype}. Acceptable dtypes: int32 "
                             "and int64")  # fmt: skip
        weights, classes = convert_to_tensor(weights), shape(logits)[1]
        _check_rank("labels", labels, (1, 2))
        _check_rank("non-scalar weights", weights, (0, 1, 2))
        with control_dependencies([assert_less(labels, cast(classes, labels.dtype))]):
            labels = reshape(labels, [-1])
        if weights.shape.ndims:
            weights = reshape(weights, [-1])
            weights.shape.assert_is_compatible_with(labels.shape)
        logits = cast(logits, float32)
        own = gather_nd(logits, stack([range(shape(logits)[0]), cast(labels, int32)], axis=1))
        margin = relu(logits - own[:, None] + one_hot(labels, classes, 0.0, 1.0))
        return compute_weighted_loss(
            reduce_max(margin, axis=1), weights, scope, loss_collection, reduction=reduction
        )


def _check_rank(what, tensor, ranks):
    if tensor.shape.ndims not in ranks:
        raise ValueError(f"{what} should have rank 1 ([batch_size]) or 2 ([batch_size, 1]). Given "
                         f"rank is {tensor.shape.ndims}")  # fmt: skip

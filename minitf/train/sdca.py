"""Stochastic dual coordinate ascent: `tf.train.sdca_optimizer` and what goes with it.

The weights of a linear model with L1 and L2 regularization are a sum of its examples, each times
its dual. Each step makes the dual of one example the best there is while the others stay.
"""
import itertools
from collections import namedtuple
from typing import NamedTuple

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int64, string
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Repeat, TypeAttr
from minitf.core.tensor_shape import printed
from minitf.ops.array.fingerprints import fingerprint128
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import abs_op, maximum, sign
from minitf.ops.state.assign import assign
from minitf.train.sdca_ascent import ascended
from minitf.train.sdca_losses import LOSSES


def _print_shape(input):
    if input is not None and len(input) != 1:
        raise ValueError(f"Input must be a vector, got shape {printed(input)}")
    return None if input is None else input[0], 2


@op("SdcaFprint", shape=_print_shape, grad=NOT_DIFFERENTIABLE, host=True)
def sdca_fprint_op(xp, input: string) -> int64:
    """Two numbers for each string, of which the first is never 0 or 1, by FarmHash."""
    found = np.array([fingerprint128(text) for text in input.tolist()], "<u8").reshape(-1, 2)
    found[:, 0] -= np.where(found[:, 0] < 2, 2, 0).astype(np.uint64)
    return found.view(np.int64)


def sdca_fprint(input, name=None):
    """Two int64 numbers for each of a vector of strings, which tell them apart: [n, 2]."""
    return sdca_fprint_op(input, name=name)


def sdca_shrink_l1(weights, l1, l2, name=None):
    """An Operation that brings each element of these variables nearer to 0 by l1 / l2."""
    with name_scope(name, "SdcaShrinkL1") as scope:
        made = []
        for variable in weights:
            value = variable.read_value() if hasattr(variable, "read_value") else variable
            shrunk = sign(value) * maximum(abs_op(value) - l1 / l2, 0.0)
            made.append(assign(variable, shrunk))
        return group(*made, name=scope)


# -- the op ---------------------------------------------------------------------------------------

Parts = TypeAttr("_", each=True)
Found = [float32, Repeat(float32, "num_sparse_features"), Repeat(float32, "num_dense_features")]
ONE = {"example_weights", "example_labels", "example_state_data"}  # the others are lists
OF_NUMBERS = {"sparse_example_indices", "sparse_feature_indices", "sparse_indices"}


class Given(NamedTuple):
    """What the op is given: lists of arrays, or of shapes, or one."""

    sparse_example_indices: list
    sparse_feature_indices: list
    sparse_feature_values: list
    dense_features: list
    example_weights: object
    example_labels: object
    sparse_indices: list
    sparse_weights: list
    dense_weights: list
    example_state_data: object

    @classmethod
    def of(cls, tensors, sparse, valued, dense):
        rest = iter(tensors)

        def some(count):
            return list(itertools.islice(rest, count))

        return cls(some(sparse), some(sparse), some(valued), some(dense), next(rest), next(rest),
                   some(sparse), some(sparse), some(dense), next(rest))  # fmt: skip


def _shapes(
    *tensors, num_sparse_features, num_sparse_features_with_values, num_dense_features, **_
):
    given = Given.of(tensors, num_sparse_features, num_sparse_features_with_values,
                     num_dense_features)  # fmt: skip
    return [given.example_state_data, *given.sparse_weights, *given.dense_weights]


@op("SdcaOptimizer", shape=_shapes, grad=NOT_DIFFERENTIABLE, host=True, stateful=True)
def sdca_optimizer_op(
    xp, *tensors: Parts, loss_type, adaptative=False, num_sparse_features,
    num_sparse_features_with_values, num_dense_features, l1, l2, num_loss_partitions,
    num_inner_iterations,
) -> Found:  # fmt: skip
    """The duals of the examples after a step for each, and what to add to the weights."""
    given = Given.of(tensors, num_sparse_features, num_sparse_features_with_values,
                     num_dense_features)  # fmt: skip
    return ascended(given, LOSSES[loss_type], l1, l2, num_loss_partitions, adaptative)


@op("SdcaOptimizerV2", shape=_shapes, grad=NOT_DIFFERENTIABLE, host=True, stateful=True)
def sdca_optimizer_v2_op(
    xp, *tensors: Parts, loss_type, adaptive=False, num_sparse_features,
    num_sparse_features_with_values, num_dense_features, l1, l2, num_loss_partitions,
    num_inner_iterations,
) -> Found:  # fmt: skip
    """As SdcaOptimizer."""
    given = Given.of(tensors, num_sparse_features, num_sparse_features_with_values,
                     num_dense_features)  # fmt: skip
    return ascended(given, LOSSES[loss_type], l1, l2, num_loss_partitions, adaptive)


def sdca_optimizer(
    sparse_example_indices, sparse_feature_indices, sparse_feature_values, dense_features,
    example_weights, example_labels, sparse_indices, sparse_weights, dense_weights,
    example_state_data, loss_type, l1, l2, num_loss_partitions, num_inner_iterations,
    adaptative=True, name=None,
):  # fmt: skip
    """(`example_state_data` [n, 4] after a step for each of n examples, what to add to each of the
    `sparse_weights`, and to each of the `dense_weights`): a linear model for one batch.

    The examples' state is their dual, the loss before, its conjugate, and their weight. A sparse
    feature i of example `sparse_example_indices[i][k]`, whose value is 1 unless
    `sparse_feature_values` says it, has the weight that stands in `sparse_weights[i]` where its
    number `sparse_feature_indices[i][k]` stands in `sparse_indices[i]`. A dense one has a column in
    `dense_features[i]` [n, columns] for each of its weights. `loss_type` is "logistic_loss",
    "squared_loss", "hinge_loss", "smooth_hinge_loss" or "poisson_loss"; labels of classes are 0 and
    1. With `num_loss_partitions` as many may do this at once.

    Examples are taken in a random order, or, if `adaptative`, more often those that are further
    from the best: the numbers differ from run to run. `num_inner_iterations` is not used.
    InvalidArgumentError for what does not fit.
    """
    return _optimizer(sdca_optimizer_op, SdcaOptimizer, locals(), "adaptative")


def sdca_optimizer_v2(
    sparse_example_indices, sparse_feature_indices, sparse_feature_values, dense_features,
    example_weights, example_labels, sparse_indices, sparse_weights, dense_weights,
    example_state_data, loss_type, l1, l2, num_loss_partitions, num_inner_iterations,
    adaptive=True, name=None,
):  # fmt: skip
    """`sdca_optimizer` with its last parameter spelt as it should be."""
    return _optimizer(sdca_optimizer_v2_op, SdcaOptimizerV2, locals(), "adaptive")


OUTPUTS = ("out_example_state_data", "out_delta_sparse_weights", "out_delta_dense_weights")
SdcaOptimizer = namedtuple("SdcaOptimizer", OUTPUTS)
SdcaOptimizerV2 = namedtuple("SdcaOptimizerV2", OUTPUTS)


def _optimizer(operation, result, given, adaptive):
    """What the operation gives for the arguments by name, as such a `result`."""
    if given["loss_type"] not in LOSSES:
        raise ValueError(f"Value for attr 'loss_type' of \"{given['loss_type']}\" is not in the "
                         f"list of allowed values: {', '.join(LOSSES)}")  # fmt: skip
    parts = Given(*(given[name] for name in Given._fields))
    sparse, dense = len(parts.sparse_indices), len(parts.dense_features)
    tensors = [
        convert_to_tensor(tensor, dtype=int64 if field in OF_NUMBERS else float32)
        for field, value in parts._asdict().items()
        for tensor in ([value] if field in ONE else value)
    ]  # fmt: skip
    attrs = {name: given[name] for name in ("loss_type", "l1", "l2", "num_loss_partitions",
                                            "num_inner_iterations", adaptive)}  # fmt: skip
    state, *changes = operation(
        *tensors, num_sparse_features=sparse, num_dense_features=dense,
        num_sparse_features_with_values=len(parts.sparse_feature_values), name=given["name"],
        **attrs,
    )  # fmt: skip
    return result(state, changes[:sparse], changes[sparse:])

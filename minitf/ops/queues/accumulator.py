"""`tf.ConditionalAccumulator`: gradients of several workers, added up before they are applied."""
from typing import Any, NamedTuple

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int32, int64, resource
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.schema import Attr, TypeAttr
from minitf.core.tensor_shape import TensorShape, as_shape
from minitf.ops.math.elementwise import cast
from minitf.ops.queues.accumulator_kinds import Accumulator, SparseAccumulator
from minitf.ops.queues.ops import on_queue, queue_of

Gradient = TypeAttr("dtype")


# -- ops ------------------------------------------------------------------------------------------


@on_queue("ResourceConditionalAccumulator", state=Accumulator)
def conditional_accumulator(
    xp, state, *, dtype, shape=None, container="", shared_name="", reduction_type="MEAN"
) -> resource:
    """An accumulator of dense gradients."""
    return state


@on_queue("SparseConditionalAccumulator", state=SparseAccumulator)
def sparse_conditional_accumulator(
    xp, state, *, dtype, shape=None, container="", shared_name="", reduction_type="MEAN"
) -> resource:
    """One of rows with indices."""
    return state


@on_queue("ResourceAccumulatorApplyGradient")
def apply_gradient(xp, handle: resource, local_step: int64, gradient: Gradient) -> None:
    """Add a gradient, if it is not stale."""
    queue_of(handle).apply(local_step, np.asarray(gradient))


def _averaged(handle, num_required, *, dtype, _shape=None):
    return _shape


@on_queue("ResourceAccumulatorTakeGradient", _averaged, waits=True)
def take_gradient(
    xp, handle: resource, num_required: int32, *, dtype, _shape=None
) -> Attr("dtype"):
    """The mean of the gradients, once there are enough."""
    return queue_of(handle).take(int(num_required))


@on_queue("SparseAccumulatorApplyGradient")
def sparse_apply_gradient(
    xp, handle: resource, local_step: int64, gradient_indices: int64, gradient_values: Gradient,
    gradient_shape: int64, *, has_known_shape
) -> None:  # fmt: skip
    """Add rows with indices, if they are not stale."""
    queue_of(handle).apply(local_step, gradient_indices, gradient_values, gradient_shape,
                           has_known_shape)  # fmt: skip


@on_queue("SparseAccumulatorTakeGradient", lambda *_, **__: [None, None, None], waits=True)
def sparse_take_gradient(
    xp, handle: resource, num_required: int32, *, dtype
) -> [int64, Attr("dtype"), int64]:
    """The same of rows: indices, values, shape."""
    return list(queue_of(handle).take(int(num_required)))


def _num_accumulated(xp, handle: resource) -> int32:
    """How many gradients there are of this step."""
    return np.int32(queue_of(handle).count)


def _set_global_step(xp, handle: resource, new_global_step: int64) -> None:
    """Say which step it is."""
    queue_of(handle).set_step(new_global_step)


num_accumulated = on_queue("ResourceAccumulatorNumAccumulated")(_num_accumulated)
sparse_num_accumulated = on_queue("AccumulatorNumAccumulated")(_num_accumulated)
set_global_step = on_queue("ResourceAccumulatorSetGlobalStep")(_set_global_step)
sparse_set_global_step = on_queue("AccumulatorSetGlobalStep")(_set_global_step)


# -- what programs use ----------------------------------------------------------------------------


class SparseAccumulatorTakeGradient(NamedTuple):
    """What `SparseConditionalAccumulator.take_grad` gives."""

    indices: Any
    values: Any
    shape: Any


class ConditionalAccumulatorBase:
    """What dense and sparse accumulators share."""

    _count, _set_step = num_accumulated, set_global_step

    def __init__(self, dtype, shape, accumulator_ref):
        self._dtype, self._shape = dtype, TensorShape(shape)
        self._accumulator_ref = accumulator_ref
        self._name = accumulator_ref.op.name.split("/")[-1]

    accumulator_ref = property(lambda self: self._accumulator_ref, doc="What stands for it.")
    name = property(lambda self: self._name, doc="The name of its operation, without scopes.")
    dtype = property(lambda self: self._dtype, doc="The type of the gradients.")

    def num_accumulated(self, name=None):
        """How many gradients of the present step there are."""
        kind = type(self)._count
        return kind(self._accumulator_ref, name=name or f"{self._name}_NumAccumulated")

    def set_global_step(self, new_global_step, name=None):
        """An operation that says which step it is; it warns when that is past."""
        step = cast(convert_to_tensor(new_global_step), int64)
        return type(self)._set_step(self._accumulator_ref, step, name=name)


class ConditionalAccumulator(ConditionalAccumulatorBase):
    """Adds up gradients of one step, and hands out their mean when there are enough.

    `shape` is what they have in common. `reduction_type` is "MEAN" or "SUM". In the run
    InvalidArgumentError for a gradient of another shape. ValueError for other reduction types.
    """

    def __init__(self, dtype, shape=None, shared_name=None, name="conditional_accumulator",
                 reduction_type="MEAN"):
        ref = conditional_accumulator(**_attributes(dtype, shape, shared_name, reduction_type),
                                      name=name)  # fmt: skip
        super().__init__(dtype, shape, ref)

    def apply_grad(self, grad, local_step=0, name=None):
        """An operation that adds a gradient, which was computed at `local_step`: it is dropped
        without a word when the accumulator is further. ValueError for another shape."""
        grad = convert_to_tensor(grad, self._dtype)
        grad.get_shape().assert_is_compatible_with(self._shape)
        step = cast(convert_to_tensor(local_step), int64)
        return apply_gradient(self._accumulator_ref, step, grad, name=name)

    def take_grad(self, num_required, name=None):
        """The mean of the gradients, as soon as there are `num_required` of them or more; the
        accumulator goes on to the next step. In the run InvalidArgumentError for less than one."""
        return take_gradient(self._accumulator_ref, num_required, dtype=as_dtype(self._dtype),
                             _shape=as_shape(self._shape), name=name)  # fmt: skip


class SparseConditionalAccumulator(ConditionalAccumulatorBase):
    """The same of sparse gradients: a row is divided by the number of gradients that had it."""

    _count, _set_step = sparse_num_accumulated, sparse_set_global_step

    def __init__(self, dtype, shape=None, shared_name=None, name="sparse_conditional_accumulator",
                 reduction_type="MEAN"):
        ref = sparse_conditional_accumulator(
            **_attributes(dtype, shape, shared_name, reduction_type), name=name
        )
        super().__init__(dtype, shape, ref)

    def apply_indexed_slices_grad(self, grad, local_step=0, name=None):
        """An operation that adds an IndexedSlices."""
        return self.apply_grad(grad_indices=grad.indices, grad_values=grad.values,
                               grad_shape=grad.dense_shape, local_step=local_step,
                               name=name)  # fmt: skip

    def apply_grad(self, grad_indices, grad_values, grad_shape=None, local_step=0, name=None):
        """An operation that adds rows with their indices, as `ConditionalAccumulator` does."""
        step = cast(convert_to_tensor(local_step), int64)
        return sparse_apply_gradient(
            self._accumulator_ref, step, cast(grad_indices, int64), grad_values,
            cast([] if grad_shape is None else grad_shape, int64),
            has_known_shape=grad_shape is not None, name=name,
        )  # fmt: skip

    def take_grad(self, num_required, name=None):
        """(indices, values, shape) of the mean, as soon as there are enough gradients."""
        return SparseAccumulatorTakeGradient(*sparse_take_gradient(
            self._accumulator_ref, num_required, dtype=as_dtype(self._dtype), name=name
        ))  # fmt: skip

    def take_indexed_slices_grad(self, num_required, name=None):
        """The mean as an IndexedSlices."""
        indices, values, shape = self.take_grad(num_required, name)
        return IndexedSlices(values, indices, shape)


def _attributes(dtype, shape, shared_name, reduction_type):
    if reduction_type not in ("MEAN", "SUM"):
        raise ValueError(
            f"Attr 'reduction_type' of 'ResourceConditionalAccumulator' Op passed string "
            f"'{reduction_type}' not in: \"MEAN\", \"SUM\"."
        )
    dtype = as_dtype(dtype)
    if dtype.numpy.kind not in "biufc" or dtype.name == "bool":
        raise TypeError(f"Value passed to parameter 'dtype' has DataType {dtype.name} not in list "
                        "of allowed values: those of numbers")  # fmt: skip
    return {"dtype": dtype, "shape": as_shape(shape), "shared_name": shared_name or "",
            "reduction_type": reduction_type}  # fmt: skip

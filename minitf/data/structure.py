"""What an element of a dataset is: a structure of specs, and its value as a flat list of tensors.

A tensor is one tensor of that list, a SparseTensor one of type variant that has its three parts,
and a dataset is its variant. HANDLERS says for each class of specs how.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, variant
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor, SparseTensorValue
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape, merge
from minitf.core.tensor_spec import SparseTensorSpec, TensorSpec, TypeSpec, batched, unbatched
from minitf.data import nest
from minitf.ops.sparse.serialize import (
    deserialize_sparse,
    serialize_many_sparse_op,
    serialize_sparse_op,
)


class TensorHandler:
    """How tensors are elements."""

    def spec_of(self, value: Any) -> Any:
        """The spec of a value, None when it is of another class."""
        return TensorSpec(value.shape, value.dtype) if isinstance(value, Tensor) else None

    def tensor_spec(self, spec: Any) -> TensorSpec:
        """The spec of the tensor that stands for a value."""
        return TensorSpec(spec.shape, spec.dtype)

    def encoded(self, spec: Any, value: Any) -> Tensor:
        """The tensor that stands for a value. ValueError when its shape does not fit."""
        tensor = convert_to_tensor(value, spec.dtype)
        if merge(tensor._shape, spec.shape._sizes) is False:
            raise ValueError(
                f"Value {value!r} is not convertible to a tensor with dtype {spec.dtype!r} and "
                f"shape {spec.shape}."
            )
        return tensor

    def encoded_rows(self, spec: Any, value: Any) -> Tensor:
        """The tensor that stands for a value whose slices are elements. ValueError for a scalar."""
        tensor = self.encoded(spec, value)
        if tensor._shape == ():
            raise ValueError(f"Value {tensor} has insufficient rank for batching.")
        return tensor

    def decoded(self, spec: Any, tensor: Tensor) -> Any:
        """The value that a tensor stands for."""
        if not spec.dtype.is_compatible_with(tensor.dtype):
            raise ValueError(f"The type {tensor.dtype!r} is not compatible with {spec.dtype!r}.")
        tensor.set_shape(spec.shape)
        return tensor

    def batched(self, spec: Any, size: int | None) -> Any:
        return batched(spec, size)

    def unbatched(self, spec: Any) -> Any:
        return unbatched(spec)

    def legacy(self, spec: Any) -> tuple[Any, Any, Any]:
        """The type, shape and class, as `output_types` and its like give them."""
        return spec.dtype, spec.shape, Tensor


class SparseHandler(TensorHandler):
    """How SparseTensors are elements."""

    def spec_of(self, value: Any) -> Any:
        if isinstance(value, SparseTensorValue):
            if isinstance(value.values, np.ndarray):
                return SparseTensorSpec(list(value.dense_shape), as_dtype(value.values.dtype))
            value = SparseTensor.from_value(value)
        is_one = isinstance(value, SparseTensor)
        return SparseTensorSpec(value.shape, value.dtype) if is_one else None

    def tensor_spec(self, spec: Any) -> TensorSpec:
        return TensorSpec(None, variant)

    def encoded(self, spec: Any, value: Any) -> Tensor:
        parts = SparseTensor.from_value(value)._components()
        return serialize_sparse_op(*parts, out_type=variant)

    def encoded_rows(self, spec: Any, value: Any) -> Tensor:
        if spec.shape.ndims == 0:
            raise ValueError("Unbatching a sparse tensor is only supported for rank >= 1")
        return serialize_many_sparse_op(*value._components(), out_type=variant)

    def decoded(self, spec: Any, tensor: Tensor) -> Any:
        return deserialize_sparse(tensor, spec.dtype, spec.shape.ndims)

    def legacy(self, spec: Any) -> tuple[Any, Any, Any]:
        return spec.dtype, spec.shape, SparseTensor


HANDLERS: dict[type, Any] = {TensorSpec: TensorHandler(), SparseTensorSpec: SparseHandler()}


def handler(spec: Any) -> Any:
    return HANDLERS[type(spec)]


# -- from values ----------------------------------------------------------------------------------


def normalize_element(element: Any) -> Any:
    """The structure with tensors in place of what converts to them."""
    with name_scope("normalize_element"):
        parts = [_normal(i, part) for i, part in enumerate(nest.flatten(element))]
    return nest.pack_sequence_as(element, parts)


def _normal(i: int, part: Any) -> Any:
    spec = _own_spec(part)
    if isinstance(spec, SparseTensorSpec):
        return SparseTensor.from_value(part)
    if spec is not None and not isinstance(spec, TensorSpec):
        return part
    return convert_to_tensor(part, name=f"component_{i}")


def spec_from_value(element: Any) -> Any:
    """The structure of the specs of an element. TypeError for what cannot be one."""
    spec = _own_spec(element)
    if spec is not None:
        return spec
    if nest.is_nested(element):
        return nest.map_structure(spec_from_value, element)
    try:
        return _own_spec(convert_to_tensor(element))
    except (TypeError, ValueError):
        kind = type(element).__name__
        raise TypeError(f"Could not build a TypeSpec for {element!r} with type {kind}") from None


def _own_spec(value: Any) -> Any:
    """The spec of what is an element as it stands."""
    found = (each.spec_of(value) for each in HANDLERS.values())
    return next((spec for spec in found if spec is not None), None)


# -- the flat list of tensors ---------------------------------------------------------------------


def flat_specs(element_spec: Any) -> list[TensorSpec]:
    """The specs of the tensors that stand for an element."""
    return [handler(spec).tensor_spec(spec) for spec in nest.flatten(element_spec)]


def flat_structure(element_spec: Any) -> dict[str, Any]:
    """The attributes that say the types and shapes of the tensors of an element."""
    specs = flat_specs(element_spec)
    return {
        "output_types": [spec.dtype for spec in specs],
        "output_shapes": [spec.shape for spec in specs],
    }


def to_tensors(element_spec: Any, element: Any) -> list[Tensor]:
    """The tensors that stand for an element."""
    nest.assert_same_structure(element_spec, element)
    pairs = zip(nest.flatten(element_spec), nest.flatten(element))
    return [handler(spec).encoded(spec, value) for spec, value in pairs]


def to_rows(element_spec: Any, element: Any) -> list[Tensor]:
    """The tensors that stand for an element whose slices are elements."""
    nest.assert_same_structure(element_spec, element)
    pairs = zip(nest.flatten(element_spec), nest.flatten(element))
    return [handler(spec).encoded_rows(spec, value) for spec, value in pairs]


def from_tensors(element_spec: Any, tensors: Any) -> Any:
    """The element that tensors stand for."""
    specs = nest.flatten(element_spec)
    if len(specs) != len(tensors):
        raise ValueError(f"Expected {len(specs)} tensors but got {len(tensors)}.")
    values = [handler(spec).decoded(spec, tensor) for spec, tensor in zip(specs, tensors)]
    return nest.pack_sequence_as(element_spec, values)


def batch_of(element_spec: Any, size: int | None) -> Any:
    """The structure of several elements along a new first axis."""
    return nest.map_structure(lambda spec: handler(spec).batched(spec, size), element_spec)


def slice_of(element_spec: Any) -> Any:
    """The structure of what an element has along its first axis."""
    return nest.map_structure(lambda spec: handler(spec).unbatched(spec), element_spec)


# -- types, shapes, classes -----------------------------------------------------------------------


def types_of(element_spec: Any) -> Any:
    return nest.map_structure(lambda spec: handler(spec).legacy(spec)[0], element_spec)


def shapes_of(element_spec: Any) -> Any:
    return nest.map_structure(lambda spec: handler(spec).legacy(spec)[1], element_spec)


def classes_of(element_spec: Any) -> Any:
    return nest.map_structure(lambda spec: handler(spec).legacy(spec)[2], element_spec)


def from_legacy(types: Any, shapes: Any, classes: Any) -> Any:
    """The structure of specs, of types, shapes and classes. TypeError for another class."""
    flat = zip(nest.flatten(types), nest.flatten_up_to(types, shapes), nest.flatten(classes))
    return nest.pack_sequence_as(classes, [_from_legacy(*each) for each in flat])


def _from_legacy(dtype: Any, shape: Any, kind: Any) -> Any:
    if isinstance(kind, TypeSpec):
        return kind
    if isinstance(kind, type) and issubclass(kind, SparseTensor):
        return SparseTensorSpec(shape, dtype)
    if isinstance(kind, type) and issubclass(kind, Tensor):
        return TensorSpec(shape, dtype)
    raise TypeError(f"Could not build a structure for output class {kind!r}")


def given_structure(output_types: Any, output_shapes: Any, output_classes: Any = None) -> Any:
    """The structure that a caller says: shapes are unknown, and values tensors, where it does not.

    TypeError or ValueError when the three differ.
    """
    types = nest.map_structure(
        lambda dtype: dtype if isinstance(dtype, TypeSpec) else as_dtype(dtype), output_types
    )
    if output_shapes is None:
        shapes = nest.map_structure(lambda _: TensorShape(None), types)
    else:
        shapes = nest.map_structure_up_to(types, _as_shape, output_shapes)
    if output_classes is None:
        output_classes = nest.map_structure(lambda _: Tensor, types)
    nest.assert_same_structure(types, shapes)
    return from_legacy(types, shapes, output_classes)


def _as_shape(shape: Any) -> Any:
    return shape if isinstance(shape, TypeSpec) else TensorShape(shape)


def are_compatible(first: Any, second: Any) -> bool:
    """Whether two structures nest alike, of specs that fit each other."""
    try:
        nest.assert_same_structure(first, second)
    except (TypeError, ValueError):
        return False
    pairs = zip(nest.flatten(first), nest.flatten(second))
    return all(a.is_compatible_with(b) and b.is_compatible_with(a) for a, b in pairs)


def joined(first: Any, second: Any) -> Any:
    """The structure of `first` with what both know of shapes."""
    return nest.map_structure(_joined, first, second)


def _joined(first: Any, second: Any) -> Any:
    return first.most_specific_compatible_type(second)



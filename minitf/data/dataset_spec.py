"""Datasets as elements of datasets: `tf.data.DatasetSpec`."""

from minitf.core.tensor_shape import TensorShape
from minitf.core.tensor_spec import TensorSpec, TypeSpec
from minitf.data import structure
from minitf.data.base import MADE, BaseDataset, made
from minitf.ops.array.joining import pack


class DatasetSpec(TypeSpec):
    """A dataset as a component of an element: the structure of its own elements."""

    __slots__ = ("_dataset_shape", "_element_spec")

    def __init__(self, element_spec, dataset_shape=()):
        self._element_spec, self._dataset_shape = element_spec, TensorShape(dataset_shape)

    shape = property(lambda self: self._dataset_shape)
    value_type = property(lambda self: MADE[0])

    def _parts(self):
        return self._element_spec, self._dataset_shape

    def _of(self, value):
        return DatasetSpec.from_value(value) if isinstance(value, BaseDataset) else None

    @staticmethod
    def from_value(value):
        return DatasetSpec(value.element_spec)


class _NestedVariant:
    """Several datasets as one component: those of a list, or of a batch of windows."""

    def __init__(self, variant_tensor, element_spec, dataset_shape):
        self._variant_tensor, self._element_spec = variant_tensor, element_spec
        self._dataset_shape = dataset_shape


class _DatasetHandler(structure.TensorHandler):
    """How datasets are elements."""

    def spec_of(self, value):
        if isinstance(value, _NestedVariant):
            return DatasetSpec(value._element_spec, value._dataset_shape)
        if _are_datasets(value):
            return DatasetSpec(value[0].element_spec, [len(value)])
        return DatasetSpec(value.element_spec) if isinstance(value, BaseDataset) else None

    def tensor_spec(self, spec):
        return TensorSpec(spec._dataset_shape, structure.variant)

    def encoded(self, spec, value):
        if _are_datasets(value):
            return pack(*[each._variant_tensor for each in value], axis=0)
        return value._variant_tensor

    def encoded_rows(self, spec, value):
        if spec._dataset_shape.ndims == 0:
            raise ValueError("Unbatching a dataset is only supported for rank >= 1")
        return self.encoded(spec, value)

    def decoded(self, spec, tensor):
        if spec._dataset_shape.ndims == 0:
            return made(tensor, spec._element_spec)
        return _NestedVariant(tensor, spec._element_spec, spec._dataset_shape)

    def batched(self, spec, size):
        return DatasetSpec(spec._element_spec,
                           TensorShape([size]).concatenate(spec._dataset_shape))  # fmt: skip

    def unbatched(self, spec):
        if spec._dataset_shape.ndims == 0:
            raise ValueError("Unbatching a dataset is only supported for rank >= 1")
        return DatasetSpec(spec._element_spec, spec._dataset_shape[1:])

    def legacy(self, spec):
        return spec, spec, spec


def _are_datasets(value):
    """Whether it is a list of datasets, all of one structure."""
    if not isinstance(value, list) or not all(isinstance(each, BaseDataset) for each in value):
        return False
    return value != [] and all(each.element_spec == value[0].element_spec for each in value)


structure.HANDLERS[DatasetSpec] = _DatasetHandler()

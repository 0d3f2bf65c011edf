"""`tf.data.experimental.Optional`: a value that is there or not, which only a run knows."""

from minitf.core.dtypes import variant
from minitf.core.graph import name_scope
from minitf.core.tensor_spec import TensorSpec, TypeSpec
from minitf.data import structure
from minitf.data.kernels import optionals
from minitf.data.structure import flat_structure


class Optional:
    """A value that may be there: `has_value()` says whether it is, `get_value()` gives it.

    `get_next_as_optional(iterator)` makes one of the next element, without a value at the end.
    """

    def has_value(self, name=None):
        """A bool tensor: whether there is a value."""
        raise NotImplementedError("Optional.has_value()")

    def get_value(self, name=None):
        """The value, a structure of tensors. InvalidArgumentError in a run where there is none."""
        raise NotImplementedError("Optional.get_value()")

    @property
    def value_structure(self):
        """The structure of specs of the value."""
        raise NotImplementedError("Optional.value_structure")

    @staticmethod
    def from_value(value):
        """An Optional that has this value, a structure of tensors."""
        with name_scope("optional") as scope:
            with name_scope("value"):
                spec = structure.spec_from_value(value)
                components = structure.to_tensors(spec, value)
            made = optionals.optional_from_value(*components, name=scope)
        return _Optional(made, spec)

    @staticmethod
    def none_from_structure(value_structure):
        """An Optional without a value, which would be of this structure of specs."""
        return _Optional(optionals.optional_none(), value_structure)


class _Optional(Optional):
    """A node of type variant, and the structure of the value."""

    def __init__(self, variant_tensor, value_structure):
        self._variant_tensor, self._value_structure = variant_tensor, value_structure

    value_structure = property(lambda self: self._value_structure)

    def has_value(self, name=None):
        return optionals.optional_has_value(self._variant_tensor, name=name)

    def get_value(self, name=None):
        spec = self._value_structure
        with name_scope(name, "OptionalGetValue", [self._variant_tensor]) as scope:
            parts = optionals.optional_get_value(
                self._variant_tensor, name=scope, **flat_structure(spec)
            )
            return structure.from_tensors(spec, parts)


class OptionalSpec(TypeSpec):
    """An Optional as a component of an element: the structure of its value."""

    __slots__ = ("_value_structure",)

    def __init__(self, value_structure):
        self._value_structure = value_structure

    value_type = property(lambda self: _Optional)

    def _parts(self):
        return (self._value_structure,)

    def _of(self, value):
        return OptionalSpec.from_value(value) if isinstance(value, Optional) else None

    @staticmethod
    def from_value(value):
        return OptionalSpec(value.value_structure)


class _OptionalHandler(structure.TensorHandler):
    """How Optionals are elements."""

    def spec_of(self, value):
        return OptionalSpec.from_value(value) if isinstance(value, Optional) else None

    def tensor_spec(self, spec):
        return TensorSpec([], variant)

    def encoded(self, spec, value):
        return value._variant_tensor

    def encoded_rows(self, spec, value):
        raise ValueError("An Optional has no slices: it is one value")

    def decoded(self, spec, tensor):
        return _Optional(tensor, spec._value_structure)

    def batched(self, spec, size):
        raise NotImplementedError("Optionals cannot be batched: batch the values that they have")

    def unbatched(self, spec):
        raise ValueError("An Optional has no slices: it is one value")

    def legacy(self, spec):
        return spec, spec, spec


structure.HANDLERS[OptionalSpec] = _OptionalHandler()


def get_next_as_optional(iterator):
    """The next element of an iterator as an Optional, which has no value at the end."""
    spec = iterator.element_spec
    made = optionals.iterator_get_next_as_optional(
        iterator._iterator_resource, **flat_structure(spec)
    )
    return _Optional(made, spec)

"""`tf.contrib.framework.BoundedTensorSpec`: a shape, a type, and between what the values are."""
import numpy as np

from minitf.core.dtypes import as_dtype
from minitf.core.shape_rules import broadcast
from minitf.core.tensor_spec import TensorSpec


class BoundedTensorSpec(TensorSpec):
    """A TensorSpec whose values are from `minimum` to `maximum`, both included: numbers or arrays
    that broadcast with the shape.

    ValueError without one of them, or where one does not broadcast.
    """

    __slots__ = ("_maximum", "_minimum")

    def __init__(self, shape, dtype, minimum, maximum, name=None):
        super().__init__(shape, dtype, name)
        if minimum is None or maximum is None:
            raise ValueError(f"minimum and maximum must be provided; but saw '{minimum}' and "
                             f"'{maximum}'")  # fmt: skip
        self._minimum = self._bound(minimum, "minimum")
        self._maximum = self._bound(maximum, "maximum")

    def _bound(self, value, what):
        sizes = self.shape.as_list() if self.shape.ndims is not None else None
        try:
            broadcast(np.shape(value), None if sizes is None else tuple(sizes))
        except ValueError as error:
            raise ValueError(f"{what} is not compatible with shape. Message: {error!r}.") from error
        bound = np.array(value, dtype=self.dtype.as_numpy_dtype)
        bound.setflags(write=False)
        return bound

    @classmethod
    def from_spec(cls, spec):
        """The same of a TensorSpec; without bounds, those of its type."""
        dtype = as_dtype(spec.dtype)
        minimum = getattr(spec, "minimum", dtype.min)
        maximum = getattr(spec, "maximum", dtype.max)
        return cls(spec.shape, dtype, minimum, maximum, spec.name)

    minimum = property(lambda self: self._minimum)
    maximum = property(lambda self: self._maximum)

    def is_compatible_with(self, spec_or_value):
        """Whether the other's shape and type may be these; bounds are not looked at."""
        other = TensorSpec(spec_or_value.shape, spec_or_value.dtype)
        return TensorSpec(self.shape, self.dtype).is_compatible_with(other)

    def __eq__(self, other):
        return (
            super().__eq__(other)
            and np.allclose(self.minimum, other.minimum)
            and np.allclose(self.maximum, other.maximum)
        )

    __hash__ = TensorSpec.__hash__

    def __reduce__(self):
        return BoundedTensorSpec, (self._shape, self._dtype, self._minimum, self._maximum,
                                   self._name)  # fmt: skip

    def __repr__(self):
        return (f"BoundedTensorSpec(shape={self.shape}, dtype={self.dtype!r}, name={self.name!r}, "
                f"minimum={self.minimum!r}, maximum={self.maximum!r})")  # fmt: skip

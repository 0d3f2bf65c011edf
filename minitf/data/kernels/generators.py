"""Elements that a Python generator yields."""

import numpy as np

from minitf.core import errors
from minitf.core.dtypes import string, variant
from minitf.core.schema import TypeAttr
from minitf.core.tensor_shape import TensorShape, merge
from minitf.core.values import as_array
from minitf.data import nest
from minitf.data.kernels.declare import dataset_op
from minitf.data.kernels.stream import Source, kept


class Generated(Source):
    """What `generator(*arguments)` yields, called anew for each pass."""

    def __init__(self, generator, arguments, output, types, shapes):
        super().__init__(types, shapes)
        self.generator, self.arguments, self.output = generator, arguments, output

    def stream(self, run, path):
        return Yielded(self)


class Yielded:
    """A pass of Generated. What goes wrong in the generator is raised as `tf.errors`."""

    def __init__(self, source):
        self.source, self.iterator = source, None
        self.single = not nest.is_nested(source.output)
        self.kinds = [dtype.numpy for dtype in source.types]

    def __iter__(self):
        return self

    def __next__(self):
        try:
            if self.iterator is None:
                self.iterator = iter(self.source.generator(*self.source.arguments))
            value = next(self.iterator)
        except StopIteration:
            raise
        except Exception as error:
            raise errors.of_python(error) from error
        values = [value] if self.single else self._parts(value)
        return tuple(map(self._array, values, self.source.types, self.source.shapes))

    def _parts(self, value):
        try:
            return nest.flatten_up_to(self.source.output, value)
        except (TypeError, ValueError):
            raise errors.InvalidArgumentError(
                None, None, "TypeError: `generator` yielded an element that did not match the "
                f"expected structure. The expected structure was {self.source.output}, but the "
                f"yielded element was {value}."
            ) from None  # fmt: skip

    def _array(self, value, dtype, shape):
        try:
            array = as_array(value) if dtype is string else np.array(value, dtype.numpy, order="C")
            if dtype is string and array.dtype.kind != "O":
                raise TypeError
        except (TypeError, ValueError, OverflowError):
            raise errors.InvalidArgumentError(
                None, None, "TypeError: `generator` yielded an element that could not be converted "
                f"to the expected type. The expected type was {dtype.name}, but the yielded "
                f"element was {value}."
            ) from None  # fmt: skip
        if array.shape != shape and merge(shape, array.shape) is False:
            raise errors.InvalidArgumentError(
                None, None, f"ValueError: `generator` yielded an element of shape {array.shape} "
                f"where an element of shape {TensorShape(shape)} was expected."
            )  # fmt: skip
        return array


@dataset_op("GeneratorDataset")
def generator_dataset(
    xp, *init_func_other_args: TypeAttr("Tinit_func_args", each=True), generator, _output,
    output_types, output_shapes,
) -> variant:  # fmt: skip
    """What a Python generator, given these arguments, yields."""
    arguments = [np.array(kept(value))[()] for value in init_func_other_args]  # numbers, bytes
    return Generated(generator, arguments, _output, output_types, output_shapes)

"""Values that may be there or not: what the variant of an Optional is."""

import numpy as np

from minitf.core.dtypes import bool_, resource, variant
from minitf.core.errors import InvalidArgumentError, OutOfRangeError
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr
from minitf.data.kernels.declare import Components
from minitf.data.kernels.stream import check_shapes, kept


class Maybe:
    """The components of a value; None where there is none."""

    shape, ndim, dtype = (), 0, np.dtype(object)  # a handle looks like an array without axes

    def __init__(self, components=None):
        self.components = components


def _optional_op(type, **traits):
    """Declare an op; what makes a value is no constant, which would be an array: `stateful`."""
    traits = {"shape": lambda *_, **__: (), "grad": NOT_DIFFERENTIABLE, "host": True} | traits
    return op(type, **traits)


@_optional_op("OptionalFromValue", stateful=True)
def optional_from_value(xp, *components: Components) -> variant:
    """These components."""
    return Maybe([kept(component) for component in components])


@_optional_op("OptionalNone", stateful=True)
def optional_none(xp) -> variant:
    """No value."""
    return Maybe()


@_optional_op("OptionalHasValue")
def optional_has_value(xp, optional: variant) -> bool_:
    """Whether there is a value."""
    return np.array(optional.components is not None)


@_optional_op("OptionalGetValue", shape=lambda optional, *, output_types, output_shapes: [
    shape._sizes for shape in output_shapes])  # fmt: skip
def optional_get_value(
    xp, optional: variant, *, output_types, output_shapes
) -> [Attr("output_types")]:  # fmt: skip
    """The components of the value."""
    if optional.components is None:
        raise InvalidArgumentError(None, None, "The given optional does not have a value.")
    check_shapes(optional.components, [s._sizes for s in output_shapes], "OptionalGetValue")
    return list(optional.components)


@_optional_op("IteratorGetNextAsOptional", stateful=True)
def iterator_get_next_as_optional(
    xp, iterator: resource, *, output_types, output_shapes
) -> variant:  # fmt: skip
    """The next element of an iterator, no value at its end."""
    try:
        return Maybe([kept(component) for component in iterator.next()])
    except OutOfRangeError:
        return Maybe()

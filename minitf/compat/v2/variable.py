"""`tf.compat.v2.Variable`."""
from minitf.ops.state import variables
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.resource_variable import ResourceVariable


class _All(type(ResourceVariable)):
    """Of a class that all variables are of, however they were made; not of what derives from it."""

    def __instancecheck__(cls, value):
        if cls is Variable:
            return isinstance(value, variables.Variable)
        return super().__instancecheck__(value)

    def __subclasscheck__(cls, other):
        if cls is Variable:
            return issubclass(other, variables.Variable)
        return super().__subclasscheck__(other)


class Variable(ResourceVariable, metaclass=_All):
    """A variable that each use reads anew, as all are in TensorFlow 2.

    ValueError without an initial value.
    """

    def __init__(
        self,
        initial_value=None,
        trainable=None,
        validate_shape=True,
        caching_device=None,
        name=None,
        variable_def=None,
        dtype=None,
        import_scope=None,
        constraint=None,
        synchronization=VariableSynchronization.AUTO,
        aggregation=VariableAggregation.NONE,
        shape=None,
    ):
        super().__init__(
            initial_value, trainable, None, validate_shape, caching_device, name, variable_def,
            dtype, None, import_scope, constraint, True, synchronization, aggregation, shape,
        )  # fmt: skip

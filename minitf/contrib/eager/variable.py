"""`tfe.Variable`: TensorFlow's resource variable, whose parameters stand in another order."""

from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.resource_variable import ResourceVariable


class Variable(ResourceVariable):
    """A `tf.Variable`. NotImplementedError for `distribute_strategy`: there is one process."""

    def __init__(
        self, initial_value=None, trainable=None, collections=None, validate_shape=True,
        caching_device=None, name=None, dtype=None, variable_def=None, import_scope=None,
        constraint=None, distribute_strategy=None, synchronization=None, aggregation=None,
        shape=None,
    ):  # fmt: skip
        if distribute_strategy is not None:
            raise NotImplementedError("tfe.Variable(distribute_strategy=...): minitf keeps a "
                                      "variable in one place.")  # fmt: skip
        super().__init__(
            initial_value, trainable, collections, validate_shape, caching_device, name,
            variable_def, dtype, import_scope=import_scope, constraint=constraint,
            use_resource=True, synchronization=synchronization or VariableSynchronization.AUTO,
            aggregation=aggregation or VariableAggregation.NONE, shape=shape,
        )  # fmt: skip

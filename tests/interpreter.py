"""The reference executor: one kernel call per node, in the order of building, nothing clever.

It is the oracle of the compiled plan. Variables are read from and written to `variables`, a dict
from a variable's Operation to its array.
"""
import numpy as np


class Slot:
    """Where a variable lives, as kernels with a `VariableSlot` see it."""

    def __init__(self, value=None):
        self.value = value


def interpret(fetches, feeds=None, variables=None, states=None):
    """The values of the tensors `fetches`, given `feeds` {tensor: array}."""
    values, states = dict(feeds or {}), {} if states is None else states
    slots = {} if variables is None else variables
    for operation in needed(fetches, values):
        if operation.outputs and all(tensor in values for tensor in operation.outputs):
            continue
        for tensor, value in zip(operation.outputs, run(operation, values, slots, states)):
            values.setdefault(tensor, value)
    return [values.get(fetch) for fetch in fetches]


def needed(fetches, fed):
    """The operations that the fetches depend on, inputs first."""
    found, stack = set(), [getattr(fetch, "op", fetch) for fetch in fetches]
    while stack:
        operation = stack.pop()
        if operation not in found:
            found.add(operation)
            stack += [tensor.op for tensor in operation.inputs if tensor not in fed]
            stack += operation.control_inputs
    return sorted(found, key=lambda operation: operation._id)


def run(operation, values, slots, states):
    definition, schema = operation.definition, operation.definition.schema
    if definition.variable:
        return [slots.setdefault(operation, Slot())]
    arguments = [
        values[tensor] if param.ref == "slot" else plain(values[tensor])
        for param, tensor in schema.arguments(operation.inputs)
    ]
    first = [np]
    if definition.state:
        first.append(states.setdefault(operation, definition.state(operation)))
    result = schema.call(definition.kernel, arguments, *first, **operation.attrs)
    if schema.several or not operation.outputs:
        return [np.asarray(r) for r in result or ()]
    refers = operation.outputs[0].dtype._is_ref_dtype
    return [values[operation.inputs[0]] if refers else np.asarray(result)]


def plain(value):
    return value.value if isinstance(value, Slot) else value

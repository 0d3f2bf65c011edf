"""Phase 2: the graph with the sizes of this run filled in.

With the feed shapes known, `tf.shape(x)` and the arithmetic on it are constants: a plan is static
even where the graph is not.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from minitf.core import errors
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import num_elements
from minitf.runtime.program import COPY, Program, Step, Value

SMALL = 256  # elements: shapes, axes and what is computed from them


def specialise(
    operations: list[Operation],
    feeds: Mapping[Tensor, tuple[tuple[int, ...], np.dtype]],
    fetches: Iterable[Tensor | Operation],
) -> Program:
    """A Program for operations in the order of `prune`, given the shape and type of each feed.

    Raises InvalidArgumentError for a placeholder that is not fed and for shapes that do not fit.
    """
    return _Specialiser(feeds).program(operations, list(fetches))


class _Specialiser:
    def __init__(self, feeds: Mapping[Tensor, tuple[tuple[int, ...], np.dtype]]) -> None:
        self.values: list[Value] = []
        self.index: dict[Tensor, int] = {}
        self.steps: dict[Operation, Step] = {}
        self.feeds = [
            self.add(tensor, Value(label(tensor.op), shape, dtype, feed=True))
            for tensor, (shape, dtype) in feeds.items()
        ]

    def program(self, operations: list[Operation], fetches: list[Tensor | Operation]) -> Program:
        for operation in operations:
            self.visit(operation)
        for operation in operations:
            self.connect(operation)
        steps = list(self.steps.values())
        ends = [None if isinstance(f, Operation) else self.copied(f, steps) for f in fetches]
        return Program(self.values, steps, self.feeds, ends)

    def copied(self, tensor: Tensor, steps: list[Step]) -> int:
        """A copy of a fetched value, as a step of its own: it takes part in the ordering."""
        source = self.values[self.index[tensor]]
        self.values.append(Value(tensor.op.name, source.shape, source.dtype))
        steps.append(Step(COPY, tensor.op, [self.index[tensor]], [len(self.values) - 1], {}))
        return len(self.values) - 1

    def add(self, tensor: Tensor, value: Value) -> int:
        self.index[tensor] = len(self.values)
        self.values.append(value)
        return self.index[tensor]

    def visit(self, operation: Operation) -> None:
        definition = operation.definition
        if definition.placeholder and operation.outputs[0] not in self.index:
            raise errors.InvalidArgumentError(None, operation, _not_fed(operation))
        if definition.variable:
            tensor = operation.outputs[0]
            self.add(tensor, Value(operation.name, tensor._shape, tensor.dtype.numpy,
                                   variable=operation))  # fmt: skip
            return
        inputs = [self.index[tensor] for tensor in operation.inputs]
        shapes = self.shapes(operation, inputs)
        step = Step(definition, operation, inputs, [], operation.attrs)
        for tensor, shape in zip(operation.outputs, shapes):
            value = Value(operation.name, shape, tensor.dtype.numpy)
            fed = tensor in self.index
            step.outputs.append(len(self.values) if fed else self.add(tensor, value))
            if fed:  # another output of this operation is needed
                self.values.append(value)
        self.steps[operation] = step
        self.infer(step)

    def shapes(self, operation: Operation, inputs: list[int]) -> list[Any]:
        definition = operation.definition
        if not operation.outputs:
            return []
        known = [
            self.values[i].constant if param.static else self.values[i].shape
            for param, i in definition.schema.arguments(inputs)
        ]
        try:
            found = definition.schema.call(definition.shape, known, **operation.attrs)
        except ValueError as error:
            raise errors.InvalidArgumentError(None, operation, str(error)) from None
        return found if isinstance(found, list) else [found] * len(operation.outputs)

    def infer(self, step: Step) -> None:
        """Fill in values that shapes alone decide, and small ones that follow from them."""
        definition = step.definition
        if definition.value is not None:
            shapes = [self.values[i].shape for i in step.inputs]
            found = definition.value(*shapes, **step.attrs)
            if found is not None and (found.dtype != object or not step.inputs):
                self.values[step.outputs[0]].constant = found
        elif all((num_elements(self.values[i].shape) or 0) <= SMALL for i in step.outputs):
            evaluate(step, self.values)

    def connect(self, operation: Operation) -> None:
        """Control edges, as steps to wait for."""
        step = self.steps.get(operation)
        if step is not None:
            after = (self.steps.get(op) for op in operation._control_inputs)
            step.after = {other for other in after if other is not None}


def evaluate(step: Step, values: list[Value]) -> bool:
    """Compute the outputs of a pure step whose inputs are all known; whether that was possible."""
    constants = [values[i].constant for i in step.inputs]
    if not step.pure or not step.outputs or any(constant is None for constant in constants):
        return False
    if not step.inputs:
        return False
    definition = step.definition
    try:
        with np.errstate(all="ignore"):
            found = definition.schema.call(definition.kernel, constants, np, **step.attrs)
    except Exception:
        return False  # it will raise the same in the run, with the op's name
    found = found if isinstance(found, (list, tuple)) else [found]
    for i, result in zip(step.outputs, found):
        values[i].constant = constant = np.asarray(result)
        values[i].shape = constant.shape
        constant.flags.writeable = False
    return True


def label(operation: Operation) -> str:
    """What the user calls it: a placeholder without a name is `X` in `X = tf.placeholder(...)`."""
    target, _, rest = operation.line.text.partition("=")
    plain = operation.name.split("_")[0] == operation.type
    alone = rest.count("placeholder(") == 1 and ";" not in rest
    return target.strip() if plain and alone and target.strip().isidentifier() else operation.name


def _not_fed(operation: Operation) -> str:
    tensor = operation.outputs[0]
    dtype = {"float32": "float", "float64": "double"}.get(tensor.dtype.name, tensor.dtype.name)
    sizes = ",".join("?" if n is None else str(n) for n in tensor._shape or ())
    return (
        f"You must feed a value for placeholder tensor '{operation.name}' with dtype {dtype}"
        f"{f' and shape [{sizes}]' if tensor._shape else ''}: add it to the feed_dict, as "
        f"sess.run(..., feed_dict={{{label(operation)}: value}})"
    )

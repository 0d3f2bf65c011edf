"""Phase 2: the graph with the sizes of this run filled in.

With the feed shapes known, `tf.shape(x)` and the arithmetic on it are constants: a plan is static
even where the graph is not.
"""
from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from minitf.core import errors
from minitf.core.context import loops_around
from minitf.core.dtypes import HANDLES
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import is_static, num_elements
from minitf.runtime.blocks import visit_loop
from minitf.runtime.branches import merge, switch
from minitf.runtime.halves import is_half, round_outputs
from minitf.runtime.program import (
    COPY,
    MISFIT,
    SAME,
    Guard,
    Program,
    Step,
    Value,
)
from minitf.runtime.prune import prune
from minitf.runtime.rows import News, Rows, follow

SMALL = 256  # elements: shapes, axes and what is computed from them


class Fed(NamedTuple):
    """What is known of a feed."""

    shape: tuple[int | None, ...]
    dtype: np.dtype
    value: np.ndarray | None = None  # where the plan is for no other


def specialise(
    operations: list[Operation],
    feeds: Mapping[Tensor, Fed],
    fetches: Iterable[Tensor | Operation],
) -> Program:
    """A Program for operations in the order of `prune`, given what is known of each feed.

    Raises InvalidArgumentError for a placeholder that is not fed and for shapes that do not fit.
    """
    return Specialiser(feeds).program(operations, list(fetches))


class Specialiser:
    """Visits operations one after the other; a loop is visited by one of its own (see blocks.py).

    `index` says which value a tensor is, `guards` under which predicates it has one, and `dead`
    holds the tensors that have none because a predicate is known.
    """

    def __init__(self, feeds: Mapping[Tensor, Fed]) -> None:
        self.values: list[Value] = []
        self.index: dict[Tensor, int] = {}
        self.steps: dict[Operation, Step] = {}
        self.ends: dict[Operation, Step] = {}  # of those that take several steps: the last
        self.passed: dict[Operation, Operation] = {}  # without a step: who made what it hands on
        self.guards: dict[Tensor | Operation, Guard] = {}
        self.dead: set[Tensor | Operation] = set()
        self.same: dict[int, int] = {}  # by value: the one that it is another name of
        self.threads: dict[int, int] = {}  # by flow: the flow that it has come from
        self.arrays: dict[int, Rows] = {}  # by handle: what is known of the TensorArray
        self.partly: dict[int, np.ndarray] = {}  # by value: its elements, None where unknown
        self.news = News()
        self.depth = 0  # the number of loops around
        self.exact = all(is_static(fed.shape) for fed in feeds.values())
        self.feeds = [
            self.add(tensor, Value(label(tensor.op), fed.shape, fed.dtype, fed.value, feed=True))
            for tensor, fed in feeds.items()
        ]

    def nested(self) -> Specialiser:
        """One for the inside of a loop."""
        inside = Specialiser({})
        inside.news, inside.depth, inside.exact = self.news, self.depth + 1, self.exact
        return inside

    def program(self, operations: list[Operation], fetches: list[Tensor | Operation]) -> Program:
        self.visit_all(operations)
        steps = list(dict.fromkeys(self.steps.values()))
        for tensor in fetches:
            if tensor in self.dead and isinstance(tensor, Tensor):
                raise errors.InvalidArgumentError(
                    None, tensor.op, f"Retval[0] does not have value: '{tensor.name}' is in a "
                    "branch that is not taken"
                )  # fmt: skip
        changes = self.changes()
        ends = [
            None if isinstance(f, Operation) else self.copied(f, steps, changes) for f in fetches
        ]
        return Program(self.values, steps, self.feeds, ends)

    def visit_all(self, operations: list[Operation]) -> None:
        """Visit operations in the order of `prune`."""
        for part in self.parts(operations):
            if isinstance(part, Operation):
                self.visit(part)
            else:
                visit_loop(self, *part)
        for operation in operations:
            self.connect(operation)

    def parts(self, operations: list[Operation]) -> Iterator[Any]:
        """Operations, and (loop, operations) for the loops among them."""
        depth = self.depth

        def loop_of(operation: Operation) -> Any:
            if operation.context is None:
                return None
            loops = loops_around(operation)
            return loops[depth] if len(loops) > depth else None

        for loop, group in itertools.groupby(operations, loop_of):
            found = list(group)
            yield from found if loop is None else [(loop, found)]

    def copied(self, tensor: Tensor, steps: list[Step], changes: dict[int, set[Step]]) -> int:
        """A copy of a fetched value, as a step of its own: it takes part in the ordering.

        A variable that is fetched is what the run has made of it, as in TensorFlow.
        """
        source = self.values[self.index[tensor]]
        self.values.append(Value(tensor.op.name, source.shape, source.dtype))
        handle = tensor.dtype.base_dtype in HANDLES
        step = Step(SAME if handle else COPY, tensor.op, [self.index[tensor]],
                    [len(self.values) - 1], {})  # fmt: skip
        step.guard = self.guards.get(tensor, ())
        step.after = set(changes.get(self.root(step.inputs[0]), ()))
        steps.append(step)
        return len(self.values) - 1

    def changes(self) -> dict[int, set[Step]]:
        """By variable the steps that change it."""
        found: dict[int, set[Step]] = {}
        for step in self.steps.values():
            for i, _ in step.definition.written:
                found.setdefault(self.root(step.inputs[i]), set()).add(step)
        return {i: steps for i, steps in found.items() if self.values[i].variable is not None}

    def add(self, tensor: Tensor, value: Value) -> int:
        self.index[tensor] = len(self.values)
        self.values.append(value)
        return self.index[tensor]

    def output(self, tensor: Tensor, shape: Any) -> int:
        """A value that a step makes; of a tensor that is fed nobody reads it."""
        value = Value(tensor.op.name, shape, tensor.dtype.numpy)
        if tensor not in self.index:
            return self.add(tensor, value)
        self.values.append(value)
        return len(self.values) - 1

    def root(self, i: int) -> int:
        """The value of which this one is only another name."""
        return self.same.get(i, i)

    def thread(self, i: int) -> int:
        """Where a flow has come from."""
        i = self.root(i)
        return self.threads.get(i, i)

    def visit(self, operation: Operation) -> None:
        definition = operation.definition
        if definition.placeholder and operation.outputs[0] not in self.index:
            raise errors.InvalidArgumentError(None, operation, _not_fed(operation))
        if definition.variable:
            tensor = operation.outputs[0]
            self.add(tensor, Value(operation.name, tensor._shape, tensor.dtype.numpy,
                                   variable=operation))  # fmt: skip
            return
        if definition.flow in ("switch", "merge"):
            (switch if definition.flow == "switch" else merge)(self, operation)
            return
        guard = self.guard(operation)
        if guard is None:
            self.dead.update((operation, *operation.outputs))
            return
        inputs = [self.index[tensor] for tensor in operation.inputs]
        if definition.array == "get" and self.is_known(operation, inputs[0], guard):
            return
        try:
            shapes = self.shapes(operation, inputs)
        except errors.InvalidArgumentError as error:
            if not self.may_defer(operation, guard):
                raise
            self.defer(operation, guard, error.message)
        else:
            self.compute(operation, inputs, shapes, guard)

    def compute(
        self, operation: Operation, inputs: list[int], shapes: list[Any], guard: Guard
    ) -> None:
        """A step for an operation whose outputs have these shapes, and what is known of them."""
        definition = operation.definition
        step = Step(definition, operation, inputs, [], operation.attrs, guard=guard)
        step.outputs += map(self.output, operation.outputs, shapes)
        self.steps[operation] = step
        if guard:
            self.guards.update(dict.fromkeys((operation, *operation.outputs), guard))
        if definition.alias:
            self.same[step.outputs[0]] = self.root(inputs[0])
        if definition.token:
            self.threads[step.outputs[0]] = self.thread(inputs[-1])
        if definition.array:
            follow(self, step)
        self.infer(step)
        if any(map(is_half, operation.outputs)):
            round_outputs(self, step)

    def may_defer(self, operation: Operation, guard: Guard) -> bool:
        """Whether what does not fit need not run, or comes after something that may tell why and
        changes nothing."""
        definition = operation.definition
        if not self.exact or definition.alias or definition.token or definition.array:
            return False
        if guard or self.depth:
            return True
        before = [self.steps[op] for op in prune([operation], ()) if op in self.steps]
        written = any(step.definition.written for step in before)
        return not written and any(step.definition.stateful for step in before)

    def defer(self, operation: Operation, guard: Guard, message: str) -> None:
        """Let the run raise what is wrong with an operation, when it comes to it."""
        attrs = {"operation": operation, "message": message}
        outputs = [self.output(tensor, tensor._shape) for tensor in operation.outputs]
        step = self.steps[operation] = Step(MISFIT, operation, [], outputs, attrs, guard=guard)
        step.after.update(self.steps[t.op] for t in operation.inputs if t.op in self.steps)
        if guard:
            self.guards.update(dict.fromkeys((operation, *operation.outputs), guard))

    def is_known(self, operation: Operation, array: int, guard: Guard) -> bool:
        """Whether all elements of the array that is read are the same, so that none need be."""
        rows, (tensor,) = self.arrays.get(self.root(array)), operation.outputs
        if rows is None or rows.element is None or tensor in self.index:
            return False
        self.add(tensor, Value(operation.name, rows.shape, rows.element.dtype, rows.element))
        self.passed[operation] = operation.inputs[-1].op
        if guard:
            self.guards.update(dict.fromkeys((operation, tensor), guard))
        return True

    def guard(self, operation: Operation) -> Guard | None:
        """Under which predicates it runs; None when it never does."""
        if not self.guards and not self.dead:
            return ()
        before: list[Any] = [*operation.inputs, *operation._control_inputs]
        if not self.dead.isdisjoint(before):
            return None
        pairs = (pair for item in before for pair in self.guards.get(item, ()))
        return tuple(dict.fromkeys(pairs))

    def shapes(self, operation: Operation, inputs: list[int]) -> list[Any]:
        definition = operation.definition
        if not operation.outputs:
            return []
        known = [
            self.known(i) if param.static else self.values[i].shape
            for param, i in definition.schema.arguments(inputs)
        ]
        try:
            found = definition.schema.call(definition.shape, known, **operation.attrs)
        except ValueError as error:
            raise errors.InvalidArgumentError(None, operation, str(error)) from None
        return found if isinstance(found, list) else [found] * len(operation.outputs)

    def known(self, i: int) -> np.ndarray | None:
        """A value as far as it is known; of small integers the unknown elements are None."""
        value = self.values[i]
        if value.constant is not None or i in self.partly:
            return self.partly.get(i, value.constant)
        small = value.dtype.kind in "iu" and value.static and math.prod(value.sizes) <= SMALL
        return np.full(value.sizes, None) if small else None

    def infer(self, step: Step) -> None:
        """Fill in values that shapes alone decide, and small ones that follow from them."""
        definition = step.definition
        if definition.value is not None:
            shapes = [self.values[i].shape for i in step.inputs]
            found = definition.value(*shapes, **step.attrs)
            if found is not None:
                sized = not all(is_static(t._shape) for t in step.operation.inputs)
                self.learn(step.outputs[0], found, sized, partly=bool(step.inputs))
        elif all((num_elements(self.values[i].shape) or 0) <= SMALL for i in step.outputs) and (
            not evaluate(step, self.values)
        ):
            self.infer_partly(step)

    def infer_partly(self, step: Step) -> None:
        """Carry the elements along that are known, where a step only moves them: offsets, say."""
        if not (step.definition.structural and step.pure):
            return
        known = [self.known(i) for i in step.inputs]
        integers = step.outputs and all(self.values[i].dtype.kind in "iu" for i in step.outputs)
        if not integers or any(each is None for each in known):
            return
        if all(item is None for each in known for item in each.flat):  # type: ignore[union-attr]
            return
        try:
            found = step.definition.schema.call(step.definition.kernel, known, np, **step.attrs)
        except Exception:
            return  # what it looks at is not known
        found = found if isinstance(found, (list, tuple)) else [found]
        for i, each in zip(step.outputs, found):
            self.learn(i, np.asarray(each), sized=True)

    def learn(self, i: int, found: np.ndarray, sized: bool, partly: bool = True) -> None:
        """Keep what a value is. It may be known `partly`: elements that are None are not."""
        value = self.values[i]
        if partly and found.dtype == object:
            if any(item is None for item in found.flat):
                self.partly[i] = found
                return
            found = found.astype(value.dtype)
        value.constant, value.shape, value.sized = found, found.shape, sized

    def connect(self, operation: Operation) -> None:
        """Control edges, as steps to wait for; what decides whether it runs is in its guard."""
        step = self.steps.get(operation)
        if step is not None and operation._control_inputs:
            pivot = None if operation.context is None else operation.context.pivot_operation()
            after = (self.maker(op) for op in operation._control_inputs if op is not pivot)
            step.after |= {other for other in after if other is not None and other is not step}

    def maker(self, operation: Operation) -> Step | None:
        """The step of an operation, or of the one whose output it only hands on."""
        while operation in self.passed and operation not in self.steps:
            operation = self.passed[operation]
        return self.ends.get(operation) or self.steps.get(operation)


def evaluate(step: Step, values: list[Value]) -> bool:
    """Compute the outputs of a pure step whose inputs are all known; whether that was possible."""
    constants = [values[i].constant for i in step.inputs]
    if not step.pure or not step.outputs or any(constant is None for constant in constants):
        return False
    if not step.inputs:
        return False
    if all(_is_computed(values[i].constant) for i in step.outputs):
        return True  # a Python function is called once
    definition = step.definition
    try:
        with np.errstate(all="ignore"):
            found = definition.schema.call(definition.kernel, constants, np, **step.attrs)
    except Exception:
        return False  # it will raise the same in the run, with the op's name
    found = found if isinstance(found, (list, tuple)) else [found]
    sized = any(values[i].sized for i in step.inputs)
    for i, result in zip(step.outputs, found):
        values[i].constant = constant = np.asarray(result)
        values[i].shape, values[i].sized = constant.shape, sized
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


def _is_computed(constant: np.ndarray | None) -> bool:
    return constant is not None and not constant.flags.writeable

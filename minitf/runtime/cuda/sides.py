"""Which side each step and value of a plan for a GPU is on: the host or the device.

Feeds and fetches are in host memory; so are shapes and axes, strings, and what ops give that have
no GPU kernel. Everything else is on the device. Where there are branches and loops, what decides
which way they go is on the host, and a few integers that are there stay there, as all of int32 does
in TensorFlow: counters, indices, and what follows from them. So `i < n`, or `x[i]`, costs no wait
for the device.
"""
from __future__ import annotations

from collections.abc import Callable

from minitf.backend.log import warn
from minitf.core.operation import Operation
from minitf.core.schema import Param
from minitf.core.tensor_shape import Shape, num_elements
from minitf.runtime.carry import is_number
from minitf.runtime.handles import Handles
from minitf.runtime.program import (
    COPY,
    EITHER,
    KEEP,
    WHICH,
    Program,
    Step,
    Value,
    While,
    loops_of,
)
from minitf.runtime.specialise import SMALL

Served = tuple[set[Step], set[Step]]


class Sides:
    """Sets `host` of the steps and values of a program, and of the loops in it.

    A loop variable that is one integer or truth value is taken to be on the host, until it turns
    out that it becomes something that the device computes; and so are the elements of an array.
    """

    def __init__(
        self,
        program: Program,
        on_host: Callable[[Operation], bool],
        in_loops: Callable[[Step, list[Value]], bool],
    ) -> None:
        self.on_host, self.in_loops = on_host, in_loops
        self.handles = Handles(program)
        self.moved: set[Value] = set()  # loop variables, and leaders of handles, on the device
        self.kept: set[Value] = set()  # leaders of handles of arrays that the user keeps on the CPU
        # Flows of TensorArrays, and sums of these: they bear no number. Of arrays of them, leaders.
        self.flows: set[Value] = set()
        self.served: dict[int, Served] = {}
        self.flow = bool(loops_of(program)) or any(
            step.guard or step.definition in (EITHER, WHICH) for step in program.steps
        )
        while True:
            known = len(self.moved), len(self.flows)
            self._begin(program)
            for i in program.feeds:
                program.values[i].host = True
            self._visit(program)
            if (len(self.moved), len(self.flows)) == known:
                return

    def wanted(self, step: Step, param: Param) -> bool | None:
        """Whether a step reads this input on the host; None where it takes it as it is."""
        definition = step.definition
        if param.ref == "slot" or definition.value is not None:
            return None  # the latter looks at the shape alone
        if definition.array:
            if param.name == "flow_in":
                return None
            return step.host if param.name == "value" else True
        return step.host or param.static

    def _begin(self, program: Program) -> None:
        for value in program.values:
            kept = value.variable is not None and self.on_host(value.variable)
            value.host = kept or value.constant is not None or is_text(value)

    def _visit(self, program: Program, ends: set[int] | None = None) -> None:
        """Of the block of a loop, `ends` are what the variables on the device become."""
        values = program.values
        small, deciding = self._serving(program, ends is not None)
        for step in program.steps:
            if isinstance(step.definition, While):
                self._visit_loop(step, step.definition, values)
            elif step.definition.array:
                self._visit_array(step, values)
            else:
                flows = self._flows(step, values)
                step.host = flows or self._runs_on_host(step, values, small, deciding)
                if step.definition is KEEP and step.outputs[0] in (ends or ()):
                    step.host = flows
                for i in step.outputs:
                    values[i].host |= step.host

    def _serving(self, program: Program, is_block: bool) -> Served:
        if id(program) not in self.served:
            asked = _asked(program, is_block)
            self.served[id(program)] = _small(program, asked), _deciding(program, asked)
        return self.served[id(program)]

    # -- plain steps -------------------------------------------------------------------------

    def _flows(self, step: Step, values: list[Value]) -> bool:
        """Whether it makes a flow of flows: gradients add them up."""
        found = step.pure and len(step.outputs) == 1 and any(
            values[i] in self.flows for i in step.data
        )
        if found and values[step.outputs[0]].shape == ():
            self.flows.add(values[step.outputs[0]])
            return True
        return False

    def _runs_on_host(
        self, step: Step, values: list[Value], small: set[Step], deciding: set[Step]
    ) -> bool:
        definition = step.definition
        variables = [i for param, i in definition.schema.arguments(step.inputs) if param.ref]
        if variables:
            return any(values[i].host for i in variables) or definition.on_host
        if definition.value is not None:
            return True
        given = [values[i] for i in step.data]
        if definition in (COPY, KEEP) or step in small:
            return all(value.host for value in given)
        if any(is_text(values[i]) for i in (*step.inputs, *step.outputs)):
            return True
        if definition.host and not self.in_loops(step, values):
            if step.pure:
                warn(f"{definition.type} has no kernel for a GPU: it runs on the CPU")
            return True
        if self.on_host(step.operation):
            return True
        involved = [*given, *(values[i] for i in step.outputs)]
        counts = step.pure and step.outputs and all(v.dtype.kind in "ib" for v in involved)
        return bool(
            self.flow and (counts or step in deciding) and all(v.host for v in given)
            and all(_is_small(value.shape) for value in involved)
        )

    # -- arrays ------------------------------------------------------------------------------

    def _visit_array(self, step: Step, values: list[Value]) -> None:
        """What an op does with a TensorArray is said by the host; where the elements are, it is
        done."""
        definition = step.definition
        kind, outputs = definition.array, [values[i] for i in step.outputs]
        given = {param.name: values[i] for param, i in definition.schema.arguments(step.inputs)}
        handle = self.handles.leader(outputs[0] if kind == "make" else given["handle"])
        if kind == "make":
            self._note_new(step, handle)
        elif "value" in given:
            self._note_written(kind, given["value"], handle)
        step.host = handle not in self.moved or handle in self.flows
        for k, output in enumerate(outputs):
            output.host |= step.host or k == 1 or kind == "size"
        if kind in ("make", "grad") or definition.token:
            outputs[-1].host = kind == "make" or given["flow_in"].host
        elif kind != "get" or handle not in self.flows:
            return
        if outputs[-1].host:
            self.flows.add(outputs[-1])

    def _note_new(self, step: Step, handle: Value) -> None:
        if self.on_host(step.operation):
            self.kept.add(handle)
        elif step.attrs["dtype"].numpy.kind not in "ibO":
            self.moved.add(handle)

    def _note_written(self, kind: str, value: Value, handle: Value) -> None:
        """Let an array be where what is written to it is."""
        if value in self.flows:
            self.flows.add(handle)
        elif not is_text(value):
            stays = value.host and (handle in self.kept or _stays(kind, value))
            self.moved.update(() if stays else (handle,))

    # -- loops -------------------------------------------------------------------------------

    def _visit_loop(self, step: Step, loop: While, values: list[Value]) -> None:
        block, count = loop.block, loop.carried
        self._begin(block)
        _, deciding = self._serving(block, True)
        counts = {i for other in deciding for i in other.inputs if is_number(block.values[i])}
        passed = {i for i, _ in loop.passed}
        for k, (outside, inside) in enumerate(zip(step.inputs, block.feeds)):
            self._hand_in(values[outside], block.values[inside], step if k < count else None)
            # How many iterations there are is asked for once, before the first one.
            block.values[inside].host |= k >= count and k not in passed and inside in counts
        carried = [block.values[i] for i in block.feeds[:count]]
        ends = [end for end in block.fetches[:-1] if end is not None]
        self._visit(block, {end for value, end in zip(carried, ends) if not value.host})
        for value, end in zip(carried, ends):
            if block.values[end] in self.flows:
                self.flows.add(value)
            elif value.host and not block.values[end].host:
                self.moved.add(value)
        step.host = False
        for value, o in zip(carried, step.outputs):
            self._hand_out(value, values[o])
        for i, o in (*loop.passed, *loop.written):
            self._hand_out(values[step.inputs[i]], values[step.outputs[o]])

    def _hand_in(self, outside: Value, inside: Value, loop: Step | None) -> None:
        """Of a value that comes into a loop; `loop` is the step where it is a variable of that."""
        if outside in self.flows:
            self.flows.add(inside)
        inside.host = outside.host
        if loop is not None:
            little = is_number(inside) or self.on_host(loop.operation)
            inside.host = is_text(inside) or (little and inside not in self.moved)
        inside.host |= inside in self.flows

    def _hand_out(self, inside: Value, outside: Value) -> None:
        outside.host = inside.host
        if inside in self.flows:
            self.flows.add(outside)


def _stays(kind: str, value: Value) -> bool:
    """Whether what is written to an array lets it stay on the host."""
    shape = value.shape[1:] if kind == "scatter" and value.shape else value.shape
    whole = value.dtype.kind in "ib" and kind != "split"
    return whole and _is_small(shape)


def is_text(value: Value) -> bool:
    """Whether it has strings, or is a handle."""
    return value.dtype.kind == "O"


def _is_small(shape: Shape) -> bool:
    count = num_elements(shape)
    return count is not None and count <= SMALL


def _small(program: Program, asked: set[int]) -> set[Step]:
    """Pure steps whose results serve as shapes, axes and the like, and as nothing else."""
    return _serving(program, {i for i in program.fetches if i is not None} | asked)


def _deciding(program: Program, asked: set[int]) -> set[Step]:
    """These, and steps whose results serve to decide what runs."""
    return _serving(program, {i for i in program.fetches if i is not None} - asked)


def _asked(program: Program, is_block: bool) -> set[int]:
    """The values that decide what runs."""
    tests = {end for end in program.fetches[-1:] if end is not None and is_block}
    return tests | {pred for step in program.steps for pred, _ in step.guard}


def _serving(program: Program, elsewhere: set[int]) -> set[Step]:
    found: set[Step] = set()
    for step in reversed(program.steps):
        alone = step.outputs and not elsewhere.intersection(step.outputs)
        if step.pure and alone and not isinstance(step.definition, While):
            found.add(step)
            continue
        elsewhere.update(step.data)
    return found

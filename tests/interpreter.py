"""The reference executor: one kernel call per node, in the order of building, nothing clever.

It is the oracle of the compiled plan. Variables are read from and written to `variables`, a dict
from a variable's Operation to its array. Inside loops a node has a value for each tag, which says
in which iteration of which loop; what is in a branch that is not taken has the value DEAD.
"""
import sys

import numpy as np

from minitf.core.context import loops_around


class Slot:
    """Where a variable lives, as kernels with a `VariableSlot` see it."""

    def __init__(self, value=None):
        self.value = value


class Dead:
    """The value of what does not run."""


DEAD = Dead()


def interpret(fetches, feeds=None, variables=None, states=None):
    """The values of the tensors `fetches`, given `feeds` {tensor: array}."""
    run = Run(dict(feeds or {}), {} if variables is None else variables,
              {} if states is None else states)  # fmt: skip
    run.needed = needed(fetches, run.feeds)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        for operation in run.needed:
            if not tagged(operation):
                run.outputs(operation, ())
        return [
            run.value(fetch, ()) if hasattr(fetch, "value_index") else None for fetch in fetches
        ]
    finally:
        sys.setrecursionlimit(limit)


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


def tagged(operation):
    """The loops in whose iterations it runs: it leaves the innermost one by an Exit."""
    loops = loops_around(operation)
    return loops[:-1] if operation.definition.flow == "exit" else loops


class Run:
    """The values of one run, by node and tag: the iteration of each loop around it."""

    def __init__(self, feeds, slots, states):
        self.feeds, self.slots, self.states = feeds, slots, states
        self.found = {}
        self.iterations = {}

    def value(self, tensor, tag):
        if tensor in self.feeds:
            return self.feeds[tensor]
        return self.outputs(tensor.op, tag[: len(tagged(tensor.op))])[tensor.value_index]

    def outputs(self, operation, tag):
        key = operation, tag
        if key not in self.found:
            kind = operation.definition.flow
            method = getattr(self, f"_{kind}") if kind else self._plain
            self.found[key] = method(operation, tag)
        return self.found[key]

    # -- branches and loops ------------------------------------------------------------------

    def _switch(self, operation, tag):
        data, pred = (self.value(tensor, tag) for tensor in operation.inputs)
        if data is DEAD or pred is DEAD:
            return [DEAD, DEAD]
        return [DEAD, data] if pred else [data, DEAD]

    def _merge(self, operation, tag):
        first, second = operation.inputs
        if second.op.definition.flow == "next":
            if tag[-1] == 0:
                return [self.value(first, tag), np.int32(0)]
            before = (*tag[:-1], tag[-1] - 1)
            return [self.value(second.op.inputs[0], before), np.int32(1)]
        values = [self.value(tensor, tag) for tensor in operation.inputs]
        alive = [i for i, value in enumerate(values) if value is not DEAD]
        return [values[alive[0]], np.int32(alive[0])] if alive else [DEAD, DEAD]

    def _enter(self, operation, tag):
        self._awaited(operation, tag[:-1])
        return [self.value(operation.inputs[0], tag[:-1])]

    def _exit(self, operation, tag):
        switch = operation.inputs[0].op
        merge, test = switch.inputs
        loop = loops_around(operation)[-1]
        if (loop, tag) not in self.iterations:
            self.iterations[loop, tag] = self._iterations(loop, test, tag)
        count = self.iterations[loop, tag]
        return [DEAD if count is None else self.value(merge, (*tag, count))]

    def _iterations(self, loop, test, tag):
        inside = [op for op in self.needed if tagged(op) and tagged(op)[-1] is loop]
        merges = [op for op in inside if op.definition.flow == "merge"
                  and op.inputs[1].op.definition.flow == "next"]  # fmt: skip
        count = 0
        while True:
            for merge in merges:
                self.outputs(merge, (*tag, count))
            going_on = self.value(test, (*tag, count))
            if going_on is DEAD:
                return None
            if not going_on:
                return count
            for operation in inside:
                if operation.definition.flow != "merge":
                    self.outputs(operation, (*tag, count))
            count += 1

    def _next(self, operation, tag):
        return [self.value(operation.inputs[0], tag)]

    def _test(self, operation, tag):
        return [self.value(operation.inputs[0], tag)]

    # -- kernels -----------------------------------------------------------------------------

    def _plain(self, operation, tag):
        dead = self._awaited(operation, tag)
        values = [self.value(tensor, tag) for tensor in operation.inputs]
        if dead or any(value is DEAD for value in values):
            return [DEAD] * len(operation.outputs)
        if operation.outputs and all(tensor in self.feeds for tensor in operation.outputs):
            return [self.feeds[tensor] for tensor in operation.outputs]
        return run(operation, values, self.slots, self.states)

    def _awaited(self, operation, tag):
        """Run what it waits for; whether some of that does not run."""
        outputs = []
        for other in operation.control_inputs:
            outputs += self.outputs(other, tag[: len(tagged(other))])
        return any(value is DEAD for value in outputs)


def run(operation, values, slots, states):
    definition, schema = operation.definition, operation.definition.schema
    if definition.variable:
        return [slots.setdefault(operation, Slot())]
    arguments = [
        value if param.ref == "slot" else plain(value)
        for param, value in schema.arguments(values)
    ]
    first = [np]
    if definition.state:
        first.append(states.setdefault(operation, definition.state(operation)))
    result = schema.call(definition.kernel, arguments, *first, **operation.attrs)
    results = list(result or ()) if schema.several or not operation.outputs else [result]
    return [
        values[0] if definition.writes() else array(result, tensor)
        for result, tensor in zip(results, operation.outputs)
    ]


def array(result, tensor):
    return result if tensor.dtype.name == "resource" else np.asarray(result)


def plain(value):
    return value.value if isinstance(value, Slot) else value

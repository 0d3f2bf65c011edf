"""Patterns of operations, looked for in a graph."""
import itertools


class OpType:
    """Operations of some types, "Relu|Relu6" or any for "*", whose inputs match in their order, or
    in any order where `ordered` is false."""

    def __init__(self, types, inputs=(), ordered=True):
        self._types = None if types == "*" else types.split("|")
        self._inputs = [OpType(each) if isinstance(each, str) else each for each in inputs]
        self._ordered = ordered

    def match(self, op, tensor=None):
        """{pattern: (operation, tensor)} of all that match, or None."""
        if self._types is not None and op.type not in self._types:
            return None
        found = {self: (op, tensor)}
        if not self._inputs:
            return found
        if len(op.inputs) != len(self._inputs):
            return None
        orders = [self._inputs] if self._ordered else itertools.permutations(self._inputs)
        return next((match for order in orders if (match := _all(order, op, found))), None)


def _all(patterns, op, found):
    """What matched before, and the inputs of an operation; None unless all of them do."""
    found = dict(found)
    for pattern, tensor in zip(patterns, op.inputs):
        match = pattern.match(tensor.op, tensor)
        if match is None:
            return None
        found.update(match)
    return found


class OneOf:
    """The first of some patterns that matches."""

    def __init__(self, *patterns):
        self._patterns = patterns

    def match(self, op, tensor=None):
        """As that of the pattern."""
        matches = (pattern.match(op, tensor) for pattern in self._patterns)
        return next((match for match in matches if match is not None), None)


def matches(pattern, graph):
    """A Match for each operation of a graph that a pattern matches."""
    for op in graph.get_operations():
        found = pattern.match(op)
        if found is not None:
            yield Match(found)


class Match:
    """What matched which pattern."""

    def __init__(self, found):
        self._found = found

    def op(self, pattern):
        """The operation, or None."""
        return self._found.get(pattern, (None, None))[0]

    def tensor(self, pattern):
        """The tensor, an input of what matched above, or None."""
        return self._found.get(pattern, (None, None))[1]

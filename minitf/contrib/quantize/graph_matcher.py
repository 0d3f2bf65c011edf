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

    def get_op(self, pattern_or_name):
        """The operation that a pattern, or the one of that name, matched; or None."""
        return self.op(self._pattern(pattern_or_name))

    def get_tensor(self, pattern_or_name):
        """The tensor of a pattern, or of the one of that name, an input of what matched above."""
        return self.tensor(self._pattern(pattern_or_name))

    def _pattern(self, pattern_or_name):
        if not isinstance(pattern_or_name, str):
            return pattern_or_name
        named = (p for p in self._found if getattr(p, "name", None) == pattern_or_name)
        return next(named, None)


# -- the names and arguments that TensorFlow gives them, which exporters of models call ------------


class OpTypePattern(OpType):
    """Operations of some types, as `OpType`; a match may be asked for it by `name`."""

    def __init__(self, op_type, name=None, inputs=None, ordered_inputs=True):
        if not ordered_inputs and inputs and len(inputs) > 8:
            raise ValueError("Only < 8 inputs are allowed when ordered_inputs is False.")
        super().__init__(op_type, inputs or (), ordered_inputs)
        self.name = name


class OneofPattern(OneOf):
    """The first of a list of patterns that matches."""

    def __init__(self, sub_patterns):
        super().__init__(*sub_patterns)


class GraphMatcher:
    """Looks for a pattern in a graph."""

    def __init__(self, pattern):
        self._pattern = pattern

    def match_op(self, op):
        """The Match of an operation, or None."""
        found = self._pattern.match(op)
        return None if found is None else Match(found)

    def match_ops(self, ops):
        """The Match of each of some operations that the pattern matches."""
        return (match for match in map(self.match_op, ops) if match)

    def match_graph(self, graph):
        """The Match of each operation of a graph that the pattern matches."""
        return self.match_ops(graph.get_operations())

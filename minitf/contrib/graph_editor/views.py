"""Parts of a graph: some of its operations, what goes into them and what comes out."""
from minitf.contrib.graph_editor.filters import select_ops_and_ts
from minitf.contrib.graph_editor.lists import make_list_of_op, make_list_of_t


class SubGraphView:
    """The operations `ops` of a graph; `inputs` are the tensors from outside that they read,
    `outputs` those that are read outside, or nowhere. `passthrough_ts` are both, if no operation
    makes or reads them.

    ValueError where they are of several graphs.
    """

    def __init__(self, inside_ops=(), passthrough_ts=()):
        self._ops = make_list_of_op(inside_ops)
        inputs, outputs, inside = compute_boundary_ts(self._ops)
        known = {*inputs, *outputs, *inside}
        self._passthrough = [t for t in make_list_of_t(passthrough_ts) if t not in known]
        graphs = {each.graph for each in (*self._ops, *self._passthrough)}
        if len(graphs) > 1:
            raise ValueError("A view is of one graph: these operations and tensors are of several.")
        self._graph = next(iter(graphs), None)
        self._inputs, self._outputs = inputs + self._passthrough, outputs + self._passthrough

    graph = property(lambda self: self._graph, doc="The graph, None of an empty view.")
    ops = property(lambda self: list(self._ops), doc="The operations.")
    inputs = property(lambda self: list(self._inputs), doc="The tensors that come from outside.")
    outputs = property(lambda self: list(self._outputs), doc="The tensors that go outside.")
    passthroughs = property(lambda self: list(self._passthrough),
                            doc="Those of `inputs` and `outputs` that are both.")  # fmt: skip

    def __bool__(self):
        return self._graph is not None

    def in_order_of(self, inputs, outputs):
        """A view of the same whose inputs and outputs are those of these that it has."""
        view = SubGraphView(self._ops, self._passthrough)
        view._inputs = [t for t in dict.fromkeys(inputs) if t in self._inputs]
        view._outputs = [t for t in dict.fromkeys(outputs) if t in self._outputs]
        return view


def compute_boundary_ts(ops):
    """(inputs, outputs, inside): the tensors from outside that `ops` read, those of theirs that
    are read outside or nowhere, and those that one of them makes and one reads."""
    ops = make_list_of_op(ops)
    within, made = set(ops), dict.fromkeys(t for op in ops for t in op.outputs)
    read = dict.fromkeys(t for op in ops for t in op.inputs)
    inside = [t for t in read if t in made]
    hidden = {t for t in inside if within.issuperset(t.consumers())}
    return [t for t in read if t not in made], [t for t in made if t not in hidden], inside


def make_view(*args, **kwargs):
    """A view of operations and tensors as `select_ops_and_ts` takes them; a view as it is."""
    if len(args) == 1 and isinstance(args[0], SubGraphView):
        return args[0]
    return SubGraphView(*select_ops_and_ts(*args, **kwargs))


sgv = make_view


def make_view_from_scope(scope, graph):
    """A view of the operations of a graph whose names begin with `scope/`."""
    scope = scope if scope.endswith("/") else f"{scope}/"
    return SubGraphView([op for op in graph.get_operations() if op.name.startswith(scope)])


sgv_scope = make_view_from_scope

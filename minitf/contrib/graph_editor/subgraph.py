"""Parts of a graph: some of its operations, what goes into them and what comes out."""
from minitf.contrib.graph_editor.filters import select_ops_and_ts
from minitf.contrib.graph_editor.util import make_list_of_op, make_list_of_t
from minitf.contrib.graph_editor.walks import get_walks_union_ops


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

    connected_inputs = property(lambda self: self._connected(self._inputs),
                                doc="The inputs that an operation reads.")  # fmt: skip
    connected_outputs = property(lambda self: self._connected(self._outputs),
                                 doc="The outputs that an operation makes.")  # fmt: skip

    def _connected(self, tensors):
        return [tensor for tensor in tensors if tensor not in self._passthrough]

    def __bool__(self):
        return self._graph is not None

    def __str__(self):
        if not self:
            return "SubGraphView: empty"
        lines = [f"SubGraphView (graphid={id(self._graph)}):"]
        for name, items in (("ops", self._ops), ("inputs", self._inputs),
                            ("outputs", self._outputs)):  # fmt: skip
            lines.append(f"** {name}[{len(items)}]:" if items else f"** {name}: empty")
            lines += [f"  {each.name}{' *' * (each in self._passthrough)}" for each in items]
        return "\n".join(lines) + "\n"

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        pass

    # -- what it has ------------------------------------------------------------------------------

    def op(self, op_id):
        """The operation of this number."""
        return self._ops[op_id]

    def find_op_by_name(self, op_name):
        """The operation of this name. ValueError where there is none."""
        for op in self._ops:
            if op.name == op_name:
                return op
        raise ValueError(f"{op_name} not in subgraph.")

    def is_passthrough(self, t):
        """Whether a tensor goes through it."""
        return t in self._passthrough

    def input_index(self, t):
        """The number of a tensor among its inputs. ValueError where it is none."""
        return _index(self._inputs, t, "inputs")

    def output_index(self, t):
        """The number of a tensor among its outputs. ValueError where it is none."""
        return _index(self._outputs, t, "outputs")

    def consumers(self):
        """The operations outside that read an output."""
        within = set(self._ops)
        read = dict.fromkeys(op for tensor in self._outputs for op in tensor.consumers())
        return [op for op in read if op not in within]

    # -- others like it ---------------------------------------------------------------------------

    def copy(self):
        """The same once more."""
        view = SubGraphView()
        view._graph, view._ops = self._graph, list(self._ops)
        view._passthrough = list(self._passthrough)
        view._inputs, view._outputs = list(self._inputs), list(self._outputs)
        return view

    __copy__ = copy

    def remap(self, new_input_indices=None, new_output_indices=None):
        """A view whose inputs and outputs are these of its own, by numbers or tensors.

        ValueError for a number that there is none of, and for an input twice.
        """
        view = self.copy()
        if new_input_indices is not None:
            view._inputs = _picked(self._inputs, new_input_indices)
            if len(set(view._inputs)) != len(view._inputs):
                raise ValueError(f"Found repetition in mapping: {new_input_indices}")
        if new_output_indices is not None:
            view._outputs = _picked(self._outputs, new_output_indices)
        return view

    def remap_inputs(self, new_input_indices):
        """`remap` of the inputs."""
        return self.remap(new_input_indices, None)

    def remap_outputs(self, new_output_indices):
        """`remap` of the outputs."""
        return self.remap(None, new_output_indices)

    def remap_default(self, remove_input_map=True, remove_output_map=True):
        """A view with all inputs and outputs again."""
        view, (inputs, outputs, _) = self.copy(), compute_boundary_ts(self._ops)
        if remove_input_map:
            view._inputs = inputs + self._passthrough
        if remove_output_map:
            view._outputs = outputs + self._passthrough
        return view

    def remap_outputs_make_unique(self):
        """A view with each output once."""
        return self.remap_outputs(list(dict.fromkeys(self._outputs)))

    def remap_outputs_to_consumers(self):
        """A view with each output as often as it is read."""
        outputs = dict.fromkeys(self._outputs)
        return self.remap_outputs([t for t in outputs for _ in t.consumers()])

    def remove_unused_ops(self, control_inputs=True):
        """A view without the operations that are on no way from its inputs or to its outputs."""
        used = get_walks_union_ops(self.connected_inputs, self.connected_outputs,
                                   within_ops=self._ops, control_inputs=control_inputs)
        view = self.copy()
        view._ops = [op for op in self._ops if op in used]
        return view

    def take_inputs_of(self, other):
        """Have the inputs of another view: those that went through are outputs in their place."""
        before, old = list(self._inputs), list(self._passthrough)
        self._inputs, self._passthrough = list(other._inputs), list(other._passthrough)
        self._outputs = [self._inputs[before.index(t)] if t in old else t for t in self._outputs]

    def in_order_of(self, inputs, outputs):
        """A view of the same whose inputs and outputs are those of these that it has."""
        view = SubGraphView(self._ops, self._passthrough)
        view._inputs = [t for t in dict.fromkeys(inputs) if t in self._inputs]
        view._outputs = [t for t in dict.fromkeys(outputs) if t in self._outputs]
        return view


def _index(tensors, tensor, what):
    if tensor not in tensors:
        raise ValueError(f"Can't find {tensor.name} in {what} of the subgraph.")
    return tensors.index(tensor)


def _picked(tensors, indices):
    """The tensors of these numbers; a tensor in place of a number is itself."""
    found = []
    for each in indices:
        index = each if isinstance(each, int) else tensors.index(each)
        if not 0 <= index < len(tensors):
            raise ValueError(f"Out of [0, {len(tensors)}[ range: {index}")
        found.append(tensors[index])
    return found


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

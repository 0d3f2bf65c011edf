"""Functions: a graph of their own, whose placeholders are the arguments.

    graph = trace(lambda x: x * w, [TensorSpec([], tf.float32)], "scaled")

Tensors of outside that the function uses are captured: `graph.captures` pairs each with what stands
for it inside, and whoever runs the function gives it their values after those of the arguments (see
runtime/function.py).
"""

import itertools

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import variant
from minitf.core.graph import Graph, get_default_graph
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.order import QUIET, Order
from minitf.ops.state.assign import variable_v2
from minitf.ops.state.place import place_of
from minitf.ops.state.placeholder import placeholder

_NUMBERS = itertools.count()


def _nobody():
    """Whose a node is that no tf.Variable has made."""


class FuncGraph(Graph):
    """The graph of a function: its `inputs`, which are placeholders, and its `outputs`."""

    building_function = True
    found = None  # the FunctionDefs of one that was imported, and of those that it names

    def __init__(self, name):
        super().__init__()
        self.name = f"{name}_{next(_NUMBERS)}"  # a GraphDef has one function of a name
        self.outer_graph = get_default_graph()
        self.inputs, self.outputs, self.captures = [], [], {}
        self.variables = {}  # of outside, and the nodes for them
        self.places = {}  # of those nodes whose values a session has: what stands for it
        self.instance = None  # how it runs, where it has no state: see runtime/function.py
        self.seed = self.outer_graph.seed
        self._scope_store = self.outer_graph._scope_store  # variables are found, and made, outside
        outside = self.outer_graph._collections
        self._collections = {key: list(items) for key, items in outside.items()}

    def capture(self, tensor):
        """What stands in here for a tensor of outside, whose value is asked when the function is
        made ready to run; of a variable, which the function reads and changes as it runs, a node.
        """
        if tensor.graph is self:
            return tensor
        if tensor in self.variables:
            return self.variables[tensor]
        if tensor not in self.captures:
            found = self._captured(tensor)
            (self.variables if found.dtype._is_ref_dtype else self.captures)[tensor] = found
            return found
        return self.captures[tensor]

    def _captured(self, tensor):
        if not self._is_inside(tensor.graph):
            raise ValueError(
                f"{tensor!r} must be from the same graph as the function '{self.name}', or from "
                "one around it (was tf.reset_default_graph() called in between?)"
            )
        if tensor.dtype._is_ref_dtype:
            return self._variable(tensor)
        with self.control_dependencies(None):
            return placeholder(tensor.dtype, tensor._shape, name=tensor.op.name)

    def _variable(self, tensor):
        """The node that is, in here, a variable of outside."""
        with self.control_dependencies(None):
            node = variable_v2(
                shape=tensor.shape, dtype=tensor.dtype.base_dtype, name=tensor.op.name
            )
        node.op.is_resource = tensor.graph.eager or vars(tensor.op).get("is_resource", False)
        if tensor.graph.eager:
            node.op.slot, node.op.owner = tensor._held, tensor._held.owner
        else:
            self.places[node.op] = self.capture(place_of(tensor))
            node.op.owner = vars(tensor.op).get("owner", _nobody)
        return node

    def owners(self):
        """{node: variable} of the variables of outside that it reads or changes."""
        found = {node: node.op.owner() for node in self.variables.values()}
        return {node: variable for node, variable in found.items() if variable is not None}

    def _is_inside(self, graph):
        outer = self.outer_graph
        while outer is not graph and outer.building_function:
            outer = outer.outer_graph
        return outer is graph or (outer.eager and graph.eager)

    @property
    def captured_inputs(self):
        """The tensors of outside whose values it needs."""
        return list(self.captures)

    @property
    def arguments(self):
        """The placeholders, those of captured tensors last."""
        return [*self.inputs, *self.captures.values()]

    def control_dependencies(self, control_inputs):
        """As in any graph; what is outside has been done before the function runs."""
        if control_inputs is not None:
            control_inputs = [item for item in control_inputs if not self._is_foreign(item)]
        return super().control_dependencies(control_inputs)

    def colocate_with(self, op, ignore_existing=False):
        """As in any graph; what is outside has no say."""
        outside = op is not None and self._is_foreign(op)
        return super().colocate_with(None if outside else op, outside or ignore_existing)

    def _is_foreign(self, item):
        element = getattr(item, "_as_graph_element", lambda: item)()
        return isinstance(element, (Operation, Tensor)) and element.graph is not self

    def effects(self):
        """The operations that a run of the function does though nothing is read of them, in order:
        those that print, check, call Python, change a variable."""
        return [] if self._order is None else self._order.effects


class FunctionGraph(FuncGraph):
    """The graph of a function, whose effects happen in the order in which it says them."""

    def __init__(self, name):
        super().__init__(name)
        self._order = Order()


def trace(function, specs, name, kind=FunctionGraph):
    """The graph of `function(*placeholders)`, one placeholder for each spec; the function returns a
    list of what its outputs are."""
    graph = kind(name)
    with graph.as_default():
        graph.inputs = [
            placeholder(spec.dtype, spec.shape, name=f"args_{i}") for i, spec in enumerate(specs)
        ]
        graph.outputs = [graph.capture(convert_to_tensor(x)) for x in function(*graph.inputs)]
    return graph


def copied_in(graph, tensor):
    """`tensor` of outside as it is computed anew in the function `graph`: nodes are copied, without
    what else they would wait for, as by TensorFlow: `list_files` checks outside what it found.

    ValueError for what has a state outside: variables, placeholders, tables.
    """
    copies = {}
    for operation in _behind(tensor.op):
        _check_stateless(operation)
        copies[operation] = _copy(graph, operation, copies)
    return copies[tensor.op].outputs[tensor.value_index]


def _behind(operation):
    """The operation and all that it needs, what is needed first."""
    order, stack = {}, [(operation, False)]
    while stack:
        operation, ready = stack.pop()
        if ready:
            order[operation] = None
        elif operation not in order:
            stack.append((operation, True))
            stack += [(t.op, False) for t in reversed(operation.inputs) if t.op not in order]
    return order


def _check_stateless(operation):
    definition = operation.definition
    if operation.context is not None:
        raise NotImplementedError(
            f"'{operation.name}' is in a branch or a loop: it cannot be computed in a function"
        )
    named = f"(name:{operation.name}, type:{operation.type}) by value."
    if definition.placeholder:
        raise ValueError(f"Cannot capture a placeholder {named}")
    is_dataset = any(t.dtype.base_dtype is variant for t in operation.outputs)
    moves = definition.stateful and operation.type not in QUIET and not is_dataset
    if definition.variable or moves or definition.state is not None:
        raise ValueError(f"Cannot capture a stateful node {named}")


def _copy(graph, operation, copies):
    inputs = tuple(copies[t.op].outputs[t.value_index] for t in operation.inputs)
    name = graph.unique_name(operation.name)
    copy = Operation(graph, operation.definition, name, inputs, operation.attrs, operation.line)
    for tensor in operation.outputs:
        made = Tensor(copy, tensor.value_index, tensor.dtype, tensor._shape)
        made._value = tensor._value
        copy.outputs.append(made)
    graph.add(copy)
    return copy

"""Functions of a GraphDef's library: a call becomes the nodes of the function, in its place; what
datasets call becomes a graph of its own."""

import itertools

from minitf.core.dtypes import as_dtype
from minitf.core.errors import NotFoundError
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.core.proto.functions import Counted, outputs_of, with_inputs
from minitf.core.proto.graph_def import GraphDef
from minitf.core.proto.signatures import Argument
from minitf.core.tensor_spec import TensorSpec
from minitf.ops.control_flow.control import identity_n, no_op
from minitf.ops.function import FuncGraph, trace
from minitf.ops.state.place import place_of


class Functions:
    """The functions of a library; `build(graph_def, prefix, input_map, functions)` builds nodes,
    of which some call these functions."""

    def __init__(self, library, build):
        self.library, self.build = library, build
        self.by_name = {each.signature.name: each for each in library.function}

    def __contains__(self, name):
        return name in self.by_name

    def call(self, name, attrs, tensors, path):
        """The outputs of a call of the function with `tensors`, as the node `path`.

        `attrs` are the AttrValues of what the function leaves open, its types say.
        """
        graph = get_default_graph()
        order, graph._order = graph._order, None  # the nodes say it themselves
        before = len(graph._operations)
        try:
            results, waits = self._body(name, attrs, tensors, path)
            with control_dependencies(waits):
                made = identity_n(results, name=f"{path}/") if results else no_op(name=f"{path}/")
        finally:
            graph._order = order
        if order is not None:
            new = [*itertools.islice(graph._operations.values(), before, None)]
            order.add_whole(new, new[-1])
        return made

    def _body(self, name, attrs, tensors, prefix):
        """(what a function gives, the operations that it runs in any case), as nodes below
        `prefix`."""
        function = self.by_name[name]
        counted = Counted(function, self._outputs)
        body = GraphDef()
        body.node.extend(_settled(with_inputs(node, counted), attrs) for node in function.node_def)
        arguments = [f"{arg.name}:0" for arg in function.signature.input_arg]
        made = self.build(body, prefix, dict(zip(arguments, tensors)), self)
        results = [made.element(counted(function.ret[arg.name]))
                   for arg in function.signature.output_arg]  # fmt: skip
        effects = [made.operations[node] for node in function.control_ret.values()]
        return results, [each for each in effects if each is not None]  # some are done at once

    def _outputs(self, node):
        if node.op not in self.by_name:
            return outputs_of(node)
        return tuple(Argument(arg.name) for arg in self.by_name[node.op].signature.output_arg)

    # -- graphs of their own -----------------------------------------------------------------

    def given(self, declared, tensors, attrs):
        """The tensors and attributes of a node that calls functions itself: these as graphs, and
        of the variables that they have captured the places."""
        tensors, attrs, outer = list(tensors), dict(attrs), get_default_graph()
        for attr in declared.attrs.values():
            if attr.kind == "func":
                start, stop = _captured(declared, attr.name, attrs)
                captured = [*map(_variable, tensors[start:stop])]
                attrs[attr.name] = self._graph(attrs[attr.name], captured, outer)
                tensors[start:stop] = map(_place, captured)
        return tensors, attrs

    def _graph(self, value, captured, outer):
        """A function, given by a NameAttrList, whose last arguments are the tensors `captured`."""

        def body(*elements):
            graph = get_default_graph()
            inside = [graph.capture(tensor) for tensor in captured]
            results, graph.waits = self._body(value.name, value.attr, [*elements, *inside], "")
            return results

        def traced():
            if value.name not in self:
                raise NotFoundError(None, None, _lost(value.name))
            args = self.by_name[value.name].signature.input_arg
            specs = [TensorSpec(None, _type(arg, value.attr)) for arg in args]
            with outer.as_default(), control_dependencies(None):
                return trace(body, specs[: len(specs) - len(captured)], value.name, Ordered)

        return Imported(value.name, self.library, traced)


class Ordered(FuncGraph):
    """The graph of a function whose nodes say themselves what they wait for."""

    waits = ()

    def effects(self):
        """As in any function."""
        return list(self.waits)


class Imported:
    """The graph of a function, built when somebody looks into it: most who read a graph of a
    training run want the model only."""

    building_function = True

    def __init__(self, name, library, build):
        self.name, self._library, self._build = name, library, build
        self._built = None

    @property
    def found(self):
        """It and all that are in its library, as FunctionDefs."""
        return list(self._library.function)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if self._built is None:
            self._built = self._build()
        return getattr(self._built, name)


def _settled(node, attrs):
    """A node without what its function leaves open, nor a place: it may be that of a variable
    outside."""
    node.attr.pop("_class", None)
    for key, value in list(node.attr.items()):
        if value.WhichOneof("value") == "placeholder":
            node.attr[key].CopyFrom(attrs[value.placeholder])
    return node


def _captured(declared, function, attrs):
    """Where among the inputs of a node those are that one of its functions has captured."""
    own = f"T{function}_other_arguments"
    types = own if own in attrs else "Targuments"
    start = 0
    for arg in declared.inputs:
        count = len(arg.dtypes(attrs))
        if arg.types == types:
            return start, start + count
        start += count
    return start, start


def _lost(name):
    return (f"Function {name} is not defined: the graph that was imported has nodes that call it, "
            "but not the function itself. minitf writes none that change variables.")  # fmt: skip


def _type(arg, attrs):
    return as_dtype(attrs[arg.type_attr].type if arg.type_attr else arg.type)


def _variable(tensor):
    """The variable that a tensor is, or is the place of."""
    return tensor.op.inputs[0] if tensor.op.type == "VariablePlace" else tensor


def _place(tensor):
    return place_of(tensor) if tensor.dtype._is_ref_dtype else tensor

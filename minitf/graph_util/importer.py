"""tf.import_graph_def: the nodes of a GraphDef become nodes of a graph."""

import importlib
import itertools
import socket
from contextlib import nullcontext

from minitf.core.convert import convert_to_tensor
from minitf.core.errors import NotFoundError
from minitf.core.garbage import no_garbage_collection
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.op import REGISTRY
from minitf.core.operation import Operation
from minitf.core.proto.attributes import shape_of
from minitf.core.proto.differences import OWN_FORM
from minitf.core.proto.export import PRODUCER
from minitf.core.proto.graph_def import GraphDef
from minitf.core.proto.signatures import signature
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import merge
from minitf.graph_util import attributes as reading
from minitf.graph_util import unavailable
from minitf.graph_util.functions import Functions
from minitf.graph_util.loops import Frames
from minitf.graph_util.order import Nodes, split, tensor_name
from minitf.graph_util.rules import RULES
from minitf.graph_util.variable_rules import passing_on
from minitf.graph_util.without_defaults import remove_unknown_defaults

# Modules that few programs need, by a part of the names of the ops that they declare.
ON_DEMAND = {
    "BoostedTreesBucketize": "ops.boosted_trees.nodes", "BoostedTrees": "ops.boosted_trees.nodes",
    "Bucketize": "ops.array.bucketize", "SparseFeatureCross": "ops.sparse.feature_cross",
    "ImageProjectiveTransform": "contrib.image.kernels", "KmeansPlusPlus": "estimator",
    "NearestNeighbors": "estimator", "Tree": "contrib.tensor_forest",
    "Forest": "contrib.tensor_forest", "FertileStats": "contrib.tensor_forest",
    "ReinterpretStringToFloat": "contrib.tensor_forest", "ProcessInputV4": "contrib.tensor_forest",
    "UpdateModelV4": "contrib.tensor_forest", "Dataset": "data", "Iterator": "data",
    "Optional": "data", "Ragged": "ragged",
    "TensorList": "ops.control_flow.list_ops",
}  # fmt: skip


def import_graph_def(
    graph_def,
    input_map=None,
    return_elements=None,
    name=None,
    op_dict=None,
    producer_op_list=None,
):
    """Add the nodes of `graph_def` to the default graph, under the name scope `name` ("import").

    `input_map` says which tensors to read instead of those of the GraphDef: {"x:0": tensor}.
    Returns the operations ("x") and tensors ("x:0") of `return_elements`, as a list, or None
    without. `producer_op_list`, an OpList, tells which attributes that 1.15 does not know may go
    because they have their defaults. Ops that TensorFlow 1.15 has and minitf lacks raise in a run
    that needs them. Raises TypeError for other arguments, ValueError for a GraphDef that fits
    together badly, NotFoundError for an op that nobody knows.
    """
    graph_def = _checked(graph_def)
    _check_versions(graph_def.versions)
    input_map, wanted = _input_map(input_map), _names(return_elements)
    if producer_op_list is not None:
        graph_def = remove_unknown_defaults(graph_def, producer_op_list)
    graph = get_default_graph()
    with name_scope(name, "import", list(input_map.values())) as scope:
        input_map = _tensors(name, input_map)
    is_new = bool(name is None or (name and name[-1:] != "/"))
    scopes = frozenset() if is_new else _scopes(graph)
    made = Importer(graph, graph_def, scope[:-1] if scope else "", input_map, scopes)
    with no_garbage_collection:
        made.build()
    made.check_map()
    return None if wanted is None else [made.element(each) for each in wanted]


def _scopes(graph):
    """The name scopes in which there are operations."""
    found = set()
    for name in graph._operations:
        while (name := name.rpartition("/")[0]) and name not in found:
            found.add(name)
    return found


def on_demand(type):
    """The definition of an op whose module few programs need, None where there is none."""
    module = next((path for part, path in ON_DEMAND.items() if part in type), None)
    if module is not None:
        importlib.import_module(f"minitf.{module}")
    return REGISTRY.get(type)


def _checked(graph_def):
    if isinstance(graph_def, GraphDef):
        return graph_def
    if not hasattr(graph_def, "SerializeToString"):
        raise TypeError("graph_def must be a GraphDef proto.")
    made = GraphDef()  # of another library of protocol buffers
    made.ParseFromString(graph_def.SerializeToString())
    return made


def _check_versions(versions):
    """ValueError for a format that is older or newer than what TensorFlow 1.15 reads."""
    if versions.producer < 0:
        raise ValueError(
            f"GraphDef producer version {versions.producer} below min producer 0 supported by "
            "TensorFlow 1.15.5.  Please regenerate your graph."
        )
    if versions.min_consumer > PRODUCER:
        raise ValueError(
            f"GraphDef min consumer version {versions.min_consumer} above current version "
            f"{PRODUCER} for TensorFlow 1.15.5.  Please upgrade TensorFlow."
        )


def _input_map(input_map):
    given = {} if input_map is None else input_map
    if not isinstance(given, dict) or not all(isinstance(key, (str, bytes)) for key in given):
        raise TypeError("input_map must be a dictionary mapping strings to Tensor objects.")
    return {tensor_name(_text(key)): value for key, value in given.items()}


def _names(return_elements):
    if return_elements is None:
        return None
    if not all(isinstance(each, (str, bytes)) for each in return_elements):
        raise TypeError("return_elements must be a list of strings.")
    return [_text(each) for each in return_elements]


def _text(name):
    return name.decode() if isinstance(name, bytes) else name


def _tensors(name, input_map):
    """The values as tensors, made in the scope of the import."""
    if all(isinstance(value, (Tensor, Operation)) for value in input_map.values()):
        return input_map
    if name == "":
        raise ValueError(
            "tf.import_graph_def() requires a non-empty `name` if `input_map` contains non-Tensor "
            "values. Try calling tf.convert_to_tensor() on `input_map` values before calling "
            "tf.import_graph_def()."
        )
    with name_scope("_inputs"):
        return {key: value if isinstance(value, Operation) else convert_to_tensor(value)
                for key, value in input_map.items()}  # fmt: skip


class Importer:
    """One import: `operations` and `outputs` of what has been built, by the GraphDef's names."""

    def __init__(self, graph, graph_def, prefix, input_map, scopes=frozenset(), functions=None):
        self.graph, self.prefix, self.input_map = graph, prefix, input_map
        self.scopes = scopes
        self.used = set()
        self.functions = functions or Functions(graph_def.library, build_inside)
        self.nodes = Nodes(graph_def.node, input_map)
        self.paths = {}
        self.operations, self.outputs = {}, {}
        self.back_edges = []  # (node, index, name) of inputs that are not there yet
        self.frames = Frames(graph)

    def build(self):
        """Build all nodes."""
        order = self.nodes.ordered()
        self._check_places()
        for index in order:
            node = self.nodes.nodes[index]
            self.paths[node.name] = self._path(node)
        for index in order:
            self._add(self.nodes.nodes[index])
        for node, index, name in self.back_edges:
            self.operations[node]._update_input(index, self._tensor(name))
        self.frames.rebuild()
        self._follow_places()

    # -- names -------------------------------------------------------------------------------

    def _path(self, node):
        """A name in the graph that nobody has, nor a scope that was there before."""
        path = name = f"{self.prefix}/{node.name}" if self.prefix else node.name
        count = 0
        known = self.graph._operations
        while path in known or path in self.scopes or (count and path in self.nodes.by_name):
            count += 1
            path = f"{name}_{count}"
        self.graph._names_in_use.setdefault(path.lower(), 1)
        return path

    # -- one node ----------------------------------------------------------------------------

    def _add(self, node):
        path = self.paths[node.name]
        before = len(self.graph._operations)
        tensors, controls = self._inputs(node)
        node = passing_on(node, tensors)
        # What is in force around the import has the last word.
        with self.graph.device(node.device) if node.device else nullcontext():
            made = self._made(node, path, tensors, controls)
        operation = self._operation(made, path)
        self.operations[node.name] = operation
        self.outputs[node.name] = made
        new = self._since(before)
        self.frames.add(new)
        for controller in self.graph._controllers:  # each node waits for what is around it
            controller.seen.difference_update(new)
        if operation is not None and operation.definition.type == node.op:
            self._finish(operation, node, controls)

    def _since(self, count):
        """What was built after there were so many operations."""
        operations = self.graph._operations
        return list(itertools.islice(reversed(operations.values()), len(operations) - count))[::-1]

    def _operation(self, made, path):
        found = self.graph._operations.get(path)
        return found if found is not None or not made else made[0].op

    def _made(self, node, path, tensors, controls):
        """The outputs of a new node."""
        own_form = OWN_FORM.get(node.op, "") in node.attr
        declared, rule = None if own_form else signature(node.op), RULES.get(node.op)
        definition = REGISTRY.get(node.op) or on_demand(node.op)
        if declared is None and definition is None:
            if node.op not in self.functions:
                raise _not_registered(node, path)
            with self.graph.control_dependencies(controls):
                return _listed(self.functions.call(node.op, node.attr, tensors, path))
        if declared is None:
            attrs = reading.guessed_attributes(definition, node)
        else:
            attrs = reading.attributes(node, declared, path)
            reading.check_inputs(tensors, attrs, declared, path)
            if rule is not None:
                with self.graph.control_dependencies(controls), name_scope(f"{path}/"):
                    return _listed(rule(self, node, path, tensors, attrs))
            if definition is None:
                definition, attrs = (unavailable.definition(node.op),
                                     unavailable.attributes(declared, attrs))  # fmt: skip
            else:
                tensors, attrs = self.functions.given(declared, tensors, attrs)
                attrs = reading.own_attributes(definition, attrs, declared, path)
        try:
            return _listed(definition.schema.call(definition, tensors, name=f"{path}/", **attrs))
        except TypeError as error:  # a type that the op does not take
            raise ValueError(str(error)) from None

    def _inputs(self, node):
        """(tensors, operations to wait for)."""
        tensors, controls = [], []
        for index, name in enumerate(node.input):
            if name[:1] == "^":
                controls.append(self._control(name))
                continue
            if controls:
                raise ValueError(
                    f"Node '{node.name}': Control dependencies must come after regular dependencies"
                )
            tensors.append(self._input(node, index, name))
        return self._with_back_edges(node, tensors), [op for op in controls if op is not None]

    def _with_back_edges(self, node, tensors):
        known = next((tensor for tensor in tensors if tensor is not None), None)
        return [known if tensor is None else tensor for tensor in tensors]

    def _input(self, node, index, name):
        """The tensor; None for what closes a loop, which is not there yet."""
        source, output = split(name)
        found = self._mapped(source, output)
        if found is not None:
            return found
        if source not in self.outputs:
            if source not in self.nodes.by_name:  # only its control edge, or another output, is
                raise ValueError(f"Node '{node.name}': Unknown input node '{name}'")
            self.back_edges.append((node.name, index, name))
            return None
        outputs = self.outputs[source]
        if output >= len(outputs):
            raise ValueError(f"Node '{node.name}': Connecting to invalid output {output} of source "
                             f"node {source} which has {len(outputs)} outputs.")  # fmt: skip
        return outputs[output]

    def _tensor(self, name):
        source, output = split(name)
        return self.outputs[source][output]

    def _mapped(self, source, output):
        if not self.input_map:
            return None
        key = f"{source}:{output}"
        if key in self.input_map:
            self.used.add(key)
        return self.input_map.get(key)

    def _control(self, name):
        if name in self.input_map:
            self.used.add(name)
            found = self.input_map[name]
            return getattr(found, "op", found)
        return self.operations[name[1:]]

    # -- where it runs -----------------------------------------------------------------------

    def _finish(self, operation, node, controls):
        """What a node says beside its inputs."""
        if controls:
            operation._add_control_inputs(controls)
        operation.beside = self._beside(node)
        if "_gradient_op_type" in node.attr:
            operation.gradient_override = node.attr["_gradient_op_type"].s.decode()
        if "_output_shapes" in node.attr:
            for tensor, shape in zip(operation.outputs, node.attr["_output_shapes"].list.shape):
                found = merge(tensor._shape, shape_of(shape))
                tensor._shape = tensor._shape if found is False else found

    def _beside(self, node):
        if "_class" not in node.attr:
            return ()
        names = [each.decode() for each in node.attr["_class"].list.s]
        names = [name.removeprefix("loc:@") for name in names if name.startswith("loc:@")]
        return tuple(sorted(self.paths.get(name, name) for name in names if name != node.name))

    def _check_places(self):
        for node in self.nodes.nodes:
            for value in node.attr["_class"].list.s if "_class" in node.attr else ():
                name = value.decode().removeprefix("loc:@")
                known = name in self.nodes.by_name or not value.startswith(b"loc:@")
                if not known and not self._stands_elsewhere(name):
                    raise ValueError(
                        f"Node '{node.name}' expects to be colocated with unknown node '{name}'"
                    )

    def _stands_elsewhere(self, name):
        return f"{name}:0" in self.nodes.elsewhere or f"^{name}" in self.nodes.elsewhere

    def _follow_places(self):
        """Nodes that are beside others ask for the device of these, whatever they asked for."""
        found = [each for each in self.operations.values() if each is not None and each.beside]
        for operation in found:
            operation.device = ""
        for operation in found:
            others = map(self.graph._operations.get, operation.beside)
            devices = (other.device for other in others if other is not None)
            operation.device = next(filter(None, devices), "")

    # -- what comes of it --------------------------------------------------------------------

    def check_map(self):
        """ValueError for keys of the map that mean nothing."""
        lost = [key for key in self.input_map if key not in self.used and not self._is_there(key)]
        if lost:
            raise ValueError("Attempted to map inputs that were not found in graph_def: "
                             f"[{', '.join(lost)}]")  # fmt: skip

    def _is_there(self, key):
        if key[:1] == "^":
            return key[1:] in self.nodes.by_name
        name, output = split(key)
        return output < len(self.outputs.get(name, ()))

    def element(self, name):
        """The operation or tensor that the GraphDef calls so; a mapped tensor is what it was mapped
        to. ValueError when there is none."""
        if ":" not in name:
            if name not in self.operations:
                raise ValueError(f"Requested return node '{name}' not found in graph def")
            return self.operations[name]
        source, output = split(name)
        mapped = self._mapped(source, output)
        if mapped is not None:
            return mapped
        if source not in self.outputs:
            raise ValueError(f"Requested return tensor '{name}' not found in graph def")
        if output >= len(self.outputs[source]):
            raise ValueError(f"Invalid return output {output} of node '{source}', which has "
                             f"{len(self.outputs[source])} output(s)")  # fmt: skip
        return self.outputs[source][output]


def build_inside(graph_def, prefix, input_map, functions):
    """An importer for the nodes of a function, which has built them."""
    made = Importer(get_default_graph(), graph_def, prefix, input_map, functions=functions)
    made.build()
    return made


def _listed(made):
    if made is None:  # it was done at once, and gave nothing
        return []
    if isinstance(made, Operation):
        return list(made.outputs)
    return list(made) if isinstance(made, (list, tuple)) else [made]


def _not_registered(node, path):
    return NotFoundError(
        None, None,
        f"Op type not registered '{node.op}' in binary running on {socket.gethostname()}. Make "
        "sure the Op and Kernel are registered in the binary running in this process. Note that "
        "if you are loading a saved graph which used ops from tf.contrib, accessing (e.g.) "
        "`tf.contrib.resampler` should be done before importing the graph, as contrib ops are "
        f"lazily registered when the module is first accessed. (It is the node '{path}'.)",
    )  # fmt: skip

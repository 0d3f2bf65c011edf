"""`Graph.create_op`: a node by the name of its op."""


from minitf.core.errors import NotFoundError
from minitf.core.graph import Graph
from minitf.core.operation import Operation
from minitf.core.proto.attributes import attr_value, python_value
from minitf.core.proto.graph_def import GraphDef, NodeDef
from minitf.core.proto.signatures import signature
from minitf.core.tensor import Tensor
from minitf.graph_util.importer import Importer


def create_op(
    graph,
    op_type,
    inputs,
    dtypes=None,
    input_types=None,
    name=None,
    attrs=None,
    op_def=None,
    compute_shapes=True,
    compute_device=True,
):
    """A new Operation of this type, given its input tensors and {name: tf.AttrValue}.

    Attributes that follow from the inputs may be left out. `name` is made unique unless it ends in
    "/". What it computes decides the types of the outputs, whatever `dtypes` says, and those of
    the inputs; `op_def` and `compute_shapes` are accepted for old programs. Raises TypeError for
    inputs that are no tensors, NotFoundError for an op that nobody knows, ValueError for inputs
    and attributes that it does not take, NotImplementedError for `compute_device=False`.
    """
    if not compute_device:
        raise NotImplementedError("Graph.create_op: compute_device=False is not there; build the "
                                  "node in `with tf.device(None):`.")  # fmt: skip
    inputs = [_tensor(index, value) for index, value in enumerate(inputs)]
    path = graph.op_name(name or op_type)
    node = NodeDef(name=path, op=op_type)
    for key, value in (attrs or {}).items():
        node.attr[key].CopyFrom(value)
    for key, value in _inferred(node, inputs).items():
        node.attr[key].CopyFrom(value)
    with graph.as_default():
        operation = _built(graph, node, inputs, path)
    for key, value in node.attr.items():
        if key.startswith("_"):
            found = python_value(value)
            operation.attrs[key] = found.encode() if isinstance(found, str) else found
    return operation


def _tensor(index, value):
    if not isinstance(value, Tensor):
        raise TypeError(f"Input #{index} is not a tensor: {value}")
    return value


def _built(graph, node, inputs, path):
    if path in graph._operations:
        raise ValueError(f"Duplicate node name in graph: '{path}'")
    importer = Importer(graph, GraphDef(), "", {})
    made = importer._made(node, path, inputs, [])
    found = importer._operation(made, path)
    if not isinstance(found, Operation):
        raise NotFoundError(None, None, f"{node.op} '{path}' has become other nodes here: {made}")
    return found


def _inferred(node, inputs):
    """The attributes that were not given and follow from the types and number of the inputs."""
    declared, found, left = signature(node.op), {}, list(inputs)
    for arg in declared.inputs if declared is not None else ():
        count = _count(arg, node, declared, left)
        taken, left = left[:count], left[count:]
        if arg.number and arg.number not in node.attr:
            found[arg.number] = attr_value("int", count)
        if arg.types and arg.types not in node.attr:
            found[arg.types] = attr_value("list(type)", [each.dtype.base_dtype for each in taken])
        if arg.type in declared.attrs and arg.type not in {*node.attr, *found} and taken:
            found[arg.type] = attr_value("type", taken[0].dtype.base_dtype)
    return found


def _count(arg, node, declared, left):
    """How many of the tensors that are left an argument takes."""
    if arg.number:
        return node.attr[arg.number].i if arg.number in node.attr else _rest(arg, declared, left)
    if arg.types:
        given = arg.types in node.attr
        return len(node.attr[arg.types].list.type) if given else _rest(arg, declared, left)
    return 1


def _rest(arg, declared, left):
    return len(left) - (len(declared.inputs) - declared.inputs.index(arg) - 1)


Graph.create_op = create_op  # a method, though it stands above what a graph is

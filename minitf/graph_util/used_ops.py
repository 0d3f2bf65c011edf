"""The ops that a graph uses, and their signatures."""
from minitf.core.dtypes import as_dtype
from minitf.core.proto.attributes import attr_value
from minitf.core.proto.graph_def import OpDef, OpList
from minitf.core.proto.signatures import REQUIRED, signature

_OF_FUNCTIONS = ("_Arg", "_Retval", "_ListToArray", "_ArrayToList")


def ops_used_by_graph_def(graph_def):
    """The names of the ops that a graph uses, also in functions."""
    functions = {each.signature.name: each for each in graph_def.library.function}
    used, waiting = set(), list(graph_def.node)
    while waiting:
        name = waiting.pop().op
        if name in functions and name not in used:
            waiting += functions[name].node_def
        used.add(name)
    return sorted(used - set(functions))


def stripped_op_list_for_graph(graph_def):
    """An OpList: the signatures of the ops that a graph uses. ValueError for one that TensorFlow
    has not."""
    used = ops_used_by_graph_def(graph_def)
    for name in used:
        if signature(name) is None and name not in _OF_FUNCTIONS:
            raise ValueError(f"Op {name} is used by the graph, but is not registered")
    return known_ops(graph_def)


def known_ops(graph_def):
    """An OpList: the signatures of those ops in a graph that TensorFlow has."""
    names = {node.op for node in graph_def.node}
    names |= {node.op for function in graph_def.library.function for node in function.node_def}
    found = (signature(name) for name in sorted(names))
    return OpList(op=[_op_def(each) for each in found if each is not None])


def _op_def(declared):
    made = OpDef(name=declared.name, is_stateful=declared.stateful)
    for args, field in ((declared.inputs, made.input_arg), (declared.outputs, made.output_arg)):
        for arg in args:
            attr = arg.type in declared.attrs
            kind = {"type_attr" if attr else "type": arg.type if attr else (
                as_dtype(arg.type).enum)} if arg.type else {}  # fmt: skip
            field.add(name=arg.name, number_attr=arg.number, type_list_attr=arg.types,
                      is_ref=arg.ref, **kind)  # fmt: skip
    for attr in declared.attrs.values():
        entry = made.attr.add(name=attr.name, type=attr.kind)
        if attr.default is not REQUIRED:
            entry.default_value.CopyFrom(attr_value(attr.kind, attr.default))
    return made

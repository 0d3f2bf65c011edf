"""Attributes that have their defaults: leaving them out, and leaving out those nobody knows."""

from minitf.core.proto.attributes import attr_value
from minitf.core.proto.graph_def import GraphDef
from minitf.core.proto.signatures import REQUIRED, signature


def remove_unknown_defaults(graph_def, producer_op_list):
    """The graph without the attributes that TensorFlow 1.15 does not know but which have the
    default that the OpList says: a copy, where there are such."""
    producers = {op.name: {attr.name: attr for attr in op.attr} for op in producer_op_list.op}
    found = [(i, names) for i, node in enumerate(graph_def.node)
             if (names := _unknown_defaults(node, producers.get(node.op)))]  # fmt: skip
    if not found:
        return graph_def
    made = GraphDef()
    made.CopyFrom(graph_def)
    for i, names in found:
        for name in names:
            del made.node[i].attr[name]
    return made


def _unknown_defaults(node, producer):
    """The names of the attributes of a node that nobody here knows and that say nothing."""
    declared = signature(node.op)
    if declared is None or producer is None:
        return []
    return [
        name for name in node.attr
        if name not in declared.attrs and name in producer
        and producer[name].HasField("default_value")
        and node.attr[name] == producer[name].default_value
    ]  # fmt: skip


def strip_defaults(graph_def):
    """Leave out, in the graph itself, the attributes that have the default of TensorFlow 1.15."""
    nodes = [*graph_def.node, *(n for f in graph_def.library.function for n in f.node_def)]
    for node in nodes:
        declared = signature(node.op)
        for attr in declared.attrs.values() if declared is not None else ():
            if attr.name in node.attr and attr.default is not REQUIRED and (
                node.attr[attr.name] == attr_value(attr.kind, attr.default)
            ):
                del node.attr[attr.name]

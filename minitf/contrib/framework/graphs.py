"""Of graphs and names: `tf.contrib.framework.get_placeholders`, `strip_name_scope`, ..."""
import re

from minitf.core.graph import Graph, get_default_graph, graph_of


def get_placeholders(graph):
    """The tensors of all placeholders. TypeError for what is no Graph."""
    if not isinstance(graph, Graph):
        raise TypeError(f"Input graph needs to be a Graph: {graph}")
    return [op.outputs[0] for op in graph.get_operations() if op.type == "Placeholder"]


def get_name_scope():
    """The name scope that is entered, "" for none."""
    return get_default_graph().get_name_scope()


def get_graph_from_inputs(op_input_list, graph=None):
    """The graph of these tensors; the default one for none. ValueError where they are of two, or
    not of `graph`."""
    if graph is None:
        return graph_of(op_input_list)
    if not isinstance(graph, Graph):
        raise TypeError(f"Input graph needs to be a Graph: {graph}")
    for each in op_input_list:
        if getattr(each, "graph", graph) is not graph:
            raise ValueError(f"{each} is not from the passed-in graph.")
    return graph


def prepend_name_scope(name, import_scope):
    """`name` within a scope; that of `^name` and `loc:@name` too."""
    if not import_scope:
        return name
    scope = import_scope.removesuffix("/")
    return re.sub(r"([\^]|loc:@|^)(.*)", rf"\1{scope}/\2", name)


def strip_name_scope(name, export_scope):
    """`name` without the scope that it begins with; that of `^name` and `loc:@name` too."""
    if not export_scope:
        return name
    scope = export_scope.removesuffix("/")
    return re.sub(rf"([\^]|loc:@|^){scope}[\/]+(.*)", r"\1\2", name, count=1)

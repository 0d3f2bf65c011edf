"""Of graphs and names: `tf.contrib.framework.get_placeholders`, `filter_variables`, ..."""
import re

from minitf.core.device import DeviceSpec
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


def filter_variables(var_list, include_patterns=None, exclude_patterns=None, reg_search=True):
    """The variables whose names one of the `include_patterns` matches (all without any), and none
    of the `exclude_patterns`: anywhere, at the start without `reg_search`."""
    matches = re.search if reg_search else re.match

    def any_of(patterns, var):
        return any(matches(pattern, var.name) for pattern in patterns)

    included = include_patterns is None
    found = [var for var in var_list if included or any_of(include_patterns, var)]
    return [var for var in found if not any_of(exclude_patterns or (), var)]


class VariableDeviceChooser:
    """A device function: gives each variable to the next of `num_tasks` parameter servers."""

    def __init__(
        self, num_tasks=0, job_name="ps", device_type="CPU", device_index=0, replica=None
    ):
        self._job_name, self._num_tasks, self._next_task_id = job_name, num_tasks, 0
        self._rest = {"device_type": device_type, "device_index": device_index, "replica": replica}

    def __call__(self, op):
        where = dict(self._rest)
        if self._num_tasks > 0:
            where |= {"job": self._job_name, "task": self._next_task_id}
            self._next_task_id = (self._next_task_id + 1) % self._num_tasks
        return DeviceSpec(**where).to_string()

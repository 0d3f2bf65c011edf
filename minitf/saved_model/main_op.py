"""What is run when a saved model has been loaded."""

from minitf.core.graph import control_dependencies, get_collection, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.ops.control_flow.control import group
from minitf.ops.state.variable_lists import (
    global_variables_initializer,
    local_variables_initializer,
)


def main_op():
    """An operation that initialises all variables, local variables and tables."""
    tables = get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(global_variables_initializer(), local_variables_initializer(),
                 group(*tables, name="init_all_tables"))  # fmt: skip


def main_op_with_restore(restore_op_name):
    """The same, and then the operation of this name."""
    graph = get_default_graph()
    restore = restore_op_name
    if isinstance(restore, str):
        restore = graph.as_graph_element(restore)
    with control_dependencies([main_op()]):
        return group(restore)

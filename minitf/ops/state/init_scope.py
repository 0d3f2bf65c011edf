"""Where variables are made: outside of functions, waiting for nothing."""

from contextlib import contextmanager, nullcontext

from minitf.core.graph import get_default_graph


def in_init_scope():
    """The graph that is the default one in an init_scope."""
    graph = get_default_graph()
    while graph.building_function:
        graph = graph.outer_graph
    return graph


@contextmanager
def init_scope():
    """Nodes built inside wait for nothing that is outside, and are outside of functions: what
    initializers are built in."""
    graph = in_init_scope()
    default = nullcontext() if graph is get_default_graph() else graph.as_default()
    with default, graph.control_dependencies(None):
        yield

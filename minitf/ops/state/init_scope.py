"""Where variables are made: outside of functions, waiting for nothing."""

from contextlib import contextmanager, nullcontext

from minitf.core.eager import unheard
from minitf.core.graph import get_default_graph


def in_init_scope():
    """The graph that is the default one in an init_scope."""
    graph = get_default_graph()
    while graph.building_function:
        graph = graph.outer_graph
    return graph


@contextmanager
def init_scope():
    """Nodes built inside wait for nothing that is outside, and are outside of functions, by names
    of the name scope there: what initializers are built in. Tapes do not hear of them."""
    graph, inner = in_init_scope(), get_default_graph()
    if graph is inner:
        default, scope = nullcontext(), nullcontext()
    else:
        name = inner.get_name_scope()
        default, scope = graph.as_default(), graph.name_scope(f"{name}/" if name else "")
    order, graph._order = graph._order, None  # a run of the function does not initialize
    try:
        with default, scope, graph.control_dependencies(None), unheard():
            yield
    finally:
        graph._order = order


def executing_eagerly_outside_functions() -> bool:
    """Whether the program runs operations as they are called, be it that a function is traced."""
    return in_init_scope().eager

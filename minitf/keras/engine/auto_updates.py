"""What a layer changes as it is called happens whenever its outputs are computed, in the order in
which `call` says it: in the graph where models are built though operations run at once elsewhere.
"""
import contextlib

from minitf.core import nest
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.core.tensor import is_tensor
from minitf.keras.backend.graph import KerasGraph
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.order import Order


def in_keras_graph():
    """Whether what is built is a part of that graph."""
    return isinstance(get_default_graph(), KerasGraph)


def with_effects(function, *args, **kwargs):
    """The outputs of a `call`, which wait for what it prints, checks and changes."""
    graph = get_default_graph()
    if not in_keras_graph() or graph._order is not None:  # a layer around it sees to that
        return function(*args, **kwargs)
    graph._order = Order(graph._context)
    try:
        outputs, effects = function(*args, **kwargs), graph._order.effects
    finally:
        graph._order = None
    if not effects:
        return outputs
    with control_dependencies(effects):
        return nest.map_structure(_waiting, outputs)


def _waiting(output):
    if not is_tensor(output):
        return output
    made = identity(output)
    if hasattr(output, "_keras_mask"):
        made._keras_mask = output._keras_mask
    return made


@contextlib.contextmanager
def apart():
    """What is built inside the `with` block is run when somebody asks for it."""
    graph = get_default_graph()
    order, graph._order = graph._order, None
    try:
        yield
    finally:
        graph._order = order

"""How many nodes an update of a variable counts as: TensorFlow has kernels that do all of it."""

from contextlib import nullcontext

from minitf.core.graph import get_default_graph


def counted(method, nodes):
    """Counts what is built inside as so many nodes, unless a program has a method of its own."""
    if nodes is None or not method.__module__.startswith("minitf."):
        return nullcontext()
    return get_default_graph()._counting(nodes)

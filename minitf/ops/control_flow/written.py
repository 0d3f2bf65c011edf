"""Summaries that a branch, or a loop, writes itself."""
from minitf.core import nest
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import identity


def with_summaries(function, *args):
    """What the function returns. If it builds summaries of tf.contrib.summary, its tensors wait for
    them, and they leave their collection: from outside of a branch they could not be run."""
    graph, key = get_default_graph(), GraphKeys._SUMMARY_COLLECTION
    before = len(graph.get_collection(key))
    given = function(*args)
    new = graph.get_collection(key)[before:]
    if not new:
        return given
    del graph.get_collection_ref(key)[before:]
    with control_dependencies(new):
        return nest.map_structure(_waiting, given, expand_composites=True)


def _waiting(value):
    return identity(value) if isinstance(value, Tensor) else value

"""What layers have made in a graph: variables, which Keras's sessions initialize as its own, and
names, which tf.layers and Keras count together."""
import collections

from minitf.core.graph import get_default_graph


def made_in(graph):
    """The list of the variables that no session of Keras has seen yet."""
    return graph._scope_store.setdefault("of_layers", [])


def note_made(variables):
    """Note variables that a layer has made; those that hold their values themselves need none."""
    graph = variables[0].graph
    if not graph.eager:
        made_in(graph).extend(variables)


def name_counts():
    """How many layers have had a name, by (namespace, name), in the default graph."""
    store = get_default_graph()._scope_store
    return store.setdefault("layer_names", collections.defaultdict(int))

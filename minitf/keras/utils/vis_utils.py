"""Models as pictures, drawn by Graphviz through pydot."""
import os
import sys

import minitf as tf
from minitf.keras.engine.graph_network import node_key
from minitf.keras.engine.network import Network
from minitf.keras.layers.wrappers import Wrapper

nest = tf.nest
_LACKING = "Failed to import pydot. You must install pydot and graphviz for `pydotprint` to work."


def _pydot():
    try:
        import pydot

        pydot.Dot.create(pydot.Dot())
    except (ImportError, OSError):
        return None
    return pydot


def model_to_dot(
    model, show_shapes=False, show_layer_names=True, rankdir="TB", expand_nested=False, dpi=96,
    subgraph=False,
):  # fmt: skip
    """The graph of a model for pydot. ImportError without pydot and Graphviz.

    NotImplementedError for `expand_nested`.
    """
    pydot = _pydot()
    if pydot is None:
        if "IPython.core.magics.namespace" in sys.modules:
            print(_LACKING)
            return None
        raise ImportError(_LACKING)
    if expand_nested or subgraph:
        raise NotImplementedError("model_to_dot(expand_nested=True): minitf draws a model inside "
                                  "as one layer.")  # fmt: skip
    dot = pydot.Dot()
    dot.set("rankdir", rankdir)
    dot.set("concentrate", True)
    dot.set("dpi", dpi)
    dot.set_node_defaults(shape="record")
    if not model._is_graph_network:
        dot.add_node(pydot.Node(str(id(model)), label=model.name))
        return dot
    layers = model.layers_with_input
    for layer in layers:
        label = _label(layer, show_shapes, show_layer_names)
        dot.add_node(pydot.Node(str(id(layer)), label=label))
    for layer in layers:
        for before in _before(model, layer):
            edge = str(id(before)), str(id(layer))
            if not dot.get_edge(*edge):
                dot.add_edge(pydot.Edge(*edge))
    return dot


def _before(model, layer):
    return [
        before
        for i, node in enumerate(layer._inbound_nodes)
        if node_key(layer, i) in model._network_nodes
        for before in nest.flatten(node.inbound_layers)
    ]


def _label(layer, show_shapes, show_layer_names):
    name, kind = layer.name, type(layer).__name__
    if isinstance(layer, Wrapper) and not isinstance(layer.layer, Network):
        name, kind = f"{name}({layer.layer.name})", f"{kind}({type(layer.layer).__name__})"
    label = f"{name}: {kind}" if show_layer_names else kind
    if not show_shapes:
        return label
    shapes = [_shape(layer, what) for what in ("input_shape", "output_shape")]
    return "%s\n|{input:|output:}|{{%s}|{%s}}" % (label, *shapes)  # noqa: UP031


def _shape(layer, what):
    try:
        return str(getattr(layer, what)).replace("None", "?")
    except AttributeError:
        return "?"


def plot_model(
    model, to_file="model.png", show_shapes=False, show_layer_names=True, rankdir="TB",
    expand_nested=False, dpi=96,
):  # fmt: skip
    """Draw a model into a file. ImportError without pydot and Graphviz."""
    dot = model_to_dot(model, show_shapes, show_layer_names, rankdir, expand_nested, dpi)
    if dot is not None:
        dot.write(to_file, format=os.path.splitext(to_file)[1][1:] or "png")

"""Receptive fields: how large, how far apart, and how far the first is outside of the image."""
from typing import Any, NamedTuple

import numpy as np

from minitf.contrib.receptive_field.graph_compute_order import get_compute_order, inputs
from minitf.contrib.receptive_field.parse_layer_parameters import layer_params
from minitf.core.graph import Graph
from minitf.core.tensor import Tensor


class ReceptiveField:
    """Sizes, strides and paddings along x and y; as a sequence, all of them one after another."""

    def __init__(self, size, stride, padding):
        self.size, self.stride, self.padding = map(np.asarray, (size, stride, padding))

    def compute_input_center_coordinates(self, y, axis=None):
        """The centers in the image of the fields of features at `y`, along these axes or all.
        ValueError unless there are as many coordinates."""
        y, axis = self._coordinates(y, axis, "feature coordinates `y`")
        return -self.padding[axis] + y * self.stride[axis] + (self.size[axis] - 1) / 2

    def compute_feature_coordinates(self, x, axis=None):
        """Where the features are whose fields have their centers at `x`."""
        x, axis = self._coordinates(x, axis, "input center coordinates `x`")
        return (x + self.padding[axis] + (1 - self.size[axis]) / 2) / self.stride[axis]

    def _coordinates(self, values, axis, what):
        axis, values = list(range(self.size.size) if axis is None else axis), np.asarray(values)
        if values.shape[-1] != len(axis):
            raise ValueError(f"Dimensionality of the {what} ({values.shape[-1]}) does not match "
                             f"dimensionality of `axis` ({len(axis)})")  # fmt: skip
        return values, axis

    def __iter__(self):
        return iter(np.concatenate([self.size, self.stride, self.padding]))


class _Along(NamedTuple):
    """The receptive field of the output at a node along one axis."""

    size: int
    stride: int
    padding: Any

    def before(self, layer, padding_is_known):
        """At what a layer reads."""
        padding = layer.stride * self.padding + layer.padding if padding_is_known else None
        return _Along(layer.stride * (self.size - 1) + layer.kernel, layer.stride * self.stride,
                      padding)  # fmt: skip


def compute_receptive_field_from_graph_def(graph_def, input_node, output_node,
                                           stop_propagation=None, input_resolution=None):
    """The ReceptiveField of the output at the input, which are names or tensors.

    Nodes whose names begin with one in `stop_propagation` are left out. The padding of SAME may
    depend on the `input_resolution`, [height, width]; without it some paddings are None. ValueError
    where ways through the graph have fields with other strides or centers, and for other layers
    than those of convolutional networks.
    """
    graph_def = graph_def.as_graph_def() if isinstance(graph_def, Graph) else graph_def
    first, last = (node.op.name if isinstance(node, Tensor) else node
                   for node in (input_node, output_node))  # fmt: skip
    infos, nodes = get_compute_order(graph_def, first, input_resolution)
    fields, known, seen = {last: (_Along(1, 1, 0), _Along(1, 1, 0))}, True, set()
    for name in sorted(infos, key=lambda name: -infos[name].order):
        if name == first:
            break
        seen.add(name)
        if name not in fields:
            continue
        layers = layer_params(nodes[name], nodes, infos[name].input_size)
        known = known and all(layer.padding is not None for layer in layers)
        found = [field.before(layer, known) for field, layer in zip(fields[name], layers)]
        for each in inputs(nodes[name]):
            if not each.startswith(tuple(stop_propagation or ())):
                fields[each] = _larger(fields.get(each, found), found, known)
    if last not in seen:
        raise ValueError("Output node was not found")
    if first not in fields:
        raise ValueError("Input node was not found")
    return ReceptiveField(*zip(*fields[first]))


def _larger(known_fields, fields, check):
    """Along each axis the larger of two fields. ValueError, if it is asked to check, for fields
    whose strides or centers differ."""
    for old, new, axis in zip(known_fields, fields, ("horizontal", "vertical")) if check else ():
        centers = [(each.size - 1) / 2 - each.padding for each in (old, new)]
        for what, differs in (("effective stride", old.stride != new.stride),
                              ("center shift", centers[0] != centers[1])):  # fmt: skip
            if differs:
                raise ValueError(f"Graph is not aligned since {what} from different paths is "
                                 f"different in {axis} direction")  # fmt: skip
    return [new if old.size < new.size else old for old, new in zip(known_fields, fields)]

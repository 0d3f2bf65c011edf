"""What a node does to positions: its kernel, its stride and what it pads."""
from typing import Any, NamedTuple

from minitf import logging
from minitf.core.proto.tensor import make_ndarray

_UNCHANGED = {"Add", "AddV2", "BiasAdd", "Cast", "Ceil", "ConcatV2", "Const", "Floor",
              "FusedBatchNorm", "Identity", "Log", "Mul", "Pow", "RealDiv", "Relu", "Relu6",
              "Round", "Rsqrt", "Softplus", "Sub", "VariableV2", "LRN", "GreaterEqual"}  # fmt: skip
_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2dNative")
_POOLS = ("MaxPool", "MaxPoolV2", "AvgPool")


class Along(NamedTuple):
    """What a node does along one axis; None is not known."""

    kernel: Any = 1
    stride: Any = 1
    padding: Any = 0  # before the first position
    total_padding: Any = 0


def layer_params(node, nodes, input_resolution=None, force=False):
    """What a node does along x, and along y. ValueError for an op that is not known; with `force`
    nothing is known of it. `input_resolution` is (height, width)."""
    if node.op in _UNCHANGED:
        return Along(), Along()
    if node.op == "Pad":
        return _of_pad(node, nodes)
    if node.op not in _CONVOLUTIONS + _POOLS:
        if force:
            return Along(None, None, None, None), Along(None, None, None, None)
        raise ValueError(f"Unknown layer for operation '{node.name}': {node.op}")
    kernels = (_filter if node.op in _CONVOLUTIONS else _window)(node, nodes)
    found = [Along(kernel, stride, *_padding(node.attr["padding"].s, kernel, stride, size))
             for kernel, stride, size in zip(kernels, _strides(node, nodes),
                                             input_resolution or (None, None))]  # fmt: skip
    return found[1], found[0]


def _constant(node, nodes, index, ending):
    name = node.input[index]
    if not name.endswith(ending):
        raise ValueError(f"{name}, which {node.name} reads, does not end with '{ending}'")
    found = nodes[name]
    if found.op != "Const":
        raise ValueError(f"{name}, which {node.name} reads, is not Const")
    return make_ndarray(found.attr["value"].tensor).tolist()


def _strides(node, nodes):
    if node.op == "MaxPoolV2":
        return _constant(node, nodes, 2, "/strides")[1:3]
    return list(node.attr["strides"].list.i)[1:3]


def _filter(node, nodes):
    name = node.input[1]
    if not name.endswith("/read"):
        raise ValueError("Weight layer's name input to conv layer does not end with '/read'")
    weights = nodes[name.removesuffix("/read")]
    if weights.op == "VariableV2":
        sizes = weights.attr["shape"].shape.dim
    elif weights.op == "Const":
        sizes = weights.attr["value"].tensor.tensor_shape.dim
    else:
        raise ValueError(f"Weight layer {weights.name} is not of type VariableV2 or Const: "
                         f"{weights.op}")  # fmt: skip
    if len(sizes) != 4:
        raise ValueError(f"Weight layer {weights.name} does not have rank 4. Instead, it has: "
                         f"{len(sizes)}")  # fmt: skip
    return [size.size for size in sizes[:2]]


def _window(node, nodes):
    sizes = (_constant(node, nodes, 1, "/ksize") if node.op == "MaxPoolV2"
             else list(node.attr["ksize"].list.i))  # fmt: skip
    for which, size in (("first", sizes[0]), ("last", sizes[3])):
        if size != 1:
            raise ValueError(f"pool ksize for {which} dim is not 1")
    return sizes[1:3]


def _padding(mode, kernel, stride, size):
    """(Before the first position, in all), of which SAME says more if the size is known."""
    mode = mode if isinstance(mode, str) else mode.decode()
    if mode == "VALID":
        return 0, 0
    if mode != "SAME":
        raise ValueError(f"Invalid padding operation {mode}")
    if size is not None:
        total = max(kernel - (size % stride or stride), 0)
    elif kernel == 1 or stride == 1:
        total = kernel - 1
    elif stride == 2 and kernel % 2 == 0:
        return (kernel - 1) // 2, None
    else:
        logging.warning("Padding depends on input size, which means that the effective padding may "
                        "be different depending on the input image dimensionality. In this case, "
                        "alignment check will be skipped. If you know the input resolution, please "
                        "set it.")  # fmt: skip
        return None, None
    return total // 2, total


def _of_pad(node, nodes):
    paddings = _constant(node, nodes, 1, "/paddings")
    for which, ends in (("first", paddings[0]), ("last", paddings[3])):
        if any(ends):
            raise ValueError(f"padding is not zero for {which} tensor dim")
    return tuple(Along(padding=before, total_padding=before + after)
                 for before, after in (paddings[2], paddings[1]))  # fmt: skip

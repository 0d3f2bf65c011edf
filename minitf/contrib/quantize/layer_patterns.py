"""Which layers of a graph are to be quantized."""
from typing import Any, NamedTuple

from minitf.contrib.quantize.graph_matcher import OneOf, OpType, matches

LAYERS = "Conv2D|MatMul|DepthwiseConv2dNative"
ACTIVATIONS = "Relu|Relu6|Identity"
ADDS = "Add|AddV2"


class Layer(NamedTuple):
    """A layer, its weights, and what comes after it, if it is there."""

    op: Any
    weights: Any
    activation: Any
    bypass: Any = None
    bypass_after: Any = None
    bias_add: Any = None


class _Patterns:
    """What a layer may look like."""

    def __init__(self):
        variable = OpType("Variable|VariableV2")
        part = OpType("Identity", [variable])
        joined = OpType("ConcatV2", [part, "*", "*"])
        self.read = OpType("Identity", [OneOf(part, joined, variable)])
        self.resource, self.folded = OpType("ReadVariableOp"), OpType("Mul")
        weights = OneOf(self.read, self.resource, self.folded)
        self.layer = OpType(LAYERS, ["*", weights], ordered=False)
        output = OneOf(OpType("BatchToSpaceND", [self.layer, "*", "*"]), self.layer)
        self.before_another = OpType(LAYERS, [output, "*"], ordered=False)
        scaled = OpType("Mul", ["*", output], ordered=False)
        corrected = OpType(ADDS, [scaled, "*"], ordered=False)
        self.folded_bias = OpType(ADDS, [corrected, "*"], ordered=False)
        self.bias = OpType(f"{ADDS}|BiasAdd", [output, "*"], ordered=False)
        whole = OneOf(self.bias, self.folded_bias, OpType("Identity", [self.folded_bias]))
        self.bypass = OpType(ADDS, [whole, "*"], ordered=False)
        self.activation = OpType(ACTIVATIONS, [OneOf(whole, self.bypass, self.layer)])
        self.bypass_after = OpType(ADDS, ["*", self.activation], ordered=False)

    def described(self, match, activation, *, whole=True, folded=True):
        """The Layer of a match; with what comes after it where `whole`."""
        weights = [self.read, self.resource, *([self.folded] if folded else [])]
        tensors = (match.tensor(pattern) for pattern in weights)
        tensor = next((each for each in tensors if each is not None), None)
        rest = ()
        if whole:
            bias = match.op(self.bias) or match.op(self.folded_bias)
            rest = match.op(self.bypass), match.op(self.bypass_after), bias
        return Layer(match.op(self.layer), tensor, activation, *rest)


def layers_to_quantize(graph):
    """The Layers: those before an addition after their activation first, those without an
    activation last."""
    known, found = _Patterns(), {}

    def note(layer):
        found.setdefault(layer.op, layer)

    for match in matches(known.bypass_after, graph):
        note(known.described(match, match.op(known.activation)))
    for match in matches(known.activation, graph):
        activation = match.op(known.activation)
        if match.op(known.layer) not in found and not _is_before_norm(activation):
            note(known.described(match, activation))
    for match in matches(OneOf(known.bias, known.folded_bias), graph):
        note(known.described(match, match.op(known.bias) or match.op(known.folded_bias),
                             whole=False))  # fmt: skip
    for match in matches(known.before_another, graph):
        note(known.described(match, match.op(known.layer), whole=False, folded=False))
    return list(found.values())


def _is_before_norm(op):
    """Whether nothing but a fused batch normalization reads an Identity."""
    if op.type != "Identity" or len(op.outputs) != 1:
        return False
    readers = op.outputs[0].consumers()
    return len(readers) == 1 and readers[0].type in ("FusedBatchNorm", "FusedBatchNormV3")

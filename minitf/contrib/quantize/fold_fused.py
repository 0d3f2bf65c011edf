"""Fused batch normalization, folded into the layer before it."""
from typing import Any, NamedTuple

from minitf.contrib.quantize.common import parent, reroute
from minitf.contrib.quantize.corrections import BatchNorm, corrections
from minitf.contrib.quantize.graph_matcher import OneOf, OpType, matches
from minitf.contrib.quantize.layers import last, layer_again
from minitf.core.dtypes import float32
from minitf.core.gradient_registry import RegisterGradient
from minitf.core.graph import name_scope
from minitf.ops.array.basics import reshape, size
from minitf.ops.array.space import batch_to_space_nd
from minitf.ops.math.elementwise import add_op as add
from minitf.ops.math.elementwise import cast, rsqrt
from minitf.ops.math.elementwise import mul as multiply
from minitf.ops.math.elementwise import sub as subtract


class _Found(NamedTuple):
    """A layer and what is to be folded into it."""

    layer: Any
    norm_op: Any
    output: Any
    inputs: Any
    weights: Any
    beta: Any
    batch_to_space: Any
    norm: BatchNorm


def fold_fused(graph, freeze_delay):
    """Fold all of them."""
    for found in _found(graph):
        scope = _scope(found.layer)
        with name_scope(scope):
            _fold(found, scope, freeze_delay)


def _scope(op):
    before = parent(op.name)
    return f"{before}/" if before else ""


def _fold(found, scope, freeze_delay):
    norm, scale = found.norm, None
    with name_scope(f"{scope}BatchNorm_Fold/"):
        factor = norm.gamma * rsqrt(norm.variance + norm.epsilon)
        bias = subtract(found.beta, norm.mean * factor, name="bias")
        if found.norm_op.attrs["is_training"]:
            scale, back, offset = corrections(norm, "", freeze_delay)
        if found.layer.type == "DepthwiseConv2dNative":
            sizes = found.weights.shape.as_list()[2:]
            factor = reshape(factor, sizes, name="scale_reshape")
            if scale is not None:
                scale = reshape(scale, sizes, name="correction_reshape")
    weights = found.weights
    if scale is not None:
        weights = multiply(scale, weights, name="correction_mult")
    weights = multiply(weights, factor, name="mul_fold")
    made = _layer_again(found, weights)
    if scale is not None:
        made = add(multiply(back, made, name="post_conv_mul"), offset, name="correction_add")
    made = add(made, bias, name="add_fold")
    if not reroute(made, found.output):
        raise ValueError(f"Folding batch norms failed, {found.output.name} had no outputs.")


def _layer_again(found, weights):
    """The layer with other weights."""
    layer, below = found.layer, found.batch_to_space
    made = layer_again(layer, found.inputs, weights, f"{last(layer.name)}_Fold")
    if below is None or layer.type != "DepthwiseConv2dNative":
        return made
    below = layer.outputs[0].consumers()[0]
    return batch_to_space_nd(made, below.inputs[1], below.inputs[2],
                             name=f"{last(below.name)}_Fold")  # fmt: skip


def _found(graph):
    any_op = [OpType("*") for _ in range(6)]
    inputs, weights, gamma, beta, mean, variance = any_op
    layer = OpType("Conv2D|DepthwiseConv2dNative|MatMul", [inputs, weights])
    to_space = OpType("BatchToSpaceND", [layer, "*", "*"])
    output = OneOf(OpType("Identity", [OneOf(to_space, layer)]), layer, to_space)
    before = OneOf(OpType("Reshape", [output, "*"]), output)
    norm = OpType("FusedBatchNorm|FusedBatchNormV3", [before, gamma, beta, mean, variance])
    reshaped = OpType("Reshape", [norm, "*"])
    parts = {"layer": layer, "to_space": to_space, "norm": norm, "reshaped": reshaped,
             "inputs": inputs, "weights": weights, "gamma": gamma, "beta": beta, "mean": mean,
             "variance": variance}  # fmt: skip
    found = {}
    for match in matches(OneOf(reshaped, norm), graph):
        made = _described(graph, match, parts)
        if made is not None:
            found.setdefault(made.layer, made)
    return list(found.values())


def _described(graph, match, parts):
    """What was found, None where nobody reads it."""
    layer, norm_op = match.op(parts["layer"]), match.op(parts["norm"])
    output = norm_op.outputs[0]
    if layer.type == "MatMul":
        below = match.op(parts["reshaped"])
        if below is None:
            return None
        output = below.outputs[0]
    if not output.consumers():
        return None
    tensor = {name: match.tensor(pattern) for name, pattern in parts.items()}
    mean, variance = tensor["mean"], tensor["variance"]
    averages = [None] * 4
    if norm_op.attrs["is_training"]:
        mean, variance = _of_batch(norm_op, tensor["layer"])
        averages = _averages(graph, norm_op)
    norm = BatchNorm(tensor["gamma"], mean, variance, *averages, norm_op.attrs["epsilon"])
    return _Found(layer, norm_op, output, tensor["inputs"], tensor["weights"], tensor["beta"],
                  match.op(parts["to_space"]), norm)  # fmt: skip


def _of_batch(norm_op, layer):
    """(mean, variance) of the batch, whose gradients go on to the layer."""
    norm_op.gradient_override = "FoldFusedBatchNormGrad"
    mean = norm_op.outputs[1]
    with name_scope(_scope(norm_op)):
        n = cast(size(layer) / size(mean), float32)
        return mean, multiply(norm_op.outputs[2], (n - 1) / n, name="Undo_Bessel_Correction")


def _averages(graph, norm_op):
    """[moving mean, moving variance, decay of the first, of the second]: those that are moved
    towards what the operation has found."""
    average, decay = OpType("*"), OpType("*")
    difference = OpType("Sub", [average, OpType("FusedBatchNorm|FusedBatchNormV3")])
    found = [None] * 4
    for match in matches(OpType("Mul", [difference, decay]), graph):
        sub = match.op(difference)
        for i, tensor in enumerate(norm_op.outputs[1:3]):
            if sub.inputs[1] is tensor:
                found[i], found[i + 2] = sub.inputs[0], match.tensor(decay)
    return found


@RegisterGradient("FoldFusedBatchNormGrad")
def _gradient(op, grad_y, grad_mean, grad_variance, *_):
    """That of mean and variance alone: the normalized values are not read any more."""
    x = op.inputs[0]
    n = cast(size(x) / size(grad_mean), float32)
    of_variance = 2 * grad_variance * (x - op.outputs[1]) / (n - 1)
    return grad_mean / n + of_variance, None, None, None, None

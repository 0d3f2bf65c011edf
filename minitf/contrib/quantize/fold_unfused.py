"""Batch normalization made of single operations, folded into the layer before it: such as
`tf.contrib.layers.batch_norm(fused=False)` makes, which is known by its names."""
import re

from minitf.contrib.quantize.common import SKIPPED_PREFIXES, Consumers, reroute
from minitf.contrib.quantize.corrections import BatchNorm, corrections
from minitf.contrib.quantize.layers import layer_again
from minitf.ops.array.basics import ones, reshape
from minitf.ops.array.space import batch_to_space_nd
from minitf.ops.math.elementwise import add_op as add
from minitf.ops.math.elementwise import mul as multiply

_NORM = re.compile("^(.*)BatchNorm/batchnorm")


def fold_unfused(graph, is_training, freeze_delay):
    """Fold all of them."""
    readers = Consumers(graph)
    for scope in _groups(graph):
        scales = _has_scale(graph, readers, scope)
        if not graph.get_operation_by_name(f"{scope}BatchNorm/batchnorm_1/add_1").outputs[
            0
        ].consumers():
            continue
        old, new = _folded(graph, scope, scales, freeze_delay, is_training)
        reader = _activation(graph, scope) or graph.get_operation_by_name(_bypass(scope))
        if reroute(new, old, [reader]) != 1:
            raise ValueError(f"Unexpected inputs to op: {reader.name}")


def _groups(graph):
    """What comes before the names of each."""
    found = (_NORM.search(op.name) for op in graph.get_operations())
    scopes = dict.fromkeys(match.group(1) for match in found if match)
    return [scope for scope in scopes if not scope.startswith(SKIPPED_PREFIXES)]


def _has_scale(graph, readers, scope):
    root = graph.get_operation_by_name(f"{scope}BatchNorm/batchnorm_1/Rsqrt")
    return sum(op.type == "Mul" for op in readers.of(root)) == 1


def _activation(graph, scope):
    names = (f"{scope}{name}" for name in ("Relu6", "Relu", "Identity"))
    return next((op for name in names if (op := _if_there(graph, name))), None)


def _if_there(graph, name):
    try:
        return graph.get_operation_by_name(name)
    except KeyError:
        return None


def _bypass(scope):
    """The name of the addition after the layer, where there is no activation."""
    before = re.search("^(.*)/([^/]+)", scope)
    return f"{before.group(1)}/AddV2" if before and before.group(1) else "AddV2"


def _folded(graph, scope, scales, freeze_delay, is_training):
    """(what was the output, the folded one)."""
    at = f"{scope}BatchNorm/batchnorm_1/"
    scaling = graph.get_operation_by_name(f"{at}{'mul_1' if scales else 'mul'}")
    layer, below = scaling.inputs[0].op, None
    if layer.type == "BatchToSpaceND":
        layer, below = layer.inputs[0].op, layer
    weights, factor, scale = layer.inputs[1], scaling.inputs[1], None
    norm = _batch_norm(graph, scope, scales)
    if is_training:
        scale, back, offset = corrections(norm, scope, freeze_delay)
    if layer.type == "DepthwiseConv2dNative":
        sizes = weights.shape.as_list()[2:]
        factor = graph.get_operation_by_name(f"{at}{'mul' if scales else 'Rsqrt'}").outputs[0]
        factor = reshape(factor, sizes, name=f"{scope}scale_reshape")
        if scale is not None:
            scale = reshape(scale, sizes, name=f"{scope}correction_reshape")
    elif layer.type not in ("Conv2D", "MatMul"):
        raise ValueError(f"Cannot handle operation of type: {layer.type}")
    if scale is not None:
        weights = multiply(scale, weights, name=f"{scope}correction_mult")
    weights = multiply(weights, factor, name=f"{scope}mul_fold")
    made = layer_again(layer, layer.inputs[0], weights, f"{layer.name}_Fold")
    if below is not None:
        made = batch_to_space_nd(made, below.inputs[1], below.inputs[2],
                                 name=f"{below.name}_Fold")  # fmt: skip
    if scale is not None:
        made = add(multiply(back, made, name=f"{scope}post_conv_mul"), offset,
                   name=f"{scope}correction_add")  # fmt: skip
    shift = graph.get_operation_by_name(f"{at}add_1")
    return shift.outputs[0], add(made, shift.inputs[1], name=f"{scope}add_fold")


_SUFFIXES = {
    "mean": "BatchNorm/moments/Squeeze", "variance": "BatchNorm/moments/Squeeze_1",
    "moving_mean": "BatchNorm/moving_mean/read",
    "moving_variance": "BatchNorm/moving_variance/read",
    "decay_of_mean": "BatchNorm/AssignMovingAvg/decay",
    "decay_of_variance": "BatchNorm/AssignMovingAvg_1/decay",
    "epsilon": "BatchNorm/batchnorm_1/add/y",
}  # fmt: skip


def _batch_norm(graph, scope, scales):
    found = {name: _tensor(graph, suffix, scope) for name, suffix in _SUFFIXES.items()}
    if scales:
        return BatchNorm(_tensor(graph, "BatchNorm/gamma", scope), **found)
    return BatchNorm(ones(found["moving_mean"].shape), **found)


def _tensor(graph, suffix, scope):
    """That whose name ends so, and has the most parts of the scope in it; None without."""
    parts, found = set(scope.split("/")), {}
    for op in graph.get_operations():
        if op.name.endswith(suffix):
            common = len(set(op.name.split("/")) & parts)
            if common or not scope:
                found[op.name] = common
    return graph.get_tensor_by_name(f"{max(found, key=found.get)}:0") if found else None

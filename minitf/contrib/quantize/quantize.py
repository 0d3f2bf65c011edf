"""Rounding, put behind weights and activations of a graph."""
import functools
import re

from minitf import logging
from minitf.contrib.quantize.common import Consumers, parent, quantization_step, reroute
from minitf.contrib.quantize.layer_patterns import ACTIVATIONS, layers_to_quantize
from minitf.contrib.quantize.quant_ops import quantized
from minitf.core.graph import get_default_graph
from minitf.ops.control_flow.branches import cond
from minitf.ops.math.elementwise import greater_equal

_PASSES = {"Reshape", "Identity", "BatchToSpaceND", "SpaceToBatchND", "MaxPool", "Max"}
_COMBINES = {"Add", "AddV2", "Mul"}
_RELUS = {"Relu", "Relu6"}
_ROUNDS = {"FakeQuantWithMinMaxVars", "FakeQuantWithMinMaxArgs",
           "FakeQuantWithMinMaxVarsPerChannel"}  # fmt: skip


class Quantizer:
    """Rewrites a graph: see `tf.contrib.quantize.experimental_create_training_graph`."""

    def __init__(self, graph, is_training, weight_bits, activation_bits, symmetric, delay, scope):
        self._graph, self._training, self._delay = graph, is_training, delay
        self._weight_bits, self._bits, self._symmetric = weight_bits, activation_bits, symmetric
        self._scope = f"{scope}/" if scope and not scope.endswith("/") else scope
        self._done = set()

    def run(self):
        """Put rounding behind layers, then behind what combines their results."""
        self._readers = Consumers(self._graph)
        for layer in layers_to_quantize(self._graph):
            self._quantize(layer)
        self._readers = Consumers(self._graph)
        for op in self._graph.get_operations():
            if self._combines_rounded(op):
                self._insert(op.name, f"activation_{op.type}_quant", op, symmetric=False)

    def _quantize(self, layer):
        context = parent(layer.op.name)
        if layer.weights is not None:
            self._insert(context, "weights_quant", layer.weights.op, moving_average=False,
                         narrow_range=True, bits=self._weight_bits, of_producer=False,
                         of_consumers=True)  # fmt: skip
        outer = parent(context) if layer.bypass is not None and "/" in context else (
            "" if layer.bypass is not None else context)  # fmt: skip
        if layer.activation is not None:
            self._insert(outer, "act_quant", layer.activation, init_min=0.0)
            self._done.add(layer.activation)
        if layer.bypass is not None:
            self._insert(context, "conv_quant", layer.bias_add, of_consumers=True)
            self._done.add(layer.bias_add)
            self._insert_unless(ACTIVATIONS.split("|"), outer, "add_quant", layer.bypass,
                                of_consumers=True)  # fmt: skip
        if layer.bypass_after is not None:
            self._insert_unless(_RELUS, parent(layer.bypass_after.name),
                                "post_activation_bypass_quant", layer.bypass_after)  # fmt: skip

    def _insert_unless(self, types, context, name, op, **how):
        """Insert it, unless one of these types reads the operation: then it comes after that."""
        if any(reader.type in types for reader in self._readers.of(op)):
            logging.info("Skipping %s, because its followed by an activation.", op.name)
            return
        self._insert(context, name, op, **how)
        self._done.add(op)

    def _insert(self, context, name, producer, *, moving_average=True, init_min=-6.0, bits=None,
                narrow_range=False, symmetric=None, of_producer=True, of_consumers=False):
        """Put rounding between an operation and what reads it, if these are in the scope."""
        readers, scope = self._readers.of(producer), self._scope
        outside = [producer] if of_producer and scope else []
        outside += readers if of_consumers and scope else []
        if any(not op.name.startswith(scope) for op in outside):
            logging.info("Ignoring %s: not all is in scope %s", producer.name, scope)
            return
        inputs = producer.outputs[0]
        if _is_rounded(inputs):
            return
        prefix = f"{context}/{name}" if context else name
        inside = get_default_graph().get_name_scope()
        prefix = prefix.removeprefix(f"{inside}/") if inside else prefix
        quant = quantized(
            inputs, prefix, self._training, moving_average, init_min,
            num_bits=self._bits if bits is None else bits, narrow_range=narrow_range,
            symmetric=self._symmetric if symmetric is None else symmetric,
        )  # fmt: skip
        if self._delay and self._delay > 0:
            active = greater_equal(quantization_step(), self._delay,
                                   name=f"{prefix}/activate_quant")  # fmt: skip
            quant = cond(active, functools.partial(identity_of, quant),
                         functools.partial(identity_of, inputs),
                         name=f"{prefix}/delayed_quant")  # fmt: skip
        if readers and reroute(quant, inputs, readers) < len(readers):
            names = ", ".join(reader.name for reader in readers)
            raise ValueError(f"No inputs quantized for ops: [{names}]")

    def _combines_rounded(self, op):
        """Whether an addition or product reads what is rounded, perhaps by way of others."""
        if op in self._done or op.type not in _COMBINES:
            return False
        readers = op.outputs[0].consumers()
        if len(readers) == 1 and readers[0].type in _RELUS:
            logging.info("Skipping quant after %s", op.name)
            return False
        for tensor in op.inputs:
            before = tensor.op
            while before.type in _PASSES:
                before = before.inputs[0].op
            if before.type == "FakeQuantWithMinMaxVars" or re.search(
                "^.+delayed_quant/Merge", before.name
            ):
                return True
            if before.type in _COMBINES and any(self._combines_rounded(each.op)
                                                for each in before.inputs):  # fmt: skip
                return True
        return False


def identity_of(tensor):
    """The tensor: what a branch gives."""
    return tensor


def _is_rounded(tensor):
    """Whether rounding reads it, perhaps by way of what does not change numbers."""
    readers = list(tensor.consumers())
    while readers:
        op = readers.pop()
        if op.type in _ROUNDS:
            return True
        if op.type in ("Reshape", "Identity"):
            readers += [each for output in op.outputs for each in output.consumers()]
    return False

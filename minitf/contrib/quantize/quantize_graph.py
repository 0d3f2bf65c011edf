"""`tf.contrib.quantize.create_training_graph`: a graph that computes as if in 8 bits."""
import re

from minitf.contrib.quantize.fold_fused import fold_fused
from minitf.contrib.quantize.fold_unfused import fold_unfused
from minitf.contrib.quantize.quantize import Quantizer
from minitf.core.graph import get_default_graph

# What changes variables: a graph that has such nodes cannot be rewritten any more.
_TRAINS = re.compile("(Resource)?(Sparse)?Apply(Ada|AddSign|CenteredRMSProp|Ftrl|GradientDescent|"
                     "Momentum|PowerSign|Proximal|RMSProp)")  # fmt: skip


def create_training_graph(input_graph=None, quant_delay=0):
    """Rewrite the graph, the default one if None, for training that is aware of quantization.

    Batch normalization is folded into the layers before it; their weights and activations are
    rounded to what 8 bits can say, from step `quant_delay` on. Call it before the optimizer's
    `minimize`: ValueError for a graph that has such operations already.
    """
    _rewrite(input_graph, True, quant_delay=quant_delay)


def create_eval_graph(input_graph=None):
    """Rewrite the graph of evaluation, with the ranges that training has found."""
    _rewrite(input_graph, False)


def experimental_create_training_graph(input_graph=None, weight_bits=8, activation_bits=8,
                                       symmetric=False, quant_delay=0, freeze_bn_delay=None,
                                       scope=None):
    """As `create_training_graph`, in so many bits, of what is below a scope.

    `symmetric` ranges have zero in the middle. From step `freeze_bn_delay` on batch normalization
    uses its averages.
    """
    _rewrite(input_graph, True, weight_bits, activation_bits, symmetric, quant_delay,
             freeze_bn_delay, scope)  # fmt: skip


def experimental_create_eval_graph(input_graph=None, weight_bits=8, activation_bits=8,
                                   symmetric=False, quant_delay=None, scope=None):
    """As `create_eval_graph`, with the arguments that training had."""
    _rewrite(input_graph, False, weight_bits, activation_bits, symmetric, quant_delay, None, scope)


def _rewrite(graph, is_training, weight_bits=8, activation_bits=8, symmetric=False,
             quant_delay=None, freeze_bn_delay=None, scope=None):
    graph = graph or get_default_graph()
    names = ((op.type, op.name.rpartition("/")[2]) for op in graph.get_operations())
    training = {name for each in names for name in each if _TRAINS.match(name)}
    if training:
        raise ValueError(f"Training op found in graph, exiting {training}")
    with graph.as_default():
        fold_fused(graph, freeze_bn_delay)
        fold_unfused(graph, is_training, freeze_bn_delay)
        Quantizer(graph, is_training, weight_bits, activation_bits, symmetric, quant_delay,
                  scope).run()  # fmt: skip

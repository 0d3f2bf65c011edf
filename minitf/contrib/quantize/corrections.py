"""Batch statistics in a layer whose weights have the moving averages folded in."""
from typing import Any, NamedTuple

from minitf.contrib.quantize.common import quantization_step, reroute
from minitf.core.graph import name_scope
from minitf.ops.array.basics import identity, ones, zeros
from minitf.ops.control_flow.branches import cond
from minitf.ops.math.elementwise import greater_equal, reciprocal, rsqrt
from minitf.ops.math.elementwise import mul as multiply
from minitf.ops.math.operators import divide


class BatchNorm(NamedTuple):
    """The tensors of a batch normalization."""

    gamma: Any
    mean: Any
    variance: Any
    moving_mean: Any
    moving_variance: Any
    decay_of_mean: Any
    decay_of_variance: Any
    epsilon: Any


def corrections(norm, prefix, freeze_delay):
    """(scale of the weights, what takes it back after the layer, what is added then).

    From step `freeze_delay` on nothing is taken back: the averages are used, and stay.
    """
    with name_scope(f"{prefix}batch_norm_correction"):
        of_average = rsqrt(norm.moving_variance + norm.epsilon)
        of_batch = rsqrt(norm.variance + norm.epsilon)
        scale = identity(divide(of_average, of_batch, name="scale_compute"),
                         name="correction_scale")  # fmt: skip
        back = reciprocal(scale, name="reciprocal_compute")
        offset = multiply(norm.gamma, norm.mean * of_batch - norm.moving_mean * of_average,
                          name="offset_compute")  # fmt: skip
        frozen = False
        if freeze_delay is not None:
            frozen = greater_equal(quantization_step(), freeze_delay, name="use_moving_average")
        for decay, name in ((norm.decay_of_mean, "mean"), (norm.decay_of_variance, "var")):
            readers = decay.consumers()
            chosen = _chosen(frozen, lambda: 0.0, lambda decay=decay: decay,
                                f"freeze_moving_{name}")  # fmt: skip
            reroute(chosen, decay, readers)
        back = _chosen(frozen, lambda: ones(scale.shape), lambda: back, "correction_recip")
        offset = _chosen(frozen, lambda: offset, lambda: zeros(offset.shape),
                            "correction_offset")  # fmt: skip
    return scale, back, offset


def _chosen(frozen, if_so, otherwise, name):
    return otherwise() if frozen is False else cond(frozen, if_so, otherwise, name=name)

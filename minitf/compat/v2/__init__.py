"""`tf.compat.v2`: TensorFlow 2's names, of which most are those of TensorFlow 1, in its graphs.

What differs is here and in the modules beside it: other parameters, another order of them. All
else is what TensorFlow 1 has under the same name.
"""
# ruff: noqa: F401  every import here is a public name

from minitf.autodiff import UnconnectedGradients
from minitf.compat.v2.debugging import assert_equal, assert_greater, assert_less, assert_rank
from minitf.compat.v2.initializers import (
    constant_initializer,
    ones_initializer,
    random_normal_initializer,
    random_uniform_initializer,
    zeros_initializer,
)
from minitf.compat.v2.later import later, public, rest
from minitf.compat.v2.linalg import norm
from minitf.compat.v2.math import (
    argmax,
    argmin,
    reduce_all,
    reduce_any,
    reduce_logsumexp,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
    scalar_mul,
)
from minitf.compat.v2.names import NAMES
from minitf.compat.v2.scopes import device, name_scope
from minitf.compat.v2.variable import Variable
from minitf.core.constant import broadcast_constant as constant
from minitf.core.dtypes import int32


@later(path="batch_to_space_nd")
def batch_to_space(input, block_shape, crops, name=None): ...


@later
def boolean_mask(tensor, mask, axis=None, name="boolean_mask"): ...


@later(strict=True)
def cond(pred, true_fn=None, false_fn=None, name=None): ...


@later
def convert_to_tensor(value, dtype=None, dtype_hint=None, name=None): ...


@later
def expand_dims(input, axis, name=None): ...


@later
def gather(params, indices, validate_indices=None, axis=None, batch_dims=0, name=None): ...


@later
def gather_nd(params, indices, batch_dims=0, name=None): ...


@later(colocate_gradients_with_ops=True)
def gradients(
    ys, xs, grad_ys=None, name="gradients", gate_gradients=False, aggregation_method=None,
    stop_gradients=None, unconnected_gradients=UnconnectedGradients.NONE,
): ...


@later(colocate_gradients_with_ops=True)
def hessians(ys, xs, gate_gradients=False, aggregation_method=None, name="hessians"): ...


@later
def pad(tensor, paddings, mode="CONSTANT", constant_values=0, name=None): ...


@later
def reverse_sequence(input, seq_lengths, seq_axis=None, batch_axis=None, name=None): ...


@later
def shape(input, out_type=int32, name=None): ...


@later
def size(input, out_type=int32, name=None): ...


@later(path="space_to_batch_nd")
def space_to_batch(input, block_shape, paddings, name=None): ...


@later
def squeeze(input, axis=None, name=None): ...


@later
def transpose(a, perm=None, conjugate=False, name="transpose"): ...


@later
def tuple(tensors, control_inputs=None, name=None): ...


@later(return_same_structure=True)
def while_loop(
    cond, body, loop_vars, shape_invariants=None, parallel_iterations=10, back_prop=True,
    swap_memory=False, maximum_iterations=None, name=None,
): ...


@later(path="where_v2")
def where(condition, x=None, y=None, name=None): ...


def ones_like(input, dtype=None, name=None):
    """Ones of the shape of `input`, and of its type or `dtype`."""
    return public("ones_like")(input, dtype, name)


def zeros_like(input, dtype=None, name=None):
    """Zeros of the shape of `input`, and of its type or `dtype`."""
    return public("zeros_like")(input, dtype, name)


_others = rest(__name__)


newaxis = None


def __getattr__(name):
    if name in ("losses", "metrics", "optimizers"):
        return getattr(_others("keras"), name)
    if name in NAMES:
        return _others(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)


def __dir__():
    return sorted(NAMES)

"""`tf.contrib.labeled_tensor`: tensors whose axes have names, and labels of their places."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.labeled_tensor import nn
from minitf.contrib.labeled_tensor.axes import Axes, Axis, as_axis
from minitf.contrib.labeled_tensor.batching import batch, shuffle_batch
from minitf.contrib.labeled_tensor.elementwise import abs_function as abs
from minitf.contrib.labeled_tensor.elementwise import (
    acos,
    add,
    align,
    asin,
    atan,
    ceil,
    cos,
    define_binary_op,
    define_unary_op,
    digamma,
    div,
    equal,
    erf,
    erfc,
    exp,
    floor,
    greater,
    greater_equal,
    igamma,
    igammac,
    less,
    less_equal,
    lgamma,
    log,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    mod,
    mul,
    neg,
    not_equal,
    polygamma,
    reciprocal,
    rsqrt,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    squared_difference,
    sub,
    tan,
    tanh,
    zeta,
)
from minitf.contrib.labeled_tensor.elementwise import pow_function as pow
from minitf.contrib.labeled_tensor.elementwise import round_function as round
from minitf.contrib.labeled_tensor.filling import (
    cast,
    constant,
    ones_like,
    placeholder,
    verify_tensor_all_finite,
    zeros_like,
)
from minitf.contrib.labeled_tensor.functional import foldl, map_fn
from minitf.contrib.labeled_tensor.joining import concat, pack, pad, tile, unpack
from minitf.contrib.labeled_tensor.moving import (
    expand_dims,
    identity,
    impose_axis_order,
    rename_axis,
    reshape,
    squeeze,
    transpose,
)
from minitf.contrib.labeled_tensor.moving import slice_function as slice
from minitf.contrib.labeled_tensor.order import AxisOrderError, axis_order_scope, check_axis_order
from minitf.contrib.labeled_tensor.parsing import (
    FixedLenFeature,
    parse_example,
    parse_single_example,
)
from minitf.contrib.labeled_tensor.picking import boolean_mask, random_crop, select, where
from minitf.contrib.labeled_tensor.reducing import (
    define_reduce_op,
    matmul,
    reduce_all,
    reduce_any,
    reduce_logsumexp,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from minitf.contrib.labeled_tensor.reshape_coder import ReshapeCoder
from minitf.contrib.labeled_tensor.tensor import LabeledTensor, convert_to_labeled_tensor

missing.explain(missing.sys.modules[__name__])

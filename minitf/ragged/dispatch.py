"""What the functions of `tf` do with ragged tensors: each has its handler here.

Element-wise functions compute with the flat values; those of two tensors repeat them to the same
rows first. The others have a function of their own, which takes the same arguments.
"""
import functools
from inspect import signature

from minitf.core.convert import convert_to_tensor
from minitf.core.ragged import HANDLERS, is_ragged
from minitf.core.tensor import OPERATORS
from minitf.nn import activation
from minitf.ops.array import basics, indexing, masks, one_hot, padding, partition
from minitf.ops.array import joining as dense_joining
from minitf.ops.control_flow import control
from minitf.ops.io import parsing
from minitf.ops.math import (
    bitwise,
    clip,
    complex_numbers,
    elementwise,
    hyperbolic,
    operators,
    special,
)
from minitf.ops.reduction import axes, reduce, scan, segments, unsorted_segments
from minitf.ops.strings import hashing, joins, numbers, regex, text
from minitf.ops.strings import unicode as unicode_ops
from minitf.ragged import (
    arrays,
    gathering,
    getitem,  # noqa: F401  which defines rt[...]
    joining,
    math,
    strings,
)
from minitf.ragged import masks as ragged_masks
from minitf.ragged.broadcasting import broadcast_together
from minitf.ragged.functional import map_flat_values
from minitf.ragged.rows import match_splits
from minitf.ragged.tensor import as_ragged_or_tensor

OF_ONE = (
    basics.identity, basics.ones_like, basics.zeros_like, clip.clip_by_value, bitwise.invert,
    control.check_numerics, operators.abs, operators.round, operators.saturate_cast,
    complex_numbers.angle, complex_numbers.imag, complex_numbers.real, activation.log_sigmoid,
    elementwise.acos, elementwise.asin, elementwise.atan, elementwise.cast, elementwise.ceil,
    elementwise.conj, elementwise.cos, elementwise.cosh, elementwise.exp, elementwise.expm1,
    elementwise.floor, elementwise.is_finite, elementwise.is_inf, elementwise.is_nan,
    elementwise.log, elementwise.log1p, elementwise.logical_not, elementwise.neg,
    elementwise.reciprocal, elementwise.rint, elementwise.rsqrt, elementwise.sign, elementwise.sin,
    elementwise.sinh, elementwise.sqrt, elementwise.square, elementwise.tan, hyperbolic.acosh,
    hyperbolic.asinh, hyperbolic.atanh, special.digamma, special.erf, special.erfc, special.lgamma,
    parsing.decode_base64, parsing.decode_compressed, parsing.encode_base64,
    numbers.as_string, numbers.string_to_number, hashing.string_to_hash_bucket,
    hashing.string_to_hash_bucket_fast, hashing.string_to_hash_bucket_strong,
    regex.regex_full_match, regex.regex_replace, text.string_length, text.string_strip, text.substr,
)  # fmt: skip
OF_TWO = (
    bitwise.bitwise_and, bitwise.bitwise_or, bitwise.bitwise_xor, bitwise.left_shift,
    bitwise.right_shift, complex_numbers.complex, elementwise.add_op, elementwise.atan2,
    elementwise.equal, elementwise.floor_mod, elementwise.greater, elementwise.greater_equal,
    elementwise.less, elementwise.less_equal, elementwise.logical_and, elementwise.logical_or,
    elementwise.maximum, elementwise.minimum, elementwise.mul, elementwise.not_equal,
    operators.realdiv, elementwise.squared_difference, elementwise.sub, operators.div_no_nan,
    operators.divide, operators.floordiv, operators.logical_xor, operators.pow, operators.truediv,
    operators.truncatediv, operators.truncatemod,
)  # fmt: skip
OTHERS = {
    axes.expand_dims: arrays.expand_dims, axes.squeeze: arrays.squeeze, basics.rank: arrays.rank,
    basics.size: arrays.size, dense_joining.concat: joining.concat,
    dense_joining.stack: joining.stack, indexing.batch_gather: gathering.batch_gather,
    indexing.gather: gathering.gather, indexing.gather_nd: gathering.gather_nd,
    indexing.unsorted_segment_sum: math.segment_sum, joins.reduce_join: strings.reduce_join,
    joins.ngrams: strings.ngrams, unicode_ops.unicode_encode: strings.unicode_encode,
    masks.where: ragged_masks.where, one_hot.one_hot: arrays.ragged_one_hot,
    padding.tile: arrays.tile, partition.dynamic_partition: ragged_masks.dynamic_partition,
    reduce.reduce_all: math.reduce_all, reduce.reduce_any: math.reduce_any,
    reduce.reduce_max: math.reduce_max, reduce.reduce_mean: math.reduce_mean,
    reduce.reduce_min: math.reduce_min, reduce.reduce_prod: math.reduce_prod,
    reduce.reduce_sum: math.reduce_sum, segments.unsorted_segment_mean: math.segment_mean,
    segments.unsorted_segment_sqrt_n: math.segment_sqrt_n,
    unsorted_segments.unsorted_segment_max: math.segment_max,
    unsorted_segments.unsorted_segment_min: math.segment_min,
    unsorted_segments.unsorted_segment_prod: math.segment_prod,
}  # fmt: skip


def _of_one(function):
    """Of the flat values, the first argument."""

    def handler(*args, **kwargs):
        args, kwargs = list(args), dict(kwargs)
        rt = as_ragged_or_tensor(args.pop(0) if args else kwargs.pop(_names(function)[0]))
        return rt.with_flat_values(function(rt.flat_values, *args, **kwargs))

    return handler


def _of_two(function):
    """Of the flat values of the first two arguments, with the same rows."""

    def handler(*args, **kwargs):
        args, kwargs = list(args), dict(kwargs)
        x, y = (args.pop(0) if args else kwargs.pop(name) for name in _names(function)[:2])
        x, y = broadcast_together(*_converted(x, y))
        rows = x if is_ragged(x) else y
        flat = (each.flat_values if is_ragged(each) else each for each in (x, y))
        return rows.with_flat_values(function(*flat, *args, **kwargs))

    return handler


def _converted(x, y):
    """Both as tensors, ragged or not, in the type of the one that is ragged."""
    x, y = (as_ragged_or_tensor(each) if is_ragged(each) else each for each in (x, y))
    x = x if is_ragged(x) else convert_to_tensor(x, dtype_hint=y.dtype, name="x")
    y = y if is_ragged(y) else convert_to_tensor(y, dtype_hint=x.dtype, name="y")
    match_splits(x, y)
    return x, y


def _of_list(function):
    """Of the flat values of those of a list that are ragged."""

    def handler(inputs, *args, **kwargs):
        return map_flat_values(function, inputs, *args, **kwargs)

    return handler


@functools.cache
def _names(function):
    """The parameters' names."""
    return list(signature(function).parameters)


HANDLERS.update({function: _of_one(function) for function in OF_ONE})
HANDLERS.update({function: _of_two(function) for function in OF_TWO})
HANDLERS.update({function: _of_list(function) for function in (scan.add_n, text.string_join)})
HANDLERS.update(OTHERS)

# -- operators ------------------------------------------------------------------------------------

_OF_SIGNS = {
    "add": elementwise.add_op, "sub": elementwise.sub, "mul": elementwise.mul,
    "truediv": operators.truediv, "floordiv": operators.floordiv, "mod": elementwise.floor_mod,
    "pow": operators.pow, "and": elementwise.logical_and, "or": elementwise.logical_or,
    "xor": operators.logical_xor, "div": operators.divide,
}  # fmt: skip


def _reflected(function):
    return lambda y, x: function(x, y)


for _sign, _function in _OF_SIGNS.items():
    OPERATORS["ragged_" + _sign] = _function
    OPERATORS["ragged_r" + _sign] = _reflected(_function)
OPERATORS.update({
    "ragged_lt": elementwise.less, "ragged_le": elementwise.less_equal,
    "ragged_gt": elementwise.greater, "ragged_ge": elementwise.greater_equal,
    "ragged_neg": elementwise.neg, "ragged_abs": operators.abs,
    "ragged_invert": elementwise.logical_not,
})  # fmt: skip

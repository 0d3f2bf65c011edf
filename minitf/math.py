"""`tf.math`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.nn.activation import log_sigmoid, log_softmax, sigmoid, softmax, softplus, softsign
from minitf.nn.normal import l2_normalize, zero_fraction
from minitf.nn.top import in_top_k, top_k
from minitf.ops.array.indexing import unsorted_segment_sum
from minitf.ops.array.neighbours import nextafter
from minitf.ops.array.sequences import invert_permutation
from minitf.ops.math.bessel import bessel_i0, bessel_i0e, bessel_i1, bessel_i1e
from minitf.ops.math.beta import betainc, lbeta
from minitf.ops.math.complex_numbers import angle, imag, real
from minitf.ops.math.elementwise import (
    acos,
    asin,
    atan,
    atan2,
    ceil,
    conj,
    cos,
    cosh,
    equal,
    exp,
    expm1,
    floor,
    greater,
    greater_equal,
    is_finite,
    is_inf,
    is_nan,
    less,
    less_equal,
    log,
    log1p,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    not_equal,
    reciprocal,
    rint,
    rsqrt,
    sign,
    sin,
    sinh,
    sqrt,
    square,
    squared_difference,
    tan,
    tanh,
)
from minitf.ops.math.elementwise import add_op as add
from minitf.ops.math.elementwise import floor_mod as floormod
from minitf.ops.math.elementwise import floor_mod as mod
from minitf.ops.math.elementwise import mul as multiply
from minitf.ops.math.elementwise import neg as negative
from minitf.ops.math.elementwise import sub as subtract
from minitf.ops.math.gamma import igamma, igammac, polygamma, zeta
from minitf.ops.math.hyperbolic import acosh, asinh, atanh
from minitf.ops.math.nan_safe import multiply_no_nan, reciprocal_no_nan, xdivy, xlogy
from minitf.ops.math.operators import (
    abs,
    divide,
    floordiv,
    logical_xor,
    pow,
    round,
    scalar_mul,
    truediv,
)
from minitf.ops.math.operators import div_no_nan as divide_no_nan
from minitf.ops.math.polynomials import is_non_decreasing, is_strictly_increasing, polyval
from minitf.ops.math.special import digamma, erf, erfc, lgamma
from minitf.ops.reduction.confusion import confusion_matrix
from minitf.ops.reduction.counting import bincount
from minitf.ops.reduction.extremes import argmax, argmin
from minitf.ops.reduction.logsumexp import cumulative_logsumexp
from minitf.ops.reduction.norms import reduce_euclidean_norm
from minitf.ops.reduction.reduce import (
    count_nonzero,
    reduce_all,
    reduce_any,
    reduce_logsumexp,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_std,
    reduce_sum,
    reduce_variance,
)
from minitf.ops.reduction.scan import accumulate_n, add_n, cumprod, cumsum
from minitf.ops.reduction.segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_prod,
    segment_sum,
    unsorted_segment_mean,
    unsorted_segment_sqrt_n,
)
from minitf.ops.reduction.unsorted_segments import (
    unsorted_segment_max,
    unsorted_segment_min,
    unsorted_segment_prod,
)

"""One row for each op: how to build it, on what, and what NumPy says that it gives.

`row(type, build, *inputs, want=reference)`: `build` gets a tensor for each input, `reference` the
arrays; both may return lists. `scene(type, play)` is a row for an op that lives on a Session:
`play(run)` builds, runs and returns pairs (got, expected). tests/test_cases.py reads the table.
"""
from __future__ import annotations

import math
import sys
from typing import Any, NamedTuple

import numpy as np
from domains import (
    away,
    bools,
    complexes,
    distinct,
    ints,
    positive,
    probabilities,
    real,
    unit,
)
from sliding import Depthwise, convolution, first, last, pooling

import minitf as tf
from minitf.core.op import REGISTRY


class Case(NamedTuple):
    op: str
    build: Any
    inputs: tuple
    want: Any
    grad: bool = True  # differentiable by its float inputs
    second: bool = True  # has second derivatives to compare (they may be zero)
    known: bool = True  # its static shape is known when those of the inputs are
    ranked: bool = False  # needs inputs of known rank
    sized: bool = False  # its gradient needs inputs of known shape
    tolerance: float = 1e-6
    name: str = ""  # its file, its op and which one of that op's rows there it is


CASES: list[Case] = []
SCENES: dict[str, Any] = {}


def row(op, build, *inputs, want, **flags):
    start = f"{sys._getframe(1).f_globals['__name__']}.{op}."
    number = sum(case.name.startswith(start) for case in CASES)
    CASES.append(Case(op, build, inputs, want, name=f"{start}{number}", **flags))


def scene(op):
    return lambda play: SCENES.__setitem__(op, play)


def raw(op):
    """The op itself, for those without a public name."""
    return REGISTRY[op]


# -- element-wise arithmetic ----------------------------------------------------------------------

PAIR = real(2, 3), real(3, key=1)
NONZERO = real(2, 3), positive(3)
row("AddV2", lambda a, b: a + b, *PAIR, want=np.add)
row("Add", tf.add, *PAIR, want=np.add)
row("Sub", tf.subtract, *PAIR, want=np.subtract)
row("Mul", tf.multiply, *PAIR, want=np.multiply)
row("Neg", tf.negative, real(4), want=np.negative)
row("RealDiv", tf.realdiv, *NONZERO, want=np.divide)
row("Div", raw("Div"), *NONZERO, want=np.divide)
row("Div", raw("Div"), ints(3, 5), ints(5, low=1), want=lambda a, b: np.trunc(a / b))
row("DivNoNan", tf.div_no_nan, *NONZERO, want=np.divide)
row("DivNoNan", tf.div_no_nan, real(3), np.zeros(3), want=lambda a, b: np.zeros(3), grad=False)
row("FloorDiv", tf.floor_div, *NONZERO, want=np.floor_divide, grad=False)
row("FloorDiv", tf.floor_div, ints(3, 5), ints(5, low=1), want=np.floor_divide)
row("FloorMod", tf.floormod, away(2, 3), np.full(3, 5.0), want=np.mod)
row("FloorMod", tf.floormod, ints(3, 5), ints(5, low=1), want=np.mod)
row("TruncateDiv", tf.truncatediv, ints(3, 5), ints(5, low=1), want=lambda a, b: np.trunc(a / b))
row("TruncateMod", tf.truncatemod, ints(3, 5), ints(5, low=1), want=np.fmod)
row("TruncateMod", tf.truncatemod, away(2, 3), np.full(3, 5.0), want=np.fmod)
row("Maximum", tf.maximum, distinct(2, 3), distinct(3) + 0.2, want=np.maximum)
row("Minimum", tf.minimum, distinct(2, 3), distinct(3) + 0.2, want=np.minimum)
row("Pow", tf.pow, positive(2, 3), real(3), want=np.power)
row("Pow", tf.pow, ints(3, 5), ints(5, low=0), want=np.power)
row("SquaredDifference", tf.squared_difference, *PAIR, want=lambda a, b: (a - b) ** 2)
row("Abs", tf.abs, unit(5), want=np.abs)
row("ComplexAbs", tf.abs, complexes(5), want=np.abs, grad=False)
row("Conj", tf.conj, complexes(5), want=np.conj, grad=False)
row("Sign", tf.sign, unit(5), want=np.sign)
row("Floor", tf.floor, away(5), want=np.floor, grad=False)
row("Ceil", tf.ceil, away(5), want=np.ceil, grad=False)
row("Rint", tf.rint, away(5), want=np.rint, grad=False)
row("Round", tf.round, np.array([0.5, 1.5, 2.5, -0.5, 1.2]), want=np.round, grad=False)
row("Square", tf.square, real(5), want=np.square)
row("Sqrt", tf.sqrt, positive(5), want=np.sqrt)
row("Rsqrt", tf.rsqrt, positive(5), want=lambda x: 1 / np.sqrt(x))
row("Reciprocal", tf.reciprocal, positive(5), want=np.reciprocal)
row("Exp", tf.exp, real(5), want=np.exp)
row("Expm1", tf.expm1, real(5), want=np.expm1)
row("Log", tf.log, positive(5), want=np.log)
row("Log1p", tf.log1p, positive(5), want=np.log1p)
row("Sin", tf.sin, real(5), want=np.sin)
row("Cos", tf.cos, real(5), want=np.cos)
row("Tan", tf.tan, unit(5), want=np.tan)
row("Asin", tf.asin, unit(5), want=np.arcsin)
row("Acos", tf.acos, unit(5), want=np.arccos)
row("Atan", tf.atan, real(5), want=np.arctan)
row("Atan2", tf.atan2, positive(2, 3), positive(3), want=np.arctan2)
row("Sinh", tf.sinh, real(5), want=np.sinh)
row("Cosh", tf.cosh, real(5), want=np.cosh)
row("Tanh", tf.tanh, real(5), want=np.tanh)
row("Erf", tf.erf, real(5), want=np.vectorize(math.erf))
row("Erfc", tf.erfc, real(5), want=np.vectorize(math.erfc))
row("Lgamma", tf.lgamma, positive(5), want=np.vectorize(math.lgamma))
EULER = 0.57721566490153286  # digamma at whole and half numbers: Abramowitz and Stegun 6.3
row("Digamma", tf.digamma, np.array([1.0, 2.0, 0.5, -0.5]),
    want=lambda x: [-EULER, 1 - EULER, -EULER - 2 * math.log(2), 2 - EULER - 2 * math.log(2)],
    grad=False)  # fmt: skip
row("Digamma", tf.digamma, np.array([1.0, 3.0]), want=lambda x: [-EULER, 1.5 - EULER])
row("Polygamma", lambda x: tf.polygamma(tf.ones_like(x), x), np.array([1.0, 0.5]),
    want=lambda x: [math.pi**2 / 6, math.pi**2 / 2])  # fmt: skip
row("Cast", lambda x: tf.cast(x, tf.int64), away(5), want=lambda x: x.astype(np.int64), grad=False)
row("Cast", lambda x: tf.cast(x, tf.float64), ints(5), want=np.float64)

# -- comparison, logic, choice --------------------------------------------------------------------

CLOSE = ints(3, 5), ints(5, key=1)
row("Less", tf.less, *CLOSE, want=np.less)
row("LessEqual", tf.less_equal, *CLOSE, want=np.less_equal)
row("Greater", tf.greater, *CLOSE, want=np.greater)
row("GreaterEqual", tf.greater_equal, *CLOSE, want=np.greater_equal)
row("Equal", tf.equal, *CLOSE, want=np.equal)
row("NotEqual", tf.not_equal, *CLOSE, want=np.not_equal)
row("LogicalAnd", tf.logical_and, bools(3, 5), bools(5), want=np.logical_and)
row("LogicalOr", tf.logical_or, bools(3, 5), bools(5), want=np.logical_or)
row("LogicalNot", tf.logical_not, bools(5), want=np.logical_not)
ODD = np.array([1.0, np.nan, np.inf, -np.inf])
row("IsNan", tf.is_nan, ODD, want=np.isnan, grad=False)
row("IsInf", tf.is_inf, ODD, want=np.isinf, grad=False)
row("IsFinite", tf.is_finite, ODD, want=np.isfinite, grad=False)
row("Select", tf.where, bools(2, 3), real(2, 3), real(2, 3, key=1), want=np.where)
row("Select", tf.where, bools(2), real(2, 3), real(2, 3, key=1),
    want=lambda c, x, y: np.where(c[:, None], x, y))  # fmt: skip
row("Where", tf.where, bools(3, 4), want=np.argwhere, known=False)

# -- making and passing on ------------------------------------------------------------------------

row("Const", lambda: tf.constant([[1.5, 2.5]]), want=lambda: np.float32([[1.5, 2.5]]))
row("Placeholder", lambda x: x, real(2, 3), want=lambda x: x)
row("PlaceholderWithDefault", lambda x: tf.placeholder_with_default(x, [None, 3]), real(2, 3),
    want=lambda x: x, known=False)  # fmt: skip
row("Identity", tf.identity, real(2, 3), want=lambda x: x)
row("IdentityN", lambda a, b: tf.identity_n([a, b]), real(2), ints(3), want=lambda a, b: [a, b])
row("StopGradient", tf.stop_gradient, real(2, 3), want=lambda x: x, grad=False)
row("PreventGradient", raw("PreventGradient"), real(2, 3), want=lambda x: x, grad=False)
row("EnsureShape", lambda x: tf.ensure_shape(x, [2, None]), real(2, 3), want=lambda x: x)
row("Shape", raw("Shape"), real(2, 3), want=np.shape, grad=False)
row("Size", raw("Size"), real(2, 3), want=np.size, grad=False)
row("Rank", raw("Rank"), real(2, 3), want=np.ndim, grad=False)
row("Fill", lambda x: tf.fill([2, 3], x), real(), want=lambda x: np.full((2, 3), x))
row("ZerosLike", raw("ZerosLike"), real(2, 3), want=np.zeros_like, grad=False)
row("BroadcastTo", lambda x: tf.broadcast_to(x, [4, 2, 3]), real(2, 1),
    want=lambda x: np.broadcast_to(x, (4, 2, 3)))  # fmt: skip
row("BroadcastArgs", lambda: tf.broadcast_dynamic_shape([2, 1], [3]), want=lambda: [2, 3])
row("SumTo", lambda x: raw("SumTo")(x, [2, 1]), real(4, 2, 3),
    want=lambda x: x.sum((0, 2))[:, None])  # fmt: skip
row("Range", lambda: tf.range(2, 11, 3), want=lambda: np.arange(2, 11, 3))
row("Range", lambda: tf.range(0.0, 1.0, 0.25), want=lambda: np.arange(0, 1, 0.25))
row("LinSpace", lambda: tf.linspace(0.0, 1.0, 4), want=lambda: np.linspace(0, 1, 4))
row("CheckNumerics", lambda x: tf.check_numerics(x, "bad"), real(3), want=lambda x: x)

# -- shapes and axes ------------------------------------------------------------------------------

row("Reshape", lambda x: tf.reshape(x, [3, -1]), real(2, 6), want=lambda x: x.reshape(3, 4))
row("ExpandDims", lambda x: tf.expand_dims(x, -1), real(2, 3), want=lambda x: x[..., None])
row("Squeeze", lambda x: tf.squeeze(x, [1]), real(2, 1, 3), want=lambda x: x[:, 0])
row("Squeeze", lambda x: tf.squeeze(x, [1, -2]), real(2, 1, 3), want=lambda x: x[:, 0])
row("Squeeze", tf.squeeze, real(1, 2, 1), want=np.squeeze)
row("Transpose", lambda x: tf.transpose(x, [2, 0, 1]), real(2, 3, 4),
    want=lambda x: x.transpose(2, 0, 1))  # fmt: skip
row("Transpose", tf.transpose, real(2, 3), want=np.transpose)
row("ConjugateTranspose", lambda x: tf.transpose(x, conjugate=True), complexes(2, 3),
    want=lambda x: x.conj().T, grad=False)  # fmt: skip
row("BroadcastGradientArgs", lambda a, b: raw("BroadcastGradientArgs")(a, b), np.int32([2, 1, 3]),
    np.int32([4, 1]), want=lambda a, b: [[1], [0, 2]], known=False)  # fmt: skip


@scene("ConcatOffset")  # TensorFlow is given a list
def _(run):
    starts = raw("ConcatOffset")(1, np.int32([2, 3]), np.int32([2, 5]), N=2)
    return list(zip(run(starts), [[0, 0], [0, 3]]))


row("InvertPermutation", tf.invert_permutation, np.int32([2, 0, 1]), want=np.argsort)
row("ReverseV2", lambda x: tf.reverse(x, [0, -1]), real(2, 3), want=lambda x: x[::-1, ::-1])
row("Roll", lambda x: tf.roll(x, [1, -1], [0, 1]), real(2, 3),
    want=lambda x: np.roll(x, (1, -1), (0, 1)))  # fmt: skip
row("ConcatV2", lambda a, b: tf.concat([a, b], 1), real(2, 3), real(2, 1),
    want=lambda a, b: np.concatenate([a, b], 1))  # fmt: skip
row("Pack", lambda a, b: tf.stack([a, b], -1), real(2, 3), real(2, 3, key=1),
    want=lambda a, b: np.stack([a, b], -1))  # fmt: skip
row("Unpack", lambda x: tf.unstack(x, 3, axis=1), real(2, 3),
    want=lambda x: [x[:, 0], x[:, 1], x[:, 2]])  # fmt: skip
row("Split", lambda x: tf.split(x, 3, axis=1), real(2, 6), want=lambda x: np.split(x, 3, 1))
row("SplitV", lambda x: tf.split(x, [1, 3, -1], axis=1), real(2, 6),
    want=lambda x: np.split(x, [1, 4], 1))  # fmt: skip
row("Slice", lambda x: tf.slice(x, [0, 1], [-1, 2]), real(3, 4), want=lambda x: x[:, 1:3])
row("StridedSlice", lambda x: x[::-2, tf.newaxis, ..., 1], real(4, 2, 3),
    want=lambda x: x[::-2, None, ..., 1])  # fmt: skip
row("StridedSliceGrad", lambda dy: raw("StridedSliceGrad")([5], [1], [5], [2], dy), real(2),
    want=lambda dy: np.array([0, dy[0], 0, dy[1], 0]))  # fmt: skip
row("Pad", lambda x: tf.pad(x, [[1, 0], [2, 1]]), real(2, 3),
    want=lambda x: np.pad(x, [(1, 0), (2, 1)]))  # fmt: skip
row("PadV2", lambda x: tf.pad(x, [[1, 0], [2, 1]], constant_values=0.5), real(2, 3),
    want=lambda x: np.pad(x, [(1, 0), (2, 1)], constant_values=0.5))  # fmt: skip
row("PadV2", lambda x, c: raw("PadV2")(x, [[1, 0]], c), real(2), real(), grad=False,
    want=lambda x, c: np.append(c, x))  # fmt: skip
for mode in ("reflect", "symmetric"):
    row("MirrorPad", lambda x, mode=mode: tf.pad(x, [[1, 1], [2, 1]], mode), real(2, 3),
        want=lambda x, mode=mode: np.pad(x, [(1, 1), (2, 1)], mode))  # fmt: skip
row("MirrorPadGrad", lambda x: raw("MirrorPadGrad")(x, [[1, 1]], mode="SYMMETRIC"), real(4),
    want=lambda x: [x[0] + x[1], x[2] + x[3]])  # fmt: skip
row("Tile", lambda x: tf.tile(x, [2, 3]), real(2, 3), want=lambda x: np.tile(x, (2, 3)))
row("Diag", tf.diag, real(3), want=np.diag)
row("DiagPart", tf.diag_part, real(3, 3), want=np.diag)
row("MatrixDiag", tf.matrix_diag, real(2, 3), want=lambda x: np.stack([np.diag(r) for r in x]))
row("MatrixDiagPart", tf.matrix_diag_part, real(2, 3, 3),
    want=lambda x: np.diagonal(x, axis1=1, axis2=2))  # fmt: skip
row("MatrixSetDiag", tf.matrix_set_diag, real(3, 3), real(3),
    want=lambda x, d: np.where(np.eye(3), np.diag(d), x))  # fmt: skip

# -- picking --------------------------------------------------------------------------------------

row("GatherV2", tf.gather, real(4, 3), np.int32([3, 0, 3]), want=lambda x, i: x[i])
row("GatherV2", lambda x, i: tf.gather(x, i, axis=1), real(2, 4), np.int32([3, 0, 3]),
    want=lambda x, i: x[:, i], ranked=True)  # fmt: skip
row("GatherV2", lambda x, i: tf.gather(x, i, axis=2, batch_dims=1), real(2, 3, 4),
    np.int32([[3, 0, 3], [1, 1, 2]]), want=lambda x, i: np.take_along_axis(x, i[:, None], 2),
    ranked=True)  # fmt: skip
row("GatherNd", tf.gather_nd, real(3, 4), np.int32([[0, 1], [2, 3]]),
    want=lambda x, i: x[tuple(i.T)])  # fmt: skip
row("ScatterNd", lambda i, u: tf.scatter_nd(i, u, [4]), np.int32([[1], [1], [3]]), real(3),
    want=lambda i, u: np.array([0, u[0] + u[1], 0, u[2]]))  # fmt: skip
row("OneHot", lambda i: tf.one_hot(i, 4), np.int32([0, 3, 9, -1]),
    want=lambda i: [[1, 0, 0, 0], [0, 0, 0, 1], [0] * 4, [0] * 4])  # fmt: skip
row("Unique", tf.unique, np.int32([5, 3, 5, 7, 3]),
    want=lambda x: [[5, 3, 7], [0, 1, 0, 2, 1]], known=False)  # fmt: skip
row("TopKV2", lambda x: tf.nn.top_k(x, 2), distinct(3, 5),
    want=lambda x: [np.sort(x)[:, :-3:-1], np.argsort(x)[:, :-3:-1]])  # fmt: skip
row("InTopKV2", lambda p, t: tf.nn.in_top_k(p, t, 2), np.float32([[1, 2, 3], [3, 2, 1]]),
    np.int32([0, 1]), want=lambda p, t: [False, True], grad=False)  # fmt: skip

# -- reductions -----------------------------------------------------------------------------------

for axis, keep in ((None, False), (1, False), ([0, -1], True)):
    names = {"axis": axis, "keepdims": keep}
    numpy_names = {**names, "axis": tuple(axis) if isinstance(axis, list) else axis}

    def reduction(op, function, reference, *inputs, tf_names=names, np_names=numpy_names, **flags):
        row(op, lambda x: function(x, **tf_names), *inputs,
            want=lambda x: reference(x, **np_names), **flags)  # fmt: skip

    reduction("Sum", tf.reduce_sum, np.sum, real(2, 3, 4))
    reduction("Mean", tf.reduce_mean, np.mean, real(2, 3, 4))
    reduction("Prod", tf.reduce_prod, np.prod, real(2, 3, 2), ranked=True)
    reduction("Max", tf.reduce_max, np.max, distinct(2, 3, 4))
    reduction("Min", tf.reduce_min, np.min, distinct(2, 3, 4))
    reduction("All", tf.reduce_all, np.all, bools(2, 3, 4))
    reduction("Any", tf.reduce_any, np.any, bools(2, 3, 4))
row("Mean", tf.reduce_mean, np.int32([-1, -2, -2]), want=lambda x: -1)
NOTHING = np.zeros((0, 2))
row("Max", lambda x: tf.reduce_max(x, 0), NOTHING, want=lambda x: [-np.inf] * 2, grad=False)
row("Min", lambda x: tf.reduce_min(x, 0), NOTHING, want=lambda x: [np.inf] * 2, grad=False)
row("ReducedShape", lambda: raw("ReducedShape")([2, 3, 4], [0, -1]), want=lambda: [1, 3, 1])
row("ArgMax", lambda x: tf.argmax(x, 1), distinct(2, 5), want=lambda x: x.argmax(1), grad=False)
row("ArgMin", lambda x: tf.argmin(x, 1), distinct(2, 5), want=lambda x: x.argmin(1), grad=False)
row("Cumsum", lambda x: tf.cumsum(x, 1), real(2, 4), want=lambda x: x.cumsum(1))
row("Cumsum", lambda x: tf.cumsum(x, exclusive=True, reverse=True), np.array([1.0, 2.0, 4.0]),
    want=lambda x: [x[1] + x[2], x[2], 0 * x[2]])  # fmt: skip
row("Cumprod", lambda x: tf.cumprod(x, 1), positive(2, 4), want=lambda x: x.cumprod(1))
row("Cumprod", lambda x: tf.cumprod(x, reverse=True), positive(3),
    want=lambda x: x[::-1].cumprod()[::-1])  # fmt: skip
THREE = real(2, 3), real(2, 3, key=1), real(2, 3, key=2)
row("AddN", lambda *x: tf.add_n(x), *THREE, want=lambda *x: sum(x))
row("AddN", raw("AddN"), real(2), want=lambda x: x)
row("AccumulateNV2", lambda *x: tf.accumulate_n(x), *THREE, want=lambda *x: sum(x))
IDS = np.int32([0, 0, 2, 2])
row("UnsortedSegmentSum", lambda x, i: tf.unsorted_segment_sum(x, i, 3), real(4, 2),
    np.int32([2, 0, -1, 2]), ranked=True,
    want=lambda x, i: [x[1], 0 * x[0], x[0] + x[3]])  # fmt: skip
row("SegmentSum", tf.segment_sum, real(4, 2), IDS,
    want=lambda x, i: [x[0] + x[1], 0 * x[0], x[2] + x[3]], known=False)  # fmt: skip
row("SegmentMean", tf.segment_mean, real(4, 2), IDS,
    want=lambda x, i: [(x[0] + x[1]) / 2, 0 * x[0], (x[2] + x[3]) / 2], known=False)  # fmt: skip
row("SegmentProd", tf.segment_prod, real(4, 2), IDS,
    want=lambda x, i: [x[0] * x[1], 0 * x[0] + 1, x[2] * x[3]],
    known=False, grad=False)  # fmt: skip
row("SegmentMax", tf.segment_max, distinct(4, 2), IDS,
    want=lambda x, i: [x[:2].max(0), 0 * x[0], x[2:].max(0)], known=False)  # fmt: skip
row("SegmentMin", tf.segment_min, distinct(4, 2), IDS,
    want=lambda x, i: [x[:2].min(0), 0 * x[0], x[2:].min(0)], known=False)  # fmt: skip

# -- matrices -------------------------------------------------------------------------------------

for ta, tb in ((False, False), (True, False), (False, True), (True, True)):
    row("MatMul", lambda a, b, ta=ta, tb=tb: tf.matmul(a, b, ta, tb),
        real(*((3, 2) if ta else (2, 3))), real(*((4, 3) if tb else (3, 4))),
        want=lambda a, b, ta=ta, tb=tb: (a.T if ta else a) @ (b.T if tb else b),
        ranked=True)  # fmt: skip
    row("BatchMatMulV2", lambda a, b, ta=ta, tb=tb: tf.matmul(a, b, adjoint_a=ta, adjoint_b=tb),
        real(2, *((3, 2) if ta else (2, 3))), real(1, *((4, 3) if tb else (3, 4))),
        want=lambda a, b, ta=ta, tb=tb: (a.swapaxes(1, 2) if ta else a)
        @ (b.swapaxes(1, 2) if tb else b))  # fmt: skip
row("Qr", tf.qr, real(2, 4, 3), want=lambda x: list(np.linalg.qr(x)), grad=False)

# -- neural networks ------------------------------------------------------------------------------

row("Relu", tf.nn.relu, unit(5), want=lambda x: np.maximum(x, 0))
row("ReluGrad", raw("ReluGrad"), real(5), unit(5), want=lambda g, x: g * (x > 0))
row("Relu6", tf.nn.relu6, 4 * unit(5), want=lambda x: np.clip(x, 0, 6))
row("Relu6Grad", raw("Relu6Grad"), real(5), 9 * unit(5), want=lambda g, x: g * ((x > 0) & (x < 6)))
row("LeakyRelu", tf.nn.leaky_relu, unit(5), want=lambda x: np.where(x > 0, x, 0.2 * x))
row("LeakyReluGrad", raw("LeakyReluGrad"), real(5), unit(5),
    want=lambda g, x: np.where(x > 0, g, 0.2 * g))  # fmt: skip
row("Elu", tf.nn.elu, unit(5), want=lambda x: np.where(x > 0, x, np.expm1(x)))
row("EluGrad", raw("EluGrad"), real(5), unit(5), want=lambda g, y: np.where(y < 0, g * (y + 1), g))
SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772
row("Selu", tf.nn.selu, unit(5), want=lambda x: SCALE * np.where(x > 0, x, ALPHA * np.expm1(x)))
row("SeluGrad", raw("SeluGrad"), real(5), unit(5),
    want=lambda g, y: g * np.where(y < 0, y + SCALE * ALPHA, SCALE))  # fmt: skip
row("Sigmoid", tf.sigmoid, 5 * real(5), want=lambda x: 1 / (1 + np.exp(-x)))
row("Softplus", tf.nn.softplus, real(5), want=lambda x: np.log1p(np.exp(x)))
row("Softsign", tf.nn.softsign, unit(5), want=lambda x: x / (1 + abs(x)))


def softmax(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


def log_softmax(x):
    return np.log(softmax(x))


row("Softmax", tf.nn.softmax, real(2, 3), want=softmax)
row("Softmax", lambda x: tf.nn.softmax(x, axis=0), real(2, 3), want=lambda x: softmax(x.T).T,
    ranked=True)  # fmt: skip
row("LogSoftmax", tf.nn.log_softmax, real(2, 3), want=log_softmax)
row("SoftmaxCrossEntropyWithLogits", raw("SoftmaxCrossEntropyWithLogits"), real(4, 3),
    probabilities(4, 3),
    want=lambda x, p: [-(p * log_softmax(x)).sum(1), softmax(x) - p])  # fmt: skip
row("SoftmaxCrossEntropyWithLogits",
    lambda x, p: tf.nn.softmax_cross_entropy_with_logits_v2(labels=p, logits=x), real(2, 4, 3),
    probabilities(2, 4, 3), want=lambda x, p: -(p * log_softmax(x)).sum(-1))  # fmt: skip
row("SparseSoftmaxCrossEntropyWithLogits",
    lambda x, i: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=x), real(4, 3),
    np.int64([0, 2, 1, 2]), ranked=True,
    want=lambda x, i: -log_softmax(x)[range(4), i])  # fmt: skip
row("L2Loss", tf.nn.l2_loss, real(2, 3), want=lambda x: (x**2).sum() / 2)
row("BiasAdd", tf.nn.bias_add, real(2, 3), real(3), want=np.add)
row("BiasAdd", lambda x, b: tf.nn.bias_add(x, b, "NCHW"), real(2, 3, 2, 2), real(3),
    want=lambda x, b: x + b[:, None, None], ranked=True)  # fmt: skip
row("BiasAddGrad", raw("BiasAddGrad"), real(2, 2, 3), want=lambda x: x.sum((0, 1)))
row("BiasAddGrad", lambda x: raw("BiasAddGrad")(x, data_format="NCHW"), real(2, 3, 2, 2),
    want=lambda x: x.sum((0, 2, 3)))  # fmt: skip

# -- convolution and pooling ----------------------------------------------------------------------

IMAGES, FILTER = real(2, 6, 5, 2), real(3, 2, 2, 3)


def attributes(stride=1, padding="SAME", dilation=1, around=()):
    """Those of Conv2D, from what the reference takes."""
    explicit = [0, 0, *around[0], *around[1], 0, 0] if around else []
    return dict(strides=[1, stride, stride, 1], padding=padding, explicit_paddings=explicit,
                dilations=[1, dilation, dilation, 1])  # fmt: skip


for window in (
    dict(),
    dict(stride=2, padding="VALID"),
    dict(stride=3),
    dict(dilation=2),
    dict(stride=2, padding="VALID", dilation=2),
    dict(stride=2, padding="EXPLICIT", around=((2, 1), (0, 3))),
):
    attrs, meant = attributes(**window), convolution(IMAGES, FILTER, **window)
    DY = real(*meant.outputs(IMAGES, FILTER).shape)
    row("Conv2D", lambda x, f, attrs=attrs: raw("Conv2D")(x, f, **attrs), IMAGES, FILTER,
        want=meant.outputs)  # fmt: skip
    row("Conv2DBackpropInput", lambda f, dy, attrs=attrs:
        raw("Conv2DBackpropInput")(IMAGES.shape, f, dy, **attrs), FILTER, DY,
        want=meant.of_input)  # fmt: skip
    row("Conv2DBackpropFilter", lambda x, dy, attrs=attrs:
        raw("Conv2DBackpropFilter")(x, FILTER.shape, dy, **attrs), IMAGES, DY,
        want=meant.of_filter)  # fmt: skip
FIRST = dict(strides=[1, 1, 2, 2], padding="SAME", data_format="NCHW")
STRIDE_2 = convolution(IMAGES, FILTER, 2)
row("Conv2D", lambda x, f: tf.nn.conv2d(x, f, **FIRST), first(IMAGES), FILTER,
    want=lambda x, f: first(STRIDE_2.outputs(last(x), f)))  # fmt: skip
row("Conv2DBackpropInput", lambda f, dy: tf.nn.conv2d_backprop_input([2, 2, 6, 5], f, dy, **FIRST),
    FILTER, real(2, 3, 3, 3), want=lambda f, dy: first(STRIDE_2.of_input(f, last(dy))))  # fmt: skip
row("Conv2DBackpropFilter",
    lambda x, dy: tf.nn.conv2d_backprop_filter(x, FILTER.shape, dy, **FIRST),
    first(IMAGES), real(2, 3, 3, 3),
    want=lambda x, dy: STRIDE_2.of_filter(last(x), last(dy)))  # fmt: skip
row("Conv2DBackpropInput", lambda f, dy: tf.nn.conv2d_transpose(dy, f, IMAGES.shape, 2),
    FILTER, real(2, 3, 3, 3), want=STRIDE_2.of_input)  # fmt: skip

for window in (dict(), dict(stride=2, padding="VALID"), dict(dilation=2)):
    attrs = attributes(**window)
    del attrs["explicit_paddings"]
    meant = convolution(IMAGES, FILTER, kind=Depthwise, **window)
    DY = real(*meant.outputs(IMAGES, FILTER).shape)
    row("DepthwiseConv2dNative", lambda x, f, attrs=attrs:
        tf.nn.depthwise_conv2d_native(x, f, **attrs), IMAGES, FILTER,
        want=meant.outputs)  # fmt: skip
    row("DepthwiseConv2dNativeBackpropInput", lambda f, dy, attrs=attrs:
        tf.nn.depthwise_conv2d_backprop_input(IMAGES.shape, f, dy, **attrs), FILTER, DY,
        want=meant.of_input)  # fmt: skip
    row("DepthwiseConv2dNativeBackpropFilter", lambda x, dy, attrs=attrs:
        tf.nn.depthwise_conv2d_backprop_filter(x, FILTER.shape, dy, **attrs), IMAGES, DY,
        want=meant.of_filter)  # fmt: skip

DISTINCT = distinct(2, 5, 4, 2)
for size, stride, padding in ((2, 2, "SAME"), (3, 2, "VALID"), (3, 1, "SAME"), (2, 3, "SAME")):
    window = dict(ksize=[1, size, size, 1], strides=[1, stride, stride, 1], padding=padding)
    meant = pooling(DISTINCT, size, stride, padding)
    LARGEST = meant.largest(DISTINCT)
    DY = real(*LARGEST.shape)
    row("MaxPool", lambda x, window=window: tf.nn.max_pool(x, **window), DISTINCT,
        want=meant.largest)  # fmt: skip
    row("MaxPoolGrad", lambda dy, window=window, y=LARGEST:
        raw("MaxPoolGrad")(tf.cast(DISTINCT, dy.dtype), tf.cast(y, dy.dtype), dy, **window), DY,
        want=lambda dy, meant=meant: meant.of_largest(DISTINCT, dy))  # fmt: skip
    row("MaxPoolGradGrad", lambda g, window=window, y=LARGEST:
        raw("MaxPoolGradGrad")(tf.cast(DISTINCT, g.dtype), tf.cast(y, g.dtype), g, **window),
        real(2, 5, 4, 2), want=lambda g, meant=meant: meant.at_largest(DISTINCT, g))  # fmt: skip
    row("AvgPool", lambda x, window=window: tf.nn.avg_pool(x, **window), DISTINCT,
        want=meant.mean)  # fmt: skip
    row("AvgPoolGrad", lambda dy, window=window: raw("AvgPoolGrad")(DISTINCT.shape, dy, **window),
        DY, want=lambda dy, meant=meant: meant.of_mean(DISTINCT.shape, dy))  # fmt: skip
BY_2 = pooling(DISTINCT, 2, 2)
row("MaxPool", lambda x: tf.nn.max_pool(x, 2, 2, "SAME", "NCHW"), first(DISTINCT),
    want=lambda x: first(BY_2.largest(last(x))))  # fmt: skip
row("AvgPool", lambda x: tf.nn.avg_pool(x, 2, 2, "SAME", "NCHW"), first(DISTINCT),
    want=lambda x: first(BY_2.mean(last(x))))  # fmt: skip
row("MaxPool", lambda x: tf.nn.max_pool(x, [1, 1, 1, 2], [1, 1, 1, 2], "SAME"),
    distinct(2, 3, 2, 4), want=lambda x: x.reshape(2, 3, 2, 2, 2).max(4))  # fmt: skip

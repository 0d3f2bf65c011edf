"""Element-wise ops, and products."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.interop.onnx.lowering import Array, Model, lowers

SAME = {  # TensorFlow's type: ONNX's
    "Abs": "Abs", "Acos": "Acos", "Acosh": "Acosh", "Add": "Add", "AddV2": "Add", "Asin": "Asin",
    "Asinh": "Asinh", "Atan": "Atan", "Atanh": "Atanh", "Ceil": "Ceil", "Copy": "Identity",
    "Cos": "Cos", "Cosh": "Cosh", "Elu": "Elu", "Equal": "Equal", "Erf": "Erf", "Exp": "Exp",
    "Floor": "Floor", "Greater": "Greater", "GreaterEqual": "GreaterOrEqual",
    "Identity": "Identity", "IsInf": "IsInf", "IsNan": "IsNaN", "Less": "Less",
    "LessEqual": "LessOrEqual", "Log": "Log", "LogicalAnd": "And", "LogicalNot": "Not",
    "LogicalOr": "Or", "Maximum": "Max", "Minimum": "Min", "Mul": "Mul", "Neg": "Neg",
    "PlaceholderWithDefault": "Identity", "Pow": "Pow", "PreventGradient": "Identity",
    "RealDiv": "Div", "Reciprocal": "Reciprocal", "Relu": "Relu", "Rint": "Round",
    "Round": "Round", "Sigmoid": "Sigmoid", "Sign": "Sign", "Sin": "Sin", "Sinh": "Sinh",
    "Softplus": "Softplus", "Softsign": "Softsign", "Sqrt": "Sqrt", "StopGradient": "Identity",
    "Sub": "Sub", "Tan": "Tan", "Tanh": "Tanh",
}  # fmt: skip

for _type, _kind in SAME.items():
    lowers(_type)(
        lambda model, *inputs, _kind=_kind, **attrs: model.map(_kind, *inputs)
    )


@lowers("Selu")
def selu(model: Model, x: Array) -> str:
    return model.node("Selu", x, alpha=1.6732632423543772, gamma=1.0507009873554805)


@lowers("LeakyRelu")
def leaky_relu(model: Model, x: Array, *, alpha: float) -> str:
    return model.node("LeakyRelu", x, alpha=float(alpha))


@lowers("Relu6")
def relu6(model: Model, x: Array) -> str:
    return model.node("Clip", x, *(model.constant(n, x.dtype) for n in (0, 6)))


@lowers("Square")
def square(model: Model, x: Array) -> str:
    return model.node("Mul", x, x)


@lowers("SquaredDifference")
def squared_difference(model: Model, x: Array, y: Array) -> str:
    return square(model, model.node("Sub", x, y))


@lowers("Rsqrt")
def rsqrt(model: Model, x: Array) -> str:
    return model.node("Reciprocal", model.node("Sqrt", x))


@lowers("IsFinite")
def is_finite(model: Model, x: Array) -> str:
    return model.node("Not", model.node("Or", model.node("IsNaN", x), model.node("IsInf", x)))


@lowers("Expm1")
def expm1(model: Model, x: Array) -> str:
    return model.node("Sub", model.node("Exp", x), model.constant(1, x.dtype))


@lowers("Log1p")
def log1p(model: Model, x: Array) -> str:
    return model.node("Log", model.node("Add", x, model.constant(1, x.dtype)))


@lowers("NotEqual")
def not_equal(model: Model, x: Array, y: Array, **_: Any) -> str:
    return model.node("Not", model.node("Equal", x, y))


@lowers("FloorMod")
def floor_mod(model: Model, x: Array, y: Array) -> str:
    if x.dtype.kind != "f":
        return model.node("Mod", x, y)
    whole = model.node("Floor", model.node("Div", x, y))
    return model.node("Sub", x, model.node("Mul", whole, y))


@lowers("FloorDiv")
def floor_div(model: Model, x: Array, y: Array) -> str:
    if x.dtype.kind == "f":
        return model.node("Floor", model.node("Div", x, y))
    return model.node("Div", model.node("Sub", x, model.node("Mod", x, y)), y)


@lowers("AddN")
def add_n(model: Model, *inputs: Array) -> str:
    return model.node("Sum", *inputs)


@lowers("Cast")
def cast(model: Model, x: Array, *, DstT: Any, Truncate: bool = False) -> str:
    return model.cast(x, DstT.base_dtype.numpy)


@lowers("Select", "SelectV2")
def select(model: Model, condition: Array, x: Array, y: Array) -> str:
    missing = x.rank - condition.rank
    if condition.rank == 1 and missing > 0:  # TensorFlow's Select: one for each row
        sizes = model.integers(np.arange(1, missing + 1))
        return model.node("Where", model.node("Unsqueeze", condition, sizes), x, y)
    return model.node("Where", condition, x, y)


@lowers("Either")
def either(model: Model, x: Array, y: Array, pred: Array) -> str:
    """Where two branches meet: both are computed."""
    return model.node("Where", pred, y, x)


@lowers("BiasAdd")
def bias_add(model: Model, x: Array, bias: Array, *, data_format: Any = "NHWC") -> str:
    if data_format == "NCHW":
        bias = model.node("Unsqueeze", bias, model.integers(np.arange(1, x.rank - 1)))
    return model.map("Add", x, bias)


@lowers("Softmax")
def softmax(model: Model, x: Array) -> str:
    return model.node("Softmax", x, axis=-1)


@lowers("LogSoftmax")
def log_softmax(model: Model, x: Array) -> str:
    return model.node("LogSoftmax", x, axis=-1)


@lowers("MatMul", "BatchMatMulV2")
def matmul(model: Model, a: Array, b: Array, **attrs: Any) -> str:
    turned = [attrs.get(f"transpose_{k}") or attrs.get(f"adj_{n}") for k, n in zip("ab", "xy")]
    pair = [_turned(model, x) if turn else x for x, turn in zip((a, b), turned)]
    return model.node("MatMul", *pair)


def _turned(model: Model, x: Array) -> str:
    axes = list(range(x.rank))
    return model.transpose(x, [*axes[:-2], axes[-1], axes[-2]])

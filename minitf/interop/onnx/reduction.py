"""Reductions and what picks by size."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.interop.onnx.lowering import Array, Model, lowers


def _axes(x: Array, axis: Array) -> list[int]:
    return [int(a) % max(x.rank, 1) for a in np.atleast_1d(axis.known)]


def _reduces(kind: str) -> Callable[..., str]:
    def lowering(model: Model, x: Array, axis: Array, *, keep_dims: bool = False) -> str:
        if x.rank == 0 or (axes := _axes(x, axis)) == []:
            return model.node("Identity", x)
        if kind == "ReduceSum":  # from opset 13 on its axes are an input, and only its
            return model.node(kind, x, model.integers(axes), keepdims=int(keep_dims))
        return model.node(kind, x, axes=axes, keepdims=int(keep_dims))

    return lowering


for _type, _kind in {"Sum": "ReduceSum", "Mean": "ReduceMean", "Max": "ReduceMax",
                     "Min": "ReduceMin", "Prod": "ReduceProd"}.items():  # fmt: skip
    lowers(_type)(_reduces(_kind))


def _of_truths(kind: str) -> Callable[..., str]:
    def lowering(model: Model, x: Array, axis: Array, *, keep_dims: bool = False) -> str:
        numbers = model.cast(x, np.int32)
        axes = _axes(x, axis)
        found = model.node(kind, numbers, axes=axes, keepdims=int(keep_dims)) if axes else numbers
        return model.cast(found, np.bool_)

    return lowering


lowers("All")(_of_truths("ReduceMin"))
lowers("Any")(_of_truths("ReduceMax"))


@lowers("L2Loss")
def l2_loss(model: Model, x: Array) -> str:
    half = model.constant(0.5, x.dtype)
    return model.node("Mul", model.node("ReduceSumSquare", x, keepdims=0), half)


def _picks(kind: str) -> Callable[..., Any]:
    def lowering(model: Model, x: Array, axis: Array, *, output_type: Any = None) -> Any:
        found = model.node(kind, x, axis=_axes(x, axis)[0], keepdims=0)
        dtype = np.dtype(np.int64) if output_type is None else output_type.base_dtype.numpy
        return found if dtype == np.int64 else model.cast(found, dtype)

    return lowering


lowers("ArgMax")(_picks("ArgMax"))
lowers("ArgMin")(_picks("ArgMin"))


@lowers("TopKV2")
def top_k(model: Model, x: Array, k: Array, *, sorted: bool = True) -> list[str]:
    values, places = model.node("TopK", x, model.integers(k), outputs=2)
    return [values, model.cast(places, np.int32)]


@lowers("Cumsum")
def cumsum(model: Model, x: Array, axis: Array, *, exclusive: bool, reverse: bool) -> str:
    where = model.constant(axis.known, np.int64)
    return model.node("CumSum", x, where, exclusive=int(exclusive), reverse=int(reverse))

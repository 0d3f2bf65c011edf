"""Python's functions, of tensors and datasets."""
from __future__ import annotations

import builtins
import inspect
from typing import Any

from minitf.core.dtypes import float32, int32, int64, string
from minitf.core.tensor import is_tensor
from minitf.ops.array.basics import shape
from minitf.ops.array.sequences import range as tensor_range
from minitf.ops.control_flow.control import py_func
from minitf.ops.math.elementwise import cast, maximum
from minitf.ops.math.operators import abs as tensor_abs
from minitf.ops.strings.numbers import string_to_number


def abs_(x):
    return tensor_abs(x) if is_tensor(x) else builtins.abs(x)


def float_(x=0):
    return _number(x, float32) if is_tensor(x) else builtins.float(x)


def int_(x=0, *base):
    if not is_tensor(x):
        return builtins.int(x, *base)
    if base and base != (10,):
        raise NotImplementedError(f"base {base[0]} not supported for int")
    return _number(x, int32)


def _number(x, dtype):
    return string_to_number(x, dtype) if x.dtype.base_dtype is string else cast(x, dtype)


def len_(x):
    """The size of the first axis: a number where it is known. ValueError for a scalar."""
    if not is_tensor(x):
        return x.size() if hasattr(x, "flow") else builtins.len(x)
    if x.shape.ndims == 0:
        raise ValueError(f"len requires a non-scalar tensor, got one of shape {shape(x)}")
    if x.shape.ndims is not None and x.shape.as_list()[0] is not None:
        return x.shape.as_list()[0]
    return shape(x)[0]


def range_(*limits):
    if not any(is_tensor(each) for each in limits):
        return builtins.range(*limits)
    if len(limits) == 3:
        return tensor_range(*limits)
    start = limits[0] if len(limits) == 2 else 0
    return tensor_range(start, maximum(start, limits[-1])) if len(limits) == 2 else (
        tensor_range(maximum(limits[0], 0)))  # fmt: skip


def enumerate_(items, start=0):
    return items.enumerate(start) if _is_dataset(items) else builtins.enumerate(items, start)


def zip_(*items, **how):
    if items and all(map(_is_dataset, items)):
        return type(items[0]).zip(items)
    return builtins.zip(*items, **how)


def _is_dataset(items):
    return hasattr(items, "_for_each")


def print_(*values, **how):
    """Prints in the run, where there is a tensor among the values."""
    if not any(map(is_tensor, values)):
        return builtins.print(*values, **how)

    def printed(*given):
        builtins.print(*(x.decode() if isinstance(x, bytes) else x for x in given),
                       **{"flush": True, **how})  # fmt: skip
        return 1

    return py_func(printed, list(values), int64)


_OVERLOADS: dict[Any, Any] = {
    builtins.abs: abs_, builtins.float: float_, builtins.int: int_, builtins.len: len_,
    builtins.print: print_, builtins.range: range_, builtins.enumerate: enumerate_,
    builtins.zip: zip_,
}  # fmt: skip


def overload(function: Any) -> Any:
    """What is called in place of a function of Python's; any other callable itself."""
    if isinstance(function, type) or inspect.isbuiltin(function):
        return _OVERLOADS.get(function, function)
    return function

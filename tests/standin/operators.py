"""The operators of device arrays, and the methods that are plainly NumPy's."""
from __future__ import annotations

import functools
import operator

import numpy as np

from standin.array import RECORD, SCALARS, call, ndarray

METHODS = RECORD["classes"]["ndarray"]


def _to_number(name):
    def refuse(self, *args):
        raise TypeError(f"{name} of a device array: an implicit transfer; say .item() or .get()")

    return refuse


for _name in ("__float__", "__int__", "__bool__", "__complex__", "__format__"):
    setattr(ndarray, _name, _to_number(_name))
for _name in ("tobytes", "tofile", "dump", "dumps", "toDlpack", "choose", "cstruct", "mdspan"):
    setattr(ndarray, _name, _to_number(_name))


def _operator(name, function, swapped=False):
    def apply(self, other):
        if not isinstance(other, (ndarray, np.ndarray, *SCALARS)):
            return NotImplemented
        operands = (other, self) if swapped else (self, other)
        return call(function, name, operands, {})

    apply.__name__ = name
    return apply


BINARY = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "divmod"]
BITS = ["and", "or", "xor", "lshift", "rshift"]
for _name in BINARY + BITS:
    _function = divmod if _name == "divmod" else getattr(operator, f"__{_name}__")
    setattr(ndarray, f"__{_name}__", _operator(f"__{_name}__", _function))
    setattr(ndarray, f"__r{_name}__", _operator(f"__r{_name}__", _function, swapped=True))
    if _name not in ("divmod", "matmul"):  # a @= b makes a new array
        _function = getattr(operator, f"__i{_name}__")
        setattr(ndarray, f"__i{_name}__", _operator(f"__i{_name}__", _function))
for _name in ["eq", "ne", "lt", "le", "gt", "ge"]:
    setattr(ndarray, f"__{_name}__", _operator(f"__{_name}__", getattr(operator, _name)))
for _name in ["neg", "pos", "abs", "invert"]:
    _function = getattr(operator, f"__{_name}__")
    setattr(ndarray, f"__{_name}__", functools.partialmethod(
        lambda self, function, name: call(function, name, (self,), {}), _function, _name,
    ))  # fmt: skip


def check_names(what: str, allowed, kwargs) -> None:
    """Raise TypeError for a keyword that CuPy's function lacks."""
    if allowed is None or any(name.startswith("**") for name in allowed):
        return
    for name in kwargs:
        if name not in allowed:
            raise TypeError(f"{what}() got an unexpected keyword argument '{name}'")


def _method(name, allowed):
    function = getattr(np.ndarray, name)

    def method(self, *args, **kwargs):
        check_names(name, [one.lstrip("*") for one in allowed], kwargs)
        return call(function, name, (self, *args), kwargs)

    method.__name__ = name
    return method


for _name, _allowed in METHODS.items():
    if _allowed is not None and not hasattr(ndarray, _name) and hasattr(np.ndarray, _name):
        setattr(ndarray, _name, _method(_name, _allowed))


def ptp(self, axis=None, out=None, keepdims=False):
    """Largest less smallest."""
    return call(np.ptp, "ptp", (self,), {"axis": axis, "out": out, "keepdims": keepdims})


def minimum(self, axis=None, out=None, keepdims=False):
    """The least. Where CuPy 14.2 hands this to CUB it takes `out` for a dtype."""
    if out is not None:
        raise TypeError("operand type(s) all returned NotImplemented: 'ndarray', 'Float64DType'")
    return call(np.min, "min", (self,), {"axis": axis, "keepdims": keepdims})


ndarray.ptp, ndarray.min = ptp, minimum

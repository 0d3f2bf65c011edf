"""What stands for a value that is not there: of a name not set, of a `return` not reached."""
from __future__ import annotations

from typing import Any, NoReturn


class Undefined:
    """The value of a name that has not been set; what uses it raises UnboundLocalError."""

    def __init__(self, symbol_name: str) -> None:
        self.symbol_name = symbol_name

    def __repr__(self) -> str:
        return f"Undefined({self.symbol_name!r})"

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__") and name != "__array__":
            raise AttributeError(name)
        self._unbound()

    def _unbound(self, *_: Any) -> NoReturn:
        raise UnboundLocalError(f"local variable '{self.symbol_name}' referenced before assignment")


_SIGNS = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor"]
_USES = ["bool", "iter", "len", "call", "getitem", "setitem", "int", "float", "neg", "abs", "lt",
         "le", "gt", "ge", "array", *_SIGNS, *(f"r{sign}" for sign in _SIGNS)]  # fmt: skip
for _use in _USES:
    setattr(Undefined, f"__{_use}__", Undefined._unbound)


class UndefinedReturnValue:
    """What a function has returned before it comes to a `return`: None."""


def retval(value: Any) -> Any:
    """What a function returns: None where it came to no `return`."""
    return None if isinstance(value, UndefinedReturnValue) else _defined(value)


def _defined(value: Any) -> Any:
    return value._unbound() if isinstance(value, Undefined) else value


def is_defined(value: Any) -> bool:
    return not isinstance(value, Undefined)


def value_of(read: Any, name: str) -> Any:
    """The value of an attribute or an item, or Undefined where it is not there yet."""
    try:
        return read()
    except (AttributeError, LookupError):
        return Undefined(name)

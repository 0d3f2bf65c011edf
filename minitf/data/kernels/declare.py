"""How dataset ops are declared."""
from __future__ import annotations

from typing import Any

from minitf.core.errors import InvalidArgumentError
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import TypeAttr

Arguments = TypeAttr("Targuments", each=True)  # what functions have captured
Components = TypeAttr("Toutput_types", each=True)


def dataset_op(type: str, **traits: Any) -> Any:
    """Declare an op that makes a dataset: a scalar of type variant, on the host."""
    usual = {"shape": lambda *_, **__: (), "grad": NOT_DIFFERENTIABLE, "stateful": True,
             "host": True}  # fmt: skip
    return op(type, **usual | traits)


def positive(value: Any, name: str) -> int:
    """A number of elements. InvalidArgumentError unless it is positive."""
    if value <= 0:
        raise InvalidArgumentError(None, None, f"{name} must be greater than zero.")
    return int(value)


def text(value: Any) -> str:
    """A scalar string as str."""
    return str(value.decode() if isinstance(value, bytes) else value.item().decode())

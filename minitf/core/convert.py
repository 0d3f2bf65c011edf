"""convert_to_tensor: what may stand where a Tensor is expected."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.core.dtypes import DType, as_dtype
from minitf.core.tensor import Tensor

_CONVERSIONS: list[tuple[int, Any, Callable[..., Any]]] = []
_BY_TYPE: dict[type, list[Callable[..., Any]]] = {}


def register_tensor_conversion_function(
    base_type: Any, conversion_func: Callable[..., Any], priority: int = 100
) -> None:
    """Let values of `base_type` (a type or tuple of types) stand where tensors are expected.

    `conversion_func(value, dtype=None, name=None, as_ref=False)` returns a Tensor, or
    NotImplemented to let the next one try; lower priorities are asked first.
    """
    _CONVERSIONS.append((priority, base_type, conversion_func))
    _CONVERSIONS.sort(key=lambda entry: entry[0])
    _BY_TYPE.clear()


def _functions(kind: type) -> list[Callable[..., Any]]:
    if kind not in _BY_TYPE:
        _BY_TYPE[kind] = [f for _, base, f in _CONVERSIONS if issubclass(kind, base)]
    return _BY_TYPE[kind]


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    dtype_hint: Any = None,
    as_ref: bool = False,
) -> Any:
    """`value` as a Tensor: a Tensor, a Variable, an array, a number, or lists of these.

    `dtype` is required of the result, `dtype_hint` (or `preferred_dtype`) only wished for.
    Raises TypeError when there is no such Tensor, ValueError for None or values that do not fit.
    """
    hint = dtype_hint if dtype_hint is not None else preferred_dtype
    if isinstance(value, Tensor):
        return _checked(value, None if dtype is None else as_dtype(dtype))
    if dtype is None and hint is not None:
        try:
            return _converted(value, as_dtype(hint), name, as_ref)
        except (TypeError, ValueError):
            pass  # only a wish: the value's own type is tried next
    return _converted(value, None if dtype is None else as_dtype(dtype), name, as_ref)


def _checked(tensor: Tensor, dtype: DType | None) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(tensor.dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
            f"{tensor.dtype.name}: {tensor!r}; tf.cast changes the type."
        )
    return tensor


def _converted(value: Any, dtype: DType | None, name: str | None, as_ref: bool) -> Any:
    if value is None:
        raise ValueError("None values not supported.")
    for function in _functions(type(value)):
        tensor = function(value, dtype=dtype, name=name, as_ref=as_ref)
        if tensor is not NotImplemented:
            return tensor
    raise TypeError(
        f"Cannot convert {value!r} with type {type(value)} to Tensor: expected a Tensor, a "
        "Variable, a NumPy array, a number, a string, or lists of these."
    )

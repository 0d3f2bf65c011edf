"""The `scalar` traits of ops as C: one expression for elements of a given type."""
from __future__ import annotations

import functools
import re
from typing import Any

import numpy as np

C_TYPES = {"float32": "float", "float64": "double", "bool": "uint8_t"}
LOCALS = {**C_TYPES, "bool": "int"}  # of a value in a loop: as wide as its neighbours
FUNCTIONS = {
    "abs": "fabs", "exp": "exponential", "expm1": "exponential_less_1", "log": "logarithm",
    "log1p": "logarithm_of_1_plus", "sqrt": "sqrt",
    "sin": "sin", "cos": "cosine", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "atan2": "atan2", "pow": "pow",
    "floor": "floor", "ceil": "ceil", "rint": "rint", "erf": "erf", "erfc": "erfc",
    "max": "larger", "min": "smaller", "where": "choose",
}  # fmt: skip
CLASSIFIERS = {"isnan", "isinf", "isfinite"}  # macros for every type

CALL = re.compile(r"\b([a-z]\w*)\(")
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?![\w.])")


@functools.lru_cache(maxsize=64)
def type_name(dtype: np.dtype) -> str:
    """`dtype.name`, which NumPy makes anew each time."""
    return dtype.name


def expression(
    scalar: str, arguments: list[str], attrs: dict[str, Any], dtype: str
) -> str | None:
    """A `scalar` trait with names for its inputs, as C for elements of type `dtype`.

    None when it needs a function or an attribute that C has not.
    """
    suffix = "f" if dtype == "float32" else ""
    unknown = set(CALL.findall(scalar)) - FUNCTIONS.keys() - CLASSIFIERS
    if unknown:
        return None
    for key, value in attrs.items():
        if re.search(rf"\b{key}\b", scalar):
            if not isinstance(value, (int, float)):
                return None
            scalar = re.sub(rf"\b{key}\b", repr(float(value)), scalar)
    text = _NUMBER.sub(lambda m: _number(m[1], suffix), scalar)
    text = CALL.sub(
        lambda m: f"{m[1] if m[1] in CLASSIFIERS else FUNCTIONS[m[1]] + suffix}(", text
    )
    return re.sub(r"\bx(\d+)\b", lambda m: arguments[int(m[1])], text)


def literal(value: np.ndarray, dtype: str) -> str:
    """A known scalar as C writes it, exactly."""
    number = value.item()
    if dtype == "bool":
        return str(int(number))
    if not np.isfinite(number):
        return "NAN" if np.isnan(number) else ("INFINITY" if number > 0 else "(-INFINITY)")
    text = _number(str(value), "f" if dtype == "float32" else "")  # the shortest that is exact
    return f"({text})" if np.signbit(value) else text


def _number(text: str, suffix: str) -> str:
    return text + (suffix if "." in text or "e" in text.lower() else f".0{suffix}")

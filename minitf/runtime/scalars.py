"""The `scalar` traits of ops as C: one expression for elements of a given type."""
from __future__ import annotations

import functools
import re
from typing import Any

import numpy as np

from minitf.backend import special

C_TYPES = {"float32": "float", "float64": "double", "bool": "uint8_t"}
INTEGERS = {name: f"{name}_t" for name in ("int8", "int16", "int32", "int64",
                                           "uint8", "uint16", "uint32")}  # fmt: skip
LOCALS = {**C_TYPES, **INTEGERS, "bool": "int"}  # of a value in a loop: as wide as its neighbours
# What a loop may copy: types without arithmetic as what is of their size.
STORED = {**C_TYPES, **INTEGERS, "uint64": "uint64_t", "float16": "uint16_t",
          "complex64": "uint64_t"}  # fmt: skip
FUNCTIONS = {
    "abs": "fabs", "exp": "exponential", "expm1": "exponential_less_1", "log": "logarithm",
    "log1p": "logarithm_of_1_plus", "sqrt": "sqrt",
    "sin": "sin", "cos": "cosine", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "asinh": "asinh", "acosh": "acosh",
    "atanh": "atanh", "nextafter": "nextafter", "atan2": "atan2", "pow": "power",
    "floor": "floor", "ceil": "ceil", "rint": "rint", "erf": "erf", "erfc": "erfc",
    "lgamma": "log_gamma", "max": "larger", "min": "smaller", "where": "choose",
    "mod": "modulo", "bfloat16": "bfloat16",
    **{name: name for name in special.NAMES},
}  # fmt: skip
FUNCTIONS_OF_INTEGERS = {"abs": "magnitude", "max": "larger", "min": "smaller", "where": "choose"}
CLASSIFIERS = {"isnan", "isinf", "isfinite"}  # macros for every type

CALL = re.compile(r"\b([a-z]\w*)\(")
_WORD, _ARGUMENT = re.compile(r"[a-z]\w*"), re.compile(r"x\d+")
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
    if dtype in INTEGERS and not _exact(scalar):
        return None
    suffix = "f" if dtype == "float32" else ""
    unknown = set(CALL.findall(scalar)) - FUNCTIONS.keys() - CLASSIFIERS
    if unknown:
        return None
    for key, value in attrs.items():
        if re.search(rf"\b{key}\b", scalar):
            if not isinstance(value, (int, float)):
                return None
            scalar = re.sub(rf"\b{key}\b", repr(float(value)), scalar)
    text, functions = scalar, FUNCTIONS_OF_INTEGERS
    if dtype not in INTEGERS:
        text = _NUMBER.sub(lambda m: _number(m[1], suffix), scalar)
        functions = {name: function + suffix for name, function in FUNCTIONS.items()}
    text = CALL.sub(lambda m: f"{functions.get(m[1], m[1])}(", text)
    return re.sub(r"\bx(\d+)\b", lambda m: arguments[int(m[1])], text)


def _exact(scalar: str) -> bool:
    """Whether integers give the same in C as in NumPy: what divides, or rounds, does not."""
    words = {word for word in _WORD.findall(scalar) if not _ARGUMENT.fullmatch(word)}
    return words <= FUNCTIONS_OF_INTEGERS.keys() and not {"/", "."} & set(scalar)


def literal(value: np.ndarray, dtype: str) -> str:
    """A known scalar as C writes it, exactly."""
    number = value.item()
    if dtype == "bool":
        return str(int(number))
    if dtype in INTEGERS:
        return _integer(number, dtype)
    if not np.isfinite(number):
        return "NAN" if np.isnan(number) else ("INFINITY" if number > 0 else "(-INFINITY)")
    text = _number(str(value), "f" if dtype == "float32" else "")  # the shortest that is exact
    return f"({text})" if np.signbit(value) else text


def _integer(number: int, dtype: str) -> str:
    """Cast, because C has no literal for the least number."""
    text = f"({number + 1}LL - 1)" if number < 0 else f"{number}LL"
    return f"(({INTEGERS[dtype]}){text})"


def _number(text: str, suffix: str) -> str:
    return text + (suffix if "." in text or "e" in text.lower() else f".0{suffix}")

"""Results of snippets as JSON, and their comparison; runs on Python 3.7 and later.

A plain int, bool, str, None, list or str-keyed dict stands for itself. Everything whose Python
type a user can tell apart is a dict with one marker key, so that np.float32(1) is not 1.0.
"""

import math

import numpy as np

RTOL, ATOL = 1e-5, 1e-6
DIGITS = 7


def encode(value):
    """The JSON form of a snippet's result."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, np.ndarray):
        return {
            "dtype": value.dtype.name,
            "shape": list(value.shape),
            "values": [_element(item) for item in value.ravel().tolist()],
        }
    if isinstance(value, np.generic):
        return {"scalar": value.dtype.name, "value": _element(value.item())}
    if isinstance(value, (float, complex, bytes)):
        return _element(value)
    if isinstance(value, tuple):
        return {"tuple": [encode(item) for item in value], "type": type(value).__name__}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, type):
        return {"class": value.__name__}
    raise TypeError(f"A snippet may not return {type(value).__name__}: {value!r}")


def _element(item):
    if isinstance(item, bytes):
        return {"bytes": item.decode("latin-1")}
    if isinstance(item, complex):
        return {"complex": [_rounded(item.real), _rounded(item.imag)]}
    return _rounded(item) if isinstance(item, float) else item


def _rounded(number):
    if not math.isfinite(number):
        return {"float": repr(number)}
    return float("{:.{}g}".format(number, DIGITS))


def differences(ours, theirs, where="result"):
    """What parts `ours` from `theirs`, one line each; empty when they agree."""
    if _is_float(ours) and _is_float(theirs):
        if abs(ours - theirs) <= ATOL + RTOL * abs(theirs):
            return []
        return [_line(where, ours, theirs)]
    if type(ours) is not type(theirs):
        return [_line(where, ours, theirs)]
    if isinstance(ours, dict) and ours.keys() == theirs.keys():
        return _flat(differences(ours[k], theirs[k], where + "." + k) for k in sorted(theirs))
    if isinstance(ours, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs))
        return _flat(differences(a, b, f"{where}[{i}]") for i, (a, b) in pairs)
    return [] if ours == theirs else [_line(where, ours, theirs)]


def _is_float(value):
    return isinstance(value, float)


def _flat(lists):
    return [line for lines in lists for line in lines]


def _line(where, ours, theirs):
    return f"{where}: got {ours!r}, TensorFlow gives {theirs!r}"

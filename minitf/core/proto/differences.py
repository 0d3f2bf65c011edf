"""Where the attributes of an op are others in minitf than in TensorFlow: one entry for both ways.

`written` makes TensorFlow's attributes of minitf's, `read` minitf's of TensorFlow's.
"""
from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

from minitf.core.dtypes import bfloat16
from minitf.core.proto.graph_def import NameAttrList
from minitf.core.proto.tensor import constant_proto

Attributes = dict[str, Any]


def _same(attrs: Attributes) -> Attributes:
    return attrs


class Difference(NamedTuple):
    """`lacks` are attributes of TensorFlow's that minitf has not: nodes have their defaults, and
    one that asks for something else is refused."""

    written: Callable[[Attributes], Attributes] = _same
    read: Callable[[Attributes], Attributes] = _same
    lacks: tuple[str, ...] = ()


# -- Python functions -----------------------------------------------------------------------------

# What the token of a PyFunc stands for, in this process, as long as a graph has it.
_FUNCTIONS: Any = weakref.WeakValueDictionary()
_KEPT: dict[str, Any] = {}  # what cannot be referred to weakly
_NUMBERS = itertools.count()


def _token(function: Any) -> str:
    for known in (_FUNCTIONS, _KEPT):
        for token, other in list(known.items()):
            if other is function:
                return token
    token = f"pyfunc_{next(_NUMBERS)}"
    try:
        _FUNCTIONS[token] = function
    except TypeError:
        _KEPT[token] = function
    return token


def _function(token: str) -> Any:
    found = _FUNCTIONS.get(token, _KEPT.get(token))
    return _Lost(token) if found is None else found


class _Lost:
    """Stands for a function of a process that is gone."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, *_: Any) -> Any:
        raise ValueError(
            f"callback {self.token} is not found: a graph that is read from a file has no Python "
            "functions"
        )


def _with_token(attrs: Attributes) -> Attributes:
    func = attrs["func"]
    token = func.token if isinstance(func, _Lost) else _token(func)
    return {"token": token, "Tin": attrs.get("T", []), "Tout": attrs["Tout"]}


def _with_function(attrs: Attributes) -> Attributes:
    return {"func": _function(attrs["token"]), "Tout": attrs["Tout"]}


# -- the table ------------------------------------------------------------------------------------


def _without(*names: str) -> Callable[[Attributes], Attributes]:
    return lambda attrs: {name: attrs[name] for name in attrs if name not in names}


def _cross_types(attrs: Attributes) -> Attributes:
    """Of the indices, values and shapes of N sparse inputs, and dense inputs, TensorFlow tells the
    types of values and of dense inputs."""
    count, types = attrs["N"], attrs.get("T", [])
    told = {"sparse_types": types[count : 2 * count], "dense_types": types[3 * count :]}
    return {**_without("T")(attrs), **told}


def _in_parts(counts: str, types: str, *parts: str) -> Difference:
    """Of an op whose lists of tensors are one in minitf: `counts` says how many are in each."""

    def written(attrs: Attributes) -> Attributes:
        every = iter(attrs.get(types, []))
        pairs = zip(parts, attrs[counts])
        return attrs | {part: list(itertools.islice(every, count)) for part, count in pairs}

    def read(attrs: Attributes) -> Attributes:
        return attrs | {counts: tuple(len(attrs[part]) for part in parts)}

    return Difference(written, read)


def _named(own: str, theirs: str) -> Difference:
    """Of an attribute that minitf knows under another name."""
    return Difference(
        lambda attrs: attrs | {theirs: attrs[own]}, lambda attrs: attrs | {own: attrs[theirs]}
    )


def _without_generator(attrs: Attributes) -> Attributes:
    """The functions that TensorFlow would call: the Python function cannot be written."""
    parts = ("init", "next", "finalize")
    functions = {f"{part}_func": NameAttrList(name=f"generator_{part}") for part in parts}
    return {f"T{part}_func_args": [] for part in parts} | attrs | functions


def _in_halves(attrs: Attributes) -> Attributes:
    """Of a constant of bfloat16 the message: its array, which is of float32, does not tell."""
    if attrs["dtype"] is not bfloat16:
        return attrs
    return attrs | {"value": constant_proto(attrs["value"], bfloat16)}


def _states_first(attrs: Attributes) -> Attributes:
    types, count = attrs.get("Targuments", []), attrs["_states"]
    return attrs | {"Tstate": types[:count], "Targuments": types[count:]}


_STATED = Difference(_states_first, lambda attrs: attrs | {"_states": len(attrs["Tstate"])})
_PY_FUNC = Difference(_with_token, _with_function)
_JPEG = Difference(lacks=("acceptable_fraction", "dct_method", "fancy_upscaling",
                          "try_recover_truncated"))  # fmt: skip
_EQUAL = Difference(lacks=("incompatible_shape_error",))

DIFFERENCES: dict[str, Difference] = {
    "Const": Difference(_in_halves),
    "Bitcast": Difference(_without("size"), lambda attrs: {**attrs, "size": attrs["T"].size}),
    "GeneratorDataset": Difference(
        _without_generator,
        lambda a: a | {"generator": _Lost("of a generator"), "_output": a["output_types"]},
    ),
    "GroupByReducerDataset": _in_parts(
        "_counts", "_captured", *(f"T{each}_func_other_arguments"
                                  for each in ("key", "init", "reduce", "finalize"))
    ),
    "GroupByWindowDataset": _in_parts(
        "_counts", "_captured", *(f"T{each}_func_other_arguments"
                                  for each in ("key", "reduce", "window_size"))
    ),
    "ReduceDataset": _STATED,
    "ScanDataset": _STATED,
    "TensorDataset": _named("_types", "Toutput_types"),
    "TensorSliceDataset": _named("_types", "Toutput_types"),
    "DecodeAndCropJpeg": _JPEG,
    "DecodeJpeg": _JPEG,
    "EagerPyFunc": Difference(_with_token, _with_function, lacks=("is_async",)),
    "Equal": _EQUAL,
    "NotEqual": _EQUAL,
    "PyFunc": _PY_FUNC,
    "ParseSingleExample": Difference(
        _without("dense_types"), lambda attrs: {**attrs, "dense_types": attrs["Tdense"]}
    ),
    "PyFuncStateless": _PY_FUNC,
    "SparseCross": Difference(_cross_types, _without("sparse_types", "dense_types")),
}
# Ops of TensorFlow that take as inputs what minitf's take as attributes. Their nodes are written as
# minitf has them, and known by the attribute that is named here; see graph_util/portable.py.
OWN_FORM = {"ParseExample": "dense_types", "ParseSingleSequenceExample": "context_dense_types"}


def difference(op: str) -> Difference:
    """That of an op; for nearly all there is none."""
    return DIFFERENCES.get(op, _NONE)


_NONE = Difference()

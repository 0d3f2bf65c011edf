"""What a kernel's signature says about an op: its tensors, their types, its attributes."""
from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any, NamedTuple

from minitf.core import dtypes
from minitf.core.dtypes import DType


class TypeAttr(NamedTuple):
    """A type shared by all parameters that carry it: `T` of `Add(x: T, y: T) -> T`."""

    attr: str = "T"
    allowed: tuple[DType, ...] | None = None
    static: bool = False  # a size or axis: known to shape rules, and always in host memory
    each: bool = False  # of several tensors each has its own type
    ref: str = ""  # "value": the variable's live array; "slot": the place that holds it
    default: DType | None = None  # what values become that are no tensors, if they can


def static(attr: str) -> TypeAttr:
    """Sizes or axes whose type is the attribute of this name; of none in TensorFlow, if "_"."""
    return TypeAttr(attr, (dtypes.int32, dtypes.int64), static=True)


class Repeat(NamedTuple):
    """Outputs whose number is the attribute `number`, as `Split` has."""

    type: Any
    number: str


class Ref(NamedTuple):
    """The reference type of what `type` resolves to: what a variable is."""

    type: Any


class Attr(str):
    """The output type that the attribute of this name says, as `Cast` has."""

    __slots__ = ()


T = TypeAttr()
Numeric = TypeAttr("T", dtypes.FLOATS + dtypes.INTEGERS + dtypes.COMPLEX)
Real = TypeAttr("T", dtypes.FLOATS + dtypes.INTEGERS)
Float = TypeAttr("T", dtypes.FLOATS)
Inexact = TypeAttr("T", dtypes.FLOATS + dtypes.COMPLEX)
Ieee = TypeAttr("T", dtypes.IEEE_FLOATS + dtypes.COMPLEX)
IeeeFloat = TypeAttr("T", dtypes.IEEE_FLOATS)
Complex = TypeAttr("T", dtypes.COMPLEX)
# TensorFlow leaves out small integers where they would soon overflow, and others here and there.
_ORDERED = (*dtypes.FLOATS, dtypes.int32, dtypes.int64)
_SIGNED = (*_ORDERED, dtypes.int8, dtypes.int16)
_ADDED = (*_SIGNED, dtypes.uint8, *dtypes.COMPLEX)
Ordered = TypeAttr("T", _ORDERED)
Arithmetic = TypeAttr("T", _ORDERED + dtypes.COMPLEX)
Signed = TypeAttr("T", _SIGNED)
Added = TypeAttr("T", _ADDED)
Compared = TypeAttr("T", (*_ADDED, dtypes.string, dtypes.bool_, *dtypes.QUANTIZED))
Integer = TypeAttr("T", dtypes.INTEGERS)
Index = TypeAttr("Tindices", (dtypes.uint8, dtypes.int32, dtypes.int64))
Each = TypeAttr("T", each=True)
Static = static("Tidx")
StaticValue = TypeAttr("Tidx", dtypes.FLOATS + dtypes.INTEGERS, static=True)
VariableValue = TypeAttr("T", ref="value")
VariableSlot = TypeAttr("T", ref="slot")


class Param(NamedTuple):
    """A tensor that an op takes."""

    name: str
    type: TypeAttr | DType
    variadic: bool = False
    keyword: bool = False  # it follows a variadic one: passed by name

    @property
    def static(self) -> bool:
        return isinstance(self.type, TypeAttr) and self.type.static

    @property
    def ref(self) -> str:
        return self.type.ref if isinstance(self.type, TypeAttr) else ""


class Schema:
    """A signature, read once: `params`, `attrs`, `defaults`, `returns`, whether `out` is there."""

    NOT_TENSORS = ("xp", "out", "state")

    def __init__(self, kernel: Callable[..., Any]) -> None:
        code, notes = kernel.__code__, kernel.__annotations__
        end = code.co_argcount + code.co_kwonlyargcount
        names = code.co_varnames
        keyword = names[code.co_argcount : end]
        tensors = [n for n in keyword if isinstance(notes.get(n), (TypeAttr, DType))]
        positional = [n for n in names[: code.co_argcount] if n not in self.NOT_TENSORS]
        variadic = [names[end]] if code.co_flags & 0x04 else []
        self.params = (
            *(Param(n, notes.get(n, T)) for n in positional),
            *(Param(n, notes.get(n, T), variadic=True) for n in variadic),
            *(Param(n, notes[n], keyword=True) for n in tensors),
        )
        self.fixed = not variadic
        self.static = any(param.static for param in self.params)
        self.out = "out" in names[:end]
        self.attrs = tuple(n for n in keyword if n not in tensors and n not in self.NOT_TENSORS)
        self.defaults = kernel.__kwdefaults__ or {}
        self.returns = notes.get("return", T)
        self.several = isinstance(self.returns, (list, Repeat))

    def signature(self) -> Signature:
        """How the op is called, for `help` and `inspect`: tensors, the name, attributes."""
        tensors = [Parameter(p.name, self._kind(p)) for p in self.params]
        attrs = [
            Parameter(n, Parameter.KEYWORD_ONLY, default=self.defaults.get(n, Parameter.empty))
            for n in self.attrs
        ]
        kind = Parameter.POSITIONAL_OR_KEYWORD if self.fixed else Parameter.KEYWORD_ONLY
        name = Parameter("name", kind, default=None)
        return Signature(sorted([*tensors, name, *attrs], key=lambda parameter: parameter.kind))

    @staticmethod
    def _kind(param: Param) -> Any:
        if param.variadic:
            return Parameter.VAR_POSITIONAL
        return Parameter.KEYWORD_ONLY if param.keyword else Parameter.POSITIONAL_OR_KEYWORD

    def arguments(self, inputs: Any) -> list[tuple[Param, Any]]:
        """Each input with its parameter."""
        if self.fixed:
            return list(zip(self.params, inputs))
        extra = len(inputs) - (len(self.params) - 1)
        spread = [p for p in self.params for _ in range(extra if p.variadic else 1)]
        return list(zip(spread, inputs))

    def call(self, function: Callable[..., Any], inputs: Any, *first: Any, **attrs: Any) -> Any:
        """`function(*first, *inputs, **attrs)`, the inputs after a variadic one by name."""
        if self.fixed:
            return function(*first, *inputs, **attrs)
        pairs = self.arguments(inputs)
        named = {param.name: value for param, value in pairs if param.keyword}
        return function(*first, *(v for p, v in pairs if not p.keyword), **named, **attrs)

    def output_types(self, bound: dict[str, DType], attrs: dict[str, Any]) -> list[DType]:
        """The types of the outputs, given the type attributes and the attributes."""
        if self.returns is None:
            return []
        returns = self.returns if isinstance(self.returns, list) else [self.returns]
        return [dtype for each in returns for dtype in _resolved(each, bound, attrs)]


def _resolved(returns: Any, bound: dict[str, DType], attrs: dict[str, Any]) -> list[DType]:
    if isinstance(returns, Repeat):
        return _resolved(returns.type, bound, attrs) * attrs[returns.number]
    if isinstance(returns, Ref):
        return [dtype._as_ref for dtype in _resolved(returns.type, bound, attrs)]
    if isinstance(returns, str):
        found = attrs[returns]
        return list(found) if isinstance(found, (tuple, list)) else [found]
    if isinstance(returns, TypeAttr):
        dtype = bound[returns.attr]
        return [dtype._as_ref if returns.ref else dtype]
    return [returns]

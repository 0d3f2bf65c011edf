"""Element types of tensors: `tf.float32`, `tf.int32`, `tf.string`, ...

A DType is a name, TensorFlow's enum number and the NumPy type that stores it.
`string` is stored as NumPy objects that are `bytes`.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core.bfloat16 import numpy_type as bfloat16_of_numpy

_REF = 100  # TensorFlow's enum of a reference type is that of the value type plus 100.


class DType:
    """The type of the elements of a Tensor, or of the Variable it refers to.

    There is one of each: `DType(type_enum)` is that of TensorFlow's number. TypeError for others.
    """

    __slots__ = ("_base", "_numpy", "enum", "name")
    name: str
    enum: int
    _numpy: np.dtype
    _base: DType

    def __new__(cls, type_enum: Any) -> DType:
        known = _BY_ENUM.get(int(type_enum))
        if known is None:
            raise TypeError(f"type_enum is not a valid types_pb2.DataType: {type_enum!r}")
        return known

    @classmethod
    def _made(cls, name: str, enum: int, numpy_type: Any, base: DType | None = None) -> DType:
        self = object.__new__(cls)
        self.name, self.enum, self._numpy = name, enum, np.dtype(numpy_type)
        self._base = base or self
        return self

    @property
    def as_numpy_dtype(self) -> Any:
        """NumPy's scalar type, such as `np.float32`; `np.object_` for strings."""
        return self._numpy.type

    @property
    def numpy(self) -> np.dtype:
        """NumPy's dtype object, such as `np.dtype('float32')`."""
        return self._numpy

    @property
    def as_datatype_enum(self) -> int:
        return self.enum

    @property
    def base_dtype(self) -> DType:
        """The value type of a reference type; itself otherwise."""
        return self._base

    @property
    def _as_ref(self) -> DType:
        return _BY_ENUM[self._base.enum + _REF]

    @property
    def _is_ref_dtype(self) -> bool:
        return self.enum > _REF

    @property
    def real_dtype(self) -> DType:
        """The type of the real part: float32 for complex64, float64 for complex128, else itself."""
        return {complex64: float32, complex128: float64}.get(self._base, self)

    @property
    def is_bool(self) -> bool:
        return self._numpy.kind == "b"

    @property
    def is_integer(self) -> bool:
        return self._numpy.kind in "iu"

    @property
    def is_floating(self) -> bool:
        return self._numpy.kind == "f"

    @property
    def is_complex(self) -> bool:
        return self._numpy.kind == "c"

    @property
    def is_unsigned(self) -> bool:
        return self._numpy.kind == "u"

    @property
    def is_quantized(self) -> bool:
        return False

    @property
    def is_numpy_compatible(self) -> bool:
        return True

    @property
    def size(self) -> int:
        """Bytes of one element; 1 for strings, as TensorFlow says."""
        return 1 if self._numpy.kind == "O" else self._numpy.itemsize

    @property
    def min(self) -> Any:
        """The least finite value. TypeError for bool, string and complex."""
        return self._limits()[0]

    @property
    def max(self) -> Any:
        """The greatest finite value. TypeError for bool, string and complex."""
        return self._limits()[1]

    @property
    def limits(self) -> tuple[Any, Any]:
        """`(0, 1)` for floats, `(0, max)` for integers: the range images use."""
        return (0, 1) if self.is_floating else (0, self.max)

    def _limits(self) -> tuple[Any, Any]:
        if self.is_floating:
            info = np.finfo(self._numpy)
            return info.min, info.max
        if self.is_integer:
            bounds = np.iinfo(self._numpy)
            return bounds.min, bounds.max
        raise TypeError(f"Cannot find the least and greatest value of {self!r}.")

    def is_compatible_with(self, other: Any) -> bool:
        """Whether a tensor of type `other` can be used where this type is asked."""
        other = as_dtype(other)
        return self.enum in (other.enum, other.base_dtype.enum)

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        try:
            return other is not None and as_dtype(other).enum == self.enum
        except TypeError:
            return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return self.enum

    def __str__(self) -> str:
        return f"<dtype: {self.name!r}>"

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return as_dtype, (self.name,)

    def __int__(self) -> int:
        return self.enum


class QuantizedDType(DType):
    """Whole numbers that stand for floats in a range: `tf.quantize` makes them."""

    __slots__ = ()

    @property
    def is_integer(self) -> bool:
        return False

    @property
    def is_unsigned(self) -> bool:
        return False

    @property
    def is_quantized(self) -> bool:
        return True

    def _limits(self) -> tuple[Any, Any]:
        raise TypeError(f"Cannot find the least and greatest value of {self!r}.")


class BFloat16DType(DType):
    """The upper half of a float32, and stored as one: see `minitf.core.bfloat16`."""

    __slots__ = ()

    @property
    def as_numpy_dtype(self) -> Any:
        return bfloat16_of_numpy()

    @property
    def size(self) -> int:
        return 2

    def _limits(self) -> tuple[Any, Any]:
        most = self.as_numpy_dtype(float.fromhex("0x1.FEp127"))
        return -most, most


class HandleDType(DType):
    """A type of handles: TypeError where values are wanted."""

    __slots__ = ()

    @property
    def numpy(self) -> np.dtype:
        return np.dtype(object)  # a handle is a Python object

    @property
    def as_numpy_dtype(self) -> Any:
        raise TypeError(f"NumPy has no arrays of type {self!r}.")

    @property
    def is_numpy_compatible(self) -> bool:
        return False

    @property
    def size(self) -> int:
        return 1

    def _limits(self) -> tuple[Any, Any]:
        raise TypeError(f"Cannot find the least and greatest value of {self!r}.")


_BY_ENUM: dict[int, DType] = {}
_BY_NAME: dict[str, DType] = {}
_BY_NUMPY: dict[np.dtype, DType] = {}


def _declare(name: str, enum: int, numpy_type: Any) -> DType:
    value = _declare_otherwise(DType, name, enum, numpy_type)
    _BY_NUMPY[value.numpy] = value
    return value


def _declare_otherwise(kind: type[DType], name: str, enum: int, numpy_type: Any) -> DType:
    """One that is not what NumPy's type alone means."""
    value = kind._made(name, enum, numpy_type)
    for dtype in (value, kind._made(name + "_ref", enum + _REF, numpy_type, base=value)):
        _BY_ENUM[dtype.enum] = _BY_NAME[dtype.name] = dtype
    return value


float32 = _declare("float32", 1, np.float32)
float64 = _declare("float64", 2, np.float64)
int32 = _declare("int32", 3, np.int32)
uint8 = _declare("uint8", 4, np.uint8)
int16 = _declare("int16", 5, np.int16)
int8 = _declare("int8", 6, np.int8)
string = _declare("string", 7, np.object_)
complex64 = _declare("complex64", 8, np.complex64)
int64 = _declare("int64", 9, np.int64)
bool_ = _declare("bool", 10, np.bool_)
uint16 = _declare("uint16", 17, np.uint16)
complex128 = _declare("complex128", 18, np.complex128)
float16 = _declare("float16", 19, np.float16)
uint32 = _declare("uint32", 22, np.uint32)
uint64 = _declare("uint64", 23, np.uint64)
qint8 = _declare_otherwise(QuantizedDType, "qint8", 11, np.int8)
quint8 = _declare_otherwise(QuantizedDType, "quint8", 12, np.uint8)
qint32 = _declare_otherwise(QuantizedDType, "qint32", 13, np.int32)
bfloat16 = _declare_otherwise(BFloat16DType, "bfloat16", 14, np.float32)
qint16 = _declare_otherwise(QuantizedDType, "qint16", 15, np.int16)
quint16 = _declare_otherwise(QuantizedDType, "quint16", 16, np.uint16)
resource = _declare_otherwise(HandleDType, "resource", 20, np.void)
variant = _declare_otherwise(HandleDType, "variant", 21, np.void)
half, double = float16, float64

IEEE_FLOATS = (float16, float32, float64)
FLOATS = (bfloat16, *IEEE_FLOATS)
INTEGERS = (int8, uint8, int16, uint16, int32, uint32, int64, uint64)
COMPLEX = (complex64, complex128)
QUANTIZED = (qint8, quint8, qint32, qint16, quint16)
HANDLES = (resource, variant)  # what a run passes along and never copies

_PYTHON = {float: float32, bool: bool_, object: string}
_ALIASES = {"float": float32, "double": float64, "half": float16}
_ALIASES |= {f"{name}_ref": dtype._as_ref for name, dtype in _ALIASES.items()}
_NAMED: dict[Any, DType] = {**_BY_ENUM, **_BY_NAME, **_ALIASES, **_PYTHON}


def as_dtype(type_value: Any) -> DType:
    """The DType meant by `type_value`: a DType, a name, TensorFlow's enum, a NumPy or Python type.

    Raises TypeError for anything else: names are TensorFlow's only, and `int` may mean this or
    that. Python's `float` means float32, as in TensorFlow.
    """
    if isinstance(type_value, DType):
        return type_value
    try:
        known = _NAMED.get(type_value)
    except TypeError:  # it cannot be hashed
        known = None
    return known or _from_numpy(type_value)


def _from_numpy(value: Any) -> DType:
    if not isinstance(value, np.dtype) and not _is_numpy_type(value):
        raise TypeError(f"Cannot convert value {value!r} to a TensorFlow DType.")
    dtype = np.dtype(value)
    if dtype.kind in "SU":
        return string
    if dtype.newbyteorder("=") not in _BY_NUMPY:
        if dtype.name == "bfloat16":  # of ml_dtypes
            return bfloat16
        raise TypeError(f"Cannot convert value {value!r} to a TensorFlow DType: no such tensor.")
    return _BY_NUMPY[dtype.newbyteorder("=")]


def _is_numpy_type(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, np.generic)

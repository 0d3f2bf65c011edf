"""`tf.dtypes`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.core.dtypes import QUANTIZED as QUANTIZED_DTYPES
from minitf.core.dtypes import (
    DType,
    as_dtype,
    bfloat16,
    complex64,
    complex128,
    double,
    float16,
    float32,
    float64,
    half,
    int8,
    int16,
    int32,
    int64,
    qint8,
    qint16,
    qint32,
    quint8,
    quint16,
    resource,
    string,
    uint8,
    uint16,
    uint32,
    uint64,
    variant,
)
from minitf.core.dtypes import bool_ as bool
from minitf.ops.math.complex_numbers import complex
from minitf.ops.math.elementwise import cast
from minitf.ops.math.operators import saturate_cast
from minitf.ops.strings.numbers import as_string

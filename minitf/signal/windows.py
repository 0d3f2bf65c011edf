"""Windows: `tf.signal.hann_window`, `tf.signal.hamming_window`."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, bool_, float32, int32
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.static import constant_value
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast, cos, floor_mod, maximum


def hann_window(window_length, periodic=True, dtype=float32, name=None):
    """The raised cosine of `window_length` elements; `periodic` as spectra want it."""
    return _raised_cosine(name, "hann_window", window_length, periodic, dtype, 0.5, 0.5)


def hamming_window(window_length, periodic=True, dtype=float32, name=None):
    """The cosine raised a little more, to 0.08 at the ends; `periodic` as spectra want it."""
    return _raised_cosine(name, "hamming_window", window_length, periodic, dtype, 0.54, 0.46)


def _raised_cosine(name, default_name, window_length, periodic, dtype, a, b):
    dtype = as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Found {dtype}")
    with name_scope(name, default_name, [window_length, periodic]):
        length = convert_to_tensor(window_length, dtype=int32, name="window_length")
        length.shape.assert_has_rank(0)
        get_default_graph()._count_more(-17 if constant_value(length) is not None else -8)
        periodic = cast(convert_to_tensor(periodic, dtype=bool_, name="periodic"), int32)
        periodic.shape.assert_has_rank(0)
        is_even = 1 - floor_mod(length, 2)
        # One element is 1: the angle is then half a turn.
        single = cast(1 - maximum(length - 1, 0) // maximum(length - 1, 1), dtype)
        last = cast(maximum(length + periodic * is_even - 1, 1), dtype)
        places = cast(range_(length), dtype) / last + 0.5 * single
        turn = constant(2 * np.pi, dtype) * places
        return cast(a - b * cos(turn), dtype)

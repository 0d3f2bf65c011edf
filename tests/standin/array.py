"""Device arrays: NumPy's in the stand-in's memory, without any way to NumPy that is not said."""
from __future__ import annotations

import functools
import json
import operator
from pathlib import Path

import numpy as np

from standin import emulator
from standin.memory import (
    DEVICE_TO_HOST,
    HOST_TO_DEVICE,
    MemoryPointer,
    alloc,
    copy_async,
    count,
    is_pinned,
)  # fmt: skip
from standin.streams import chosen, get_current_stream, ledger, machine

RECORD = json.loads((Path(__file__).parent / "cupy.json").read_text())
SCALARS = (bool, int, float, complex, np.generic)


def implicit(what: str):
    """Raise what CuPy raises where an array of NumPy's meets one of the device."""
    raise TypeError(f"Unsupported type <class 'numpy.ndarray'> ({what}: an implicit transfer)")


# -- from device arrays to NumPy's and back --------------------------------------------------------


def unwrapped(value, used: list, what: str):
    """The value with NumPy's arrays for the device's, which are added to `used`."""
    if isinstance(value, ndarray):
        used.append(value)
        return value._array
    if isinstance(value, np.ndarray):
        implicit(what)
    if type(value) in (list, tuple):
        return type(value)(unwrapped(one, used, what) for one in value)
    if isinstance(value, slice):
        return slice(*(unwrapped(v, used, what) for v in (value.start, value.stop, value.step)))
    return value


def wrapped(result, used: list):
    """The result with device arrays: views where it shares memory with what was `used`."""
    if isinstance(result, np.ndarray):
        return _wrapped_array(result, used)
    if isinstance(result, np.generic):
        return placed(np.asarray(result))
    if isinstance(result, tuple) and hasattr(result, "_fields"):
        return type(result)(*(wrapped(one, used) for one in result))
    if isinstance(result, (list, tuple)):
        return type(result)(wrapped(one, used) for one in result)
    return result


def _wrapped_array(result: np.ndarray, used: list):
    for one in used:
        if one._array is result:
            return one
    address = result.ctypes.data
    if not emulator.owns(address) or not result.size:
        return placed(result)
    for one in used:
        memory = one.data.mem
        if memory.ptr <= address <= memory.ptr + memory.size:
            base = one if one.base is None else one.base
            return ndarray._around(result, MemoryPointer(memory, address - memory.ptr), base)
    raise AssertionError("a result in device memory that is of no argument's")


def placed(host: np.ndarray) -> ndarray:
    """A copy in fresh device memory: in Fortran's order where it has that and not C's."""
    check_dtype(host.dtype)
    fortran = host.flags.f_contiguous and not host.flags.c_contiguous
    made = ndarray(host.shape, host.dtype, order="F" if fortran else "C")
    made._array[...] = host
    return made


def check_dtype(dtype) -> np.dtype:
    """The dtype, where the device has it; raises ValueError."""
    dtype = np.dtype(dtype)
    if dtype.kind not in "biufc" or dtype.itemsize > (16 if dtype.kind == "c" else 8):
        raise ValueError(f"Unsupported dtype {dtype}")
    return dtype


# What gives a view where it can: that is no work of the device's.
VIEWS = {
    "reshape", "transpose", "swapaxes", "view", "squeeze", "ravel", "indexing", "expand_dims",
    "broadcast_to", "diagonal", "moveaxis", "rollaxis", "real", "imag", "flip", "flipud", "fliplr",
    "atleast_1d", "atleast_2d", "atleast_3d", "split", "array_split", "hsplit", "vsplit", "rot90",
}  # fmt: skip


def call(function, what: str, args, kwargs):
    """The function of NumPy's, on the current stream, with device arrays in and out.

    Views are made at once; for all else the stream's work is done first.
    """
    ledger.calls += 1
    view = _view(function, what, args, kwargs) if what in VIEWS else None
    if view is not None:
        return view
    get_current_stream().catch_up(f"cupy's {what}")
    used: list = []
    args = unwrapped(tuple(args), used, what)
    kwargs = {name: unwrapped(value, used, what) for name, value in kwargs.items()}
    with np.errstate(all="ignore"):
        return wrapped(inside(function)(*args, **kwargs), used)


def _view(function, what: str, args, kwargs):
    """What the function returns, where all of it lies in the argument's memory."""
    used: list = []
    args = unwrapped(tuple(args), used, what)
    if len(used) != 1 or not (function is not _item or _of_numbers(args[1])):
        return None
    result = function(*args, **kwargs)
    parts = result if isinstance(result, (list, tuple)) else [result]
    if all(isinstance(one, np.ndarray) and emulator.owns(one.ctypes.data) for one in parts):
        return wrapped(result, used)
    return None


def upload(host: np.ndarray) -> ndarray:
    """An explicit copy of the host's array, in the current stream's turn."""
    check_dtype(host.dtype)
    fortran = host.flags.f_contiguous and not host.flags.c_contiguous
    made = ndarray(host.shape, host.dtype, order="F" if fortran else "C")
    from_host(made, host, get_current_stream())
    return made


def from_host(made: ndarray, host: np.ndarray, stream) -> None:
    """Copy to the device: now, or, from pinned memory, when the stream's turn comes."""
    if is_pinned(host.ctypes.data, host.nbytes) and host.flags.forc and host.size:
        machine.refuse("copying to the device")
        copy_async(made.data.ptr, host.ctypes.data, host.nbytes, HOST_TO_DEVICE, stream)
        return
    stream.catch_up("copying to the device")
    made._array[...] = host
    count(HOST_TO_DEVICE, host.nbytes)


def download(array: ndarray, stream=None) -> np.ndarray:
    """An explicit copy on the host; waits for the stream."""
    machine.refuse("copying to the host")
    ledger.syncs += 1
    chosen(stream).catch_up("copying to the host")
    count(DEVICE_TO_HOST, array.nbytes)
    return np.array(array._array)


class Flags:
    """ndarray.flags."""

    def __init__(self, flags, owndata):
        self.c_contiguous, self.f_contiguous = flags.c_contiguous, flags.f_contiguous
        self.forc, self.fnc = flags.forc, flags.fnc
        self.owndata = owndata

    def __getitem__(self, name):
        return getattr(self, name.lower())


# -- the class -------------------------------------------------------------------------------------


class ndarray:
    """cupy.ndarray."""

    __slots__ = ("__weakref__", "_array", "base", "data")
    __hash__ = None
    __array_priority__ = 100

    def __init__(self, shape, dtype=float, memptr=None, strides=None, order="C"):
        shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
        dtype = check_dtype(dtype)
        needed = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        if min(shape, default=0) < 0:
            raise ValueError("negative dimensions are not allowed")
        if memptr is None:
            memptr = alloc(needed)
        room = memptr.mem.ptr + memptr.mem.size - memptr.ptr
        flat = emulator.bytes_at(memptr.ptr, room)
        if strides is None:
            flat = flat[:needed].view(dtype) if needed else np.empty(0, dtype)
            self._set(flat.reshape(shape, order=order), memptr, None)
        else:
            self._set(np.ndarray(shape, dtype, flat, strides=strides), memptr, None)

    def _set(self, array, data, base):
        self._array, self.data, self.base = array, data, base

    @classmethod
    def _around(cls, array, data, base):
        made = cls.__new__(cls)
        made._set(array, data, base)
        return made

    # -- what the host knows

    @property
    def shape(self):
        """The sizes of its axes."""
        return self._array.shape

    @shape.setter
    def shape(self, shape):
        self._array.shape = shape

    dtype = property(lambda self: self._array.dtype)
    ndim = property(lambda self: self._array.ndim)
    size = property(lambda self: self._array.size)
    nbytes = property(lambda self: self._array.nbytes)
    strides = property(lambda self: self._array.strides)
    itemsize = property(lambda self: self._array.itemsize)
    flags = property(lambda self: Flags(self._array.flags, self.base is None))
    device = property(lambda self: self.data.device)
    T = property(lambda self: self.transpose())
    mT = property(lambda self: self.swapaxes(-1, -2))
    real = property(lambda self: call(np.real, "real", (self,), {}))
    imag = property(lambda self: call(np.imag, "imag", (self,), {}))

    @property
    def __cuda_array_interface__(self):
        contiguous = self._array.flags.c_contiguous
        return {
            "shape": self.shape, "typestr": self.dtype.str, "descr": self.dtype.descr,
            "version": 3, "strides": None if contiguous else self.strides,
            "data": (self.data.ptr, False), "stream": get_current_stream().ptr or 1,
        }  # fmt: skip

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __repr__(self):
        return f"<device array {self.shape} {self.dtype}>"  # the values would be a transfer

    def __iter__(self):
        if not self.shape:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(self.shape[0]))

    # -- to the host, in so many words

    def get(self, stream=None, order="C", out=None, blocking=True):
        """A copy on the host; not `blocking`, into `out`: when the stream's turn comes."""
        if not blocking:
            return self._get_later(chosen(stream), out)
        if out is not None and (out.shape, out.dtype) != (self.shape, self.dtype):
            raise ValueError(f"{self.shape} {self.dtype} got into {out.shape} {out.dtype}")
        if out is not None and not (out.flags.forc and self._array.flags.forc):
            raise RuntimeError("`out` cannot be specified when copying to non-contiguous ndarray")
        host = download(self, stream)
        if out is None:
            return np.asarray(host, order=order)
        out[...] = host
        return out

    def _get_later(self, stream, out):
        if out is None or not self._array.flags.c_contiguous:
            raise NotImplementedError("get(blocking=False) without out, or of a strided array")
        copy_async(out.ctypes.data, self.data.ptr, self.nbytes, DEVICE_TO_HOST, stream)
        return out

    def item(self, *args):
        """An element, as a Python number."""
        return download(self).item(*args)

    def tolist(self):
        """Its elements, as Python numbers."""
        return download(self).tolist()

    def set(self, arr, stream=None):
        """Copy from the host's array."""
        if not isinstance(arr, np.ndarray):
            raise TypeError("Only numpy.ndarray can be set to cupy.ndarray")
        if arr.shape != self.shape or arr.dtype != self.dtype:
            raise ValueError(f"{arr.shape} {arr.dtype} set to {self.shape} {self.dtype}")
        if not self._array.flags.forc:
            raise RuntimeError("Cannot set to non-contiguous array")
        from_host(self, arr, chosen(stream))

    # -- elements

    def __getitem__(self, index):
        index = checked_index(index)
        return call(_item, "indexing", (self, index), {})

    def __setitem__(self, index, value):
        index = checked_index(index)
        if isinstance(value, np.ndarray) and value.ndim:
            implicit("assignment")
        check_assigned(self, index, value)
        call(operator.setitem, "assignment", (self, index, value), {})

    def scatter_add(self, slices, value):
        """Add to elements, each as often as it is named."""
        scatter(np.add, self, slices, value)

    def scatter_max(self, slices, value):
        """Elements become the larger ones."""
        scatter(np.maximum, self, slices, value)

    def scatter_min(self, slices, value):
        """Elements become the smaller ones."""
        scatter(np.minimum, self, slices, value)

    def fill(self, value):
        """Set all elements."""
        if isinstance(value, np.ndarray):
            implicit("fill")
        call(operator.setitem, "fill", (self, Ellipsis, value), {})

    def reduced_view(self, dtype=None):
        """The same elements on as few axes as can be."""
        return self.ravel() if self._array.flags.c_contiguous else self.view()

    def take(self, indices, axis=None, out=None):
        """Elements along an axis."""
        return call(np.take, "take", (self, checked(indices)), {"axis": axis, "out": out})

    def astype(self, dtype, order="K", casting=None, subok=None, copy=True):
        """A copy of another dtype."""
        if not copy and self.dtype == check_dtype(dtype):
            return self
        return call(np.ndarray.astype, "astype", (self, check_dtype(dtype)), {
            "casting": casting or "unsafe",
        })  # fmt: skip

    def copy(self, order="C"):
        """A copy."""
        return call(np.ndarray.copy, "copy", (self,), {"order": order})

    def flatten(self, order="C"):
        """A copy with one axis."""
        return call(np.ndarray.flatten, "flatten", (self,), {"order": order})

    def __copy__(self):
        return self.copy()

    def __deepcopy__(self, memo):
        return self.copy()

    # -- no way to NumPy that is not said

    def __array__(self, *args, **kwargs):
        raise TypeError(
            "Implicit conversion to a NumPy array is not allowed. "
            "Please use `.get()` to construct a NumPy array explicitly."
        )

    def __array_function__(self, function, types, args, kwargs):
        raise TypeError(f"NumPy called on a device array: numpy.{function.__name__}")

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        # A scalar's operator (np.float32(2) * array) arrives here, too, and CuPy serves it.
        if method == "__call__" and not kwargs and isinstance(inputs[0], np.generic):
            return call(ufunc, ufunc.__name__, inputs, {})
        raise TypeError(f"NumPy called on a device array: numpy.{ufunc.__name__}")

    def __reduce_ex__(self, protocol):
        raise TypeError("a device array is pickled: an implicit transfer")


def _item(array: np.ndarray, index):
    """The elements, as an array even where it is one."""
    found = array[index]
    if not isinstance(found, np.generic):
        return found
    return array[(*index, ...)] if isinstance(index, tuple) else array[index, ...]


# -- indices ---------------------------------------------------------------------------------------


def checked(indices):
    """Indices that a device array may be indexed with; raises TypeError."""
    if isinstance(indices, np.ndarray):
        implicit("an index")
    if isinstance(indices, (list, tuple)) and len(indices):
        ledger.to_device += 1  # CuPy makes an array of it
    return indices


def checked_index(index):
    """The index, after its types were looked at; raises TypeError."""
    parts = index if isinstance(index, tuple) else (index,)
    for part in parts:
        if isinstance(part, np.ndarray) and not isinstance(part, ndarray):
            implicit("an index")
        if isinstance(part, list):
            checked(part)
        if isinstance(part, ndarray) and part.dtype.kind == "b":
            ledger.syncs += 1  # the host has to know how many there are
        if isinstance(part, slice):
            for bound in (part.start, part.stop, part.step):
                if isinstance(bound, (ndarray, np.ndarray)):
                    raise TypeError("a slice's bound is an array")
    return index


def inside(function):
    """The function; an index array out of bounds, which CuPy wraps around, is a DeviceError."""

    @functools.wraps(function)
    def run(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except IndexError as error:
            known = "out of bounds" in str(error) and not isinstance(error, np.exceptions.AxisError)
            if not known or (function is _item and _of_numbers(args[1])):
                raise
            raise emulator.DeviceError(f"{error}; CuPy would wrap it around") from error

    return run


def _of_numbers(index) -> bool:
    """Whether no array is among the index: then CuPy raises IndexError, too."""
    parts = index if isinstance(index, tuple) else (index,)
    return not any(isinstance(part, (np.ndarray, list)) for part in parts)


def check_assigned(array: ndarray, index, value) -> None:
    """Raise DeviceError where elements are assigned twice: which one wins is not defined."""
    parts = index if isinstance(index, tuple) else (index,)
    fancy = any(isinstance(part, list) or (isinstance(part, ndarray) and part.dtype.kind != "b")
                for part in parts)  # fmt: skip
    if not fancy or not isinstance(value, ndarray) or value.size == 1:
        return
    places = np.arange(array.size).reshape(array.shape)[unwrapped(index, [], "an index")]
    if np.unique(places).size != places.size:
        raise emulator.DeviceError("an element is assigned twice: which value wins is not defined")


SCATTERED = {
    "add": "int32 uint32 uint64 float16 float32 float64 complex64 complex128",
    "maximum": "int32 uint32 uint64 float32 float64",
    "minimum": "int32 uint32 uint64 float32 float64",
    "subtract": "int32 uint32",
}


def scatter(ufunc, array: ndarray, index, value) -> None:
    """ufunc.at, for the dtypes that the device's atomic functions have."""
    if array.dtype.name not in SCATTERED[ufunc.__name__].split():
        raise TypeError(
            f"cupy.{ufunc.__name__}.at only supports {SCATTERED[ufunc.__name__]}, not {array.dtype}"
        )
    index = checked_index(index)
    call(ufunc.at, f"{ufunc.__name__}.at", (array, index, value), {})

"""EagerTensor: a tensor that has its value."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np

from minitf.core.bfloat16 import narrowed
from minitf.core.dtypes import HANDLES, DType, bfloat16
from minitf.core.operation import Operation
from minitf.core.slot import Slot
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import as_shape

_DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"


class EagerTensor(Tensor):
    """The value of an operation that has run; `numpy()` is the value as an array.

    It is never changed: a variable that was read goes on with an array of its own. Where Python
    wants a number, or an array, it is one.
    """

    __slots__ = ("_held",)

    def __init__(self, op: Operation, value_index: int, dtype: DType, held: Any) -> None:
        if type(held) is np.ndarray and held.dtype == dtype._numpy:
            known, shape = held, held.shape
        elif isinstance(held, Slot):
            shape, known = _shape_of(op, held), None
        elif dtype.base_dtype in HANDLES:
            shape, known = held.shape if isinstance(held, np.ndarray) else (), None
        else:
            held = known = _as_array(held, dtype)
            shape = known.shape
        Tensor.__init__(self, op, value_index, dtype, shape)
        self._held, self._value = held, known

    def numpy(self) -> Any:
        """A copy of the value: an array, or a number of NumPy's where there are no axes."""
        if self._value is None:
            raise ValueError(f"A tensor of type {self.dtype.name} has no value of NumPy's.")
        return as_numpy(self.dtype, self._value)

    def eval(self, feed_dict: Any = None, session: Any = None) -> NoReturn:
        raise NotImplementedError(
            "eval is not supported when eager execution is enabled, is .numpy() what you're "
            "looking for?"
        )

    def consumers(self) -> NoReturn:
        raise NotImplementedError(
            "Tensor.consumers is meaningless when eager execution is enabled."
        )

    def set_shape(self, shape: Any) -> None:
        """ValueError when the value does not have this shape."""
        if not self.shape.is_compatible_with(shape):
            raise ValueError(
                f"EagerTensor's shape {self.shape} is not compatible with supplied shape {shape}"
            )

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._shape)  # type: ignore[arg-type]

    @property
    def device(self) -> str:
        return _DEVICE

    backing_device = device

    def cpu(self) -> EagerTensor:
        """The tensor itself: it lies in the memory of the CPU."""
        return self

    def gpu(self, gpu_index: int = 0) -> NoReturn:
        """RuntimeError: operations that run at once run on the CPU."""
        raise RuntimeError(
            "EagerTensor.gpu: eager execution is on the CPU in minitf. Build a graph, or a "
            "tf.contrib.eager.defun, and run it in a session to use a GPU."
        )

    # -- as Python takes it ----------------------------------------------------------------------

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:  # type: ignore[override]
        return np.array(self.numpy(), dtype)

    def __bool__(self) -> bool:  # type: ignore[override]
        return bool(self._value)

    def __int__(self) -> int:  # type: ignore[override]
        return int(self._value)

    def __float__(self) -> float:  # type: ignore[override]
        return float(self._value)

    def __index__(self) -> int:
        return self._value.__index__()

    def __len__(self) -> int:  # type: ignore[override]
        if not self._shape:
            raise TypeError("Scalar tensor has no `len()`")
        return self._shape[0]  # type: ignore[return-value]

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        if not self._shape:
            raise TypeError("Cannot iterate over a scalar tensor.")
        for i in range(len(self)):
            yield self[i]  # type: ignore[index]

    def __format__(self, spec: str) -> str:
        return self.numpy().__format__(spec)

    def __copy__(self) -> EagerTensor:
        return self

    def __deepcopy__(self, memo: Any) -> EagerTensor:
        return self

    def __str__(self) -> str:
        return f"tf.Tensor({self._text()}, shape={self.shape}, dtype={self.dtype.name})"

    def __repr__(self) -> str:
        text = self._text(is_repr=True)
        return (
            f"<tf.Tensor: id={self.op._id}, shape={self.shape}, dtype={self.dtype.name}, "
            f"numpy={text}>"
        )

    def _text(self, is_repr: bool = False) -> str:
        if self._value is None:
            return "<unprintable>"
        value = self.numpy()
        text = repr(value) if is_repr and self._shape else str(value)
        return "\n" + text if "\n" in text else text


def as_numpy(dtype: DType, value: np.ndarray) -> Any:
    """A copy of a value as NumPy has it, a number of its own where there are no axes."""
    value = narrowed(value) if dtype.base_dtype is bfloat16 else value
    return value.copy() if value.ndim else value[()]


def _shape_of(op: Operation, slot: Slot) -> Any:
    return as_shape(op.attrs["shape"]) if slot.value is None else slot.value.shape


def _as_array(held: Any, dtype: DType) -> np.ndarray:
    if isinstance(held, (bytes, str)):
        return np.array(held, object)
    return np.asarray(held, dtype.numpy)

"""Tensors kept in a Session from one run to the next: `tf.get_session_handle` and its kin."""
import itertools
import threading

import numpy as np

from minitf.core.dtypes import as_dtype, string
from minitf.core.errors import InternalError, InvalidArgumentError
from minitf.core.graph import device
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.resource import Resource
from minitf.core.schema import Attr, T
from minitf.core.shape_rules import check_rank
from minitf.core.tensor import Tensor
from minitf.ops.state.placeholder import placeholder

CPU = "/job:localhost/replica:0/task:0/device:CPU:0"


class _Kept(Resource):
    """The tensors that a Session keeps, by their handles."""

    whole = True

    def __init__(self, operation):
        super().__init__(operation)
        self.numbers, self.lock, self.values = itertools.count(), threading.Lock(), {}
        self.closed = False

    def put(self, node, value):
        handle = f"{node};{next(self.numbers)};{CPU}"
        with self.lock:
            self.values[handle] = np.array(value)
        return TensorHandle(handle, self)

    def cancel(self):
        self.values.clear()
        self.closed = True

    def value(self, handle):
        if self.closed:
            raise RuntimeError(f"The tensor of '{handle}' was kept by a Session that is closed.")
        with self.lock:
            if handle not in self.values:
                raise InvalidArgumentError(None, None, f"The tensor with handle '{handle}' is not "
                                           "in the session store.")  # fmt: skip
            return self.values[handle]

    def delete(self, handle):
        self.value(handle)
        self.values.pop(handle, None)


class TensorHandle(bytes):
    """What a run gives for a tensor that its Session keeps: it is kept as long as this object is.

    It can be fed in the place of any tensor of the type.
    """

    def __new__(cls, handle, kept):
        made = super().__new__(cls, handle.encode())
        made._kept, made._owns = kept, True
        return made

    def __del__(self):
        if self._owns:
            self._kept.values.pop(self.handle, None)

    def __str__(self):
        return self.handle

    @property
    def handle(self):
        """The string that `tf.get_session_tensor` takes, and its placeholder."""
        return self.decode()

    def eval(self):
        """The value. TypeError once it may have been deleted."""
        return self._value_in_session[()]

    @property
    def _value_in_session(self):
        self._check_owned()
        return self._kept.value(self.handle).copy()

    def delete(self):
        """Forget the tensor now."""
        self._check_owned()
        self._owns = False
        self._kept.delete(self.handle)

    def get_raw_handle(self):
        """The string, whose tensor is kept from now on until `tf.delete_session_tensor`."""
        self._owns = False
        return self.handle

    def _check_owned(self):
        if not self._owns:
            raise TypeError(f"Persistent tensor {self.handle} may have already been deleted.")


def _of_session(type, shape):
    return op(type, shape=shape, grad=NOT_DIFFERENTIABLE, stateful=True, host=True, state=_Kept)


def _scalar(handle, **_):
    check_rank(handle, 0, "handle")


@_of_session("GetSessionHandle", lambda value: ())
def get_session_handle_op(xp, state, value: T) -> string:
    """Keep a tensor."""
    made = np.empty((), object)
    made[()] = state.put("GetSessionHandle", value)
    return made


@_of_session("GetSessionTensor", _scalar)
def get_session_tensor_op(xp, state, handle: string, *, dtype) -> Attr("dtype"):
    """A tensor that is kept."""
    value = state.value(handle.item().decode())
    if value.dtype != dtype.numpy:
        raise InternalError(None, None, "GetSessionTensor: the tensor that is kept is of type "
                            f"{value.dtype}, not of {dtype.name}")  # fmt: skip
    return value


@_of_session("DeleteSessionTensor", _scalar)
def delete_session_tensor_op(xp, state, handle: string) -> None:
    """Forget a tensor."""
    state.delete(handle.item().decode())


def get_session_handle(data, name=None):
    """A tensor whose value, in a run, is a handle: the Session keeps what `data` is in that run.

    The handle that `run` returns has `eval()`, `delete()`, and the string `handle` to feed to what
    `tf.get_session_tensor` gives. TypeError unless `data` is a tensor.
    """
    if not isinstance(data, Tensor):
        raise TypeError(f"`data` must be of type Tensor, got {data!r}.")
    with data.graph.colocate_with(data.op):
        return get_session_handle_op(data, name=name)


def get_session_tensor(handle, dtype, name=None):
    """A placeholder for a handle, and the tensor that the Session keeps by the one that is fed.

    `handle` is one as well: it says the device.
    """
    with device(_device_of(handle)):
        holder = placeholder(string)
        return holder, get_session_tensor_op(holder, dtype=as_dtype(dtype), name=name)


def delete_session_tensor(handle, name=None):
    """A placeholder for a handle, and the operation that forgets the tensor that is kept by it."""
    with device(_device_of(handle)):
        holder = placeholder(string)
        return holder, delete_session_tensor_op(holder, name=name)


def _device_of(handle):
    text = handle.decode() if isinstance(handle, bytes) else str(handle)
    return text.rpartition(";")[2]

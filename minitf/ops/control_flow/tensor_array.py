"""tf.TensorArray: elements that a loop writes and reads one by one.

A handle stands for the elements; a flow, which is passed from node to node and carries no number,
says in which order these touch them.
"""

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32, int32, int64, resource
from minitf.core.eager import executing_eagerly
from minitf.core.graph import control_dependencies, get_default_graph, name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, T
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape, as_shape, merge
from minitf.ops.array.basics import identity, shape
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.array_of_tensors import Elements, Pool
from minitf.ops.control_flow.eager_array import EagerArray
from minitf.ops.math.elementwise import cast

# -- the nodes ------------------------------------------------------------------------------------


@op("TensorArrayV3", shape=lambda size, **_: [(), ()], grad=NOT_DIFFERENTIABLE, stateful=True,
    array="make", state=Pool)  # fmt: skip
def tensor_array_op(
    xp, state, size: int32, *, dtype, element_shape=None, dynamic_size=False, clear_after_read=True,
    identical_element_shapes=False, tensor_array_name=""
) -> [resource, float32]:  # fmt: skip
    """A new array of `size` elements, none of them written."""
    if size < 0:
        raise ValueError(f"Size should be >= 0, got {size}.")
    made = Elements(xp, state, dtype.numpy, int(size), dynamic_size, clear_after_read,
                    element_shape, identical_element_shapes)  # fmt: skip
    return [made, np.zeros((), np.float32)]


def _nothing(*_, **__):
    return ()


@op("TensorArrayWriteV3", shape=_nothing, stateful=True, token=True, array="put")
def write_op(xp, handle: resource, index: int32, value: T, flow_in: float32) -> float32:
    """Set one element."""
    handle.write(index, value)
    return flow_in


write_op.set_trait("source", lambda out, handle, index, value, flow_in:
                   f"{handle}.write({index}, {value})")  # fmt: skip


@op("TensorArrayReadV3", shape=lambda *_, **__: None, stateful=True, view=True, array="get")
def read_op(xp, handle: resource, index: int32, flow_in: float32, *, dtype) -> Attr("dtype"):
    """One element."""
    return handle.read(index)


read_op.set_trait("source", lambda out, handle, index, flow_in, *, dtype:
                  f"{handle}.read({index})")  # fmt: skip


@op("TensorArrayGatherV3", shape=lambda handle, indices, flow_in, *, element_shape, **_:
    None if element_shape is None else (None, *element_shape), stateful=True,
    array="gather")  # fmt: skip
def gather_op(
    xp, handle: resource, indices: int32, flow_in: float32, out=None, *, dtype, element_shape=None
) -> Attr("dtype"):
    """Some elements, stacked."""
    return handle.gather(indices, element_shape, out)


@op("TensorArrayScatterV3", shape=_nothing, stateful=True, token=True, array="scatter")
def scatter_op(xp, handle: resource, indices: int32, value: T, flow_in: float32) -> float32:
    """Set some elements to the rows of a tensor."""
    handle.scatter(indices, value)
    return flow_in


@op("TensorArrayConcatV3", shape=lambda handle, flow_in, *, element_shape_except0, **_:
    [None if element_shape_except0 is None else (None, *element_shape_except0), (None,)],
    stateful=True, array="concat")  # fmt: skip
def concat_op(
    xp, handle: resource, flow_in: float32, *, dtype, element_shape_except0=None
) -> [Attr("dtype"), int64]:
    """The elements one after the other along their first axis, and their lengths."""
    return list(handle.concat(element_shape_except0))


@op("TensorArraySplitV3", shape=_nothing, stateful=True, token=True, array="split")
def split_op(xp, handle: resource, value: T, lengths: int64, flow_in: float32) -> float32:
    """Set the elements to parts of a tensor."""
    handle.split(value, lengths)
    return flow_in


@op("TensorArraySizeV3", shape=_nothing, grad=NOT_DIFFERENTIABLE, stateful=True, array="size")
def size_op(xp, handle: resource, flow_in: float32) -> int32:
    """The number of elements."""
    return xp.int32(len(handle.values))


@op("TensorArrayCloseV3", shape=_nothing, grad=NOT_DIFFERENTIABLE, stateful=True, array="close")
def close_op(xp, handle: resource) -> None:
    """Forget the elements."""
    handle.values.clear()


@op("TensorArrayGradV3", shape=lambda *_, **__: [(), ()], grad=NOT_DIFFERENTIABLE, stateful=True,
    array="grad")  # fmt: skip
def grad_op(xp, handle: resource, flow_in: float32, *, source) -> [resource, float32]:
    """The array of the gradients of the elements."""
    return [handle.gradient(source), flow_in]


# -- gradients ------------------------------------------------------------------------------------


def _gradient_of(operation_tensor, handle, flow, dtype):
    """The array of gradients for the call of tf.gradients that is going on."""
    scope, own = get_default_graph().get_name_scope(), f"{operation_tensor.op.name}_grad"
    source = scope.removesuffix(own).rstrip("/")
    array = TensorArray(dtype, handle=handle, flow=flow, colocate_with_first_write_call=False)
    return array.grad(source, flow=flow)


@write_op.gradient
def _(y, dy, handle, index, value, flow_in):
    return None, None, _gradient_of(y, handle, dy, value.dtype).read(index), dy


@read_op.gradient
def _(y, dy, handle, index, flow_in, *, dtype):
    written = _gradient_of(y, handle, flow_in, dtype).write(index, dy)
    return None, None, written.flow


@gather_op.gradient
def _(y, dy, handle, indices, flow_in, *, dtype, element_shape):
    return None, None, _gradient_of(y, handle, flow_in, dtype).scatter(indices, dy).flow


@scatter_op.gradient
def _(y, dy, handle, indices, value, flow_in):
    return None, None, _gradient_of(y, handle, dy, value.dtype).gather(indices), dy


@concat_op.gradient
def _(ys, dys, handle, flow_in, *, dtype, element_shape_except0):
    array = _gradient_of(ys[0], handle, flow_in, dtype)
    return None, array.split(dys[0], lengths=ys[1]).flow


@split_op.gradient
def _(y, dy, handle, value, lengths, flow_in):
    return None, _gradient_of(y, handle, dy, value.dtype).concat(), None, dy


# -- what programs use ----------------------------------------------------------------------------


class TensorArray:
    """An array of tensors, each of which is written once, in a run or in a loop of it.

    `size` is a number or an int32 tensor; with `dynamic_size` writing beyond it makes it larger.
    Unless `clear_after_read` is False, an element can be read once. All elements have one shape
    unless `infer_shape` is False; `element_shape` is what is known of it. Methods that write return
    a new object: use that one from then on. Raises ValueError without a size, or for a handle and
    what belongs to a new array; TypeError for a handle that is no tensor.
    """

    def __new__(cls, *args, **kwargs):
        return object.__new__(_AtOnce if cls is TensorArray and executing_eagerly() else cls)

    def __init__(
        self,
        dtype,
        size=None,
        dynamic_size=None,
        clear_after_read=None,
        tensor_array_name=None,
        handle=None,
        flow=None,
        infer_shape=True,
        element_shape=None,
        colocate_with_first_write_call=True,
        name=None,
    ):
        _check_new(size, dynamic_size, clear_after_read, tensor_array_name, handle, element_shape)
        self._dtype, self._dynamic_size = as_dtype(dtype).base_dtype, bool(dynamic_size)
        self._infer_shape = infer_shape
        self._known = [as_shape(element_shape)]  # shared by what is written to one array
        self._colocate_with_first_write_call = colocate_with_first_write_call
        with name_scope(name, "TensorArray", [handle, size, flow]) as scope:
            if handle is None:
                handle, flow = tensor_array_op(
                    size, dtype=self._dtype, element_shape=self._known[0],
                    dynamic_size=self._dynamic_size, clear_after_read=clear_after_read is not False,
                    identical_element_shapes=bool(infer_shape),
                    tensor_array_name=tensor_array_name or "", name=scope,
                )  # fmt: skip
            elif flow is None:
                raise ValueError("flow must not be None if handle is not None.")
        self._handle, self._flow = handle, flow

    def _with_flow(self, flow):
        made = object.__new__(TensorArray)
        made.__dict__.update(self.__dict__, _flow=flow)
        return made

    dtype = property(lambda self: self._dtype)
    handle = property(lambda self: self._handle)
    flow = property(lambda self: self._flow)
    dynamic_size = property(lambda self: self._dynamic_size)
    element_shape = property(lambda self: TensorShape(self._known[0]))

    def _check_shape(self, shape):
        merged = merge(self._known[0], shape)
        if merged is False:
            raise ValueError(f"Inconsistent shapes: saw {TensorShape(shape)} but expected "
                             f"{self.element_shape} ")  # fmt: skip
        if self._infer_shape:
            self._known[0] = merged

    def _converted(self, value):
        value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
        if value.dtype.base_dtype is not self._dtype:
            raise ValueError(f"TensorArray dtype is {self._dtype.name} but Op is trying to write "
                             f"dtype {value.dtype.base_dtype.name}")  # fmt: skip
        return value

    def identity(self):
        """The same array under a new name; it waits for the control dependencies in force."""
        return self._with_flow(identity(self._flow))

    def grad(self, source, flow=None, name=None):
        """The array of gradients that belongs to the string `source`."""
        flow = self._flow if flow is None else flow
        with name_scope(name, "TensorArrayGrad", [self._handle]):
            handle, _ = grad_op(self._handle, flow, source=source, name=name)
            with control_dependencies([handle]):
                flow = identity(flow, name="gradient_flow")
        made = TensorArray(self._dtype, handle=handle, flow=flow, infer_shape=self._infer_shape,
                           colocate_with_first_write_call=False)  # fmt: skip
        made._known = self._known
        return made

    def read(self, index, name=None):
        """The element `index`; a run raises InvalidArgumentError when it is not there."""
        value = read_op(self._handle, index, self._flow, dtype=self._dtype, name=name)
        value.set_shape(self._known[0])
        return value

    def write(self, index, value, name=None):
        """The array with `value` as the element `index`, which has not been written before."""
        with name_scope(name, "TensorArrayWrite", [self._handle, index, value]):
            value = self._converted(value)
            self._check_shape(value._shape)
            return self._with_flow(write_op(self._handle, index, value, self._flow, name=name))

    def stack(self, name=None):
        """All elements, stacked along a new first axis."""
        with name_scope(name, "TensorArrayStack", [self._handle]):
            return self.gather(range_(0, self.size()), name=name)

    def gather(self, indices, name=None):
        """The elements `indices`, stacked along a new first axis."""
        known = self._known[0]
        return gather_op(self._handle, indices, self._flow, dtype=self._dtype,
                         element_shape=known, name=name)  # fmt: skip

    def concat(self, name=None):
        """All elements, joined along their first axis."""
        known = self._known[0]
        rest = None if known is None else known[1:]
        value, _ = concat_op(self._handle, self._flow, dtype=self._dtype,
                             element_shape_except0=rest, name=name)  # fmt: skip
        return value

    def unstack(self, value, name=None):
        """The array with the rows of `value` as its elements."""
        with name_scope(name, "TensorArrayUnstack", [self._handle, value]):
            count = shape(value)[0]
            return self.scatter(indices=range_(0, count), value=value, name=name)

    def scatter(self, indices, value, name=None):
        """The array with the rows of `value` as the elements `indices`."""
        with name_scope(name, "TensorArrayScatter", [self._handle, value, indices]):
            value = self._converted(value)
            self._check_shape(None if value._shape is None else value._shape[1:])
            flow = scatter_op(self._handle, indices, value, self._flow, name=name)
            return self._with_flow(flow)

    def split(self, value, lengths, name=None):
        """The array with parts of `value`, of `lengths` rows each, as its elements."""
        with name_scope(name, "TensorArraySplit", [self._handle, value, lengths]):
            value = convert_to_tensor(value, dtype=self._dtype, name="value")
            lengths = cast(lengths, int64)
            known = constant_value(lengths)
            alike = known is not None and known.shape and known.max() == known.min()
            if value._shape is not None and alike:
                self._check_shape((int(known[0]), *value._shape[1:]))
            flow = split_op(self._handle, value, lengths, self._flow, name=name)
            return self._with_flow(flow)

    def size(self, name=None):
        """The number of elements, an int32 tensor."""
        return size_op(self._handle, self._flow, name=name)

    def close(self, name=None):
        """An operation that gives the elements up before the run ends."""
        return close_op(self._handle, name=name)


class _AtOnce(EagerArray, TensorArray):
    """The array of a program whose operations run at once."""


def _check_new(size, dynamic_size, clear_after_read, tensor_array_name, handle, element_shape):
    if handle is None:
        if size is None:
            raise ValueError("Size must be provided if handle is not provided")
        return
    if tensor_array_name:
        raise ValueError("Cannot construct with both handle and tensor_array_name")
    if not isinstance(handle, Tensor):
        raise TypeError("Handle must be a Tensor")
    given = {"size": size, "element_shape": element_shape, "dynamic_size": dynamic_size,
             "clear_after_read": clear_after_read}  # fmt: skip
    for what, value in given.items():
        if value is not None:
            what = f"a {what}" if what == "size" else what
            raise ValueError(f"Cannot provide both a handle and {what} at the same time")

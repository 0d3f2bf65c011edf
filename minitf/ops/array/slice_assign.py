"""Assigning to parts of variables: `variable[1:3].assign(value)`, `tf.strided_slice(var=...)`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import Listener, listening
from minitf.core.errors import UnimplementedError
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.op import op
from minitf.core.schema import T
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import printed
from minitf.ops.array.basics import ones_like, shape
from minitf.ops.array.indexing import numbered
from minitf.ops.array.joining import concat
from minitf.ops.array.slicing import Index, _dots, _index, _sliced_shape, getitem, strided_slice_op
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.state.assign import VariableValue, scatter_nd_update


def _assigned_shape(ref, begin, end, strides, value, **masks):
    _sliced_shape(ref, begin, end, strides, **masks)  # raises where the index is out of bounds
    return ref


@op("StridedSliceAssign", shape=_assigned_shape, stateful=True)
def strided_slice_assign(
    xp, ref: VariableValue, begin: Index, end: Index, strides: Index, value: T, *,
    begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0,
):  # fmt: skip
    """ref[begin:end:strides] = value, which has the very shape of that part (if that has any)."""
    masks = dict(begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
                 new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip
    begin, end, strides = (tuple(map(int, part)) for part in (begin, end, strides))
    part = ref[(*_index(begin, end, strides, masks), *_dots(ellipsis_mask))]
    if not part.size:
        return ref
    if part.shape != value.shape:
        raise UnimplementedError(
            None, None, f"sliced l-value shape {printed(part.shape)} does not match r-value shape "
            f"{printed(value.shape)}. Automatic broadcasting not yet implemented."
        )  # fmt: skip
    part[...] = value
    return ref


strided_slice_assign.schema.returns = VariableValue


class Slice(Tensor):
    """A part of a tensor, as indexing with brackets makes it."""

    __slots__ = ()

    def assign(self, value, name=None):
        """ValueError: only a part of a variable can be assigned to."""
        raise ValueError("Sliced assignment is only supported for variables")


class VariableSlice(Slice):
    """A part of a variable's value, to which one can assign."""

    __slots__ = ()

    def assign(self, value, name=None):
        """Make `value`, of the shape of this part, the part's value; the variable afterwards.

        In the run raises UnimplementedError for a value of another shape.
        """
        _, *parts = self.op.inputs
        variable = self.op.variable
        name = f"{self.op.name}/_assign" if name is None else name
        done = strided_slice_assign(variable, *parts, value, name=name, **self.op.attrs)
        return variable._after(done)


def assignable(make, whole, eager):
    """The result `make()` of indexing `whole`, with its `assign`."""
    if eager:
        return _assignable_now(make, whole) if hasattr(whole, "_ref") else make()
    part = make()
    part.__class__ = Slice
    if hasattr(whole, "_ref"):
        part.__class__, part.op.variable = VariableSlice, whole
    return part


def _assignable_now(make, variable):
    """As a VariableSlice, of a value that has been read already."""
    with listening(Listener()) as heard:
        part = make()
    read = heard.operations[-1]

    def assign(value, name=None):
        strided_slice_assign(variable, *read.inputs[1:], value, name=name, **read.attrs)
        return variable

    part.assign = assign
    return part


def getitem_(tensor, key):
    """`tensor[key]`: numbers, tensors, slices, `...` and `tf.newaxis`."""
    eager = get_default_graph().eager
    return assignable(lambda: getitem(tensor, key), tensor, eager)


def strided_slice(
    input_, begin, end, strides=None, begin_mask=0, end_mask=0, ellipsis_mask=0,
    new_axis_mask=0, shrink_axis_mask=0, var=None, name=None,
):  # fmt: skip
    """`input_[begin:end:strides]` along the first axes, as `input_[...]` builds it.

    Bit i of a mask says that part i is open at its beginning or end, an ellipsis, a new axis, or
    a single index whose axis goes. With `var`, the variable that `input_` is, the result has a
    method `assign(value)` that writes there.
    """
    if var is not None and not hasattr(var, "_ref"):
        raise ValueError(f"var is the variable to assign to, got {var!r}")
    strides = ones_like(begin) if strides is None else strides
    return assignable(
        lambda: strided_slice_op(
            input_ if var is None else var, begin, end, strides,
            begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
            new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask, name=name,
        ), var, get_default_graph().eager,
    )  # fmt: skip


def batch_scatter_update(ref, indices, updates, use_locking=True, name=None):
    """`tf.scatter_update` in each of the batches that all axes of `indices` but the last number.

    The result is the variable afterwards. ValueError for `indices` of unknown rank.
    """
    with name_scope(name):
        indices = convert_to_tensor(indices, name="indices")
        if indices._shape is None:
            raise ValueError("batch_scatter_update does not allow indices with unknown shape.")
        rows = expand_dims(indices, -1)
        lead = shape(indices)
        batches = [numbered(lead, axis, rows) for axis in range(len(indices._shape) - 1)]
        places = concat([*batches, rows], -1)
        return scatter_nd_update(ref, places, updates, use_locking, name=name)

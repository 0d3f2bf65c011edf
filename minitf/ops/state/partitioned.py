"""Variables in parts: `tf.PartitionedVariable`."""
from minitf.core.convert import register_tensor_conversion_function
from minitf.core.graph import control_dependencies, name_scope
from minitf.ops.array.basics import identity
from minitf.ops.array.joining import concat, split
from minitf.ops.array.masks import boolean_mask
from minitf.ops.math.elementwise import greater_equal, less, logical_and


class PartitionedVariable:
    """Several variables that are one, cut along an axis; as a tensor it is them put together.

    `variable_list` are those, each with what `_set_save_slice_info` was told, `partitions` how many
    there are along each axis. TypeError and ValueError for what does not fit together.
    """

    def __init__(self, name, shape, dtype, variable_list, partitions):
        _check(shape, variable_list, partitions)
        self._variable_list = sorted(
            variable_list, key=lambda part: part._get_save_slice_info().var_offset
        )
        self._name, self._shape, self._dtype = name, shape, dtype
        self._partitions = partitions

    name = property(lambda self: self._name)
    dtype = property(lambda self: self._dtype)
    shape = property(lambda self: self._shape)
    graph = property(lambda self: self._variable_list[0].graph)

    def get_shape(self):
        return self._shape

    def __iter__(self):
        return iter(self._variable_list)

    def __len__(self):
        if len(self._partition_axes()) > 1:
            raise ValueError(
                f"Cannot get a length for {len(self._partition_axes())} > 1 partition axes"
            )
        return len(self._variable_list)

    def _get_variable_list(self):
        return self._variable_list

    def _get_partitions(self):
        return self._partitions

    def _partition_axes(self):
        return [axis for axis, count in enumerate(self._partitions) if count > 1] or [0]

    def _axis(self, what):
        axes = self._partition_axes()
        if len(axes) > 1:
            raise NotImplementedError(
                f"Cannot {what} along more than one dimension: {axes}.  Multi-axis partition "
                f"{what} is not supported"
            )
        return axes[0]

    # -- reading ---------------------------------------------------------------------------------

    def as_tensor(self):
        """The whole value as a Tensor, which waits for no control dependency."""
        with control_dependencies(None):
            return self._concat()

    def _concat(self):
        whole = self._variable_list[0]
        if len(self._variable_list) > 1:
            axis = self._axis("concatenate")
            with name_scope(self._name + "/ConcatPartitions/"):
                whole = concat(self._variable_list, axis)
        with name_scope(None):
            return identity(whole, name=self._name)

    # -- writing ---------------------------------------------------------------------------------

    def assign(self, value, use_locking=False, name=None, read_value=True):
        """Assign a value, a list of one for each part, or another such variable: a list of the
        parts afterwards, or with `read_value=False` of Operations."""
        return self._each("assign", value, use_locking, name, read_value)

    def assign_add(self, value, use_locking=False, name=None, read_value=True):
        """Add a value, as `assign` takes it."""
        return self._each("assign_add", value, use_locking, name, read_value)

    def assign_sub(self, value, use_locking=False, name=None, read_value=True):
        """Subtract a value, as `assign` takes it."""
        return self._each("assign_sub", value, use_locking, name, read_value)

    def _each(self, method, value, use_locking, name, read_value):
        options = {"use_locking": use_locking, "name": name, "read_value": read_value}
        parts = zip(self._variable_list, self._values(value))
        return [getattr(part, method)(piece, **options) for part, piece in parts]

    def _values(self, value):
        axis = self._axis("assign")
        if isinstance(value, PartitionedVariable):
            value = list(value)
        if not isinstance(value, list):
            return split(value, [part.shape[axis].value for part in self._variable_list], axis)
        if len(value) != len(self._variable_list):
            raise ValueError(f"{self._name} has {len(self._variable_list)} parts, got a list of "
                             f"{len(value)} values")  # fmt: skip
        return value

    def __repr__(self):
        return f"<tf.PartitionedVariable '{self._name}' shape={self._shape} in {self._partitions}>"


def _check(shape, variables, partitions):
    for what, value in (("variable_list", variables), ("partitions", partitions)):
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"{what} is not a list or tuple: {value}")
    if not all(count >= 1 for count in partitions):
        raise ValueError(f"partition values must be positive: {partitions}")
    if not variables:
        raise ValueError("variable_list may not be empty")
    infos = [part._get_save_slice_info() for part in variables]
    if None in infos:
        names = [part.name for part in variables]
        raise ValueError(f"All variables must have a save_slice_info available: {names}")
    if len(shape) != len(partitions):
        raise ValueError(f"len(shape) != len(partitions): {shape} vs. {partitions}")
    if any(info.full_shape != shape for info in infos):
        raise ValueError(f"All variables' full shapes must match shape: {shape}; but full shapes "
                         f"were: {[info.full_shape for info in infos]}")  # fmt: skip


def _convert(variable, dtype=None, name=None, as_ref=False):
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type "
            f"'{variable.dtype.name}'"
        )
    if as_ref:
        raise NotImplementedError("PartitionedVariable doesn't support being used as a reference.")
    return variable.as_tensor()


register_tensor_conversion_function(PartitionedVariable, _convert)


def rows_by_part(parts, indices, values):
    """For each part of a variable that is cut along its rows: the part, the numbers in it of those
    rows, of these indices, that it has, and their values."""
    start = 0
    for part in parts:
        end = start + part.shape[0].value
        here = logical_and(greater_equal(indices, start), less(indices, end))
        yield part, boolean_mask(indices, here) - start, boolean_mask(values, here)
        start = end

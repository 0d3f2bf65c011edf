"""What the masks of blocks of weights are computed by, and how parts of variables are assigned."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.nn.pool_ranks import pool
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import split
from minitf.ops.array.rearrange import repeat
from minitf.ops.control_flow.control import group
from minitf.ops.reduction.axes import squeeze, transpose
from minitf.ops.state.assign import assign


def kronecker_product(mat1, mat2):
    """The matrix whose blocks are mat2 times each element of mat1."""
    (m1, n1), (m2, n2) = mat1.shape.as_list(), mat2.shape.as_list()
    blocks = reshape(mat1, [m1, 1, n1, 1]) * reshape(mat2, [1, m2, 1, n2])
    return reshape(blocks, [m1 * m2, n1 * n2])


def expand_tensor(tensor, block_dims):
    """A matrix in which each element has become a block of `block_dims` (height, width).

    ValueError for what is no matrix, or no pair.
    """
    if tensor.shape.ndims != 2:
        raise ValueError("Input tensor must be rank 2")
    if len(block_dims) != 2:
        raise ValueError("block_dims must have 2 elements")
    for axis, size in enumerate(block_dims):
        tensor = repeat(tensor, int(size), axis) if size > 1 else tensor
    return tensor


def factorized_pool(input_tensor, window_shape, pooling_type, strides, padding, name=None):
    """`tf.nn.pool` of a matrix, by its columns and then its rows. ValueError for another rank."""
    if input_tensor.shape.ndims != 2:
        raise ValueError("factorized_pool() accepts tensors of rank 2 only")

    def pooled(images, axis):
        found = pool(images, [1, window_shape[axis]], pooling_type, padding,
                     strides=[1, strides[axis]])  # fmt: skip
        return transpose(found, [0, 1, 3, 2])

    with name_scope(name, "factorized_pool"):
        height, width = input_tensor.shape
        images = reshape(input_tensor, [1, 1, height, width])
    return squeeze(pooled(pooled(images, 0), 1), [0, 1])


def determine_partitioned_axis(partitioned_variable):
    """The one axis along which a variable is in parts. ValueError unless it is one."""
    axis, whole = 0, partitioned_variable.shape.as_list()
    for part in partitioned_variable:
        shorter = np.flatnonzero(np.less(part.shape.as_list(), whole))
        if len(shorter) != 1:
            raise ValueError(f"Number of partitioned axes {len(shorter)} not equal to 1")
        axis = shorter[0]
    return axis


def variable_assign(var, new_value):
    """An assignment, named after the variable."""
    return assign(var, new_value, name=var.op.name + "_assign")


def partitioned_variable_assign(partitioned_var, new_value):
    """An Operation that assigns each part of a variable its part of the value."""
    parts = list(partitioned_var)
    axis = determine_partitioned_axis(partitioned_var) if len(parts) > 1 else 0
    sizes = [part.shape[axis].value for part in parts]
    values = split(new_value, convert_to_tensor(sizes, int32), axis)
    assigned = [variable_assign(part, value) for part, value in zip(parts, values)]
    return group(*assigned, name=partitioned_var.name + "_group_assign")

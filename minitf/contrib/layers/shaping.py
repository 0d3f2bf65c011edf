"""`tf.contrib.layers.flatten`, `one_hot_encoding`, `sequence_to_images`, ...: other shapes, other
forms of the same.
"""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.scoped import check_format
from minitf.contrib.layers.utils import collect_named_outputs
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.layers.core import flatten as flattened
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather_nd
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.slice_assign import strided_slice
from minitf.ops.control_flow.check_static import assert_rank_at_least
from minitf.ops.math.elementwise import not_equal
from minitf.ops.math.operators import to_int64
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_max, reduce_prod
from minitf.ops.sparse.layout import sparse_reshape
from minitf.ops.state.variable_scope import variable_scope


@add_arg_scope
def flatten(inputs, outputs_collections=None, scope=None):
    """`inputs` [batch, ...] as a matrix [batch, rest]; added to `outputs_collections`.

    ValueError for inputs without a batch axis.
    """
    with name_scope(scope, "Flatten", [inputs]) as path:
        outputs = flattened(convert_to_tensor(inputs))
        return collect_named_outputs(outputs_collections, path, outputs)


@add_arg_scope
def _inner_flatten(inputs, new_rank, output_collections=None, scope=None):
    """`inputs`, dense or sparse, with the last axes made one, so that there are `new_rank`.

    ValueError for fewer axes than that.
    """
    with name_scope(scope, "InnerFlatten", [inputs, new_rank]) as path:
        if isinstance(inputs, SparseTensor):
            outputs = _sparse_inner_flatten(inputs, new_rank)
        else:
            outputs = _dense_inner_flatten(convert_to_tensor(inputs), new_rank)
    return collect_named_outputs(output_collections, path, outputs)


def _sparse_inner_flatten(inputs, new_rank):
    rank = inputs.dense_shape.get_shape().as_list()[0]
    if rank < new_rank:
        raise ValueError(
            f"Inputs has rank less than new_rank. {inputs} must have rank at least {new_rank}. "
            f"Received rank {rank}, shape {inputs.get_shape()}"
        )
    outer, inner = inputs.dense_shape[: new_rank - 1], inputs.dense_shape[new_rank - 1 :]
    return sparse_reshape(inputs, concat((outer, [reduce_prod(inner)]), 0))


def _dense_inner_flatten(inputs, new_rank):
    enough = assert_rank_at_least(inputs, new_rank, message="inputs has rank less than new_rank")
    with control_dependencies([enough]):
        outer = strided_slice(shape(inputs), [0], [new_rank - 1])
        outputs = reshape(inputs, concat((outer, [-1]), 0))
    if isinstance(new_rank, int) and inputs.shape.ndims is not None:
        sizes = inputs.shape[: new_rank - 1].concatenate(
            inputs.shape[new_rank - 1 :].num_elements()
        )
        outputs.set_shape(sizes)
    return outputs


@add_arg_scope
def one_hot_encoding(labels, num_classes, on_value=1.0, off_value=0.0, outputs_collections=None,
                     scope=None):  # fmt: skip
    """For each label a vector [num_classes], `on_value` at its place and `off_value` elsewhere."""
    with name_scope(scope, "OneHotEncoding", [labels, num_classes]) as path:
        labels = convert_to_tensor(labels)
        labels = to_int64(labels) if labels.dtype == int32 else labels
        outputs = one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return collect_named_outputs(outputs_collections, path, outputs)


@add_arg_scope
def dense_to_sparse(tensor, eos_token=0, outputs_collections=None, scope=None):
    """The elements of `tensor` that are not `eos_token`, as a SparseTensor."""
    with variable_scope(scope, "dense_to_sparse", [tensor]) as path:
        tensor = convert_to_tensor(tensor)
        indices = where(not_equal(tensor, constant(eos_token, tensor.dtype)))
        values, sizes = gather_nd(tensor, indices), shape(tensor, out_type=int64)
        outputs = SparseTensor(indices, values, sizes)
        return collect_named_outputs(outputs_collections, path.name, outputs)


@add_arg_scope
def images_to_sequence(inputs, data_format="NHWC", outputs_collections=None, scope=None):
    """Images [batch, height, width, depth] as sequences [width, batch * height, depth].

    ValueError for another data_format.
    """
    order = check_format(data_format)
    with name_scope(scope, "ImagesToSequence", [inputs]) as path:
        inputs = convert_to_tensor(inputs)
        if order == "channels_first":
            inputs = transpose(inputs, [0, 2, 3, 1])
        _, _, width, depth = inputs.shape.as_list()
        sizes = shape(inputs)
        batch, height = sizes[0], sizes[1]
        outputs = reshape(transpose(inputs, [2, 0, 1, 3]), [width, batch * height, depth])
        return collect_named_outputs(outputs_collections, path, outputs)


@add_arg_scope
def sequence_to_images(inputs, height, output_data_format="channels_last",
                       outputs_collections=None, scope=None):  # fmt: skip
    """Sequences [width, batch * height, depth] as images: `images_to_sequence` undone."""
    with name_scope(scope, "SequenceToImages", [inputs]) as path:
        inputs = convert_to_tensor(inputs)
        width, rows, depth = inputs.shape.as_list()
        batch = -1 if rows is None else rows // height
        outputs = reshape(inputs, [width, batch, height, depth])
        first = output_data_format == "channels_first"
        outputs = transpose(outputs, [1, 3, 2, 0] if first else [1, 2, 0, 3])
        return collect_named_outputs(outputs_collections, path, outputs)


@add_arg_scope
def maxout(inputs, num_units, axis=-1, scope=None):
    """The largest of each run of `size // num_units` elements along `axis`, so that `num_units`
    are left, after Goodfellow et al. 2013. ValueError where that does not come out even.
    """
    with variable_scope(scope, "MaxOut", [inputs]):
        inputs = convert_to_tensor(inputs)
        sizes = inputs.shape.as_list()
        if sizes[axis] % num_units:
            raise ValueError(
                f"number of features({sizes[axis]}) is not a multiple of num_units({num_units})"
            )
        run, sizes[axis] = sizes[axis] // num_units, num_units
        sizes = [
            shape(inputs)[i] if size is None else size for i, size in enumerate([*sizes, run])
        ]
        return reduce_max(reshape(inputs, sizes), -1, keepdims=False)

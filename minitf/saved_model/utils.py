"""Tensors as TensorInfo messages, and back."""

from minitf.core.graph import get_default_graph
from minitf.core.proto.meta_graph import TensorInfo
from minitf.core.scopes import prepend_name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor_shape import TensorShape


def build_tensor_info(tensor):
    """The TensorInfo of a Tensor, of a SparseTensor (by the names of its parts), or a Variable."""
    made = TensorInfo(dtype=tensor.dtype.enum, tensor_shape=tensor.get_shape().as_proto())
    if isinstance(tensor, SparseTensor):
        made.coo_sparse.values_tensor_name = tensor.values.name
        made.coo_sparse.indices_tensor_name = tensor.indices.name
        made.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
    else:
        made.name = tensor.name
    return made


def build_tensor_info_from_op(op):
    """A TensorInfo that names an operation."""
    return TensorInfo(name=op.name, tensor_shape=TensorShape(None).as_proto())


def get_tensor_from_tensor_info(tensor_info, graph=None, import_scope=None):
    """The Tensor or SparseTensor of a graph, the default one if None, that a TensorInfo describes.

    KeyError when it is not there, ValueError for a TensorInfo that names nothing.
    """
    graph = graph or get_default_graph()

    def tensor(name):
        return graph.get_tensor_by_name(prepend_name_scope(name, import_scope))

    encoding = tensor_info.WhichOneof("encoding")
    if encoding == "name":
        return tensor(tensor_info.name)
    if encoding == "coo_sparse":
        parts = tensor_info.coo_sparse
        return SparseTensor(tensor(parts.indices_tensor_name), tensor(parts.values_tensor_name),
                            tensor(parts.dense_shape_tensor_name))  # fmt: skip
    if encoding == "composite_tensor":
        raise NotImplementedError("get_tensor_from_tensor_info: of composite tensors minitf knows "
                                  "SparseTensors alone")  # fmt: skip
    raise ValueError(f"Invalid TensorInfo.encoding: {encoding}")


def get_element_from_tensor_info(tensor_info, graph=None, import_scope=None):
    """The Tensor or Operation that a TensorInfo names. KeyError when it is not there."""
    graph = graph or get_default_graph()
    return graph.as_graph_element(prepend_name_scope(tensor_info.name, import_scope))

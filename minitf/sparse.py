"""`tf.sparse`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.core.sparse_tensor import SparseTensor
from minitf.ops.queues.accumulator import SparseConditionalAccumulator
from minitf.ops.reduction.sparse_segments import sparse_segment_mean as segment_mean
from minitf.ops.reduction.sparse_segments import sparse_segment_sqrt_n as segment_sqrt_n
from minitf.ops.reduction.sparse_segments import sparse_segment_sum as segment_sum
from minitf.ops.sparse.cross import sparse_cross as cross
from minitf.ops.sparse.cross import sparse_cross_hashed as cross_hashed
from minitf.ops.sparse.layout import sparse_concat as concat
from minitf.ops.sparse.layout import sparse_fill_empty_rows as fill_empty_rows
from minitf.ops.sparse.layout import sparse_reshape as reshape
from minitf.ops.sparse.layout import sparse_slice as slice
from minitf.ops.sparse.layout import sparse_split as split
from minitf.ops.sparse.math import sparse_maximum as maximum
from minitf.ops.sparse.math import sparse_minimum as minimum
from minitf.ops.sparse.math import sparse_softmax as softmax
from minitf.ops.sparse.math import sparse_tensor_dense_matmul as matmul
from minitf.ops.sparse.math import sparse_tensor_dense_matmul as sparse_dense_matmul
from minitf.ops.sparse.reduce import sparse_reduce_max as reduce_max
from minitf.ops.sparse.reduce import sparse_reduce_max_sparse as reduce_max_sparse
from minitf.ops.sparse.reduce import sparse_reduce_sum as reduce_sum
from minitf.ops.sparse.reduce import sparse_reduce_sum_sparse as reduce_sum_sparse
from minitf.ops.sparse.sums import sparse_add as add
from minitf.ops.sparse.tensors import from_dense
from minitf.ops.sparse.tensors import sparse_expand_dims as expand_dims
from minitf.ops.sparse.tensors import sparse_eye as eye
from minitf.ops.sparse.tensors import sparse_mask as mask
from minitf.ops.sparse.tensors import sparse_merge as merge
from minitf.ops.sparse.tensors import sparse_placeholder as placeholder
from minitf.ops.sparse.tensors import sparse_reorder as reorder
from minitf.ops.sparse.tensors import sparse_reset_shape as reset_shape
from minitf.ops.sparse.tensors import sparse_retain as retain
from minitf.ops.sparse.tensors import sparse_tensor_to_dense as to_dense
from minitf.ops.sparse.tensors import sparse_to_indicator as to_indicator
from minitf.ops.sparse.tensors import sparse_transpose as transpose

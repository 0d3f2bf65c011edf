"""`sparse_feature_cross`: what crossed columns are made with."""
from minitf.core.dtypes import int64, string
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import Tensor
from minitf.ops.math.elementwise import cast
from minitf.ops.sparse.feature_cross import sparse_feature_cross_op, sparse_feature_cross_v2_op

SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY = 956888297470


def sparse_feature_cross(inputs, hashed_output=False, num_buckets=0, name=None, hash_key=None):
    """Each combination of the features that the inputs, SparseTensors or matrices, have for an
    example, as a SparseTensor [batch, most combinations].

    They are texts with _X_ between the features; with `hashed_output` numbers, below `num_buckets`
    if that is not 0. `hash_key` chooses the better hash. TypeError for other inputs.
    """
    if not isinstance(inputs, list):
        raise TypeError("Inputs must be a list")
    if not all(isinstance(each, (SparseTensor, Tensor)) for each in inputs):
        raise TypeError("All inputs must be SparseTensors")
    sparse = [each for each in inputs if isinstance(each, SparseTensor)]
    dense = [_feature(each) for each in inputs if not isinstance(each, SparseTensor)]
    values = [_feature(each.values) for each in sparse]
    texts = all(each.dtype == string for each in values + dense)
    given = [*(each.indices for each in sparse), *values, *(each.dense_shape for each in sparse),
             *dense]  # fmt: skip
    function, attrs = sparse_feature_cross_op, {}
    if hash_key:
        function, attrs = sparse_feature_cross_v2_op, {"hash_key": hash_key}
    found = function(
        *given, N=len(sparse), hashed_output=hashed_output, num_buckets=num_buckets,
        out_type=int64 if hashed_output else string, internal_type=string if texts else int64,
        name=name, **attrs,
    )  # fmt: skip
    return SparseTensor(*found)


def _feature(values):
    return values if values.dtype == string else cast(values, int64)

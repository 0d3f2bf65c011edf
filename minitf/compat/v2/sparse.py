"""`tf.compat.v2.sparse`: Sparse tensors."""
from minitf.compat.v2.later import later, public, rest


@later
def add(a, b, threshold=0): ...


@later
def concat(axis, sp_inputs, expand_nonconcat_dims=False, name=None): ...


@later
def segment_mean(data, indices, segment_ids, num_segments=None, name=None): ...


@later
def segment_sqrt_n(data, indices, segment_ids, num_segments=None, name=None): ...


@later
def segment_sum(data, indices, segment_ids, num_segments=None, name=None): ...


@later
def split(sp_input=None, num_split=None, axis=None, name=None): ...


def reduce_max(sp_input, axis=None, keepdims=None, output_is_sparse=False, name=None):
    """The greatest over axes; of elements that are not there nothing is known."""
    return _reduced("sparse_reduce_max", sp_input, axis, keepdims, output_is_sparse)


def reduce_sum(sp_input, axis=None, keepdims=None, output_is_sparse=False, name=None):
    """The sum over axes."""
    return _reduced("sparse_reduce_sum", sp_input, axis, keepdims, output_is_sparse)


def _reduced(name, sp_input, axis, keepdims, output_is_sparse):
    return public(f"{name}_sparse" if output_is_sparse else name)(sp_input, axis, keepdims)


__getattr__ = rest(__name__)

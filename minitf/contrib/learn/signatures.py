"""What an estimator remembers of the tensors that it was first given: type and shape of each."""
from minitf.core.sparse_tensor import SparseTensor
from minitf.ops.sparse.tensors import sparse_placeholder
from minitf.ops.state.placeholder import placeholder


def mapped(function, tensors):
    """The function of each of a dict of tensors, of a single tensor, or None."""
    if tensors is None:
        return None
    if isinstance(tensors, dict):
        return {key: function(each) for key, each in tensors.items()}
    return function(tensors)


def signature(tensor):
    """(type, shape): the shape is None for a SparseTensor."""
    return tensor.dtype, None if isinstance(tensor, SparseTensor) else tensor.shape


def check(tensors, signatures, what):
    """ValueError for tensors that are unlike those of before, but for the size of the batch."""
    if isinstance(signatures, dict) == isinstance(tensors, dict):
        pairs = zip(*(_listed(each, signatures) for each in (tensors, signatures)))
        if all(tensor is not None and _fits(signature(tensor), known) for tensor, known in pairs):
            return
    raise ValueError(f"{what} are incompatible with given information. Given {what.lower()}: "
                     f"{tensors}, required signatures: {signatures}.")  # fmt: skip


def _listed(each, signatures):
    return [each.get(key) for key in signatures] if isinstance(signatures, dict) else [each]


def _fits(given, known):
    if given[0] != known[0] or (given[1] is None) != (known[1] is None):
        return False
    if known[1] is None or None in (given[1].ndims, known[1].ndims):
        return True
    same_rank = given[1].ndims == known[1].ndims
    return same_rank and given[1][1:].is_compatible_with(known[1][1:])


def placeholder_of(known):
    """A placeholder of such a type and shape, of any batch."""
    dtype, shape = known
    if shape is None:
        return sparse_placeholder(dtype)
    return placeholder(dtype, [None, *shape[1:]])

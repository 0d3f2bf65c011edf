"""SparseTensors in batches: the queue holds numbers of what is put aside meanwhile."""
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.static import constant_value
from minitf.ops.array.basics import fill, shape
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.sparse.tensors import sparse_retain
from minitf.ops.sparse.tensors_map import put_aside, taken_out


class Stored:
    """How a component of the first set of tensors was stored: by which operation, of which rank."""

    def __init__(self, operation, rank):
        self.operation, self.rank = operation, rank


def stored(tensors, keep_input, enqueue_many, before=None):
    """(what goes into the queue instead of the tensors, for each a Stored or None).

    `before` is the latter of another set of tensors, whose place is used for these as well.
    ValueError where these are sparse and those are not, or of another rank.
    """
    before = before or [None] * len(tensors)
    found = [_stored(*pair, keep_input, enqueue_many) if isinstance(pair[0], SparseTensor)
             else (pair[0], None) for pair in zip(tensors, before)]  # fmt: skip
    wide = [expand_dims(t, [-1]) if info is not None else t for t, info in found]
    return wide, [info for _, info in found]


def check_alike(one, other, tensors):
    """ValueError unless sets of tensors are sparse in the same places, and of the same ranks."""
    ranks = [[None if info is None else info.rank for info in infos] for infos in (one, other)]
    if ranks[0] != ranks[1]:
        raise ValueError(f"Inconsistent SparseTensors list: {tensors[0]} vs. {tensors[1]}")


def _stored(sparse, before, keep_input, enqueue_many):
    rank = sparse.dense_shape.shape.with_rank(1)[0].value
    rank = rank - 1 if rank is not None and enqueue_many else rank
    made = []

    def put():
        name = None if before is None else before.operation.name
        made.append(put_aside(sparse, enqueue_many, name))
        return made[0]

    if keep_input.shape.ndims == 1:
        sparse = sparse_retain(sparse, gather(keep_input, sparse.indices[:, 0]))
    numbers = _if_kept(keep_input, put, sparse, enqueue_many)
    if enqueue_many:
        numbers.set_shape([None])
    return numbers, Stored(made[0].op if before is None else before.operation, rank)


def _if_kept(keep_input, put, sparse, enqueue_many):
    """The numbers, or -1 for what is not kept."""
    if keep_input.shape.ndims == 1 or constant_value(keep_input) is not None:
        return put()
    nothing = convert_to_tensor(-1, int64)
    if not enqueue_many:
        return cond(keep_input, put, lambda: constant(-1, int64))
    return cond(keep_input, put, lambda: fill(shape(sparse)[0:1], nothing))


def restored(dequeued, infos):
    """What came out of the queue, with SparseTensors again where they were."""
    if all(info is None for info in infos):
        return dequeued
    listed = dequeued if isinstance(dequeued, list) else [dequeued]
    tensors = [_restored(*pair) for pair in zip(listed, infos)]
    values = [t.values if isinstance(t, SparseTensor) else t for t in tensors]
    tensors = [_after(values, tensor) for tensor in tensors]
    return tensors if isinstance(dequeued, list) else tensors[0]


def _restored(tensor, info):
    if info is None:
        return tensor
    rank = None if info.rank is None else info.rank + 1
    return taken_out(squeeze(tensor, [1]), info.operation, rank)


def _after(values, tensor):
    """The tensor, once all are there: none may stay behind."""
    if not isinstance(tensor, SparseTensor):
        return with_dependencies(values, tensor)
    parts = tensor.indices, tensor.values, tensor.dense_shape
    return SparseTensor(*(with_dependencies(values, part) for part in parts))

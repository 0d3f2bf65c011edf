"""SparseTensors put aside in a run, to be taken out again in another: queues hold their numbers."""
import itertools
import threading

import numpy as np

from minitf.core.dtypes import int64
from minitf.core.errors import InvalidArgumentError
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.resource import Resource
from minitf.core.schema import Attr, T
from minitf.core.sparse_tensor import SparseTensor


class TensorsMap(Resource):
    """SparseTensors by their numbers, which a Session keeps for the nodes of one name."""

    family, named = "TensorsMap", True

    def __init__(self, operation):
        super().__init__(operation)
        self.numbers, self.lock, self.kept = itertools.count(), threading.Lock(), {}

    def put(self, *parts):
        """Keep (indices, values, shape), copies of them; the number that it has from now on."""
        with self.lock:
            number = next(self.numbers)
            self.kept[number] = tuple(np.array(part) for part in parts)
        return number

    def take(self, number):
        """What was kept under a number; it is forgotten. InvalidArgumentError when it is not there.
        """
        with self.lock:
            if number not in self.kept:
                raise InvalidArgumentError(None, None, f"Unable to find SparseTensor: {number} in "
                                           f"map: {self.name}")  # fmt: skip
            return self.kept.pop(number)


def _on_map(type, shape):
    return op(type, shape=shape, grad=NOT_DIFFERENTIABLE, stateful=True, host=True,
              state=TensorsMap)  # fmt: skip


@_on_map("AddSparseToTensorsMap", lambda *_, **__: ())
def add_sparse(
    xp, state, sparse_indices: int64, sparse_values: T, sparse_shape: int64, *, container="",
    shared_name=""
) -> int64:  # fmt: skip
    """Put one aside."""
    return np.int64(state.put(sparse_indices, sparse_values, sparse_shape))


@_on_map("AddManySparseToTensorsMap", lambda *_, **__: (None,))
def add_many_sparse(
    xp, state, sparse_indices: int64, sparse_values: T, sparse_shape: int64, *, container="",
    shared_name=""
) -> int64:  # fmt: skip
    """Put each row aside."""
    rows = np.arange(sparse_shape[0])
    starts = np.searchsorted(sparse_indices[:, 0], [*rows, sparse_shape[0]])
    numbers = [
        state.put(sparse_indices[a:b, 1:], sparse_values[a:b], sparse_shape[1:])
        for a, b in itertools.pairwise(starts)
    ]
    return np.array(numbers, np.int64)


@_on_map("TakeManySparseFromTensorsMap", lambda *_, **__: [(None, None), (None,), (None,)])
def take_many_sparse(
    xp, state, sparse_handles: int64, *, dtype, container="", shared_name=""
) -> [int64, Attr("dtype"), int64]:
    """Take several out, one above the other."""
    parts = [state.take(number) for number in sparse_handles.tolist()]
    if not parts:
        raise ValueError("there is no SparseTensor to take")
    counts = [len(indices) for indices, _, _ in parts]
    rows = np.repeat(np.arange(len(parts)), counts)[:, None]
    indices = np.concatenate([rows, np.concatenate([each for each, _, _ in parts])], axis=1)
    largest = np.max([shape for _, _, shape in parts], axis=0)
    shape = np.concatenate([[len(parts)], largest]).astype(np.int64)
    return [indices.astype(np.int64), np.concatenate([values for _, values, _ in parts]), shape]


def put_aside(sparse, many=False, shared_name=None):
    """The number, in a run, of a SparseTensor that is kept; with `many` the numbers of its rows."""
    add = add_many_sparse if many else add_sparse
    parts = sparse.indices, sparse.values, sparse.dense_shape
    return add(*parts, shared_name=shared_name or "")


def taken_out(handles, operation, rank):
    """The SparseTensor of what has these numbers, put aside by an operation; `rank` is its rank."""
    shared = operation.attrs["shared_name"] or operation.name
    indices, values, shape = take_many_sparse(
        handles, dtype=operation.inputs[1].dtype.base_dtype, shared_name=shared
    )
    indices.set_shape([None, rank])
    shape.set_shape([rank])
    return SparseTensor(indices, values, shape)

"""Rows sorted into lists, and lists put together again: `tf.dynamic_partition` and its inverse."""
import math

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.op import op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Attr, Repeat, T, TypeAttr
from minitf.core.tensor_shape import merge, num_elements, printed
from minitf.ops.array.at import first_place
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.sequences import range_op
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.reduce import prod_op

Parts = TypeAttr("_", each=True)  # the indices, then the data

# -- taking apart ---------------------------------------------------------------------------------


def _partitioned(data, partitions, *, num_partitions):
    if num_partitions < 1:
        raise ValueError(f"num_partitions must be at least 1, got {num_partitions}")
    if data is None or partitions is None:
        return [None] * num_partitions
    if merge(data[: len(partitions)], partitions) is False:
        raise ValueError(f"data.shape must start with partitions.shape, got {printed(data)} and "
                         f"{printed(partitions)}")  # fmt: skip
    return [(None, *data[len(partitions) :])] * num_partitions


@op("DynamicPartition", shape=_partitioned)
def dynamic_partition_op(xp, data, partitions: int32, *, num_partitions) -> (
    Repeat(T, "num_partitions")
):
    """Part i has the elements or rows of data whose number in partitions is i."""
    _partitioned(data.shape, partitions.shape, num_partitions=num_partitions)
    wrong = (partitions < 0) | (partitions >= num_partitions)
    if wrong.any().item():
        at, place = first_place(xp, wrong)
        raise ValueError(f"partitions{place} = {partitions[at].item()} is not in "
                         f"[0, {num_partitions})")  # fmt: skip
    ids = partitions.reshape(-1)
    rows = data.reshape(ids.size, *data.shape[partitions.ndim :])
    return [rows[xp.flatnonzero(ids == part)] for part in range(num_partitions)]


@dynamic_partition_op.gradient
def _(parts, dparts, data, partitions, *, num_partitions):
    sizes = shape(partitions)
    places = reshape(range_op(0, prod_op(sizes, [0]), 1), sizes)
    places = dynamic_partition_op(places, partitions, num_partitions=num_partitions)
    together = parallel_stitch_op(*places, *dparts, T=data.dtype.base_dtype)
    return reshape(together, shape(data)), None


@takes_ragged
def dynamic_partition(data, partitions, num_partitions, name=None):
    """`num_partitions` tensors: part i has the elements or rows of `data` whose number is i.

    `partitions` (int32) has the shape of `data`, or the first axes of it. A number outside raises
    InvalidArgumentError in the run.
    """
    return dynamic_partition_op(data, partitions, num_partitions=num_partitions, name=name)


# -- putting together -----------------------------------------------------------------------------


def _stitched_shape(*tensors, T):
    half = len(tensors) // 2
    rest = None
    for indices, data in zip(tensors[:half], tensors[half:]):
        if indices is None or data is None:
            continue
        if merge(indices, data[: len(indices)]) is False:
            raise ValueError(f"data.shape must start with indices.shape, got {printed(data)} and "
                             f"{printed(indices)}")  # fmt: skip
        rest = merge(rest, data[len(indices) :])
        if rest is False:
            raise ValueError("the rows of data differ in shape")
    return None if rest is None else (None, *rest)


def _stitched(xp, *tensors, T):
    half = len(tensors) // 2
    _stitched_shape(*(tensor.shape for tensor in tensors), T=T)
    rest = tensors[half].shape[tensors[0].ndim :]
    ids = xp.concatenate([indices.reshape(-1) for indices in tensors[:half]])
    if ids.size and xp.min(ids).item() < 0:
        raise ValueError(f"indices = {xp.min(ids).item()} is negative")
    length = xp.max(ids).item() + 1 if ids.size else 0
    out = xp.zeros((length, *rest), tensors[half].dtype)
    if xp is np:  # of equal indices NumPy keeps the last
        for places, data in zip(tensors[:half], tensors[half:]):
            out[places] = data
    elif ids.size and math.prod(rest):
        rows = xp.concatenate([data.reshape(-1, *rest) for data in tensors[half:]])
        order = xp.argsort(ids, kind="stable")
        ids = ids[order]
        last = xp.flatnonzero(xp.concatenate([ids[1:] != ids[:-1], xp.ones(1, bool)]))
        out[ids[last]] = rows[order[last]]
    return out


_stitched.__annotations__ = {"tensors": Parts, "return": Attr("T")}
stitch_op = op("DynamicStitch", shape=_stitched_shape)(_stitched)
parallel_stitch_op = op("ParallelDynamicStitch", shape=_stitched_shape)(_stitched)


@stitch_op.gradient
@parallel_stitch_op.gradient
def _(y, dy, *tensors, T):
    indices = tensors[: len(tensors) // 2]
    return [None] * len(indices) + [gather(dy, cast(places, int32)) for places in indices]


def dynamic_stitch(indices, data, name=None):
    """One tensor in which row `indices[m][i]` is `data[m][i]`; of equal indices the last counts.

    Rows that no index names are zeros. TypeError for indices that are not int32 or data of several
    types, ValueError for shapes that do not fit, or no list at all.
    """
    return _stitch(stitch_op, indices, data, name)


def parallel_dynamic_stitch(indices, data, name=None):
    """As `dynamic_stitch`."""
    return _stitch(parallel_stitch_op, indices, data, name)


def _stitch(operation, indices, data, name):
    for what, value in (("indices", indices), ("data", data)):
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"Expected list for '{what}' argument to '{operation.__name__}' Op, "
                            f"not {value!r}.")  # fmt: skip
    if not indices or len(indices) != len(data):
        raise ValueError(f"dynamic_stitch takes as many indices as data, at least one: got "
                         f"{len(indices)} and {len(data)}")  # fmt: skip
    indices = [convert_to_tensor(each, int32, name="indices") for each in indices]
    first = next((each.dtype.base_dtype for each in data if hasattr(each, "dtype")
                  and hasattr(each, "op")), None)  # fmt: skip
    data = [convert_to_tensor(each, first, name="data") for each in data]
    kinds = {each.dtype.base_dtype for each in data}
    if len(kinds) > 1:
        raise TypeError(f"dynamic_stitch takes data of one type, got {sorted(map(str, kinds))}")
    found = operation(*indices, *data, T=kinds.pop(), name=name)
    _set_length(found, indices)
    return found


def _set_length(found, indices):
    """The greatest index says the number of rows, where all are known."""
    known = [np.zeros(0) if num_elements(each._shape) == 0 else each._value for each in indices]
    if found._shape is None or any(v is None or v.dtype == object for v in known):
        return
    length = max((int(value.max()) + 1 for value in known if value.size), default=0)
    found.set_shape((length, *found._shape[1:]))

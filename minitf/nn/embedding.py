"""`tf.nn.embedding_lookup`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.tensor import Tensor
from minitf.ops.array import identity, reshape, shape
from minitf.ops.clip import clip_by_norm
from minitf.ops.elementwise import cast, floor_div, select
from minitf.ops.indexing import gather
from minitf.ops.joining import concat


def embedding_lookup(
    params, ids, partition_strategy="mod", name=None, validate_indices=True, max_norm=None
):
    """The rows of `params` that `ids` name: the shape of `ids` followed by that of a row.

    A list of tensors is one table cut in parts: row i is in part `i % parts` ("mod"), or the parts
    follow one another ("div"). Rows longer than `max_norm` are shortened to it. An id outside
    raises in the run. ValueError for no table or another strategy.
    """
    tables = list(params) if isinstance(params, (list, tuple)) else [params]
    if not tables:
        raise ValueError("Need at least one param")
    with name_scope(name, "embedding_lookup", [*tables, ids]) as scope:
        ids = convert_to_tensor(ids, name="ids")
        if len(tables) == 1:
            rows = gather(tables[0], ids, name=scope)
            return identity(_shortened(rows, ids, max_norm))
        if partition_strategy not in ("mod", "div"):
            raise ValueError(f"Unrecognized partition strategy: {partition_strategy}")
        tables = [t if isinstance(t, Tensor) else convert_to_tensor(t) for t in tables]
        if partition_strategy == "mod":
            rows = _looked_up_mod(tables, ids)
        else:
            rows = gather(concat(tables, 0), ids)
        return identity(_shortened(rows, ids, max_norm), name=scope)


def _looked_up_mod(tables, ids):
    """Row i is row i // parts of table i % parts: stacked one after the other, at an offset."""
    lengths = [cast(shape(table)[0], ids.dtype) for table in tables]
    flat = reshape(ids, [-1])
    part, row = flat % len(tables), floor_div(flat, len(tables))
    offsets = [lengths[0] * 0]
    for length in lengths[:-1]:
        offsets.append(offsets[-1] + length)
    place = row + gather(convert_to_tensor(offsets), part)
    # A row its table does not have must not be found in the next one.
    place = select(row < gather(convert_to_tensor(lengths), part), place, place * 0 - 1)
    rows = gather(concat(tables, 0), place)
    return reshape(rows, concat([shape(ids), shape(rows)[1:]], 0))


def _shortened(rows, ids, max_norm):
    if max_norm is None:
        return rows
    axes = list(range(len(ids._shape), len(rows._shape)))
    return clip_by_norm(rows, max_norm, axes=axes)

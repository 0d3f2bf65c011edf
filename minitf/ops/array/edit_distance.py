"""How far sequences are from each other: `tf.edit_distance`."""
import numpy as np

from minitf.core.dtypes import float32, int64
from minitf.core.literals import ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import T
from minitf.core.shape_rules import sizes
from minitf.core.sparse_tensor import as_sparse, is_sparse
from minitf.ops.sparse.tensors import Shape, check_parts, linear


def _distances_shape(a_indices, a_values, a_shape, b_indices, b_values, b_shape, *, normalize):
    check_parts(a_indices, a_values, a_shape)
    check_parts(b_indices, b_values, b_shape)
    if a_shape is None or b_shape is None:
        return None
    if len(a_shape) != len(b_shape):
        raise ValueError(f"hypothesis_shape and truth_shape must have the same rank: {len(a_shape)}"
                         f" and {len(b_shape)}")  # fmt: skip
    if len(a_shape) < 2:
        raise ValueError("Input SparseTensors must have rank at least 2, but truth_shape rank is: "
                         f"{len(b_shape)}")  # fmt: skip
    pairs = list(zip(sizes(a_shape), sizes(b_shape)))[:-1]
    return tuple(None if None in pair else max(pair) for pair in pairs)


@op("EditDistance", shape=_distances_shape, grad=NOT_DIFFERENTIABLE, host=True)
def edit_distance_op(
    xp, hypothesis_indices: int64, hypothesis_values: T, hypothesis_shape: Shape,
    truth_indices: int64, truth_values: T, truth_shape: Shape, *, normalize=True,
) -> float32:  # fmt: skip
    """The least number of elements to insert, delete or replace, for each pair of sequences."""
    shapes = [ints(part) for part in (hypothesis_shape, truth_shape)]
    whole = tuple(map(max, *(shape[:-1] for shape in shapes))) if len(shapes[0]) > 1 else ()
    out = np.zeros(whole, np.float32)
    counts, places = [], []
    for indices in (hypothesis_indices, truth_indices):
        places.append(linear(indices[:, :-1], whole))
        counts.append(np.bincount(places[-1], minlength=out.size))
    _, codes = np.unique(np.concatenate([hypothesis_values, truth_values]), return_inverse=True)
    parts = np.split(codes, [len(hypothesis_values)])
    given = np.flatnonzero(counts[0] + counts[1])  # pairs of which one is not empty
    rows = map(_rows, parts, places, counts, [given] * 2)
    steps = _levenshtein(*rows, *(lengths[given] for lengths in counts))
    if normalize:
        with np.errstate(divide="ignore"):
            steps = steps / counts[1][given]
    out.reshape(-1)[given] = steps
    return out


def _rows(codes, places, counts, given):
    """The sequences of these places as rows of a matrix, the rest of each -1."""
    made = np.full((len(counts), max(counts, default=0)), -1)
    starts = np.cumsum(counts) - counts
    order = np.argsort(places, kind="stable")
    made[places[order], np.arange(len(places)) - starts[places[order]]] = codes[order]
    return made[given]


def _levenshtein(ours, theirs, our_lengths, their_lengths):
    """The distances of all pairs of rows; each step takes one more element of `ours`.

    Column j has what it takes to make the first j elements of `theirs`, less j: so one of these
    more than in the column before costs nothing.
    """
    row = np.zeros((len(ours), theirs.shape[1] + 1), np.int64)
    found, ends = row.copy(), set(our_lengths.tolist())
    for i, ours_next in enumerate(ours.T, 1):
        kept = row[:, :-1] - (ours_next[:, None] == theirs)
        row += 1
        np.minimum(row[:, 1:], kept, out=row[:, 1:])
        np.minimum.accumulate(row, axis=1, out=row)
        if i in ends:
            found[our_lengths == i] = row[our_lengths == i]
    return found[np.arange(len(found)), their_lengths] + their_lengths


def edit_distance(hypothesis, truth, normalize=True, name="edit_distance"):
    """The Levenshtein distances of the sequences along the last axis of two SparseTensors.

    Divided by the length of the truth if `normalize`: then infinite where that is 0 and the
    hypothesis is not. TypeError for what is not sparse, ValueError for ranks that differ.
    """
    for what, value in (("Hypothesis", hypothesis), ("Truth", truth)):
        if not is_sparse(value):
            raise TypeError(f"{what} must be a SparseTensor.")
    parts = [*as_sparse(hypothesis)._components(), *as_sparse(truth)._components()]
    return edit_distance_op(*parts, normalize=normalize, name=name)

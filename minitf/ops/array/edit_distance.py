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
    ours = _sequences(hypothesis_indices, hypothesis_values, whole)
    theirs = _sequences(truth_indices, truth_values, whole)
    for place in ours.keys() | theirs.keys():
        pair = ours.get(place, []), theirs.get(place, [])
        out.reshape(-1)[place] = _distance(*pair, normalize)
    return out


def _sequences(indices, values, whole):
    """{number of a sequence: its elements}."""
    found = {}
    for place, value in zip(linear(indices[:, :-1], whole).tolist(), values.tolist()):
        found.setdefault(place, []).append(value)
    return found


def _distance(ours, theirs, normalize):
    steps = _levenshtein(ours, theirs)
    if not normalize:
        return steps
    return steps / len(theirs) if theirs else float("inf")


def _levenshtein(a, b):
    before = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b):
            row.append(min(before[j] + (x != y), before[j + 1] + 1, row[j] + 1))
        before = row
    return before[-1]


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

"""The ascent itself: the duals of examples, one after the other, each as good as can be."""
from typing import NamedTuple

import numpy as np


class Rows(NamedTuple):
    """The features of all examples, one example's after the other's: the value of each, and the
    place of its weight in one vector of all. Those of example i are between starts[i] and
    starts[i + 1]."""

    examples: np.ndarray
    places: np.ndarray
    values: np.ndarray
    starts: np.ndarray

    def of(self, i):
        part = slice(self.starts[i], self.starts[i + 1])
        return self.places[part], self.values[part]

    def sums(self, values):
        """The sum of each example, of a value for each feature."""
        return np.bincount(self.examples, values, len(self.starts) - 1)


def ascended(given, loss, l1, l2, partitions, adaptive):
    """[the examples' state after a step for each, what to add to each group of weights]."""
    examples = _check(given)
    weights = [*given.sparse_weights, *given.dense_weights]
    if not weights:
        raise ValueError("Requires at least one feature to train.")
    flat = np.concatenate([each.reshape(-1) for each in weights])
    starts = np.cumsum([0, *(each.size for each in weights)])
    rows = _rows(given, starts, examples)
    labels = loss.labels(given.example_labels.reshape(-1).astype(np.float64))
    importance = given.example_weights.reshape(-1).astype(np.float64)
    with np.errstate(all="ignore"):
        state, changes = _steps(rows, flat, labels, importance, given.example_state_data, loss,
                                l1, l2, partitions, adaptive)  # fmt: skip
    parts = np.split(changes, starts[1:-1])
    return [state, *(part.reshape(each.shape) for part, each in zip(parts, weights))]


def _check(given):
    """The number of examples."""
    count, state = given.example_weights.size, given.example_state_data
    if given.example_labels.size != count:
        raise ValueError(f"Expected {count} example labels but got {given.example_labels.size}")
    for i, features in enumerate(given.dense_features):
        if features.ndim != 2:
            raise ValueError(f"Dense features at index {i} must be rank 2 but is rank "
                             f"{features.ndim}")  # fmt: skip
    if state.ndim != 2:
        raise ValueError(f"example_state_data must be rank 2 but is rank {state.ndim}")
    if state.shape != (count, 4):
        raise ValueError(f"Expected shape [{count},4] for example_state_data, got "
                         f"{list(state.shape)}")  # fmt: skip
    return count


# -- the features as rows -------------------------------------------------------------------------


def _rows(given, starts, count):
    groups = [_sparse(given, i, starts[i]) for i in range(len(given.sparse_indices))]
    starts = starts[len(groups) :]
    groups += [_dense(*each) for each in zip(given.dense_features, given.dense_weights, starts)]
    examples, places, values = (np.concatenate(parts) for parts in zip(*groups))
    order = np.argsort(examples, kind="stable")
    starts = np.searchsorted(examples[order], np.arange(count + 1))
    order = order[: starts[-1]]
    return Rows(examples[order], places[order], values[order].astype(np.float64), starts)


def _sparse(given, i, start):
    """(examples, places, values) of a sparse feature."""
    examples = given.sparse_example_indices[i].reshape(-1)
    features = given.sparse_feature_indices[i].reshape(-1)
    known = given.sparse_indices[i].reshape(-1)
    if len(examples) != len(features):
        raise ValueError(f"Found mismatched example_indices and feature_indices [{examples}] vs "
                         f"[{features}]")  # fmt: skip
    unknown = features[~np.isin(features, known)]
    if len(unknown):
        raise ValueError(f"Found sparse feature indices out of valid range: {unknown[0]}")
    order = np.argsort(known, kind="stable")
    places = order[np.searchsorted(known, features, sorter=order)]
    if len(np.unique(examples * len(known) + places)) < len(places):
        raise ValueError("Duplicate index in sparse vector.")
    values = np.ones(len(places), np.float32)
    if i < len(given.sparse_feature_values):
        values = given.sparse_feature_values[i].reshape(-1)
    if len(values) != len(places):
        raise ValueError(f"{len(values)} values for {len(places)} sparse features")
    return examples, start + places, values


def _dense(features, weights, start):
    """(examples, places, values) of a dense feature."""
    columns = features.shape[1]
    if columns > weights.size:
        raise ValueError(f"More dense features than we have parameters for: {columns}")
    examples, places = np.divmod(np.arange(features.size), max(columns, 1))
    return examples, start + places, features.reshape(-1)


# -- the steps ------------------------------------------------------------------------------------


def _steps(rows, weights, labels, importance, state, loss, l1, l2, partitions, adaptive):
    """(the state after them, the changes of the weights)."""
    state, changes = state.copy(), np.zeros_like(weights)
    norms = rows.sums(rows.values * rows.values)
    before = rows.sums(rows.values * _shrunk(weights, l1 / l2)[rows.places])
    generator = np.random.default_rng()
    if adaptive:
        off = np.abs(state[:, 0] + loss.slope(before, labels))
        chances = importance * np.sqrt(norms + l2 * loss.smoothness) * off
        order = _adapted(chances, generator)
    else:
        order = generator.permutation(len(labels))
    losses = importance * loss.primal(labels, before)
    for i in order:
        places, values = rows.of(i)
        now = weights[places] + changes[places] * np.float32(partitions)
        prediction = values @ _shrunk(now, l1 / l2)
        dual, weight = np.float64(state[i, 0]), importance[i]
        norm = partitions * weight * norms[i] / l2
        new = loss.dual(labels[i], prediction, dual, norm)
        changes[places] += values * ((new - dual) * weight / l2)
        state[i] = new, losses[i], loss.conjugate(labels[i], dual) * weight, weight
    return state, changes


def _shrunk(weights, by):
    return np.sign(weights) * np.maximum(np.abs(weights) - by, 0) if by else weights


def _adapted(chances, generator):
    """As many examples as there are, drawn by their chances, which picking makes ten times less;
    those that are left, when too many draws were in vain, by their chances."""
    count = len(chances)
    ends, picked, times, vain = np.cumsum(chances), [], np.zeros(count), 0
    while len(picked) < count and vain < count and ends[-1] > 0:
        i = min(np.searchsorted(ends, generator.random() * ends[-1], side="right"), count - 1)
        if generator.random() > 0.1 ** times[i]:
            vain += 1
        else:
            times[i] += 1
            picked.append(i)
    left = [i for i in np.argsort(-chances, kind="stable") if not times[i]]
    return picked + left[: count - len(picked)]

"""A boosted tree: arrays with an element for each node."""
import numpy as np

LEAF = -1  # what a leaf has for a feature


class Tree:
    """Nodes, the first the root. `values` are what a leaf adds to the logits or, of a split, what
    the leaf added that it was, where there is one that `was_leaf`."""

    def __init__(self, value=0.0, weight=1.0):
        self.weight = np.float32(weight)
        self.features, self.thresholds = np.full(1, LEAF, np.int64), np.zeros(1, np.int32)
        self.lefts, self.rights = np.zeros(1, np.int32), np.zeros(1, np.int32)
        self.values, self.gains = np.full(1, value, np.float32), np.zeros(1, np.float32)
        self.was_leaf = np.zeros(1, bool)
        self.layers, self.finalized = 0, False
        # Of a pruned tree: where each node went to, and how much its logit changed by it.
        self.moved_to, self.changes = None, None

    _ARRAYS = ("features", "thresholds", "lefts", "rights", "values", "gains", "was_leaf")

    def __len__(self):
        return len(self.features)

    def set_size(self, count):
        """Nodes of nothing but zeros, to be filled."""
        for name in self._ARRAYS:
            setattr(self, name, np.zeros(count, getattr(self, name).dtype))

    def leaf_of(self, buckets, nodes):
        """The leaf that each example comes to from one of `nodes`, in which the result is written.

        `buckets` are the features, each a vector of buckets.
        """
        active = np.flatnonzero(self.features[nodes] != LEAF)
        while len(active):
            here = nodes[active]
            left = _picked(buckets, self.features[here], active) <= self.thresholds[here]
            nodes[active] = np.where(left, self.lefts[here], self.rights[here])
            active = active[self.features[nodes[active]] != LEAF]
        return nodes

    def split(self, nodes, features, thresholds, gains, lefts, rights):
        """Make leaves splits, in the order of their numbers, whose leaves add so much more."""
        count = len(nodes)
        start = len(self)
        children = start + np.arange(2 * count, dtype=np.int32)
        self.was_leaf[nodes] = (nodes != 0) | (self.values[nodes] != 0)
        added = np.stack([lefts, rights], 1) + self.values[nodes][:, None]
        for name in self._ARRAYS:
            array = getattr(self, name)
            setattr(self, name, np.append(array, np.zeros(2 * count, array.dtype)))
        self.features[start:] = LEAF
        self.values[start:] = added.reshape(-1)
        self.features[nodes], self.thresholds[nodes] = features, thresholds
        self.gains[nodes] = gains
        self.lefts[nodes], self.rights[nodes] = children[::2], children[1::2]

    def prune(self):
        """Undo splits that have cost more than they gained and have but leaves, leaves first."""
        parents, changes = np.arange(len(self)), np.zeros(len(self), np.float32)
        for node in range(len(self) - 1, -1, -1):  # children stand behind their parents
            if self.features[node] == LEAF or not self.gains[node] < 0:
                continue
            children = [self.lefts[node], self.rights[node]]
            if (self.features[children] == LEAF).all():
                parents[children] = node
                changes[children] = self.values[node] - self.values[children]
                self.features[node], self.gains[node], self.was_leaf[node] = LEAF, 0, False
        kept = parents == np.arange(len(self))
        if not kept.all():
            self._drop(kept, parents, changes)

    def _drop(self, kept, parents, changes):
        numbers = np.cumsum(kept) - 1
        self.moved_to, self.changes = np.empty(len(kept), np.int32), np.zeros(len(kept), np.float32)
        for node in range(len(kept)):
            here, change = node, np.float32(0)
            while parents[here] != here:
                change += changes[here]
                here = parents[here]
            self.moved_to[node], self.changes[node] = numbers[here], change
        self.lefts, self.rights = numbers[self.lefts], numbers[self.rights]
        for name in self._ARRAYS:
            setattr(self, name, getattr(self, name)[kept])
        self.lefts, self.rights = self.lefts.astype(np.int32), self.rights.astype(np.int32)

    def corrected(self, nodes):
        """(where these nodes are now, how much their logits have changed)."""
        if not self.finalized or self.moved_to is None:
            return nodes, np.zeros(len(nodes), np.float32)
        return self.moved_to[nodes], self.changes[nodes]


def _picked(buckets, features, rows):
    """The bucket of each row's own feature."""
    if isinstance(buckets, np.ndarray):
        return buckets[features, rows]
    found = np.empty(len(rows), np.int32)
    for feature in np.unique(features):
        which = features == feature
        found[which] = buckets[feature][rows[which]]
    return found

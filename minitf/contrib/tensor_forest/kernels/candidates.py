"""The splits that leaves may make, and what they have seen to choose among them."""
import numpy as np

from minitf.contrib.tensor_forest.kernels.params import at_depth
from minitf.contrib.tensor_forest.kernels.tree import AT_MOST, goes_left, tests_of

AT_ONCE = 1 << 20  # comparisons
NOWHERE = -1


class Stats:
    """Rows, one for each leaf: candidates that examples are counted for, on both sides.

    A leaf's first examples are its candidates: one of their features each, drawn, with their value
    of it as the threshold. Those that come later are counted.
    """

    def __init__(self, params):
        self.params = params
        self.rows = np.full(1, NOWHERE, np.int64)  # of the nodes
        self.free = []
        self._made = {name: np.zeros((0, *shape), dtype)
                      for name, (dtype, shape) in self._arrays(0).items()}  # fmt: skip

    def _arrays(self, splits):
        """The arrays by name: type and shape of a row's part."""
        return {
            "depth": (np.int32, ()), "after": (np.float32, ()), "wanted": (np.int64, ()),
            "begun": (np.int64, ()), "weight": (np.float32, ()),
            "feature": (np.int64, (splits,)), "threshold": (np.float32, (splits,)),
            "test": (np.int8, (splits,)), **self._sums(splits),
        }  # fmt: skip

    def __getattr__(self, name):
        made = self.__dict__.get("_made", {})
        if name not in made:
            raise AttributeError(f"{type(self).__name__} has no {name!r}")
        return made[name]

    @property
    def splits(self):
        """How many candidates there is room for in a row."""
        return self.feature.shape[1]

    # -- leaves ----------------------------------------------------------------------------------

    def allocate(self, nodes, depth):
        """Give leaves of this depth a row, with nothing in it."""
        wanted = int(at_depth(self.params.num_splits_to_consider, depth))
        after = int(at_depth(self.params.split_after_samples, depth))
        if wanted > self.splits:
            self._grow(len(self.depth), wanted)
        for node in nodes:
            if node >= len(self.rows):
                more = max(node + 1, 2 * len(self.rows)) - len(self.rows)
                self.rows = np.append(self.rows, np.full(more, NOWHERE))
            if not self.free:
                count = len(self.depth)
                self._grow(max(16, 2 * count), self.splits)
                self.free = list(range(len(self.depth) - 1, count - 1, -1))
            row = self.rows[node] = self.free.pop()
            self._empty(row, depth, wanted, after)

    def _empty(self, row, depth, wanted, after):
        for array in self._made.values():
            array[row] = 0
        self.threshold[row] = np.nan  # nothing passes
        self.depth[row], self.wanted[row], self.after[row] = depth, wanted, after

    def _grow(self, rows, splits):
        for name, (dtype, shape) in self._arrays(splits).items():
            old = self._made[name]
            new = self._made[name] = np.zeros((rows, *shape), dtype)
            if name == "threshold":
                new[...] = np.nan
            new[tuple(slice(size) for size in old.shape)] = old

    def grow(self, tree, node):
        """Split a leaf of the tree by its best candidate, or begin anew where none is any good."""
        best, row = self.best(node), self.rows[node]
        if best is None:
            self._empty(row, self.depth[row], self.wanted[row], self.after[row])
            return
        split, left, right = best
        children = tree.split(node, self.feature[row, split], self.split_at(row, split),
                              self.test[row, split], left, right)  # fmt: skip
        depth = int(self.depth[row])
        self.free.append(int(row))
        self.rows[node] = NOWHERE
        self.allocate(children, depth + 1)

    def split_at(self, row, split):
        """The threshold of a node that is split by this candidate."""
        return self.threshold[row, split]

    def put_candidate(self, row, split, feature, threshold, test):
        """A candidate that a checkpoint has."""
        self.feature[row, split], self.threshold[row, split] = feature, threshold
        self.test[row, split] = test

    # -- examples --------------------------------------------------------------------------------

    def process(self, examples, target, leaves, seed):
        """Count a batch that has come to these leaves; returns the leaves that are ready."""
        rows = self.rows[leaves]
        if (rows < 0).any():
            raise ValueError(f"node {leaves[(rows < 0).argmax()]} is no leaf that may split: the "
                             "tree and its statistics are not of one forest")  # fmt: skip
        self._count_all(examples, target, self._begin_some(examples, target, rows, seed), rows)
        touched = np.unique(leaves)
        return touched[self._ready(self.rows[touched])].astype(np.int32)

    def _begin_some(self, examples, target, rows, seed):
        """The first examples of leaves become their candidates; those that are to be counted."""
        missing = np.where(self.weight > 0, 0, self.wanted - self.begun)[rows]
        rank = _ranks(rows)
        begins = rank < missing
        self._begin(examples, np.flatnonzero(begins), rows, rank, seed)
        counted = ~begins
        if self.params.collate_examples:
            counted &= missing <= 0  # those left over by a leaf that begins are thrown away
        return np.flatnonzero(counted)

    def _begin(self, examples, which, rows, rank, seed):
        """These examples become candidates of their leaves."""
        if not len(which):
            return
        features, kinds = examples.draw(which, seed)
        row = rows[which]
        place = self.begun[row] + rank[which]
        self.feature[row, place] = features
        self.threshold[row, place] = examples.at(which, features)
        self.test[row, place] = tests_of(kinds, self.params.inequality_test_type)
        np.add.at(self.begun, row, 1)

    def _count_all(self, examples, target, which, rows):
        step = max(1, AT_ONCE // max(self.splits, 1))
        for start in range(0, len(which), step):
            self._count(examples, target, which[start : start + step], rows)

    def _count(self, examples, target, which, rows):
        row = rows[which]
        values = examples.at(which[:, None], self.feature[row])
        if self.params.inequality_test_type == AT_MOST and examples.only_floats:
            left = values <= self.threshold[row]
        else:
            left = goes_left(values, self.threshold[row], self.test[row])
        places = np.flatnonzero(left)
        self._add(target, which, row, places // self.splits, places % self.splits)


def _ranks(rows):
    """How many of the elements before it are equal to each."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    counts = np.diff(np.append(starts, len(rows)))
    ranks = np.empty(len(rows), np.int64)
    ranks[order] = np.arange(len(rows)) - np.repeat(starts, counts)
    return ranks


class Gini(Stats):
    """Those of classes: the split that leaves the least impurity is the best."""

    def _sums(self, splits):
        classes = self.params.num_outputs
        return {"left": (np.float32, (splits, classes)), "total": (np.float32, (classes,))}

    def _add(self, target, which, row, example, split):
        classes, weights = target.classes[which], target.weights_of(which)
        count = self.total.shape[1]
        places = (row[example] * self.splits + split) * count + classes[example]
        given = weights if np.isscalar(weights) else weights[example]
        np.add.at(self.left.reshape(-1), places, given)
        np.add.at(self.total.reshape(-1), row * count + classes, weights)
        np.add.at(self.weight, row, weights)

    def _ready(self, rows):
        return (self.weight[rows] >= self.after[rows]) & ((self.total[rows] > 0).sum(1) > 1)

    def _scored(self, row, count):
        """(counts on the left, on the right, the sums of both, the impurity) of the first `count`
        candidates of a row."""
        left = self.left[row, :count]
        right = self.total[row] - left
        sums = left.sum(1), right.sum(1)
        return left, right, sums, _impurity(left, sums[0]) + _impurity(right, sums[1])

    def best(self, node):
        """(split, values of the left leaf, of the right one); None where no split does anything."""
        row = self.rows[node]
        left, right, sums, score = self._scored(row, self.splits)
        score[(sums[0] <= 0) | (sums[1] <= 0)] = np.inf
        split = int(score.argmin())
        return None if np.isinf(score[split]) else (split, left[split], right[split])


def _impurity(counts, sums):
    """The Gini impurity, one added to each count, times the weight."""
    classes = np.float32(counts.shape[1])
    squares = np.square(counts).sum(1)
    return sums * (1 - (squares + 2 * sums + classes) / np.square(classes + sums))


class LeastSquares(Stats):
    """Those of numbers: the split with the least variance on both sides is the best."""

    def _sums(self, splits):
        outputs = (self.params.num_outputs,)
        return {"left": (np.float32, (splits, *outputs)), "total": (np.float32, outputs),
                "left_square": (np.float32, (splits, *outputs)),
                "total_square": (np.float32, outputs), "left_count": (np.int64, (splits,))}

    def _add(self, target, which, row, example, split):
        values = target.values[which]
        squares = values * values
        place = row[example] * self.splits + split
        for name, added in (("left", values), ("left_square", squares)):
            sums = self._made[name].reshape(-1, values.shape[1])
            for output in range(values.shape[1]):
                np.add.at(sums[:, output], place, added[example, output])
        for name, added in (("total", values), ("total_square", squares)):
            for output in range(values.shape[1]):
                np.add.at(self._made[name][:, output], row, added[:, output])
        np.add.at(self.left_count.reshape(-1), place, 1)
        np.add.at(self.weight, row, np.float32(1))

    def _ready(self, rows):
        return self.weight[rows] >= self.after[rows]

    def best(self, node):
        """(split, values of the left leaf, of the right one); None where no split does anything."""
        row = self.rows[node]
        count = self.left_count[row]
        counts = count.astype(np.float32), self.weight[row] - count.astype(np.float32)
        score = np.zeros(self.splits, np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            for output in range(self.total.shape[1]):
                sums = self.left[row, :, output], self.left_square[row, :, output]
                rest = (self.total[row, output] - sums[0], self.total_square[row, output] - sums[1])
                for (one, square), number in zip((sums, rest), counts):
                    score += square / number - np.square(one / number)
        score[(counts[0] <= 0) | (counts[1] <= 0) | np.isnan(score)] = np.inf
        split = int(score.argmin())
        if np.isinf(score[split]):
            return None
        left = self.left[row, split]
        right = self.total[row] - left
        return split, left / counts[0][split], right / counts[1][split]


class Target:
    """The labels of a batch: numbers of classes, or values [examples, outputs]; weights."""

    def __init__(self, labels, weights, params):
        flat = labels.reshape(-1)
        outputs = params.num_outputs
        if params.is_regression:
            width = labels.shape[1] if labels.ndim > 1 else 1
            if width != outputs:
                raise ValueError(f"labels of shape {list(labels.shape)} for {outputs} outputs: "
                                 "there must be one for each in a row")  # fmt: skip
            self.values = flat.reshape(-1, width)
        else:
            self.classes = flat.astype(np.int64)
            if len(flat) and not (self.classes.min() >= 0 and self.classes.max() < outputs):
                raise ValueError(
                    f"label {self.classes.max() if self.classes.min() >= 0 else self.classes.min()}"
                    f" is no class below {outputs}: is num_classes of the ForestHParams right?"
                )
        self.weights = None
        if weights.size:
            self.weights = np.ones(len(flat), np.float32)
            self.weights[: weights.size] = weights.reshape(-1)[: len(flat)]

    def weights_of(self, which):
        return np.float32(1) if self.weights is None else self.weights[which]

"""A decision tree, as a Session keeps it: arrays with an element for each node."""
import numpy as np

from minitf.contrib.tensor_forest.kernels.params import CATEGORICAL
from minitf.ops.state.kept import Kept

LEAF = -1  # what a leaf has for a feature
AT_MOST, LESS, EQUAL = 0, 1, 2  # how a feature is compared with a threshold to go left
_FIRST = 64  # nodes that there is room for at first


def tests_of(kinds, inequality):
    """How features of these kinds are compared: `inequality` is what the forest has for floats."""
    return np.where(kinds == CATEGORICAL, EQUAL, inequality).astype(np.int8)


def goes_left(values, thresholds, tests):
    """Whether each value passes its test."""
    left = values < thresholds
    left |= (tests != LESS) & (values == thresholds)
    left &= (tests != EQUAL) | (values == thresholds)
    return left


class Tree(Kept):
    """Nodes: the first is the root. `values` [nodes, outputs] are counts of classes, or means.

    `sparse` says how these are written: with the classes that have some only, or all.
    """

    sparse = False

    def create(self, outputs):
        """A tree that is one leaf."""
        self.count, self.outputs, self.ready = 1, outputs, True
        self.features = np.full(_FIRST, LEAF, np.int64)
        self.thresholds = np.zeros(_FIRST, np.float32)
        self.tests = np.zeros(_FIRST, np.int8)
        self.lefts, self.rights = np.zeros(_FIRST, np.int32), np.zeros(_FIRST, np.int32)
        self.values = np.zeros((_FIRST, outputs), np.float32)

    def reserve(self, count):
        """Make room for so many nodes."""
        room = len(self.features)
        if count <= room:
            return
        more = max(count, 2 * room) - room
        for name, fill in (("features", LEAF), ("thresholds", 0), ("tests", 0), ("lefts", 0),
                           ("rights", 0), ("values", 0)):  # fmt: skip
            array = getattr(self, name)
            added = np.full((more, *array.shape[1:]), fill, array.dtype)
            setattr(self, name, np.concatenate([array, added]))

    def leaves_of(self, examples, path=None):
        """The leaf that each example comes to; `path` is a list that gets all nodes on the way,
        those of a step in an array, -1 where an example was at its leaf before."""
        examples.check_there(self.features[: self.count].max())
        nodes, active = np.zeros(examples.count, np.int32), np.arange(examples.count)
        here, plain = nodes, not self.tests[: self.count].any()
        while len(active):
            if path is not None:
                path.append(np.full(examples.count, -1, np.int32))
                path[-1][active] = here
            features = self.features.take(here)
            inner = features != LEAF
            if not inner.all():
                nodes[active[~inner]] = here[~inner]
                active, here, features = active[inner], here[inner], features[inner]
            values, thresholds = examples.at(active, features), self.thresholds.take(here)
            left = (values <= thresholds if plain
                    else goes_left(values, thresholds, self.tests.take(here)))  # fmt: skip
            here = np.where(left, self.lefts.take(here), self.rights.take(here))
        return nodes

    def add_counts(self, leaves, classes, weights):
        """Add to the counts of classes in leaves."""
        places = leaves.astype(np.int64) * self.outputs + classes
        np.add.at(self.values.reshape(-1), places, weights)

    def split(self, node, feature, threshold, test, left, right):
        """Make a leaf a test with two leaves of these values; returns their numbers."""
        self.reserve(self.count + 2)
        one, other = self.count, self.count + 1
        self.features[node], self.thresholds[node], self.tests[node] = feature, threshold, test
        self.lefts[node], self.rights[node] = one, other
        self.values[one], self.values[other] = left, right
        self.count += 2
        return one, other

    def usage(self, features):
        """How many nodes test each of so many features."""
        used = self.features[: self.count]
        return np.bincount(used[used != LEAF], minlength=features)[:features].astype(np.int32)

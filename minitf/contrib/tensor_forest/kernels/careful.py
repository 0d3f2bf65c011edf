"""Statistics of classes that change their candidates: thresholds between two classes, candidates
that are dropped when others are better."""
import heapq

import numpy as np

from minitf.contrib.tensor_forest.kernels.candidates import Gini
from minitf.contrib.tensor_forest.kernels.params import at_depth
from minitf.contrib.tensor_forest.kernels.tree import EQUAL, tests_of
from minitf.contrib.tensor_forest.proto import tensor_forest_params_pb2 as params_pb2

_DROPPED = {
    params_pb2.SPLIT_PRUNE_HALF: 0.5, params_pb2.SPLIT_PRUNE_QUARTER: 0.25,
    params_pb2.SPLIT_PRUNE_10_PERCENT: 0.1,
}  # fmt: skip
DONE = -1  # of a candidate that is not waiting for an example of another class


def is_careful(params):
    """Whether candidates change."""
    pruned = params.pruning_type.type != params_pb2.SPLIT_PRUNE_NONE
    return pruned or params.initialize_average_splits


class Careful(Gini):
    """With `initialize_average_splits` a threshold is the mean of the value of the candidate's
    example and of the next one of another class: a leaf has begun when all have met such a one.
    With a `pruning_type` the worst candidates are dropped after each `prune_every_samples`."""

    def _arrays(self, splits):
        return {**super()._arrays(splits), "first_class": (np.int64, (splits,)),
                "between": (np.float32, (splits,)), "checks": (np.int64, ())}  # fmt: skip

    def _empty(self, row, depth, wanted, after):
        super()._empty(row, depth, wanted, after)
        self.first_class[row] = DONE

    # -- thresholds ------------------------------------------------------------------------------

    def _begin_some(self, examples, target, rows, seed):
        if not self.params.initialize_average_splits:
            return super()._begin_some(examples, target, rows, seed)
        if examples.sparse:
            raise NotImplementedError("initialize_average_splits is not there for sparse features")
        counted = self._has_begun(np.arange(len(self.weight)))[rows]
        open_at_first = ~counted
        features, kinds = examples.draw(np.arange(len(rows)), seed)
        tests, drawn = tests_of(kinds, self.params.inequality_test_type), 0
        for example in np.flatnonzero(open_at_first):
            row = rows[example]
            if self._has_begun(row):
                counted[example] = True
                continue
            if self.begun[row] < self.wanted[row]:
                self._candidate(examples, target, example, row, features[drawn], tests[drawn])
            drawn += 1
            self._meet(examples, row, example, target.classes[example])
        if self.params.collate_examples:
            counted &= ~open_at_first
        return np.flatnonzero(counted)

    def _has_begun(self, rows):
        waiting = (self.first_class[rows] != DONE).any(-1)
        return (self.weight[rows] > 0) | ((self.begun[rows] >= self.wanted[rows]) & ~waiting)

    def _candidate(self, examples, target, example, row, feature, test):
        place = self.begun[row]
        self.feature[row, place], self.test[row, place] = feature, test
        self.threshold[row, place] = self.between[row, place] = examples.at(example, feature)
        if test != EQUAL:
            self.first_class[row, place] = target.classes[example]
        self.begun[row] += 1

    def _meet(self, examples, row, example, label):
        """The candidates of other classes have met an example of this one."""
        first = self.first_class[row]
        met = np.flatnonzero((first != DONE) & (first != label))
        values = examples.at(example, self.feature[row, met])
        self.between[row, met] = (self.between[row, met] + values) / np.float32(2)
        first[met] = DONE

    def split_at(self, row, split):
        """The threshold of the node: TensorFlow has counted by the value before it was averaged."""
        averaged = self.params.initialize_average_splits
        return (self.between if averaged else self.threshold)[row, split]

    def put_candidate(self, row, split, feature, threshold, test):
        super().put_candidate(row, split, feature, threshold, test)
        self.between[row, split] = threshold

    # -- pruning ---------------------------------------------------------------------------------

    def _count_all(self, examples, target, which, rows):
        if self.params.pruning_type.type == params_pb2.SPLIT_PRUNE_NONE:
            super()._count_all(examples, target, which, rows)
            return
        while len(which):
            now, left, crossed = [], [], []
            for row in np.unique(rows[which]):
                own = which[rows[which] == row]
                count = self._until_check(row, target.weights_of(own), len(own))
                now.append(own[:count])
                left.append(own[count:])
                crossed.append(row)
            super()._count_all(examples, target, np.sort(np.concatenate(now)), rows)
            for row in crossed:
                self._check(row)
            which = np.sort(np.concatenate(left))

    def _until_check(self, row, weights, count):
        """How many examples are counted until the candidates are looked at."""
        steps = np.concatenate([self.weight[row : row + 1],
                                np.broadcast_to(weights, count)]).astype(np.float32)  # fmt: skip
        due = np.flatnonzero(np.cumsum(steps, dtype=np.float32)[1:] >= self._due(row))
        return int(due[0]) + 1 if len(due) else count

    def _due(self, row):
        """The weight at which they are."""
        every = int(at_depth(self.params.pruning_type.prune_every_samples, int(self.depth[row])))
        return (self.checks[row] + 1) * every

    def _check(self, row):
        if self._ready(np.array([row]))[0] or self.weight[row] < self._due(row):
            return
        self.checks[row] += 1
        scores = self._scored(row, self.begun[row])[3]
        if self.params.pruning_type.type == params_pb2.SPLIT_PRUNE_HOEFFDING:
            dropped = np.flatnonzero(scores - scores.min(initial=np.inf) > self._bound(row))
        else:
            dropped = self._worst(scores)
        self._drop(row, dropped)

    def _worst(self, scores):
        """So many of those with the greatest scores; of equal ones as TensorFlow's heap has it."""
        part = np.float32(_DROPPED[self.params.pruning_type.type])
        wanted, heap = int(np.float32(len(scores)) * part), []
        for number, score in enumerate(scores.tolist()):
            if len(heap) < wanted:
                heapq.heappush(heap, (score, number))
            elif heap and heap[0][0] < score:
                heapq.heapreplace(heap, (score, number))
        return np.array([number for _, number in heap], np.int64)

    def _bound(self, row):
        """How much worse than the best may be so by chance: Hoeffding's bound."""
        weight = self.weight[row]
        share = at_depth(self.params.dominate_fraction, int(self.depth[row]))
        spread = np.float32(float(weight) * (1.0 - 1.0 / self.params.num_outputs))
        half = np.float32(0.5 * np.log(1.0 / (1.0 - share)))
        return spread * np.sqrt(half / weight)

    def _drop(self, row, dropped):
        count = int(self.begun[row])
        kept = np.setdiff1d(np.arange(count), dropped)
        fresh = {"threshold": np.nan, "first_class": DONE}
        for name in ("feature", "threshold", "between", "test", "left", "first_class"):
            array = getattr(self, name)[row]
            array[: len(kept)] = array[kept]
            array[len(kept) :] = fresh.get(name, 0)
        self.begun[row] = len(kept)

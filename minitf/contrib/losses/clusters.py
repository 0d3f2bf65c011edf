"""Which rows of a batch are the middles of its clusters, and how clusters compare with labels."""
import math

import numpy as np


def assigned(distances, middles):
    """For each row the number of its nearest middle; a middle is in its own cluster."""
    found = np.argmin(distances[middles], 0)
    found[middles] = np.arange(len(middles))
    return found


class Choice:
    """The choice of middles: near all rows, and such that the clusters differ from the labels."""

    ROUNDS = 5

    def __init__(self, distances, labels, multiplier, margin_type):
        self.distances, self.labels = distances, labels
        self.multiplier, self.score = np.float32(multiplier), SCORES[margin_type]
        self.classes = len(np.unique(labels))

    def _margins(self, choices):
        wrong = [1 - self.score(self.labels, assigned(self.distances, each)) for each in choices]
        return self.multiplier * np.float32(wrong)

    def found(self):
        """One middle after the other, each the best there is."""
        chosen = np.zeros(0, np.int32)
        for _ in range(self.classes):
            rest = np.setdiff1d(np.arange(len(self.distances), dtype=np.int32), chosen)
            choices = [np.append(chosen, each) for each in rest]
            near = [-self.distances[each].min(0).sum() for each in choices]
            chosen = choices[np.argmax(np.float32(near) + self._margins(choices))]
        return chosen.astype(np.int32)

    def better(self, chosen):
        """In each cluster another middle, if that is better; several rounds of this."""
        for _ in range(self.ROUNDS):
            clusters = assigned(self.distances, chosen)
            for number in range(self.classes):
                members = np.flatnonzero(clusters == number)
                choices = [self._with(chosen, number, each) for each in members]
                near = -self.distances[np.ix_(members, members)].sum(0)
                chosen = choices[np.argmax(near + self._margins(choices))]
        return chosen

    @staticmethod
    def _with(chosen, number, row):
        chosen = chosen.copy()
        chosen[number] = row
        return chosen


# -- comparisons ----------------------------------------------------------------------------------


def _table(labels, predicted):
    """How many rows of each class are in each cluster."""
    _, rows = np.unique(labels, return_inverse=True)
    _, columns = np.unique(predicted, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    return table


def _entropy(counts):
    shares = counts / counts.sum()
    return -np.sum(shares * np.log(shares))


def _mutual(table):
    total, outer = table.sum(), np.outer(table.sum(1), table.sum(0))
    some = table > 0
    return np.sum(table[some] / total * np.log(table[some] * total / outer[some]))


def _sides(table):
    return table.sum(1), table.sum(0)


def nmi(labels, predicted):
    """Mutual information by the mean of both entropies."""
    table = _table(labels, predicted)
    mean = np.mean([_entropy(side) for side in _sides(table)])
    return _mutual(table) / mean if mean > 0 else 1.0


def ami(labels, predicted):
    """Mutual information beyond that of chance, by what it can be at most; 0 at least."""
    table = _table(labels, predicted)
    if max(table.shape) == 1 or min(table.shape) == len(labels):
        return 1.0
    chance = _expected(table)
    mean = np.mean([_entropy(side) for side in _sides(table)])
    room = mean - chance or np.finfo(float).eps
    return max(0.0, (_mutual(table) - chance) / room)


def _expected(table):
    """The mutual information of clusters of these sizes, on average over all ways to fill them."""
    total, found = int(table.sum()), 0.0
    log_factorial = [math.lgamma(k + 1) for k in range(total + 1)]
    for a in map(int, table.sum(1)):
        for b in map(int, table.sum(0)):
            fixed = sum(log_factorial[k] for k in (a, b, total - a, total - b))
            for n in range(max(1, a + b - total), min(a, b) + 1):
                free = (total, n, a - n, b - n, total - a - b + n)
                chance = math.exp(fixed - sum(log_factorial[k] for k in free))
                found += n / total * math.log(total * n / (a * b)) * chance
    return found


def ari(labels, predicted):
    """The share of pairs of rows on which both agree, beyond that of chance; 0 at least."""
    table = _table(labels, predicted)

    def pairs(counts):
        return np.sum(counts * (counts - 1)) / 2

    rows, columns = map(pairs, _sides(table))
    chance = rows * columns / max(pairs(table.sum()), 1)
    most = (rows + columns) / 2
    return max(0.0, (pairs(table) - chance) / (most - chance)) if most != chance else 1.0


def const(labels, predicted):
    """1 where cluster numbers are labels, 0 where one is not."""
    return float(np.array_equal(labels, predicted))


SCORES = {"nmi": nmi, "ami": ami, "ari": ari, "vmeasure": nmi, "const": const}

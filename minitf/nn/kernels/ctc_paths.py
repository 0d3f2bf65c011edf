"""Connectionist temporal classification (Graves et al. 2006) in NumPy: the sum over all paths, and
the search for the best ones.

A path gives each time step a class or a blank, the last class; without its blanks, and with what is
repeated written once, it is the labels. The sum goes over the states of the labels with a blank
before, between and after them, step by step, in logarithms.
"""
import heapq
import itertools

import numpy as np

MOST = 1 << 22  # numbers in one array of the sum: the batch is cut for longer ones

# -- the sum over all paths -----------------------------------------------------------------------


def losses(inputs, labels, lengths, collapse, merge, ignore_longer):
    """(-log of the probability of the labels, its derivative by the inputs) for each sequence.

    `inputs` are logits [time, batch, classes], `labels` a list of lists. ValueError for labels
    that are none, or do not fit in the time unless `ignore_longer`: then the loss is 0.
    """
    time, batch, _ = inputs.shape
    loss, gradient = np.zeros(batch, inputs.dtype), np.zeros(inputs.shape, inputs.dtype)
    kept, order = checked(inputs, labels, lengths, collapse, ignore_longer)
    # Longest first: what is computed together is alike.
    order.sort(key=lambda b: -len(kept[b]))
    while order:
        size = max(1, MOST // (time * (2 * len(kept[order[0]]) + 1)))
        part, order = order[:size], order[size:]
        found = _summed(inputs[:, part], [kept[b] for b in part], lengths[part], merge)
        loss[part], gradient[:, part] = found
    return loss, gradient


def checked(inputs, labels, lengths, collapse, ignore_longer):
    """(the labels that count of each sequence, the sequences whose labels fit). ValueError as by
    `losses`."""
    _, batch, classes = inputs.shape
    kept = [_checked(b, each, classes, collapse) for b, each in enumerate(labels)]
    if not ignore_longer:
        _check_time(labels, lengths)
    return kept, [b for b in range(batch) if 0 < lengths[b] >= len(labels[b])]


def _checked(b, labels, classes, collapse):
    """The labels before the first that is a blank or above."""
    if not labels:
        raise ValueError(f"Labels length is zero in batch {b}")
    if collapse:
        labels = [label for label, _ in itertools.groupby(labels)]
    kept = list(itertools.takewhile(lambda label: label < classes - 1, labels))
    if any(label < classes - 1 for label in labels[len(kept) :]):
        raise ValueError(
            f"Saw a non-null label (index >= num_classes - 1) following a null label, batch: {b} "
            f"num_classes: {classes} labels: {labels} labels seen so far: {kept}"
        )
    if min(kept, default=0) < 0:
        raise ValueError(f"All labels must be nonnegative integers, batch: {b} labels: {kept}")
    return kept


def _check_time(labels, lengths):
    for b, (each, length) in enumerate(zip(labels, lengths)):
        if len(each) > length:
            raise ValueError(
                f"Not enough time for target transition sequence (required: {len(each)}, "
                f"available: {length}) in batch {b}. You can turn this error into a warning by "
                "using the flag ignore_longer_outputs_than_inputs"
            )


def _summed(inputs, labels, lengths, merge):
    """(losses, gradients) of a part of the batch."""
    logs = log_softmax(inputs.astype(np.float64))
    states, ends, skips, stays = _states(labels, inputs.shape[2] - 1, merge)
    emitted = np.take_along_axis(logs, states[None], 2)  # [time, batch, states]
    with np.errstate(invalid="ignore", divide="ignore"):
        before = _forward(emitted, ends, skips, stays)
        after = _backward(emitted, ends, skips, stays, lengths)
        total = np.logaddexp.reduce(before[0] + after[0], 1)
        gradient = np.exp(logs)
        passed = np.exp(before + after - total[:, None])
    passed[:, np.isneginf(total)] = 0  # no path at all
    for u in range(states.shape[1]):
        gradient[:, np.arange(len(labels)), states[:, u]] -= passed[:, :, u]
    gradient[np.arange(len(inputs))[:, None] >= lengths] = 0
    return -total, gradient


def log_softmax(x):
    """The logarithms of the probabilities along the last of three axes."""
    x = x - x.max(2, keepdims=True)
    return x - np.log(np.exp(x).sum(2, keepdims=True))


def _states(labels, blank, merge):
    """(classes [batch, states], how many there are, where a state may come from the one before
    the one before, where it may stay)."""
    count = 2 * max(map(len, labels)) + 1
    states = np.full((len(labels), count), blank)
    for row, each in zip(states, labels):
        row[1 : 2 * len(each) : 2] = each
    is_label = states != blank
    skips = is_label.copy()
    skips[:, :2] = False
    if merge:
        skips[:, 2:] &= states[:, 2:] != states[:, :-2]
    ends = np.array([2 * len(each) + 1 for each in labels])
    return states, ends, skips, np.ones_like(skips) if merge else ~is_label


def _shifted(values, by):
    """Each state's predecessor's value (successor's, if negative), -infinity where there is none.
    """
    moved = np.full_like(values, -np.inf)
    if by > 0:
        moved[:, by:] = values[:, :-by]
    else:
        moved[:, :by] = values[:, -by:]
    return moved


def _forward(emitted, ends, skips, stays):
    """log of the probability of all beginnings that are in a state at a time, having emitted it."""
    inside = np.arange(emitted.shape[2]) < ends[:, None]
    found = np.full(emitted.shape, -np.inf)
    found[0, :, :2] = np.where(inside, emitted[0], -np.inf)[:, :2]
    for t in range(1, len(emitted)):
        last = found[t - 1]
        total = np.logaddexp(np.where(stays, last, -np.inf), _shifted(last, 1))
        total = np.logaddexp(total, np.where(skips, _shifted(last, 2), -np.inf))
        found[t] = np.where(inside, total + emitted[t], -np.inf)
    return found


def _backward(emitted, ends, skips, stays, lengths):
    """log of the probability of all that can follow on a state at a time."""
    places = np.arange(emitted.shape[2])
    final = (places < ends[:, None]) & (places >= ends[:, None] - 2)
    found = np.full(emitted.shape, -np.inf)
    for t in range(len(emitted) - 1, -1, -1):
        if t + 1 < len(emitted):
            later = found[t + 1] + emitted[t + 1]
            total = np.logaddexp(np.where(stays, later, -np.inf), _shifted(later, -1))
            allowed = _shifted(np.where(skips, later, -np.inf), -2)
            found[t] = np.logaddexp(total, allowed)
        found[t][final & (lengths[:, None] == t + 1)] = 0
    return found


# -- the best paths -------------------------------------------------------------------------------


def greedy(inputs, lengths, merge):
    """(kept classes as a list for each sequence, minus the sums of the greatest logits)."""
    best = inputs.argmax(2)
    running = np.arange(len(inputs))[:, None] < lengths
    kept = running & (best != inputs.shape[2] - 1)
    if merge:
        kept[1:] &= best[1:] != best[:-1]
    score = np.where(running, inputs.max(2), 0).sum(0, dtype=inputs.dtype)
    return [best[kept[:, b], b].tolist() for b in range(inputs.shape[1])], -score


class _Prefix:
    """Labels so far: log probabilities of being there by a blank, by a label, by either, at this
    step (`new`) and at the one before (`old`)."""

    __slots__ = ("children", "label", "new", "old", "parent")

    NEVER = (-np.inf, -np.inf, -np.inf)  # total, blank, label

    def __init__(self, parent, label):
        self.parent, self.label, self.children = parent, label, {}
        self.new = self.old = self.NEVER

    def labels(self, merge):
        found, prefix = [], self
        while prefix.parent is not None:
            found.append(prefix.label)
            prefix = prefix.parent
        found.reverse()
        return [label for label, _ in itertools.groupby(found)] if merge else found


def _either(a, b):
    """log(exp(a) + exp(b))."""
    if a < b:
        a, b = b, a
    return a if b == -np.inf else a + np.log1p(np.exp(b - a))


class _Beam:
    """The `width` most probable prefixes."""

    def __init__(self, width):
        self.width, self.heap, self.number = width, [], itertools.count()

    def push(self, prefix):
        """Take it in; what is then too much is dropped and returned."""
        entry = prefix.new[0], -next(self.number), prefix
        if len(self.heap) < self.width:
            heapq.heappush(self.heap, entry)
            return None
        return heapq.heappushpop(self.heap, entry)[2]

    def takes(self, total):
        return total > -np.inf and (len(self.heap) < self.width or total > self.heap[0][0])

    def best(self):
        return [entry[2] for entry in sorted(self.heap, key=lambda e: e[:2], reverse=True)]


def beam_search(logits, width, count, merge):
    """([labels], [log probability]) of the `count` best for logits [time, classes].

    A prefix is extended by each class and kept while it is one of the `width` best. ValueError
    when there are not so many.
    """
    if count > width:
        raise ValueError("requested more paths than the beam width.")
    beam = _Beam(width)
    root = _Prefix(None, -1)
    root.new = (0.0, 0.0, -np.inf)
    beam.push(root)
    for step in log_softmax(logits[None].astype(np.float64))[0]:
        beam = _stepped(beam, step)
    best = beam.best()[:count]
    if len(best) < count:
        raise ValueError("Less leaves in the beam search than requested.")
    return [prefix.labels(merge) for prefix in best], [prefix.new[0] for prefix in best]


def _stepped(beam, step):
    branches, logs = beam.best(), step.tolist()
    for prefix in branches:
        prefix.old = prefix.new
    beam = _Beam(beam.width)
    for prefix in branches:
        _stay(prefix, logs)
        beam.push(prefix)
    for prefix in branches:
        if beam.takes(prefix.old[0]):
            _extend(prefix, step, logs, beam)
    return beam


def _stay(prefix, logs):
    """The same labels, by a blank or by the last one again."""
    total, _, label = prefix.old
    parent = prefix.parent
    if parent is not None:
        if parent.new[0] > -np.inf:
            before = parent.old[1] if prefix.label == parent.label else parent.old[0]
            label = _either(label, before)
        label += logs[prefix.label]
    blank = total + logs[-1]
    prefix.new = _either(blank, label), blank, label


def _extend(prefix, step, logs, beam):
    """One label more."""
    total, blank, _ = prefix.old
    totals = step[:-1] + total
    if prefix.label >= 0:
        totals[prefix.label] = blank + logs[prefix.label]
    least = _least(beam)
    # What has been dropped in this step and is not taken in again is not extended either.
    for label, child in prefix.children.items():
        if totals[label] <= least and child.new[0] == -np.inf:
            child.old = _Prefix.NEVER
    for label in np.flatnonzero(totals > least).tolist():
        reached, child = float(totals[label]), prefix.children.get(label)
        if child is not None and child.new[0] > -np.inf:
            continue
        if not beam.takes(reached):
            if child is not None:
                child.old = _Prefix.NEVER
            continue
        if child is None:
            child = prefix.children[label] = _Prefix(prefix, label)
        child.new = reached, -np.inf, reached
        dropped = beam.push(child)
        if dropped is not None:
            dropped.new = _Prefix.NEVER


def _least(beam):
    """What a prefix must be above to be taken in."""
    return beam.heap[0][0] if len(beam.heap) == beam.width else -np.inf

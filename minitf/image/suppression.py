"""Non-maximum suppression: the best of boxes that overlap, by TensorFlow's greedy algorithm."""
import numpy as np


def overlap_of(boxes, i, others):
    """Intersection over union of box i with other boxes; 0 where an area is empty."""
    y1, x1, y2, x2 = boxes
    high = np.minimum(y2[i], y2[others]) - np.maximum(y1[i], y1[others])
    wide = np.minimum(x2[i], x2[others]) - np.maximum(x1[i], x1[others])
    common = np.maximum(high, 0) * np.maximum(wide, 0)
    areas = (y2 - y1) * (x2 - x1)
    total = areas[i] + areas[others] - common
    empty = (areas[i] <= 0) | (areas[others] <= 0)
    return np.where(empty, 0, common / np.where(empty, 1, total))


def ordered(boxes):
    """y1, x1, y2, x2 of boxes given by any two opposite corners."""
    boxes = boxes.astype(np.float32)
    (a, b), (c, d) = boxes[:, :2].T, boxes[:, 2:].T
    return np.minimum(a, c), np.minimum(b, d), np.maximum(a, c), np.maximum(b, d)


class Queue:
    """Candidates by score. Equal scores come out in the order of C++'s std::priority_queue, which
    TensorFlow's results show."""

    def __init__(self):
        self._heap = []

    def __bool__(self):
        return bool(self._heap)

    def push(self, candidate):
        self._heap.append(candidate)
        self._up(len(self._heap) - 1, candidate)

    def _up(self, hole, candidate):
        heap = self._heap
        while hole and heap[(hole - 1) // 2][0] < candidate[0]:
            heap[hole] = heap[(hole - 1) // 2]
            hole = (hole - 1) // 2
        heap[hole] = candidate

    def pop(self):
        heap = self._heap
        best, last = heap[0], heap.pop()
        if heap:
            self._up(self._down(), last)
        return best

    def _down(self):
        """Move the greater child up into the hole at the top, again and again; the last hole."""
        heap, hole, size = self._heap, 0, len(self._heap)
        while 2 * hole + 2 < size:
            child = 2 * hole + 2
            child -= heap[child][0] < heap[child - 1][0]
            heap[hole] = heap[child]
            hole = child
        if 2 * hole + 2 == size:
            heap[hole] = heap[size - 1]
            hole = size - 1
        return hole


def suppressed(boxes, scores, limit, overlap_threshold, score_threshold, sigma=0.0, overlaps=None):
    """(indices, scores) of the chosen, best first.

    A box is dropped when it overlaps a chosen one by the threshold or more. With a positive
    `sigma` its score is multiplied by exp(-overlap^2 / (2 sigma)) instead, and it goes back to be
    compared again. In TensorFlow 1.15 a chosen box goes back too: it is dropped then because it
    overlaps itself, unless `overlaps` say otherwise.
    """
    corners = None if boxes is None else ordered(boxes)
    fall = np.float32(-0.5 / sigma) if sigma > 0 else np.float32(0)
    dtype, queue = scores.dtype, Queue()
    for i, score in enumerate(scores.astype(np.float32).tolist()):
        if score > score_threshold:
            queue.push((score, i, 0))  # and with how many of the chosen it has been compared
    chosen, kept = [], []
    while queue and len(chosen) < limit:
        score, i, compared = queue.pop()
        others = np.array(chosen[compared:], np.int64)[::-1]
        found = overlap_of(corners, i, others) if overlaps is None else overlaps[i, others]
        new = _fallen(score, found, fall, overlap_threshold, score_threshold)
        if new is None:
            continue
        compared = len(chosen)
        if new == score:
            chosen.append(i)
            kept.append(new)
        if new > score_threshold:
            queue.push((new, i, compared))
    return np.array(chosen, np.int32), np.array(kept, dtype)


def _fallen(score, overlaps, fall, overlap_threshold, score_threshold):
    """The score, after each overlap in turn, until it is too small; None for one too much."""
    score = np.float32(score)
    for overlap in overlaps.astype(np.float32):
        if overlap >= overlap_threshold:
            return None
        score = score * np.exp(fall * overlap * overlap)
        if score <= score_threshold:
            break
    return float(score)


def combined(choose, boxes, scores, total, limits, clip):
    """For one image, class by class and then the best of all: (boxes, scores, classes), unpadded.

    `boxes` are [boxes, 1 or classes, 4] and `scores` [boxes, classes]; `choose` is `suppressed`,
    and `limits` are what it is given after them.
    """
    found = []
    for k in range(scores.shape[1]):
        own = boxes[:, k if boxes.shape[1] > 1 else 0]
        picked, kept = choose(own, scores[:, k], *limits)
        found += [(-score, k, i, own[i]) for i, score in zip(picked.tolist(), kept.tolist())]
    found.sort(key=lambda each: each[0])
    best = found[:total]
    corners = np.array([box for *_, box in best], np.float32).reshape(-1, 4)
    return (
        np.clip(corners, 0, 1) if clip else corners,
        np.array([-score for score, *_ in best], np.float32),
        np.array([k for _, k, *_ in best], np.float32),
    )

"""Which splits of leaves gain most, and what a tree is after them."""
import numpy as np

from minitf.ops.boosted_trees.tree import Tree

NEAR = np.float32(1e-15)  # gains that differ by less are equal
NO_PRUNING, PRE_PRUNING, POST_PRUNING = range(3)
AT_ONCE = 1 << 18  # buckets whose gains are computed
NOBODY = np.iinfo(np.int64).max  # no feature has this number
LEAST_CHANGE = 0.01  # of the bias, relative: less, and it is centered


def summaries(nodes, gradients, hessians, features, splits, buckets):
    """The sums of gradients and hessians in each bucket of each node: float32 [features, splits,
    buckets, 2]. They are added one by one, as TensorFlow adds them.

    What is beyond the last bucket is in it: TensorFlow writes that where the next node begins.
    """
    found = np.zeros((len(features), splits * buckets), np.complex64)  # both sums at once
    pairs = gradients + np.complex64(1j) * hessians
    rows = nodes.astype(np.int64) * buckets
    if len(nodes) and not 0 <= nodes.min() <= nodes.max() < splits:
        raise ValueError(f"nodes {nodes.min()} to {nodes.max()}: there are {splits}")
    for number, feature in enumerate(features):
        if feature.min(initial=0) < 0:
            raise ValueError(f"feature {number} has the bucket {feature.min()}: they begin at 0")
        np.add.at(found[number], rows + np.minimum(feature, buckets - 1), pairs)
    return found.view(np.float32).reshape(len(features), splits, buckets, 2)


def weights_and_gains(gradients, hessians, l1, l2):
    """What leaves should add to the logits, and how much that gains: -g / (h + l2), g * g / (h +
    l2), with g nearer to 0 by l1."""
    if l1 > 0:
        moved = np.maximum(np.abs(gradients) - l1, np.float32(0))
        gradients = np.copysign(moved, gradients)
    below = hessians + l2
    tiny = below <= NEAR
    weights = -gradients / np.where(tiny, np.float32(1), below)
    weights = np.where(tiny | (gradients == 0), np.float32(0), weights)
    return weights, -gradients * weights


def best_gains(first, last, stats, l1, l2, complexity, least_weight):
    """Of features, each [nodes, buckets, 2], for the nodes from `first` up to `last`: for each
    feature (nodes, gains, thresholds, what the left leaves add, what the right ones do)."""
    found = []
    size = max(1, AT_ONCE // max(1, (last - first) * stats[0].shape[1]))
    for start in range(0, len(stats), size):
        sums = np.stack([each[first:last] for each in stats[start : start + size]])
        np.cumsum(sums, 2, out=sums)
        found += _best_gains(first, sums, l1, l2, complexity, least_weight)
    return found


def _best_gains(first, sums, l1, l2, complexity, least_weight):
    """The same of the sums up to each bucket, [features, nodes, buckets, 2]."""
    gradients, hessians = np.ascontiguousarray(sums[..., 0]), np.ascontiguousarray(sums[..., 1])
    totals = gradients[..., -1:], hessians[..., -1:]
    lefts, gains = weights_and_gains(gradients, hessians, l1, l2)
    rights, more = weights_and_gains(totals[0] - gradients, totals[1] - hessians, l1, l2)
    gains += more
    best = _first_best(gains)
    gains, lefts, rights = (np.take_along_axis(each, best[..., None], 2)
                            for each in (gains, lefts, rights))  # fmt: skip
    gains = (gains - weights_and_gains(*totals, l1, l2)[1])[..., 0] - complexity
    nodes = np.arange(first, first + sums.shape[1], dtype=np.int32)
    best, enough = best.astype(np.int32), ~(totals[1][..., 0] < least_weight)
    if enough.all():
        return [(nodes, *each) for each in zip(gains, best, lefts, rights)]
    return [tuple(each[there] for each in (nodes, *rest))
            for there, *rest in zip(enough, gains, best, lefts, rights)]  # fmt: skip


def _first_best(gains):
    """Of the last axis the first that none later is better than by more than nothing."""
    best, value = np.zeros(gains.shape[:-1], np.int64), gains[..., 0].copy()
    for column in range(1, gains.shape[-1]):
        better = gains[..., column] - value >= NEAR
        np.copyto(best, column, where=better)
        np.copyto(value, gains[..., column], where=better)
    return best


def best_per_node(feature_ids, nodes, gains, thresholds, lefts, rights):
    """Of the candidates of all features the best for each node, by the nodes' numbers: (nodes,
    features, thresholds, gains, lefts, rights). Of equal ones that of the first feature counts."""
    size = 1 + max((int(each.max(initial=-1)) for each in nodes), default=-1)
    feature, value = np.full(size, NOBODY), np.full(size, -np.inf, np.float32)
    winner, place = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for number, (name, at, gain) in enumerate(zip(feature_ids.tolist(), nodes, gains)):
        ahead = gain - value[at]
        better = ahead >= NEAR
        better |= (ahead > -NEAR) & (name < feature[at])
        chosen = np.flatnonzero(better)
        if len(chosen):
            at = at[chosen]
            feature[at], value[at], winner[at], place[at] = name, gain[chosen], number, chosen
    found = np.flatnonzero(feature != NOBODY)
    picks = list(zip(winner[found].tolist(), place[found].tolist()))
    types = np.int32, np.float32, np.float32
    picked = [np.array([every[i].reshape(-1)[j] for i, j in picks], dtype)
              for every, dtype in zip((thresholds, lefts, rights), types)]  # fmt: skip
    return found, feature[found], picked[0], value[found], *picked[1:]


def grow(ensemble, best, max_depth, learning_rate, pruning):
    """Add a layer to the last tree, by the splits that `best_per_node` has found."""
    ensemble.stamp += 1
    ensemble.count_attempt()
    if not ensemble.trees:
        ensemble.trees.append(Tree())
    tree = ensemble.trees[-1]
    nodes, features, thresholds, gains, lefts, rights = best
    if pruning == PRE_PRUNING:
        kept = gains >= 0
        nodes, features, thresholds, gains, lefts, rights = (each[kept] for each in best)
    if not len(nodes):
        return
    ensemble.first_node = len(tree)
    tree.split(nodes, features, thresholds, gains, learning_rate * lefts, learning_rate * rights)
    ensemble.last_node = len(tree)
    tree.layers += 1
    if tree.layers >= max_depth:
        ensemble.first_node, ensemble.last_node = 0, 1
        tree.finalized = True
        if pruning == POST_PRUNING:
            tree.prune()
        ensemble.trees.append(Tree())


def center_bias(ensemble, gradient, hessian, l1, l2):
    """Move the root of the first tree to what the labels are on average; whether to go on."""
    ensemble.stamp += 1
    change = weights_and_gains(gradient, hessian, l1, l2)[0]
    if not ensemble.trees:
        ensemble.trees.append(Tree(change))
        return True
    values = ensemble.trees[0].values
    with np.errstate(divide="ignore", invalid="ignore"):
        go_on = bool(np.abs(change / values[0]) > LEAST_CHANGE)
    values[0] += change
    return go_on

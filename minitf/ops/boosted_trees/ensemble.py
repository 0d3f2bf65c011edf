"""Boosted trees, as a Session keeps them, and as checkpoints do."""
import numpy as np

from minitf.core.proto import boosted_trees as messages
from minitf.ops.boosted_trees.tree import LEAF, Tree
from minitf.ops.state.kept import Kept


class Ensemble(Kept):
    """Trees, each of which corrects those before it. `stamp` goes up with each change.

    `layers_attempted` and `trees_attempted` count what was tried, successful or not; the leaves
    that are to be split next are `first_node` up to, but without, `last_node`.
    """

    def load(self, serialized, stamp):
        """Make it what a serialized TreeEnsemble says; an empty one has no trees."""
        message = messages.TreeEnsemble.FromString(serialized)
        self.stamp, self.trees = int(stamp), []
        for tree, weight, about in zip(message.trees, message.tree_weights, message.tree_metadata):
            self.trees.append(_loaded(tree, weight, about))
        growing = message.growing_metadata
        self.trees_attempted = growing.num_trees_attempted
        self.layers_attempted = growing.num_layers_attempted
        self.first_node, self.last_node = growing.last_layer_node_start, growing.last_layer_node_end
        self.ready = True

    def serialized(self):
        """The same as bytes."""
        message = messages.TreeEnsemble()
        for tree in self.trees:
            _fill_tree(message.trees.add(), tree)
            message.tree_weights.append(tree.weight)
            _fill_metadata(message.tree_metadata.add(), tree)
        growing = message.growing_metadata
        for field, value in (("num_trees_attempted", self.trees_attempted),
                             ("num_layers_attempted", self.layers_attempted),
                             ("last_layer_node_start", self.first_node),
                             ("last_layer_node_end", self.last_node)):  # fmt: skip
            if value:
                setattr(growing, field, value)
        return message.SerializeToString()

    def finalized(self):
        """How many trees are done."""
        count = len(self.trees)
        return count if count == 0 or self.trees[-1].finalized else count - 1

    def count_attempt(self):
        """A layer is tried."""
        self.layers_attempted += 1
        count = len(self.trees)
        fresh = count > 0 and len(self.trees[-1]) == 1
        if count == 0 or (fresh and (count == 1 or self.trees[-2].finalized)):
            self.trees_attempted += 1

    # -- what trees say --------------------------------------------------------------------------

    def logits(self, buckets, count):
        """What the trees say of so many examples, a vector."""
        found = np.zeros(count, np.float32)
        for tree in self.trees:
            leaves = tree.leaf_of(buckets, np.zeros(count, np.int32))
            found += tree.weight * tree.values[leaves]
        return found

    def further(self, buckets, trees, nodes):
        """(logits beyond those at a node of a tree that is known, latest tree, leaf there).

        A node below 0 is none: all that tree and those behind it say is added.
        """
        count, latest = len(trees), len(self.trees) - 1
        found, leaves = np.zeros(count, np.float32), np.zeros(count, np.int32)
        if latest < 0:
            return found, trees, leaves
        for number in range(int(trees.min(initial=latest)), latest + 1):
            tree = self.trees[number]
            partial, start = np.zeros(count, np.float32), np.zeros(count, np.int32)
            known = (trees == number) & (nodes >= 0)
            at, change = tree.corrected(nodes[known])
            start[known], partial[known] = at, change - tree.values[at]
            leaves = tree.leaf_of(buckets, start)
            partial += tree.values[leaves]
            partial *= tree.weight
            found += np.where(trees <= number, partial, np.float32(0))
        return found, np.full(count, latest, np.int32), leaves

    def paths(self, buckets, count):
        """A serialized DebugOutput for each example."""
        features, logits = [[] for _ in range(count)], [[] for _ in range(count)]
        past, first = np.zeros(count, np.float32), self.trees[0]
        value = np.full(count, first.weight * first.values[0], np.float32)
        for row in range(count):
            logits[row].append(value[row])
        for number, tree in enumerate(self.trees):
            nodes = np.zeros(count, np.int32)
            active = np.flatnonzero(tree.features[nodes] != LEAF)
            while len(active):
                tested = tree.features[nodes[active]]
                nodes[active] = _step(tree, buckets, nodes[active], active)
                value[active] = tree.weight * tree.values[nodes[active]]
                for row, feature in zip(active, tested):
                    features[row].append(feature)
                    logits[row].append(value[row] + past[row])
                active = active[tree.features[nodes[active]] != LEAF]
            past += np.where((number == 0) | (nodes > 0), value, np.float32(0))
        return [messages.DebugOutput(feature_ids=tests, logits_path=path).SerializeToString()
                for tests, path in zip(features, logits)]  # fmt: skip


def _step(tree, buckets, nodes, rows):
    values = [buckets[feature][row] for feature, row in zip(tree.features[nodes], rows)]
    left = np.array(values) <= tree.thresholds[nodes]
    return np.where(left, tree.lefts[nodes], tree.rights[nodes])


# -- messages -------------------------------------------------------------------------------------


def _fill_tree(message, tree):
    for number in range(len(tree)):
        node = message.nodes.add()
        if tree.features[number] == LEAF:
            _fill_leaf(node.leaf, tree.values[number])
            continue
        split = node.bucketized_split
        split.SetInParent()
        split.feature_id, split.threshold = tree.features[number], tree.thresholds[number]
        split.left_id, split.right_id = tree.lefts[number], tree.rights[number]
        node.metadata.gain = tree.gains[number]
        if tree.was_leaf[number]:
            _fill_leaf(node.metadata.original_leaf, tree.values[number])


def _fill_leaf(leaf, value):
    leaf.SetInParent()
    leaf.scalar = value


def _fill_metadata(about, tree):
    about.num_layers_grown, about.is_finalized = tree.layers, tree.finalized
    if tree.moved_to is not None:
        for number, change in zip(tree.moved_to, tree.changes):
            update = about.post_pruned_nodes_meta.add(new_node_id=number)
            update.logit_change.append(change)


def _loaded(message, weight, about):
    tree = Tree(weight=weight)
    tree.set_size(len(message.nodes))
    for number, node in enumerate(message.nodes):
        kind = node.WhichOneof("node")
        if kind == "leaf":
            _check_scalar(node.leaf)
            tree.features[number], tree.values[number] = LEAF, node.leaf.scalar
            continue
        split = node.bucketized_split
        if kind != "bucketized_split" or split.dimension_id:
            raise NotImplementedError(f"a tree's node is a {kind}: minitf has splits by buckets of "
                                      "one dimension only")  # fmt: skip
        tree.features[number], tree.thresholds[number] = split.feature_id, split.threshold
        tree.lefts[number], tree.rights[number] = split.left_id, split.right_id
        tree.gains[number] = node.metadata.gain
        if node.metadata.HasField("original_leaf"):
            _check_scalar(node.metadata.original_leaf)
            tree.was_leaf[number] = True
            tree.values[number] = node.metadata.original_leaf.scalar
    tree.layers, tree.finalized = about.num_layers_grown, about.is_finalized
    moves = about.post_pruned_nodes_meta
    if moves:
        tree.moved_to = np.array([each.new_node_id for each in moves], np.int32)
        tree.changes = np.array([sum(each.logit_change) for each in moves], np.float32)
    return tree


def _check_scalar(leaf):
    if leaf.WhichOneof("leaf"):
        raise NotImplementedError("a tree's leaf has several logits: minitf has trees of one only")

"""Trees and statistics as the protocol messages that checkpoints keep of them."""
import numpy as np

from minitf.contrib.tensor_forest.kernels.tree import EQUAL, LEAF
from minitf.contrib.tensor_forest.proto import tensor_forest_params_pb2 as params_pb2
from minitf.contrib.tensor_forest.proto.fertile_stats_pb2 import FertileStats
from minitf.contrib.tensor_forest.proto.tree_model import decision_trees
from minitf.core.proto.wire import varint

_MATCHING = "type.googleapis.com/tensorflow.decision_trees.MatchingValuesTest"
_VISITED = b"\x0a"  # the key of TreePath.nodes_visited


def is_sparse(params):
    """Whether counts of classes are written with the classes that have some only."""
    return params.stats_type == params_pb2.STATS_SPARSE_GINI


# -- trees ----------------------------------------------------------------------------------------


def tree_message(tree):
    """A decision_trees.Model."""
    model = decision_trees.Model()
    for number in range(tree.count):
        _fill_node(model.decision_tree.nodes.add(), tree, number)
    return model


def _fill_node(node, tree, number):
    if number:  # the root has none
        node.node_id.value = number
    if tree.features[number] == LEAF:
        _fill_counts(node.leaf, tree.values[number], tree.sparse, "vector", "sparse_vector")
        node.leaf.SetInParent()
        return
    binary = node.binary_node
    binary.left_child_id.value = tree.lefts[number]
    binary.right_child_id.value = tree.rights[number]
    _fill_test(binary, tree.features[number], tree.thresholds[number], tree.tests[number])


def _fill_counts(message, values, sparse, dense_field, sparse_field):
    if sparse:
        entries = getattr(message, sparse_field).sparse_value
        for place in np.flatnonzero(values):
            entries[int(place)].float_value = values[place]
        return
    for value in values:
        getattr(message, dense_field).value.add(float_value=value)


def _fill_test(binary, feature, threshold, test):
    if test == EQUAL:
        matching = decision_trees.MatchingValuesTest()
        matching.feature_id.id.value = str(feature)
        matching.value.add(float_value=threshold)
        binary.custom_left_child_test.type_url = _MATCHING
        binary.custom_left_child_test.value = matching.SerializeToString()
        return
    inequality = binary.inequality_left_child_test
    inequality.feature_id.id.value = str(feature)
    inequality.threshold.float_value = threshold
    inequality.type = int(test)


def _test_of(binary):
    """(feature, threshold, test) of a decision_trees.BinaryNode. NotImplementedError for a test
    that forests do not make."""
    kind = binary.WhichOneof("left_child_test")
    if kind == "custom_left_child_test" and binary.custom_left_child_test.type_url == _MATCHING:
        matching = decision_trees.MatchingValuesTest.FromString(binary.custom_left_child_test.value)
        if len(matching.value) == 1 and not matching.inverse:
            return int(matching.feature_id.id.value), matching.value[0].float_value, EQUAL
    elif kind == "inequality_left_child_test":
        test = binary.inequality_left_child_test
        if test.HasField("feature_id") and test.type < EQUAL:
            return int(test.feature_id.id.value), test.threshold.float_value, test.type
    raise NotImplementedError(
        "a tree's test is none of one feature with <=, < or one value: minitf has no other"
    )


def load_tree(tree, serialized, params):
    """Make the tree what a serialized decision_trees.Model says; an empty one is one leaf."""
    nodes = decision_trees.Model.FromString(serialized).decision_tree.nodes
    outputs = params.num_outputs
    tree.create(outputs)
    tree.sparse = is_sparse(params)
    tree.reserve(len(nodes))
    tree.count = max(1, len(nodes))
    for number, node in enumerate(nodes):
        if node.WhichOneof("node_type") == "leaf":
            tree.values[number] = _counts(node.leaf, outputs, "vector", "sparse_vector")
            continue
        binary = node.binary_node
        feature, threshold, test = _test_of(binary)
        tree.features[number], tree.thresholds[number] = feature, threshold
        tree.tests[number] = test
        tree.lefts[number] = binary.left_child_id.value
        tree.rights[number] = binary.right_child_id.value


def _counts(message, outputs, dense_field, sparse_field):
    values = np.zeros(outputs, np.float32)
    for place, value in getattr(message, sparse_field).sparse_value.items():
        values[place] = value.float_value
    found = [value.float_value for value in getattr(message, dense_field).value]
    values[: len(found)] = found
    return values


def paths(tree, steps):
    """A serialized TreePath for each example, whose nodes are a column of `steps`."""
    nodes = tree_message(tree).decision_tree.nodes
    parts = [node.SerializeToString() for node in nodes]
    parts = [_VISITED + varint(len(part)) + part for part in parts]
    columns = np.stack(steps).T
    return np.array([b"".join(parts[node] for node in column if node >= 0) for column in columns],
                    object)  # fmt: skip


# -- statistics -----------------------------------------------------------------------------------


def stats_message(stats):
    """A FertileStats: the leaves with their depths; with `checkpoint_stats` all they have seen."""
    message = FertileStats()
    for node in np.flatnonzero(stats.rows >= 0):
        row = stats.rows[node]
        slot = message.node_to_slot.add(node_id=node, depth=stats.depth[row])
        if stats.params.checkpoint_stats:
            _fill_slot(slot, stats, row)
    return message


def _fill_slot(slot, stats, row):
    whole = slot.post_init_leaf_stats
    whole.weight_sum = stats.weight[row]
    _fill_sums(whole, stats, "total", row)
    for split in range(stats.begun[row]):
        candidate = slot.candidates.add()
        _fill_test(candidate.split, stats.feature[row, split], stats.split_at(row, split),
                   stats.test[row, split])  # fmt: skip
        _fill_sums(candidate.left_stats, stats, "left", (row, split))
        if stats.params.is_regression:
            candidate.left_stats.weight_sum = stats.left_count[row, split]


def _fill_sums(message, stats, name, place):
    sums = getattr(stats, name)[place]
    if stats.params.is_regression:
        squares = getattr(stats, f"{name}_square")[place]
        for value, square in zip(sums, squares):
            message.regression.mean_output.value.add(float_value=value)
            message.regression.mean_output_squares.value.add(float_value=square)
        return
    message.classification.SetInParent()
    _fill_counts(message.classification, sums, is_sparse(stats.params), "dense_counts",
                 "sparse_counts")  # fmt: skip


def load_stats(stats, serialized):
    """Put what a serialized FertileStats says into new statistics; an empty one is the root's."""
    slots = FertileStats.FromString(serialized).node_to_slot
    if not slots:
        stats.allocate([0], 0)
    for slot in slots:
        stats.allocate([slot.node_id], slot.depth)
        if slot.HasField("post_init_leaf_stats"):
            _load_slot(stats, stats.rows[slot.node_id], slot)


def _load_slot(stats, row, slot):
    stats.weight[row] = slot.post_init_leaf_stats.weight_sum
    _load_sums(stats, "total", row, slot.post_init_leaf_stats)
    stats.begun[row] = len(slot.candidates)
    for split, candidate in enumerate(slot.candidates):
        stats.put_candidate(row, split, *_test_of(candidate.split))
        _load_sums(stats, "left", (row, split), candidate.left_stats)
        if stats.params.is_regression:
            stats.left_count[row, split] = candidate.left_stats.weight_sum


def _load_sums(stats, name, place, message):
    outputs = stats.params.num_outputs
    if stats.params.is_regression:
        for field, array in (("mean_output", name), ("mean_output_squares", f"{name}_square")):
            values = getattr(message.regression, field).value
            getattr(stats, array)[place] = [value.float_value for value in values]
        return
    getattr(stats, name)[place] = _counts(message.classification, outputs, "dense_counts",
                                          "sparse_counts")  # fmt: skip

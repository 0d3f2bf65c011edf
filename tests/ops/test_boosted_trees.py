"""Boosted trees beyond what is recorded: what is refused, and what must not matter."""
import subprocess
import sys

import numpy as np
import pytest

import minitf as tf
from minitf.core.proto.boosted_trees import TreeEnsemble
from minitf.estimator.canned.boosted_trees import TreeEnsemble as Trees
from minitf.estimator.canned.boosted_trees.columns import Columns
from minitf.ops.boosted_trees import nodes, quantiles, splits
from minitf.ops.boosted_trees.tree import Tree

column = tf.feature_column


@pytest.fixture(autouse=True)
def own_graph():
    with tf.Graph().as_default():
        yield


def ensemble():
    with tf.Graph().as_default():
        made = Trees("trees").resource_handle.op.definition.state(
            Trees("other").resource_handle.op
        )
    made.load(b"", 0)
    return made


def layer(trees, gains, lefts, rights, depth, pruning=splits.NO_PRUNING):
    count = len(gains)
    first = trees.first_node
    best = (np.arange(first, first + count), np.zeros(count, int), np.zeros(count, np.int32),
            np.float32(gains), np.float32(lefts), np.float32(rights))  # fmt: skip
    splits.grow(trees, best, depth, np.float32(1), pruning)


# -- trees ----------------------------------------------------------------------------------------


def test_pruned_nodes_are_where_they_went_to():
    trees = ensemble()
    layer(trees, [1.0], [-1.0], [1.0], 2, splits.POST_PRUNING)
    layer(trees, [-1.0, 2.0], [0.25, 3.0], [0.5, 4.0], 2, splits.POST_PRUNING)
    tree = trees.trees[0]
    assert len(tree) == 5 and tree.moved_to.tolist() == [0, 1, 2, 1, 1, 3, 4]
    np.testing.assert_allclose(tree.changes, [0, 0, 0, -0.25, -0.5, 0, 0])
    assert tree.values.tolist() == [0, -1, 1, 4, 5]
    again = ensemble()
    again.load(trees.serialized(), 3)
    assert again.serialized() == trees.serialized()
    at, change = again.trees[0].corrected(np.array([4, 6]))
    assert at.tolist() == [1, 4] and change.tolist() == [-0.5, 0]


def test_a_whole_tree_may_be_pruned():
    trees = ensemble()
    layer(trees, [-1.0], [-1.0], [1.0], 1, splits.POST_PRUNING)
    assert len(trees.trees[0]) == 1 and trees.trees[0].moved_to.tolist() == [0, 0, 0]
    assert len(trees.trees) == 2 and trees.finalized() == 1


def test_splits_that_lose_are_not_made():
    trees = ensemble()
    layer(trees, [-1.0], [-1.0], [1.0], 2, splits.PRE_PRUNING)
    assert len(trees.trees[0]) == 1 and (trees.layers_attempted, trees.stamp) == (1, 1)


def test_many_features_are_read_one_by_one(monkeypatch):
    rng = np.random.RandomState(2)
    buckets = [rng.randint(0, 4, 50).astype(np.int32) for _ in range(6)]
    tree = Tree()
    for first, count in ((0, 1), (1, 2), (3, 4)):
        at = np.arange(first, first + count)
        tree.split(at, at % 6, at % 3, at, np.float32(at), -np.float32(at))
    start = np.zeros(50, np.int32)
    together = tree.leaf_of(np.stack(buckets), start.copy())
    assert tree.leaf_of(buckets, start.copy()).tolist() == together.tolist()
    monkeypatch.setattr(nodes, "TOGETHER", 0)
    assert isinstance(nodes._batch(buckets)[0], list)


def test_trees_of_other_kinds_are_refused():
    message = TreeEnsemble(tree_weights=[1.0])
    message.trees.add().nodes.add().dense_split.left_id = 1
    message.tree_metadata.add()
    with pytest.raises(NotImplementedError, match="a tree's node is a dense_split: minitf has"):
        ensemble().load(message.SerializeToString(), 0)
    message = TreeEnsemble(tree_weights=[1.0])
    message.trees.add().nodes.add().leaf.vector.value.append(1.0)
    message.tree_metadata.add()
    with pytest.raises(NotImplementedError, match="a tree's leaf has several logits"):
        ensemble().load(message.SerializeToString(), 0)


def test_modules_are_where_programs_look_for_them():
    from minitf.as_tensorflow import internals

    assert internals.module("minitf.python.ops.boosted_trees_ops").TreeEnsemble is Trees
    found = internals.module("minitf.python.estimator.canned.boosted_trees")
    assert found.BoostedTreesClassifier is tf.estimator.BoostedTreesClassifier
    found = internals.module("minitf.core.kernels.boosted_trees.boosted_trees_pb2")
    assert found.TreeEnsemble is TreeEnsemble


def test_a_graph_that_is_read_brings_its_ops():
    program = """
import minitf as tf
graph = tf.GraphDef()
graph.node.add(name="trees", op="BoostedTreesEnsembleResourceHandleOp")
graph.node.add(name="there", op="IsBoostedTreesEnsembleInitialized").input.append("trees")
tf.import_graph_def(graph, name="")
print(tf.Session().run("there:0"))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "False", run.stderr


# -- statistics -----------------------------------------------------------------------------------


def test_equal_gains_go_to_the_first_feature():
    same = np.float32([1.0, 2.0])
    at = np.int32([0, 1])
    side = np.float32([[1.0], [2.0]])
    found = splits.best_per_node(np.int32([5, 3, 4]), [at] * 3, [same, same, same - 0.5],
                                 [at + 7] * 3, [side] * 3, [-side] * 3)  # fmt: skip
    assert [each.tolist() for each in found] == [[0, 1], [3, 3], [7, 8], [1, 2], [1, 2], [-1, -2]]


def test_nodes_with_little_weight_are_left_out():
    stats = np.float32([[[1, 1], [1, 1]], [[1, 0.1], [1, 0.1]], [[1, 2], [-3, 2]]])
    at, gains, *_ = splits.best_gains(0, 3, [stats], 0.0, 0.0, 0.0, np.float32(1))[0]
    assert at.tolist() == [0, 2] and gains.shape == (2,)


def test_features_are_looked_at_in_parts(monkeypatch):
    rng = np.random.RandomState(0)
    stats = [rng.rand(3, 4, 2).astype(np.float32) for _ in range(5)]
    whole = splits.best_gains(0, 3, stats, 0.1, 0.1, 0.0, 0.0)
    monkeypatch.setattr(splits, "AT_ONCE", 1)
    for one, other in zip(whole, splits.best_gains(0, 3, stats, 0.1, 0.1, 0.0, 0.0)):
        for a, b in zip(one, other):
            np.testing.assert_array_equal(a, b)


def test_buckets_beyond_the_last_are_in_it():
    found = splits.summaries(np.int32([0, 1]), np.float32([1, 2]), np.float32([3, 4]),
                             [np.int32([2, 0])], 2, 2)  # fmt: skip
    assert found[0].tolist() == [[[0, 0], [1, 3]], [[2, 4], [0, 0]]]
    with pytest.raises(ValueError, match="feature 0 has the bucket -1: they begin at 0"):
        splits.summaries(np.int32([0]), np.float32([1]), np.float32([1]), [np.int32([-1])], 1, 2)
    with pytest.raises(ValueError, match="nodes 3 to 3: there are 2"):
        splits.summaries(np.int32([3]), np.float32([1]), np.float32([1]), [np.int32([0])], 2, 2)


# -- quantiles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [0.1, 0.02])
def test_ranks_are_as_near_as_was_asked(error):
    rng = np.random.RandomState(1)
    values, weights = rng.randn(20000).astype(np.float32), rng.rand(20000).astype(np.float32)
    stream = quantiles.Stream(error, 1 << 40)
    for start in range(0, 20000, 3000):
        stream.push(values[start : start + 3000], weights[start : start + 3000])
    summary = stream.summary()
    assert quantiles.error_of(summary) <= error and len(summary) < 5000
    found = quantiles.quantiles(summary, 5)
    upto = [weights[values <= each].sum() / weights.sum() for each in found]
    np.testing.assert_allclose(upto, [0, 0.25, 0.5, 0.75, 1], atol=error)


def test_what_has_no_weight_does_not_count():
    stream = quantiles.Stream(0.1, 10)
    stream.push(np.float32([1, 2, 3]), np.float32([1, 0, 1]))
    assert stream.summary()[:, 0].tolist() == [1, 3]
    assert quantiles.boundaries(quantiles.EMPTY, 5).size == 0
    assert quantiles.quantiles(quantiles.EMPTY, 5).size == 0
    assert quantiles.error_of(quantiles.EMPTY) == 0


def test_no_error_at_all_is_refused():
    handle = tf.constant(0)
    from minitf.ops.boosted_trees import quantile_nodes as ops

    handle = ops.quantile_resource_handle_op(name="q")
    with tf.Session() as session:
        for epsilon, count, message in ((0.0, 1, "epsilon value of zero"), (0.1, -1, "negative")):
            with pytest.raises(tf.errors.InvalidArgumentError, match=message):
                session.run(ops.create_quantile_stream_resource(handle, epsilon, count))
        with pytest.raises(tf.errors.NotFoundError, match="Resource 'q' does not exist yet"):
            session.run(ops.get_bucket_boundaries(handle, num_features=1))


# -- estimators -----------------------------------------------------------------------------------


def test_groups_of_features():
    columns = Columns([
        column.indicator_column(column.categorical_column_with_identity("i", 3)),
        column.numeric_column("n", shape=(2,)),
        column.bucketized_column(column.numeric_column("b"), [1.0, 2.0]),
    ])  # fmt: skip
    assert columns.names() == ["b_bucketized", "i", "i", "i", "n", "n"]
    assert dict(columns.groups(20)) == {2: [1, 2, 3], 20: [4, 5], 3: [0]}
    assert columns.float_count == 2


@pytest.mark.parametrize(("wrong", "message"), [
    (lambda: column.categorical_column_with_identity("c", 3), "must be wrapped by IndicatorColumn"),
    (lambda: column.numeric_column("n", shape=(2, 2)), "only support Dense column with rank of 1"),
    (lambda: "n", "has no attribute 'name'"),
])  # fmt: skip
def test_columns_that_trees_cannot_use(wrong, message):
    with pytest.raises((ValueError, AttributeError), match=message):
        Columns([wrong()])


def test_a_bucketized_column_has_one_number():
    wide = column.bucketized_column(column.numeric_column("n", shape=(2,)), [0.5])
    with pytest.raises(ValueError, match="features equivalent to rank 1 but column `n` got"):
        Columns([wide]).buckets({"n": tf.zeros([3, 2])}, [])


def test_in_memory_is_as_in_batches():
    rng = np.random.RandomState(0)
    x = rng.rand(120).astype(np.float32)
    y = np.round(4 * x) / 4
    columns = [column.bucketized_column(column.numeric_column("x"), [0.2, 0.4, 0.6, 0.8])]
    config = tf.estimator.RunConfig(log_step_count_steps=None)
    losses = []
    for batch, options in ((120, {"train_in_memory": True}), (30, {})):
        def input_fn(batch=batch):
            return tf.data.Dataset.from_tensor_slices(({"x": x}, y)).repeat().batch(
                batch, drop_remainder=True)  # fmt: skip

        made = tf.estimator.BoostedTreesRegressor(
            columns, 120 // batch, n_trees=3, max_depth=2, config=config, **options
        )
        made.train(input_fn)
        losses.append(made.evaluate(input_fn, steps=120 // batch)["loss"])
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_importances_need_gains():
    from minitf.estimator.canned.boosted_trees import explanations

    message = TreeEnsemble(tree_weights=[1.0])
    message.trees.add().nodes.add().leaf.scalar = 1.0
    with pytest.raises(AssertionError, match="empty or contain only a root node"):
        explanations.importances(message.SerializeToString(), ["a"], True)
    node = message.trees[0].nodes.add()
    node.bucketized_split.left_id, node.metadata.gain = 1, -2.0
    text = message.SerializeToString()
    assert explanations.importances(text, ["a"], False) == {"a": -2.0}
    with pytest.raises(AssertionError, match="must be non-negative"):
        explanations.importances(text, ["a"], True)

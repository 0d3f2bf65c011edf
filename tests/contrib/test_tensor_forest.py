"""Random forests beyond what is recorded: what is refused, and what must not matter."""
import subprocess
import sys

import numpy as np
import pytest

import minitf as tf
from minitf.contrib.tensor_forest.kernels import candidates, examples, params
from minitf.contrib.tensor_forest.proto import tensor_forest_params_pb2 as params_pb2

forests = tf.contrib.tensor_forest
ForestHParams = forests.tensor_forest.ForestHParams
client = forests.client.random_forest


@pytest.fixture(autouse=True)
def own_graph():
    with tf.Graph().as_default():
        yield


def filled(**options):
    given = {"num_classes": 2, "num_features": 3, "num_trees": 2, "split_after_samples": 10,
             "num_splits_to_consider": 4, "base_random_seed": 3}  # fmt: skip
    return ForestHParams(**{**given, **options}).fill()


def data(count=400):
    rng = np.random.RandomState(1)
    x = rng.rand(count, 3).astype(np.float32)
    return x, (x[:, 0] + x[:, 1] > 1).astype(np.int32)


def started():
    session = tf.Session()
    made = [each.create for each in tf.get_collection(tf.GraphKeys.RESOURCES)]
    session.run([tf.global_variables_initializer(), *made])
    return session


def probabilities(steps=8, **options):
    x, y = data()
    with tf.Graph().as_default():
        forest = forests.tensor_forest.RandomForestGraphs(filled(**options))
        train, (found, _, _) = forest.training_graph(x, y), forest.inference_graph(x)
        with started() as session:
            for _ in range(steps):
                session.run(train)
            return session.run(found)


def test_it_learns():
    assert (probabilities().argmax(1) == data()[1]).mean() > 0.9


def test_large_batches_are_counted_in_parts(monkeypatch):
    whole = probabilities()
    monkeypatch.setattr(candidates, "AT_ONCE", 37)
    np.testing.assert_array_equal(probabilities(), whole)


def test_without_a_seed_trees_differ():
    assert not np.array_equal(probabilities(base_random_seed=0), probabilities(base_random_seed=0))


@pytest.mark.parametrize("options", [
    {"bagging_fraction": 0.5}, {"feature_bagging_fraction": 0.7}, {"collate_examples": True},
])  # fmt: skip
def test_bagged_and_collated(options):
    y = data()[1]
    assert (probabilities(steps=12, num_trees=6, **options).argmax(1) == y).mean() > 0.8


def test_bagged_features_are_those_chosen():
    options = filled(feature_bagging_fraction=0.7)
    assert [len(set(each)) for each in options.bagged_features] == [2, 2]


def test_no_more_than_max_nodes():
    x, y = data()
    forest = forests.tensor_forest.RandomForestGraphs(filled(max_nodes=6))
    train, size = forest.training_graph(x, y), forest.average_size()
    with started() as session:
        for _ in range(20):
            session.run(train)
        assert session.run(size) == 7  # the last split was begun with fewer


def test_parameters_of_a_file(tmp_path):
    path = tmp_path / "params"
    path.write_text("max_nodes: 3 leaf_type: MODEL_SPARSE_CLASSIFICATION")
    proto = forests.tensor_forest.build_params_proto(filled(param_file=str(path)))
    assert proto.max_nodes == 3 and proto.leaf_type == 1


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "message"), [
    ({"split_finish_name": "hoeffding"}, 'leave split_finish_name="basic"'),
    ({"model_name": "sparse_then_dense"}, 'take model_name="all_dense" or "all_sparse"'),
])  # fmt: skip
def test_what_is_not_there_says_so(options, message):
    with pytest.raises(NotImplementedError, match=message):
        forests.tensor_forest.RandomForestGraphs(filled(**options))


def test_averaged_thresholds_of_sparse_features():
    x = tf.SparseTensor([[0, 1], [1, 0]], [1.0, 2.0], [2, 3])
    forest = forests.tensor_forest.RandomForestGraphs(filled(initialize_average_splits=True))
    train = forest.training_graph(x, [0, 1])
    with started() as session, pytest.raises(
        (NotImplementedError, tf.errors.UnimplementedError), match="is not there for sparse feat"
    ):
        session.run(train)


def test_when_candidates_are_dropped():
    assert filled(split_pruning_name="half").prune_every_samples == 5
    with pytest.raises(ValueError, match="Must specify prune_every_samples if using a depth-dep"):
        filled(split_pruning_name="half", split_after_samples="linear { slope: 1 }")


def test_a_label_that_is_no_class():
    x, y = data()
    forest = forests.tensor_forest.RandomForestGraphs(filled())
    train = forest.training_graph(x, y + 1)
    with started() as session, pytest.raises(
        tf.errors.InvalidArgumentError, match="label 2 is no class below 2: is num_classes of the"
    ):
        session.run(train)


def test_labels_of_another_width():
    x, _ = data()
    forest = forests.tensor_forest.RandomForestGraphs(filled(regression=True, num_classes=1))
    train = forest.training_graph(x, x)
    with started() as session, pytest.raises(
        tf.errors.InvalidArgumentError, match="there must be one for each in a row"
    ):
        session.run(train)


def test_resources_must_be_there():
    forest = forests.tensor_forest.RandomForestGraphs(filled())
    with tf.Session() as session, pytest.raises(
        tf.errors.NotFoundError, match=r"Resource 'tree-0' does not exist yet: run resources\.init"
    ):
        session.run(forest.average_size())


def test_sparse_features_are_not_bagged():
    x = tf.SparseTensor([[0, 1]], [1.0], [1, 3])
    for number, options in enumerate(({"bagging_fraction": 0.5},
                                      {"feature_bagging_fraction": 0.5})):  # fmt: skip
        with tf.variable_scope(f"forest_{number}"):
            forest = forests.tensor_forest.RandomForestGraphs(filled(**options))
        with pytest.raises(NotImplementedError, match="agging not supported with sparse features"):
            forest.training_graph(x, [1])


def test_classes_need_no_finalizing():
    forest = forests.tensor_forest.RandomForestGraphs(filled(num_trees=1))
    tree, stats = forest.get_all_resource_handles()
    known = forest.params.serialized_params_proto
    made = forests.stats_ops.finalize_tree(tree, stats, params=known)
    with started() as session, pytest.raises(
        (NotImplementedError, tf.errors.UnimplementedError), match="FinalizeTree is disabled"
    ):
        session.run(made)
    with pytest.raises(NotImplementedError, match="have no average_impurity"):
        forest.average_impurity()


def test_other_features_and_no_examples():
    x, y = data()
    forest = forests.tensor_forest.RandomForestGraphs(filled())
    train = forest.training_graph(x, y)
    few, none = (forest.inference_graph(tf.placeholder_with_default(each, [None, width]))[0]
                 for each, width in ((x[:, :1], 1), (x[:0], 3)))  # fmt: skip
    with started() as session:
        for _ in range(4):
            session.run(train)
        assert session.run(none).shape == (0, 2)
        with pytest.raises(tf.errors.InvalidArgumentError, match="tests feature 1, the examples"):
            session.run(few)


@pytest.mark.parametrize("options", [{"initialize_average_splits": True},
                                     {"split_pruning_name": "quarter", "prune_every_samples": 3},
                                     {"initialize_average_splits": True, "collate_examples": True}])
def test_candidates_that_change_are_saved(options, tmp_path):
    x, y = data()
    forest = forests.tensor_forest.RandomForestGraphs(filled(
        checkpoint_stats=True, split_after_samples=30, num_trees=1, num_splits_to_consider=8,
        **options,
    ))  # fmt: skip
    points, labels = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.int32, [None])
    train, (found, _, _) = forest.training_graph(points, labels), forest.inference_graph(x)
    saver, path = tf.train.Saver(), str(tmp_path / "forest")
    with started() as session:
        for start in range(0, 400, 20):
            session.run(train, {points: x[start : start + 20], labels: y[start : start + 20]})
        saver.save(session, path)
        first = session.run(found)
    with started() as session:
        saver.restore(session, path)
        np.testing.assert_array_equal(session.run(found), first)
        for start in range(0, 400, 20):
            session.run(train, {points: x[start : start + 20], labels: y[start : start + 20]})
        assert (session.run(found).argmax(1) == y).mean() > 0.8


# -- parts ----------------------------------------------------------------------------------------


def test_parameters_by_depth():
    make = params_pb2.DepthDependentParam
    linear = make(linear={"slope": 2, "y_intercept": 1, "min_val": 3, "max_val": 6})
    assert [params.at_depth(linear, depth) for depth in (0, 2, 9)] == [3, 5, 6]
    power = make(exponential={"bias": 1, "base": 2, "multiplier": 3, "depth_multiplier": 1})
    assert params.at_depth(power, 2) == 13
    step = make(threshold={"on_value": 5, "off_value": 4, "threshold": 2})
    assert [params.at_depth(step, depth) for depth in (1, 2)] == [4, 5]
    with pytest.raises(ValueError, match="has no value"):
        params.at_depth(make(), 1)


def test_words_that_are_thrown_away():
    """Of 3,000,000,000 numbers most words above would make some more likely."""
    limits = np.array([3_000_000_000] * 50 + [8, 1])
    drawn = examples._below(limits, 5)
    assert (drawn < limits).all() and (drawn >= 0).all() and drawn[-1] == 0
    assert len(set(drawn[:50].tolist())) > 45


def test_dense_and_sparse_side_by_side():
    spec = "dense_features_size: 2 dense: [{name: a original_type: 0 size: 2}] " \
           "sparse: [{name: all_sparse original_type: 1 size: -1}]"  # fmt: skip
    dense = np.float32([[1, 2], [3, 4]])
    both = examples.Examples(spec, dense, np.int64([[0, 1], [1, 0]]), np.float32([7, 8]), [2, 3])
    rows, features = np.array([[0], [1]]), np.array([[0, 1, 2, 3, 4, 9]])
    assert both.at(rows, features).tolist() == [[1, 2, 0, 7, 0, 0], [3, 4, 8, 0, 0, 0]]
    features, kinds = both.draw(np.repeat([0, 1], 200), 3)
    assert set(features[:200]) == {0, 1, 3} and set(features[200:]) == {0, 1, 2}
    assert ((features >= 2) == (kinds == params.CATEGORICAL)).all()


# -- estimators -----------------------------------------------------------------------------------


def input_fn():
    x, y = data()
    both = tf.data.Dataset.from_tensor_slices(({"x": x, "w": x[:, 0], "k": y}, y))
    return both.repeat(4).batch(100).make_one_shot_iterator().get_next()


def test_weights_keys_paths_and_importances(caplog):
    made = client.CoreTensorForestEstimator(
        filled(inference_tree_paths=True), weight_column="w", keys_column="k",
        report_feature_importances=True, include_all_in_serving=True,
        feature_columns=[tf.feature_column.numeric_column("w")],
    )  # fmt: skip
    made.train(input_fn)
    first = next(iter(made.predict(input_fn)))
    assert {"k", "tree_paths", "prediction_variance", "probabilities"} <= first.keys()
    assert len(first["tree_paths"]) == 2 and isinstance(first["tree_paths"][0], bytes)


def test_a_forest_for_each_column():
    x, y = data()

    def two(batch=100):
        both = tf.data.Dataset.from_tensor_slices((x, np.stack([y, 1 - y], 1)))
        return both.repeat(5).batch(batch).make_one_shot_iterator().get_next()

    made = client.MultiForestMultiHeadEstimator([filled(), filled()])
    made.fit(input_fn=two)
    found = list(made.predict(input_fn=lambda: two(400)))
    classes = np.array([each["classes"] for each in found])
    assert (classes == np.stack([y, 1 - y], 1)).mean() > 0.85
    assert found[0]["probabilities"].shape == (4,)
    assert made.evaluate(input_fn=two, steps=1)["loss"] > 0


def test_training_ends_when_the_trees_do_not_grow():
    x, y = data()
    steady = lambda: tf.data.Dataset.from_tensors((x, y)).repeat()  # noqa: E731
    made = client.CoreTensorForestEstimator(
        filled(max_nodes=3, inference_tree_paths=False), early_stopping_rounds=5,
        early_stopping_loss_threshold=0.9,
    )  # fmt: skip
    made.train(lambda: steady().make_one_shot_iterator().get_next(), steps=200)
    assert made.get_variable_value("global_step") < 60


def test_metrics_by_name():
    metrics = forests.client.eval_metrics
    probabilities = tf.constant([[0.2, 0.8], [0.9, 0.1], [0.6, 0.4]])
    targets = tf.constant([[1], [0], [1]])
    classes = tf.argmax(probabilities, 1)
    want = {"accuracy": 2 / 3, "auc": 1.0, "precision": 1.0, "recall": 0.5,
            "classification_log_loss": 0.415, "sigmoid_entropy": 0.634}  # fmt: skip
    columns = ("classification_log_loss", "sigmoid_entropy")
    assert metrics.get_prediction_key("r2") == "scores"
    for name, expected in want.items():
        given = classes if metrics.get_prediction_key(name) == "classes" else probabilities
        labels = targets if name in columns else targets[:, 0]
        _, update = metrics.get_metric(name)(given, labels)
        with tf.Session() as session:
            session.run(tf.local_variables_initializer())
            assert session.run(update) == pytest.approx(expected, abs=2e-3), name
    _, update = metrics.get_metric("r2")(tf.constant([1.0, 2.0]), tf.constant([1, 2]))
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        assert session.run(update) == 1


@pytest.mark.parametrize("statement", [
    "from tensorflow.contrib.tensor_forest.python import tensor_forest as found",
    "from tensorflow.contrib.tensor_forest.python.ops import model_ops as found",
    "from tensorflow.contrib.tensor_forest.client import random_forest as found",
    "from tensorflow.contrib.tensor_forest.client import eval_metrics as found",
    "from tensorflow.contrib.tensor_forest.proto import tensor_forest_params_pb2 as found",
])  # fmt: skip
def test_modules_are_where_programs_look_for_them(statement):
    from minitf import as_tensorflow

    names = {}
    exec(statement.replace("tensorflow", "minitf"), names)
    assert names["found"].__name__.startswith("minitf.contrib.tensor_forest.")
    assert as_tensorflow._find(names["found"].__name__) is names["found"]


PROGRAM = """
import numpy as np
import tensorflow as tf
from tensorflow.python.ops import resources
from tensorflow.contrib.tensor_forest.python import tensor_forest

X = tf.placeholder(tf.float32, shape=[None, 4])
Y = tf.placeholder(tf.int32, shape=[None])
hparams = tensor_forest.ForestHParams(num_classes=2, num_features=4, num_trees=5,
                                      max_nodes=100, split_after_samples=25).fill()
forest_graph = tensor_forest.RandomForestGraphs(hparams)
train_op, loss_op = forest_graph.training_graph(X, Y), forest_graph.training_loss(X, Y)
infer_op, _, _ = forest_graph.inference_graph(X)
correct_prediction = tf.equal(tf.argmax(infer_op, 1), tf.cast(Y, tf.int64))
accuracy_op = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
init_vars = tf.group(tf.global_variables_initializer(),
                     resources.initialize_resources(resources.shared_resources()))
x = np.random.rand(500, 4)
feed = {X: x, Y: x[:, 2] > 0.5}
with tf.Session() as sess:
    sess.run(init_vars)
    for i in range(10):
        _, loss = sess.run([train_op, loss_op], feed)
    print(sess.run(accuracy_op, feed) > 0.9, loss < -5)
"""


def test_a_program_runs_unmodified(tmp_path):
    """As aymericdamien's TensorFlow-Examples have it."""
    path = tmp_path / "random_forest.py"
    path.write_text(PROGRAM)
    run = subprocess.run([sys.executable, "-m", "minitf", str(path)], capture_output=True,
                         text=True)  # fmt: skip
    assert run.stdout.split() == ["True", "True"], run.stderr

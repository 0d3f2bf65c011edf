"""tf.contrib.tensor_forest: trees from one seed, what is saved of them, estimators."""

import os
import tempfile

from goldens.kit import error


def _module(tf):
    return tf.contrib.tensor_forest.python.tensor_forest


def _data(np, count=600):
    rng = np.random.RandomState(0)
    x = rng.rand(count, 6).astype(np.float32)
    y = (x[:, 0] > 0.5).astype(np.int32) + (x[:, 3] * x[:, 1] > 0.3)
    return x, y.astype(np.int32)


def _params(tf, **options):
    given = {"num_classes": 3, "num_features": 6, "num_trees": 2, "max_nodes": 1000,
             "split_after_samples": 20, "num_splits_to_consider": 4, "base_random_seed": 7}
    return _module(tf).ForestHParams(**dict(given, **options)).fill()


def _session(tf):
    """On one thread: TensorFlow's threads draw in any order."""
    session = tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1,
                                               inter_op_parallelism_threads=1))
    made = [each.create for each in tf.get_collection(tf.GraphKeys.RESOURCES)]
    session.run([tf.global_variables_initializer(), *made])
    return session


def _grown(tf, np, labels=None, steps=24, weights=None, **options):
    """Sizes on the way, then what the forest says of all points."""
    x, y = _data(np)
    y = y if labels is None else labels(x).astype(np.float32)
    points = tf.placeholder(tf.float32, [None, 6])
    answers = tf.placeholder(y.dtype, [None, *y.shape[1:]])
    forest = _module(tf).RandomForestGraphs(_params(tf, **options))
    given = {} if weights is None else {"input_weights": weights}
    train = forest.training_graph(points, answers, **given)
    size, loss = forest.average_size(), forest.training_loss(points, answers)
    found, _, variance = forest.inference_graph(points)
    told = []
    with _session(tf) as sess:
        for step in range(steps):
            at = step * 50 % 600
            sess.run(train, {points: x[at : at + 50], answers: y[at : at + 50]})
            if step in (0, 3, 9):
                told.append(sess.run([size, loss]))
        used = sess.run(forest.feature_importances())
        return told + [sess.run([found, variance], {points: x[:40]}), used]


def classes(tf, np):
    return _grown(tf, np)


def less(tf, np):
    return _grown(tf, np, split_name="less", model_name="all_sparse")


def weighted(tf, np):
    return _grown(tf, np, weights=np.linspace(0.5, 2, 50).astype(np.float32).tolist())


def depth_dependent(tf, np):
    return _grown(tf, np, split_after_samples="linear { slope: 5 y_intercept: 10 max_val: 50 }",
                  num_splits_to_consider="threshold { on_value: 6 off_value: 3 threshold: 2 }")


def with_running_statistics(tf, np):
    return _grown(tf, np, use_running_stats_method=True)


def with_averaged_thresholds(tf, np):
    return _grown(tf, np, initialize_average_splits=True)


def pruned_by_half(tf, np):
    return _grown(tf, np, split_pruning_name="half", prune_every_samples=7,
                  num_splits_to_consider=8)


def pruned_by_a_tenth(tf, np):
    return _grown(tf, np, split_pruning_name="10_percent", prune_every_samples=3,
                  num_splits_to_consider=10, split_after_samples=30,
                  weights=np.linspace(0.5, 4, 50).astype(np.float32).tolist())


def pruned_by_hoeffding(tf, np):
    return _grown(tf, np, split_pruning_name="hoeffding", prune_every_samples=10,
                  num_splits_to_consider=8, dominate_fraction=0.2, split_after_samples=40)


def numbers(tf, np):
    return _grown(tf, np, lambda x: x[:, 0] * 2 - x[:, 4], num_classes=1, regression=True)


def several_numbers(tf, np):
    labels = lambda x: np.stack([x[:, 0] + x[:, 1], x[:, 2] * 3], 1)  # noqa: E731
    return _grown(tf, np, labels, num_classes=2, regression=True)


def names(tf, np):
    x, y = tf.placeholder(tf.float32, [None, 6]), tf.placeholder(tf.int32, [None])
    forest = _module(tf).RandomForestGraphs(_params(tf))
    made = [forest.training_graph(x, y), *forest.inference_graph(x), forest.average_size()]
    ops = [[op.name, op.type] for op in tf.get_default_graph().get_operations()]
    return [[each.name for each in made], [str(each.shape) for each in made[1:]], ops,
            [each.name for each in tf.get_collection(tf.GraphKeys.SAVEABLE_OBJECTS)]]


def categories(tf, np):
    x, y = _data(np)
    codes = (x * 4).astype(np.int32)
    forest = _module(tf).RandomForestGraphs(_params(tf))
    features = {"a": tf.constant(x[:, :3]), "b": tf.constant(codes[:, 3:])}
    train, (found, _, _) = forest.training_graph(features, y), forest.inference_graph(features)
    with _session(tf) as sess:
        for _ in range(4):
            sess.run(train)
        return sess.run([found[:40], forest.average_size()])


def sparse(tf, np):
    x, y = _data(np, 200)
    x[x < 0.4] = 0
    places = np.argwhere(x)
    features = tf.SparseTensor(places, x[tuple(places.T)], x.shape)
    forest = _module(tf).RandomForestGraphs(_params(tf))
    train, (found, _, _) = forest.training_graph(features, y), forest.inference_graph(features)
    with _session(tf) as sess:
        for _ in range(8):
            sess.run(train)
        return sess.run([found[:40], forest.average_size()])


def saved(tf, np):
    """What is restored goes on as before; the messages in the checkpoint are alike."""
    x, y = _data(np)
    forest = _module(tf).RandomForestGraphs(_params(tf, checkpoint_stats=True, num_trees=1))
    train, (found, _, _) = forest.training_graph(x, y), forest.inference_graph(x)
    path = os.path.join(tempfile.mkdtemp(), "forest")
    with _session(tf) as sess:
        sess.run(train)
        tf.train.Saver().save(sess, path)
        sess.run(train)
        first = sess.run(found)
    with _session(tf) as sess:
        tf.train.Saver().restore(sess, path)
        sess.run(train)
        again = sess.run(found)
    reader = tf.train.NewCheckpointReader(path)
    sizes = {name: len(reader.get_tensor(name).item() if hasattr(reader.get_tensor(name), "item")
                       else reader.get_tensor(name))
             for name in reader.get_variable_to_shape_map() if ":" in name}
    return [bool((first == again).all()), sizes, first[:20]]


def paths(tf, np):
    x, y = _data(np)
    forest = _module(tf).RandomForestGraphs(_params(tf, inference_tree_paths=True))
    train, (_, found, _) = forest.training_graph(x, y), forest.inference_graph(x[:5])
    with _session(tf) as sess:
        for _ in range(3):
            sess.run(train)
        return [[len(each) for each in row] for row in sess.run(found)]


def hparams(tf, np):
    make = _module(tf).ForestHParams
    filled = make(num_classes=4, num_features=784).fill()
    numbers = make(num_classes=2, num_features=30, regression=True, num_trees=7).fill()
    keys = ("num_splits_to_consider", "num_outputs", "num_output_columns", "base_random_seed",
            "leaf_model_type", "stats_model_type", "finish_type", "pruning_type", "split_type",
            "bagged_features", "bagged_num_features", "regression", "dominate_fraction")
    return [[getattr(each, key) for key in keys] for each in (filled, numbers)] + [
        error(lambda: make(num_features=3).fill()), error(lambda: make(num_classes=3).fill()),
        sorted(filled.values())]


def uninitialized(tf, np):
    x, _ = _data(np, 5)
    forest = _module(tf).RandomForestGraphs(_params(tf))
    found, _, _ = forest.inference_graph(x)
    with tf.Session() as sess:
        return error(lambda: sess.run(found))


# -- estimators -----------------------------------------------------------------------------------


def _config(tf, kind):
    session = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    return kind(session_config=session, tf_random_seed=1, log_step_count_steps=None)


def _input(tf, x, y):
    def input_fn():
        data = tf.data.Dataset.from_tensor_slices((x, y)).repeat(3).batch(100)
        return tf.compat.v1.data.make_one_shot_iterator(data).get_next()

    return input_fn


def _told(made, input_fn):
    predictions = [made for made, _ in zip(made.predict(input_fn=input_fn), range(10))]
    return [made.evaluate(input_fn=input_fn, steps=3), predictions]


def core_estimator(tf, np):
    x, y = _data(np)
    client, found = tf.contrib.tensor_forest.client.random_forest, []
    for classes in (3, 2):
        made = client.CoreTensorForestEstimator(_params(tf, num_classes=classes),
                                                config=_config(tf, tf.estimator.RunConfig))
        input_fn = _input(tf, x, np.minimum(y, classes - 1))
        made.train(input_fn=input_fn)
        found.append(_told(made, input_fn))
    return found


def learn_estimator(tf, np):
    x, y = _data(np)
    client, found = tf.contrib.tensor_forest.client.random_forest, []
    for options, labels in (({}, y), ({"num_classes": 1, "regression": True}, x[:, 0] * 2)):
        made = client.TensorForestEstimator(_params(tf, **options),
                                            config=_config(tf, tf.contrib.learn.RunConfig))
        input_fn = _input(tf, x, labels)
        made.fit(input_fn=input_fn)
        found.append(_told(made, input_fn))
    return found

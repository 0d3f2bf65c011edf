"""tf.contrib.factorization.KMeans: steps, starts, variables and what is refused."""

from goldens.kit import error, said


def _points(np):
    rng = np.random.RandomState(2)
    centers = np.float32([[0, 0, 1], [5, 5, 0], [-4, 6, 2]])
    return (centers[np.arange(30) % 3] + rng.randn(30, 3) * 0.3).astype(np.float32)


def _steps(tf, np, **kwargs):
    """What each step finds and leaves, from a given start."""
    points = _points(np)
    start = points[[0, 3, 7]]
    x = tf.placeholder(tf.float32, [None, 3])
    made = tf.contrib.factorization.KMeans(x, 3, initial_clusters=start, **kwargs).training_graph()
    scores, index, nearest, initialized, init, step = made
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found.append(sess.run(initialized))
        sess.run(init, {x: points})
        found.append(sess.run(initialized))
        for _ in range(4):
            parts = sess.run([scores[0], index[0], nearest[0]], {x: points})
            found += [np.round(part, 3) for part in parts]
            sess.run(step, {x: points})
            found.append(sess.run(tf.global_variables()[0]))
    return found + [[v.name for v in tf.global_variables()], len(made)]


def euclidean(tf, np):
    return _steps(tf, np)


def cosine(tf, np):
    return _steps(tf, np, distance_metric="cosine")


def drawn(tf, np):
    points = _points(np)
    made = tf.contrib.factorization.KMeans(tf.constant(points), 3, use_mini_batch=True,
                                           random_seed=4).training_graph()  # fmt: skip
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(made[4])
        return [sess.run(tf.global_variables()[0]), [v.name for v in tf.global_variables()]]


def several_inputs(tf, np):
    points = _points(np)
    parts = [tf.constant(points[:13]), tf.constant(points[13:])]
    made = tf.contrib.factorization.KMeans(parts, 3, initial_clusters=points[:3]).training_graph()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(made[4])
        sess.run(made[5])
        return [sess.run(tf.global_variables()[0]), sess.run(list(made[1]))]


def chosen_by_a_function(tf, np):
    points = tf.constant(_points(np))
    start = lambda inputs, count: inputs[0][:2]  # noqa: E731
    made = tf.contrib.factorization.KMeans(points, 4, initial_clusters=start).training_graph()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = []
        for _ in range(2):
            sess.run(made[4])
            found.append(sess.run([made[3], tf.shape(tf.global_variables()[0])]))
        return found


def refused(tf, np):
    make = tf.contrib.factorization.KMeans
    x = tf.zeros([4, 2])
    return [
        said(lambda: make(x, 2, "best"), "Unsupported initialization algorithm 'best'"),
        said(lambda: make(x, 2, distance_metric="l1"), "Unsupported distance metric 'l1'"),
    ]


_POINTS = [[0.0, 0.0], [0.0, 1.0], [10.0, 10.0], [10.0, 11.0], [0.5, 0.5]]


def _input(tf, np, points=_POINTS, epochs=None):
    return lambda: tf.data.Dataset.from_tensors(np.float32(points)).repeat(epochs)


def _estimator(tf, **options):
    config = tf.estimator.RunConfig(tf_random_seed=3, log_step_count_steps=None)
    start = [[0.0, 0.0], [10.0, 10.0]]
    options = dict({"initial_clusters": start, "use_mini_batch": False}, **options)
    return tf.contrib.factorization.KMeansClustering(2, config=config, **options)


def estimator(tf, np):
    made = _estimator(tf)
    made.train(_input(tf, np), steps=3)
    return [
        made.cluster_centers(),
        list(made.predict_cluster_index(_input(tf, np, epochs=1))),
        list(made.transform(_input(tf, np, [[0.0, 0.0], [9.0, 9.0]], 1))),
        made.score(_input(tf, np)),
        sorted(made.evaluate(_input(tf, np), steps=1)),
        made.get_variable_names(),
    ]


def estimator_stops(tf, np):
    made = _estimator(tf, relative_tolerance=0.01, initial_clusters="random", random_seed=5)
    made.train(_input(tf, np), steps=30)
    steps = int(made.get_variable_value("global_step"))
    return [1 < steps < 30, np.sort(made.cluster_centers(), 0)]


def estimator_of_columns(tf, np):
    def features():
        points = tf.constant(_POINTS, tf.float32)
        return {"b": points[:, 1:], "a": points[:, :1]}

    columns = [tf.feature_column.numeric_column("a"), tf.feature_column.numeric_column("b")]
    found = []
    for options in ({}, {"feature_columns": columns}):
        made = _estimator(tf, **options)
        made.train(features, steps=2)
        found.append(made.cluster_centers())
    return found


def estimator_refused(tf, np):
    make = tf.contrib.factorization.KMeansClustering
    return [error(lambda: make(2, initial_clusters="no")),
            error(lambda: make(2, distance_metric="no")),
            [make.SCORE, make.CLUSTER_INDEX, make.ALL_DISTANCES, make.CLUSTER_CENTERS_VAR_NAME,
             make.RANDOM_INIT, make.COSINE_DISTANCE]]  # fmt: skip


def estimated_by_tf_estimator(tf, np):
    points = _points(np)
    make = tf.estimator.experimental.KMeans
    found = []
    for options in ({"seed": 3}, {"seed": 5, "distance_metric": make.COSINE_DISTANCE},
                    {"initial_clusters": points[:3], "relative_tolerance": 0.01}):  # fmt: skip
        model = make(3, use_mini_batch=False, **options)
        input_fn = lambda: tf.train.limit_epochs(tf.constant(points), 1)  # noqa: E731
        for _ in range(3):  # the first input is used up by choosing the centers
            model.train(input_fn)
        found.append([
            np.round(model.cluster_centers(), 3), list(model.predict_cluster_index(input_fn))[:5],
            np.round(list(model.transform(input_fn))[:4], 3),
            round(float(model.score(input_fn)), 2), model.get_variable_names(),
            model.get_variable_value("global_step")])  # fmt: skip
    return found

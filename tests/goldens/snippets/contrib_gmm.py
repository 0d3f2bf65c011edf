"""tf.contrib.factorization.gmm: steps, likelihoods, variables, and the estimator."""

from goldens.kit import said


def _points(np):
    rng = np.random.RandomState(2)
    centers = np.float32([[0, 0], [4, 4], [-3, 5]])
    return (centers[np.arange(30) % 3] + rng.randn(30, 2) * [1.0, 0.5]).astype(np.float32)


def _near(np, value):
    return np.asarray(np.round(value, 2), np.float32) + np.float32(0)


def _steps(tf, np, data=None, start="given", **options):
    points = _points(np)
    start = points[[0, 3, 7]] if isinstance(start, str) and start == "given" else start
    data = tf.constant(points) if data is None else data
    loss, scores, assigned, train, init, is_initialized = tf.contrib.factorization.gmm(
        data, start, 3, 4, **options)  # fmt: skip
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found.append(sess.run(is_initialized))
        sess.run(init)
        for _ in range(3):
            sess.run(train)
            values = sess.run([loss, *tf.global_variables()[:3]])
            found += [_near(np, value) for value in values] + [sess.run(assigned)]
        if not isinstance(data, list):  # TensorFlow fails to join those of parts
            found.append(_near(np, sess.run(scores)))
        found.append(sess.run(is_initialized))
    return [found, [v.name for v in tf.global_variables()]]


def full(tf, np):
    return _steps(tf, np)


def diagonal(tf, np):
    return _steps(tf, np, covariance_type="diag")


def only_means(tf, np):
    return _steps(tf, np, params="m"), _steps(tf, np, params="wc", covariance_type="diag")


def drawn(tf, np):
    return _steps(tf, np, start="random")


def in_parts(tf, np):
    points = _points(np)
    return _steps(tf, np, [tf.constant(points[:15]), tf.constant(points[15:])])


def of_a_tensor(tf, np):
    return _steps(tf, np, start=tf.constant(_points(np)[:3]))


def by_its_class(tf, np):
    made = tf.contrib.factorization.GmmAlgorithm([tf.constant(_points(np))], 3,
                                                 tf.constant(_points(np)[:3]))  # fmt: skip
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(made.init_ops())
        sess.run(made.init_ops())
        sess.run(made.training_ops())
        return sess.run([made.alphas(), made.clusters(), made.covariances(), made.assignments(),
                         made.log_likelihood_op(), made.is_initialized()])  # fmt: skip


def refused(tf, np):
    make = tf.contrib.factorization.GmmAlgorithm
    return said(lambda: make([tf.ones([3, 2])], 2, covariance_type="round"), "Invalid covariance")


def estimated(tf, np):
    points, make = _points(np), tf.contrib.factorization.GMM
    model = make(3, random_seed=4, config=tf.contrib.learn.RunConfig(tf_random_seed=3))

    def input_fn():
        return tf.constant(points), None

    model.fit(input_fn=input_fn, steps=4)
    return [_near(np, each) for each in (
        model.clusters(), model.covariances(), model.weights(),
        list(model.predict_assignments(input_fn)), model.score(input_fn, steps=1))] + [
            sorted(model.get_variable_names()), make.SCORES, make.ASSIGNMENTS]  # fmt: skip

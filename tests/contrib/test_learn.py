"""`tf.contrib.learn.Estimator` with a model function of one's own."""
import numpy as np
import pytest

import minitf as tf

X = np.random.RandomState(0).randn(30, 4).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.float32)


def model_fn(features, labels, mode, params):
    w = tf.get_variable("w", [4, 1], initializer=tf.zeros_initializer())
    out = tf.matmul(features, w)[:, 0]
    if mode == tf.contrib.learn.ModeKeys.INFER:
        return tf.contrib.learn.ModelFnOps(mode, {"out": out})
    loss = tf.reduce_mean(tf.square(out - labels))
    optimizer = tf.train.GradientDescentOptimizer(params["rate"])
    return {"out": out}, loss, optimizer.minimize(loss, tf.train.get_global_step())


def test_it_is_fitted_evaluated_and_asked():
    learn = tf.contrib.learn
    model = learn.Estimator(model_fn, params={"rate": 0.1}).fit(X, Y, steps=20)
    w = np.zeros([4, 1])
    for _ in range(20):  # all rows are one batch
        w -= 0.1 * 2 * X.T @ (X @ w - Y[:, None]) / len(X)
    np.testing.assert_allclose(model.get_variable_value("w"), w, rtol=1e-4)
    metric = learn.MetricSpec(tf.contrib.metrics.streaming_mean_absolute_error, "out")
    found = model.evaluate(X, Y, metrics={"error": metric})
    np.testing.assert_allclose(found["error"], abs(X @ w - Y[:, None]).mean(), rtol=1e-4)
    rows = [each["out"] for each in model.predict(X, batch_size=8)]
    np.testing.assert_allclose(rows, (X @ w)[:, 0], rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(learn.SKCompat(model).predict(X)["out"], rows)


def test_what_it_refuses():
    model = tf.contrib.learn.Estimator(model_fn, params={"rate": 0.1})
    with pytest.raises(ValueError, match="both steps and max_steps"):
        model.fit(X, Y, steps=1, max_steps=1)
    with pytest.raises(ValueError, match="both input_fn and x or y"):
        model.fit(X, Y, input_fn=lambda: None, steps=1)


def test_the_configuration_of_before_tf_estimator():
    RunConfig = tf.contrib.learn.RunConfig
    config = RunConfig(save_checkpoints_steps=7, gpu_memory_fraction=0.5, tf_random_seed=3)
    assert (config.save_checkpoints_steps, config.save_checkpoints_secs) == (7, None)
    assert config.tf_random_seed == 3
    assert config.session_config.gpu_options.per_process_gpu_memory_fraction == 0.5
    assert RunConfig().save_checkpoints_secs == 600
    with pytest.raises(tf.errors.UnimplementedError, match="no remote sessions"):
        RunConfig(master="grpc://elsewhere:2222")


def test_frames_of_pandas_as_arrays():
    pandas, io = pytest.importorskip("pandas"), tf.contrib.learn.io
    frame = pandas.DataFrame({"a": [1, 2], "b": [0.5, 1.5], "c": [True, False]})
    assert io.extract_pandas_data(frame).tolist() == [[1, 0.5, 1], [2, 1.5, 0]]
    assert io.extract_pandas_labels(frame[["a"]]).tolist() == [[1], [2]]
    assert io.extract_pandas_matrix(frame[["a", "b"]]).tolist() == [[1, 0.5], [2, 1.5]]
    with pytest.raises(ValueError, match="Only one column for labels"):
        io.extract_pandas_labels(frame)
    with pytest.raises(ValueError, match=r"must be int, float, or bool\. Found: 'd' type='o"):
        io.extract_pandas_data(frame.assign(d=["x", None]).astype({"d": object}))


def test_what_is_no_frame_comes_back():
    io, given = tf.contrib.learn.io, [[1, 2]]
    for extract in (io.extract_pandas_data, io.extract_pandas_labels, io.extract_pandas_matrix):
        assert extract(given) is given

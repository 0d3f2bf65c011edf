"""tf.contrib.estimator's multi_head, replicate_model_fn; evaluations while a model is trained."""

import glob
import os
import tempfile

from goldens.kit import said


def _input_fn(tf):
    def input_fn():
        x = tf.constant([[1.0, 2.0], [3.0, 1.0], [0.5, 0.5], [2.0, 2.0]])
        return {"x": x}, {"one": tf.constant([[1], [0], [1], [0]]),
                          "many": tf.constant([[0], [1], [2], [1]])}  # fmt: skip

    return input_fn


def several_heads(tf, np):
    head = tf.contrib.estimator
    both = head.multi_head([head.binary_classification_head(name="one"),
                            head.multi_class_head(3, name="many")], [1.0, 0.5])  # fmt: skip

    def model_fn(features, labels, mode):
        logits = tf.layers.dense(features["x"], both.logits_dimension,
                                 kernel_initializer=tf.ones_initializer())  # fmt: skip
        return both.create_estimator_spec(
            features, mode, logits, labels, tf.train.GradientDescentOptimizer(0.1)
        )

    made = tf.estimator.Estimator(model_fn, tempfile.mkdtemp())
    made.train(_input_fn(tf), steps=3)
    metrics = made.evaluate(_input_fn(tf), steps=1)
    predicted = next(made.predict(_input_fn(tf)))
    with tf.Graph().as_default():
        x = {"x": tf.ones([1, 2])}
        spec = both.create_estimator_spec(x, "infer", tf.ones([1, 4]))
        outputs = {key: type(value).__name__ for key, value in spec.export_outputs.items()}
        served = sorted(spec.export_outputs["predict"].outputs)
    return [
        {key: float(value) for key, value in metrics.items()},
        [["/".join(key), predicted[key]] for key in sorted(predicted)],
        both.name, both.logits_dimension, outputs, served,
        said(lambda: head.multi_head([]), "Must specify heads"),
        said(lambda: head.multi_head([head.regression_head()]), "must have name specified"),
        said(lambda: head.multi_head([head.regression_head(name="a")], [1, 2]), "same size"),
        said(lambda: both.create_estimator_spec({}, "infer", tf.ones([1, 5])), "Could not split"),
        said(lambda: both.create_estimator_spec({}, "train", tf.ones([1, 4]), [tf.ones([1, 4])]),
             "labels must be a dict"),
    ]  # fmt: skip


def on_towers(tf, np):
    def model_fn(features, labels, mode, params):
        y = tf.layers.dense(features["x"], 1, kernel_initializer=tf.ones_initializer())
        loss = tf.losses.mean_squared_error(labels["one"], y)
        optimizer = tf.contrib.estimator.TowerOptimizer(
            tf.train.MomentumOptimizer(params["rate"], 0.9)
        )
        step = optimizer.minimize(loss, tf.train.get_global_step())
        used.append([tf.contrib.estimator.TowerOptimizer.has_been_used(),
                     optimizer.get_slot_names(), optimizer.get_name()])  # fmt: skip
        return tf.estimator.EstimatorSpec(mode, {"y": y}, loss, step)

    used = []
    replicated = tf.contrib.estimator.replicate_model_fn(model_fn)
    made = tf.estimator.Estimator(replicated, tempfile.mkdtemp(), params={"rate": 0.05})
    made.train(_input_fn(tf), steps=3)
    return [made.get_variable_value("dense/kernel"), used, made.evaluate(_input_fn(tf), 1)["loss"],
            said(lambda: tf.contrib.estimator.replicate_model_fn(
                model_fn, tf.losses.Reduction.NONE), "reduced in some way")]  # fmt: skip


def evaluated_in_memory(tf, np):
    def model_fn(features, labels, mode):
        y = tf.layers.dense(features["x"], 1, kernel_initializer=tf.ones_initializer())
        loss = tf.losses.mean_squared_error(labels["one"], y)
        step = tf.train.GradientDescentOptimizer(0.05).minimize(loss, tf.train.get_global_step())
        metrics = {"mean": tf.metrics.mean(y)}
        return tf.estimator.EstimatorSpec(mode, {"y": y}, loss, step, eval_metric_ops=metrics)

    made = tf.estimator.Estimator(model_fn, tempfile.mkdtemp())
    hook = tf.estimator.experimental.InMemoryEvaluatorHook
    evaluates = hook(made, _input_fn(tf), steps=1, name="mine", every_n_iter=2)
    made.train(_input_fn(tf), hooks=[evaluates], steps=5)
    found = []
    for path in glob.glob(os.path.join(made.model_dir, "eval_mine", "events*")):
        for event in tf.train.summary_iterator(path):
            found += [[event.step, value.tag, value.simple_value] for value in event.summary.value]
    return [sorted(found), said(lambda: hook(made, None, every_n_iter=0), "invalid every_n_iter")]


def _sequences(tf):
    def input_fn():
        ids = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [2, 0], [2, 1], [2, 2]],
                              [0, 1, 2, 1, 1, 0], [3, 3])  # fmt: skip
        numbers = tf.SparseTensor(ids.indices, [0.5, 1.0, 2.0, 1.0, 0.0, -1.0], [3, 3])
        once = tf.constant([[1.0], [0.0], [2.0]])
        return {"ids": ids, "numbers": numbers, "once": once}, tf.constant([[0], [1], [1]])

    return input_fn


def recurrent(tf, np):
    column, head = tf.contrib.feature_column, tf.contrib.estimator
    ids = column.sequence_categorical_column_with_identity("ids", 3)
    columns = [tf.feature_column.indicator_column(ids), column.sequence_numeric_column("numbers")]
    once = [tf.feature_column.numeric_column("once")]
    config = tf.estimator.RunConfig(tf_random_seed=3)
    with_ones = tf.nn.rnn_cell.BasicRNNCell
    made = [
        head.RNNClassifier(columns, once, [4, 2], "gru", n_classes=3, config=config),
        head.RNNEstimator(head.regression_head(), columns, optimizer="Adam",
                          rnn_cell_fn=lambda mode: with_ones(3), config=config),
    ]  # fmt: skip
    found = []
    for each in made:
        each.train(_sequences(tf), steps=3)
        found.append([sorted([name, each.get_variable_value(name).shape]
                             for name in each.get_variable_names()),
                      each.evaluate(_sequences(tf), steps=1)["global_step"],
                      sorted(next(each.predict(_sequences(tf))))])  # fmt: skip
    return [
        found,
        said(lambda: head.RNNClassifier(columns, num_units=[2], rnn_cell_fn=lambda mode: None),
             "must not be specified when using rnn_cell_fn"),
        said(lambda: head.RNNEstimator(head.regression_head(), columns, num_units=[2],
                                       return_sequences=True), "_SequentialHead"),
        said(lambda: head.RNNClassifier(columns, num_units=[2], cell_type=object).train(
            _sequences(tf), steps=1), "Supported cell types"),
    ]  # fmt: skip

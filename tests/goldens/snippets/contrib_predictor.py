"""tf.contrib.predictor: trained models as functions of arrays."""

import functools
import os
import tempfile

from goldens.kit import said


def _exported(tf, folder):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None, 2], name="x")
        w = tf.Variable([[1.0], [2.0]], name="w")
        y = tf.matmul(x, w, name="y")
        twice = tf.multiply(y, 2.0, name="twice")
        sess.run(tf.global_variables_initializer())
        build = tf.saved_model.signature_def_utils.predict_signature_def
        builder = tf.saved_model.builder.SavedModelBuilder(folder)
        builder.add_meta_graph_and_variables(sess, ["serve"], {
            "serving_default": build({"x": x}, {"y": y}),
            "other": build({"x": x}, {"y": twice}),
        })  # fmt: skip
        builder.save()
    return folder


def of_a_saved_model(tf, np):
    folder = _exported(tf, os.path.join(tempfile.mkdtemp(), "saved"))
    load = tf.contrib.predictor.from_saved_model
    of_default, of_other = load(folder), load(folder, "other")
    named = load(folder, input_names={"in": "x:0"}, output_names={"a": "y:0", "b": "twice:0"})
    x = np.array([[1.0, 1.0], [2.0, 3.0]])
    return [
        of_default({"x": x}), of_other({"x": x}), named({"in": x}), sorted(of_default.feed_tensors),
        named.graph is named.session.graph, said(lambda: of_default({"z": x}), "unexpected keys"),
        said(lambda: load(folder, "a", input_names={}, output_names={}), "at most one of"),
        said(lambda: load(folder, input_names={}), "must both be specified"),
    ]  # fmt: skip


def of_an_estimator(tf, np):
    def model_fn(features, labels, mode):
        y = tf.layers.dense(features["x"], 1, kernel_initializer=tf.ones_initializer())
        found = {"y": y, "half": y / 2}
        if mode == tf.estimator.ModeKeys.PREDICT:
            output = tf.estimator.export.PredictOutput
            outputs = {"serving_default": output(found), "one": output({"y": y})}
            return tf.estimator.EstimatorSpec(mode, found, export_outputs=outputs)
        loss = tf.reduce_mean(tf.square(y - labels))
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)

    def input_fn():
        return {"x": tf.constant([[1.0, 2.0]])}, tf.constant([[1.0]])

    def receiver(wide):
        x = tf.placeholder(tf.float32, [None, 2])
        return tf.estimator.export.ServingInputReceiver({"x": x * wide}, {"x": x})

    made = tf.estimator.Estimator(model_fn, tempfile.mkdtemp()).train(input_fn, steps=3)
    load = tf.contrib.predictor.from_estimator
    both = load(made, functools.partial(receiver, 1.0))
    one = load(made, functools.partial(receiver, 2.0), output_key="one")
    x = [[1.0, 1.0], [2.0, 0.0]]
    return [both({"x": x}), one({"x": x}),
            said(lambda: load(made, lambda: receiver(1.0), "none"), "output_key must be"),
            said(lambda: tf.contrib.predictor.from_contrib_estimator(made, None),
                 "You likely want to call from_estimator")]  # fmt: skip


def of_a_contrib_estimator(tf, np):
    def model_fn(features, labels, mode):
        y = tf.layers.dense(features["x"], 1, kernel_initializer=tf.ones_initializer())
        loss = step = None
        if mode != "infer":
            loss = tf.reduce_mean(tf.square(y - labels))
            step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return y, loss, step

    def input_fn():
        return {"x": tf.constant([[1.0, 2.0]])}, tf.constant([[1.0]])

    def fed():
        x = tf.placeholder(tf.float32, [None, 2])
        return tf.contrib.learn.InputFnOps({"x": x}, None, {"x": x})

    made = tf.contrib.learn.Estimator(model_fn, tempfile.mkdtemp()).fit(input_fn=input_fn, steps=3)
    load = tf.contrib.predictor.from_contrib_estimator
    return [load(made, fed)({"x": [[1.0, 1.0], [2.0, 0.0]]}),
            said(lambda: load(made, fed, output_alternative_key="a"), "Requested default_output"),
            said(lambda: tf.contrib.predictor.from_estimator(made, None),
                 "You likely want to call from_contrib_estimator")]  # fmt: skip

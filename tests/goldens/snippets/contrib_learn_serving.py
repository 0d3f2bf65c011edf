"""tf.contrib.learn: input functions of served models, and what exports them."""

import os
import tempfile

from goldens.kit import error, run


def served_inputs(tf, np):
    utils = tf.contrib.learn.utils
    spec = {"x": tf.FixedLenFeature([2], tf.float32)}
    ops = utils.build_parsing_serving_input_fn(spec, 3)()
    parts = tf.constant([[1.0, 2.0]], name="given"), tf.placeholder(tf.int64, [4, None], name="ids")
    other = utils.build_default_serving_input_fn(dict(zip("ab", parts)))()
    fixed = utils.build_default_serving_input_fn({"a": parts[0]}, 7)()
    example = tf.train.Example(features=tf.train.Features(feature={
        "x": tf.train.Feature(float_list=tf.train.FloatList(value=[1, 2]))}))  # fmt: skip
    fed = {ops.default_inputs["examples"]: [example.SerializeToString()] * 3}
    return [type(ops).__name__, run(tf, ops.features, fed), ops.labels,
            [[key, each.name, str(each.shape)] for key, each in ops.default_inputs.items()],
            [[key, each.name, str(each.shape)] for key, each in sorted(other.features.items())],
            other.features is other.default_inputs, str(fixed.features["a"].shape),
            tf.contrib.learn.InputFnOps is utils.InputFnOps]  # fmt: skip


def exported(tf, np):
    def model_fn(features, labels, mode):
        w = tf.get_variable("w", [], initializer=tf.constant_initializer(2.0))
        found = tf.reduce_sum(features["x"], axis=1) * w
        export = tf.estimator.export.PredictOutput({"y": found})
        served = {tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: export}
        loss = None if labels is None else tf.reduce_mean(tf.square(found - labels))
        train = None if labels is None else tf.assign_add(tf.train.get_global_step(), 1)
        return tf.estimator.EstimatorSpec(mode, {"y": found}, loss, train, export_outputs=served)

    folder = tempfile.mkdtemp()
    model = tf.estimator.Estimator(model_fn, os.path.join(folder, "model"))
    model.train(lambda: ({"x": tf.ones([2, 2])}, tf.ones([2])), steps=1)
    serve = tf.estimator.export.build_raw_serving_input_receiver_fn(
        {"x": tf.placeholder(tf.float32, [None, 2])})  # fmt: skip
    make = tf.contrib.learn.make_export_strategy
    strategy, keyed = make(serve, exports_to_keep=1), make(serve, "key")
    base = os.path.join(folder, "exports")
    path = strategy.export(model, base)
    path = path.decode() if isinstance(path, bytes) else path
    return [strategy.name, strategy.strip_default_attrs, os.path.dirname(path) == base,
            sorted(os.listdir(path)), len(os.listdir(base)),
            error(lambda: keyed.export(model, base)),
            type(strategy).__name__]  # fmt: skip

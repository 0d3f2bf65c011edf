"""SavedModels of tf.contrib.learn's estimators."""

import os
import tempfile

from goldens.kit import said


def _model(tf, np, head=None):
    x = np.random.RandomState(0).randn(24, 3).astype(np.float32)
    y = (x[:, 0] > 0).astype(np.int64)
    columns = [tf.contrib.layers.real_valued_column("x", 3)]
    learn, config = tf.contrib.learn, tf.contrib.learn.RunConfig(tf_random_seed=3)
    model = learn.LinearClassifier(columns, config=config) if head is None else \
        learn.LinearEstimator(columns, head, config=config)  # fmt: skip
    labels = {"a": y.astype(np.float32), "b": y} if head is not None and not hasattr(
        head, "label_name") else y  # fmt: skip

    def input_fn():
        given = {k: tf.constant(v) for k, v in labels.items()} if isinstance(
            labels, dict) else tf.constant(labels)  # fmt: skip
        return {"x": tf.constant(x)}, given

    model.fit(input_fn=input_fn, steps=3)
    return model, tf.contrib.layers.create_feature_spec_for_parsing(columns)


def _signatures(tf, path):
    with tf.Graph().as_default(), tf.Session() as sess:
        found = tf.saved_model.loader.load(sess, ["serve"], path).signature_def
        return {key: [each.method_name, sorted(each.inputs), sorted(each.outputs)]
                for key, each in found.items()}  # fmt: skip


def _example(tf, np, *values):
    feature = tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Example(features=tf.train.Features(feature={"x": feature})
                            ).SerializeToString()  # fmt: skip


def of_examples(tf, np):
    model, spec = _model(tf, np)
    serving = tf.contrib.learn.build_parsing_serving_input_fn(spec)
    path = model.export_savedmodel(tempfile.mkdtemp(), serving, as_text=True)
    with tf.Graph().as_default(), tf.Session() as sess:
        loaded = tf.saved_model.loader.load(sess, ["serve"], path)
        signature = loaded.signature_def["serving_default"]
        found = sess.run(signature.outputs["scores"].name, {
            signature.inputs["inputs"].name: [_example(tf, np, 1.0, 2.0, 3.0)]})  # fmt: skip
    return [_signatures(tf, path), np.round(found, 3), isinstance(path, bytes),
            sorted(os.listdir(path.decode()))]  # fmt: skip


def of_features(tf, np):
    """Numbers are fed to no signature but that of predictions."""
    learn = tf.contrib.learn
    model, _ = _model(tf, np, learn.regression_head())
    with tf.Graph().as_default():
        features = {"x": tf.placeholder(tf.float32, [4, 3], name="mine")}
        serving = learn.utils.build_default_serving_input_fn(features)
        found = serving()
        return [said(lambda: model.export_savedmodel(tempfile.mkdtemp(), serving)),
                found.features["x"].name, str(found.features["x"].shape), found.labels]  # fmt: skip


def of_heads(tf, np):
    learn = tf.contrib.learn
    head = learn.multi_head([learn.regression_head("a", head_name="numbers"),
                             learn.multi_class_head(2, "b", head_name="classes")])  # fmt: skip
    model, spec = _model(tf, np, head)
    serving = learn.build_parsing_serving_input_fn(spec)

    def given(**options):
        return model.export_savedmodel(tempfile.mkdtemp(), serving, **options)

    return [_signatures(tf, given(default_output_alternative_key="classes")),
            said(given, "Please specify"),
            said(lambda: given(default_output_alternative_key="no"), "Requested")]  # fmt: skip


def of_predictions_alone(tf, np):
    def model_fn(features, labels, mode):
        w = tf.get_variable("w", [3, 1])
        loss = tf.reduce_sum(w)
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return tf.matmul(features["x"], w), loss, step

    model = tf.contrib.learn.Estimator(model_fn)
    model.fit(input_fn=lambda: ({"x": tf.ones([2, 3])}, tf.ones([2])), steps=1)
    spec = {"x": tf.FixedLenFeature([3], tf.float32)}
    serving = tf.contrib.learn.build_parsing_serving_input_fn(spec, 2)
    return _signatures(tf, model.export_savedmodel(tempfile.mkdtemp(), serving))


def strategies(tf, np):
    model, spec = _model(tf, np)
    serving = tf.contrib.learn.build_parsing_serving_input_fn(spec)
    base = tempfile.mkdtemp()
    for name in ("1000000001", "1000000002", "other"):
        os.mkdir(os.path.join(base, name))
    made = tf.contrib.learn.make_export_strategy(serving, exports_to_keep=2)
    path = made.export(model, base).decode()
    left = sorted(os.listdir(base))
    return [made.name, os.path.basename(path) in left, len(left), "1000000001" in left,
            "other" in left]  # fmt: skip


def refused(tf, np):
    model = tf.contrib.learn.LinearClassifier([tf.contrib.layers.real_valued_column("x", 3)])
    serving = tf.contrib.learn.build_parsing_serving_input_fn({})
    return [said(lambda: model.export_savedmodel(tempfile.mkdtemp(), None), "must be defined"),
            said(lambda: model.export_savedmodel(tempfile.mkdtemp(), serving))]  # fmt: skip

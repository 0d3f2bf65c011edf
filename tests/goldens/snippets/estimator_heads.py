"""tf.estimator's RegressionHead, BinaryClassHead, MultiHead and their sisters."""

import functools
import tempfile

from goldens.kit import said

_NUMBERS = [[0.5, -1.0], [2.0, 1.5], [-0.5, 0.25], [1.0, -2.0]]
_WORDS = ["no", "yes"]
_THREE = ["a", "b", "c"]


def _sparse(tf, values):
    return tf.SparseTensor([[0, 0], [1, 0], [1, 1], [3, 0]], values, [4, 2])


def _cases(tf):
    """(name, head, logits, labels): each kind, plainly and with all that it takes."""
    made, numbers = tf.estimator, tf.constant(_NUMBERS)
    one, three = numbers[:, :1], tf.concat([numbers, numbers[:, :1] * 0.5], 1)
    ids, bits = [[0], [2], [1], [1]], [[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 1, 1]]

    def own(labels, logits):
        return tf.abs(tf.cast(labels, tf.float32) - logits)

    def own_of_three(labels, logits, features):
        return tf.reduce_sum(logits, -1, keepdims=True) * features["x"]

    return [
        ("numbers", made.RegressionHead(2), numbers, tf.ones([4, 2])),
        ("number", made.RegressionHead(1, "w", "sum", own, tf.square, "n"), one, [1, 2, 3, 4]),
        ("counts", made.PoissonRegressionHead(name="p"), one, tf.constant([[1.0], [2], [0], [3]])),
        ("part", made.PoissonRegressionHead(2, "w", compute_full_loss=False), numbers,
         tf.constant([[1, 2], [3, 0], [1, 1], [2, 2]])),
        ("odds", made.LogisticRegressionHead("w", name="l"), one, tf.constant([0.0, 1, 0.5, 1])),
        ("two", made.BinaryClassHead(), one, tf.constant([[0], [1], [1], [0]])),
        ("words", made.BinaryClassHead("w", [0.25, 0.5], _WORDS, "sum", name="b"), one,
         tf.constant(["yes", "no", "yes", "yes"])),
        ("many", made.MultiClassHead(3), three, tf.constant(ids)),
        ("words of many", made.MultiClassHead(3, "w", _THREE, "sum", own_of_three, "m"), three,
         tf.constant([["a"], ["c"], ["b"], ["b"]])),
        ("any", made.MultiLabelHead(3), three, tf.constant(bits)),
        ("words of any", made.MultiLabelHead(3, "w", [0.4], _THREE, "sum", None, ["b", "c"], "a"),
         three, _sparse(tf, _THREE + ["c"])),
        ("numbers of any", made.MultiLabelHead(
            3, classes_for_class_based_metrics=[0], loss_reduction="auto"), three,
         _sparse(tf, [2, 0, 1, 1])),
        ("several", _several(tf), {"b": one, "m": three},
         {"b": tf.constant([0, 1, 1, 0]), "m": tf.constant(ids)}),
    ]  # fmt: skip


def _several(tf):
    return tf.estimator.MultiHead(
        [tf.estimator.BinaryClassHead(name="b"), tf.estimator.MultiClassHead(3, name="m")],
        [1.0, 0.5],
    )


def _features(tf):
    return {"x": tf.constant([[1.0], [2.0], [0.5], [3.0]]), "w": tf.constant([1.0, 2.0, 0.0, 0.5])}


def _run(tf, *steps):
    """What each of the nodes gives, one after the other."""
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer(),
                  tf.tables_initializer()])  # fmt: skip
        return [sess.run(step) for step in steps]


def _flat(values):
    return sorted([key if isinstance(key, str) else "/".join(key), value]
                  for key, value in values.items())  # fmt: skip


def losses(tf, np):
    found, features = {}, _features(tf)
    for name, head, logits, labels in _cases(tf):
        found[name] = [head.loss(labels, logits, features),
                       head.loss(labels, logits, features, "train", [0.5, 1.0])]  # fmt: skip
    said_of = [[name, head.name, head.logits_dimension, head.loss_reduction]
               for name, head, _, _ in _cases(tf)]  # fmt: skip
    return [_flat(_run(tf, found)[0]), said_of, len(tf.losses.get_losses())]


def predictions(tf, np):
    found = {}
    for name, head, logits, _ in _cases(tf):
        values = _run(tf, head.predictions(logits))[0]
        found[name] = [[key, value.astype(str) if value.dtype == object else value]
                       for key, value in _flat(values)]  # fmt: skip
    one = tf.constant([[0.5]])
    return [
        _flat(found),
        list(tf.estimator.BinaryClassHead().predictions(one, ["logistic", "classes"])),
        list(tf.estimator.MultiClassHead(3).predictions(tf.ones([1, 3]), ["class_ids"])),
        said(lambda: tf.estimator.BinaryClassHead().predictions(one, ["scores"]), "given: scores"),
        said(lambda: tf.estimator.BinaryClassHead().predictions(tf.ones([2, 2])),
             "logits shape must be [D0, D1, ... DN, logits_dimension]"),
        said(lambda: tf.estimator.RegressionHead().predictions(one, ["predictions"])),
    ]  # fmt: skip


def metrics(tf, np):
    features, found = _features(tf), {}
    for name, head, logits, labels in _cases(tf):
        made = head.metrics([0.5, 1.0])
        named = sorted([key, type(metric).__name__, metric.name] for key, metric in made.items())
        updated = head.update_metrics(made, features, logits, labels, regularization_losses=[
            tf.constant(0.5), tf.constant(1.0)])  # fmt: skip
        for metric in updated.values():
            for variable in metric.variables:
                tf.add_to_collection("local_variables", variable)
        updates = [metric.updates for metric in updated.values()]
        results = {key: metric.result() for key, metric in updated.items()}
        found[name] = [made is updated, named, _flat(_run(tf, updates, updates, results)[-1])]
    return _flat(found)


def specs_to_predict(tf, np):
    found = {}
    for name, head, logits, _ in _cases(tf):
        spec = head.create_estimator_spec({}, "infer", logits)
        outputs = {key: type(value).__name__ for key, value in spec.export_outputs.items()}
        found[name] = [len(spec.predictions), outputs,
                       sorted(spec.export_outputs["predict"].outputs)]  # fmt: skip
    return _flat(found)


def specs_to_evaluate(tf, np):
    found, features = {}, _features(tf)
    for name, head, logits, labels in _cases(tf):
        spec = head.create_estimator_spec(
            features, "eval", logits, labels, regularization_losses=[tf.constant(0.25)]
        )
        pairs = spec.eval_metric_ops
        values = {key: pair[0] for key, pair in pairs.items()}
        loss, _, values = _run(tf, spec.loss, [pair[1] for pair in pairs.values()], values)
        found[name] = [loss, _flat(values), spec.train_op is None]
    return _flat(found)


def specs_to_train(tf, np):
    found = {}
    for name, head, logits, labels in _cases(tf):
        scale, ran = (tf.Variable(x, use_resource=True) for x in (1.0, 0.0))
        scaled = (
            {key: value * scale for key, value in logits.items()} if isinstance(logits, dict)
            else logits * scale
        )  # fmt: skip
        spec = head.create_estimator_spec(
            features=_features(tf), mode="train", logits=scaled, labels=labels,
            optimizer=tf.keras.optimizers.SGD(0.5), trainable_variables=[scale],
            update_ops=[ran.assign_add(1.0)], regularization_losses=[scale, tf.constant(1.0)],
        )  # fmt: skip
        steps = _run(tf, spec.loss, spec.train_op, [spec.loss, scale, ran])
        found[name] = [steps[0], steps[2], len(spec.predictions), spec.eval_metric_ops]
    operations = tf.get_default_graph().get_operations()
    return [_flat(found), [op.name for op in operations if op.type == "ScalarSummary"]]


def train_ops(tf, np):
    head, logits = tf.estimator.RegressionHead(), tf.Variable([[1.0], [2.0]])

    def made(head=head, **kwargs):
        logits_of = {"b": logits, "m": tf.ones([2, 3])} if head.name == "b_m" else logits
        labels = {"b": tf.ones([2, 1]), "m": tf.constant([[0], [1]])}
        return head.create_estimator_spec(
            {}, "train", logits_of, labels if head.name == "b_m" else labels["b"], **kwargs
        )

    def refusals(head):
        given = [
            ({}, "cannot both be None"),
            ({"optimizer": descent, "train_op_fn": lambda loss: tf.no_op()}, "cannot both be set"),
            ({"optimizer": tf.train.GradientDescentOptimizer(1.0)},
             "is not a tf.keras.optimizers.Optimizer instance"),
            ({"optimizer": descent}, "trainable_variables cannot be None"),
            ({"optimizer": descent, "trainable_variables": {}}, "should be a list or a tuple"),
            ({"train_op_fn": lambda loss: tf.no_op(), "update_ops": tf.no_op()},
             "update_ops should be a list or a tuple"),
        ]  # fmt: skip
        return [said(functools.partial(made, head, **kwargs), part) for kwargs, part in given]

    descent = tf.keras.optimizers.SGD(1.0)
    spec = made(train_op_fn=lambda loss: logits.assign(logits * 0.0 + loss).op)
    return [_run(tf, spec.train_op, logits)[1], refusals(head), refusals(_several(tf))]


def refused(tf, np):
    made = tf.estimator
    reduction = "Invalid loss_reduction"
    return [
        said(lambda: made.RegressionHead(0), "Invalid label_dimension 0"),
        said(lambda: made.RegressionHead(loss_reduction="none"), reduction),
        said(lambda: made.BinaryClassHead(loss_reduction="weighted_sum"), reduction),
        said(lambda: made.RegressionHead(loss_fn=lambda labels: 1), "must contain argument"),
        said(lambda: made.RegressionHead(loss_fn=lambda labels, logits, a: 1), "unexpected args"),
        said(lambda: made.RegressionHead(loss_fn=lambda labels, logits, loss_reduction: 1)),
        said(lambda: made.BinaryClassHead(thresholds=[0.5, 1.0]), "(0, 1)"),
        said(lambda: made.BinaryClassHead(label_vocabulary="ab"), "a list or", "tuple"),
        said(lambda: made.MultiClassHead(2), "n_classes must be > 2: 2."),
        said(lambda: made.MultiClassHead(None), "n_classes cannot be None"),
        said(lambda: made.MultiClassHead(3, label_vocabulary="abc"), "a list or", "tuple"),
        said(lambda: made.MultiClassHead(3, label_vocabulary=["a"]), "does not have"),
        said(lambda: made.MultiLabelHead(1), "n_classes must be > 1"),
        said(lambda: made.MultiLabelHead(3, thresholds=[0.0]), "(0, 1)"),
        said(lambda: made.MultiLabelHead(3, label_vocabulary={"a"}), "a list or", "tuple"),
        said(lambda: made.MultiLabelHead(3, label_vocabulary=["a"]), "must be n_classes"),
        said(lambda: made.MultiLabelHead(3, classes_for_class_based_metrics=[3]), "[0, 2]"),
        said(lambda: made.MultiLabelHead(3, classes_for_class_based_metrics=["a"]),
             "label_vocabulary must be provided"),
        said(lambda: made.MultiHead([]), "Must specify heads"),
        said(lambda: made.MultiHead([made.BinaryClassHead()]), "must have name specified"),
        said(lambda: made.MultiHead([made.BinaryClassHead(name="a")], [1, 2]), "the same size"),
        said(lambda: made.MultiHead([made.BinaryClassHead(name="a"), made.RegressionHead(
            name="b", loss_reduction="sum")]).loss_reduction, "must be the same"),
        said(lambda: made.RegressionHead(loss_reduction="auto")),
    ]  # fmt: skip


def labels_refused(tf, np):
    made, one, three, x = tf.estimator, tf.ones([2, 1]), tf.ones([2, 3]), {"x": tf.ones([2, 1])}
    several = _several(tf)
    by_name = {"b": one, "m": three}

    def lost(head, labels, logits=one, features=x):
        return head.loss(labels, logits, features)

    return [
        said(lambda: lost(made.RegressionHead(), None), "must provide a labels Tensor"),
        said(lambda: lost(made.RegressionHead(), _sparse(tf, [1, 1, 1, 1])), "not supported"),
        said(lambda: lost(made.RegressionHead(), three), "Mismatched label shape"),
        said(lambda: _run(tf, lost(made.RegressionHead(), tf.placeholder_with_default(
            tf.ones([3, 1]), [None, 1]))), "labels shape must be"),
        said(lambda: lost(made.RegressionHead(2), one), "logits shape must be"),
        said(lambda: lost(made.RegressionHead(weight_column=3), one), "must be either a string"),
        said(lambda: _run(tf, lost(made.BinaryClassHead(), tf.constant([0, 2]))), "Labels must"),
        said(lambda: _run(tf, lost(made.LogisticRegressionHead(), tf.constant([0, -1]))),
             "Labels must be in range [0, 1]"),
        said(lambda: lost(made.MultiClassHead(3), one, three), "should be integer"),
        said(lambda: lost(made.MultiClassHead(3, label_vocabulary=_THREE), one, three),
             "should be string"),
        said(lambda: lost(made.MultiLabelHead(3), None, three), "must provide a labels Tensor"),
        said(lambda: lost(made.MultiLabelHead(3), _sparse(tf, [1.0, 1, 1, 1]), tf.ones([4, 3])),
             "should be integer"),
        said(lambda: _run(tf, lost(made.MultiLabelHead(3), _sparse(tf, [1, 1, 3, 1]),
                                   tf.ones([4, 3]))), "integer SparseTensor with values in [0, 3)"),
        said(lambda: _run(tf, lost(made.RegressionHead(weight_column="w"), one, one,
                                   {"w": three})), "weights shape must be"),
        said(lambda: _run(tf, lost(made.RegressionHead(loss_fn=lambda labels, logits: three), one)),
             "loss_fn must return Tensor of shape [D0, D1, ... DN, 1]"),
        said(lambda: lost(several, by_name, {"b": one}), "logits has missing values"),
        said(lambda: lost(several, {"b": one}, by_name), "labels has missing values"),
        said(lambda: lost(several, one, by_name), "labels must be a dict"),
        said(lambda: several.predictions(tf.ones([2, 5])), "Could not split logits"),
        said(lambda: several.create_estimator_spec(
            x, "other", by_name, {"b": one, "m": tf.constant([[1], [2]])}), "unrecognized"),
    ]  # fmt: skip


def _input_fn(tf, labels):
    def input_fn():
        return {"x": tf.constant(_NUMBERS)}, labels()

    return input_fn


def _trained(tf, case, make):
    """An estimator with the head of this case, trained: what it measures and predicts."""

    def input_fn():
        features = {"x": tf.constant(_NUMBERS), "w": tf.constant([1.0, 2.0, 0.0, 0.5])}
        several = isinstance(labels, dict)
        return features, {
            key: tf.constant(value) for key, value in labels.items()
        } if several else tf.constant(labels)  # fmt: skip

    labels = _run(tf, case[3])[0]
    made = make(case[1])
    made.train(input_fn, steps=3)
    metrics = made.evaluate(input_fn, steps=1)
    return [_flat({key: float(value) for key, value in metrics.items()}),
            sorted(map(str, next(made.predict(input_fn))))]  # fmt: skip


def trained(tf, np):
    def baseline(head):
        return tf.estimator.BaselineEstimator(head, tempfile.mkdtemp())

    def combined(head):
        columns = [tf.feature_column.numeric_column("x", shape=[2])]
        return tf.estimator.DNNLinearCombinedEstimator(
            head, tempfile.mkdtemp(), linear_feature_columns=columns, dnn_feature_columns=columns,
            dnn_hidden_units=[3], dnn_optimizer="SGD", dnn_activation_fn=tf.tanh,
            config=tf.estimator.RunConfig(tf_random_seed=3),
        )  # fmt: skip

    cases = {case[0]: case for case in _cases(tf)}
    names = ("numbers", "counts", "odds", "two", "many", "any", "several")
    return [_trained(tf, cases[name], combined) for name in names] + [
        _trained(tf, cases[name], baseline) for name in ("numbers", "several")
    ]


def trained_by_former_optimizers(tf, np):
    head, columns = tf.estimator.RegressionHead(), [tf.feature_column.numeric_column("x", (2,))]
    input_fn = _input_fn(tf, lambda: tf.ones([4, 1]))
    return [
        said(functools.partial(made.train, input_fn, steps=1), "is not a tf.keras.optimizers.")
        for made in (tf.estimator.DNNEstimator(head, [2], columns),
                     tf.estimator.LinearEstimator(head, columns))
    ]  # fmt: skip


def in_a_model_fn(tf, np):
    head = tf.estimator.BinaryClassHead(name="h", thresholds=[0.5])

    def model_fn(features, labels, mode):
        layer = tf.keras.layers.Dense(1, kernel_initializer="ones")
        logits = layer(features["x"])
        optimizer = None
        if mode == "train":
            optimizer = tf.keras.optimizers.Adam(0.1)
            optimizer.iterations = tf.train.get_or_create_global_step()
        return head.create_estimator_spec(
            features, mode, logits, labels, optimizer, layer.trainable_variables
        )

    input_fn = _input_fn(tf, lambda: tf.constant([[0], [1], [0], [1]]))
    made = tf.estimator.Estimator(model_fn, tempfile.mkdtemp())
    made.train(input_fn, steps=5)
    metrics = made.evaluate(input_fn, steps=2)
    return [_flat({key: float(value) for key, value in metrics.items()}),
            next(made.predict(input_fn))["logistic"]]  # fmt: skip


def of_ones_own(tf, np):
    class Half(tf.estimator.Head):
        name, logits_dimension, loss_reduction = "half", 1, "sum"

        def loss(self, labels, logits, features=None, mode=None, regularization_losses=None):
            return tf.reduce_sum(labels - logits)

        def predictions(self, logits, keys=None):
            return {"half": logits / 2}

        def metrics(self, regularization_losses=None):
            return {}

        def update_metrics(self, eval_metrics, features, logits, labels, mode=None,
                           regularization_losses=None):  # fmt: skip
            return eval_metrics

    return [
        said(lambda: tf.estimator.Head(), "abstract"),
        said(lambda: Half().create_estimator_spec({}, "infer", tf.ones([1, 1])),
             "Subclasses of Head must implement"),
        isinstance(tf.estimator.RegressionHead(), tf.estimator.Head),
        isinstance(_several(tf), tf.estimator.Head),
        issubclass(tf.estimator.LogisticRegressionHead, tf.estimator.RegressionHead),
    ]  # fmt: skip

"""tf.estimator.Estimator with model functions of one's own."""

import logging
import os
import re
import tempfile

from goldens.kit import said


def _data(np):
    x = np.random.RandomState(0).randn(20, 3).astype(np.float32)
    return {"x": x}, x.sum(axis=1)


def _model_fn(tf):
    def model_fn(features, labels, mode, params):
        y = tf.layers.dense(features["x"], params.get("units", 1), name="d")[:, 0]
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, predictions={"y": y, "twice": 2 * y})
        loss = tf.losses.mean_squared_error(labels, y)
        optimizer = tf.train.GradientDescentOptimizer(params.get("rate", 0.1))
        step = tf.train.get_global_step()
        return tf.estimator.EstimatorSpec(
            mode, predictions=y, loss=loss,
            train_op=optimizer.minimize(loss, step),
            eval_metric_ops={"error": tf.metrics.mean_absolute_error(labels, y)},
        )  # fmt: skip

    return model_fn


def _estimator(tf, **config):
    config = tf.estimator.RunConfig(tf_random_seed=1, **config)
    return tf.estimator.Estimator(_model_fn(tf), tempfile.mkdtemp(), config, params={})


def _inputs(tf, np, labels=True, **options):
    x, y = _data(np)
    options = dict({"batch_size": 5, "num_epochs": 1, "shuffle": False}, **options)
    return tf.estimator.inputs.numpy_input_fn(x, y if labels else None, **options)


def _dataset(tf, np, batch=5):
    def input_fn():
        return tf.data.Dataset.from_tensor_slices(_data(np)).batch(batch)

    return input_fn


def _plain(metrics):
    return {name: round(float(value), 4) for name, value in metrics.items()}


class _Lines(logging.Handler):
    """What is logged meanwhile, but for paths, times, and what only TensorFlow warns of."""

    def __init__(self):
        super(_Lines, self).__init__()
        self.lines, self.logger = [], logging.getLogger("tensorflow")

    def emit(self, record):
        text = record.getMessage()
        if record.levelno != logging.INFO or "Distribute Coordinator" in text:
            return
        for pattern, instead in (
            (r"/tmp\S*/", "DIR/"), (r"(sec:|at) .*", r"\1"), (r" \([\d.]+ sec\)", ""),
            (r", step = .*", ""), (r"(\d\.\d{3})\d+", r"\1"), (r"temp-.*/", "temp/"),
            (r"Using config: .*", "Using config"),
        ):  # fmt: skip
            text = re.sub(pattern, instead, text, flags=re.S)
        self.lines.append(text)

    def __enter__(self):
        self.before, self.handlers = self.logger.level, self.logger.handlers
        self.logger.handlers = [self]
        self.logger.setLevel(logging.INFO)
        return self.lines

    def __exit__(self, *error):
        self.logger.setLevel(self.before)
        self.logger.handlers = self.handlers


# -- training, evaluation, prediction -------------------------------------------------------------


def trained_evaluated_and_asked(tf, np):
    model = _estimator(tf, save_checkpoints_steps=10)
    same = model.train(_inputs(tf, np, num_epochs=None), steps=25) is model
    first, second = (
        model.evaluate(_inputs(tf, np)), model.evaluate(_inputs(tf, np), steps=2, name="two")
    )  # fmt: skip
    predicted = list(model.predict(_inputs(tf, np, labels=False)))
    return [
        same, _plain(first), _plain(second), len(predicted), sorted(predicted[0]),
        [[round(float(row[key]), 3) for key in ("twice", "y")] for row in predicted[:4]],
        model.get_variable_names(), model.get_variable_value("d/kernel").round(3).tolist(),
        os.path.basename(model.latest_checkpoint()),
        sorted(name for name in os.listdir(model.model_dir) if "tfevents" not in name),
    ]  # fmt: skip


def of_a_dataset(tf, np):
    model = _estimator(tf)
    model.train(_dataset(tf, np))
    model.train(_dataset(tf, np), max_steps=6)
    model.train(_dataset(tf, np), max_steps=6)
    return [_plain(model.evaluate(_dataset(tf, np, 20))),
            [round(float(each["y"]), 3) for each in model.predict(_dataset(tf, np, 7))]]


def log_lines(tf, np):
    with _Lines() as lines:
        model = _estimator(tf, save_checkpoints_steps=4, log_step_count_steps=3)
        model.train(_inputs(tf, np, num_epochs=None), steps=7)
        model.train(_inputs(tf, np), max_steps=7)
        model.evaluate(_inputs(tf, np), steps=3)
        list(model.predict(_inputs(tf, np, labels=False)))
    return [line for line in lines if "sec:" not in line]


def predictions_chosen_and_in_batches(tf, np):
    model = _estimator(tf)
    model.train(_inputs(tf, np), steps=1)
    fed = _inputs(tf, np, labels=False, batch_size=8)
    chosen = [sorted(each) for each in model.predict(fed, predict_keys=["y"])][:1]
    batches = [each["y"].shape[0] for each in model.predict(fed, yield_single_examples=False)]
    return [chosen, batches, said(lambda: next(model.predict(fed, predict_keys="none")),
                                  "Expected to run at least one output")]


def without_a_checkpoint(tf, np):
    model = _estimator(tf)
    return [
        model.latest_checkpoint(), _plain(model.evaluate(_inputs(tf, np))),
        said(lambda: model.get_variable_names(), "Could not find trained model"),
        said(lambda: model.export_saved_model("/tmp/none", lambda: 0), "Couldn't find trained"),
    ]  # fmt: skip


def event_files(tf, np):
    model = _estimator(tf, save_summary_steps=2)
    model.train(_inputs(tf, np), steps=4)
    model.evaluate(_inputs(tf, np))
    found = []
    for folder in (model.model_dir, model.eval_dir()):
        for name in sorted(os.listdir(folder)):
            if "tfevents" in name:
                for event in tf.train.summary_iterator(os.path.join(folder, name)):
                    found += [[value.tag, int(event.step)] for value in event.summary.value]
    return sorted(found)


def hooks_and_listeners(tf, np):
    told = []

    class Listener(tf.train.CheckpointSaverListener):
        def begin(self):
            told.append("begin")

        def before_save(self, session, step):
            told.append(["before", int(step)])

        def after_save(self, session, step):
            told.append(["after", int(step)])

        def end(self, session, step):
            told.append(["end", int(step)])

    class Hook(tf.train.SessionRunHook):
        def after_run(self, context, values):
            told.append("run")

    model = _estimator(tf, save_checkpoints_steps=2)
    model.train(_inputs(tf, np), hooks=[Hook()], steps=3, saving_listeners=[Listener()])
    never = _estimator(tf, save_checkpoints_steps=None, save_checkpoints_secs=None)
    return [
        told,
        said(lambda: never.train(_inputs(tf, np), saving_listeners=[Listener()]),
             "There should be a CheckpointSaverHook"),
        said(lambda: model.train(_inputs(tf, np), hooks=[1]), "Hooks must be a SessionRunHook"),
        said(lambda: model.train(_inputs(tf, np), saving_listeners=[1]), "saving_listeners"),
    ]  # fmt: skip


def what_train_and_evaluate_refuse(tf, np):
    model, fed = _estimator(tf), _inputs(tf, np)
    return [
        said(lambda: model.train(fed, steps=1, max_steps=1), "Can not provide both"),
        said(lambda: model.train(fed, steps=0), "Must specify steps > 0, given: 0"),
        said(lambda: model.train(fed, max_steps=-1), "Must specify max_steps > 0, given: -1"),
        said(lambda: model.evaluate(fed, steps=0), "Must specify steps > 0, given: 0"),
        said(lambda: model.train(lambda: (1, 2, 3)), "(features, labels) as a len 2 tuple"),
    ]  # fmt: skip


def what_input_functions_are_given(tf, np):
    given = []

    def input_fn(mode, params, config):
        given.append([mode, params, config.tf_random_seed])
        return _dataset(tf, np)()

    model = _estimator(tf)
    model.train(input_fn, steps=1)
    model.evaluate(input_fn, steps=1)
    next(model.predict(input_fn))
    return given


# -- what makes an Estimator ----------------------------------------------------------------------


def model_functions_refused(tf, np):
    make = tf.estimator.Estimator
    spec = tf.estimator.EstimatorSpec

    def no_spec(features, labels):
        return 1

    def no_labels(features, mode):
        return spec(mode, loss=tf.constant(1.0), train_op=tf.no_op())

    return [
        said(lambda: make(None), "model_fn must be provided"),
        said(lambda: make(lambda labels: 0), "must include features argument"),
        said(lambda: make(lambda features, other: 0), "has following not expected args"),
        said(lambda: make(lambda features: 0, params={}), "does not include params argument"),
        said(lambda: make(no_spec).train(_inputs(tf, np)), "should return an EstimatorSpec"),
        said(lambda: make(no_labels).train(_inputs(tf, np)), "does not take labels"),
        said(lambda: make(no_spec, config=1), "config must be an instance of `RunConfig`"),
        said(lambda: make(no_spec, "/tmp/a", tf.estimator.RunConfig("/tmp/b")), "/tmp/a", "/tmp/b"),
        said(lambda: make(no_spec, warm_start_from=1), "must be a string or a WarmStartSettings"),
    ]  # fmt: skip


def subclasses(tf, np):
    class Fine(tf.estimator.Estimator):
        def __init__(self):
            super(Fine, self).__init__(_model_fn(tf), params={"units": 2})

        def more(self):
            return self.params

    class Wrong(Fine):
        def train(self):
            return None

    class Allowed(Wrong):
        train = Wrong.train

        def _assert_members_are_not_overridden(self):
            pass

    model = Fine()
    model.params["units"] = 3
    return [model.more(), said(Wrong, "cannot override members"), Allowed().train(),
            os.path.basename(model.eval_dir()), os.path.basename(model.eval_dir("x"))]


def specs_refused(tf, np):
    spec, keys = tf.estimator.EstimatorSpec, tf.estimator.ModeKeys
    loss, op = tf.constant(1.0), tf.no_op()
    with tf.Graph().as_default():
        elsewhere = tf.constant(1.0)
    return [
        said(lambda: spec(keys.TRAIN, loss=loss), "Missing train_op."),
        said(lambda: spec(keys.TRAIN, train_op=op), "Missing loss."),
        said(lambda: spec(keys.EVAL), "Missing loss."),
        said(lambda: spec(keys.PREDICT), "Missing predictions."),
        said(lambda: spec(keys.EVAL, loss=1.0), "loss must be Tensor, given: 1.0"),
        said(lambda: spec(keys.EVAL, loss=tf.ones([2])), "Loss must be scalar"),
        said(lambda: spec(keys.EVAL, loss=elsewhere), 'loss with "Const:0" must be from'),
        said(lambda: spec(keys.TRAIN, loss=loss, train_op=1), "Operation or Tensor, given: 1"),
        said(lambda: spec(keys.PREDICT, predictions={"a": 1}), "predictions[a] must be Tensor"),
        said(lambda: spec(keys.PREDICT, predictions=elsewhere), "prediction values with"),
        said(lambda: spec(keys.EVAL, loss=loss, eval_metric_ops=[]), "must be a dict"),
        said(lambda: spec(keys.EVAL, loss=loss, eval_metric_ops={"a": loss}), "for key: a"),
        said(lambda: spec(keys.EVAL, loss=loss, training_hooks=[1]), "must be SessionRunHook"),
        said(lambda: spec(keys.EVAL, loss=loss, scaffold=1), "must be tf.train.Scaffold"),
        said(lambda: spec(keys.PREDICT, predictions=loss, export_outputs=[1]), "must be dict"),
        said(lambda: spec(keys.EVAL, loss=loss)._replace(mode=keys.TRAIN), "cannot be changed"),
        list(spec(keys.EVAL, loss=tf.ones([1, 1])).loss.shape), spec._fields,
        sorted(spec(keys.PREDICT, predictions=loss).export_outputs),
    ]  # fmt: skip


def run_configs(tf, np):
    make = tf.estimator.RunConfig
    plain, often = make(), make(save_checkpoints_steps=5)
    seldom = often.replace(save_checkpoints_secs=7)
    return [
        [plain.save_checkpoints_secs, plain.save_checkpoints_steps, plain.save_summary_steps,
         plain.keep_checkpoint_max, plain.log_step_count_steps, plain.model_dir,
         plain.tf_random_seed, plain.is_chief, plain.task_type, plain.task_id, plain.master,
         plain.num_worker_replicas, plain.num_ps_replicas, bool(plain.cluster_spec)],
        [often.save_checkpoints_secs, often.save_checkpoints_steps],
        [seldom.save_checkpoints_secs, seldom.save_checkpoints_steps],
        said(lambda: make(save_checkpoints_steps=1, save_checkpoints_secs=1), "both set"),
        said(lambda: make(keep_checkpoint_max=-1), "keep_checkpoint_max should be >= 0"),
        said(lambda: make(log_step_count_steps=0), "log_step_count_steps should be > 0"),
        said(lambda: make(session_config=1), "must be instance of ConfigProto"),
        said(lambda: make(tf_random_seed="a"), "tf_random_seed must be integer."),
        said(lambda: make(model_dir=""), "model_dir should be non-empty"),
        said(lambda: make(device_fn=lambda a: 0), "exactly one argument"),
        said(lambda: plain.replace(master="x"), "Replacing master is not supported"),
    ]  # fmt: skip


def warm_starts(tf, np):
    model = _estimator(tf)
    model.train(_inputs(tf, np), steps=3)
    kernel = model.get_variable_value("d/kernel").tolist()
    config = tf.estimator.RunConfig(tf_random_seed=9)
    found = []
    for start in (model.model_dir, tf.estimator.WarmStartSettings(model.model_dir, ".*bias")):
        other = tf.estimator.Estimator(_model_fn(tf), None, config, {"rate": 0.0}, start)
        other.train(_inputs(tf, np), steps=1)
        same = other.get_variable_value("d/kernel").tolist() == kernel
        found += [same, int(other.get_variable_value("global_step"))]
    return [found, said(lambda: tf.estimator.WarmStartSettings(None), "MUST be set")]


def warm_starts_by_words(tf, np):
    folder = tempfile.mkdtemp()
    for name, words in (("old", "a b c"), ("new", "c x a")):
        with open(os.path.join(folder, name), "w") as file:
            file.write("\n".join(words.split()) + "\n")
    tf.get_variable("w", initializer=np.arange(8.0).reshape(4, 2).astype(np.float32))
    tf.get_variable("v", initializer=np.arange(6.0).reshape(2, 3).astype(np.float32))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(sess, os.path.join(folder, "model"))
    tf.reset_default_graph()
    w, v = tf.get_variable("w", [4, 2]), tf.get_variable("v", [2, 3])
    files = os.path.join(folder, "new"), os.path.join(folder, "old")
    info = tf.train.VocabInfo(files[0], 3, 1, files[1])
    ones = tf.train.VocabInfo(files[0], 3, 0, files[1],
                              backup_initializer=tf.ones_initializer(), axis=1)  # fmt: skip
    tf.train.warm_start(path, var_name_to_vocab_info={"w": info, "v": ones})
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        values = [sess.run(each).tolist() for each in (w, v)]
    return [values, said(lambda: tf.train.VocabInfo("a", 1, 0, "b", axis=2), "0 and 1"),
            said(lambda: tf.train.warm_start(path, var_name_to_prev_var_name={"z": "w"}),
                 "were not used")]


# -- exporting ------------------------------------------------------------------------------------


def _raw(tf):
    def receiver():
        x = tf.placeholder(tf.float32, [None, 3], name="fed")
        return tf.estimator.export.ServingInputReceiver({"x": x}, {"x": x})

    return receiver


def exported(tf, np):
    model, extra = _estimator(tf), os.path.join(tempfile.mkdtemp(), "note")
    model.train(_inputs(tf, np), steps=2)
    with open(extra, "w") as file:
        file.write("note")
    path = model.export_saved_model(tempfile.mkdtemp(), _raw(tf), assets_extra={"a/b": extra})
    with tf.Session(graph=tf.Graph()) as sess:
        loaded = tf.saved_model.loader.load(sess, ["serve"], path)
        signature = loaded.signature_def["serving_default"]
        fetches = {key: info.name for key, info in signature.outputs.items()}
        found = sess.run(fetches, {signature.inputs["x"].name: np.ones([1, 3], np.float32)})
    return [
        type(path).__name__, sorted(os.listdir(path)), sorted(loaded.signature_def),
        signature.method_name, {key: value.round(3).tolist() for key, value in found.items()},
        os.listdir(os.path.join(path, b"assets.extra")),
    ]  # fmt: skip


def exported_of_examples(tf, np):
    model = _estimator(tf)
    model.train(_inputs(tf, np), steps=1)
    spec = {"x": tf.FixedLenFeature([3], tf.float32)}
    receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)
    path = model.export_savedmodel(tempfile.mkdtemp(), receiver)
    values = tf.train.Feature(float_list=tf.train.FloatList(value=[1.0, 2.0, 3.0]))
    example = tf.train.Example(features=tf.train.Features(feature={"x": values}))
    with tf.Session(graph=tf.Graph()) as sess:
        loaded = tf.saved_model.loader.load(sess, ["serve"], path)
        signature = loaded.signature_def["serving_default"]
        found = sess.run(signature.outputs["y"].name,
                         {signature.inputs["examples"].name: [example.SerializeToString()]})
    return [signature.inputs["examples"].name, found.round(3).tolist()]


def exported_for_all_modes(tf, np):
    model = _estimator(tf)
    model.train(_inputs(tf, np), steps=1)

    def supervised():
        x, y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None])
        build = tf.estimator.experimental.build_raw_supervised_input_receiver_fn
        return build({"x": x}, y)()

    path = model.experimental_export_all_saved_models(
        tempfile.mkdtemp(), {"train": supervised, "eval": supervised, "infer": _raw(tf)}
    )
    found = []
    for tag in ("train", "eval", "serve"):
        with tf.Session(graph=tf.Graph()) as sess:
            loaded = tf.saved_model.loader.load(sess, [tag], path)
            found.append([[key, signature.method_name, sorted(signature.inputs),
                           sorted(signature.outputs)]
                          for key, signature in sorted(loaded.signature_def.items())
                          if not key.startswith("__")])  # fmt: skip
    return found


def export_outputs_refused(tf, np):
    export, number, text = tf.estimator.export, tf.constant(1), tf.constant("a")
    return [
        said(lambda: export.ClassificationOutput(), "At least one of scores and classes"),
        said(lambda: export.ClassificationOutput(scores=number), "must be a float32 Tensor"),
        said(lambda: export.ClassificationOutput(classes=number), "must be a string Tensor"),
        said(lambda: export.RegressionOutput(text), "must be a float32 Tensor"),
        said(lambda: export.PredictOutput({1: text}), "output key must be a string; got 1"),
        said(lambda: export.PredictOutput({"a": 1}), "output value must be a Tensor; got 1"),
        sorted(export.PredictOutput(text).outputs),
        said(lambda: export.ServingInputReceiver(None, text), "features must be defined"),
        said(lambda: export.ServingInputReceiver(1, text), "feature feature must be a Tensor"),
        said(lambda: export.ServingInputReceiver(text, {1: text}), "keys must be strings: 1"),
        sorted(export.ServingInputReceiver(text, text).receiver_tensors),
        export.TensorServingInputReceiver(text, text).features is text,
    ]  # fmt: skip


# -- training and evaluation in turns -------------------------------------------------------------


def trained_and_evaluated_in_turns(tf, np):
    model = _estimator(tf, save_checkpoints_steps=3)
    keep = tf.estimator.LatestExporter("latest", _raw(tf), exports_to_keep=1)
    exporters = [tf.estimator.FinalExporter("final", _raw(tf)), keep]
    metrics, exported = tf.estimator.train_and_evaluate(
        model, tf.estimator.TrainSpec(_inputs(tf, np, num_epochs=None), max_steps=6),
        tf.estimator.EvalSpec(_inputs(tf, np), steps=None, exporters=exporters, throttle_secs=0),
    )  # fmt: skip
    folders = {name: len(os.listdir(os.path.join(model.model_dir, "export", name)))
               for name in ("final", "latest")}  # fmt: skip
    return [_plain(metrics), [each is None for each in exported], folders]


def the_best_is_exported(tf, np):
    model = _estimator(tf, save_checkpoints_steps=1)
    best = tf.estimator.BestExporter(serving_input_receiver_fn=_raw(tf), exports_to_keep=None)
    made = []
    for loss in (1e-3, 4.0, 1e-4):
        model.train(_inputs(tf, np), steps=1)
        model.evaluate(_inputs(tf, np))
        path = best.export(model, os.path.join(model.model_dir, "best"),
                           model.latest_checkpoint(), {"loss": loss}, False)  # fmt: skip
        made.append(path is not None)
    return [made, best.name, len(os.listdir(os.path.join(model.model_dir, "best")))]


def specs_of_turns_refused(tf, np):
    train, evaluate = tf.estimator.TrainSpec, tf.estimator.EvalSpec
    fed, final = _inputs(tf, np), tf.estimator.FinalExporter
    pair = [final("a", _raw(tf)), final("a", _raw(tf))]
    return [
        said(lambda: train(1), "`input_fn` must be callable"),
        said(lambda: train(fed, max_steps=0), "Must specify max_steps > 0"),
        said(lambda: train(fed, hooks=[1]), "All hooks must be"),
        said(lambda: evaluate(fed, steps=0), "Must specify steps > 0"),
        said(lambda: evaluate(fed, name=1), "`name` must be string"),
        said(lambda: evaluate(fed, exporters=1), "`exporters` must be an Exporter"),
        said(lambda: evaluate(fed, exporters=pair), "must have unique names"),
        said(lambda: evaluate(fed, exporters=final("", _raw(tf))), "cannot have a name"),
        said(lambda: evaluate(fed, throttle_secs=-1), "throttle_secs >= 0"),
        said(lambda: tf.estimator.train_and_evaluate(1, train(fed), evaluate(fed)), "`estimator`"),
        said(lambda: tf.estimator.train_and_evaluate(1, train(fed), 1), "`eval_spec`"),
        said(lambda: tf.estimator.BestExporter(compare_fn=lambda a: 0), "must include"),
        said(lambda: tf.estimator.LatestExporter("a", 0, exports_to_keep=0), "positive"),
        list(evaluate(fed))[1:], list(train(fed))[1:],
    ]  # fmt: skip


# -- arrays as input ------------------------------------------------------------------------------


def _batches(tf, input_fn):
    """What an input function gives until it ends, five batches at most."""
    tf.reset_default_graph()
    found, made = [], input_fn()
    with tf.train.MonitoredSession() as sess:
        while not sess.should_stop() and len(found) < 5:
            found.append(sess.run(made))
    return found


def arrays_as_input(tf, np):
    fn, x = tf.estimator.inputs.numpy_input_fn, np.arange(5.0)
    named = {"b": np.arange(5), "a": x}
    return [
        [each.tolist() for each in _batches(tf, fn(x, batch_size=2, shuffle=False))],
        [each.tolist() for each in _batches(
            tf, fn(x, batch_size=2, num_epochs=2, shuffle=False))],
        [each.tolist() for each in _batches(
            tf, fn(x, batch_size=3, num_epochs=None, shuffle=False))],
        [[each[0]["a"].tolist(), each[1].tolist()] for each in _batches(
            tf, fn(named, x, batch_size=3, shuffle=False))],
        [each[1]["c"].tolist() for each in _batches(
            tf, fn(named, {"c": x}, batch_size=3, shuffle=False))],
        sorted(float(value) for each in _batches(tf, fn(x, batch_size=2, shuffle=True))
               for value in each),
    ]  # fmt: skip


def arrays_refused(tf, np):
    fn, x = tf.estimator.inputs.numpy_input_fn, np.arange(5.0)
    return [
        said(lambda: fn(x), "shuffle must be provided"),
        said(fn([1], shuffle=False), "x must be a dict or array; got list"),
        said(fn({}, shuffle=False), "x cannot be an empty dict"),
        said(fn(np.zeros([0]), shuffle=False), "x cannot be an empty array"),
        said(fn(x, {}, shuffle=False), "y cannot be empty dict"),
        said(fn({"a": x}, {"a": x}, shuffle=False), "1 duplicate keys"),
        said(fn({"a": x}, x[:2], shuffle=False), "{'a': (5,)}", "Shapes in y: (2,)"),
    ]  # fmt: skip

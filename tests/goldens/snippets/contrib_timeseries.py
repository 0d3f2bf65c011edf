"""tf.contrib.timeseries: what readers read, what models of one seed learn and predict."""

import importlib
import tempfile

from goldens.kit import error, run


def _keys(tf):
    keys = tf.contrib.timeseries.TrainEvalFeatures
    return keys.TIMES, keys.VALUES


def _series(tf, np, count=40):
    """Times and two values of each, {name: array}."""
    times, rng = np.arange(count), np.random.RandomState(0)
    values = np.stack([np.sin(times / 3.0), np.cos(times / 5.0)], 1)
    return dict(zip(_keys(tf), (times, values + 0.1 * rng.uniform(size=values.shape))))


def _batches(tf, input_fn, count):
    """So many batches that it gives, in turn."""
    tf.reset_default_graph()
    tf.set_random_seed(4)
    features, labels = input_fn()
    with tf.train.MonitoredSession() as sess:
        return [sess.run(features) for _ in range(count)], labels


def _windows(tf, np, size, step=3):
    """An input_fn of windows of the series, all of them."""
    series = _series(tf, np)
    starts = np.arange(0, 40 - size, step)

    def input_fn():
        return {name: tf.constant(np.stack([value[at : at + size] for at in starts]))
                for name, value in series.items()}, None  # fmt: skip

    return input_fn


def _inner(tf, name):
    """A module of it that is not a public name."""
    within = "" if tf.__name__ == "minitf" else "python.timeseries."
    root = "minitf" if tf.__name__ == "minitf" else "tensorflow"
    return importlib.import_module(f"{root}.contrib.timeseries.{within}{name}")


def keys_of_features(tf, np):
    series = tf.contrib.timeseries
    keys = [series.TrainEvalFeatures.TIMES, series.TrainEvalFeatures.VALUES,
            series.FilteringResults.TIMES, series.FilteringResults.STATE_TUPLE]
    return keys + [series.ARModel.SQUARED_LOSS, series.ARModel.NORMAL_LIKELIHOOD_LOSS]


def series_of_arrays(tf, np):
    series, (times, values) = tf.contrib.timeseries, _keys(tf)
    whole = [_batches(tf, series.WholeDatasetInputFn(series.NumpyReader(data)), 1) for data in (
        {times: [1, 2, 5], values: [1.0, 3.0, 4.0]},
        {times: [[1, 2, 5]], values: [[[1.0], [3.0], [4.0]]], "more": [[7, 8, 9]]},
        {times: 3, values: [2.0, 5.0]},
    )]  # fmt: skip
    wrong = [
        {times: [1, 2]}, {values: [1.0]}, {times: [1, 2], values: [1.0]},
        {times: [[1], [2]], values: [[1.0], [2.0]]}, {times: 1, values: [[1.0]]},
        {times: [1], values: [[[1.0]]]}, {times: [[[1]]], values: [[[1.0]]]},
    ]  # fmt: skip
    reader = series.NumpyReader({times: [1, 2], values: [1.0, 2.0]})
    return [whole, [error(lambda data=data: series.NumpyReader(data)) for data in wrong],
            error(lambda: series.RandomWindowInputFn(reader, window_size=3, batch_size=1))]


def series_of_lines(tf, np):
    series, (times, values) = tf.contrib.timeseries, _keys(tf)
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("time,a,b,word\n1,2.5,3.,x\n2,3.5,4.,y\n4,4.5,,z\n")
        file.flush()
        reader = series.CSVReader(
            file.name, column_names=(times, values, values, "word"), skip_header_lines=1,
            column_dtypes=(tf.int64, tf.float32, tf.float32, tf.string),
        )  # fmt: skip
        whole = _batches(tf, series.WholeDatasetInputFn(reader), 2)
    wrong = [{"column_names": (times,)}, {"column_names": (values,)},
             {"column_names": (times, times, values)}, {"column_dtypes": (tf.int64,)}]
    return [whole, [error(lambda more=more: series.CSVReader("a", **more)) for more in wrong]]


def windows_at_random(tf, np):
    series, (times, values) = tf.contrib.timeseries, _keys(tf)
    reader = series.NumpyReader(_series(tf, np, 12), read_num_records_hint=5)
    windows = series.RandomWindowInputFn(reader, window_size=3, batch_size=2,
                                         queue_capacity_multiplier=8)  # fmt: skip
    batches, labels = _batches(tf, windows, 4)
    in_order = all((np.diff(batch[times]) >= 0).all() for batch in batches)
    return [in_order, labels, [(batch[values].shape, str(batch[times].dtype)) for batch in batches]]


def regressor_of_windows(tf, np):
    """What it has learnt in three steps, how it does on the series, and goes on."""
    series = tf.contrib.timeseries
    with tempfile.TemporaryDirectory() as folder:
        regressor = series.ARRegressor(
            periodicities=[7, 12], input_window_size=6, output_window_size=4, num_features=2,
            num_time_buckets=3, model_dir=folder, config=tf.estimator.RunConfig(tf_random_seed=3),
        )  # fmt: skip
        regressor.train(_windows(tf, np, 10, step=8), steps=3)
        kept = {name: regressor.get_variable_value(name) for name in regressor.get_variable_names()}
        whole = series.WholeDatasetInputFn(series.NumpyReader(_series(tf, np)))
        evaluation = regressor.evaluate(whole, steps=1)
        onward = series.predict_continuation_input_fn(evaluation, steps=9)
        return [{name: np.sum(value) for name, value in kept.items()}, evaluation,
                list(regressor.predict(onward))]


def _modelled(tf, np, name="ARModel", **options):
    """[losses, predictions] of a model of known weights: in training, evaluation, prediction."""
    given = dict({"periodicities": [7, 12], "input_window_size": 6, "output_window_size": 4,
                  "num_features": 2, "num_time_buckets": 3}, **options)  # fmt: skip
    times, _ = _keys(tf)
    tf.reset_default_graph()
    model = getattr(_inner(tf, "ar_model"), name)(**given)
    model.initialize_graph()
    train = _windows(tf, np, model.window_size, step=8)()[0]
    whole = {key: tf.constant(value[None]) for key, value in _series(tf, np).items()}
    with tf.variable_scope("model", use_resource=True):
        trained = model.define_loss(train, "train")
    with tf.variable_scope("model", reuse=True):
        told = model.define_loss(whole, "eval")
    with tf.variable_scope("model", reuse=True):
        after = {times: tf.constant([[41, 42, 44, 45, 47]]), "start_tuple": told.end_state}
        onward = model.predict(after)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for variable in tf.trainable_variables():
            size = int(np.prod(variable.shape.as_list()))
            weights = np.sin(np.arange(size)).reshape(variable.shape.as_list()) / 8.0
            variable.load(weights, sess)
        return sess.run([trained.loss, told, onward])


def models_of_windows(tf, np):
    return _modelled(tf, np)


def models_of_squared_loss(tf, np):
    return _modelled(tf, np, loss="squared_loss", periodicities=None, output_window_size=7)


def models_of_anomalies(tf, np):
    return [_modelled(tf, np, "AnomalyMixtureARModel", anomaly_prior_probability=0.1,
                      anomaly_distribution=kind) for kind in ("cauchy", "gaussian")]  # fmt: skip


def models_of_times(tf, np):
    return _modelled(tf, np, input_window_size=0, output_window_size=5, periodicities=9)


def models_of_two_lstms(tf, np):
    network = _inner(tf, "ar_model").LSTMPredictionModel

    def factory(**sizes):
        return network(num_units=3, **sizes)

    return _modelled(tf, np, prediction_model_factory=factory)


def regressors_refused(tf, np):
    sizes = {"periodicities": 3, "input_window_size": 2, "output_window_size": 1, "num_features": 1}

    def of_windows(size):
        regressor = tf.contrib.timeseries.ARRegressor(**dict(sizes, num_features=2))
        regressor.train(_windows(tf, np, size), steps=1)

    kinds = [{"anomaly_distribution": "cauchy"},
             {"anomaly_prior_probability": 0.1, "loss": "squared_loss"}]
    return [[error(lambda kind=kind: tf.contrib.timeseries.ARRegressor(**dict(sizes, **kind)))
             for kind in kinds], error(lambda: of_windows(4))]  # fmt: skip


def _walk(tf, model):
    """A model of one's own: the next value is the last one, times a variable."""

    class Walk(model.SequentialTimeSeriesModel):
        def __init__(self):
            super().__init__(["mean"], ["mean"], num_features=2)

        def initialize_graph(self, input_statistics=None):
            super().initialize_graph(input_statistics)
            with tf.variable_scope("", use_resource=True):
                self.factor = tf.get_variable("factor", [], initializer=tf.constant_initializer(2))

        def get_start_state(self):
            return (tf.zeros([], tf.int64), [tf.ones([2])])

        def _filtering_step(self, current_times, current_values, state, predictions):
            predictions["loss"] = tf.reduce_sum((predictions["mean"] - current_values) ** 2, 1)
            return (current_times, [current_values]), predictions

        def _prediction_step(self, current_times, state):
            mean = self.factor * state[1][0]
            return (current_times, [mean]), {"mean": mean}

        def _imputation_step(self, current_times, state):
            return state

        def _exogenous_input_step(self, current_times, current_exogenous_regressors, state):
            return state

    return Walk()


def models_of_ones_own(tf, np):
    series, inner = tf.contrib.timeseries, _inner(tf, "estimators")
    with tempfile.TemporaryDirectory() as folder:
        regressor = inner.TimeSeriesRegressor(_walk(tf, _inner(tf, "model")), model_dir=folder)
        regressor.train(_windows(tf, np, 6, step=6), steps=3)
        whole = series.WholeDatasetInputFn(series.NumpyReader(_series(tf, np)))
        result = regressor.evaluate(whole, steps=1)
        onward = series.predict_continuation_input_fn(result, times=[42, 45])
        return [regressor.get_variable_value("factor"), result["loss"], result["start_tuple"],
                list(regressor.predict(onward))]


def states_exported(tf, np):
    series, (times, values) = tf.contrib.timeseries, _keys(tf)
    inner, utils = _inner(tf, "estimators"), series.saved_model_utils
    with tempfile.TemporaryDirectory() as folder:
        regressor = inner.TimeSeriesRegressor(
            _walk(tf, _inner(tf, "model")), model_dir=folder,
            state_manager=_inner(tf, "state_management").ChainingStateManager(),
        )  # fmt: skip
        regressor.train(_windows(tf, np, 6), steps=1)
        path = regressor.export_savedmodel(
            folder + "/export", regressor.build_raw_serving_input_receiver_fn()
        )
        tf.reset_default_graph()
        with tf.Session() as sess:
            loaded = tf.saved_model.loader.load(sess, ["serve"], path)
            data = {times: [3, 4, 5], values: [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]}
            cold = utils.cold_start_filter(loaded, sess, data)
            more = {times: [6], values: [[7.0, 8.0]]}
            after = utils.filter_continuation(cold, loaded, sess, more)
            return [cold, after, utils.predict_continuation(after, loaded, sess, steps=2),
                    sorted(loaded.signature_def)]


def statistics_of_batches(tf, np):
    tf.reset_default_graph()
    inner = _inner(tf, "math_utils")
    generator = inner.InputStatisticsFromMiniBatch(num_features=2, dtype=tf.float64)
    features = _windows(tf, np, 8)()[0]
    found = generator.initialize_graph(features)
    with tf.variable_scope("", reuse=True):
        kept = generator.initialize_graph(features, update_statistics=False)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(found), sess.run(found), sess.run(kept)]


def matrices_of_models(tf, np):
    tf.reset_default_graph()
    inner, rng = _inner(tf, "math_utils"), np.random.RandomState(1)
    a, b = rng.randn(3, 2, 2), rng.randn(2, 2)
    covariance = b.dot(b.T)
    batch = tf.constant(a)
    return run(tf, [
        inner.batch_matrix_pow(batch, [0, 1, 5]), inner.matrix_to_powers(b, [3, 2]),
        inner.power_sums_tensor(4, b, covariance), inner.batch_times_matrix(batch, b, adj_x=True),
        inner.matrix_times_batch(b, batch, adj_y=True), inner.make_toeplitz_matrix(batch),
        inner.block_diagonal([a, a[:, :1]], dtype=tf.float64), inner.clip_covariance(a, 2.0, 0.5),
        inner.sign_magnitude_positive_definite(tf.constant(a), 0.5, 0.2),
        inner.variable_covariance_matrix(2, "v", tf.float64, np.array([1.0, 3.0])),
        inner.log_noninformative_covariance_prior(tf.constant(covariance)),
        inner.entropy_matched_cauchy_scale(tf.constant(covariance)),
        inner.mvn_tril_log_prob(np.zeros(2), np.linalg.cholesky(covariance), np.ones(2)),
        inner.normal_log_prob(tf.constant(0.5), 2.0, 1.0),
        inner.cauchy_log_prob(tf.constant(0.5), 2.0, 1.0),
    ])  # fmt: skip


def times_to_predict(tf, np):
    ask = tf.contrib.timeseries.predict_continuation_input_fn
    past = {"times": np.array([[1, 2, 3]]), "start_tuple": (np.zeros([1, 2]),)}
    tf.reset_default_graph()
    features, labels = ask(past, times=[5, 7], exogenous_features={"more": [[1.0, 2.0]]})()
    with tf.train.MonitoredSession() as sess:
        found = [sess.run(features), error(lambda: sess.run(features))]
    return [found, labels, [error(lambda more=more: ask(past, **more)) for more in (
        {}, {"steps": 1, "times": [4]}, {"times": [3]}, {"times": [[4], [5]]})]]  # fmt: skip

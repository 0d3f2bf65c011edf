"""tf.contrib.learn.Estimator: the one before tf.estimator, with arrays as its input."""
from collections import namedtuple
from functools import partial

import numpy as np

from minitf import estimator as core
from minitf.contrib.learn.arrays import source
from minitf.contrib.learn.monitor_hooks import replace_monitors_with_hooks
from minitf.contrib.learn.signatures import check, mapped, placeholder_of, signature
from minitf.estimator.functions import call_with
from minitf.estimator.mode_keys import ModeKeys as _Modes
from minitf.ops.control_flow.control import no_op


class ModeKeys:
    """Training, evaluation, or prediction."""

    TRAIN, EVAL, INFER = _Modes.TRAIN, _Modes.EVAL, _Modes.PREDICT


_FIELDS = ("predictions", "loss", "train_op", "eval_metric_ops", "output_alternatives",
           "training_chief_hooks", "training_hooks", "scaffold", "mode")  # fmt: skip


class ModelFnOps(namedtuple("ModelFnOps", _FIELDS)):
    """What a model function returns: see tf.estimator.EstimatorSpec, which is made of it."""

    __slots__ = ()

    def __new__(cls, mode, predictions=None, loss=None, train_op=None, eval_metric_ops=None,
                output_alternatives=None, training_chief_hooks=None, training_hooks=None,
                scaffold=None):
        return super().__new__(cls, predictions, loss, train_op, eval_metric_ops or {},
                               output_alternatives, training_chief_hooks or [],
                               training_hooks or [], scaffold, mode)  # fmt: skip

    def estimator_spec(self, default_serving_output_alternative_key=None):
        """The same as a tf.estimator.EstimatorSpec."""
        metrics = {name: _with_update(each) for name, each in self.eval_metric_ops.items()}
        return core.EstimatorSpec(
            self.mode, self.predictions, self.loss, self.train_op, metrics,
            training_chief_hooks=self.training_chief_hooks, training_hooks=self.training_hooks,
            scaffold=self.scaffold,
        )  # fmt: skip


class MetricSpec:
    """A metric, `metric_fn(predictions, labels, weights)`, and which of several of each it is of.
    """

    def __init__(self, metric_fn, prediction_key=None, label_key=None, weight_key=None):
        self.metric_fn, self.prediction_key = metric_fn, prediction_key
        self.label_key, self.weight_key = label_key, weight_key

    def create_metric_ops(self, inputs, labels, predictions):
        """(value, update). ValueError where a key is needed, or given for what is no dict."""
        predictions = _of_key("prediction", predictions, self.prediction_key)
        labels = _of_key("label", labels, self.label_key)
        if self.weight_key is None:
            return self.metric_fn(predictions, labels)
        return self.metric_fn(predictions, labels, weights=inputs[self.weight_key])


def _of_key(what, given, key):
    if key:
        if not isinstance(given, dict):
            raise ValueError(f"MetricSpec with {what}_key specified requires {what}s dict, got "
                             f"{given}.\nYou must not provide a {what}_key if you only have a "
                             f"single Tensor as {what}s.")  # fmt: skip
        return given[key]
    if not isinstance(given, dict):
        return given
    if len(given) != 1:
        raise ValueError(f"MetricSpec without specified {what}_key requires {what}s tensor or "
                         f"single element dict, got {given}")  # fmt: skip
    return next(iter(given.values()))


def _metric_ops(metrics, features, labels, predictions):
    """{name: (value, update)} of MetricSpecs, or of functions of predictions and labels, whose keys
    are (name, which of the predictions), or a name where there is but one prediction."""
    found = {}
    for name, metric in sorted(metrics.items(), key=str):
        if isinstance(metric, MetricSpec):
            made = metric.create_metric_ops(features, labels, predictions)
        elif isinstance(name, tuple):
            if len(name) != 2 or not isinstance(predictions, dict):
                raise ValueError(
                    "Metrics passed provide (name, prediction), but predictions are not dict. "
                    f"Metrics: {metrics}, Predictions: {predictions}."
                )
            name, key = name
            of_key = labels[key] if isinstance(labels, dict) and key in labels else labels
            made = metric(predictions[key], of_key)
        else:
            if isinstance(predictions, dict):
                raise ValueError("Metrics passed provide only name, no prediction, but predictions "
                                 f"are dict. Metrics: {metrics}, Labels: {labels}.")  # fmt: skip
            made = metric(predictions, labels)
        found[name] = _with_update(made)
    return found


def _with_update(metric):
    """(value, update): a value alone is that of the last batch."""
    return tuple(metric) if isinstance(metric, (tuple, list)) else (metric, no_op())


class Estimator:
    """A model that is trained (`fit`), evaluated, and asked for predictions.

    `model_fn(features, labels, mode, params, config)` returns a ModelFnOps or (predictions, loss,
    train_op). `feature_engineering_fn(features, labels)` changes its input.
    """

    def __init__(self, model_fn=None, model_dir=None, config=None, params=None,
                 feature_engineering_fn=None):
        self._learn_model_fn, self._engineer = model_fn, feature_engineering_fn
        self._params, self._metrics = params, None
        self._features_info = self._labels_info = None
        self._inner = core.Estimator(self._model_fn, model_dir, config)

    model_dir = property(lambda self: self._inner.model_dir)
    config = property(lambda self: self._inner.config)
    params = property(lambda self: self._params)

    def _model_fn(self, features, labels, mode, config):
        made = self._model_fn_ops(features, labels, mode, config)
        if isinstance(made, ModelFnOps):
            made = made.estimator_spec()
        if mode == ModeKeys.EVAL and self._metrics:
            more = _metric_ops(self._metrics, features, labels, made.predictions)
            made = made._replace(eval_metric_ops={**made.eval_metric_ops, **more})
        return made

    def _model_fn_ops(self, features, labels, mode, config):
        if mode == ModeKeys.INFER:  # model functions may well make something of the labels
            labels = mapped(placeholder_of, self._labels_info)
        else:
            self._check_inputs(features, labels)
        if self._engineer is not None:
            features, labels = self._engineer(features, labels)
        model_fn = partial(self._learn_model_fn, features, labels)
        made = call_with(model_fn, {}, mode=mode, params=self._params, config=config,
                         model_dir=self.model_dir)  # fmt: skip
        if isinstance(made, tuple) and len(made) == 3:
            predictions, loss, train_op = made
            made = ModelFnOps(mode, predictions, loss, train_op)
        return made

    def _check_inputs(self, features, labels):
        """ValueError for tensors unlike those that the model was first given."""
        if self._features_info is None:
            self._features_info = mapped(signature, features)
        check(features, self._features_info, "Features")
        if labels is not None:
            if self._labels_info is None:
                self._labels_info = mapped(signature, labels)
            check(labels, self._labels_info, "Labels")

    def _get_predict_ops(self, features):
        """The model of these features, for predictions, as a ModelFnOps."""
        made = self._model_fn_ops(features, None, ModeKeys.INFER, self.config)
        if isinstance(made, ModelFnOps):
            return made
        return ModelFnOps(ModeKeys.INFER, made.predictions, scaffold=made.scaffold)

    def fit(self, x=None, y=None, input_fn=None, steps=None, batch_size=None, monitors=None,
            max_steps=None):
        """Train with arrays, all at once for a `batch_size` of None, or with an input function.

        `monitors` are these, or hooks. ValueError for both kinds of input or of steps. Returns
        self.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        input_fn, hooks = source(x, y, input_fn, batch_size, True, None)
        hooks = [*hooks, *replace_monitors_with_hooks(monitors, self)]
        self._inner.train(input_fn, hooks, steps, max_steps)
        return self

    def partial_fit(self, x=None, y=None, input_fn=None, steps=1, batch_size=None, monitors=None):
        """`fit` for one step."""
        return self.fit(x, y, input_fn, steps, batch_size, monitors)

    def evaluate(self, x=None, y=None, input_fn=None, feed_fn=None, batch_size=None, steps=None,
                 metrics=None, name=None, checkpoint_path=None, hooks=None, log_progress=True):
        """Metrics by name, with those of `metrics`, MetricSpecs. See `fit`.

        ValueError when there is nothing to evaluate, NotImplementedError for a `feed_fn`.
        """
        if feed_fn is not None:
            raise NotImplementedError("tf.contrib.learn.Estimator.evaluate(feed_fn=...): minitf "
                                      "takes x and y, or an input_fn")  # fmt: skip
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        input_fn, more = source(x, y, input_fn, batch_size, False, 1)
        self._metrics = metrics
        try:
            return self._inner.evaluate(input_fn, steps, [*more, *(hooks or ())], checkpoint_path,
                                        name)  # fmt: skip
        finally:
            self._metrics = None

    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True,
                iterate_batches=False):
        """The predictions, of each example or of each batch, or all in arrays unless
        `as_iterable`; `outputs` are the names of those that are asked for."""
        input_fn, hooks = source(x, None, input_fn, batch_size, False, 1)
        found = self._inner.predict(input_fn, outputs, hooks,
                                    yield_single_examples=not iterate_batches)  # fmt: skip
        return found if as_iterable else _stacked(list(found), iterate_batches)

    def get_variable_names(self):
        """The names of saved variables."""
        return self._inner.get_variable_names()

    def get_variable_value(self, name):
        """The saved value of a variable."""
        return self._inner.get_variable_value(name)

    def export_savedmodel(self, export_dir_base, serving_input_fn, *args, **kwargs):
        """NotImplementedError: tf.estimator's models can be exported."""
        raise NotImplementedError("tf.contrib.learn.Estimator.export_savedmodel: use "
                                  "tf.estimator.Estimator, whose models minitf exports")


def _stacked(found, batches):
    join = np.concatenate if batches else np.stack
    if found and isinstance(found[0], dict):
        return {key: join([each[key] for each in found]) for key in found[0]}
    return join(found)


class SKCompat:
    """An Estimator as scikit-learn has them: `predict` and `score` return arrays and numbers."""

    def __init__(self, estimator):
        self._estimator = estimator

    def fit(self, x, y, batch_size=128, steps=None, max_steps=None, monitors=None):
        """Train; returns self."""
        self._estimator.fit(x, y, None, steps, batch_size, monitors, max_steps)
        return self

    def score(self, x, y, batch_size=128, steps=None, metrics=None, name=None):
        """Metrics by name, without the global step."""
        found = self._estimator.evaluate(x, y, batch_size=batch_size, steps=steps, metrics=metrics,
                                         name="score" if name is None else f"score_{name}")
        return {key: value for key, value in found.items() if key != "global_step"}

    def predict(self, x, batch_size=128, outputs=None):
        """All predictions in arrays."""
        return Estimator.predict(self._estimator, x, None, batch_size, outputs, as_iterable=False)

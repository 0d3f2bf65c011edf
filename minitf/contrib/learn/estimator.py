"""tf.contrib.learn.Estimator: the one before tf.estimator, with arrays as its input."""
from collections import namedtuple
from functools import partial

import numpy as np

from minitf import estimator as core
from minitf import logging
from minitf.contrib.learn import exporting
from minitf.contrib.learn.arrays import source
from minitf.contrib.learn.evaluable import Evaluable, Trainable
from minitf.contrib.learn.keys import MetricKey, PredictionKey, ProblemType
from minitf.contrib.learn.metric_spec import MetricSpec
from minitf.contrib.learn.monitor_hooks import replace_monitors_with_hooks
from minitf.contrib.learn.predicting import NotFittedError
from minitf.contrib.learn.signatures import check, mapped, placeholder_of, signature
from minitf.core.dtypes import string
from minitf.core.graph import Graph, get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.estimator import checks
from minitf.estimator.functions import call_with
from minitf.estimator.mode_keys import ModeKeys as _Modes
from minitf.ops.control_flow.control import group, no_op
from minitf.saved_model.export_outputs import (
    ClassificationOutput,
    PredictOutput,
    RegressionOutput,
)
from minitf.saved_model.signature_constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY
from minitf.train.checkpoint_management import latest_checkpoint
from minitf.train.evaluation import StopAfterNEvalsHook
from minitf.train.session_run_hook import SessionRunHook


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
        metrics = {name: _with_update(each) for name, each in self.eval_metric_ops.items()
                   if name != MetricKey.LOSS}  # fmt: skip
        return core.EstimatorSpec(
            self.mode, self.predictions, self.loss, self.train_op, metrics,
            _exported(self.output_alternatives, default_serving_output_alternative_key),
            training_chief_hooks=self.training_chief_hooks, training_hooks=self.training_hooks,
            scaffold=self.scaffold,
        )  # fmt: skip


def _exported(alternatives, default):
    """The export outputs of {name: (kind of problem, predictions)}."""
    if not alternatives:
        return None
    if len(alternatives) > 1 and DEFAULT_SERVING_SIGNATURE_DEF_KEY not in alternatives:
        serving = {DEFAULT_SERVING_SIGNATURE_DEF_KEY: alternatives[default]}
        alternatives = {**alternatives, **serving}
    return {key: _export_output(*each) for key, each in alternatives.items()}


def _export_output(problem_type, found):
    scores = found.get(PredictionKey.SCORES, found.get(PredictionKey.PROBABILITIES))
    if problem_type == ProblemType.LINEAR_REGRESSION:
        return RegressionOutput(scores)
    if problem_type == ProblemType.UNSPECIFIED:
        return PredictOutput(found)
    if problem_type not in (ProblemType.CLASSIFICATION, ProblemType.LOGISTIC_REGRESSION):
        raise ValueError(f"Unknown problem_type={problem_type}")
    classes = found.get(PredictionKey.CLASSES)
    if classes is None or classes.dtype != string:
        logging.warning("classes is %s, Servo inference will not have class ids.",
                        "None" if classes is None else "not string")  # fmt: skip
        classes = None
    return ClassificationOutput(scores=scores, classes=classes)


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


class Estimator(Evaluable, Trainable):
    """A model that is trained (`fit`), evaluated, and asked for predictions.

    `model_fn(features, labels, mode, params, config)` returns a ModelFnOps or (predictions, loss,
    train_op). `feature_engineering_fn(features, labels)` changes its input.
    """

    def __init__(self, model_fn=None, model_dir=None, config=None, params=None,
                 feature_engineering_fn=None):
        self._learn_model_fn, self._engineer = model_fn, feature_engineering_fn
        self._params, self._metrics, self._head_loss = params, None, None
        self._features_info = self._labels_info = None
        self._inner = core.Estimator(self._model_fn, model_dir, config)

    model_dir = property(lambda self: self._inner.model_dir)
    config = property(lambda self: self._inner.config)
    params = property(lambda self: self._params)

    def _model_fn(self, features, labels, mode, config):
        features, labels = self._engineered(features, labels, mode)
        made = self._model_fn_ops(features, labels, mode, config)
        if isinstance(made, ModelFnOps):
            if mode == ModeKeys.EVAL:
                self._head_loss = made.eval_metric_ops.get(MetricKey.LOSS)
            made = made._replace(output_alternatives=None).estimator_spec()
        if mode == ModeKeys.EVAL and self._metrics:
            more = _metric_ops(self._metrics, features, labels, made.predictions)
            made = made._replace(eval_metric_ops={**made.eval_metric_ops, **more})
        return made

    def _engineered(self, features, labels, mode):
        """What the model function is given, and metrics are of."""
        if mode == ModeKeys.INFER:  # model functions may well make something of the labels
            labels = mapped(placeholder_of, self._labels_info)
        else:
            self._check_inputs(features, labels)
        return (features, labels) if self._engineer is None else self._engineer(features, labels)

    def _model_fn_ops(self, features, labels, mode, config):
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
        features, labels = self._engineered(features, None, ModeKeys.INFER)
        made = self._model_fn_ops(features, labels, ModeKeys.INFER, self.config)
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
            return self._evaluate(input_fn, steps, [*more, *(hooks or ())], checkpoint_path, name)
        finally:
            self._metrics = None

    def _evaluate(self, input_fn, steps, hooks, path, name):
        """As a tf.estimator.Estimator does it; the loss is the metric of that name, which the sum
        of weights divides, if the model has one."""
        inner = self._inner
        hooks = hooks if steps is None else [*hooks, StopAfterNEvalsHook(steps)]
        path = path or self._newest_checkpoint()
        with Graph().as_default():
            scaffold, update, values, hooks = inner._evaluation(input_fn, hooks, path)
            if self._head_loss is not None:
                values[MetricKey.LOSS], also = self._head_loss
                update = group(update, also)
            return inner._evaluated(scaffold, update, values, hooks, path, inner.eval_dir(name))

    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True,
                iterate_batches=False):
        """The predictions, of each example or of each batch; in arrays unless `as_iterable`, for
        all of `x`, or the first batch of `input_fn`. `outputs` are the names of those asked for."""
        self._newest_checkpoint()
        input_fn, hooks = source(x, None, input_fn, batch_size, False, 1)
        inputs = _Inputs()
        found = self._inner.predict(input_fn, outputs, [*hooks, inputs],
                                    yield_single_examples=False)  # fmt: skip
        if x is None:
            found = inputs.ended(found)
        if as_iterable and not iterate_batches:
            return (each for batch in found for each in checks.examples(batch))
        if as_iterable:
            return found
        return next(found) if x is None else _joined(list(found))

    def _newest_checkpoint(self):
        """Its path. NotFittedError where there is none."""
        path = latest_checkpoint(self.model_dir)
        if not path:
            raise NotFittedError(f"Couldn't find trained model at {self.model_dir}.")
        return path

    def get_variable_names(self):
        """The names of saved variables."""
        return self._inner.get_variable_names()

    def get_variable_value(self, name):
        """The saved value of a variable."""
        return self._inner.get_variable_value(name)

    def export_savedmodel(
        self, export_dir_base, serving_input_fn, default_output_alternative_key=None,
        assets_extra=None, as_text=False, checkpoint_path=None, graph_rewrite_specs=None,
        strip_default_attrs=False,
    ):  # fmt: skip
        """The path, bytes, of a new folder below `export_dir_base` with a SavedModel: a signature
        for each head, of which one is the default.

        `serving_input_fn()` gives InputFnOps. ValueError without it, and for a head that is not
        there; NotFittedError without a checkpoint; NotImplementedError for rewritten graphs.
        """
        if serving_input_fn is None:
            raise ValueError("serving_input_fn must be defined.")
        if graph_rewrite_specs is not None:
            raise NotImplementedError("export_savedmodel(graph_rewrite_specs=...): minitf exports "
                                      "graphs as they are")  # fmt: skip
        path = checkpoint_path or self._newest_checkpoint()
        with Graph().as_default() as graph:
            self._inner._create_and_assert_global_step(graph)
            features, fed = exporting.inputs_of(serving_input_fn())
            if self._engineer is not None:
                features, _ = self._engineer(features, None)
            model = self._model_fn_ops(features, None, ModeKeys.INFER, self.config)
            return exporting.export(export_dir_base, fed, model, path,
                                    default_output_alternative_key, assets_extra, as_text,
                                    strip_default_attrs)  # fmt: skip


class _Inputs(SessionRunHook):
    """Knows whether queues bring the input: else it is the same in each run, and one is enough."""

    def begin(self):
        self._queues = get_collection(GraphKeys.QUEUE_RUNNERS)

    def ended(self, batches):
        """The batches that differ."""
        for batch in batches:
            yield batch
            if not self._queues:
                return


def _joined(found):
    if found and isinstance(found[0], dict):
        return {key: np.concatenate([each[key] for each in found]) for key in found[0]}
    return np.concatenate(found)


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
        found = Estimator.predict(self._estimator, x, None, batch_size, outputs,
                                  iterate_batches=True)  # fmt: skip
        return _joined(list(found))

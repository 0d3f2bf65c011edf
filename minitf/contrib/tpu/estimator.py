"""tf.contrib.tpu.TPUEstimator where there is no TPU."""
import enum

from minitf import logging
from minitf.contrib.tpu.config import RunConfig, parse_iterations_per_loop
from minitf.contrib.tpu.spec import TPUEstimatorSpec
from minitf.core.errors import UnimplementedError
from minitf.core.graph import device
from minitf.estimator.estimator import Estimator
from minitf.estimator.functions import call_with, fn_args
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import verify_model_fn_args
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope
from minitf.summary.messages import Summary
from minitf.train.saving_hooks import StepCounterHook

_RESERVED = ["batch_size", "context"]


class ExportSavedModelApiVersion(enum.Enum):
    """How a model is exported for a TPU."""

    V1 = 1
    V2 = 2


class TPUEstimator(Estimator):
    """A `tf.estimator.Estimator` that tells its functions how large a batch is.

    `params["batch_size"]` is `train_batch_size`, `eval_batch_size` or `predict_batch_size` as the
    mode says, where that is given; so the input function and the model function have to take
    `params`: ValueError for those that do not. The model function may return a TPUEstimatorSpec.

    minitf has no TPUs: UnimplementedError unless `use_tpu` is False. Then `batch_axis` and
    `eval_on_tpu` have no meaning, and a model is exported with `export_to_tpu=False` only.
    """

    def __init__(self, model_fn=None, model_dir=None, config=None, params=None, use_tpu=True,
                 train_batch_size=None, eval_batch_size=None, predict_batch_size=None,
                 batch_axis=None, eval_on_tpu=True, export_to_tpu=True, export_to_cpu=True,
                 warm_start_from=None, embedding_config_spec=None,
                 export_saved_model_api_version=ExportSavedModelApiVersion.V1):
        if not isinstance(config, RunConfig):
            raise ValueError("`config` must be provided with type `tpu_config.RunConfig`")
        if params is not None and any(key in params for key in _RESERVED):
            raise ValueError(f"{_RESERVED} are reserved keys but existed in params {params}.")
        _refuse(use_tpu, "use_tpu=True", "Give use_tpu=False: the model then runs as others do.")
        _refuse(embedding_config_spec, "embedding_config_spec=...", "Leave the argument out.")
        _refuse(export_saved_model_api_version is not ExportSavedModelApiVersion.V1,
                "export_saved_model_api_version=...", "Leave the argument out.")  # fmt: skip
        verify_model_fn_args(model_fn, params)
        self._every = _how_often_to_log(config)
        super().__init__(self._without_tpu(model_fn), model_dir,
                         config.replace(log_step_count_steps=None), params or {},
                         warm_start_from)  # fmt: skip
        self._sizes = {ModeKeys.TRAIN: train_batch_size, ModeKeys.EVAL: eval_batch_size,
                       ModeKeys.PREDICT: predict_batch_size}  # fmt: skip
        self._export_to_tpu, self._export_to_cpu = export_to_tpu, export_to_cpu
        self._input_was_made = False

    def _call_input_fn(self, input_fn, mode, input_context=None):
        if "params" not in fn_args(input_fn):
            raise ValueError(
                f"input_fn ({input_fn}) does not include params argument, required by TPUEstimator "
                'to pass batch size as params["batch_size"]'
            )
        self._input_was_made = True
        with device("/cpu:0"):
            given = {} if input_context is None else {"input_context": input_context}
            return call_with(input_fn, {}, mode=mode, config=self.config,
                             params=self._with_batch_size(self.params, mode), **given)  # fmt: skip

    def _create_global_step(self, graph):
        with graph.as_default(), variable_scope(get_variable_scope(), use_resource=True,
                                                auxiliary_name_scope=False):  # fmt: skip
            return super()._create_global_step(graph)

    def _with_batch_size(self, params, mode):
        if self._sizes[mode] is not None:
            params["batch_size"] = self._sizes[mode]
        return params

    def _without_tpu(self, model_fn):
        """The model function as an Estimator calls it."""
        def called(features, labels, mode, config, params):
            taken = fn_args(model_fn)
            if "labels" not in taken and labels is not None:
                raise ValueError("model_fn does not take labels, but input_fn returns labels.")
            if "params" not in taken:
                raise ValueError(
                    f"model_fn ({model_fn}) does not include params argument, required by "
                    "TPUEstimator to pass batch size as params['batch_size']"
                )
            if self._input_was_made:  # not where a model is exported, for batches of any size
                params = self._with_batch_size(params, mode)
            self._input_was_made, params["use_tpu"] = False, False
            logging.info("Running %s on CPU", mode)
            spec = call_with(model_fn, {"features": features}, labels=labels, mode=mode,
                             params=params, config=config)  # fmt: skip
            spec = spec.as_estimator_spec() if isinstance(spec, TPUEstimatorSpec) else spec
            if not any(self._every.values()):
                return spec
            hooks = (*spec.training_hooks, self._speed(mode, config))
            return spec._replace(training_hooks=hooks)

        return called

    def _speed(self, mode, config):
        folder = self.model_dir if not config or config.save_summary_steps else None
        return ExamplesPerSecondHook(self._sizes[mode], output_dir=folder, **self._every)

    def _export_all_saved_models(self, *args, **kwargs):
        if not (self._export_to_cpu or self._export_to_tpu):
            raise ValueError("One of export_to_cpu and export_to_tpu must be true.")
        _refuse(self._export_to_tpu, "export_to_tpu=True", "Give export_to_tpu=False.")
        return super()._export_all_saved_models(*args, **kwargs)


def _refuse(asked, what, mend):
    if asked:
        text = f"tf.contrib.tpu.TPUEstimator({what}): minitf has no TPUs. {mend}"
        raise UnimplementedError(None, None, text)


def _how_often_to_log(config):
    """The arguments of a hook: a run of a TPU would make several steps, and could tell after it."""
    number, unit = parse_iterations_per_loop(config.tpu_config.iterations_per_loop)
    steps = config.log_step_count_steps
    if unit == "seconds":
        return {"every_n_steps": None, "every_n_secs": number}
    return {"every_n_steps": steps and -(-steps // number), "every_n_secs": None}


class ExamplesPerSecondHook(StepCounterHook):
    """Tells how many steps, and how many examples, are made in a second."""

    def __init__(self, batch_size, every_n_steps=100, every_n_secs=None, output_dir=None,
                 summary_writer=None):
        self._batch_size = batch_size
        super().__init__(every_n_steps, every_n_secs, output_dir, summary_writer)

    def _log_and_record(self, elapsed_steps, elapsed_time, global_step):
        steps = elapsed_steps / elapsed_time
        found = {"global_step/sec": steps}
        if self._batch_size is not None:
            found["examples/sec"] = self._batch_size * steps
        for tag, value in found.items():
            if self._summary_writer is not None:
                summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
                self._summary_writer.add_summary(summary, global_step)
            logging.info("%s: %g", tag, value)

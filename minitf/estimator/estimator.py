"""tf.estimator.Estimator: a model function, trained, evaluated and served from one folder."""
import copy
import os

from minitf import logging
from minitf.core.graph import (
    Graph,
    add_to_collection,
    device,
    get_collection,
    get_default_graph,
    set_random_seed,
)
from minitf.core.graph_keys import GraphKeys
from minitf.distribute.contexts import get_strategy, has_strategy
from minitf.distribute.inputs import InputContext
from minitf.distribute.strategy import DEFAULT
from minitf.estimator import checks, exporting, metric_results
from minitf.estimator.functions import call_with, fn_args, parse_input_fn_result
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import EstimatorSpec, verify_model_fn_args
from minitf.estimator.run_config import TaskType
from minitf.ops.control_flow.control import group
from minitf.summary.numeric import scalar
from minitf.train.basic_session_run_hooks import (
    LoggingTensorHook,
    NanTensorHook,
    StopAtStepHook,
)
from minitf.train.checkpoint_management import latest_checkpoint
from minitf.train.checkpoint_utils import list_variables, load_variable
from minitf.train.evaluation import StopAfterNEvalsHook, evaluate_once, get_or_create_eval_step
from minitf.train.global_step import create_global_step, get_global_step, global_step_read
from minitf.train.monitored_session import MonitoredSession, MonitoredTrainingSession
from minitf.train.saver import Saver
from minitf.train.saving_hooks import CheckpointSaverHook
from minitf.train.scaffold import ChiefSessionCreator, Scaffold
from minitf.train.warm_starting import warm_start


class Estimator:
    """A model that is trained, evaluated and asked for predictions.

    `model_fn(features, labels, mode, params, config)` builds it and returns an EstimatorSpec; all
    arguments but the first may be left out of it. Each call builds a graph of its own, and goes on
    from the newest checkpoint in `model_dir`, a folder for a while if None. `warm_start_from` is a
    checkpoint, a SavedModel or WarmStartSettings for the first time. ValueError for a function of
    other arguments, for params that it does not take, and for subclasses that override methods.
    """

    def __init__(self, model_fn, model_dir=None, config=None, params=None, warm_start_from=None):
        type(self)._assert_members_are_not_overridden(self)
        self._config = checks.with_model_dir(config, model_dir)
        self._model_dir = self._config.model_dir
        self._session_config = self._config.session_config
        logging.info("Using config: %s", str(vars(self._config)))
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        verify_model_fn_args(model_fn, params)
        self._model_fn, self._params = model_fn, copy.deepcopy(params or {})
        self._warm_start_settings = checks.warm_start_settings(warm_start_from)

    model_dir = property(lambda self: self._model_dir)
    config = property(lambda self: copy.deepcopy(self._config))
    params = property(lambda self: copy.deepcopy(self._params))

    def _assert_members_are_not_overridden(self):
        """What a subclass that overrides methods overrides, too: so does AdaNet's."""
        checks.check_not_overridden(Estimator, self)

    @property
    def model_fn(self):
        """The model function with `params` filled in."""

        def public_model_fn(features, labels, mode, config):
            return self._call_model_fn(features, labels, mode, config)

        return public_model_fn

    # -- what is saved ---------------------------------------------------------------------------

    def get_variable_value(self, name):
        """The saved value of a variable, an array. ValueError before there is a checkpoint."""
        checks.check_trained(self.model_dir)
        return load_variable(self.model_dir, name)

    def get_variable_names(self):
        """The names of saved variables, sorted. ValueError before there is a checkpoint."""
        checks.check_trained(self.model_dir)
        return [name for name, _ in list_variables(self.model_dir)]

    def latest_checkpoint(self):
        """The path of the newest checkpoint, or None."""
        return latest_checkpoint(self.model_dir)

    def eval_dir(self, name=None):
        """The folder that evaluations of this name are written into."""
        return os.path.join(self._model_dir, f"eval_{name}" if name else "eval")

    # -- training --------------------------------------------------------------------------------

    def train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        """Train for `steps` more steps, or up to step `max_steps`, or until there is no more input.

        ValueError for both, or for numbers that are not positive; TypeError for hooks that are
        none. Returns self.
        """
        if self.config.task_type in (TaskType.EVALUATOR, TaskType.PS):
            raise ValueError(
                "Train has been called wrong configuration. Please use "
                "tf.estimator.train_and_evaluate which calls proper API according to given "
                f"configuration. Current configuration: {self.config}."
            )
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        checks.check_positive("steps", steps)
        checks.check_positive("max_steps", max_steps)
        if max_steps is not None and max_steps <= checks.saved_step(self._model_dir):
            logging.info("Skipping training since max_steps has already saved.")
            return self
        hooks = checks.hooks(hooks)
        if steps is not None or max_steps is not None:
            hooks.append(StopAtStepHook(steps, max_steps))
        loss = self._train_model(input_fn, hooks, checks.listeners(saving_listeners))
        logging.info("Loss for final step: %s.", loss)
        return self

    def _train_model(self, input_fn, hooks, listeners):
        graph = Graph()
        strategy = self._strategy(ModeKeys.TRAIN)
        with graph.as_default(), strategy.scope(), graph.device(self._config.device_fn):
            set_random_seed(self._config.tf_random_seed)
            self._create_and_assert_global_step(graph)
            global_step_read(graph)
            features, labels, input_hooks = self._inputs(input_fn, ModeKeys.TRAIN)
            spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self.config)
            return self._train_with_spec(spec, [*input_hooks], hooks, listeners)

    def _train_with_spec(self, spec, worker_hooks, hooks, listeners):
        self._warm_start(None)
        if not any(found.op.name == "loss" for found in get_collection(GraphKeys.SUMMARIES)):
            scalar("loss", spec.loss)
        add_to_collection(GraphKeys.LOSSES, spec.loss)
        worker_hooks += [*hooks, NanTensorHook(spec.loss)]
        config = self._config
        if config.log_step_count_steps is not None:
            logged = {"loss": spec.loss, "step": get_global_step()}
            worker_hooks.append(
                LoggingTensorHook(logged, every_n_iter=config.log_step_count_steps)
            )
        worker_hooks += spec.training_hooks
        if not (spec.scaffold.saver or get_collection(GraphKeys.SAVERS)):
            add_to_collection(GraphKeys.SAVERS, Saver(
                sharded=True, max_to_keep=config.keep_checkpoint_max,
                keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
                defer_build=True, save_relative_paths=True,
            ))  # fmt: skip
        chief_hooks = self._saver_hooks(spec, worker_hooks, listeners)
        with MonitoredTrainingSession(
            master=config.master, is_chief=config.is_chief, checkpoint_dir=self._model_dir,
            scaffold=spec.scaffold, hooks=worker_hooks,
            chief_only_hooks=[*chief_hooks, *spec.training_chief_hooks], save_checkpoint_secs=0,
            save_summaries_steps=config.save_summary_steps, config=self._session_config,
            max_wait_secs=config.session_creation_timeout_secs,
            log_step_count_steps=config.log_step_count_steps,
        ) as session:  # fmt: skip
            return self._run_steps(session, spec)

    def _saver_hooks(self, spec, worker_hooks, listeners):
        """A hook that saves, unless the model or its user has one, which gets the listeners."""
        config, made = self._config, []
        there = [hook for hook in [*worker_hooks, *spec.training_chief_hooks]
                 if isinstance(hook, CheckpointSaverHook)]  # fmt: skip
        if not there and (config.save_checkpoints_secs or config.save_checkpoints_steps):
            made = there = [CheckpointSaverHook(
                self._model_dir, config.save_checkpoints_secs, config.save_checkpoints_steps,
                scaffold=spec.scaffold,
            )]  # fmt: skip
        if listeners and not there:
            raise ValueError(
                "There should be a CheckpointSaverHook to use saving_listeners. Please set one of "
                "the RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
            )
        if listeners:
            known = there[0]._listeners
            known += [listener for listener in listeners if listener not in known]
        return made

    def _run_steps(self, session, spec):
        loss, any_step_done = None, False
        while not session.should_stop():
            _, loss = session.run([spec.train_op, spec.loss])
            any_step_done = True
        if not any_step_done:
            logging.warning("Training with estimator made no steps. Perhaps input is empty or "
                            "misspecified.")  # fmt: skip
        return loss

    # -- evaluation ------------------------------------------------------------------------------

    def evaluate(self, input_fn, steps=None, hooks=None, checkpoint_path=None, name=None):
        """Metrics by name, with "loss" and "global_step", over `steps` batches or all the input.

        They are written into `eval_dir(name)`, too. The variables are those of a checkpoint, the
        newest one if None. ValueError for steps that are not positive, and for metrics of the two
        names.
        """
        hooks = checks.hooks(hooks)
        checks.check_positive("steps", steps)
        if steps is not None:
            hooks.append(StopAfterNEvalsHook(steps))
        checkpoint_path = self._checkpoint(checkpoint_path, "evaluate")
        with Graph().as_default(), self._strategy(ModeKeys.EVAL).scope():
            made = self._evaluation(input_fn, hooks, checkpoint_path)
            return self._evaluated(*made, checkpoint_path, self.eval_dir(name))

    def _evaluation(self, input_fn, hooks, checkpoint_path=None):
        """(scaffold, update, values, hooks) of an evaluation, built in the default graph."""
        graph = get_default_graph()
        set_random_seed(self._config.tf_random_seed)
        self._create_and_assert_global_step(graph)
        features, labels, input_hooks = self._inputs(input_fn, ModeKeys.EVAL)
        spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self.config)
        update, values = metric_results.updates_and_values(spec)
        step = get_global_step(graph)
        self._warm_start(checkpoint_path)
        values = metric_results.with_step(values, step)
        hooks = [*input_hooks, *hooks, *spec.evaluation_hooks]
        return _evaluation_scaffold(spec), update, values, hooks

    def _evaluated(self, scaffold, update, values, hooks, checkpoint_path, folder):
        """The metrics by name, which are written into a folder."""
        results = evaluate_once(
            checkpoint_path, self._config.evaluation_master, scaffold, update, final_ops=values,
            hooks=hooks, config=self._session_config,
        )  # fmt: skip
        metric_results.write(folder, results, checkpoint_path)
        return results

    def _checkpoint(self, path, purpose):
        """The path of the checkpoint to use, None when there is none."""
        path = path or latest_checkpoint(self._model_dir)
        if not path:
            logging.info("Could not find trained model in model_dir: %s, running initialization "
                         "to %s.", self._model_dir, purpose)  # fmt: skip
        return path

    # -- prediction ------------------------------------------------------------------------------

    def predict(self, input_fn, predict_keys=None, hooks=None, checkpoint_path=None,
                yield_single_examples=True):
        """The predictions for one example after the other, or for batches.

        `predict_keys` are the names of those that are asked for. ValueError when there are none
        of these names, or the predictions differ in their number of examples.
        """
        hooks = checks.hooks(hooks)
        checkpoint_path = self._checkpoint(checkpoint_path, "predict")
        with Graph().as_default() as graph:
            set_random_seed(self._config.tf_random_seed)
            self._create_and_assert_global_step(graph)
            features, _, input_hooks = self._inputs(input_fn, ModeKeys.PREDICT)
            checks.warn_if_endless(features)
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
            self._warm_start(checkpoint_path)
            wanted = checks.chosen(spec.predictions, predict_keys)
            creator = ChiefSessionCreator(
                spec.scaffold, self._config.master, self._session_config,
                checkpoint_filename_with_path=checkpoint_path,
            )  # fmt: skip
            all_hooks = [*input_hooks, *hooks, *spec.prediction_hooks]
            with MonitoredSession(session_creator=creator, hooks=all_hooks) as session:
                while not session.should_stop():
                    found = session.run(wanted)
                    yield from checks.examples(found) if yield_single_examples else [found]

    # -- exporting -------------------------------------------------------------------------------

    def export_saved_model(self, export_dir_base, serving_input_receiver_fn, assets_extra=None,
                           as_text=False, checkpoint_path=None,
                           experimental_mode=ModeKeys.PREDICT):
        """Write the model as a SavedModel into a new folder below `export_dir_base`; its path,
        bytes.

        `assets_extra` are paths of files to be copied, by the names that they get. ValueError
        without a function, or a checkpoint.
        """
        if not serving_input_receiver_fn:
            raise ValueError("An input_receiver_fn must be defined.")
        return self._export_all_saved_models(
            export_dir_base, {experimental_mode: serving_input_receiver_fn}, assets_extra, as_text,
            checkpoint_path, strip_default_attrs=True,
        )  # fmt: skip

    def export_savedmodel(self, export_dir_base, serving_input_receiver_fn, assets_extra=None,
                          as_text=False, checkpoint_path=None, strip_default_attrs=False):
        """`export_saved_model` under its former name."""
        if not serving_input_receiver_fn:
            raise ValueError("An input_receiver_fn must be defined.")
        return self._export_all_saved_models(
            export_dir_base, {ModeKeys.PREDICT: serving_input_receiver_fn}, assets_extra, as_text,
            checkpoint_path, strip_default_attrs,
        )  # fmt: skip

    def experimental_export_all_saved_models(self, export_dir_base, input_receiver_fn_map,
                                             assets_extra=None, as_text=False,
                                             checkpoint_path=None):
        """A SavedModel of several graphs, for the modes that there are functions for."""
        return self._export_all_saved_models(export_dir_base, input_receiver_fn_map, assets_extra,
                                             as_text, checkpoint_path)  # fmt: skip

    def _export_all_saved_models(self, export_dir_base, input_receiver_fn_map, assets_extra=None,
                                 as_text=False, checkpoint_path=None, strip_default_attrs=True):
        return exporting.export(self, export_dir_base, input_receiver_fn_map, assets_extra,
                                as_text, checkpoint_path, strip_default_attrs)  # fmt: skip

    # -- building --------------------------------------------------------------------------------

    def _create_global_step(self, graph):
        return create_global_step(graph)

    def _create_and_assert_global_step(self, graph):
        step = self._create_global_step(graph)
        if step is not get_global_step():
            raise AssertionError("the global step that was made is not that of the graph")
        return step

    def _strategy(self, mode):
        """That of the configuration for training or evaluation."""
        config = self._config
        found = {ModeKeys.TRAIN: config.train_distribute, ModeKeys.EVAL: config.eval_distribute}
        return found[mode] or DEFAULT

    def _inputs(self, input_fn, mode):
        context = InputContext() if has_strategy() else None
        return parse_input_fn_result(self._call_input_fn(input_fn, mode, context))

    def _call_input_fn(self, input_fn, mode, input_context=None):
        given = {} if input_context is None else {"input_context": input_context}
        with device("/cpu:0"):
            return call_with(input_fn, {}, mode=mode, params=self.params, config=self.config,
                             **given)  # fmt: skip

    def _call_model_fn(self, features, labels, mode, config):
        taken = fn_args(self._model_fn)
        if "labels" not in taken and labels is not None:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        logging.info("Calling model_fn.")
        optional = {"labels": labels, "mode": mode, "params": self.params, "config": config}
        spec = get_strategy().extended.call_for_each_replica(
            call_with, (self._model_fn, {"features": features}), optional
        )
        logging.info("Done calling model_fn.")
        if not isinstance(spec, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return spec

    def _warm_start(self, checkpoint_path):
        if not checkpoint_path and self._warm_start_settings:
            logging.info("Warm-starting with WarmStartSettings: %s", (self._warm_start_settings,))
            warm_start(*self._warm_start_settings)


def _evaluation_scaffold(spec):
    """The scaffold of a spec; what it initializes comes with the local variables of metrics."""
    if not spec.scaffold.local_init_op:
        return spec.scaffold
    get_or_create_eval_step()
    both = group(spec.scaffold.local_init_op, Scaffold.default_local_init_op())
    return Scaffold(local_init_op=both, copy_from_scaffold=spec.scaffold)

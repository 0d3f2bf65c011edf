"""What evaluates a checkpoint: runs that are counted, and what is read at their end."""
import time

from minitf import logging
from minitf.core.dtypes import int64
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import identity
from minitf.ops.state.assign import assign_add
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable
from minitf.train.basic_session_run_hooks import FinalOpsHook
from minitf.train.monitored_session import MonitoredSession
from minitf.train.scaffold import ChiefSessionCreator
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook


def get_or_create_eval_step():
    """The variable eval_step, which counts evaluations. ValueError where there are several."""
    found = get_default_graph().get_collection(GraphKeys.EVAL_STEP)
    if len(found) > 1:
        raise ValueError("Multiple tensors added to tf.GraphKeys.EVAL_STEP")
    if found:
        return found[0]
    collections = [GraphKeys.LOCAL_VARIABLES, GraphKeys.EVAL_STEP]
    return get_variable("eval_step", shape=[], dtype=int64, initializer=Zeros(), trainable=False,
                        collections=collections)  # fmt: skip


class StopAfterNEvalsHook(SessionRunHook):
    """Stops after `num_evals` runs, never for None; `log_progress` logs them, ten times at most."""

    def __init__(self, num_evals, log_progress=True):
        self._num_evals, self._log_progress, self._evals_completed = num_evals, log_progress, None
        few = num_evals is None or num_evals < 20
        self._log_frequency = 1 if few else num_evals // 10

    def _set_evals_completed_tensor(self, updated_eval_step):
        self._evals_completed = updated_eval_step

    def before_run(self, run_context):
        return SessionRunArgs({"evals_completed": self._evals_completed})

    def after_run(self, run_context, run_values):
        done = run_values.results["evals_completed"]
        if self._log_progress:
            self._log(done)
        if self._num_evals is not None and done >= self._num_evals:
            run_context.request_stop()

    def _log(self, done):
        if self._num_evals is None:
            logging.info("Evaluation [%d]", done)
        elif done % self._log_frequency == 0 or done == self._num_evals:
            logging.info("Evaluation [%d/%d]", done, self._num_evals)


def counted(eval_ops, update):
    """The ops of a run, and what counts it."""
    if isinstance(eval_ops, dict):
        eval_ops["update_eval_step"] = update
        return eval_ops
    return [*eval_ops, update] if isinstance(eval_ops, (tuple, list)) else [eval_ops, update]


def tell(hooks, tensor):
    for hook in hooks:
        if isinstance(hook, StopAfterNEvalsHook):
            hook._set_evals_completed_tensor(tensor)


def evaluate_once(
    checkpoint_path, master="", scaffold=None, eval_ops=None, feed_dict=None, final_ops=None,
    final_ops_feed_dict=None, hooks=None, config=None,
):  # fmt: skip
    """Run `eval_ops` with the variables of a checkpoint until a hook stops it, then `final_ops`,
    whose values are returned."""
    step, hooks = get_or_create_eval_step(), list(hooks or [])
    if eval_ops is not None:
        eval_ops = counted(eval_ops, assign_add(step, 1, use_locking=True))
        listed = list(eval_ops.values()) if isinstance(eval_ops, dict) else eval_ops
        with control_dependencies(listed):
            tell(hooks, identity(step.read_value()))
    final = FinalOpsHook(final_ops, final_ops_feed_dict)
    creator = ChiefSessionCreator(scaffold, master, config,
                                  checkpoint_filename_with_path=checkpoint_path)  # fmt: skip
    logging.info("Starting evaluation at " + time.strftime("%Y-%m-%dT%H:%M:%SZ"))
    with MonitoredSession(session_creator=creator, hooks=[*hooks, final]) as session:
        if eval_ops is not None:
            while not session.should_stop():
                session.run(eval_ops, feed_dict)
    logging.info("Finished evaluation at " + time.strftime("%Y-%m-%d-%H:%M:%S"))
    return final.final_ops_values

"""Evaluation of checkpoints: `tf.contrib.training.evaluate_once`, `evaluate_repeatedly`, ..."""
import time

from minitf import logging, summary
from minitf.core.dtypes import int64
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import identity
from minitf.ops.state.assign import assign_add
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable
from minitf.train.basic_session_run_hooks import FinalOpsHook
from minitf.train.checkpoint_management import latest_checkpoint
from minitf.train.global_step import get_or_create_global_step, global_step
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


# -- hooks ----------------------------------------------------------------------------------------


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


class SummaryAtEndHook(SessionRunHook):
    """Writes summaries (all those of the graph for None) when the session ends.

    ValueError without a `log_dir` and a `summary_writer`.
    """

    def __init__(self, log_dir=None, summary_writer=None, summary_op=None, feed_dict=None):
        if log_dir is None and summary_writer is None:
            raise ValueError("One of log_dir or summary_writer should be used.")
        self._summary_op, self._all = summary_op, summary_op is None
        self._log_dir, self._summary_writer, self._feed_dict = log_dir, summary_writer, feed_dict

    def begin(self):
        if self._all:
            self._summary_op = summary.merge_all()
        self._global_step = get_or_create_global_step()

    def after_create_session(self, session, coord):
        if self._summary_writer is None and self._log_dir:
            self._summary_writer = summary.FileWriterCache.get(self._log_dir)

    def end(self, session):
        if self._summary_op is not None:
            step = global_step(session, self._global_step)
            written = session.run(self._summary_op, self._feed_dict)
            if self._summary_writer:
                self._summary_writer.add_summary(written, step)
        if self._summary_writer:
            self._summary_writer.flush()


# -- checkpoints ----------------------------------------------------------------------------------


def wait_for_new_checkpoint(checkpoint_dir, last_checkpoint=None, seconds_to_sleep=1,
                            timeout=None):  # fmt: skip
    """The newest checkpoint of a folder, once it is not `last_checkpoint`; None after `timeout`
    seconds."""
    logging.info("Waiting for new checkpoint at %s", checkpoint_dir)
    end = None if timeout is None else time.time() + timeout
    while True:
        path = latest_checkpoint(checkpoint_dir)
        if path is not None and path != last_checkpoint:
            logging.info("Found new checkpoint at %s", path)
            return path
        if end is not None and time.time() + seconds_to_sleep > end:
            return None
        time.sleep(seconds_to_sleep)


def checkpoints_iterator(checkpoint_dir, min_interval_secs=0, timeout=None, timeout_fn=None):
    """Each new checkpoint of a folder, at least `min_interval_secs` after the one before.

    It ends after `timeout` seconds without one, if `timeout_fn()` does not say no.
    """
    path = None
    while True:
        path_before, path = path, wait_for_new_checkpoint(checkpoint_dir, path, timeout=timeout)
        if path is None:
            if timeout_fn is None:
                logging.info("Timed-out waiting for a checkpoint.")
                return
            if timeout_fn():
                return
            path = path_before
            continue
        started = time.time()
        yield path
        left = started + min_interval_secs - time.time()
        if left > 0:
            time.sleep(left)


# -- evaluation -----------------------------------------------------------------------------------


def _counted(eval_ops, update):
    """The ops of a run, and what counts it."""
    if isinstance(eval_ops, dict):
        eval_ops["update_eval_step"] = update
        return eval_ops
    return [*eval_ops, update] if isinstance(eval_ops, (tuple, list)) else [eval_ops, update]


def _tell(hooks, tensor):
    for hook in hooks:
        if isinstance(hook, StopAfterNEvalsHook):
            hook._set_evals_completed_tensor(tensor)


def _runs(creator, hooks, eval_ops, feed_dict):
    with MonitoredSession(session_creator=creator, hooks=hooks) as session:
        logging.info("Starting evaluation at " + time.strftime("%Y-%m-%dT%H:%M:%SZ"))
        if eval_ops is not None:
            while not session.should_stop():
                session.run(eval_ops, feed_dict)
        logging.info("Finished evaluation at " + time.strftime("%Y-%m-%d-%H:%M:%S"))


def evaluate_once(
    checkpoint_path, master="", scaffold=None, eval_ops=None, feed_dict=None, final_ops=None,
    final_ops_feed_dict=None, hooks=None, config=None,
):  # fmt: skip
    """Run `eval_ops` with the variables of a checkpoint until a hook stops it, then `final_ops`,
    whose values are returned."""
    step, hooks = get_or_create_eval_step(), list(hooks or [])
    if eval_ops is not None:
        eval_ops = _counted(eval_ops, assign_add(step, 1, use_locking=True))
        listed = list(eval_ops.values()) if isinstance(eval_ops, dict) else eval_ops
        with control_dependencies(listed):
            _tell(hooks, identity(step.read_value()))
    final = FinalOpsHook(final_ops, final_ops_feed_dict)
    creator = ChiefSessionCreator(scaffold, master, config,
                                  checkpoint_filename_with_path=checkpoint_path)  # fmt: skip
    _runs(creator, [*hooks, final], eval_ops, feed_dict)
    return final.final_ops_values


def evaluate_repeatedly(
    checkpoint_dir, master="", scaffold=None, eval_ops=None, feed_dict=None, final_ops=None,
    final_ops_feed_dict=None, eval_interval_secs=60, hooks=None, config=None,
    max_number_of_evaluations=None, timeout=None, timeout_fn=None,
):  # fmt: skip
    """`evaluate_once` of each new checkpoint of a folder; the values of the last one.

    It ends after `max_number_of_evaluations`, or as `checkpoints_iterator` says.
    """
    step, hooks = get_or_create_eval_step(), list(hooks or [])
    if eval_ops is not None:
        update = assign_add(step, 1)
        _tell(hooks, update)
        eval_ops = _counted(eval_ops, update)
    final = FinalOpsHook(final_ops, final_ops_feed_dict)
    paths = checkpoints_iterator(checkpoint_dir, eval_interval_secs, timeout, timeout_fn)
    for count, path in enumerate(paths, 1):
        creator = ChiefSessionCreator(scaffold, master, config, checkpoint_filename_with_path=path)
        _runs(creator, [*hooks, final], eval_ops, feed_dict)
        if max_number_of_evaluations is not None and count >= max_number_of_evaluations:
            break
    return final.final_ops_values

"""Evaluation of checkpoints: `tf.contrib.training.evaluate_once`, `evaluate_repeatedly`, ..."""
import time

from minitf import logging, summary
from minitf.ops.state.assign import assign_add
from minitf.train.basic_session_run_hooks import FinalOpsHook
from minitf.train.checkpoint_management import latest_checkpoint
from minitf.train.evaluation import (  # noqa: F401  tf.contrib.training has them, too
    StopAfterNEvalsHook,
    counted,
    evaluate_once,
    get_or_create_eval_step,
    tell,
)
from minitf.train.global_step import get_or_create_global_step, global_step
from minitf.train.monitored_session import MonitoredSession
from minitf.train.scaffold import ChiefSessionCreator
from minitf.train.session_run_hook import SessionRunHook


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


def _runs(creator, hooks, eval_ops, feed_dict):
    with MonitoredSession(session_creator=creator, hooks=hooks) as session:
        logging.info("Starting evaluation at " + time.strftime("%Y-%m-%dT%H:%M:%SZ"))
        if eval_ops is not None:
            while not session.should_stop():
                session.run(eval_ops, feed_dict)
        logging.info("Finished evaluation at " + time.strftime("%Y-%m-%d-%H:%M:%S"))


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
        tell(hooks, update)
        eval_ops = counted(eval_ops, update)
    final = FinalOpsHook(final_ops, final_ops_feed_dict)
    paths = checkpoints_iterator(checkpoint_dir, eval_interval_secs, timeout, timeout_fn)
    for count, path in enumerate(paths, 1):
        creator = ChiefSessionCreator(scaffold, master, config, checkpoint_filename_with_path=path)
        _runs(creator, [*hooks, final], eval_ops, feed_dict)
        if max_number_of_evaluations is not None and count >= max_number_of_evaluations:
            break
    return final.final_ops_values

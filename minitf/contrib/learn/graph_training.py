"""`tf.contrib.learn.train` and `evaluate`: a graph that is trained, and one that is evaluated."""
import time

import numpy as np

from minitf import logging
from minitf.contrib.framework.checkpoints import load_variable
from minitf.contrib.framework.variables import assert_or_get_global_step
from minitf.contrib.learn import monitors as kinds
from minitf.core.errors import AbortedError, CancelledError, NotFoundError, OutOfRangeError
from minitf.core.graph import add_to_collection, get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.control import group
from minitf.ops.state.variable_lists import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from minitf.ops.tables.initializers import tables_initializer
from minitf.summary.merge import merge_all
from minitf.summary.messages import Summary
from minitf.summary.writer import FileWriterCache
from minitf.train.basic_session_run_hooks import NanLossDuringTrainingError
from minitf.train.coordinator import Coordinator
from minitf.train.queue_runner import start_queue_runners
from minitf.train.saver import Saver
from minitf.train.session_manager import SessionManager
from minitf.train.supervisor import Supervisor


def get_summary_writer(logdir):
    """The FileWriter of a folder, one for all who ask."""
    return FileWriterCache.get(logdir)


def clear_summary_writers():
    """Close and forget these."""
    FileWriterCache.clear()


# -- training -------------------------------------------------------------------------------------


def train(graph, output_dir, train_op, loss_op, global_step_tensor=None, init_op=None,
          init_feed_dict=None, init_fn=None, log_every_steps=10, supervisor_is_chief=True,
          supervisor_master="", supervisor_save_model_secs=600, keep_checkpoint_max=5,
          supervisor_save_summaries_steps=100, feed_fn=None, steps=None, fail_on_nan_loss=True,
          monitors=None, max_steps=None):  # fmt: skip
    """The last loss of running `train_op` for `steps` more, up to step `max_steps`, until a monitor
    says stop, or without end.

    Checkpoints are in `output_dir`, where it goes on from the newest, and summaries, unless there
    are other `monitors`. `feed_fn()` gives the feed of a step. ValueError for what is missing,
    NanLossDuringTrainingError for a loss that is NaN, if that fails.
    """
    _check(output_dir, train_op, loss_op, steps, max_steps)
    with graph.as_default():
        step = assert_or_get_global_step(graph, global_step_tensor)
        if step is None:
            raise ValueError('No "global_step" was provided or found in the graph.')
        if max_steps is None and steps:
            max_steps = _first_step(output_dir, step) + steps
        writer = get_summary_writer(output_dir) if supervisor_is_chief else None
        monitors = _chosen(monitors, supervisor_is_chief, loss_op, supervisor_save_summaries_steps,
                           writer)  # fmt: skip
        for monitor in monitors:
            monitor.begin(max_steps=max_steps)
    supervisor = Supervisor(
        graph, init_op=init_op or Supervisor.USE_DEFAULT, init_feed_dict=init_feed_dict,
        is_chief=supervisor_is_chief, logdir=output_dir, saver=_saver(graph, keep_checkpoint_max),
        global_step=step, summary_op=None, summary_writer=writer,
        save_model_secs=supervisor_save_model_secs, init_fn=init_fn,
    )  # fmt: skip
    while True:
        try:
            training = _Training(supervisor, monitors, step, max_steps, log_every_steps)
            return training.run(supervisor_master, train_op, loss_op, feed_fn, fail_on_nan_loss)
        except AbortedError:  # noqa: PERF203  a training takes long
            logging.warning("Training got Aborted error. Keep training.")


def _check(output_dir, train_op, loss_op, steps, max_steps):
    if steps is not None and max_steps is not None:
        raise ValueError("Can not provide both steps and max_steps.")
    if not output_dir:
        raise ValueError(f"Output directory should be non-empty {output_dir}.")
    if train_op is None:
        raise ValueError("Missing train_op.")
    if loss_op is None:
        raise ValueError("Missing loss_op.")


def _first_step(output_dir, step):
    try:
        return int(load_variable(output_dir, step.op.name))
    except (NotFoundError, ValueError):
        return 0


def _chosen(monitors, is_chief, loss_op, save_summary_steps, writer):
    if not monitors and is_chief:
        return kinds.get_default_monitors(loss_op=loss_op, summary_op=merge_all(),
                                          save_summary_steps=save_summary_steps,
                                          summary_writer=writer)  # fmt: skip
    return [each for each in monitors or () if is_chief or each.run_on_all_workers]


def _saver(graph, keep_checkpoint_max):
    kept = (*graph.get_collection(GraphKeys.GLOBAL_VARIABLES),
            *graph.get_collection(GraphKeys.SAVEABLE_OBJECTS))  # fmt: skip
    return Saver(list(kept), sharded=True, max_to_keep=keep_checkpoint_max) if kept else None


class _Training:
    def __init__(self, supervisor, monitors, step, max_steps, log_every_steps):
        self._supervisor, self._monitors, self._step = supervisor, monitors, step
        self._max_steps, self._log_every_steps, self._loss = max_steps, log_every_steps, None

    def run(self, master, train_op, loss_op, feed_fn, fails_on_nan):
        session = self._supervisor.prepare_or_wait_for_session(master, start_standard_services=True)
        with session:
            try:
                self._steps(session, train_op, loss_op, feed_fn, fails_on_nan)
            except OutOfRangeError as error:
                logging.warn("Got exception during tf.learn training loop possibly due to "
                             "exhausted input queue %s.", error)  # fmt: skip
            except StopIteration:
                logging.info("Exhausted input iterarator.")
            except BaseException:
                self._end_after_error(session)
                raise
            self._end(session)
        return self._loss

    def _steps(self, session, train_op, loss_op, feed_fn, fails_on_nan):
        last = logged = session.run(self._step)
        logging.info("Training steps [%d,%s)", last,
                     "inf" if self._max_steps is None else self._max_steps)  # fmt: skip
        while not self._supervisor.should_stop() and (
            self._max_steps is None or last < self._max_steps
        ):
            begin, feed = time.time(), None if feed_fn is None else feed_fn()
            outputs, stops = self._run_step(session, last + 1, [train_op, loss_op], feed)
            self._loss = outputs[loss_op.name]
            if np.isnan(self._loss):
                if fails_on_nan:
                    logging.error("Model diverged with loss = NaN.")
                    raise NanLossDuringTrainingError()
                logging.warning("Model diverged with loss = NaN.")
            if stops:
                return
            now = session.run(self._step)
            if now <= last:
                logging.error("Global step was not incremented by train op at step %s: new step %d",
                              last, now)  # fmt: skip
            last = now
            if last == self._max_steps or last - logged >= self._log_every_steps:
                logging.info("training step %d, loss = %.5f (%.3f sec/batch).", last, self._loss,
                             time.time() - begin)  # fmt: skip
                logged = last

    def _run_step(self, session, step, tensors, feed_dict):
        """({name: value}, whether a monitor says stop)."""
        for monitor in self._monitors:
            tensors = tensors + monitor.step_begin(step)
        tensors = list(dict.fromkeys(tensors))
        values = session.run(tensors, feed_dict=feed_dict)
        names = [each.name if isinstance(each, Tensor) else each for each in tensors]
        outputs = dict(zip(names, values))
        stops = [monitor.step_end(step, outputs) for monitor in self._monitors]
        return outputs, any(stops)

    def _end(self, session):
        """A last checkpoint."""
        try:
            self._supervisor.stop(close_summary_writer=False)
            if self._supervisor.is_chief:
                last = session.run(self._step)
                self._supervisor.saver.save(session, self._supervisor.save_path, global_step=last)
                for monitor in self._monitors:
                    monitor.end()
        except OutOfRangeError as error:
            logging.warn("OutOfRangeError in tf.learn final checkpoint possibly due to exhausted "
                         "input queue. Note: summary_op is not expected to trigger dequeues. %s.",
                         error)  # fmt: skip

    def _end_after_error(self, session):
        try:
            self._end(session)
        except BaseException as error:
            logging.error("Got exception during tf.learn final checkpoint %s.", error)


# -- evaluation -----------------------------------------------------------------------------------


def evaluate(graph, output_dir, checkpoint_path, eval_dict, update_op=None, global_step_tensor=None,
             supervisor_master="", log_every_steps=10, feed_fn=None, max_steps=None):
    """({name: value} of `eval_dict`, the global step) after up to `max_steps` runs of `update_op`,
    or of it itself without; variables are those of the newest checkpoint in a folder.

    The values are written as a summary into `output_dir`. ValueError without one.
    """
    if not output_dir:
        raise ValueError(f"Output directory should be non-empty {output_dir}.")
    with graph.as_default():
        step = assert_or_get_global_step(graph, global_step_tensor)
        saver = _kept(GraphKeys.SAVERS, Saver if global_variables() else None)
        manager = SessionManager(
            local_init_op=_kept(GraphKeys.LOCAL_INIT_OP, _local_init_op),
            ready_op=_kept(GraphKeys.READY_OP, report_uninitialized_variables),
            ready_for_local_init_op=_kept(GraphKeys.READY_FOR_LOCAL_INIT_OP, None),
        )
        session, ready = manager.recover_session(master=supervisor_master, saver=saver,
                                                 checkpoint_dir=checkpoint_path)  # fmt: skip
        coord = Coordinator()
        threads = start_queue_runners(session, coord)
        if not ready:
            logging.warning("Failed to initialize from %s.", checkpoint_path)
            session.run(global_variables_initializer())
            if checkpoint_path and saver is not None:
                saver.restore(session, checkpoint_path)
    current = session.run(step)
    results = _evaluated(session, eval_dict, update_op, log_every_steps, feed_fn, max_steps)
    session.close()
    try:
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=120)
    except (RuntimeError, CancelledError) as error:
        logging.warning("Coordinator didn't stop cleanly: %s", error)
    _write_results(output_dir, results, current)
    return results, current


def _kept(collection, make):
    """The first of a collection, or what is made for it."""
    found = get_collection(collection)
    if not found and make is not None:
        add_to_collection(collection, make())
        found = get_collection(collection)
    return found[0] if found else None


def _local_init_op():
    return group(local_variables_initializer(), tables_initializer())


def _evaluated(session, eval_dict, update_op, log_every_steps, feed_fn, max_steps):
    step, at, results, feed = 0, None, None, None
    try:
        while max_steps is None or step < max_steps:
            step, begin = step + 1, time.time()
            feed = None if feed_fn is None else feed_fn()
            if update_op is not None:
                session.run(update_op, feed_dict=feed)
            if update_op is None or step % log_every_steps == 0:
                results, at = session.run(eval_dict, feed_dict=feed), step
            if step % log_every_steps == 0:
                logging.info("Results after %d steps (%.3f sec/batch): %s.", step,
                             time.time() - begin, _listed(results))  # fmt: skip
    except (OutOfRangeError, StopIteration) as error:
        logging.info("Input is exhausted: %s.", error)
    if results is None or step != at:
        try:
            results = session.run(eval_dict, feed_dict=feed)
        except OutOfRangeError as error:
            logging.info("Input queue is exhausted: %s.", error)
    return results


def _listed(results):
    return ", ".join(f"{name} = {value}" for name, value in sorted(results.items()))


def _write_results(output_dir, results, step):
    summary, writer = Summary(), get_summary_writer(output_dir)
    for name, value in (results or {}).items():
        if value is None:
            continue
        told = summary.value.add(tag=name)
        if isinstance(value, (float, np.float32)):
            told.simple_value = float(value)
        else:
            logging.warn("Skipping summary for %s, must be a float or np.float32.", name)
    writer.add_summary(summary, step)
    writer.flush()

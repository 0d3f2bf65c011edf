"""tf.train.Supervisor: initializes or restores a session, and saves and summarizes in threads."""
import contextlib
import os
import time

from minitf import logging
from minitf.core.errors import AbortedError
from minitf.core.graph import add_to_collection, get_collection, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.graph_util.graph_io import write_graph
from minitf.graph_util.meta_graph import create_meta_graph_def
from minitf.ops.control_flow.control import group
from minitf.ops.state.variable_lists import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from minitf.summary.merge import merge_all
from minitf.summary.messages import SessionLog, Summary
from minitf.summary.writer import FileWriter
from minitf.train.coordinator import Coordinator, LooperThread
from minitf.train.global_step import global_step as step_of
from minitf.train.saver import Saver
from minitf.train.session_manager import SessionManager


def basic_train_loop(supervisor, train_step_fn, args=None, kwargs=None, master=""):
    """Call `train_step_fn(session, *args, **kwargs)` in a session of the supervisor until that
    stops; again in a new one after an AbortedError."""
    while True:
        with contextlib.suppress(AbortedError), supervisor.managed_session(master) as sess:
            while not supervisor.should_stop():
                train_step_fn(sess, *(args or ()), **(kwargs or {}))
            return


def _check_devices(graph):
    """ValueError for a variable that a replica would have for itself."""
    for op in graph.get_operations():
        if op.type == "VariableV2" and not op.device:
            raise ValueError(
                f"When using replicas, all Variables must have their device set: '{op.name}' has "
                f"none. Make it in a tf.device(...) block.\n  built at {op.line}"
            )


class Supervisor:
    """Looks after a training program: `managed_session()` is a session that is restored from the
    newest checkpoint in `logdir`, or initialized, with the queue runners started.

    In threads it saves a checkpoint every `save_model_secs` seconds, and summaries every
    `save_summaries_secs`; 0 means never. The ops, the saver and the writer are found in the
    collections of the graph, or made; None means none. The graph is finalized.
    """

    USE_DEFAULT = 0

    def __init__(self, graph=None, ready_op=USE_DEFAULT, ready_for_local_init_op=USE_DEFAULT,
                 is_chief=True, init_op=USE_DEFAULT, init_feed_dict=None,
                 local_init_op=USE_DEFAULT, logdir=None, summary_op=USE_DEFAULT,
                 saver=USE_DEFAULT, global_step=USE_DEFAULT, save_summaries_secs=120,
                 save_model_secs=600, recovery_wait_secs=30, stop_grace_secs=120,
                 checkpoint_basename="model.ckpt", session_manager=None,
                 summary_writer=USE_DEFAULT, init_fn=None, local_init_run_options=None):
        self._graph = graph or get_default_graph()
        with self._graph.as_default():
            keys = GraphKeys
            self._ready_op = _or_made(ready_op, keys.READY_OP, report_uninitialized_variables)
            self._ready_for_local_init_op = _or_made(
                ready_for_local_init_op, keys.READY_FOR_LOCAL_INIT_OP)
            self._init_op = _or_made(init_op, keys.INIT_OP, global_variables_initializer)
            self._local_init_op = _or_made(local_init_op, keys.LOCAL_INIT_OP, _local_init)
            self._saver = _or_made(saver, keys.SAVERS, _saver)
            self._summary_op = _or_made(summary_op, keys.SUMMARY_OP, merge_all)
            self._global_step = _or_made(global_step, keys.GLOBAL_STEP, _global_step)
        self._init_feed_dict, self._init_fn = init_feed_dict, init_fn
        if not is_chief:
            _check_devices(self._graph)
        self._is_chief, self._stop_grace_secs = is_chief, stop_grace_secs
        self._coord = Coordinator()
        self._logdir = logdir if is_chief else None
        self._save_summaries_secs = save_summaries_secs if is_chief else None
        self._save_model_secs = save_model_secs if is_chief else None
        self._save_path = os.path.join(logdir, checkpoint_basename) if self._logdir else None
        self._summary_writer = self._writer(summary_writer)
        self._graph_added = False
        self._session_manager = session_manager or SessionManager(
            self._local_init_op, self._ready_op, self._ready_for_local_init_op, self._graph,
            recovery_wait_secs, local_init_run_options,
        )  # fmt: skip
        self._graph.finalize()

    def _writer(self, given):
        if not self._is_chief:
            return None
        if not _is_default(given):
            return given
        return FileWriter(self._logdir) if self._logdir else None

    is_chief = property(lambda self: self._is_chief)
    session_manager = property(lambda self: self._session_manager)
    coord = property(lambda self: self._coord)
    init_op = property(lambda self: self._init_op)
    init_feed_dict = property(lambda self: self._init_feed_dict)
    ready_op = property(lambda self: self._ready_op)
    ready_for_local_init_op = property(lambda self: self._ready_for_local_init_op)
    summary_writer = property(lambda self: self._summary_writer)
    summary_op = property(lambda self: self._summary_op)
    save_summaries_secs = property(lambda self: self._save_summaries_secs)
    global_step = property(lambda self: self._global_step)
    saver = property(lambda self: self._saver)
    save_model_secs = property(lambda self: self._save_model_secs)
    save_path = property(lambda self: self._save_path)

    # -- sessions --------------------------------------------------------------------------------

    @contextlib.contextmanager
    def managed_session(self, master="", config=None, start_standard_services=True,
                        close_summary_writer=True):
        """A context with a session that is ready. An exception in it stops the threads, and is
        raised at the end, unless it is an OutOfRangeError: the input is at its end then."""
        sess = None
        try:
            sess = self.prepare_or_wait_for_session(
                master, config, start_standard_services=start_standard_services)
            yield sess
        except Exception as error:
            self.request_stop(error)
        finally:
            try:
                self.stop(close_summary_writer=close_summary_writer)
            finally:
                if sess is not None:
                    sess.close()

    def prepare_or_wait_for_session(self, master="", config=None, wait_for_checkpoint=False,
                                    max_wait_secs=7200, start_standard_services=True):
        """A session that is ready, its threads started."""
        self._coord.clear_stop()
        if self._summary_writer:
            self._summary_writer.reopen()
        if self._is_chief:
            sess = self._session_manager.prepare_session(
                master, init_op=self._init_op, saver=self._saver, checkpoint_dir=self._logdir,
                wait_for_checkpoint=wait_for_checkpoint, max_wait_secs=max_wait_secs,
                config=config, init_feed_dict=self._init_feed_dict, init_fn=self._init_fn,
            )  # fmt: skip
            self._write_graph()
            if start_standard_services:
                logging.info("Starting standard services.")
                self.start_standard_services(sess)
        else:
            sess = self._session_manager.wait_for_session(master, config, max_wait_secs)
        if start_standard_services:
            logging.info("Starting queue runners.")
            self.start_queue_runners(sess)
        return sess

    def _write_graph(self):
        if self._logdir:
            graph = self._graph.as_graph_def(add_shapes=True)
            write_graph(graph, self._logdir, "graph.pbtxt")
        if self._summary_writer and not self._graph_added:
            saver = self._saver.saver_def if self._saver else None
            self._summary_writer.add_graph(self._graph)
            meta_graph = create_meta_graph_def(saver_def=saver, graph=self._graph)
            self._summary_writer.add_meta_graph(meta_graph)
            self._graph_added = True

    # -- threads ---------------------------------------------------------------------------------

    def start_standard_services(self, sess):
        """Start the threads that save and summarize; None without a `logdir`. RuntimeError unless
        it is the chief."""
        if not self._is_chief:
            raise RuntimeError("Only chief supervisor can start standard services. Because only "
                               "chief supervisors can write events.")  # fmt: skip
        if not self._logdir:
            logging.warning("Standard services need a 'logdir' passed to the SessionManager")
            return None
        if self._global_step is not None and self._summary_writer:
            log = SessionLog(status=SessionLog.START)
            self._summary_writer.add_session_log(log, step_of(sess, self._global_step))
        threads = []
        if self._save_summaries_secs and self._summary_writer:
            if self._summary_op is not None:
                threads.append(SVSummaryThread(self, sess))
            if self._global_step is not None:
                threads.append(SVStepCounterThread(self, sess))
        if self._saver and self._save_model_secs:
            threads.append(SVTimerCheckpointThread(self, sess))
        for thread in threads:
            thread.start()
        return threads

    def start_queue_runners(self, sess, queue_runners=None):
        """Start the threads of queue runners, by default of all of the graph's."""
        if queue_runners is None:
            queue_runners = self._graph.get_collection(GraphKeys.QUEUE_RUNNERS)
        started = [qr.create_threads(sess, self._coord, True, True) for qr in queue_runners]
        return [thread for threads in started for thread in threads]

    def loop(self, timer_interval_secs, target, args=None, kwargs=None):
        """Start a LooperThread that calls `target`."""
        return LooperThread.loop(self._coord, timer_interval_secs, target, args, kwargs)

    def stop(self, threads=None, close_summary_writer=True, ignore_live_threads=False):
        """Stop the threads; raises the exception that came with a request to stop."""
        self._coord.request_stop()
        try:
            self._coord.join(threads, self._stop_grace_secs, ignore_live_threads)
        finally:
            if close_summary_writer and self._summary_writer:
                self._summary_writer.add_session_log(SessionLog(status=SessionLog.STOP))
                self._summary_writer.close()
                self._graph_added = False

    def request_stop(self, ex=None):
        """Ask all threads to stop, because of an exception perhaps."""
        self._coord.request_stop(ex=ex)

    def should_stop(self):
        """Whether a stop has been asked for."""
        return self._coord.should_stop()

    def stop_on_exception(self):
        """A context in which an exception is a request to stop."""
        return self._coord.stop_on_exception()

    def wait_for_stop(self):
        """Wait until a stop is asked for."""
        self._coord.wait_for_stop()

    def summary_computed(self, sess, summary, global_step=None):
        """Write a summary. RuntimeError without a writer."""
        if not self._summary_writer:
            raise RuntimeError("Writing a summary requires a summary writer.")
        if global_step is None and self._global_step is not None:
            global_step = step_of(sess, self._global_step)
        self._summary_writer.add_summary(summary, global_step)

    PrepareSession, StartQueueRunners = prepare_or_wait_for_session, start_queue_runners
    StartStandardServices, Stop, RequestStop = start_standard_services, stop, request_stop
    Loop, ShouldStop, StopOnException = loop, should_stop, stop_on_exception
    WaitForStop, SummaryComputed = wait_for_stop, summary_computed


# -- what it finds or makes -----------------------------------------------------------------------


def _is_default(given):
    return type(given) is int and given == Supervisor.USE_DEFAULT


def _or_made(given, key, make=lambda: None):
    """What was given, or the first of a collection, or a new one, put there."""
    if not _is_default(given):
        return given
    found = get_collection(key)
    if found:
        return found[0]
    made = make()
    if made is not None:
        add_to_collection(key, made)
    return made


def _local_init():
    return group(local_variables_initializer(), *get_collection(GraphKeys.TABLE_INITIALIZERS))


def _saver():
    return Saver() if global_variables() else None


def _global_step():
    try:
        step = get_default_graph().get_tensor_by_name("global_step:0")
    except KeyError:
        return None
    if step.dtype.base_dtype.is_integer:
        return step
    logging.warning("Found 'global_step' is not an int type: %s", step.dtype)
    return None


# -- the threads ----------------------------------------------------------------------------------


class SVSummaryThread(LooperThread):
    """Writes summaries."""

    def __init__(self, sv, sess):
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv, self._sess = sv, sess

    def run_loop(self):
        """Write them once."""
        wanted = [self._sv.summary_op]
        if self._sv.global_step is not None:
            wanted.append(self._sv.global_step)
        summary, *step = self._sess.run(wanted)
        logging.info("Recording summary at step %s.", step[0] if step else None)
        self._sv.summary_writer.add_summary(summary, *step)


class SVStepCounterThread(LooperThread):
    """Writes how many steps are made in a second."""

    def __init__(self, sv, sess, step_counter=None):
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv, self._sess = sv, sess
        self._counter = sv.global_step if step_counter is None else step_counter
        self._tag = f"{self._counter.op.name}/sec"

    def start_loop(self):
        """Look at the step."""
        self._last_time, self._last_step = time.time(), step_of(self._sess, self._counter)

    def run_loop(self):
        """Write it once."""
        now, step = time.time(), step_of(self._sess, self._counter)
        seconds, steps = now - self._last_time, step - self._last_step
        self._last_time, self._last_step = now, step
        rate = steps / seconds if seconds > 0 else float("inf")
        summary = Summary(value=[Summary.Value(tag=self._tag, simple_value=rate)])
        if self._sv.summary_writer:
            self._sv.summary_writer.add_summary(summary, step)
        logging.log_first_n(logging.INFO, "%s: %g", 10, self._tag, rate)


class SVTimerCheckpointThread(LooperThread):
    """Saves checkpoints."""

    def __init__(self, sv, sess):
        super().__init__(sv.coord, sv.save_model_secs)
        self._sv, self._sess = sv, sess

    def run_loop(self):
        """Save one."""
        sv = self._sv
        logging.info("Saving checkpoint to path %s", sv.save_path)
        sv.saver.save(self._sess, sv.save_path, global_step=sv.global_step)
        if sv.summary_writer and sv.global_step is not None:
            log = SessionLog(status=SessionLog.CHECKPOINT, checkpoint_path=sv.save_path)
            sv.summary_writer.add_session_log(log, step_of(self._sess, sv.global_step))

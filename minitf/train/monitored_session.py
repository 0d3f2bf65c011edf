"""tf.train.MonitoredTrainingSession: a session that initializes itself, starts queues, calls hooks,
saves checkpoints and ends in order."""
import contextlib
import inspect

from minitf import logging
from minitf.core import errors
from minitf.core.graph import get_collection, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.train.coordinator import Coordinator
from minitf.train.hooked_session import _HookedSession
from minitf.train.queue_runner import start_queue_runners
from minitf.train.saving_hooks import CheckpointSaverHook, StepCounterHook, SummarySaverHook
from minitf.train.scaffold import ChiefSessionCreator, Scaffold, WorkerSessionCreator

PREEMPTION = (errors.AbortedError, errors.UnavailableError)  # after these a new session may do
USE_DEFAULT = object()


def MonitoredTrainingSession(
    master="", is_chief=True, checkpoint_dir=None, scaffold=None, hooks=None,
    chief_only_hooks=None, save_checkpoint_secs=USE_DEFAULT, save_summaries_steps=USE_DEFAULT,
    save_summaries_secs=USE_DEFAULT, config=None, stop_grace_period_secs=120,
    log_step_count_steps=100, max_wait_secs=7200, save_checkpoint_steps=USE_DEFAULT,
    summary_dir=None,
):  # fmt: skip
    """A MonitoredSession for training, to be used in a `with` block.

    With a `checkpoint_dir` it goes on from the newest checkpoint there, saves one every
    `save_checkpoint_secs` (600) seconds or `save_checkpoint_steps` steps, and writes summaries
    every `save_summaries_steps` (100) steps or `save_summaries_secs` seconds into `summary_dir` or
    the same folder, with the number of steps a second.
    """
    scaffold = scaffold or Scaffold()
    if not is_chief:
        creator = WorkerSessionCreator(scaffold, master, config, max_wait_secs)
        return MonitoredSession(creator, hooks, stop_grace_period_secs)
    summaries = _when(save_summaries_steps, save_summaries_secs, (100, None))
    checkpoints = _when(save_checkpoint_steps, save_checkpoint_secs, (None, 600))
    every = list(chief_only_hooks or ())
    folder = summary_dir or checkpoint_dir
    if folder and log_step_count_steps and log_step_count_steps > 0:
        every.append(StepCounterHook(output_dir=folder, every_n_steps=log_step_count_steps))
    if folder and _ever(summaries):
        every.append(SummarySaverHook(*summaries, scaffold=scaffold, output_dir=folder))
    if checkpoint_dir and _ever(checkpoints):
        steps, seconds = checkpoints
        every.append(CheckpointSaverHook(checkpoint_dir, seconds, steps, scaffold=scaffold))
    creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir)
    return MonitoredSession(creator, every + list(hooks or ()), stop_grace_period_secs)


def _when(steps, seconds, default):
    """(steps, seconds), as they were given, or else the default."""
    if steps is USE_DEFAULT and seconds is USE_DEFAULT:
        return default
    return tuple(None if each is USE_DEFAULT else each for each in (steps, seconds))


def _ever(when):
    return any(each and each > 0 for each in when)


class _MonitoredSession:
    """A session with hooks, which starts the graph's queue runners."""

    def __init__(self, session_creator, hooks, should_recover, stop_grace_period_secs=120):
        self._graph_was_finalized = get_default_graph().finalized
        self._hooks = list(hooks or ())
        for hook in self._hooks:
            hook.begin()
        self._creator, self._recovers = session_creator or ChiefSessionCreator(), should_recover
        self._grace = stop_grace_period_secs
        self._closed = False
        self._tf_session = self._coord = None
        self._make_session()

    def _make_session(self):
        """Make the session, again after errors that recovering helps with."""
        while self._tf_session is None:
            with self._recovery("while a session was being created"):
                self._tf_session = self._creator.create_session()
                self._coord = Coordinator(clean_stop_exception_types=[])
                if get_collection(GraphKeys.QUEUE_RUNNERS):
                    start_queue_runners(sess=self._tf_session, coord=self._coord)
                self._hooked = _HookedSession(self._tf_session, self._hooks)
                for hook in self._hooks:
                    hook.after_create_session(self._tf_session, self._coord)

    @contextlib.contextmanager
    def _recovery(self, when):
        """A context that ends the session after errors that a new one helps with."""
        try:
            yield
        except PREEMPTION as error:
            if not self._recovers:
                raise
            logging.info("An error was raised %s. The session will be closed and a new one will be "
                         "created. Error: %s", when, error)  # fmt: skip
            self._end_session()

    @property
    def graph(self):
        """The graph; None once it is closed."""
        return None if self._tf_session is None else self._tf_session.graph

    # -- running ---------------------------------------------------------------------------------

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        """As `tf.Session.run`, with what the hooks add. RuntimeError once it should stop."""
        def call():
            return self._hooked.run(fetches, feed_dict, options, run_metadata)

        return self._recovering(call)

    def _recovering(self, call):
        while True:
            self._check_open()
            self._make_session()
            with self._recovery("in a run"):
                return self._tried(call)

    def _tried(self, call):
        try:
            return call()
        except PREEMPTION:
            raise
        except Exception:
            self._raise_if_preempted()
            raise

    def _raise_if_preempted(self):
        """Raise what has stopped a thread, if that is why a run fails, and can be recovered from.
        """
        try:
            self._coord.raise_requested_exception()
        except PREEMPTION:
            raise
        except Exception as error:
            logging.debug("A thread has failed, too: %s", error)

    def _check_open(self):
        if self._closed:
            raise RuntimeError("Session is already closed.")

    def run_step_fn(self, step_fn):
        """Call `step_fn(step_context)`, which runs the session itself, with hooks or without.

        ValueError when it takes anything else.
        """
        parameters = tuple(inspect.signature(step_fn).parameters)
        if parameters not in (("step_context",), ("self", "step_context")):
            raise ValueError(
                "`step_fn` may either have one `step_context` argument, or `self` and "
                f"`step_context` arguments if it's an instance method. Got {parameters} instead."
            )
        return self._recovering(
            lambda: step_fn(self.StepContext(self._tf_session, self._hooked.run))
        )

    class StepContext:
        """What a step function is given: the bare `session`, and `run_with_hooks`."""

        def __init__(self, session, run_with_hooks_fn):
            self._session, self._run_with_hooks_fn = session, run_with_hooks_fn

        session = property(lambda self: self._session, doc="The session, without hooks.")

        def run_with_hooks(self, *args, **kwargs):
            """Run with hooks."""
            return self._run_with_hooks_fn(*args, **kwargs)

        def request_stop(self):
            """Leave the loop: raises StopIteration."""
            raise StopIteration("step_fn has requested the iterations to stop.")

    # -- its end ---------------------------------------------------------------------------------

    def should_stop(self):
        """Whether to leave the loop: a hook has asked for it, or a thread has failed."""
        if self._closed or self._hooked.should_stop():
            return True
        try:
            with self._recovery("while considering whether the session is complete"):
                self._coord.raise_requested_exception()
                return self._coord.should_stop()
        except Exception:
            if not self._recovers:
                raise
            return True
        self._make_session()
        return False

    def close(self):
        """Let the hooks end, and close the session."""
        self._close()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind in (errors.OutOfRangeError, StopIteration):
            kind = None
        self._close(kind)
        return kind is None

    def _close(self, kind=None):
        self._check_open()
        try:
            if kind is None:
                for hook in self._hooks:
                    hook.end(self._tf_session)
        finally:
            try:
                self._end_session()
            finally:
                self._closed = True
                if not self._graph_was_finalized:
                    get_default_graph()._unsafe_unfinalize()

    def _end_session(self):
        """Stop the threads and close the session."""
        if self._tf_session is None:
            return
        sess, self._tf_session = self._tf_session, None
        self._coord.request_stop()
        try:
            self._coord.join(stop_grace_period_secs=self._grace, ignore_live_threads=True)
        except PREEMPTION:  # has stopped a thread
            if not self._recovers:
                raise
        finally:
            sess.close()

    def _is_closed(self):
        return self._closed

    def _tf_sess(self):
        return self._tf_session


class MonitoredSession(_MonitoredSession):
    """A session that initializes itself, starts the queue runners, and calls hooks around each run.

    After an AbortedError or UnavailableError it is made anew. Leaving its `with` block by an
    OutOfRangeError is its ordinary end.
    """

    def __init__(self, session_creator=None, hooks=None, stop_grace_period_secs=120):
        super().__init__(session_creator, hooks, True, stop_grace_period_secs)


class SingularMonitoredSession(_MonitoredSession):
    """As `tf.train.MonitoredSession`, of one session that is never made anew, and that
    `raw_session()` gives."""

    def __init__(self, hooks=None, scaffold=None, master="", config=None, checkpoint_dir=None,
                 stop_grace_period_secs=120, checkpoint_filename_with_path=None):
        creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir,
                                      checkpoint_filename_with_path)  # fmt: skip
        super().__init__(creator, hooks, False, stop_grace_period_secs)

    def raw_session(self):
        """The bare session, which calls no hooks."""
        return self._tf_session

"""What stands around each run of a monitored session: `tf.train.SessionRunHook`."""
from typing import Any, NamedTuple


class SessionRunHook:
    """Takes part in the life of a monitored session, and in each of its runs.

    A hook has those of these methods that it needs.
    """

    def begin(self):
        """Called once, before the session is made: the graph can still be added to."""

    def after_create_session(self, session, coord):
        """Called when the session is there, with its Coordinator, and again if it is made anew."""

    def before_run(self, run_context):
        """Called before each run; returns None, or `tf.train.SessionRunArgs` to run as well."""

    def after_run(self, run_context, run_values):
        """Called after each run, with the `tf.train.SessionRunValues` that it gave."""

    def end(self, session):
        """Called at the end, unless there was an error."""


class SessionRunArgs(NamedTuple):
    """What a hook adds to a run: fetches, in any structure, feeds, and `tf.RunOptions`."""

    fetches: Any
    feed_dict: Any = None
    options: Any = None


class SessionRunValues(NamedTuple):
    """What a run gave: the values of the hook's fetches, the options, the RunMetadata."""

    results: Any
    options: Any
    run_metadata: Any


class SessionRunContext:
    """What a hook is told of a run: what was asked for, in which session; it can ask to stop."""

    def __init__(self, original_args, session):
        self._original_args, self._session = original_args, session
        self._stop_requested = False

    original_args = property(lambda self: self._original_args,
                             doc="The SessionRunArgs of who called `run`.")  # fmt: skip
    session = property(lambda self: self._session, doc="The session that runs.")
    stop_requested = property(lambda self: self._stop_requested, doc="Whether a stop is asked for.")

    def request_stop(self):
        """Ask that this run be the last one."""
        self._stop_requested = True

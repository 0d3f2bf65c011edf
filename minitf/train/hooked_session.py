"""A session that calls hooks around each run: the inner part of `tf.train.MonitoredSession`."""

from minitf.core.config import RunMetadata, RunOptions
from minitf.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunValues


class _HookedSession:
    """`sess`, whose runs the `hooks` may add to, look at, and ask to stop."""

    def __init__(self, sess, hooks):
        self._sess, self._hooks, self._should_stop = sess, hooks, False

    @property
    def graph(self):
        return self._sess.graph

    @property
    def sess_str(self):
        return self._sess.sess_str

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        """As `tf.Session.run`, with what the hooks add. RuntimeError once it should stop."""
        if self.should_stop():
            raise RuntimeError("Run called even after should_stop requested.")
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), self._sess)
        wanted, options = {"caller": fetches}, options or RunOptions()
        feed_dict = self._asked_by_hooks(context, wanted, feed_dict, options)
        run_metadata = run_metadata or RunMetadata()
        found = self._sess.run(wanted, feed_dict, options, run_metadata)
        for hook in self._hooks:
            values = SessionRunValues(found.get(hook), options, run_metadata)
            hook.after_run(context, values)
        self._should_stop = self._should_stop or context.stop_requested
        return found["caller"]

    def _asked_by_hooks(self, context, wanted, feed_dict, options):
        """The feeds, the user's and those of hooks; `wanted` gets the fetches of these."""
        feeds = {}
        for hook in self._hooks:
            asked = hook.before_run(context)
            if asked is None:
                continue
            if asked.fetches is not None:
                wanted[hook] = asked.fetches
            _check_apart(feeds, asked.feed_dict, "Same tensor is fed by two hooks.")
            feeds.update(asked.feed_dict or {})
            if asked.options is not None:
                options.trace_level = max(options.trace_level, asked.options.trace_level)
                options.timeout_in_ms = max(options.timeout_in_ms, asked.options.timeout_in_ms)
        if not feeds:
            return feed_dict
        _check_apart(feeds, feed_dict, "Same tensor is fed by a SessionRunHook and user.")
        return {**feeds, **(feed_dict or {})}

    def should_stop(self):
        """Whether a hook has asked to leave the loop."""
        return self._should_stop

    def close(self):
        """Close the session; the hooks are not told."""
        self._sess.close()


def _check_apart(feeds, more, message):
    both = feeds.keys() & (more or {}).keys()
    if both:
        raise RuntimeError(f"{message} Conflict(s): {list(both)}")

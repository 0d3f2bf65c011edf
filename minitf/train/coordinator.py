"""tf.train.Coordinator: lets threads stop together, and hands on the first error of any of them."""
import contextlib
import sys
import threading
import time

from minitf import logging
from minitf.core import errors


class Coordinator:
    """What threads ask whether to go on, and tell that all shall stop.

    An exception that a thread gives to `request_stop` is raised again by `join`, unless it is of
    the `clean_stop_exception_types`, by default OutOfRangeError: then the input has come to an end.
    """

    def __init__(self, clean_stop_exception_types=None):
        clean = clean_stop_exception_types
        self._clean = (errors.OutOfRangeError,) if clean is None else tuple(clean)
        self._lock = threading.Lock()
        self._stop_event = threading.Event()
        self._exc_info_to_raise = None
        self._joined = False
        self._registered_threads = set()

    joined = property(lambda self: self._joined, doc="Whether `join` has been called.")

    def request_stop(self, ex=None):
        """Ask all threads to stop, because of an exception, or of what `sys.exc_info()` gives.

        Once the threads are joined nobody would hear of it: then it is raised here.
        """
        with self._lock:
            info = self._exc_info(ex)
            if self._joined and info is not None:
                raise info[1].with_traceback(info[2])
            if not self._stop_event.is_set():
                if info is not None and self._exc_info_to_raise is None:
                    logging.info("Error reported to Coordinator: %s", info[1], exc_info=info)
                    self._exc_info_to_raise = info
                self._stop_event.set()

    def _exc_info(self, ex):
        """What is to be raised because of it, as `sys.exc_info()` gives it; None for nothing."""
        error = ex[1] if isinstance(ex, tuple) and len(ex) > 1 else ex
        if error is None or isinstance(error, self._clean):
            return None
        if not isinstance(error, BaseException):
            error = ValueError("ex must be a tuple or sys.exc_info must return the current "
                               f"exception: {ex}")  # fmt: skip
        return type(error), error, error.__traceback__

    def clear_stop(self):
        """Forget the request: threads may be started anew."""
        with self._lock:
            self._joined, self._exc_info_to_raise = False, None
            self._stop_event.clear()

    def should_stop(self):
        """Whether a stop has been asked for."""
        return self._stop_event.is_set()

    @contextlib.contextmanager
    def stop_on_exception(self):
        """A context in which an exception is taken as a request to stop, and goes no further."""
        try:
            yield
        except BaseException:
            self.request_stop(ex=sys.exc_info())

    def wait_for_stop(self, timeout=None):
        """Wait until a stop is asked for, `timeout` seconds at most; whether it has been."""
        return self._stop_event.wait(timeout)

    def register_thread(self, thread):
        """Let `join` wait for this thread, too."""
        with self._lock:
            self._registered_threads.add(thread)

    def join(self, threads=None, stop_grace_period_secs=120, ignore_live_threads=False):
        """Wait for `threads`, and those that were registered, to end.

        From when a stop is asked for they have `stop_grace_period_secs` seconds. Raises the
        exception that came with the request, or RuntimeError when threads still run, unless
        `ignore_live_threads`.
        """
        with self._lock:
            threads = list(self._registered_threads.union(threads or ()))
        while any(thread.is_alive() for thread in threads) and not self.wait_for_stop(0.1):
            pass
        _wait_for(threads, stop_grace_period_secs)
        late = [thread.name for thread in threads if thread.is_alive()]
        with self._lock:
            self._joined, self._registered_threads = True, set()
            self._raise()
        if late:
            self._report(f"Coordinator stopped with threads still running: {' '.join(late)}",
                         ignore_live_threads)  # fmt: skip

    @staticmethod
    def _report(message, ignored):
        if not ignored:
            raise RuntimeError(message)
        logging.info(message)

    def raise_requested_exception(self):
        """Raise the exception that came with the request to stop, if there was one."""
        with self._lock:
            self._raise()

    def _raise(self):
        if self._exc_info_to_raise is not None:
            _, error, traceback = self._exc_info_to_raise
            raise error.with_traceback(traceback)


def _wait_for(threads, seconds):
    """Wait for threads to end, so many seconds together at most."""
    deadline = time.monotonic() + seconds
    for thread in threads:
        if thread.is_alive():
            thread.join(max(deadline - time.monotonic(), 0.0))


class LooperThread(threading.Thread):
    """A thread that calls `target`, or its `run_loop`, every `timer_interval_secs` seconds, or
    again at once if that is None, until the coordinator is asked to stop.

    ValueError for a `coord` that is no Coordinator, or for arguments without a target.
    """

    def __init__(self, coord, timer_interval_secs, target=None, args=None, kwargs=None):
        if not isinstance(coord, Coordinator):
            raise ValueError(f"'coord' argument must be a Coordinator: {coord}")
        if target is None and (args or kwargs):
            raise ValueError("'args' and 'kwargs' argument require that you also pass 'target'")
        super().__init__(daemon=True)
        self._coord, self._timer_interval_secs = coord, timer_interval_secs
        self._target, self._args, self._kwargs = target, args or (), kwargs or {}
        coord.register_thread(self)

    @staticmethod
    def loop(coord, timer_interval_secs, target, args=None, kwargs=None):
        """Start such a thread, and return it."""
        looper = LooperThread(coord, timer_interval_secs, target, args, kwargs)
        looper.start()
        return looper

    def run(self):
        """What the thread does."""
        with self._coord.stop_on_exception():
            self.start_loop()
            due = time.monotonic()
            while not self._waited(due):
                due += self._timer_interval_secs or 0
                self.run_loop()
            self.stop_loop()

    def _waited(self, due):
        """Whether to stop, asked when the time is due."""
        if self._timer_interval_secs is None:
            return self._coord.should_stop()
        return self._coord.wait_for_stop(due - time.monotonic())

    def start_loop(self):
        """Called once, before the first turn."""

    def stop_loop(self):
        """Called once, after the last turn."""

    def run_loop(self):
        """Called at each turn."""
        if self._target is not None:
            self._target(*self._args, **self._kwargs)

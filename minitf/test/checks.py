"""What `tf.test.TestCase` checks beside arrays: messages, threads, what is written."""
import os
import tempfile
import threading
from contextlib import contextmanager

from minitf.core.proto.export import PRODUCER
from minitf.core.proto.text_parse import merge


class CheckedThread:
    """A thread of a test: an error in it is a failure of the test, where it is joined."""

    def __init__(self, testcase, target, args=None, kwargs=None):
        self._testcase, self._target = testcase, target
        self._args, self._kwargs = args or (), kwargs or {}
        self._thread = threading.Thread(target=self._run)
        self._error, self._joined = None, False

    def _run(self):
        try:
            self._target(*self._args, **self._kwargs)
        except Exception as error:
            self._error = error

    def start(self):
        """Start it, once."""
        self._thread.start()

    def join(self):
        """Wait for its end; the test fails if it has raised."""
        self._joined = True
        self._thread.join()
        if self._error is not None:
            self._testcase.fail(f"Error in checkedThread: {self._error}")

    def is_alive(self):
        """Whether it runs."""
        return self._thread.is_alive()

    def check_termination(self):
        """The test fails if it was not joined; RuntimeError if it still runs."""
        if not self._joined:
            self._testcase.fail("A checked thread was not joined.")
        if self.is_alive():
            raise RuntimeError("Thread was not joined with main thread, and is still running when "
                               "the test finished.")  # fmt: skip


class CapturedWrites:
    """What has been written to a stream."""

    def __init__(self, filename):
        self._filename = filename

    def contents(self):
        """All of it, as text."""
        with open(self._filename, encoding="utf-8") as file:
            return file.read()


class Checks:
    """The part of TestCase that has these."""

    def checkedThread(self, target, args=None, kwargs=None):
        """A thread that has to be joined before the test ends, and must not raise."""
        made = CheckedThread(self, target, args, kwargs)
        self._threads.append(made)
        return made

    def _check_threads(self):
        threads, self._threads = self._threads, []
        for thread in threads:
            thread.check_termination()

    def assertProtoEquals(self, expected_message_maybe_ascii, message, msg=None):
        """Two messages are equal; the first one may be given as text."""
        expected = expected_message_maybe_ascii
        if isinstance(expected, str):
            expected = merge(expected_message_maybe_ascii, type(message)())
        elif not isinstance(expected, type(message)):
            self.fail(f"Can't compare protos of type {type(expected)} and {type(message)}. "
                      f"{msg or ''}")  # fmt: skip
        if expected != message:
            self.assertMultiLineEqual(str(expected), str(message), msg)
            self.fail(f"the messages differ in what is set. {msg or ''}")

    def assertProtoEqualsVersion(self, expected, actual, producer=PRODUCER, min_consumer=0,
                                 msg=None):
        """A GraphDef is as the text `expected`, and of these versions."""
        versions = f"versions {{ producer: {producer} min_consumer: {min_consumer} }};"
        self.assertProtoEquals(f"{versions}\n{expected}", actual, msg=msg)

    @contextmanager
    def captureWritesToStream(self, stream):
        """What is written to a stream that has a file descriptor, such as sys.stdout, inside:
        `contents()` of what this gives has it."""
        stream.flush()
        number = stream.fileno()
        kept = os.dup(number)
        handle, name = tempfile.mkstemp(dir=self.get_temp_dir())
        try:
            os.dup2(handle, number)
            yield CapturedWrites(name)
        finally:
            stream.flush()
            os.dup2(kept, number)
            os.close(kept)
            os.close(handle)

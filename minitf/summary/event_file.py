"""Event files: what TensorBoard reads."""
import os
import platform
import threading
import time
import weakref

from minitf import gfile
from minitf.lib import records
from minitf.summary.messages import Event

VERSION = "brain.Event:2"


class EventFile:
    """Events of a folder, in a file of their own: `<prefix>.out.tfevents.<seconds>.<host>`.

    They go to the disk at the latest `flush_secs` seconds, or `max_queue` events, after the first
    that is not there yet, and when the program ends. May be used by several threads.
    """

    def __init__(self, logdir, max_queue=10, flush_secs=120, suffix="", prefix="events"):
        self.logdir = os.fspath(logdir)
        self.max_queue, self.flush_secs, self.suffix = max_queue, flush_secs, suffix or ""
        self._prefix, self._lock = prefix, threading.Lock()
        if self.logdir:  # else the folder that the program is in
            gfile.MakeDirs(self.logdir)
        self._open()

    def _open(self):
        now = time.time()
        name = f"{self._prefix}.out.tfevents.{int(now):010d}.{platform.node()}{self.suffix}"
        self.path = os.path.join(self.logdir, name)
        self._file = open(self.path, "ab")  # noqa: SIM115  closed by `close`
        self._close_at_exit = weakref.finalize(self, self._file.close)
        self._waiting, self._flushed = 0, now
        self.add(Event(wall_time=now, file_version=VERSION))
        self.flush()

    @property
    def closed(self):
        return self._file.closed

    def add(self, event, rest=b""):
        """Write an event, `rest` being more fields of it; nothing when the file is closed."""
        with self._lock:
            if self.closed:
                return
            self._file.write(records.framed(event.SerializeToString() + rest))
            self._waiting += 1
            if self._waiting >= self.max_queue or time.time() - self._flushed > self.flush_secs:
                self._flush()

    def flush(self):
        """See to it that all events are on the disk."""
        with self._lock:
            if not self.closed:
                self._flush()

    def _flush(self):
        self._file.flush()
        self._waiting, self._flushed = 0, time.time()

    def close(self):
        self._close_at_exit()

    def reopen(self):
        """Go on in a new file, when this one is closed."""
        if self.closed:
            self._open()

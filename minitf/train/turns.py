"""How soon the thread that trains has its turn while others fill queues.

Of Python's threads one runs at a time, and whoever asks for its turn gets it after the `switch
interval`: 5 ms, several steps of training. A thread that wakes as a batch is there would wait that
long for those that prepare the next ones.
"""
import sys
import threading

SOON = 0.001  # seconds


class Turns:
    """A context in which turns are shorter; it may be entered by many threads at once."""

    def __init__(self):
        self._lock = threading.Lock()
        self._inside, self._before = 0, None

    def __enter__(self):
        with self._lock:
            if not self._inside:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(min(self._before, SOON))
            self._inside += 1

    def __exit__(self, *error):
        with self._lock:
            self._inside -= 1
            if not self._inside:
                sys.setswitchinterval(self._before)


short_turns = Turns()

"""Threads that run ahead: prefetch, and maps in several threads.

A thread pays where elements take long: they are computed, or waited for, while the program does
something else. For short ones it would cost more than it brings: handing over an element takes
longer than many maps do. So a stream begins without a thread, and gets one when its elements have
taken long. The order of the elements is that of one thread.
"""
from __future__ import annotations

import queue
import threading
import time
import weakref
from collections import deque
from typing import Any

from minitf.backend.threads import cores
from minitf.core import time_limit
from minitf.core.errors import CancelledError
from minitf.data.kernels.stream import Run

LONG = 5e-4  # seconds for an element, from which on a thread pays
TRIAL = 3  # elements in a row


def cores_for(asked: int) -> int:
    """The threads for a number that a program asks for; -1 leaves it to us."""
    return min(asked, 2 * cores()) if asked > 0 else cores()


class _Clock:
    """Whether elements take long: some in a row, as one may have had to be compiled for."""

    def __init__(self) -> None:
        self.in_a_row = 0

    def add(self, seconds: float) -> bool:
        self.in_a_row = self.in_a_row + 1 if seconds >= LONG else 0
        return self.in_a_row >= TRIAL


# -- prefetch -------------------------------------------------------------------------------------


class Buffer:
    """Tokens that a thread has ready, at most `size`, and how it ended."""

    def __init__(self, inner: Any, size: int) -> None:
        self.inner, self.size = inner, size
        self.ready: deque[tuple[bool, Any]] = deque()
        self.changed = threading.Condition()
        self.over = False

    def end(self) -> None:
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def work(self) -> None:
        """What the thread does: until the end, or until nobody wants more."""
        while True:
            with self.changed:
                while len(self.ready) >= self.size and not self.over:
                    self.changed.wait()
                if self.over:
                    return
            try:
                item: tuple[bool, Any] = True, next(self.inner)
            except BaseException as error:  # it is raised where the element is wanted
                item = False, error
            with self.changed:
                self.ready.append(item)
                self.changed.notify_all()
            if isinstance(item[1], StopIteration):
                return
            del item

    def take(self) -> tuple[bool, Any]:
        with self.changed:
            while not self.ready:
                if self.over:
                    raise CancelledError(None, None, "The iterator was closed or initialised "
                                         "again while it was waited for.")  # fmt: skip
                time_limit.wait(self.changed)
            item = self.ready.popleft()
            if isinstance(item[1], StopIteration):
                self.ready.append(item)  # and so it stays
            self.changed.notify_all()
            return item


class Prefetched:
    """A pass of Prefetch."""

    def __init__(self, run: Run, inner: Any, size: int) -> None:
        self.run, self.inner, self.size = run, inner, size
        self.clock = _Clock()
        self.buffer: Buffer | None = None

    def __iter__(self) -> Prefetched:
        return self

    def __next__(self) -> Any:
        if self.buffer is None:
            return self._timed()
        fine, item = self.buffer.take()
        if fine:
            return item
        raise StopIteration if isinstance(item, StopIteration) else item

    def _timed(self) -> Any:
        start = time.perf_counter()
        token = next(self.inner)
        if self.clock.add(time.perf_counter() - start):
            self._start()
        return token

    def _start(self) -> None:
        buffer = self.buffer = Buffer(self.inner, self.size)
        self.run.waiting.add(buffer)
        weakref.finalize(self, buffer.end)  # the thread holds the buffer, not the stream
        if self.run.over:
            buffer.end()
        threading.Thread(target=buffer.work, name="minitf prefetch", daemon=True).start()


# -- maps in several threads ----------------------------------------------------------------------


class Task:
    """A call of a function that some thread makes."""

    def __init__(self, function: Any, element: Any) -> None:
        self.function, self.element = function, element
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.function(self.element)
        except BaseException as error:  # it is raised where the element is wanted
            self.error = error
        self.done.set()

    def wait(self) -> Any:
        time_limit.wait(self.done)
        if self.error is not None:
            raise self.error
        return self.result


def _work(tasks: Any) -> None:
    """What a thread does: tasks, until it is given None."""
    for task in iter(tasks.get, None):
        task.run()
        del task


class Parallel:
    """A pass of a map whose function runs for several elements at once, when it takes long."""

    def __init__(self, run: Run, mapped: Any, threads: int) -> None:
        self.run, self.mapped, self.threads = run, mapped, threads
        self.clock = _Clock()
        self.tasks: Any = None  # for the threads
        self.begun: deque[Task] = deque()
        self.ended = False

    def __iter__(self) -> Parallel:
        return self

    def __next__(self) -> Any:
        if self.tasks is None:
            return self._timed()
        while len(self.begun) < self.threads and not self.ended and not self.run.over:
            self._begin()
        if not self.begun:
            raise StopIteration
        return self.begun.popleft().wait()

    def _begin(self) -> None:
        try:
            task = Task(self.mapped.computed, self.mapped.taken())
        except StopIteration:
            self.ended = True
            return
        except Exception as error:  # it is raised in its turn
            task = Task(None, None)
            task.error = error
            task.done.set()
        else:
            self.tasks.put(task)
        self.begun.append(task)

    def _timed(self) -> Any:
        element = self.mapped.taken()
        start = time.perf_counter()
        found = self.mapped.computed(element)
        if self.clock.add(time.perf_counter() - start):
            self._start()
        return found

    def _start(self) -> None:
        tasks = self.tasks = queue.SimpleQueue()
        for _ in range(self.threads):
            threading.Thread(target=_work, args=(tasks,), name="minitf map", daemon=True).start()
        weakref.finalize(self, _dismiss, tasks, self.threads)  # they hold the queue alone


def _dismiss(tasks: Any, threads: int) -> None:
    for _ in range(threads):
        tasks.put(None)

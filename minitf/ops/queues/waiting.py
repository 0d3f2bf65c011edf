"""How threads wait at a queue: in two lines, those who bring elements and those who take some.

Who comes makes an attempt, and so do, after each change, the first ones of both lines: whoever
changes the queue does the work of those who wait for that, and wakes only who is done. So the order
of coming is kept, nobody looks again and again, and a call for many elements gets them as they
come, even where there is no room for all of them at once.
"""
from __future__ import annotations

from _thread import allocate_lock
from collections import deque
from collections.abc import Callable
from typing import Any

from minitf.core import errors, time_limit
from minitf.core.operation import Operation
from minitf.core.resource import Resource, unique_name

STUCK, MOVED, DONE = range(3)  # what an attempt has come to


class Attempt:
    """A call that may have to wait. `advance()` does what can be done now; `undo()` gives back what
    it has taken when it is given up."""

    def __init__(self, advance: Callable[[], int], undo: Callable[[], None] | None = None) -> None:
        self.advance, self.undo = advance, undo
        self.error: errors.OpError | None = None
        self.done = False
        self.gate: Any = None  # a lock that its thread waits for

    def finish(self, error: errors.OpError | None = None) -> None:
        """Let its thread go on, with an error perhaps."""
        self.done, self.error = True, error or self.error
        if self.gate is not None:
            self.gate.release()


Line = deque[Attempt]


class Waiting(Resource):
    """What threads bring elements to and take them from. `closed` says that no more will come.

    All that is here is read and changed under `lock` only.
    """

    BRING, TAKE = "Enqueue operation was cancelled", "Dequeue operation was cancelled"

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation)
        if not operation.attrs.get("shared_name"):
            self.name = unique_name(operation)
        self.lock = allocate_lock()
        self.bringing: Line = deque()
        self.taking: Line = deque()
        self.closed = self.cancelled = False

    def wait(self, line: Line, attempt: Attempt) -> None:
        """Make an attempt when its turn comes; raises the error that it ends with."""
        with self.lock:
            self.check_open(line)
            line.append(attempt)
            self.flush()
            if not attempt.done:
                attempt.gate = allocate_lock()
                attempt.gate.acquire()
        if attempt.gate is not None:
            self._sleep(line, attempt)
        if attempt.error is not None:
            raise attempt.error

    def _sleep(self, line: Line, attempt: Attempt) -> None:
        try:
            if not attempt.gate.acquire(timeout=time_limit.left()):
                raise time_limit.exceeded()
        except BaseException:  # Ctrl-C, say: nobody waits any more
            with self.lock:
                if not attempt.done:
                    line.remove(attempt)
                    if attempt.undo is not None:
                        attempt.undo()
                    self.flush()
            raise

    def check_open(self, line: Line) -> None:
        """CancelledError once the session is closed."""
        if self.cancelled:
            raise self._cancelled(line)

    def _cancelled(self, line: Line) -> errors.OpError:
        return errors.CancelledError(None, None, self.BRING if line is self.bringing else self.TAKE)

    def flush(self) -> None:
        """Let those who wait do what has become possible."""
        changed = True
        while changed:
            changed = self._advance(self.bringing)
            changed = self._advance(self.taking) or changed

    def _advance(self, line: Line) -> bool:
        """Whether the first one in a line, or more of them, could do something."""
        changed = False
        while line:
            came_to = line[0].advance()
            if came_to is not DONE:
                return changed or came_to is MOVED
            line.popleft().finish()
            changed = True
        return changed

    def close(self, cancel_pending: bool = False) -> None:
        """Let nobody bring any more, once those who wait to do so have done it, or at once."""
        if not cancel_pending:
            attempt = Attempt(lambda: self._close(attempt))
            self.wait(self.bringing, attempt)
            return
        with self.lock:
            self.closed = True
            self._turn_away(self.bringing)
            self.flush()

    def _close(self, attempt: Attempt) -> int:
        if self.closed:
            what = f"Queue '{self.name}' is already closed."
            attempt.error = errors.CancelledError(None, None, what)
        self.closed = True
        return DONE

    def _turn_away(self, line: Line) -> None:
        while line:
            attempt = line.popleft()
            if attempt.undo is not None:
                attempt.undo()
            attempt.finish(self._cancelled(line))

    def cancel(self) -> None:
        """The session is closed."""
        with self.lock:
            self.cancelled = True
            self._turn_away(self.bringing)
            self._turn_away(self.taking)

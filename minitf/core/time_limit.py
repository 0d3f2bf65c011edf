"""How long the run of this thread may still take: `operation_timeout_in_ms`, `timeout_in_ms`."""
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from minitf.core.errors import DeadlineExceededError

FOREVER = -1.0  # as locks take it


class _Limit(threading.local):
    end: float | None = None  # as time.monotonic() has it


_limit = _Limit()


def exceeded() -> DeadlineExceededError:
    return DeadlineExceededError(
        None, None, "Timed out waiting for notification: the run took longer than timeout_in_ms of "
        "its RunOptions, or operation_timeout_in_ms of the session's ConfigProto. Is there nobody "
        "who fills, or empties, the queue that it waits for?"
    )  # fmt: skip


@contextmanager
def limited(milliseconds: int) -> Iterator[None]:
    """DeadlineExceededError where what is done within takes longer; below 1 there is no limit.

    What waits is told at once, what computes when it is done, as in TensorFlow.
    """
    outer = _limit.end
    _limit.end = time.monotonic() + milliseconds / 1000 if milliseconds > 0 else None
    try:
        yield
        if left() == 0:
            raise exceeded()
    finally:
        _limit.end = outer


@contextmanager
def unlimited() -> Iterator[None]:
    """What is done within does not count: to plan, and to compile."""
    start = time.monotonic()
    try:
        yield
    finally:
        if _limit.end is not None:
            _limit.end += time.monotonic() - start


def left() -> float:
    """The seconds that may pass yet, as a lock's `acquire(timeout=)` takes them."""
    return FOREVER if _limit.end is None else max(0.0, _limit.end - time.monotonic())


def wait(condition: threading.Condition | threading.Event) -> None:
    """Wait for something; DeadlineExceededError where that takes too long."""
    seconds = left()
    if not condition.wait(None if seconds == FOREVER else seconds):
        raise exceeded()

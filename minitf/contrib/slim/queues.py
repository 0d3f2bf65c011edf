"""`slim.queues.QueueRunners`: queue runners for as long as a block lasts."""
import threading
from contextlib import contextmanager

from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.train.coordinator import Coordinator

_LOCK = threading.Lock()


class NestedQueueRunnerError(Exception):
    """One such block stands within another."""


@contextmanager
def QueueRunners(session):
    """The threads of all queue runners run within the block. NestedQueueRunnerError within another
    such block.
    """
    if not _LOCK.acquire(False):
        raise NestedQueueRunnerError("QueueRunners cannot be nested")
    try:
        coord, threads = Coordinator(), []
        for runner in get_collection(GraphKeys.QUEUE_RUNNERS):
            threads += runner.create_threads(session, coord=coord, daemon=True, start=True)
        try:
            yield
        finally:
            coord.request_stop()
            try:
                coord.join(threads, stop_grace_period_secs=120)
            except RuntimeError:  # A thread has not stopped: it will when its session is closed.
                session.close()
    finally:
        _LOCK.release()

"""A lock as a node of a graph: what `tf.CriticalSection` is made of."""
from _thread import allocate_lock

from minitf.core import time_limit
from minitf.core.dtypes import resource, variant
from minitf.core.resource import Resource
from minitf.ops.queues.ops import on_queue


class Mutex(Resource):
    """What a Session keeps: a lock that one run holds at a time."""

    family = "Mutex"

    def __init__(self, operation):
        super().__init__(operation)
        self.lock = allocate_lock()


class Held:
    """That somebody holds the lock: until it is released, or forgotten after an error."""

    shape = ()
    _lock = None

    def __init__(self, mutex):
        if not mutex.lock.acquire(timeout=time_limit.left()):
            raise time_limit.exceeded()
        self._lock = mutex.lock

    def release(self):
        """Let the next one have it."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    __del__ = release


@on_queue("MutexV2", state=Mutex)
def mutex(xp, state, *, container="", shared_name="") -> resource:
    """A lock."""
    return state


@on_queue("MutexLock", waits=True, locks=True)
def mutex_lock(xp, mutex: resource) -> variant:
    """Wait for the lock, and hold it."""
    return Held(mutex)


@on_queue("ConsumeMutexLock")
def consume_mutex_lock(xp, mutex_lock: variant) -> None:
    """Release the lock."""
    mutex_lock.release()

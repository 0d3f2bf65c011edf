"""What a Session keeps for a barrier: elements by key, whose components come one by one."""
import heapq

from minitf.core import errors
from minitf.ops.queues.kinds import Queue, Taking, kept


class Barrier(Queue):
    """An element can be taken once all its components are there; the oldest key first.

    `closed` is true when no more can become complete, `shut` as soon as there are no new keys.
    """

    kind, family = "Barrier", "Barrier"

    def __init__(self, operation):
        super().__init__(operation)
        self.items, self.incomplete = [], {}
        self.shut = self.dropped = False
        self.last = -(2**63)  # the number of the next keys, as TensorFlow counts them
        self.completed = 0

    def take(self, count):
        return [heapq.heappop(self.items) for _ in range(count)]

    def put(self, elements):
        for element in elements:
            heapq.heappush(self.items, element)

    def give_back(self, elements):
        self.put(elements)

    def insert(self, index, keys, values):
        """Bring a component of some keys. CancelledError for new keys once it is shut, and for any
        once incomplete ones are dropped; InvalidArgumentError for a component that is there
        already, has another shape, or no elements."""
        if len(keys) and not values.size:
            raise errors.InvalidArgumentError(
                None, None, f"Tensors with no elements are not supported: barrier {self.name} got "
                f"component {index} of the shape {list(values.shape)}"
            )  # fmt: skip
        with self.lock:
            if self.dropped:
                raise errors.CancelledError(
                    None, None, f"Barrier {self.name} is closed. Pending enqueues cancelled: True."
                )
            are_new = [self._insert(index, *each) for each in zip(keys.tolist(), values)]
            self.last += any(are_new)
            self._close_if_done()
            self.flush()

    def _insert(self, index, key, value):
        """Whether the key is new."""
        is_new = key not in self.incomplete
        if is_new:
            if self.shut:
                raise errors.CancelledError(
                    None, None, f"Barrier is closed, but attempted to insert a brand new key: "
                    f"{key.decode(errors='replace')}. Pending inserts cancelled: {self.dropped}."
                )  # fmt: skip
            self.incomplete[key] = (self.last, [None] * len(self.dtypes))
        number, parts = self.incomplete[key]
        if parts[index] is not None:
            raise errors.InvalidArgumentError(
                None, None, f"Key {key.decode(errors='replace')} already has a value for component "
                f"{index} in barrier {self.name}"
            )  # fmt: skip
        parts[index] = kept(value)
        if all(part is not None for part in parts):
            del self.incomplete[key]
            self.completed += 1
            self.put([(number, self.completed, key, tuple(parts))])
        return is_new

    def take_many(self, count, few):
        """(numbers, keys, components) of so many elements, or less where `few` may do.

        OutOfRangeError when it is shut and cannot have so many.
        """
        with self.lock:
            if self.shut:
                there = len(self.items) + (0 if few else len(self.incomplete))
                count = min(count, len(self.items)) if few else count
                if there < max(1, count):
                    raise errors.OutOfRangeError(
                        None, None, f"Barrier '{self.name}' is closed and has insufficient "
                        f"elements (requested {count}, total size {there})"
                    )  # fmt: skip
        attempt = Taking(self, count, few)
        if count:
            self.wait(self.taking, attempt)
        numbers, _, keys, parts = zip(*attempt.taken) if attempt.taken else [()] * 4
        columns = list(zip(*parts)) or [()] * len(self.dtypes)
        return numbers, keys, list(map(self._batch, columns, self.shapes, self.dtypes))

    def close(self, cancel_pending=False):
        """Take no new keys; with `cancel_pending` incomplete ones are dropped."""
        with self.lock:
            if self.shut and (self.dropped or not cancel_pending):
                raise errors.CancelledError(None, None, f"Barrier '{self.name}' is already closed.")
            self.shut, self.dropped = True, cancel_pending
            if cancel_pending:
                self.incomplete.clear()
            self._close_if_done()
            self.flush()

    def _close_if_done(self):
        self.closed = self.shut and not self.incomplete

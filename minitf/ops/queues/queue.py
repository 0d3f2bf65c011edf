"""Queues as programs make and use them: `tf.FIFOQueue` and its kin."""
import hashlib
from functools import reduce

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int64
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import TensorShape, as_shape, unknown_shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import stack
from minitf.ops.queues import ops
from minitf.ops.random.draws import get_seed


class QueueBase:
    """What all queues can do. Their elements are tuples of tensors, one for each of `dtypes`.

    `shapes` is None or has a shape for each, `names` is None or has a name for each: then elements
    are dicts. ValueError for lists of another length.
    """

    def __init__(self, dtypes, shapes, names, queue_ref):
        _check_length("shapes", shapes, dtypes)
        _check_length("names", names, dtypes)
        self._dtypes, self._names, self._queue_ref = dtypes, names, queue_ref
        self._shapes = [unknown_shape() for _ in dtypes]
        if shapes is not None:
            self._shapes = [TensorShape(shape) for shape in shapes]
        self._name = queue_ref.op.name.split("/")[-1]

    @staticmethod
    def from_list(index, queues):
        """The queue number `index`, an integer tensor, of a list of them, as each run says.

        TypeError unless it is a list of queues of the same dtypes and names.
        """
        if not isinstance(queues, list) or not queues:
            raise TypeError("A list of queues expected")
        if not all(isinstance(queue, QueueBase) for queue in queues):
            raise TypeError("A list of queues expected")
        first = queues[0]
        for what in ("dtypes", "names"):
            if any(getattr(queue, what) != getattr(first, what) for queue in queues):
                raise TypeError(f"Queues do not have matching component {what}.")
        shapes = [reduce(_in_common, column) for column in zip(*(q.shapes for q in queues))]
        chosen = gather(stack([queue.queue_ref for queue in queues]), index)
        return QueueBase(first.dtypes, shapes, first.names, chosen)

    queue_ref = property(lambda self: self._queue_ref, doc="The tensor that stands for the queue.")
    name = property(lambda self: self._queue_ref.op.name, doc="The name of its operation.")
    dtypes = property(lambda self: self._dtypes, doc="The type of each component.")
    shapes = property(lambda self: self._shapes, doc="The shape of each component.")
    names = property(lambda self: self._names, doc="The name of each component, or None.")

    # -- bringing --------------------------------------------------------------------------------

    def enqueue(self, vals, name=None):
        """An operation that brings one element: a tensor, a list or tuple of them, or a dict.

        It waits until there is room. In the run CancelledError when the queue is closed, or when
        the session is closed meanwhile. ValueError for shapes that do not fit.
        """
        with name_scope(name, f"{self._name}_enqueue", _listed(vals)) as scope:
            tensors = self._components(vals)
            for tensor, shape in zip(tensors, self._shapes):
                tensor.get_shape().assert_is_compatible_with(shape)
            return ops.enqueue(self._queue_ref, *tensors, name=scope)

    def enqueue_many(self, vals, name=None):
        """An operation that brings an element for each row of the tensors, as room is made.

        As `enqueue` otherwise.
        """
        with name_scope(name, f"{self._name}_EnqueueMany", _listed(vals)) as scope:
            tensors = self._components(vals)
            count = tensors[0].get_shape().with_rank_at_least(1)[0]
            for tensor, shape in zip(tensors, self._shapes):
                found = tensor.get_shape().with_rank_at_least(1)
                count = count.merge_with(found[0])
                found[1:].assert_is_compatible_with(shape)
            return ops.enqueue_many(self._queue_ref, *tensors, name=scope)

    def _components(self, vals):
        values = self._in_order(vals)
        if len(values) < len(self._dtypes):
            raise ValueError(f"'{self.name}' takes elements of {len(self._dtypes)} components, "
                             f"got {len(values)}")  # fmt: skip
        pairs = enumerate(zip(values, self._dtypes))
        return [convert_to_tensor(v, dtype, name=f"component_{i}") for i, (v, dtype) in pairs]

    def _in_order(self, vals):
        if not isinstance(vals, dict):
            if self._names:
                raise ValueError("You must enqueue a dictionary in a Queue with names")
            return vals if isinstance(vals, (list, tuple)) else [vals]
        if not self._names:
            raise ValueError("Queue must have names to enqueue a dictionary")
        if sorted(self._names, key=str) != sorted(vals, key=str):
            raise ValueError(
                "Keys in dictionary to enqueue do not match names of Queue.  Dictionary: "
                f"({sorted(vals)}), Queue: ({sorted(self._names)})"
            )
        return [vals[name] for name in self._names]

    # -- taking ----------------------------------------------------------------------------------

    def dequeue(self, name=None):
        """One element: a tensor, or a list of them, or a dict by names.

        It waits until there is one. In the run OutOfRangeError when the queue is closed and empty,
        CancelledError when the session is closed meanwhile.
        """
        return self._taken(ops.dequeue(
            self._queue_ref, component_types=self._dtypes, _shapes=self._known(),
            name=name or f"{self._name}_Dequeue",
        ))  # fmt: skip

    def dequeue_many(self, n, name=None):
        """`n` elements, stacked along a new first axis; `n` is an integer or an int32 tensor.

        In the run OutOfRangeError when the queue is closed and has fewer, InvalidArgumentError when
        it has no known shapes. As `dequeue` otherwise.
        """
        return self._taken(ops.dequeue_many(
            self._queue_ref, n, component_types=self._dtypes, _shapes=self._known(),
            name=name or f"{self._name}_DequeueMany",
        ))  # fmt: skip

    def dequeue_up_to(self, n, name=None):
        """As `dequeue_many`, but from a queue that is closed what is left, if that is less."""
        return self._taken(ops.dequeue_up_to(
            self._queue_ref, n, component_types=self._dtypes, _shapes=self._known(),
            name=name or f"{self._name}_DequeueUpTo",
        ))  # fmt: skip

    def _known(self):
        return tuple(as_shape(shape) for shape in self._shapes)

    def _taken(self, tensors):
        if self._names:
            return dict(zip(self._names, tensors))
        return tensors[0] if len(tensors) == 1 else tensors

    # -- the rest --------------------------------------------------------------------------------

    def close(self, cancel_pending_enqueues=False, name=None):
        """An operation after which nobody can bring any more; what is there can be taken.

        It waits for those who wait to bring some, or turns them away, with CancelledError, if
        `cancel_pending_enqueues`. CancelledError in the run when it is closed already.
        """
        return ops.close(self._queue_ref, cancel_pending_enqueues=cancel_pending_enqueues,
                         name=name or f"{self._name}_Close")  # fmt: skip

    def is_closed(self, name=None):
        """Whether it is closed, a bool tensor."""
        return ops.is_closed(self._queue_ref, name=name or f"{self._name}_Is_Closed")

    def size(self, name=None):
        """How many elements are there, an int32 tensor."""
        return ops.size(self._queue_ref, name=name or f"{self._name}_Size")


class FIFOQueue(QueueBase):
    """A queue that gives its elements in the order in which they came.

    It has room for `capacity` elements, tuples of `dtypes`. With `shapes`, fully known ones, all
    elements have these, and several can be taken at once. ValueError for lists of other lengths.
    """

    def __init__(
        self, capacity, dtypes, shapes=None, names=None, shared_name=None, name="fifo_queue"
    ):
        dtypes, shapes = _types(dtypes), _static(_shapes(shapes))
        super().__init__(dtypes, shapes, _names(names, dtypes), _made(
            ops.fifo_queue, capacity, dtypes, shapes, shared_name, name
        ))  # fmt: skip


class RandomShuffleQueue(QueueBase):
    """A queue that gives its elements in random order.

    At least `min_after_dequeue` of them stay, so that there is something to choose from, until it
    is closed. With a `seed`, or a seed of the graph, runs are repeatable. As `tf.FIFOQueue`
    otherwise.
    """

    def __init__(self, capacity, min_after_dequeue, dtypes, shapes=None, names=None, seed=None,
                 shared_name=None, name="random_shuffle_queue"):  # fmt: skip
        dtypes, shapes = _types(dtypes), _static(_shapes(shapes))
        first, second = get_seed(seed)
        if seed is None and shared_name is not None and first is not None:
            digest = hashlib.md5(f"{first}{shared_name}".encode()).hexdigest()
            second = int(digest[:8], 16) & 0x7FFFFFFF
        super().__init__(dtypes, shapes, _names(names, dtypes), _made(
            ops.random_shuffle_queue, capacity, dtypes, shapes, shared_name, name,
            min_after_dequeue=min_after_dequeue, seed=first or 0, seed2=second or 0,
        ))  # fmt: skip


class PaddingFIFOQueue(QueueBase):
    """As `tf.FIFOQueue`, of tensors whose sizes may differ along axes that are None in `shapes`.

    Where several are taken at once, each is filled up with zeros to the size of the largest.
    ValueError unless there is a shape, of known rank, for each type.
    """

    def __init__(self, capacity, dtypes, shapes, names=None, shared_name=None,
                 name="padding_fifo_queue"):  # fmt: skip
        dtypes = _types(dtypes)
        if not isinstance(shapes, (list, tuple)) or not shapes or any(map(_is_size, shapes)):
            raise ValueError("When providing partial shapes, a list of shapes must be provided.")
        shapes = _shapes(shapes)
        if len(dtypes) != len(shapes):
            raise ValueError(f"Shapes must be provided for all components, but received "
                             f"{len(dtypes)} dtypes and {len(shapes)} shapes.")  # fmt: skip
        super().__init__(dtypes, shapes, _names(names, dtypes), _made(
            ops.padding_fifo_queue, capacity, dtypes, shapes, shared_name, name
        ))  # fmt: skip


class PriorityQueue(QueueBase):
    """A queue that gives the element of the least priority first, of equal ones the oldest.

    Its elements have one component more than `types`, before the others: the priority, an int64
    scalar. As `tf.FIFOQueue` otherwise.
    """

    def __init__(
        self, capacity, types, shapes=None, names=None, shared_name=None, name="priority_queue"
    ):
        types, shapes = _types(types), _static(_shapes(shapes))
        made = _made(ops.priority_queue, capacity, types, shapes, shared_name, name)
        super().__init__([int64, *types], [TensorShape([]), *shapes] if shapes else shapes, names,
                         made)  # fmt: skip


# -- what they are made with ----------------------------------------------------------------------


def _made(kind, capacity, dtypes, shapes, shared_name, name, **more):
    return kind(
        component_types=dtypes, shapes=[as_shape(shape) for shape in shapes or ()],
        capacity=int(capacity), shared_name=shared_name or "", name=name, **more,
    )  # fmt: skip


def _types(dtypes):
    listed = list(dtypes) if isinstance(dtypes, (list, tuple)) else [dtypes]
    if not listed:
        raise ValueError("Attr 'component_types' passed list of length 0 less than minimum 1: what "
                         "is queued has parts")  # fmt: skip
    return [as_dtype(dtype).base_dtype for dtype in listed]


def _shapes(shapes):
    """A list of shapes of known rank, or None."""
    if shapes is None:
        return None
    if isinstance(shapes, TensorShape):
        shapes = [shapes]
    if not isinstance(shapes, (tuple, list)):
        raise TypeError("shapes must be a TensorShape or a list or tuple of TensorShapes.")
    shapes = [TensorShape(s) for s in ([shapes] if all(map(_is_size, shapes)) else shapes)]
    if any(shape.ndims is None for shape in shapes):
        raise ValueError(f"All shapes must have a defined rank: {shapes}")
    return shapes


def _static(shapes):
    if shapes and not all(shape.is_fully_defined() for shape in shapes):
        raise ValueError(f"All shapes must be fully defined: {shapes}")
    return shapes


def _is_size(shape):
    return shape is None or isinstance(shape, int)


def _names(names, dtypes):
    if names is None:
        return None
    listed = list(names) if isinstance(names, (list, tuple)) else [names]
    if len(listed) != len(dtypes):
        raise ValueError("List of names must have the same length as the list of dtypes")
    return listed


def _check_length(what, found, dtypes):
    if found is not None and len(found) != len(dtypes):
        raise ValueError(f"Queue {what} must have the same length as dtypes")


def _listed(vals):
    if isinstance(vals, dict):
        return list(vals.values())
    return list(vals) if isinstance(vals, (list, tuple)) else [vals]


def _in_common(one, other):
    """What is known of a shape that is one of two."""
    if one.ndims is None or one.ndims != other.ndims:
        return unknown_shape()
    return TensorShape([a if a == b else None for a, b in zip(one.as_list(), other.as_list())])

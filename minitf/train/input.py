"""What brings examples, or names of files, into queues: `tf.train.string_input_producer`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int64, string
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.indexed_slices import convert_to_tensor_or_indexed_slices
from minitf.ops.array.basics import identity, shape, size
from minitf.ops.array.indexing import gather
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import cast, greater
from minitf.ops.queues.queue import FIFOQueue
from minitf.ops.random.draws import random_shuffle
from minitf.ops.state.assign import count_up_to
from minitf.ops.state.variables import Variable
from minitf.summary.numeric import scalar
from minitf.train.queue_runner import QueueRunner, add_queue_runner


def limit_epochs(tensor, num_epochs=None, name=None):
    """The tensor, `num_epochs` times; after that OutOfRangeError in the run. None: without end.

    It counts in a local variable, `epochs`: FailedPreconditionError in the run unless
    tf.local_variables_initializer() was run. ValueError unless `num_epochs` is positive.
    """
    if num_epochs is None:
        return tensor
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    with name_scope(name, "limit_epochs", [tensor]) as scope:
        epochs = Variable(
            convert_to_tensor(0, int64), name="epochs", trainable=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )  # fmt: skip
        with control_dependencies([count_up_to(epochs, num_epochs)]):
            return identity(tensor, name=scope)


def input_producer(input_tensor, element_shape=None, num_epochs=None, shuffle=True, seed=None,
                   capacity=32, shared_name=None, summary_name=None, name=None, cancel_op=None):
    """A queue of the rows of a tensor, again and again, or `num_epochs` times.

    They are shuffled anew each time unless `shuffle` is False. A QueueRunner that fills the queue
    is added to the graph, and a summary `summary_name` of how full it is. ValueError unless the
    shape of a row is known, from the tensor or as `element_shape`.
    """
    with name_scope(name, "input_producer", [input_tensor]):
        rows = convert_to_tensor(input_tensor, name="input_tensor")
        element_shape = rows.shape[1:].merge_with(element_shape)
        if not element_shape.is_fully_defined():
            raise ValueError("Either `input_tensor` must have a fully defined shape or "
                             "`element_shape` must be specified")  # fmt: skip
        if shuffle:
            rows = random_shuffle(rows, seed=seed)
        rows = limit_epochs(rows, num_epochs)
        queue = FIFOQueue(capacity, [rows.dtype.base_dtype], [element_shape],
                          shared_name=shared_name, name=name)  # fmt: skip
        add_queue_runner(QueueRunner(queue, [queue.enqueue_many([rows])], cancel_op=cancel_op))
        if summary_name is not None:
            scalar(summary_name, cast(queue.size(), float32) * (1.0 / capacity))
        return queue


def string_input_producer(string_tensor, num_epochs=None, shuffle=True, seed=None, capacity=32,
                          shared_name=None, name=None, cancel_op=None):
    """A queue of strings, such as the names of files: as `tf.train.input_producer` otherwise.

    ValueError for an empty list; InvalidArgumentError in the run when the tensor is empty.
    """
    wanted = "string_input_producer requires a non-null input tensor"
    if string_tensor is None or (
        isinstance(string_tensor, (list, tuple, np.ndarray)) and not len(string_tensor)
    ):
        raise ValueError(wanted)
    with name_scope(name, "input_producer", [string_tensor]) as scope:
        strings = convert_to_tensor(string_tensor, dtype=string)
        with control_dependencies([Assert(greater(size(strings), 0), [wanted])]):
            strings = identity(strings)
        return input_producer(strings, [], num_epochs, shuffle, seed, capacity, shared_name,
                              f"fraction_of_{capacity}_full", scope, cancel_op)  # fmt: skip


def range_input_producer(limit, num_epochs=None, shuffle=True, seed=None, capacity=32,
                         shared_name=None, name=None):
    """A queue of the integers from 0 to `limit` - 1: as `tf.train.input_producer` otherwise."""
    with name_scope(name, "input_producer", [limit]) as scope:
        return input_producer(range_(limit), [], num_epochs, shuffle, seed, capacity, shared_name,
                              f"fraction_of_{capacity}_full", scope)  # fmt: skip


def slice_input_producer(tensor_list, num_epochs=None, shuffle=True, seed=None, capacity=32,
                         shared_name=None, name=None):
    """A tensor for each of the list: the same row of all of them, out of a queue of row numbers.

    As `tf.train.input_producer` otherwise. ValueError for an empty list.
    """
    with name_scope(name, "input_producer", tensor_list):
        tensors = [convert_to_tensor_or_indexed_slices(tensor) for tensor in tensor_list]
        if not tensors:
            raise ValueError("Expected at least one tensor in slice_input_producer().")
        queue = range_input_producer(shape(tensors[0])[0], num_epochs, shuffle, seed, capacity,
                                     shared_name)  # fmt: skip
        index = queue.dequeue()
        return [gather(tensor, index) for tensor in tensors]

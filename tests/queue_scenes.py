"""The rows of tests/cases.py for queues and readers."""
import os
import tempfile

import numpy as np
from cases import scene

import minitf as tf
from minitf.ops.io.record_input import RecordInput
from minitf.ops.queues.barrier import Barrier
from minitf.ops.sparse.tensors_map import put_aside, taken_out


def scenes(*ops):
    """Decorator: one scene that several ops play in."""

    def declare(play):
        for op in ops:
            scene(op)(play)
        return play

    return declare


@scenes("FIFOQueueV2", "QueueEnqueueV2", "QueueEnqueueManyV2", "QueueDequeueV2",
        "QueueDequeueManyV2", "QueueDequeueUpToV2", "QueueSizeV2", "QueueIsClosedV2",
        "QueueCloseV2")
def first_in_first_out(run):
    queue = tf.FIFOQueue(9, [tf.float32, tf.int64], shapes=[[2], []])
    run(queue.enqueue([[1.0, 2.0], 3]))
    run(queue.enqueue_many([[[4.0, 5.0], [6.0, 7.0], [8.0, 9.0]], [10, 11, 12]]))
    x, y = queue.dequeue()
    pairs = [(run(tf.reduce_sum(x) + tf.cast(y, tf.float32)), 6.0), (run(queue.size()), 3)]
    pairs += zip(run(queue.dequeue_many(2)), [[[4.0, 5.0], [6.0, 7.0]], [10, 11]])
    pairs += [(run(queue.is_closed()), False), (run(queue.close()) is None, True)]
    return [*pairs, (run(queue.is_closed()), True), *zip(run(queue.dequeue_up_to(2)),
                                                         [[[8.0, 9.0]], [12]])]  # fmt: skip


@scenes("ResourceConditionalAccumulator", "ResourceAccumulatorApplyGradient",
        "ResourceAccumulatorTakeGradient", "ResourceAccumulatorNumAccumulated",
        "ResourceAccumulatorSetGlobalStep")
def gradients_of_one_step(run):
    found = tf.ConditionalAccumulator(tf.float32, [2])
    run(found.set_global_step(3))
    for step in (2, 3, 4):  # the first one is stale
        run(found.apply_grad([1.0, step], step))
    count, mean = run(found.num_accumulated()), run(found.take_grad(2))
    return [(count, 2), (mean, [1.0, 3.5]), (run(found.num_accumulated()), 0)]


@scenes("SparseConditionalAccumulator", "SparseAccumulatorApplyGradient",
        "SparseAccumulatorTakeGradient", "AccumulatorNumAccumulated", "AccumulatorSetGlobalStep")
def rows_of_one_step(run):
    found = tf.SparseConditionalAccumulator(tf.float32, [4, 1])
    run(found.set_global_step(1))
    run(found.apply_grad([0, 2], [[1.0], [2.0]], [4, 1], 1))
    run(found.apply_grad([2, 3], [[4.0], [8.0]], local_step=1))
    indices, values, shape = run(found.take_grad(1))
    return [(indices, [0, 2, 3]), (values, [[1.0], [3.0], [8.0]]), (shape, [4, 1]),
            (run(found.num_accumulated()), 0)]  # fmt: skip


@scenes("PaddingFIFOQueueV2")
def of_different_sizes(run):
    queue = tf.PaddingFIFOQueue(9, [tf.float32], [[None]])
    run([queue.enqueue([[1.0, 2.0]]), queue.enqueue([[3.0]])])
    return [(np.sort(run(queue.dequeue_many(2)), None), [0.0, 1.0, 2.0, 3.0])]


@scenes("PriorityQueueV2")
def the_least_first(run):
    queue = tf.PriorityQueue(9, [tf.int32], [[]])
    run(queue.enqueue_many([[3, 1, 2, 1], [30, 10, 20, 11]]))
    return [(run(queue.dequeue_many(4))[1], [10, 11, 20, 30])]


@scenes("RandomShuffleQueueV2")
def in_random_order(run):
    queue = tf.RandomShuffleQueue(99, 10, [tf.int32], [[]], seed=7)
    run(queue.enqueue_many([list(range(60))]))
    taken = run(queue.dequeue_many(50))
    return [(len(set(taken)), 50), (bool((np.diff(taken) > 0).all()), False),
            (run(queue.size()), 10)]  # fmt: skip


@scenes("TextLineReaderV2", "ReaderReadV2", "ReaderReadUpToV2", "ReaderNumRecordsProducedV2",
        "ReaderNumWorkUnitsCompletedV2", "ReaderResetV2", "WholeFileReaderV2", "TFRecordReaderV2",
        "FixedLengthRecordReaderV2", "IdentityReaderV2", "ReaderSerializeStateV2",
        "ReaderRestoreStateV2")
def files(run):
    path = os.path.join(tempfile.mkdtemp(), "file")
    with tf.python_io.TFRecordWriter(path) as writer:
        writer.write(b"one")
    queue = tf.FIFOQueue(9, [tf.string], [[]])
    run(queue.enqueue_many([[path] * 5]))
    lines, whole, names = tf.TextLineReader(), tf.WholeFileReader(), tf.IdentityReader()
    data = run(whole.read(queue).value)
    pairs = [
        (len(data), 19),
        (run(tf.TFRecordReader().read(queue).value) == b"one", True),
        (run(lines.read(queue).value) == data.replace(b"\n", b""), True),
        (run(lines.num_records_produced()), 1),
        (run(tf.FixedLengthRecordReader(5).read_up_to(queue, 9).values).tolist()
         == [data[:5], data[5:10], data[10:15]], True),
        (run(names.read(queue).value) == path.encode(), True),
    ]  # fmt: skip
    state = run(names.serialize_state())
    run(names.reset())
    pairs.append((run(names.num_work_units_completed()), 0))
    run(names.restore_state(state))
    return [*pairs, (run(names.num_work_units_completed()), 1)]


@scenes("RecordInput")
def records_at_random(run):
    """All of an epoch before any of the next one; others for other seeds."""
    folder = tempfile.mkdtemp()
    for name in "ab":
        with tf.python_io.TFRecordWriter(os.path.join(folder, name)) as writer:
            for number in range(20):
                writer.write(f"{name}{number}".encode())
    pattern = os.path.join(folder, "*")
    orders = []
    for seed in (1, 2):
        asked = RecordInput(pattern, batch_size=8, buffer_size=10, seed=seed).get_yield_op()
        orders.append([record for _ in range(5) for record in run(asked).tolist()])
    return [(len(set(orders[0])), 40), (len(set(orders[1])), 40), (orders[0] == orders[1], False)]


@scenes("AddSparseToTensorsMap", "AddManySparseToTensorsMap", "TakeManySparseFromTensorsMap")
def sparse_tensors_put_aside(run):
    sparse = tf.SparseTensor([[0, 1], [2, 0]], [5, 7], [3, 2])
    one, many = put_aside(sparse), put_aside(sparse, many=True)
    pairs = []
    for handles, rank, add in (([run(one)], 3, one), (run(many)[::-1], 2, many)):
        whole = run(taken_out(tf.constant(handles, tf.int64), add.op, rank))
        pairs += [(whole.values, [5, 7] if rank == 3 else [7, 5])]
        pairs += [(whole.dense_shape, [1, 3, 2] if rank == 3 else [3, 2])]
    return pairs


@scenes("GetSessionHandle", "GetSessionTensor", "DeleteSessionTensor")
def tensors_kept_in_a_session(run):
    kept = run(tf.get_session_handle(tf.constant([1.0, 2.0])))
    raw = kept.get_raw_handle()
    value = run(tf.raw_ops.GetSessionTensor(handle=raw, dtype=tf.float32))
    return [(value, [1.0, 2.0]), (run(tf.raw_ops.DeleteSessionTensor(handle=raw)) is None, True)]


@scenes("Barrier", "BarrierInsertMany", "BarrierTakeMany", "BarrierClose", "BarrierReadySize",
        "BarrierIncompleteSize")
def components_that_meet(run):
    found = Barrier([tf.float32, tf.int32], [[], [1]])
    run(found.insert_many(0, ["a", "b"], [1.0, 2.0]))
    run(found.insert_many(1, ["b"], [[20]]))
    sizes = run([found.ready_size(), found.incomplete_size()])
    _, keys, values = run(found.take_many(1))
    run(found.insert_many(1, ["a"], [[10]]))
    return [(sizes, [1, 1]), (keys.tolist() == [b"b"], True), *zip(values, [[2.0], [[20]]]),
            (run(found.close()) is None, True),
            *zip(run(found.take_many(3, allow_small_batch=True).values), [[1.0], [[10]]])]


@scenes("Stage", "Unstage", "StagePeek", "StageSize", "StageClear")
def what_is_staged(run):
    area = tf.contrib.staging.StagingArea([tf.float32, tf.int32], [[2], []])
    for i in range(3):
        run(area.put([tf.constant([i, 1.0]), tf.constant(i)]))
    pairs = [(run(area.size()), 3), *zip(run(area.peek(1)), [[1.0, 1.0], 1])]
    pairs += zip(run(area.get()), [[0.0, 1.0], 0])
    return [*pairs, (run(area.clear()) is None, True), (run(area.size()), 0)]


@scenes("MutexV2", "MutexLock", "ConsumeMutexLock")
def one_at_a_time(run):
    section, count = tf.CriticalSection(), tf.Variable(1, use_resource=True)
    run(count.initializer)
    add = section.execute(lambda: count.assign_add(2, read_value=True))
    return [(run(add), 3), (run(add), 5)]

"""Pipelines of queues, with threads: what they give until their end; readers; the Coordinator."""

import os
import tempfile

from goldens.kit import error, said

DATA = bytes(bytearray(range(23)))


def _plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def _until_the_end(tf, fetches, runs=99):
    """What each run gives, until there is no more, and whether that was said as it should be."""
    coord = tf.train.Coordinator()
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        threads = tf.train.start_queue_runners(sess, coord)
        found = []
        end = said(lambda: [found.append(sess.run(fetches)) for _ in range(runs)],
                   "is closed and has insufficient elements")  # fmt: skip
        coord.request_stop()
        coord.join(threads)
        return [[[_plain(v) for v in each] for each in found], end, len(threads)]


def two_epochs_in_batches(tf, np):
    x, y = tf.train.slice_input_producer([np.arange(5.0), np.arange(5) * 10], num_epochs=2,
                                         shuffle=False)  # fmt: skip
    return _until_the_end(tf, tf.train.batch([x, y], 4))


def the_rest_in_a_smaller_batch(tf, np):
    x, y = tf.train.slice_input_producer([np.arange(5.0), np.arange(5) * 10], num_epochs=2,
                                         shuffle=False)  # fmt: skip
    return _until_the_end(tf, tf.train.batch([x, y], 4, allow_smaller_final_batch=True))


def whole_batches_taken_apart(tf, np):
    rows = tf.train.limit_epochs(tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), 3)
    batch = tf.train.batch([rows], 2, enqueue_many=True, capacity=2)
    return _until_the_end(tf, [batch])


def some_rows_only(tf, np):
    rows = tf.train.limit_epochs(tf.range(6), 2)
    batch = tf.train.maybe_batch([rows], tf.equal(rows % 2, 0), 3, enqueue_many=True)
    return _until_the_end(tf, [batch])


def kept_or_not(tf, np):
    number = tf.train.range_input_producer(6, num_epochs=1, shuffle=False).dequeue()
    batch = tf.train.maybe_batch([number], number > 2, 2, allow_smaller_final_batch=True)
    return _until_the_end(tf, [batch])


def of_different_lengths(tf, np):
    number = tf.train.range_input_producer(4, num_epochs=1, shuffle=False).dequeue()
    batch = tf.train.batch([tf.range(number)], 2, dynamic_pad=True)
    return _until_the_end(tf, [batch])


def _sparse(tf, number):
    places = tf.cast(tf.range(number), tf.int64)
    return tf.SparseTensor(tf.expand_dims(places, 1), tf.range(number) * 10,
                           tf.cast([number], tf.int64))  # fmt: skip


def _parts(sparse):
    return [sparse.indices, sparse.values, sparse.dense_shape]


def sparse_tensors(tf, np):
    number = tf.train.range_input_producer(5, num_epochs=1, shuffle=False).dequeue()
    sparse, other = tf.train.batch([_sparse(tf, number), number], 2)
    return [_until_the_end(tf, [*_parts(sparse), other]), [str(t.shape) for t in _parts(sparse)]]


def rows_of_sparse_tensors(tf, np):
    number = tf.train.range_input_producer(4, num_epochs=1, shuffle=False).dequeue()
    sparse = tf.SparseTensor([[0, 1], [2, 0]], [number, number * 10], [3, 2])
    batch = tf.train.batch({"a": sparse}, 4, enqueue_many=True, allow_smaller_final_batch=True)
    return _until_the_end(tf, _parts(batch["a"]))


def sparse_tensors_kept_or_not(tf, np):
    number = tf.train.range_input_producer(6, num_epochs=1, shuffle=False).dequeue()
    sparse, other = tf.train.maybe_batch([_sparse(tf, number), number], number > 2, 3)
    return _until_the_end(tf, [*_parts(sparse), other])


def sparse_tensors_refused(tf, np):
    sparse = tf.SparseTensor([[0, 1]], [1], [3, 2])
    return [error(lambda: tf.train.batch_join([[sparse], [tf.constant(1)]], 2)),
            error(lambda: tf.train.batch_join([[sparse], [_sparse(tf, 2)]], 2))]  # fmt: skip


def shuffled_epochs(tf, np):
    tf.set_random_seed(11)
    queue = tf.train.string_input_producer(list("abcdef"), num_epochs=2)
    return _until_the_end(tf, [queue.dequeue()])


def epochs_without_their_counter(tf, np):
    queue = tf.train.string_input_producer(["a"], num_epochs=2)
    coord = tf.train.Coordinator()
    with tf.Session() as sess:
        threads = tf.train.start_queue_runners(sess, coord)
        taken = error(lambda: sess.run(queue.dequeue()))
        return [taken, error(lambda: coord.join(threads))]


def _files():
    folder = tempfile.mkdtemp()
    contents = {"a": b"h\none\r\ntwo\n\nlast", "b": b"h2\nb1\n", "empty": b"", "data": DATA}
    for name, content in contents.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    return folder


def _read(tf, folder, reader, files, up_to=None):
    """All that a reader gives of some files, paths without the folder, and its counters."""
    queue = tf.FIFOQueue(9, [tf.string], shapes=[[]])
    record = reader.read(queue) if up_to is None else reader.read_up_to(queue, up_to)
    counters = [reader.num_records_produced(), reader.num_work_units_completed()]
    with tf.Session() as sess:
        sess.run(queue.enqueue_many([[os.path.join(folder, name) for name in files]]))
        sess.run(queue.close())
        found = []
        end = error(lambda: [found.append(sess.run(record)) for _ in range(20)])
        texts = [[_plain(v) for v in each] for each in found]
        state = [_plain(v) for v in sess.run(counters)]
        sess.run(reader.reset())
        state += [_plain(v) for v in sess.run(counters)]
        shown = str(texts).replace(folder, "").replace("b'", "'").replace('b"', '"')
        return [shown, end, state, reader.supports_serialize]


def lines(tf, np):
    folder = _files()
    return [
        _read(tf, folder, tf.TextLineReader(), ["a", "empty", "b"]),
        _read(tf, folder, tf.TextLineReader(skip_header_lines=1), ["a", "empty", "b"]),
        _read(tf, folder, tf.TextLineReader(), ["a", "b"], 3),
        _read(tf, folder, tf.TextLineReader(), ["none"]),
    ]


def whole_files(tf, np):
    folder = _files()
    return [_read(tf, folder, tf.WholeFileReader(), ["b", "empty"]),
            _read(tf, folder, tf.WholeFileReader(), ["none"]),
            _read(tf, folder, tf.IdentityReader(), ["b", "none"])]  # fmt: skip


def pieces_of_one_length(tf, np):
    folder, kind = _files(), tf.FixedLengthRecordReader
    return [
        _read(tf, folder, kind(5), ["data"]),
        _read(tf, folder, kind(4, header_bytes=2, footer_bytes=1), ["data", "data"]),
        _read(tf, folder, kind(4, header_bytes=2, footer_bytes=1, hop_bytes=3), ["data"]),
        _read(tf, folder, kind(4, hop_bytes=6), ["data"]),
        _read(tf, folder, kind(30), ["data"]),
    ]


def records(tf, np):
    folder, found = _files(), []
    kinds = tf.python_io.TFRecordCompressionType
    for kind in (kinds.NONE, kinds.ZLIB, kinds.GZIP):
        options = tf.python_io.TFRecordOptions(kind)
        with tf.python_io.TFRecordWriter(os.path.join(folder, "r"), options) as writer:
            for i in range(3):
                writer.write(b"record %d" % i)
        found.append(_read(tf, folder, tf.TFRecordReader(options=options), ["r", "r"]))
        found.append(_read(tf, folder, tf.TFRecordReader(options=options), ["r"], 2))
    return [*found, _read(tf, folder, tf.TFRecordReader(), ["a"])]


def state_of_a_reader(tf, np):
    reader, queue = tf.IdentityReader(), tf.FIFOQueue(9, [tf.string], shapes=[[]])
    record, fed = reader.read(queue), tf.placeholder(tf.string, [])
    counters = [reader.num_records_produced(), reader.num_work_units_completed()]
    lines = tf.TextLineReader()
    with tf.Session() as sess:
        sess.run(queue.enqueue_many([["a", "b", "c"]]))
        found = [[_plain(v) for v in sess.run(record)] for _ in range(2)]
        state = sess.run(reader.serialize_state())
        sess.run(reader.reset())
        sess.run(reader.restore_state(fed), {fed: state})
        return [
            found, state, [_plain(v) for v in sess.run(counters)],
            error(lambda: sess.run(reader.restore_state(fed), {fed: "zzz"})),
            error(lambda: sess.run(lines.serialize_state())),
            error(lambda: sess.run(lines.restore_state(fed), {fed: state})),
        ]  # fmt: skip


def queues_a_reader_refuses(tf, np):
    queues = [tf.FIFOQueue(3, [tf.int32], shapes=[[]]), tf.FIFOQueue(3, [tf.string] * 2),
              tf.FIFOQueue(3, [tf.string])]  # fmt: skip
    elements = [3], ["a", "b"], [["a", "b"]]
    wanted = ("Expected queue with single string component", "Expected single component queue",
              "Expected to dequeue a one-element string tensor")
    found = []
    for queue, element in zip(queues, elements):
        key = tf.IdentityReader().read(queue).key
        with tf.Session() as sess:
            sess.run(queue.enqueue(element))
            found.append(said(lambda sess=sess, key=key: sess.run(key), *wanted))
    return found


def coordinated(tf, np):
    def failing(kind, **more):
        coord = tf.train.Coordinator(**more)
        with coord.stop_on_exception():
            raise kind(None, None, "x") if issubclass(kind, tf.errors.OpError) else kind("x")
        return [coord.should_stop(), coord.wait_for_stop(0), error(coord.join), coord.joined]

    coord = tf.train.Coordinator()

    def asked(kind):
        try:
            raise kind(None, None, "x")
        except tf.errors.OpError as raised:
            coord.request_stop(raised)

    asked(tf.errors.AbortedError)
    asked(tf.errors.InternalError)
    first = [error(coord.raise_requested_exception), error(coord.join),
             error(lambda: asked(tf.errors.InternalError)),
             error(lambda: asked(tf.errors.OutOfRangeError))]
    coord.clear_stop()
    return [
        failing(ValueError), failing(tf.errors.OutOfRangeError),
        failing(tf.errors.OutOfRangeError, clean_stop_exception_types=[]),
        failing(KeyError, clean_stop_exception_types=(KeyError,)),
        first, coord.should_stop(), coord.joined, error(coord.join),
    ]  # fmt: skip


def loopers(tf, np):
    coord, turns = tf.train.Coordinator(), []

    def turn(name, limit=3):
        turns.append(name)
        if len(turns) >= limit:
            coord.request_stop()

    looper = tf.train.LooperThread.loop(coord, 0, turn, args=("a",))
    coord.join()
    return [
        turns, looper.daemon, looper.is_alive(),
        error(lambda: tf.train.LooperThread(3, 1)),
        error(lambda: tf.train.LooperThread(coord, 1, args=(1,))),
    ]  # fmt: skip


def runners(tf, np):
    queue = tf.FIFOQueue(3, [tf.int32])
    bring = queue.enqueue([1])
    runner = tf.train.QueueRunner(queue, [bring] * 2)
    again = tf.train.QueueRunner.from_proto(runner.to_proto())
    return [
        str(runner.to_proto()), str(again.to_proto()) == str(runner.to_proto()),
        runner.to_proto("other") is None, runner.close_op.name, runner.cancel_op.name,
        [kind.__name__ for kind in again.queue_closed_exception_types],
        error(lambda: tf.train.QueueRunner(queue, [])),
        error(lambda: tf.train.QueueRunner(
            queue, [bring], queue_closed_exception_types=tf.errors.OutOfRangeError)),
        error(lambda: tf.train.QueueRunner(queue, queue_runner_def=runner.to_proto())),
    ]  # fmt: skip


def a_pipeline_imported_with_its_runners(tf, np):
    number = tf.train.range_input_producer(4, num_epochs=1, shuffle=False).dequeue()
    batch = tf.train.batch([number * 2], 2)
    meta_graph = tf.train.export_meta_graph()
    tf.reset_default_graph()
    tf.train.import_meta_graph(meta_graph)
    return _until_the_end(tf, [tf.get_default_graph().get_tensor_by_name(batch.name)])


def _lengths(tf, count=9):
    number = tf.train.range_input_producer(count, num_epochs=1, shuffle=False).dequeue()
    length = number % 4
    return length, [tf.range(length) + 10 * number, number]


def _in_any_order(found):
    """Each of the queues runs on its own."""
    return [sorted(found[0], key=str), *found[1:]]


def buckets_of_lengths(tf, np):
    length, tensors = _lengths(tf)
    lengths, batch = tf.contrib.training.bucket_by_sequence_length(
        length, tensors, 2, [1, 3], dynamic_pad=True, allow_smaller_final_batch=True)  # fmt: skip
    static = [str(t.shape) for t in (lengths, *batch)]
    return [static, _in_any_order(_until_the_end(tf, [lengths, *batch]))]


def buckets_of_their_own_sizes(tf, np):
    length, tensors = _lengths(tf, 16)
    which, batch = tf.contrib.training.bucket(
        {"row": tensors[0], "number": tensors[1]}, length // 2, [2, 4], 2, capacity=8,
        keep_input=tensors[1] > 3, dynamic_pad=True)  # fmt: skip
    static = [str(batch["row"].shape), str(which.shape)]
    found = _until_the_end(tf, [which, batch["row"], batch["number"]])
    return [static, _in_any_order(found)]


def buckets_refused(tf, np):
    length, tensors = _lengths(tf)
    by_length, bucket = (tf.contrib.training.bucket_by_sequence_length, tf.contrib.training.bucket)
    return [
        error(lambda: by_length(length, tensors, 2, 3)),
        error(lambda: by_length(length, tensors, 2, [])),
        error(lambda: by_length(length, tensors, 2, [1, 2.0])),
        error(lambda: by_length(length, tensors, 2, [2, 2])),
        error(lambda: by_length(length, tensors, [2], [2, 3], dynamic_pad=True)),
        error(lambda: bucket(tensors, length, 2, 3, bucket_capacities=[1], dynamic_pad=True)),
    ]

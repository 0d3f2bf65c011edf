"""tf.contrib.training's batches: buckets, samples, parts of sequences; staging areas."""

import numpy

from goldens.kit import error, said


def _taken(tf, fetches, count, feed=None):
    """What runs give with the queue runners started."""
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        found = []
        try:
            while count is None or len(found) < count:
                found.append(sess.run(fetches))
        except tf.errors.OutOfRangeError:
            found.append("end")
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=5)
    return found


def _ordered(tf, count, epochs=1):
    return tf.train.input_producer(tf.range(count), num_epochs=epochs, shuffle=False).dequeue()


def buckets(tf, np):
    x = _ordered(tf, 10)
    which, found = tf.contrib.training.bucket(
        [x, tf.cast(x, tf.float32) * 2], x % 2, 2, 2, allow_smaller_final_batch=True
    )
    shapes = [str(t.shape) for t in found]
    taken = _taken(tf, [which, *found], None)
    of = [[row for row in taken[:-1] if row[0] == i] for i in (0, 1)]
    return [shapes, of, taken[-1]]


def buckets_of_sizes(tf, np):
    x = _ordered(tf, 12)
    which, found = tf.contrib.training.bucket(
        {"b": tf.fill([x % 3 + 1], x), "a": x}, x % 2, [2, 3], 2, dynamic_pad=True,
        keep_input=x > 1, name="mine",
    )  # fmt: skip
    taken = _taken(tf, [which, found], None)[:-1]
    return [found["b"].op.name, found["a"].shape.as_list(), found["b"].shape.as_list(),
            [[row for row in taken if row[0] == i] for i in (0, 1)]]  # fmt: skip


def buckets_by_length(tf, np):
    x = _ordered(tf, 12)
    lengths, found = tf.contrib.training.bucket_by_sequence_length(
        x % 6 + 1, [tf.fill([x % 6 + 1], x)], 2, [3, 5], dynamic_pad=True,
        allow_smaller_final_batch=True,
    )  # fmt: skip
    _, named = tf.contrib.training.bucket_by_sequence_length(
        tf.constant(1), {"x": tf.constant([7, 8])}, 2, [3, 5]
    )
    taken = _taken(tf, [lengths, found, named], None)[:-1]
    return [taken[0][2], *([row[:2] for row in taken if low <= row[0][0] < high]
                           for low, high in ((0, 3), (3, 5), (5, 9)))]  # fmt: skip


def buckets_refused(tf, np):
    bucket, by_length = tf.contrib.training.bucket, tf.contrib.training.bucket_by_sequence_length
    x = tf.constant(1)
    return [
        said(lambda: bucket([x], 0, [1], 2), "must have num_buckets elements"),
        said(lambda: bucket([x], 0, 1, 2, bucket_capacities=[1]), "must have exactly num_buckets"),
        said(lambda: bucket([], 0, 1, 2), "at least one tensor"),
        said(lambda: bucket([x], 0, 1, 2, keep_input=[True]), "cannot be a vector"),
        error(lambda: bucket([tf.placeholder(tf.int32, None)], 0, 1, 2)),
        said(lambda: by_length(1, [x], 2, 3), "must be a list or tuple"),
        said(lambda: by_length(1, [x], 2, []), "must not be empty"),
        said(lambda: by_length(1, [x], 2, [1.0, 2.0]), "must be integers"),
        said(lambda: by_length(1, [x], 2, [2, 1]), "sequential increasing"),
    ]


def rejected(tf, np):
    x = _ordered(tf, 40, None)
    sample = tf.contrib.training.rejection_sample
    (found,) = sample([x], lambda t: tf.cast(t[0] < 10, tf.float32), 4, runtime_checks=True)
    many = sample([x[None] + [0, 100], x[None] * [1, 1]], lambda t: tf.cast(t[0] < 50, tf.float32),
                  3, enqueue_many=True)  # fmt: skip
    taken = _taken(tf, [found, many], 4)
    one = numpy.concatenate([row[0] for row in taken])
    return [found.shape.as_list(), bool((one < 10).all()),
            [bool((row[1][0] < 50).all()) for row in taken], len(many)]  # fmt: skip


def stratified(tf, np):
    x = _ordered(tf, 40, None)
    sample = tf.contrib.training.stratified_sample
    data, labels = sample([x, x * 2], x % 2, [0.0, 1.0], 4, [0.5, 0.5])
    counted, of_counted = sample([x[None]], x[None] % 2, [1.0, 0.0], 4, enqueue_many=True)
    taken = _taken(tf, [data, labels, counted, of_counted], 3)
    return [[t.shape.as_list() for t in [*data, labels]],
            [[bool((row[0][0] % 2 == 1).all()), row[1], bool((row[2][0] % 2 == 0).all()), row[3]]
             for row in taken],
            said(lambda: sample([1], 0, [0.5, 0.5], 2, [1.0]), "same length"),
            error(lambda: sample([1], [0], [0.5, 0.5], 2, [0.5, 0.5]))]  # fmt: skip


def resampled(tf, np):
    rates = tf.constant([0.0, 0.0, 9.0])
    at_rate = tf.contrib.training.resample_at_rate([tf.constant([1, 2, 3]), rates], rates)
    weights = tf.constant([0.0, 0.0, 4.0])
    (rows,), of_rows = tf.contrib.training.weighted_resample(
        [tf.constant([[1], [2], [3]])], weights, 3.0, mean_decay=0.5
    )
    names = [v.op.name for v in tf.local_variables()]
    ((values, same), found, given) = _taken(tf, [at_rate, rows, of_rows], 1)[0]
    return [names, set(values.tolist()) <= {3}, set(same.tolist()) <= {9.0},
            set(found[:, 0].tolist()) <= {3}, set(given.tolist()) <= {9.0},
            at_rate[0].shape.ndims in (None, 1), rows.shape.ndims in (None, 2)]  # fmt: skip


def load_balancing(tf, np):
    training = tf.contrib.training
    with tf.device(tf.train.replica_device_setter(
        3, ps_strategy=training.GreedyLoadBalancingStrategy(3, training.byte_size_load_fn)
    )):  # fmt: skip
        made = [tf.get_variable(f"v{i}", [size]) for i, size in enumerate((100, 10, 20, 5, 50))]
    placed = [v.device for v in made]
    at_random = [training.RandomStrategy(7, seed)(v.op) for seed in (0, 3) for v in made]
    return [placed, at_random, training.byte_size_load_fn(made[0].op),
            error(lambda: training.byte_size_load_fn(tf.split(tf.zeros([4]), 2)[0].op))]


def staged(tf, np):
    area = tf.contrib.staging.StagingArea([tf.float32, np.int32], [[2], []], capacity=3)
    x = tf.placeholder(tf.float32, [2])
    put, (first, second) = area.put([x, tf.constant(7)]), area.get()
    at, size = area.peek(1), area.size()
    named = tf.contrib.staging.StagingArea([tf.float32, tf.string], names=["a", "b"])
    bring, take = named.put({"b": tf.constant("s"), "a": tf.constant(1.5)}), named.get()
    with tf.Session() as sess:
        for i in range(3):
            sess.run(put, {x: [i, i + 1]})
        found = [sess.run(at), sess.run(size), sess.run([first, second]), sess.run(size)]
        sess.run([put, first], {x: [9, 9]})
        found += [sess.run(first), sess.run(area.clear()) is None, sess.run(size)]
        sess.run(bring)
        found.append(sess.run(take))
    return [found, area.name, named.name, put.name, first.op.name, size.op.name, put.type,
            first.shape.as_list(), area.names, named.names, area.capacity, area.dtypes[0].name]


def staging_refused(tf, np):
    area = tf.contrib.staging.StagingArea
    of_two, named = area([tf.float32, tf.int32]), area([tf.float32], names=["a"])
    one = tf.constant(1.0)
    small = area([tf.float32], memory_limit=8)
    with tf.Session() as sess:
        return [
            said(lambda: area([tf.float32], [[], []]), "shapes must be the same length as dtypes"),
            said(lambda: area([tf.float32], names=["a", "b"]), "names must be the same length"),
            said(lambda: area([tf.float32], shared_name=3), "shared_name must be a string"),
            said(lambda: of_two.put([one, one]), "Datatypes do not match"),
            said(lambda: of_two.put({"a": one}), "must have names"),
            said(lambda: named.put({"b": one}), "do not match names of staging area"),
            said(lambda: named.put([one]), "must enqueue a dictionary"),
            said(lambda: named.put([one, one, one]), "must enqueue a dictionary"),
            error(lambda: area([tf.float32], [[2]]).put([one])),
            said(lambda: sess.run(small.put([tf.zeros([3])])), "combined size of '12' bytes"),
        ]


def barriers(tf, np):
    made = tf.contrib.training.SequenceQueueingStateSaver(
        1, 1, tf.constant(1), tf.constant("key"), {"x": tf.constant([1])}, {}, {"s": tf.zeros([])}
    )
    kind = type(made.barrier)
    barrier = kind([tf.float32, tf.string], [[], [2]], name="mine")
    first = barrier.insert_many(0, ["a", "b", "c"], [1.0, 2.0, 3.0])
    second = barrier.insert_many(1, ["c", "a"], [["c1", "c2"], ["a1", "a2"]])
    one = barrier.take_many(1)
    few = barrier.take_many(5, allow_small_batch=True)
    sizes = barrier.ready_size(), barrier.incomplete_size()
    with tf.Session() as sess:
        sess.run(first)
        found = [sess.run(sizes), sess.run(second), sess.run(sizes), sess.run(one)]
        found.append(said(lambda: sess.run(barrier.insert_many(0, ["b"], [1.0])),
                          "already has a value for component 0"))  # fmt: skip
        sess.run(barrier.close())
        found.append(error(lambda: sess.run(barrier.insert_many(0, ["new"], [1.0]))))
        sess.run(barrier.insert_many(1, ["b"], [["b1", "b2"]]))
        found += [sess.run(few), error(lambda: sess.run(few)), error(lambda: sess.run(one)),
                  error(lambda: sess.run(barrier.close()))]  # fmt: skip
    return [found, barrier.name, first.name, one[0].op.name, [t.shape.as_list() for t in one[:2]],
            [t.shape.as_list() for t in one[2]], [t.shape.as_list() for t in few[2]],
            error(lambda: kind([tf.float32], [[0]]))]  # fmt: skip


def _sequences(tf):
    """Sequences of 3, 2 and 4 numbers, whose sums a state carries on."""
    number = _ordered(tf, 3)
    length = tf.gather([3, 2, 4], number)
    return tf.as_string(number), length, 10 * (number + 1) + tf.range(length)


def _parts(tf, fetches, count):
    """What runs give after all sequences have been brought."""
    bring = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)[-1].enqueue_ops[0]
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        numbers = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)[0]
        threads = numbers.create_threads(sess, coord, start=True)
        for _ in range(3):
            sess.run(bring)
        found = [sess.run(fetches) for _ in range(count)]
        coord.request_stop()
        coord.join(threads)
    return found


def parts_of_sequences(tf, np):
    key, length, values = _sequences(tf)
    batch = tf.contrib.training.batch_sequences_with_states(
        key, {"x": values}, {"of": length}, length, {"sum": tf.constant(0)}, num_unroll=2,
        batch_size=1, num_threads=1, capacity=3,
    )  # fmt: skip
    total = batch.state("sum") + tf.reduce_sum(batch.sequences["x"], 1)
    save = batch.save_state("sum", total)
    parts = [batch.key, batch.next_key, batch.length, batch.total_length, batch.sequence,
             batch.sequence_count, batch.sequences["x"], batch.context["of"], total]  # fmt: skip
    with tf.control_dependencies([save]):
        parts = [tf.identity(part) for part in parts]
    taken = _parts(tf, parts, 5)
    return [sorted(taken, key=lambda part: (part[0][0].split(b":")[1], part[4][0])),
            batch.sequences["x"].shape.as_list(),
            sorted(batch.sequences), sorted(batch.context)]  # fmt: skip


def parts_of_sparse_sequences(tf, np):
    key, length, values = _sequences(tf)
    sparse = tf.SparseTensor(tf.cast(tf.stack([tf.range(length), tf.range(length) % 2], 1),
                                     tf.int64), values, tf.cast([length, 2], tf.int64))  # fmt: skip
    flags = tf.SparseTensor([[1]], tf.reshape(length, [1]), [3])
    batch = tf.contrib.training.batch_sequences_with_states(
        key, {"x": sparse, "y": values}, {"flags": flags}, length, {"count": tf.constant([0.0])},
        num_unroll=2, batch_size=2, num_threads=1, capacity=3,
    )  # fmt: skip
    save = batch.save_state("count", batch.state("count") + 1)
    with tf.control_dependencies([save]):
        parts = [tf.identity(t) for t in (
            batch.key, tf.sparse_tensor_to_dense(batch.sequences["x"]), batch.sequences["y"],
            tf.sparse_tensor_to_dense(batch.context["flags"]), batch.batch_size,
        )]  # fmt: skip
    return _parts(tf, parts, 1)


def numbers_of_elements(tf, np):
    """Elements that come together have one number; their other components count nothing."""
    made = tf.contrib.training.SequenceQueueingStateSaver(
        1, 1, tf.constant(1), tf.constant("key"), {"x": tf.constant([1])}, {}, {"s": tf.zeros([])}
    )
    barrier = type(made.barrier)([tf.int32, tf.int32], [[], []])
    inserts = [barrier.insert_many(*given) for given in (
        (0, ["a", "b"], [1, 2]), (1, ["b", "c"], [3, 4]), (1, ["a"], [5]), (0, ["c"], [6]),
        (1, ["d"], [7]), (0, ["d"], [8]),
    )]  # fmt: skip
    taken = barrier.take_many(4)
    with tf.Session() as sess:
        for insert in inserts:
            sess.run(insert)
        return sess.run([taken.indices, taken.keys, taken.values])


def sequences_refused(tf, np):
    saver, batches = (tf.contrib.training.SequenceQueueingStateSaver,
                      tf.contrib.training.batch_sequences_with_states)  # fmt: skip
    x, key, one, state = tf.constant([1, 2]), tf.constant("k"), tf.constant(1), tf.constant(0)

    def made(**more):
        given = {"batch_size": 1, "num_unroll": 2, "input_length": one, "input_key": key,
                 "input_sequences": {"x": x}, "input_context": {}, "initial_states": {"s": state}}
        return saver(**{**given, **more})

    whole = made(name="mine", capacity=4)
    return [
        said(lambda: made(batch_size=3, capacity=2), "capacity 2 needs to be >= batch_size 3"),
        said(lambda: made(initial_states=[state]), "must be a dictionary"),
        said(lambda: made(initial_states={}), "may not be empty"),
        said(lambda: made(initial_states={"a:b": state}), "may not have a colon"),
        said(lambda: made(initial_states={3: state}), "must be a string"),
        said(lambda: made(input_sequences={}), "at least one sequence tensor"),
        said(lambda: made(input_sequences={"a:b": x}), "may not have a colon"),
        said(lambda: made(input_context={3: x}), "must be string"),
        said(lambda: made(input_length=tf.constant(1, tf.int64)), "length dtype must be int32"),
        said(lambda: made(input_key=one), "key dtype must be string"),
        said(lambda: made(initial_states={"s": tf.placeholder(tf.int32, [None])}),
             "not fully defined"),
        said(lambda: whole.next_batch.save_state("none", state), "was not declared"),
        said(lambda: batches(key, {"x": x}, {}, one, {"s": state}, "2", 1), "expected int"),
        said(lambda: batches(key, [x], {}, one, {"s": state}, 2, 1), ""),
        whole.name, whole.batch_size, whole.num_unroll, whole.prefetch_op.name,
        whole.close().name, whole.next_batch is whole.next_batch,
    ]  # fmt: skip

"""Queues: what they give and in which order, what they refuse, names and shapes of their nodes."""

from goldens.kit import attempt, error, names, said, shapes, typed


def _plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def _ran(sess, fetches):
    return [_plain(value) for value in sess.run(fetches)]


def first_in_first_out(tf, np):
    queue = tf.FIFOQueue(5, [tf.float32, tf.string], shapes=[[2], []])
    with tf.Session() as sess:
        sess.run(queue.enqueue([[1.0, 2.0], "a"]))
        sess.run(queue.enqueue_many([[[3.0, 4.0], [5.0, 6.0]], ["b", "c"]]))
        return [
            _ran(sess, queue.dequeue()),
            _ran(sess, queue.dequeue_many(2)),
            _ran(sess, [queue.size(), queue.is_closed()]),
            _ran(sess, queue.dequeue_many(0)),
        ]


def full_and_empty_in_one_run(tf, np):
    """What brings and what takes run at the same time: neither waits for the other."""
    queue = tf.FIFOQueue(2, tf.float32, shapes=[[]])
    taken, value = queue.dequeue(), tf.placeholder(tf.float32, [])
    brought, three = queue.enqueue(value), queue.enqueue_many([[7.0, 8.0]])
    with tf.Session() as sess:
        sess.run(queue.enqueue_many([[1.0, 2.0]]))
        found = [_plain(sess.run([taken, brought], {value: x})[0]) for x in (3.0, 4.0)]
        found.append(_ran(sess, [queue.size()]))
        found.append(_plain(sess.run([three, queue.dequeue_many(2)])[1]))
        found += [_ran(sess, [taken]), _ran(sess, [taken])]
        return [*found, _plain(sess.run([taken, brought], {value: 5.0})[0])]


def order_of_a_random_queue(tf, np):
    tf.set_random_seed(3)
    queues = [
        tf.RandomShuffleQueue(50, 0, tf.int32, shapes=[[]], seed=7),
        tf.RandomShuffleQueue(50, 5, tf.int32, shapes=[[]]),
        tf.RandomShuffleQueue(50, 5, tf.int32, shapes=[[]], shared_name="mine"),
    ]
    with tf.Session() as sess:
        found = []
        for queue in queues:
            sess.run(queue.enqueue_many([list(range(20))]))
            taken = [_plain(sess.run(queue.dequeue_many(n))) for n in (6, 4)]
            taken += [_plain(sess.run(queue.dequeue())) for _ in range(3)]
            sess.run(queue.close())
            few = error(lambda queue=queue: sess.run(queue.dequeue_many(9)))
            found.append([taken, few, _plain(sess.run(queue.dequeue_up_to(9)))])
    return found


def filled_up_with_zeros(tf, np):
    queue = tf.PaddingFIFOQueue(9, [tf.int32, tf.string], [[None, 2], [None]])
    with tf.Session() as sess:
        sess.run(queue.enqueue([[[1, 2]], ["a", "b"]]))
        sess.run(queue.enqueue([[[3, 4], [5, 6]], []]))
        sess.run(queue.enqueue_many([[[[7, 8]]], [["c"]]]))
        return [_ran(sess, queue.dequeue_many(2)), _ran(sess, queue.dequeue())]


def by_priority(tf, np):
    queue = tf.PriorityQueue(9, [tf.string], shapes=[[]])
    with tf.Session() as sess:
        sess.run(queue.enqueue_many([[3, -1, 2], ["c", "a", "b"]]))
        sess.run(queue.enqueue([0, "z"]))
        return [_ran(sess, queue.dequeue()), _ran(sess, queue.dequeue_many(3))]


def named_components(tf, np):
    queue = tf.FIFOQueue(5, [tf.float32, tf.int32], names=["x", "y"])
    with tf.Session() as sess:
        sess.run(queue.enqueue({"y": 3, "x": 1.5}))
        found = sess.run(queue.dequeue())
    return [
        sorted((name, _plain(value)) for name, value in found.items()), queue.names,
        error(lambda: queue.enqueue([1.0, 2])), error(lambda: queue.enqueue({"x": 1.0})),
        error(lambda: tf.FIFOQueue(5, [tf.float32]).enqueue({"x": 1.0})),
    ]  # fmt: skip


def one_of_a_list(tf, np):
    queues = [tf.FIFOQueue(5, [tf.int32], shapes=[[n]]) for n in (2, 2)]
    index = tf.placeholder(tf.int32, [])
    chosen = tf.QueueBase.from_list(index, queues)
    value = chosen.dequeue()
    with tf.Session() as sess:
        for i, queue in enumerate(queues):
            sess.run(queue.enqueue([[i, i + 1]]))
        return [_plain(sess.run(value, {index: i})) for i in (1, 0)] + shapes(value) + [
            error(lambda: tf.QueueBase.from_list(0, [])),
            error(lambda: tf.QueueBase.from_list(0, (queues[0],))),
            error(lambda: tf.QueueBase.from_list(0, [queues[0], tf.FIFOQueue(1, [tf.int8])])),
        ]


def closed(tf, np):
    queue = tf.FIFOQueue(5, [tf.int32], shapes=[[]])
    with tf.Session() as sess:
        sess.run(queue.enqueue_many([[1, 2, 3]]))
        sess.run(queue.close())
        parts = "FIFOQueue", "is closed and has insufficient elements", "is already closed"
        many = "(requested 4, current size 3)"
        return [
            said(lambda: sess.run(queue.dequeue_many(4)), *parts, many),
            said(lambda: sess.run(queue.enqueue([1])), *parts, "' is closed."),
            said(lambda: sess.run(queue.enqueue_many([[1]])), *parts, "' is closed."),
            said(lambda: sess.run(queue.close()), *parts),
            attempt(lambda: sess.run(queue.close(cancel_pending_enqueues=True))),
            _plain(sess.run(queue.dequeue_up_to(5))),
            said(lambda: sess.run(queue.dequeue()), *parts, "(requested 1, current size 0)"),
            said(lambda: sess.run(queue.dequeue_up_to(5)), *parts),
            attempt(lambda: _plain(sess.run(queue.dequeue_many(0)))),
        ]


def refused(tf, np):
    fixed = tf.FIFOQueue(3, [tf.float32], shapes=[[2]])
    free = tf.FIFOQueue(3, [tf.float32, tf.int32])
    fed = tf.placeholder(tf.float32)
    queue = tf.PaddingFIFOQueue(3, [tf.float32], [[None]])
    with tf.Session() as sess:
        wrong = "Shape mismatch in tuple component 0. Expected"
        return [
            error(lambda: fixed.enqueue([[1.0, 2.0, 3.0]])),
            error(lambda: fixed.enqueue_many([[[1.0, 2.0, 3.0]]])),
            error(lambda: fixed.enqueue(["a"])),
            error(lambda: fixed.dequeue_many(-1)),
            said(lambda: sess.run(fixed.enqueue([fed]), {fed: [1.0, 2.0, 3.0]}),
                 f"{wrong} [2], got [3]"),
            said(lambda: sess.run(fixed.enqueue_many([fed]), {fed: [1.0, 2.0]}),
                 f"{wrong} [2,2], got [2]"),
            said(lambda: sess.run(queue.enqueue([fed]), {fed: 1.0}), f"{wrong} [?], got []"),
            said(lambda: sess.run(free.dequeue_many(1)),
                 "FIFOQueue's DequeueMany and DequeueUpTo require the components to have specified "
                 "shapes."),
            said(lambda: sess.run(free.enqueue_many([fed, [1, 2]]), {fed: [1.0]}),
                 "Component 1 has 2, and should have 1"),
            error(lambda: sess.run(tf.RandomShuffleQueue(5, 5, [tf.int32]).size())),
        ]  # fmt: skip


def refused_when_made(tf, np):
    return [
        error(lambda: tf.FIFOQueue(3, [tf.float32], shapes=[[None]])),
        error(lambda: tf.FIFOQueue(3, [tf.float32], shapes=[[], []])),
        error(lambda: tf.FIFOQueue(3, [tf.float32], shapes=tf.TensorShape(None))),
        error(lambda: tf.FIFOQueue(3, [tf.float32], shapes="a")),
        error(lambda: tf.FIFOQueue(3, [tf.float32], names=["a", "b"])),
        error(lambda: tf.PaddingFIFOQueue(3, [tf.float32], shapes=[None])),
        error(lambda: tf.PaddingFIFOQueue(3, [tf.float32], shapes=[[None], [2]])),
        error(lambda: tf.PriorityQueue(3, [tf.float32], shapes=[[], []])),
    ]


def shared_by_name(tf, np):
    first = tf.FIFOQueue(3, [tf.int32], shapes=[[]], shared_name="q")
    again = tf.FIFOQueue(3, [tf.int32], shapes=[[]], shared_name="q")
    larger = tf.FIFOQueue(4, [tf.int32], shapes=[[]], shared_name="q")
    other = tf.FIFOQueue(3, [tf.int64], shapes=[[]], shared_name="q")
    random = tf.RandomShuffleQueue(3, 0, [tf.int32], shapes=[[]], shared_name="q")
    with tf.Session() as sess, tf.Session() as beside:
        sess.run(first.enqueue([5]))
        return [
            _plain(sess.run(again.dequeue())), _plain(beside.run(again.size())),
            said(lambda: sess.run(larger.size()),
                 "Shared queue 'q' has capacity 3 but requested capacity was 4"),
            error(lambda: sess.run(other.size())),
            said(lambda: sess.run(random.size()), "Expected FIFOQueue, found RandomShuffleQueueV2"),
        ]  # fmt: skip


def nodes(tf, np):
    queue = tf.FIFOQueue(3, [tf.float32], shapes=[[2]])
    queue.enqueue([[1.0, 2.0]])
    queue.enqueue_many([[[1.0, 2.0]]])
    taken = [queue.dequeue(), queue.dequeue_many(3), queue.dequeue_up_to(3)]
    size, _ = queue.size(), [queue.is_closed(), queue.close(), queue.dequeue(name="mine")]
    with tf.name_scope("scope"):
        tf.RandomShuffleQueue(3, 1, [tf.int32], name="r").enqueue([1])
        tf.PaddingFIFOQueue(3, [tf.int32], [[None]]).dequeue_many(tf.placeholder(tf.int32, []))
        tf.PriorityQueue(3, [tf.int32], [[]]).enqueue([1, 2])
    return [typed(tf), shapes(size, *taken), queue.name, [s.as_list() for s in queue.shapes],
            [d.name for d in queue.dtypes]]  # fmt: skip


def attributes(tf, np):
    tf.FIFOQueue(3, [tf.float32, tf.int32])
    tf.RandomShuffleQueue(3, 1, [tf.float32], shapes=[[2, 1]], seed=5, shared_name="s").dequeue()
    return [str(node) for node in tf.get_default_graph().as_graph_def().node]


def names_of_producers(tf, np):
    tf.train.string_input_producer(["a", "b"], shuffle=False)
    tf.train.slice_input_producer([np.arange(4.0), np.arange(4)])
    tf.train.range_input_producer(5, name="mine")
    found = [names(tf), [s.op.name for s in tf.get_collection(tf.GraphKeys.SUMMARIES)]]
    return [*found, [runner.name for runner in tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)]]


def names_of_batches(tf, np):
    x, y = tf.placeholder(tf.float32, [2]), tf.constant(3)
    tf.train.batch({"x": x, "y": y}, 4, num_threads=2, allow_smaller_final_batch=True)
    tf.train.shuffle_batch([x, y], 4, 10, 3)
    tf.train.batch_join([[x], [x]], 4)
    tf.train.shuffle_batch_join([[x, y]] * 2, 4, 10, 2, seed=1)
    tf.train.maybe_batch([x], False, 4)
    runners = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
    return [names(tf), [[op.name for op in runner.enqueue_ops] for runner in runners]]


def shapes_of_batches(tf, np):
    x, y = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.int64, [None])
    many = tf.placeholder(tf.float32, [None, 3])
    keep = tf.placeholder(tf.bool, [])
    some = tf.train.batch({"b": x}, 4)
    return [
        shapes(*tf.train.shuffle_batch([x, x], 4, 10, 3)),
        shapes(some["b"], tf.train.batch([many], 4, enqueue_many=True)),
        shapes(tf.train.batch([y], 4, dynamic_pad=True)),
        shapes(tf.train.batch([x], 4, allow_smaller_final_batch=True)),
        shapes(tf.train.maybe_batch([x], keep, 4)),
        shapes(tf.train.maybe_shuffle_batch_join([[many]], 4, 9, 2, [True], enqueue_many=True)),
    ]


def batches_refused(tf, np):
    x, y = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.float32)
    return [
        error(lambda: tf.train.batch([], 4)),
        error(lambda: tf.train.batch([y], 4)),
        error(lambda: tf.train.batch([tf.placeholder(tf.float32, [None])], 4)),
        error(lambda: tf.train.shuffle_batch([x], 4, 10, 10)),
        error(lambda: tf.train.batch_join([], 4)),
        error(lambda: tf.train.batch_join([[x], [tf.constant(1)]], 4)),
        error(lambda: tf.train.batch_join([[x], [tf.constant([1.0])]], 4)),
        error(lambda: tf.train.batch_join([{"a": x}, {"b": x}], 4)),
        error(lambda: tf.train.maybe_batch([x], [True], 4)),
        error(lambda: tf.train.maybe_batch([x], tf.placeholder(tf.bool), 4)),
        error(lambda: tf.train.maybe_batch([x], [[True]], 4, enqueue_many=True)),
        error(lambda: tf.train.string_input_producer([])),
        error(lambda: tf.train.slice_input_producer([])),
        error(lambda: tf.train.limit_epochs(x, 0)),
        error(lambda: tf.train.input_producer(tf.placeholder(tf.float32, [3, None]))),
        error(lambda: tf.train.QueueRunner()),
        error(lambda: tf.train.start_queue_runners()),
        error(lambda: tf.train.start_queue_runners(sess=3)),
    ]

"""tf.ConditionalAccumulator and its kin, and tf.train.SyncReplicasOptimizer."""

import threading

from goldens.kit import error, said, typed


def built(tf, np):
    found = tf.ConditionalAccumulator(tf.float32, shape=[2], name="acc")
    taken = found.take_grad(1)
    found.apply_grad([1.0, 2.0])
    found.num_accumulated()
    found.set_global_step(3)
    other = tf.SparseConditionalAccumulator(tf.float32, name="sp")
    other.apply_grad([0], [[1.0]], [1, 1], local_step=2)
    other.take_grad(1)
    other.num_accumulated()
    other.set_global_step(3)
    return [typed(tf), found.name, found.dtype.name, str(taken.shape),
            found.accumulator_ref.op.name, issubclass(type(found), tf.ConditionalAccumulatorBase),
            tf.sparse.SparseConditionalAccumulator is tf.SparseConditionalAccumulator]  # fmt: skip


def steps(tf, np):
    found = tf.ConditionalAccumulator(tf.float32, shape=[2])
    x, step = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.int64, [])
    bring, take, move = found.apply_grad(x, step), found.take_grad(1), found.set_global_step(step)
    count = found.num_accumulated()
    with tf.Session() as sess:
        sess.run(bring, {x: [1, 2], step: 0})
        sess.run(bring, {x: [3, 5], step: 0})
        seen = [sess.run(count), sess.run(take), sess.run(count)]
        sess.run(bring, {x: [1, 2], step: 0})
        seen.append(sess.run(count))
        sess.run(bring, {x: [1, 2], step: 5})
        seen.append(sess.run(count))
        sess.run(move, {step: 7})
        sess.run(bring, {x: [1, 2], step: 6})
        seen += [sess.run(count), error(lambda: sess.run(bring, {x: [1, 2, 3], step: 9}))]
        seen.append(error(lambda: sess.run(found.take_grad(0))))
    return seen


def sums(tf, np):
    found = tf.ConditionalAccumulator(tf.float64, reduction_type="SUM")
    bring = found.apply_grad(tf.constant([[1.0, 2.0]], tf.float64))
    take = found.take_grad(2)
    with tf.Session() as sess:
        for _ in range(3):
            sess.run(bring)
        return [sess.run(take), str(take.shape)]


def shared(tf, np):
    one = tf.ConditionalAccumulator(tf.float32, shape=[], shared_name="here")
    other = tf.ConditionalAccumulator(tf.float32, shape=[], shared_name="here")
    different = tf.ConditionalAccumulator(tf.float32, shape=[2], shared_name="here")
    with tf.Session() as sess:
        sess.run(one.apply_grad(3.0))
        return [sess.run(other.take_grad(1)), error(lambda: sess.run(different.num_accumulated()))]


def waits_for_enough(tf, np):
    found = tf.ConditionalAccumulator(tf.float32, shape=[])
    take = found.take_grad(3)
    brings = [found.apply_grad(value) for value in (1.0, 2.0, 6.0)]
    taken = []
    with tf.Session() as sess:
        thread = threading.Thread(target=lambda: taken.append(sess.run(take)))
        thread.start()
        for bring in brings:
            sess.run(bring)
        thread.join(20)
    return taken


def sparse_rows(tf, np):
    found = tf.SparseConditionalAccumulator(tf.float32)
    indices, values = tf.placeholder(tf.int64, [None]), tf.placeholder(tf.float32)
    bring = found.apply_grad(indices, values, local_step=99)
    take = found.take_grad(1)
    lists = [
        [([0, 2], [[1, 1], [2, 2]]), ([2, 3], [[3, 3], [4, 4]])],
        [([3, 1], [[3, 3], [4, 4]])],
        [([3, 1], [[3, 3], [4, 4]]), ([1, 0], [[3, 3], [4, 4]])],
        [([1, 1], [[3, 3], [4, 4]]), ([1], [[5, 5]]), ([0, 1, 1], [[3, 3], [4, 4], [6, 7]])],
    ]
    seen = []
    with tf.Session() as sess:
        for rows in lists:
            for each in rows:
                sess.run(bring, dict(zip([indices, values], each)))
            seen.append(list(sess.run(take)))
    return seen


def sparse_slices(tf, np):
    found = tf.SparseConditionalAccumulator(tf.float32, shape=[4, 2], reduction_type="SUM")
    given = tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([2]), tf.constant([4, 2]))
    taken = found.take_indexed_slices_grad(1)
    with tf.Session() as sess:
        sess.run(found.apply_indexed_slices_grad(given))
        sess.run(found.apply_indexed_slices_grad(given))
        return list(sess.run([taken.indices, taken.values, taken.dense_shape]))


def sparse_refused(tf, np):
    found = tf.SparseConditionalAccumulator(tf.float32, shape=[3, 2])
    loose = tf.SparseConditionalAccumulator(tf.float32)
    with tf.Session() as sess:
        sess.run(loose.apply_grad([0], [[3.0, 3.0]]))
        return [
            said(lambda: sess.run(found.apply_grad([5], [[3.0, 3.0]])),
                 "index of slice 0 exceeded limits of shape; index is 5 exceeded 3"),
            said(lambda: sess.run(found.apply_grad([0], [[3.0, 3.0]], [4, 2])),
                 "expected shape dim 0 to be 3, got 4"),
            error(lambda: sess.run(loose.apply_grad([1, 1, 2], [[3.0, 3.0], [4.0, 4.0]]))),
            said(lambda: sess.run(loose.apply_grad([0], [3.0])),
                 "expected values rank 2, got 1"),
            said(lambda: sess.run(loose.apply_grad([0], [[3.0]])),
                 "expected values dim 1 to be 2, got 1"),
        ]  # fmt: skip


def sparse_shapes(tf, np):
    rows = np.arange(8.0).reshape(1, 2, 2, 2)
    seen = []
    with tf.Session() as sess:
        for shape in ([2, None], [None, 2], [2, 2, 2, 2], [None]):
            found = tf.SparseConditionalAccumulator(tf.float64, shape)
            sess.run(found.apply_grad([0], rows))
            seen.append(sess.run(found.take_grad(1).shape))
        found = tf.SparseConditionalAccumulator(tf.float64, [2, 2, None])
        for values, shape, message in (
            (np.float64(1.0), None, "Values cannot be 0-dimensional."),
            (np.ones([1, 2]), [2, 2], "expected shape rank at least 3, got 2"),
            (np.ones([1, 2]), None, "expected values rank at least 3, got 2"),
            (np.ones([1, 3, 2]), None, "expected values dim 1 to be 2, got 3"),
        ):
            grad = found.apply_grad([0], values, shape)
            seen.append(said(lambda grad=grad: sess.run(grad), message))
        sess.run(found.apply_grad([0], rows))  # of more axes than are declared: now it is known
        fewer = found.apply_grad([0], rows[..., 0])
        return [*seen, said(lambda: sess.run(fewer), "expected values rank 4, got 3")]


def refused(tf, np):
    return [
        error(lambda: tf.ConditionalAccumulator(tf.float32, reduction_type="MAX")),
        error(lambda: tf.ConditionalAccumulator(tf.string)),
        error(lambda: tf.ConditionalAccumulator(tf.float32, shape=[2]).apply_grad([1.0, 2.0, 3.0])),
    ]


def _sync(tf, replicas, **options):
    step = tf.train.get_or_create_global_step()
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    x = tf.placeholder(tf.float32, [2], "x")
    optimizer = tf.train.SyncReplicasOptimizer(
        tf.train.MomentumOptimizer(0.1, 0.9), replicas, **options
    )
    return step, v, x, optimizer, optimizer.minimize(tf.reduce_sum(v * v * x), global_step=step)


def one_replica_by_hand(tf, np):
    step, v, x, optimizer, train = _sync(tf, 1, total_num_replicas=1)
    runner, tokens = optimizer.get_chief_queue_runner(), optimizer.get_init_tokens_op(0)
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        sess.run([init, tf.local_variables_initializer()])
        sess.run(optimizer.chief_init_op)
        sess.run(tokens)
        coord = tf.train.Coordinator()
        threads = runner.create_threads(sess, coord=coord, daemon=True, start=True)
        seen = []
        for k in range(4):
            sess.run(train, {x: [1.0, k]})
            seen.append(sess.run([step, v]))
        coord.request_stop()
        sess.run(runner.cancel_op)
    return [seen, len(threads) > 0]


def one_replica_with_two_gradients(tf, np):
    step, v, x, optimizer, train = _sync(tf, 2, total_num_replicas=1)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        sess.run([optimizer.chief_init_op])
        sess.run(optimizer.get_init_tokens_op())
        runner = optimizer.get_chief_queue_runner()
        sync = runner.enqueue_ops[0]
        sess.run(train, {x: [1.0, 1.0]})
        sess.run(train, {x: [3.0, 5.0]})
        sess.run(sync)
        seen = sess.run([step, v])
        short = [said(lambda: optimizer.get_init_tokens_op(-7), "Too few tokens")]
    return [seen, short]


def slots_of_the_wrapped_one(tf, np):
    _, v, _, optimizer, _ = _sync(tf, 1)
    return [optimizer.get_slot_names(), [each.name for each in optimizer.variables()],
            optimizer.get_slot(v, "momentum").name]  # fmt: skip


def sync_refused(tf, np):
    v = tf.Variable(1.0)
    optimizer = tf.train.SyncReplicasOptimizer(tf.train.GradientDescentOptimizer(0.1), 2)
    pairs = optimizer.compute_gradients(v * v)
    return [
        said(lambda: optimizer.apply_gradients(pairs), "Global step is required"),
        said(lambda: optimizer.apply_gradients([], tf.train.create_global_step()), "at least one"),
        said(optimizer.get_chief_queue_runner, "Should be called after apply_gradients()."),
        said(optimizer.get_init_tokens_op, "should be called after apply_gradients()."),
        error(optimizer.make_session_run_hook(True).begin),
        optimizer.get_name(),
    ]


def sync_names(tf, np):
    _sync(tf, 1)
    names = [[op.name, op.type] for op in tf.get_default_graph().get_operations()]
    return [each for each in names if "Accumulator" in each[1] or "Queue" in each[1]]


def sync_sparse(tf, np):
    step = tf.train.get_or_create_global_step()
    table = tf.get_variable("table", initializer=[[1.0], [2.0], [3.0]])
    rows = tf.placeholder(tf.int32, [None])
    optimizer = tf.train.SyncReplicasOptimizer(tf.train.AdamOptimizer(0.1), 2)
    train = optimizer.minimize(tf.reduce_sum(tf.square(tf.gather(table, rows))), step)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        sess.run(optimizer.chief_init_op)
        sess.run(optimizer.get_init_tokens_op(2))
        sess.run(train, {rows: [0, 1]})
        sess.run(train, {rows: [1, 2]})
        sess.run(optimizer.get_chief_queue_runner().enqueue_ops[0])
        return sess.run([step, table])

"""Edges of the array functions that every program uses: shapes, types, axes, refusals."""

from goldens.kit import accepted, attempt, error, run, said, shape, shapes


def _x(np, *sizes):
    return np.arange(float(np.prod(sizes))).reshape(sizes)


def tiles_and_pads(tf, np):
    x = tf.constant([[1, 2], [3, 4]])
    p, m = tf.placeholder(tf.int32, [2, 2]), tf.placeholder(tf.int32, [2])
    q = tf.placeholder(tf.float32, [None, 3])
    return [
        run(tf, [tf.tile(x, [2, 0]), tf.tile(x, np.int64([1, 2])), tf.tile(["a"], [2])]),
        shapes(tf.tile(x, m), tf.tile(q, [2, 2]), tf.pad(q, [[1, 2], [0, 1]]), tf.pad(x, p),
               tf.tile(tf.placeholder(tf.int32), m)),
        run(tf, [tf.pad(x, np.int64([[1, 0], [0, 2]])), tf.pad(x, [[0, 0], [0, 0]]),
                 tf.pad(["a"], [[1, 0]]), tf.pad([True], [[1, 1]]),
                 tf.pad(x, [[1, 1], [0, 0]], constant_values=-1)]),
        error(lambda: tf.tile(x, [1])), error(lambda: tf.tile(x, [1, -1])),
        error(lambda: tf.tile(x, [1.0, 1.0])),
        error(lambda: tf.pad(x, [[1, 1]])), error(lambda: tf.pad(x, [[1, -1], [0, 0]])),
        accepted(tf, lambda: tf.pad(x, [[2, 0], [0, 0]], "REFLECT")),
        accepted(tf, lambda: tf.pad(x, [[3, 0], [0, 0]], "SYMMETRIC")),
        error(lambda: tf.pad(x, [[0, 0], [0, 0]], "EDGE")),
        attempt(lambda: run(tf, tf.tile(x, m), {m: [1, -1]})),
        attempt(lambda: run(tf, tf.pad(x, p), {p: [[1, 1], [0, -1]]})),
    ]  # fmt: skip


def stacks(tf, np):
    a, b = tf.constant([1, 2]), tf.placeholder(tf.int32, [None])
    parts = tf.unstack(tf.constant(_x(np, 2, 3)), axis=-1)
    return [
        run(tf, [tf.stack([a, a], -1), tf.stack([1, a[0]]), tf.stack(["a", "b"])]),
        shapes(tf.stack([a, b]), tf.stack([b, b], 1), *parts, tf.stack([tf.placeholder(tf.int32)])),
        run(tf, parts), run(tf, tf.unstack([1, 2])), tf.unstack(tf.zeros([0, 2])),
        error(lambda: tf.stack([a, [1, 2, 3]])), error(lambda: tf.stack([a, a], 2)),
        error(lambda: tf.stack([])), error(lambda: tf.stack([a, [1.5, 2.5]])),
        error(lambda: tf.unstack(b)), error(lambda: tf.unstack(1)),
        error(lambda: tf.unstack(a, 3)), error(lambda: tf.unstack(a, axis=1)),
        shapes(*tf.unstack(b, 2)),
        attempt(lambda: run(tf, tf.unstack(b, 2), {b: [1, 2, 3]})),
        run(tf, tf.parallel_stack([a, a])),
    ]  # fmt: skip


def one_hots(tf, np):
    i, d = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [])
    return [
        run(tf, [tf.one_hot([[0, 1]], 2, axis=0), tf.one_hot(np.uint8([1]), 3),
                 tf.one_hot([1], 0), tf.one_hot([1], 2, 5.0, -1.0),
                 tf.one_hot([1], 2, "a", "b"), tf.one_hot([1], 2, dtype=tf.complex64)]),
        shapes(tf.one_hot(i, 3), tf.one_hot(i, d), tf.one_hot(i, 3, axis=0)),
        accepted(tf, lambda: tf.one_hot([1], 2, axis=2)), error(lambda: tf.one_hot([1.0], 2)),
        error(lambda: tf.one_hot([1], 2, on_value=1, dtype=tf.float32)),
        error(lambda: tf.one_hot([1], [2])), error(lambda: tf.one_hot([1], 2, 1, 0.0)),
        accepted(tf, lambda: tf.one_hot([1], -1)),
    ]  # fmt: skip


def turned(tf, np):
    x = tf.constant(_x(np, 2, 3))
    a = tf.placeholder(tf.int32, [1])
    return [
        run(tf, [tf.reverse(x, [0, 1]), tf.reverse(x, [-1]), tf.reverse(["a", "b"], [0]),
                 tf.reverse(x, np.zeros([0], np.int32)), tf.roll(x, 1, 1),
                 tf.roll(x, [1, 1], [0, 0]), tf.roll(x, [-4, 2], [1, -2])]),
        shapes(tf.reverse(x, a), tf.roll(x, a, [0])),
        error(lambda: tf.reverse(x, [2])), accepted(tf, lambda: tf.reverse(x, [0, 0])),
        error(lambda: tf.reverse(x, 0)), accepted(tf, lambda: tf.roll(x, 1, 2)),
        accepted(tf, lambda: tf.roll(x, [1, 2], [0])),
        attempt(lambda: run(tf, tf.reverse(x, a), {a: [5]})),
        run(tf, tf.gradients(tf.roll(x, 1, 1) * _x(np, 2, 3), x)),
        run(tf, [tf.manip.roll(x, 1, 0), tf.manip.reverse(x, [0]), tf.manip.tile(x, [1, 2]),
                 tf.manip.reshape(x, [-1]), tf.manip.gather_nd(x, [[1, 1]])]),
    ]  # fmt: skip


def grids_and_permutations(tf, np):
    p = tf.placeholder(tf.int32, [None])
    return [
        run(tf, tf.meshgrid([1, 2], [3, 4, 5])), run(tf, tf.meshgrid([1, 2], [3], indexing="ij")),
        run(tf, tf.meshgrid([1, 2], [3], [4, 5])), run(tf, tf.meshgrid([1, 2])),
        error(lambda: tf.meshgrid([1], indexing="yx")),
        error(lambda: tf.meshgrid([1], [2], other=1)),
        run(tf, [tf.invert_permutation([2, 0, 1]), tf.invert_permutation(np.int64([1, 0]))]),
        shapes(tf.invert_permutation(p)),
        *(attempt(lambda v=v: run(tf, tf.invert_permutation(p), {p: v}))
          for v in ([0, 0], [0, 2], [-1, 0], [1, 0])),
        error(lambda: tf.invert_permutation([[0]])), error(lambda: tf.invert_permutation([0.0])),
    ]  # fmt: skip


def best(tf, np):
    x = tf.constant([[1.0, 5.0, 3.0, 5.0], [2.0, 2.0, 2.0, 0.0]])
    k, p = tf.placeholder(tf.int32, []), tf.placeholder(tf.float32, [None, 4])
    values, places = tf.nn.top_k(x, 3)
    found = tf.nn.top_k(p, 2)
    return [
        run(tf, [values, places, *tf.nn.top_k([3, 1, 2], 0), *tf.nn.top_k(np.int8([1, 3]), 2)]),
        list(found._fields), shapes(*found, *tf.nn.top_k(x, k)), found.indices.dtype.name,
        error(lambda: tf.nn.top_k(x, 5)), error(lambda: tf.nn.top_k(1.0)),
        error(lambda: tf.nn.top_k(x, -1)), error(lambda: tf.nn.top_k([1j])),
        attempt(lambda: run(tf, tf.nn.top_k(x, k), {k: 5})),
        attempt(lambda: run(tf, tf.nn.top_k(x, k), {k: -1})),
        run(tf, tf.gradients(values * [[1.0, 2.0, 3.0]], x)),
        run(tf, [tf.nn.in_top_k(x, [1, 0], 1), tf.nn.in_top_k(x, np.int64([3, 3]), 2),
                 tf.nn.in_top_k(x, [2, 0], 9), tf.nn.in_top_k([[np.nan, 1.0]], [1], 1)]),
        error(lambda: tf.nn.in_top_k(x, [1], 1)), error(lambda: tf.nn.in_top_k(x[0], [1], 1)),
    ]  # fmt: skip


def broadcasts(tf, np):
    x, s = tf.constant([[1], [2]]), tf.placeholder(tf.int32, [3])
    static = tf.broadcast_static_shape
    return [
        run(tf, [tf.broadcast_to(x, [2, 3]), tf.broadcast_to(x, np.int64([2, 2, 1])),
                 tf.broadcast_to("a", [2]), tf.broadcast_to(1, [])]),
        shapes(tf.broadcast_to(x, s), tf.broadcast_to(tf.placeholder(tf.int32, [None]), [2, 3])),
        error(lambda: tf.broadcast_to(x, [3, 1])), accepted(tf, lambda: tf.broadcast_to(x, [2])),
        attempt(lambda: run(tf, tf.broadcast_to(x, s), {s: [1, 3, 3]})),
        str(static(tf.TensorShape([2, 1]), tf.TensorShape([3]))),
        str(static(tf.TensorShape([None, 1]), tf.TensorShape([4, 3]))),
        str(static(tf.TensorShape(None), tf.TensorShape([3]))),
        error(lambda: static(tf.TensorShape([2]), tf.TensorShape([3]))),
        run(tf, tf.broadcast_dynamic_shape([2, 1], [3])),
        run(tf, tf.broadcast_dynamic_shape(s, s[:1]), {s: [4, 5, 1]}),
        attempt(lambda: run(tf, tf.broadcast_dynamic_shape(s, [7]), {s: [4, 5, 2]})),
    ]  # fmt: skip


def sizes(tf, np):
    x, p = tf.zeros([2, 0, 3]), tf.placeholder(tf.float32)
    q = tf.placeholder(tf.float32, [None, 3])
    found = [tf.shape(x), tf.size(x), tf.rank(x), tf.shape(x, out_type=tf.int64),
             tf.size([[1, 2]], out_type=tf.int64), tf.rank(1.0)]  # fmt: skip
    return [
        run(tf, found), run(tf, [tf.shape(p), tf.size(p), tf.rank(p)], {p: np.zeros([2, 3])}),
        shapes(tf.shape(p), tf.size(p), tf.rank(q), tf.shape(q)), [y.op.type for y in found],
        [y.op.type for y in (tf.shape(q), tf.size(q), tf.rank(q), tf.rank(p))],
    ]


def passed_on(tf, np):
    x = tf.constant([1.0, 2.0])
    d = tf.placeholder_with_default(x, [None])
    same = tf.identity_n([x, tf.constant(3)])
    return [
        run(tf, d), run(tf, d, {d: [5.0]}), shape(d), run(tf, same), shapes(*same),
        error(lambda: tf.placeholder_with_default(x, [3])),
        error(lambda: tf.placeholder_with_default(x, [None, 1])),
        run(tf, tf.gradients(d * 3.0, x)),
        tf.gradients(tf.stop_gradient(x) * 2.0, x) == [None],
        run(tf, tf.gradients(tf.stop_gradient(x) * x, x)),
        run(tf, tf.gradients(same[0] * 2.0, x)),
    ]


def of_nothing(tf, np):
    i, u = tf.placeholder(tf.int32), tf.placeholder(tf.float64)
    into_empty = tf.scatter_nd(i, u, [0, 3, 2])
    message = "specified for empty output"
    empty = np.zeros([0])
    return [
        run(tf, [tf.scatter_nd(np.int32(empty), empty, [0]),
                 tf.scatter_nd(np.zeros([0, 1], np.int32), np.zeros([0, 2]), [0, 2])]),
        said(lambda: tf.scatter_nd(np.zeros([2, 1], np.int32), np.zeros([2, 3, 2]), [0, 3, 2]),
             message),
        said(lambda: run(tf, into_empty, {i: [[0]], u: np.ones([1, 3, 2])}), message),
        run(tf, tf.linalg.tridiagonal_solve(tf.zeros([3, 0]), tf.zeros([0, 2]))),
    ]  # fmt: skip


def numpy_numbers_as_indices(tf, np):
    x = tf.constant(_x(np, 3, 4))
    low, high = np.int64(1), np.int32(3)
    return [run(tf, [x[low:high], x[low:, :high], x[high - low, low], x[::low]]),
            shapes(x[low:high], x[:, low])]  # fmt: skip


def rows_along_their_own_axis(tf, np):
    x, lengths = tf.placeholder(tf.float64, [2, 2]), tf.placeholder(tf.int32, [2])
    turned = tf.reverse_sequence(x, lengths, seq_axis=1, batch_axis=1)
    feed = {x: np.ones([2, 2]), lengths: [1, 2]}
    return said(lambda: run(tf, turned, feed), "batch_dim == seq_dim")


def refused_in_words(tf, np):
    i = tf.placeholder(tf.int32)
    x = _x(np, 4, 2)
    logits = tf.placeholder(tf.float64)
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=logits)
    return [
        [said(lambda ids=ids, sums=sums: run(tf, sums(x, i), {i: ids}), *messages)
         for sums in (tf.segment_sum, tf.segment_mean,
                      lambda x, ids: tf.sparse_segment_sum(x, [0, 1, 2, 3], ids))
         for ids, *messages in (([0, 0, 1, 0], "segment ids are not increasing"),
                                ([0, 0, -1, -1], "segment ids must be >= 0"),
                                ([-1, 0, 1, 1], "Segment id -1 out of range [0, 2)"))],
        said(lambda: tf.nn.top_k(x, 3), "must have last dimension >= k = 3"),
        said(lambda: run(tf, loss, {i: 0, logits: [[1.0]]}), "labels must be 1-D"),
        said(lambda: tf.sparse_to_dense([1], [[5]], 1), "Shape must be rank 1 but is rank 2"),
    ]  # fmt: skip

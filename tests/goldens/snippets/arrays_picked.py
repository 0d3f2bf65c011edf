"""Elements picked, scattered, sliced and grouped: values, shapes, types, refusals, gradients."""

from goldens.kit import accepted, attempt, error, run, shape, shapes


def _x(np, *sizes):
    return np.arange(float(np.prod(sizes))).reshape(sizes)


def gathers(tf, np):
    x = tf.constant(_x(np, 2, 3, 4))
    i = tf.constant([[2, 0], [1, 1]])
    p, q = tf.placeholder(tf.float32, [None, 3, 4]), tf.placeholder(tf.int32, [None, 2])
    a = tf.placeholder(tf.int32, [])
    found = [
        tf.gather(x, [1, 0]), tf.gather(x, i[1], axis=1), tf.gather(x, i, axis=-1),
        tf.gather(x, i, axis=1, batch_dims=1), tf.gather(x, i, axis=2, batch_dims=1),
        tf.gather(x, i, batch_dims=1), tf.gather(x, i, batch_dims=-1), tf.gather(x, 1, axis=1),
        tf.batch_gather(x, i), tf.gather(x, np.zeros([0, 2], np.int32)),
        tf.gather(["a", "b"], [1, 1]), tf.gather(x, np.int64([1])),
    ]  # fmt: skip
    return [
        run(tf, found), shapes(*found),
        shapes(tf.gather(p, q), tf.gather(p, q, axis=1), tf.gather(p, q, batch_dims=1),
               tf.gather(tf.placeholder(tf.int32), q)),
        error(lambda: tf.gather(x, i, axis=3)), error(lambda: tf.gather(x, i, axis=-4)),
        error(lambda: tf.gather(x, i, batch_dims=-3)),
        error(lambda: tf.gather(x, tf.placeholder(tf.int32), batch_dims=1)),
        error(lambda: tf.gather(1.0, [0])), error(lambda: tf.gather(x, [0.5])),
        run(tf, tf.gather(x, [1], axis=a), {a: 1}),
        attempt(lambda: run(tf, tf.gather(x, [1], axis=a), {a: 3})),
        error(lambda: tf.batch_gather(x, tf.placeholder(tf.int32))),
    ]  # fmt: skip


def gather_gradients(tf, np):
    x = tf.constant(_x(np, 2, 3, 4))
    i = tf.constant([[2, 0], [1, 1]])
    found = []
    for options in ({}, {"axis": 1}, {"axis": -1}, {"batch_dims": 1}):
        picks = i % 2 if not options else i
        slope = tf.gradients(tf.gather(x, picks, **options) ** 2, x)[0]
        found.append([type(slope).__name__, run(tf, tf.convert_to_tensor(slope))])
    return found


def gathers_nd(tf, np):
    x = tf.constant(_x(np, 2, 3, 4))
    p = tf.placeholder(tf.int32, [None, 2])
    found = [
        tf.gather_nd(x, [[1, 2], [0, 0]]), tf.gather_nd(x, [[1], [0]]), tf.gather_nd(x, [1, 2, 3]),
        tf.gather_nd(x, [[[0, 1, 2]], [[1, 0, 3]]]),
        tf.gather_nd(x, np.zeros([2, 0], np.int32)),
        tf.gather_nd(x, [[[1], [2]], [[0], [0]]], batch_dims=1),
        tf.gather_nd(x, [[[1, 3]], [[0, 2]]], batch_dims=1),
        tf.gather_nd(x, [[[1], [2], [0]], [[0], [0], [3]]], batch_dims=2),
    ]  # fmt: skip
    return [
        run(tf, found), shapes(*found), shape(tf.gather_nd(x, p)),
        error(lambda: tf.gather_nd(x, [[0, 0, 0, 0]])),
        error(lambda: tf.gather_nd(x, [[[1]]], batch_dims=-1)),
        error(lambda: tf.gather_nd(x, [[1]], batch_dims=2)),
        accepted(tf, lambda: tf.gather_nd(x, [[1], [0]], batch_dims=tf.constant(1))),
        [run(tf, tf.gradients(y**2, x)) for k, y in enumerate(found) if k not in (2, 4)],
    ]  # fmt: skip


def scatters_nd(tf, np):
    p, s = tf.placeholder(tf.int32, [None, 1]), tf.placeholder(tf.int32, [2])
    found = [
        tf.scatter_nd([[1], [3], [1]], [1.0, 2.0, 4.0], [5]),
        tf.scatter_nd([[1], [0]], [[1, 2], [3, 4]], [3, 2]),
        tf.scatter_nd([[[0, 1]], [[1, 0]]], [[5], [6]], [2, 2]),
        tf.scatter_nd(np.zeros([0, 1], np.int64), np.zeros([0], np.float64), np.int64([2])),
    ]  # fmt: skip
    v = tf.constant([1.0, 2.0])
    return [
        run(tf, found), shapes(*found, tf.scatter_nd(p, [[1, 2]], s)),
        error(lambda: tf.scatter_nd([[1]], [1.0, 2.0], [5])),
        accepted(tf, lambda: tf.scatter_nd([[1, 1]], [1.0], [5])),
        run(tf, tf.gradients(tf.scatter_nd([[1], [1]], v, [3]) ** 2, v)),
    ]  # fmt: skip


def changed_copies(tf, np):
    x = tf.constant(_x(np, 3, 2))
    u = tf.constant([[10.0, 20.0], [30.0, 40.0]], tf.float64)
    functions = [tf.tensor_scatter_update, tf.tensor_scatter_add, tf.tensor_scatter_sub]
    found = [f(x, i, u) for f in functions for i in ([[2], [0]], [[1], [1]])]
    found += [f(x, [[0, 1], [2, 0]], u[0]) for f in functions]
    return [
        run(tf, [y for k, y in enumerate(found) if k != 1]), shapes(*found),
        [run(tf, tf.gradients(y**2, [x, u])) for k, y in enumerate(found) if k not in (1, 3, 5)],
        [y.op.type for y in found[::2]],
        error(lambda: tf.tensor_scatter_add(x, [[0]], [1.0])),
        accepted(tf, lambda: tf.tensor_scatter_add(x, [[0, 0, 0]], [1.0])),
        run(tf, tf.tensor_scatter_nd_update([1, 2, 3], [[1]], [9])),
    ]  # fmt: skip


def masks(tf, np):
    x = tf.constant(_x(np, 2, 3, 2))
    m = tf.placeholder(tf.bool, [None])
    found = [
        tf.boolean_mask(x, [True, False]), tf.boolean_mask(x, [False, True, True], axis=1),
        tf.boolean_mask(x, [[True, False, True], [False, False, True]]),
        tf.boolean_mask(x, [[True, False], [True, True], [False, False]], axis=1),
        x[0][x[0] > 2], tf.boolean_mask(["a", "b"], [False, True]),
    ]  # fmt: skip
    lengths = [tf.sequence_mask([1, 3, 0]), tf.sequence_mask([[1], [2]], 3, tf.int32),
               tf.sequence_mask(2, 4),
               tf.sequence_mask(np.int64([1, 2]), dtype=tf.float32)]  # fmt: skip
    return [
        run(tf, found), shapes(*found), run(tf, tf.boolean_mask(x, m), {m: [True, True]}),
        run(tf, lengths), shapes(*lengths, tf.sequence_mask(tf.placeholder(tf.int32, [3]))),
        error(lambda: tf.boolean_mask(x, True)), error(lambda: tf.boolean_mask(x, [True] * 3)),
        error(lambda: tf.boolean_mask(x, tf.placeholder(tf.bool))),
        error(lambda: tf.sequence_mask([1], [3])),
        run(tf, [tf.where([[True, False], [False, True]]), tf.where([0.0, 2.0])]),
        attempt(lambda: run(tf, tf.where(True))),
        run(tf, tf.where([True, False], [[1, 2], [3, 4]], [[5, 6], [7, 8]])),
        error(lambda: tf.where([True, False], [1, 2])),
        error(lambda: tf.where([True, False], [1, 2, 3], [4, 5, 6])),
        error(lambda: tf.where([True], 1, [2])),
    ]  # fmt: skip


def assigned_slices(tf, np):
    v = tf.Variable(_x(np, 2, 3))
    i = tf.placeholder(tf.int32, [])
    x = tf.placeholder(tf.float64)
    changes = [
        lambda: v[0].assign([7.0, 8.0, 9.0]), lambda: v[0, 1].assign(5.0),
        lambda: v[:, ::-2].assign([[5.0, 6.0], [7.0, 8.0]]),
        lambda: v[:, 1:1].assign(np.zeros([2, 0])),
        lambda: v[:, tf.newaxis, 1].assign([[1.0], [2.0]]), lambda: v[..., 1].assign([1.0, 2.0]),
        lambda: v[0].assign([1, 2, 3]), lambda: v[i].assign([9.0, 9.0, 9.0]),
        lambda: v[-1:].assign([[1.0, 2.0, 3.0]]),
        lambda: v[0].assign(5.0), lambda: v[0, 1].assign([5.0]), lambda: v[0].assign(x),
    ]  # fmt: skip
    found = []
    with tf.Session() as sess:
        for change in changes:
            sess.run(v.initializer)
            assigned = change()
            found.append(attempt(lambda a=assigned: sess.run(a, {i: 1, x: [1.0, 2.0]})))
            found.append(sess.run(v))
        name = v[0].assign([1.0, 2.0, 3.0], name="changed").op.name
    return found + [
        name, v[1].assign([1.0, 2.0, 3.0]).op.type,
        error(lambda: (v + 1)[0].assign([1.0, 2.0, 3.0])),
        error(lambda: v.value()[0].assign([1.0, 2.0, 3.0])),
        error(lambda: v[3].assign([1.0])), hasattr(v + 1, "assign"),
    ]  # fmt: skip


def rows_of_batches(tf, np):
    v = tf.Variable(_x(np, 2, 3))
    w = tf.Variable(_x(np, 3, 2))
    rows = tf.IndexedSlices(tf.constant([[1.0, 2.0]], tf.float64), tf.constant([2]))
    found = []
    with tf.Session() as sess:
        for change in (lambda: tf.batch_scatter_update(v, [[2], [0]], [[10.0], [20.0]]),
                       lambda: tf.batch_scatter_update(v, [[2, 1], [0, 1]], [[1, 2], [3, 4.0]]),
                       lambda: w.scatter_add(rows), lambda: w.scatter_sub(rows),
                       lambda: w.scatter_update(rows),
                       lambda: w.scatter_nd_add([[0, 1]], np.array([5.0])),
                       lambda: w.scatter_nd_update([[1]], np.array([[5.0, 6.0]])),
                       lambda: w.scatter_nd_sub([[0, 1]], np.array([5.0]))):  # fmt: skip
            sess.run([v.initializer, w.initializer])
            found.append(sess.run(change()))
    return found + [error(lambda: w.scatter_add([1.0])),
                    error(lambda: tf.batch_scatter_update(v, tf.placeholder(tf.int32), [1.0]))]


def groups(tf, np):
    x = tf.constant([[1.0, -2.0], [3.0, 4.0], [-5.0, 6.0], [7.0, 0.5]], tf.float64)
    n = tf.placeholder(tf.int32, [None])
    ids, any_ids = [0, 0, 2, 2], [2, 0, -1, 2]
    kinds = ("sum", "prod", "max", "min", "mean", "sqrt_n")
    found = [getattr(tf, "segment_" + kind)(x, ids) for kind in kinds[:5]]
    anyhow = [getattr(tf, "unsorted_segment_" + kind)(x, any_ids, 4) for kind in kinds]
    whole = [tf.unsorted_segment_max([3, 1], [0, 0], 2), tf.unsorted_segment_min([3, 1], [0, 0], 2),
             tf.unsorted_segment_prod([3, 2], [0, 0], 2),
             tf.unsorted_segment_max([[1.0, 2.0]], [[0, 0]], 2)]  # fmt: skip
    picked = [f(x, [3, 0, 0], [0, 0, 2]) for f in (
        tf.sparse_segment_sum, tf.sparse_segment_mean, tf.sparse_segment_sqrt_n)]  # fmt: skip
    more = [f(x, [3, 0, 0], [0, 0, 2], num_segments=4) for f in (
        tf.sparse_segment_sum, tf.sparse_segment_mean, tf.sparse_segment_sqrt_n)]  # fmt: skip
    slopes = [tf.gradients(y**2, x)[0] for y in found + anyhow + picked + more
              if y.op.type != "SegmentProd"]  # fmt: skip
    everything = found + anyhow + whole + picked + more
    return [
        run(tf, everything), shapes(*everything), run(tf, slopes),
        [attempt(lambda bad=bad: run(tf, tf.segment_sum(x, n), {n: bad}))
         for bad in ([1, 0, 0, 0], [-1, 0, 0, 0], [0, 0])],
        attempt(lambda: run(tf, tf.unsorted_segment_max(x, n, 2), {n: [0, 0]})),
        [attempt(lambda i=i, s=s: run(tf, tf.sparse_segment_sum(x, i, s)))
         for i, s in (([4], [0]), ([0, 1], [1, 0]), ([-1], [0]))],
        accepted(tf, lambda: tf.sparse_segment_sum(x, [0, 1], [0, 1], num_segments=1)),
        error(lambda: tf.sparse_segment_sum(x, [0, 1], [0])),
        error(lambda: tf.segment_sum(x, [[0, 0, 0, 0]])),
        error(lambda: tf.sparse_segment_mean([1, 2], [0], [0])),
    ]  # fmt: skip


def outside(tf, np):
    """On a GPU neither TensorFlow nor minitf look for these."""
    x = tf.constant(_x(np, 3, 2))
    p, q = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None, 1])
    y = tf.constant([[1.0, 2.0]], tf.float64)
    return [
        [attempt(lambda n=n, f=f: run(tf, f(), {p: [n], q: [[n]]}))
         for f in (lambda: tf.gather(x, p), lambda: tf.gather_nd(x, q),
                   lambda: tf.scatter_nd(q, y, [3, 2]), lambda: tf.tensor_scatter_add(x, q, y),
                   lambda: tf.tensor_scatter_update(x, q, y),
                   lambda: tf.tensor_scatter_sub(x, q, y), lambda: tf.gather(x, p, axis=-1))]
        for n in (3, -1)
    ] + [[attempt(lambda f=f: run(tf, f(y, p, 2), {p: [2]}))
          for f in (tf.unsorted_segment_max, tf.unsorted_segment_sum, tf.unsorted_segment_prod)]]


def products_of_groups_with_zeros(tf, np):
    x = tf.constant([2.0, 0.0, 3.0, 0.0, 0.0, 5.0, 4.0])
    y = tf.unsorted_segment_prod(x, [0, 0, 0, 1, 1, 1, -1], 3)
    return run(tf, [y, *tf.gradients(y * [1.0, 2.0, 3.0], x)])


def fake_quantised(tf, np):
    x = tf.constant(np.linspace(-2, 2, 13).reshape(1, 13).astype(np.float32))
    a, b = tf.constant(-1.1), tf.constant(0.7)
    c = tf.constant([[0.1, 0.5], [-0.3, 0.2], [2.0, -2.0]])
    low, high = tf.constant([-0.5, 0.0]), tf.constant([0.5, 1.5])
    args, variables = tf.fake_quant_with_min_max_args, tf.fake_quant_with_min_max_vars
    channels = tf.fake_quant_with_min_max_vars_per_channel
    found = [args(x), args(x, -1.0, 1.0, 4), args(x, 0.0, 1.0, 3, True), args(x, -0.1, 1.3, 2),
             variables(x, a, b), variables(x, a, b, 3), variables(x, a, b, 3, True),
             variables(x, 0.0, 0.0), channels(c, low, high),
             channels(c, low, high, 3, True)]  # fmt: skip
    slopes = [tf.gradients(args(x, -1.0, 1.0) * x, x)[0],
              *tf.gradients(variables(x, a, b, 4) * [[3.0] * 13], [x, a, b]),
              *tf.gradients(channels(c, low, high, 4) * [[3.0, 2.0]], [c, low, high])]  # fmt: skip
    return [
        run(tf, found), run(tf, slopes),
        run(tf, list(tf.fake_quant_with_min_max_vars_gradient(x, x, a, b))),
        run(tf, tf.fake_quant_with_min_max_args_gradient(x, x)),
        accepted(tf, lambda: args(x, 1.0, -1.0)), accepted(tf, lambda: args(x, num_bits=1)),
        accepted(tf, lambda: args(x, num_bits=17)),
        error(lambda: variables(x, [1.0], b)), error(lambda: channels(c, [0.1], high)),
        error(lambda: args(tf.constant(1.0, tf.float64))),
    ]  # fmt: skip


def there_and_back(tf, np):
    x = tf.constant([-1.3, -0.4, 0.0, 0.26, 0.9], tf.float64)
    function = tf.quantization.quantize_and_dequantize
    found = [
        function(x, 0.0, 0.0, num_bits=4), function(x, -1.0, 1.0, num_bits=4, range_given=True),
        function(x, 0.0, 1.0, False, 4, True), function(x, 0.0, 0.0, False, 3),
        function(x, -1.0, 0.5, True, 8, True, "HALF_UP"),
        function(x, -1.0, 1.0, num_bits=4, range_given=True, narrow_range=True),
    ]  # fmt: skip
    return [
        run(tf, found), run(tf, tf.gradients(found[1] * x, x)),
        accepted(tf, lambda: function(x, 1.0, -1.0, range_given=True)),
    ]  # fmt: skip


def one_string_of_several(tf, np):
    """Picked by a number, it is what other operations on strings take."""
    texts, i = tf.constant(["abcd", "efgh"]), tf.placeholder(tf.int32, [])
    words = tf.get_variable("words", initializer=tf.constant(["ab", "cd"]))
    picked = [
        tf.gather(texts, i), tf.gather_nd(texts, [i]), tf.gather(words, i),
        tf.gather([texts], i, axis=1), tf.scatter_nd([[1], [0]], texts, [3])[i],
        tf.cond(i > 0, lambda: tf.gather(texts, i), lambda: ""),
    ]  # fmt: skip
    raw = [tf.decode_raw(text, tf.uint8) for text in picked]
    joined = [tf.string_join([text, "!"]) for text in picked]
    lengths = [tf.strings.length(text) for text in picked]
    with tf.Session() as session:
        session.run(words.initializer)
        return session.run([picked, raw, joined, lengths], {i: 1})

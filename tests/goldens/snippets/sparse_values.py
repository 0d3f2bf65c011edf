"""Sparse tensors: what runs give, static shapes, refusals, gradients."""

from goldens.kit import accepted, attempt, error, run, shape, shapes

PLACES, WHOLE = [[0, 1], [0, 3], [2, 0], [2, 2]], [3, 4]


def _sparse(tf, values=(1.0, 2.0, 3.0, 4.0), places=PLACES, whole=WHOLE):
    return tf.SparseTensor(places, list(values), whole)


def _parts(value):
    return [type(value).__name__, list(value)]


def _ran(tf, sp, feed=None):
    return _parts(run(tf, sp, feed))


def the_class(tf, np):
    sp = _sparse(tf)
    loose = tf.SparseTensor(tf.placeholder(tf.int64), tf.placeholder(tf.float32),
                            tf.placeholder(tf.int64, [2]))  # fmt: skip
    return [
        _ran(tf, sp), str(sp.shape), str(sp.get_shape()), sp.dtype.name, sp.op.type,
        shapes(sp.indices, sp.values, sp.dense_shape), str(loose.shape), shape(loose.indices),
        sp.graph is tf.get_default_graph(),
        error(lambda: tf.SparseTensor([[0, 0]], [1.0, 2.0], [2, 2])),
        error(lambda: tf.SparseTensor([0], [1.0], [2])),
        error(lambda: tf.SparseTensor([[0, 0]], [1.0], [2])),
        error(lambda: tf.SparseTensor.from_value([1])),
        error(lambda: tf.SparseTensor([[0.5]], [1.0], [2])),
        error(lambda: tf.convert_to_tensor(sp)),
        list(tf.SparseTensorValue._fields),
        error(lambda: sp + 1), tf.is_tensor(sp),
        run(tf, [tf.shape(sp), tf.size(sp), tf.rank(sp)]),
        run(tf, tf.cast(_sparse(tf, (1.5, 2.5, 0.0, 1.0)), tf.int32).values),
        run(tf, [f(sp).values for f in (tf.square, tf.negative, tf.abs, tf.sqrt, tf.tanh)]),
    ]  # fmt: skip


def feeds_and_fetches(tf, np):
    p = tf.sparse_placeholder(tf.float32)
    q = tf.sparse_placeholder(tf.int32, [2, 3], name="q")
    r = tf.sparse_placeholder(tf.float64, [None, 3])
    value = tf.SparseTensorValue(np.int64([[0, 1]]), np.float32([5]), np.int64([1, 2]))
    dense = tf.sparse_tensor_to_dense(p)
    with tf.Session() as sess:
        found = sess.run({"a": p, "b": [dense]}, {p: value})
        plain = sess.run(p, {p: ([[0, 1]], [5.0], [1, 2])})
        known = sess.run(q, {q: ([[0, 1]], [5], [2, 3])})
        missing = error(lambda: sess.run(dense))
        evaluated = p.eval({p: value}, sess)
    return [
        _parts(found["a"]), found["b"], _parts(plain), _parts(known), missing,
        _parts(evaluated), [str(each.shape) for each in (p, q, r)], q.values.name, q.indices.name,
        shapes(p.indices, q.indices, r.indices, p.dense_shape, r.dense_shape, r.values),
    ]  # fmt: skip


def made_dense(tf, np):
    sp = _sparse(tf)
    twice = _sparse(tf, (1.0, 2.0), [[0, 1], [0, 1]])
    turned = _sparse(tf, (1.0, 2.0), [[1, 1], [0, 1]])
    outside = _sparse(tf, (1.0,), [[3, 1]])
    return [
        run(tf, [tf.sparse_tensor_to_dense(sp), tf.sparse.to_dense(sp, -1.0)]),
        run(tf, tf.sparse_tensor_to_dense(_sparse(tf, ("a", "b", "c", "d")))),
        shape(tf.sparse_tensor_to_dense(sp)),
        *(attempt(lambda sp=sp: run(tf, tf.sparse_tensor_to_dense(sp)))
          for sp in (twice, turned, outside)),
        *(attempt(lambda sp=sp: run(tf, tf.sparse_tensor_to_dense(sp, validate_indices=False)))
          for sp in (twice, turned, outside)),
        error(lambda: tf.sparse_tensor_to_dense([1.0])),
        run(tf, tf.sparse_to_dense([1, 3], [5], [1.0, 2.0])),
        run(tf, tf.sparse_to_dense([1, 3], [5], 7, -1)),
        run(tf, tf.sparse_to_dense(2, [4], 1)),
        run(tf, tf.sparse_to_dense([[0, 1], [1, 0]], [2, 2], [True, True], False)),
        run(tf, tf.sparse_to_dense(np.zeros([0, 2], np.int64), np.int64([2, 2]),
                                   np.zeros(0, np.float32))),
        accepted(tf, lambda: tf.sparse_to_dense([1, 3], [5], [1.0])),
        accepted(tf, lambda: tf.sparse_to_dense([1, 3], [5, 5], [1.0, 2.0])),
        error(lambda: tf.sparse_to_dense([1], [5], [1.0], "a")),
    ]  # fmt: skip


def gradients_of_dense(tf, np):
    v = tf.placeholder(tf.float64, [4])
    d = tf.placeholder(tf.float64, [])
    y = tf.sparse_tensor_to_dense(tf.SparseTensor(PLACES, v, WHOLE), d)
    return run(tf, tf.gradients(y**2, [v, d]), {v: [1, 2, 3, 4], d: 0.5})


def from_dense(tf, np):
    return [
        _ran(tf, tf.sparse.from_dense([[1.0, 0.0], [0.0, 2.0]])),
        _ran(tf, tf.sparse.from_dense([0, 0])),
        _ran(tf, tf.sparse.eye(2, 3)),
        _ran(tf, tf.sparse.eye(2, dtype=tf.int32)),
    ]


def order(tf, np):
    sp = _sparse(tf, (4.0, 3.0, 2.0, 1.0), [[2, 2], [2, 0], [0, 3], [0, 1]])
    p = tf.sparse_placeholder(tf.float32)
    return [
        _ran(tf, tf.sparse_reorder(sp)), _ran(tf, tf.sparse_transpose(_sparse(tf))),
        _ran(tf, tf.sparse_transpose(sp, [1, 0])),
        _ran(tf, tf.sparse.transpose(p, [1, 0]), {p: (PLACES, [1, 2, 3, 4], WHOLE)}),
        str(tf.sparse_reorder(p).shape), str(tf.sparse_transpose(sp, [1, 0]).shape),
        _ran(tf, tf.sparse_reorder(tf.SparseTensorValue([[1], [0]], [1, 2], [2]))),
        error(lambda: tf.sparse_reorder([1])),
    ]  # fmt: skip


def chosen(tf, np):
    sp = _sparse(tf)
    slices = tf.IndexedSlices(tf.constant([[1.0], [2.0], [3.0]]), tf.constant([2, 5, 7]))
    masked = tf.sparse_mask(slices, [5])
    return [
        _ran(tf, tf.sparse_retain(sp, [True, False, False, True])),
        error(lambda: tf.sparse_retain(sp, [[True]])),
        error(lambda: tf.sparse_retain(sp, [True, False])),
        run(tf, [masked.values, masked.indices]),
        _ran(tf, tf.sparse.expand_dims(sp, 0)), _ran(tf, tf.sparse.expand_dims(sp, 1)),
        _ran(tf, tf.sparse.expand_dims(sp)),
        _ran(tf, tf.sparse_reset_shape(sp)), _ran(tf, tf.sparse_reset_shape(sp, [4, 5])),
        error(lambda: tf.sparse_reset_shape(sp, [2, 5])),
        error(lambda: tf.sparse_reset_shape(sp, [2, 5, 6])),
        _ran(tf, tf.sparse_slice(sp, [0, 1], [2, 3])),
        _ran(tf, tf.sparse_slice(sp, [2, 2], [5, 5])),
        str(tf.sparse_slice(sp, [2, 2], [5, 5]).shape),
    ]  # fmt: skip


def joined_and_split(tf, np):
    a, b = _sparse(tf), _sparse(tf, (5.0, 6.0), [[0, 0], [1, 3]])
    c = _sparse(tf, (7.0,), [[4, 1]], [5, 2])
    halves = tf.sparse_split(sp_input=a, num_split=2, axis=1)
    uneven = tf.sparse_split(sp_input=a, num_split=3, axis=1)
    return [
        _ran(tf, tf.sparse_concat(0, [a, b])), _ran(tf, tf.sparse_concat(1, [a, b])),
        _ran(tf, tf.sparse_concat(-1, [a, b])), _ran(tf, tf.sparse_concat(0, [a])),
        _ran(tf, tf.sparse_concat(1, [a, c], expand_nonconcat_dim=True)),
        str(tf.sparse_concat(0, [a, b]).shape),
        attempt(lambda: run(tf, tf.sparse_concat(1, [a, c]).values)),
        error(lambda: tf.sparse_concat(0, a)), error(lambda: tf.sparse_concat(0, [1])),
        [_ran(tf, each) for each in halves], [_ran(tf, each) for each in uneven],
        error(lambda: tf.sparse_split(a, 2, 1)),
        error(lambda: tf.sparse_split(sp_input=a, num_split=2)),
        accepted(tf, lambda: tf.sparse_split(sp_input=a, num_split=9, axis=1)[0].values),
    ]  # fmt: skip


def reshaped(tf, np):
    sp, p = _sparse(tf), tf.sparse_placeholder(tf.float32)
    return [
        _ran(tf, tf.sparse_reshape(sp, [2, 6])), _ran(tf, tf.sparse_reshape(sp, [-1])),
        _ran(tf, tf.sparse_reshape(sp, [2, -1, 3])), str(tf.sparse_reshape(sp, [2, -1]).shape),
        error(lambda: tf.sparse_reshape(sp, [5, 2])),
        error(lambda: tf.sparse_reshape(sp, [-1, -1])),
        attempt(lambda: run(tf, tf.sparse_reshape(p, [5, 2]).values,
                            {p: (PLACES, [1, 2, 3, 4], WHOLE)})) is not None,
        _ran(tf, tf.sparse_reshape(p, [4, -1]), {p: (PLACES, [1, 2, 3, 4], WHOLE)}),
    ]  # fmt: skip


def empty_rows(tf, np):
    found, empty = tf.sparse_fill_empty_rows(_sparse(tf), 9.0)
    words, _ = tf.sparse_fill_empty_rows(_sparse(tf, ("a", "b", "c", "d")), "x")
    v, d = tf.placeholder(tf.float32, [4]), tf.placeholder(tf.float32, [])
    filled, _ = tf.sparse_fill_empty_rows(tf.SparseTensor(PLACES, v, WHOLE), d)
    slopes = tf.gradients(filled.values * [1.0, 2.0, 3.0, 4.0, 5.0], [v, d])
    return [
        _ran(tf, found), run(tf, empty), _ran(tf, words), str(found.shape), shape(empty),
        run(tf, slopes, {v: [1, 2, 3, 4], d: 5}),
        attempt(lambda: run(tf, tf.sparse_fill_empty_rows(_sparse(tf, (1.0,), [[3, 0]]), 1.0)[1])),
        error(lambda: tf.sparse_fill_empty_rows(_sparse(tf), "a")),
    ]  # fmt: skip


def sums(tf, np):
    a, b = _sparse(tf), _sparse(tf, (5.0, -2.0, 1.0), [[0, 0], [0, 3], [1, 2]])
    small = _sparse(tf, (0.25,), [[1, 1]])
    dense = tf.constant(np.arange(12.0, dtype=np.float32).reshape(3, 4))
    return [
        _ran(tf, tf.sparse_add(a, b)), _ran(tf, tf.sparse_add(a, b, 0.5)),
        _ran(tf, tf.sparse_add(a, small, thresh=0.5)), _ran(tf, tf.sparse.add(a, a)),
        run(tf, [tf.sparse_add(a, dense), tf.sparse_add(dense, a)]),
        str(tf.sparse_add(a, b).shape),
        error(lambda: tf.sparse_add(dense, dense)),
        error(lambda: tf.sparse_add(a, _sparse(tf, (1.0,), [[0, 0]], [2, 2]))),
        accepted(tf, lambda: tf.sparse_add(a, dense[:2])),
        _ran(tf, tf.sparse_maximum(a, b)), _ran(tf, tf.sparse_minimum(a, b)),
    ]  # fmt: skip


def sum_gradients(tf, np):
    u, v = tf.placeholder(tf.float32, [4]), tf.placeholder(tf.float32, [3])
    d = tf.placeholder(tf.float32, [3, 4])
    a = tf.SparseTensor(PLACES, u, WHOLE)
    b = tf.SparseTensor([[0, 0], [0, 3], [1, 2]], v, WHOLE)
    total = tf.sparse_add(a, b)
    feed = {u: [1, 2, 3, 4], v: [5, -2, 1], d: np.ones([3, 4])}
    return [
        run(tf, tf.gradients(total.values**2, [u, v]), feed),
        run(tf, tf.gradients(tf.sparse_add(a, d) ** 2, [u, d]), feed),
        run(tf, tf.gradients((a * d).values ** 2, [u, d]), feed),
        run(tf, tf.gradients((a / d[0]).values ** 2, [u, d]), feed),
    ]


def element_wise(tf, np):
    a = _sparse(tf)
    whole = _sparse(tf, (7, 8, -7, 9))
    return [
        _ran(tf, a * [[1.0], [2.0], [3.0]]), _ran(tf, a * 2.0),
        _ran(tf, a / [1.0, 2.0, 4.0, 8.0]), _ran(tf, whole / 2), _ran(tf, whole.__div__(2)),
        accepted(tf, lambda: (a * np.ones([2, 3, 4], np.float32)).values),
        accepted(tf, lambda: (a * np.ones([3], np.float32)).values),
        _ran(tf, whole * 3), error(lambda: a * tf.constant(1)),
    ]  # fmt: skip


def products(tf, np):
    a, b = _sparse(tf), tf.constant(np.arange(8.0, dtype=np.float32).reshape(4, 2))
    c = tf.constant(np.arange(6.0, dtype=np.float32).reshape(3, 2))
    v = tf.placeholder(tf.float32, [4])
    found = []
    for ta, tb in ((False, False), (True, False), (False, True), (True, True)):
        m = c if ta else b
        m = tf.transpose(m) if tb else m
        y = tf.sparse_tensor_dense_matmul(tf.SparseTensor(PLACES, v, WHOLE), m, ta, tb)
        found += [y, *tf.gradients(y**2, [v, m])]
    z = tf.SparseTensor(PLACES, np.complex64([1 + 1j, 2, 3j, 4]), WHOLE)
    return [
        run(tf, found, {v: [1, 2, 3, 4]}),
        shapes(tf.sparse_tensor_dense_matmul(a, b), tf.sparse.matmul(a, c, adjoint_a=True)),
        error(lambda: tf.sparse_tensor_dense_matmul(a, c)),
        error(lambda: tf.sparse_tensor_dense_matmul(b, b)),
        error(lambda: tf.sparse_tensor_dense_matmul(a, tf.cast(b, tf.float64))),
        attempt(lambda: run(tf, tf.sparse_tensor_dense_matmul(
            _sparse(tf, (1.0,), [[0, 5]]), b))),
        run(tf, tf.sparse_tensor_dense_matmul(z, np.complex64([[1j], [2], [3]]), adjoint_a=True)),
        run(tf, tf.sparse_tensor_dense_matmul(_sparse(tf, (1, 2, 3, 4)), [[1], [2], [3], [4]])),
    ]  # fmt: skip


def reductions(tf, np):
    a = _sparse(tf, (1.0, 2.0, -3.0, -4.0))
    return [
        run(tf, [tf.sparse_reduce_sum(a), tf.sparse_reduce_sum(a, 0), tf.sparse_reduce_sum(a, [1]),
                 tf.sparse_reduce_sum(a, [0, 1], keepdims=True),
                 tf.sparse_reduce_sum(a, -1, True), tf.sparse_reduce_sum(a, []),
                 tf.sparse_reduce_sum(a, reduction_axes=1)]),
        run(tf, [tf.sparse_reduce_max(a), tf.sparse_reduce_max(a, 0), tf.sparse_reduce_max(a, 1)]),
        _ran(tf, tf.sparse_reduce_sum_sparse(a, 0)), _ran(tf, tf.sparse_reduce_max_sparse(a, 1)),
        _ran(tf, tf.sparse_reduce_sum_sparse(a, 1, True)),
        accepted(tf, lambda: tf.sparse_reduce_sum(a, 2)),
        error(lambda: tf.gradients(tf.sparse_reduce_max(a), a.values)),
        run(tf, tf.gradients(tf.sparse_reduce_sum(a, 0) ** 2, a.values)),
        run(tf, tf.gradients(tf.sparse_reduce_sum(a, 1, True) ** 2, a.values)),
    ]  # fmt: skip


def softmaxes(tf, np):
    v = tf.constant([1.0, 2.0, 3.0, 5.0])
    found = tf.sparse_softmax(tf.SparseTensor(PLACES, v, WHOLE))
    weights = [1.0, 2.0, 3.0, 4.0]
    return [
        _ran(tf, found), run(tf, tf.gradients(found.values * weights, v)),
        accepted(tf, lambda: tf.sparse_softmax(tf.SparseTensor([[0]], [1.0], [1])).values),
        error(lambda: tf.sparse_softmax(_sparse(tf, (1, 2, 3, 4)))),
    ]  # fmt: skip


def merged(tf, np):
    ids = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], np.int64([4, 1, 2]), [2, 2])
    values = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [0.5, 1.5, 2.5], [2, 2])
    more = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], np.int32([0, 1, 1]), [2, 2])
    return [
        _ran(tf, tf.sparse_merge(ids, values, 5)),
        _ran(tf, tf.sparse_merge(ids, values, 5, already_sorted=True)),
        _ran(tf, tf.sparse_merge([ids, more], values, [5, 2])),
        run(tf, tf.sparse_to_indicator(ids, 6)),
        error(lambda: tf.sparse_merge(ids, values, [5])),
        error(lambda: tf.sparse_merge([ids], values, 5)),
        error(lambda: tf.sparse_merge([ids, more], values, [5])),
    ]


def conversions(tf, np):
    value = tf.SparseTensorValue([[0]], [1.0], [2])
    convert = tf.convert_to_tensor_or_sparse_tensor
    return [
        type(convert(value)).__name__, type(convert([1.0])).__name__,
        error(lambda: convert(value, tf.int32)), error(lambda: convert([1.0], tf.int32)),
        run(tf, convert([1, 2])),
    ]  # fmt: skip


def distances(tf, np):
    a = tf.SparseTensor([[0, 0], [1, 0], [1, 1]], ["a", "b", "c"], [2, 2])
    b = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], ["b", "b", "b"], [2, 2])
    c = tf.SparseTensor([[0, 0]], ["b"], [2, 2])
    d = tf.SparseTensor([[0, 0, 0], [0, 1, 0]], [1, 2], [1, 2, 1])
    e = tf.SparseTensor([[0, 0, 0], [0, 1, 0], [0, 1, 1]], [1, 3, 2], [1, 3, 2])
    return [
        run(tf, [tf.edit_distance(a, b), tf.edit_distance(a, b, normalize=False)]),
        run(tf, [tf.edit_distance(a, c), tf.edit_distance(c, a, False)]),
        run(tf, tf.edit_distance(d, e)), shape(tf.edit_distance(d, e)),
        error(lambda: tf.edit_distance([1], b)),
        error(lambda: tf.edit_distance(a, d)),
    ]  # fmt: skip


def gradients_of_sums(tf, np):
    """Of places that one of them has, both, or none: in any order."""
    a, b = (tf.placeholder(tf.float32, [None]) for _ in range(2))
    one = tf.SparseTensor([[0, 1], [1, 0], [2, 2]], a, [3, 4])
    other = tf.SparseTensor([[0, 1], [0, 3], [2, 1], [2, 2]], b, [3, 4])
    feeds = {a: [1.0, 2.0, 3.0], b: [4.0, 0.0, 5.0, -3.0]}
    found = []
    for threshold in (0.0, 0.5, 9.0):
        total = tf.sparse_add(one, other, threshold)
        count = tf.cast(tf.range(tf.size(total.values)) + 1, tf.float32)
        found += tf.gradients(tf.reduce_sum(total.values * count), [a, b])
    return run(tf, found, feeds)


def places_outside(tf, np):
    """What only orders does not ask whether the places are inside."""
    values = tf.placeholder(tf.float64, [None])
    sp = tf.SparseTensor([[5, 1], [0, 9]], values, [2, 2])
    ordered = tf.sparse_reorder(sp)
    total = tf.sparse_add(ordered, ordered)
    most = tf.sparse_maximum(ordered, ordered)
    slopes = tf.gradients([ordered.values, total.values], values)
    return run(tf, [ordered, total, most, slopes], {values: [1.0, 2.0]})

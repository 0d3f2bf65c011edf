"""Rows looked up in tables, whole and in parts, by dense and sparse ids; their gradients."""

import warnings

from goldens.kit import attempt, error, run, shape, shapes

TABLE = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0]]


def _parts(tf, counts=(2, 2, 1)):
    ends = [sum(counts[:i]) for i in range(len(counts) + 1)]
    return [tf.Variable(TABLE[a:b]) for a, b in zip(ends, ends[1:])]


def _kinds(gradients):
    return [type(each).__name__ for each in gradients]


def in_parts(tf, np):
    div, mod = _parts(tf), [tf.Variable(TABLE[0::2]), tf.Variable(TABLE[1::2])]
    ids = [[4, 0], [2, 2]]
    found = [
        tf.nn.embedding_lookup(div, ids, "div"),
        tf.nn.embedding_lookup(mod, ids),
        tf.nn.embedding_lookup(mod, [3]),
    ]
    p = tf.placeholder(tf.int64, [None])
    return [
        run(tf, found), shapes(*found, tf.nn.embedding_lookup(div, p, "div")),
        run(tf, tf.nn.embedding_lookup(div, p, "div"), {p: [0, 1, 2, 3, 4]}),
        error(lambda: tf.nn.embedding_lookup(div, ids, "other")),
        error(lambda: tf.nn.embedding_lookup([], ids)),
        error(lambda: tf.nn.embedding_lookup(None, ids)),
        attempt(lambda: run(tf, tf.nn.embedding_lookup(mod, p), {p: [7]})),
        attempt(lambda: run(tf, tf.nn.embedding_lookup(mod, p), {p: [-1]})),
        attempt(lambda: run(tf, tf.nn.embedding_lookup(div, p, "div"), {p: [5]})),
    ]  # fmt: skip


def gradients_in_parts(tf, np):
    parts = _parts(tf, (3, 2))
    mod = [tf.Variable(TABLE[0::2]), tf.Variable(TABLE[1::2])]
    found = []
    for tables, strategy in ((parts, "div"), (mod, "mod")):
        y = tf.nn.embedding_lookup(tables, [4, 0, 4, 1], strategy)
        slopes = tf.gradients(y**2, tables)
        found.append([_kinds(slopes), run(tf, [tf.convert_to_tensor(each) for each in slopes]),
                      run(tf, [each.indices for each in slopes])])  # fmt: skip
    return found


def shortened(tf, np):
    table, parts = tf.Variable(TABLE), _parts(tf, (3, 2))
    one = tf.nn.embedding_lookup(table, [[0, 4]], max_norm=3.0)
    several = tf.nn.embedding_lookup(parts, [0, 4], "div", max_norm=3.0)
    slopes = tf.gradients(one, table)
    return [run(tf, [one, several]), _kinds(slopes), run(tf, tf.convert_to_tensor(slopes[0]))]


def whole_table(tf, np):
    table = tf.Variable(TABLE)
    y = tf.nn.embedding_lookup(table, [[4, 0], [4, 4]])
    slope = tf.gradients(y * 2.0, table)[0]
    twice = tf.gradients(y * 2.0 + tf.nn.embedding_lookup(table, 1), table)[0]
    mixed = tf.gradients(tf.reduce_sum(y) + tf.reduce_sum(table), table)[0]
    clipped, norm = tf.clip_by_global_norm([slope], 1.0)
    return [
        _kinds([slope, twice, mixed, clipped[0]]),
        run(tf, [slope.values, slope.indices, slope.dense_shape]),
        run(tf, [tf.convert_to_tensor(twice), twice.indices, mixed]),
        run(tf, [clipped[0].values, clipped[0].indices, norm]),
        run(tf, tf.global_norm([slope, twice])),
    ]


def made_dense(tf, np):
    slices = tf.IndexedSlices(tf.constant([[1.0], [2.0], [3.0]]), tf.constant([2, 0, 2]),
                              tf.constant([4, 1]))  # fmt: skip
    loose = tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([2]))
    convert = tf.convert_to_tensor_or_indexed_slices
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sizes = tf.placeholder(tf.int32, [2])
        unknown = tf.IndexedSlices(slices.values, slices.indices, sizes)
        dense = tf.convert_to_tensor(unknown)
        said = [str(each.message) for each in caught if "IndexedSlices" in str(each.message)]
    return [
        run(tf, tf.convert_to_tensor(slices)), shape(tf.convert_to_tensor(slices)),
        error(lambda: tf.convert_to_tensor(loose)),
        error(lambda: tf.convert_to_tensor(slices, tf.int32)),
        convert(slices) is slices, type(convert([1.0])).__name__,
        error(lambda: convert(slices, tf.int32)), convert(slices, tf.float32) is slices,
        run(tf, dense, {sizes: [3, 1]}), len(said), ["unknown shape" in each for each in said],
        run(tf, tf.add(slices, 1.0)), run(tf, (-slices).values),
    ]  # fmt: skip


def aggregated(tf, np):
    """Gradients that meet: rows with rows are joined, rows with a whole are added."""
    v = tf.Variable(TABLE)
    rows = tf.gather(v, [0, 2]) * 2.0
    nd = tf.gather_nd(v, [[1], [3]])
    found = []
    for y in (rows + tf.gather(v, [2, 4]), rows + nd, rows + v[:2], nd, tf.gather(v * 1.0, [0, 0])):
        slope = tf.gradients(y, v)[0]
        found.append([type(slope).__name__, run(tf, tf.convert_to_tensor(slope))])
    started = tf.gradients(tf.gather(v, [0, 2]), v, tf.constant([[1.0, 2.0], [3.0, 4.0]]))[0]
    twice = tf.gradients(tf.gather(v, [0, 0]) ** 2, v)[0]
    second = tf.gradients(tf.convert_to_tensor(twice), v)[0]
    found.append(run(tf, [started.values, tf.convert_to_tensor(second)]))
    return found


def _sparse_ids(tf):
    places = [[0, 0], [0, 1], [1, 0], [3, 2]]
    ids = tf.SparseTensor(places, [1, 3, 0, 1], [4, 3])
    weights = tf.SparseTensor(places, [2.0, 0.5, 1.0, 3.0], [4, 3])
    return ids, weights


def by_sparse_ids(tf, np):
    table, parts = tf.Variable(TABLE), _parts(tf, (3, 2))
    ids, weights = _sparse_ids(tf)
    lookup = tf.nn.embedding_lookup_sparse
    found = [lookup(table, ids, w, combiner=c)
             for w in (None, weights) for c in ("sum", "mean", "sqrtn")]  # fmt: skip
    found += [lookup(parts, ids, weights, "div", combiner="sum"),
              lookup(table, ids, None, combiner="mean", max_norm=2.0)]  # fmt: skip
    return [
        run(tf, found), shapes(*found),
        error(lambda: lookup(table, ids, None, combiner="max")),
        error(lambda: lookup(table, [1], None, combiner="sum")),
        error(lambda: lookup(table, ids, [1.0], combiner="sum")),
        run(tf, lookup(table, ids, None)),
    ]  # fmt: skip


def gradients_by_sparse_ids(tf, np):
    table = tf.Variable(TABLE)
    ids, weights = _sparse_ids(tf)
    found = []
    for w in (None, weights):
        for combiner in ("sum", "mean", "sqrtn"):
            y = tf.nn.embedding_lookup_sparse(table, ids, w, combiner=combiner)
            slope = tf.gradients(y**2, table)[0]
            found.append([_kinds([slope]), run(tf, tf.convert_to_tensor(slope))])
    return found


def safe(tf, np):
    table, parts = tf.Variable(TABLE), _parts(tf, (3, 2))
    places = [[0, 0], [0, 1], [1, 0], [3, 2], [3, 1]]
    ids = tf.SparseTensor(places, np.int64([1, -3, 0, 1, 2]), [5, 3])
    weights = tf.SparseTensor(places, [2.0, 0.5, 1.0, 3.0, -1.0], [5, 3])
    deep = tf.SparseTensor([[0, 0, 0], [0, 1, 2], [1, 0, 1]], np.int64([1, 0, 2]), [2, 2, 3])
    lookup = tf.nn.safe_embedding_lookup_sparse
    found = [lookup(table, ids), lookup([table], ids, weights), lookup(parts, ids, weights, "sum"),
             lookup(table, ids, weights, "sqrtn", default_id=4), lookup(table, deep),
             tf.contrib.layers.safe_embedding_lookup_sparse([table], ids, weights)]  # fmt: skip
    slope = tf.gradients(lookup(table, ids) ** 2, table)[0]
    return [
        run(tf, found), [shape(each) for each in found],
        error(lambda: lookup(None, ids)), error(lambda: lookup([], ids)),
        _kinds([slope]), run(tf, tf.convert_to_tensor(slope)),
    ]  # fmt: skip


def trained(tf, np):
    """Optimizers change the rows that were read, and those only (Adam all that have moved)."""
    found = []
    for make in (lambda: tf.train.GradientDescentOptimizer(0.1),
                 lambda: tf.train.AdamOptimizer(0.1), lambda: tf.train.AdagradOptimizer(0.1),
                 lambda: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
                 lambda: tf.train.RMSPropOptimizer(0.1), lambda: tf.train.FtrlOptimizer(0.1),
                 lambda: tf.train.AdadeltaOptimizer(0.5)):  # fmt: skip
        tf.reset_default_graph()
        parts = _parts(tf, (3, 2))
        ids = tf.placeholder(tf.int32, [None])
        loss = tf.reduce_sum(tf.nn.embedding_lookup(parts, ids, "div") ** 2)
        train = make().minimize(loss)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for batch in ([0, 4, 0], [4], [2, 1]):
                sess.run(train, {ids: batch})
            found.append(sess.run(parts))
    return found

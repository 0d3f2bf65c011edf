"""Ragged tensors: how they are made, what is asked of them, fed and fetched, refused."""

from goldens.kit import attempt, error, run, said, shape, shapes


def _value(ragged):
    """What a run gave for a ragged tensor, as plain values."""
    if not hasattr(ragged, "to_list"):
        return ragged
    return [type(ragged).__name__, ragged.to_list(), str(ragged.dtype),
            str(ragged.row_splits.dtype)]  # fmt: skip


def _ran(tf, fetches, feed=None):
    return [_value(each) for each in run(tf, fetches, feed)]


def _tensor(tf):
    return tf.ragged.constant([[[1, 2], [], [3]], [], [[4]]])


def made_of_lists(tf, np):
    R = tf.ragged
    return [
        _ran(tf, [R.constant([[1, 2], [], [3]]), R.constant([["a"], [b"b", "c"]]), _tensor(tf),
                 R.constant([[1.5], []], dtype=tf.float64, row_splits_dtype=tf.int32),
                 R.constant([[[1, 2]], [[3, 4], [5, 6]]], ragged_rank=1),
                 R.constant([[[1, 2]], [[3, 4], [5, 6]]], inner_shape=(2,)),
                 R.constant([[[]], []]), R.constant([3, 4]), R.constant([], ragged_rank=2),
                 R.constant([[], []], inner_shape=(0, 2)), R.constant((1, (2,))[1:])]),
        _value(R.constant_value([[1], [2, 3]])), _value(R.constant_value([[1.0], []], np.float32)),
        _value(R.constant_value([[1], []], tf.int64, row_splits_dtype=tf.int32)),
        repr(R.constant_value([[1], [2, 3]], np.int32, row_splits_dtype="int32")),
        str(R.constant_value([[1], [2, 3]])), R.constant_value([[[1]], []]).shape,
        R.constant_value([[[1]], []]).ragged_rank, repr(R.constant([["a"]])),
        error(lambda: R.constant([[1], 2])), error(lambda: R.constant([[[1]], [[[]]]])),
        error(lambda: R.constant([[1], ["a"]])), error(lambda: R.constant(3, ragged_rank=1)),
        error(lambda: R.constant([1], inner_shape=(1, 1, 1), ragged_rank=3)),
        error(lambda: R.constant([1, 2], inner_shape=(4,))),
        error(lambda: R.constant([[[1]], [[2, 3]]], ragged_rank=1)),
        error(lambda: R.constant(R.constant([[1]]))), error(lambda: R.constant([[1]], tf.string)),
    ]  # fmt: skip


VALUES = [3, 1, 4, 1, 5, 9, 2, 6]


def made_of_rows(tf, np):
    R = tf.RaggedTensor
    found = [
        R.from_row_splits(VALUES, [0, 4, 4, 7, 8, 8]), R.from_row_lengths(VALUES, [4, 0, 3, 1, 0]),
        R.from_row_starts(VALUES, [0, 4, 4, 7, 8]), R.from_row_limits(VALUES, [4, 4, 7, 8, 8]),
        R.from_value_rowids(VALUES, [0, 0, 0, 0, 2, 2, 2, 3], 5),
        R.from_value_rowids(VALUES, [0, 0, 0, 0, 2, 2, 2, 3]), R.from_value_rowids([], []),
        R.from_row_lengths([[1, 2], [3, 4]], np.int32([1, 1])),
        R.from_nested_row_splits(VALUES, [[0, 2, 3], [0, 4, 4, 8]]),
        R.from_nested_row_lengths(VALUES, [[2, 1], [4, 0, 4]]),
        R.from_nested_value_rowids(VALUES, [[0, 0, 1], [0, 0, 0, 0, 2, 2, 2, 2]], [2, 3]),
    ]
    return [
        _ran(tf, found), shapes(*found), [str(each.row_splits.shape) for each in found],
        [each.ragged_rank for each in found],
        error(lambda: R(tf.constant([1]), tf.constant([0, 1]))),
        error(lambda: R.from_row_splits(VALUES, [])), error(lambda: R.from_row_splits(1, [0, 1])),
        error(lambda: R.from_row_splits(VALUES, [0.5])),
        error(lambda: R.from_row_splits(VALUES, [[0, 8]])),
        error(lambda: R.from_row_lengths(found[7], np.int64([2]))),
        error(lambda: R.from_row_lengths(found[7], tf.constant([2], tf.int64))),
        error(lambda: R.from_value_rowids(VALUES, [0] * 8, nrows=0)),
        error(lambda: R.from_value_rowids(VALUES, [0] * 8, nrows=-1)),
        error(lambda: R.from_value_rowids(VALUES, [0] * 7)),
        error(lambda: R.from_row_splits(VALUES, [0, 8], validate=1)),
        error(lambda: R.from_nested_row_splits(VALUES, tf.constant([[0, 8]]))),
        error(lambda: R.from_nested_value_rowids(VALUES, [[0]], [])),
    ]


def checked(tf, np):
    """Rows that do not fit the values are refused, when they are built or run."""
    R, values = tf.RaggedTensor, tf.placeholder(tf.int32, [None])
    rows = tf.placeholder(tf.int64, [None])
    wrong = {
        "from_row_splits": ([1, 8], [0, 9], [0, 5, 3, 8]), "from_row_lengths": ([4, 5], [9, -1]),
        "from_row_starts": ([1, 2], [0, 4, 3], [0, 9]),
        "from_row_limits": ([4, 3, 8], [4], [-1, 8]),
        "from_value_rowids": ([0] * 7, [0, 0, 0, 0, 0, 0, 2, 1], [-1] + [0] * 7),
    }  # fmt: skip
    found = []
    for name, parts in sorted(wrong.items()):
        late = getattr(R, name)(values, rows)
        unchecked = getattr(R, name)(values, rows, validate=False)
        for part in parts:
            feed = {values: VALUES, rows: part}
            found.append([
                name, part,
                said(lambda n=name, p=part: run(tf, getattr(R, n)(VALUES, p)), "valid Ragged"),
                error(lambda t=late, f=feed: run(tf, t, f)),
                error(lambda t=unchecked, f=feed: run(tf, t.row_splits, f)),
            ])  # fmt: skip
    return found


def parts(tf, np):
    rt = _tensor(tf)
    mixed = tf.ragged.constant([[[1, 2]], [[3, 4], [5, 6]]], ragged_rank=1)
    fetched = [
        rt.values, rt.flat_values, rt.row_splits, list(rt.nested_row_splits), rt.value_rowids(),
        list(rt.nested_value_rowids()), rt.nrows(), rt.nrows(tf.int32), rt.row_starts(),
        rt.row_limits(), rt.row_lengths(), rt.row_lengths(axis=0), rt.row_lengths(axis=2),
        mixed.row_lengths(axis=2), list(rt.nested_row_lengths()), rt.bounding_shape(),
        rt.bounding_shape(axis=0), rt.bounding_shape(axis=[1, 2]),
        rt.bounding_shape(1, None, tf.int32),
        mixed.bounding_shape(), rt.with_values(tf.constant([7, 8, 9, 10])),
        rt.with_flat_values(tf.constant(["a", "b", "c", "d"])), rt.with_row_splits_dtype(tf.int32),
    ]  # fmt: skip
    return [
        [_value(each) for each in run(tf, fetched)], shapes(rt, mixed, rt.values), rt.dtype.name,
        rt.ragged_rank, repr(rt)[:24], error(lambda: rt.to_list()),
        error(lambda: rt.row_lengths(3)),
        error(lambda: rt.row_lengths(tf.constant(1))), error(lambda: rt.with_values([1])),
        error(lambda: rt.with_values(tf.constant([1, 2]))), error(lambda: bool(rt)),
        error(lambda: rt.with_row_splits_dtype(tf.float32)), error(lambda: len(rt)),
        error(lambda: rt.with_values(rt.with_row_splits_dtype(tf.int32))), rt == rt,
        [error(lambda n=n: getattr(rt, n)) for n in ("graph", "name", "op", "get_shape", "eval")],
        len(rt.consumers()), tf.is_tensor(rt), error(lambda: tf.convert_to_tensor(rt)),
    ]  # fmt: skip


def to_and_from_tensors(tf, np):
    R, dense = tf.RaggedTensor, [[5, 7, 0], [0, 3, 0], [6, 0, 0]]
    deep = np.arange(12).reshape(2, 3, 2)
    rt, pairs = _tensor(tf), tf.ragged.constant([[[1, 2]], []], ragged_rank=1, inner_shape=(2,))
    made = [
        R.from_tensor(dense), R.from_tensor(dense, lengths=[1, 0, 3]),
        R.from_tensor(dense, [9, -1, 1]),
        R.from_tensor(dense, padding=0), R.from_tensor(deep), R.from_tensor(deep, ragged_rank=2),
        R.from_tensor(deep, lengths=([3, 1], [1, 2, 0, 2])), R.from_tensor(deep, padding=[0, 1]),
        R.from_tensor(dense, row_splits_dtype=tf.int32), R.from_tensor(np.zeros([0, 3])),
        rt.to_tensor(), rt.to_tensor(-1), pairs.to_tensor(), pairs.to_tensor([8, 9]),
        tf.ragged.constant([[], []], tf.float32).to_tensor(),
        tf.ragged.constant([["a"], []]).to_tensor(),
    ]  # fmt: skip
    return [
        _ran(tf, made), shapes(*made),
        error(lambda: R.from_tensor(dense, [1, 2, 3], 0)), error(lambda: R.from_tensor([1, 2])),
        error(lambda: R.from_tensor(dense, ragged_rank=0)),
        error(lambda: R.from_tensor(dense, ragged_rank=1.0)),
        error(lambda: R.from_tensor(dense, lengths=[0.5])), error(lambda: rt.to_tensor([1, 2])),
        error(lambda: rt.to_tensor("a")),
    ]


def to_and_from_sparse(tf, np):
    R = tf.RaggedTensor
    sparse = tf.SparseTensor([[0, 0], [2, 0], [2, 1]], ["a", "b", "c"], [4, 5])
    gap = tf.SparseTensor([[0, 0], [0, 2]], [1, 2], [1, 3])
    late = tf.SparseTensor([[0, 1]], [1], [1, 3])
    pairs = tf.ragged.constant([[[1, 2]], [], [[3, 4], [5, 6]]], ragged_rank=1)
    found = run(tf, [_tensor(tf).to_sparse(), pairs.to_sparse()])
    return [
        _ran(tf, [R.from_sparse(sparse), R.from_sparse(sparse, row_splits_dtype=tf.int32)]),
        shape(R.from_sparse(sparse)), [list(each) for each in found],
        shapes(*(getattr(pairs.to_sparse(), part)
                                               for part in ("indices", "values", "dense_shape"))),
        error(lambda: R.from_sparse([[1]])), error(lambda: run(tf, R.from_sparse(gap))),
        error(lambda: run(tf, R.from_sparse(late))),
        error(lambda: R.from_sparse(tf.SparseTensor([[0]], [1], [1]))),
    ]  # fmt: skip


def fed_and_fetched(tf, np):
    one = tf.ragged.placeholder(tf.float32, 1, [])
    two = tf.ragged.placeholder(tf.int32, 2, value_shape=[2], name="two")
    doubled, total = one * 2.0, tf.reduce_sum(two, axis=1)
    feed = {one: tf.ragged.constant_value([[1.5], [], [2, 3]], np.float32),
            two: tf.ragged.constant_value([[[[1, 2]]], [[], [[3, 4]]]], np.int32, 2)}  # fmt: skip
    with tf.Session() as sess:
        found = sess.run({"a": doubled, "b": [one, (two, total)]}, feed)
        again = sess.run(doubled, {one: tf.ragged.constant_value([[1.0]], np.float32)})
        call = sess.make_callable(doubled, [one])
        handle = sess.partial_run_setup([doubled.flat_values], [one])
        parted = sess.partial_run(handle, doubled.flat_values, {one: feed[one]})
        unfed = error(lambda: sess.run(doubled))
        called = attempt(lambda: _value(call(*[feed[one]])))
        flat = sess.run(one.flat_values, feed)
    return [_value(found["a"]), _value(found["b"][0]), _value(found["b"][1][0]),
            _value(found["b"][1][1]), _value(again), parted, flat, unfed, called,
            shapes(one, two, one.flat_values, two.flat_values), two.flat_values.name,
            [splits.name for splits in two.nested_row_splits],
            shape(tf.ragged.placeholder(tf.int32, 0, [3]))]  # fmt: skip


def in_structures(tf, np):
    rt, flag = _tensor(tf), tf.placeholder_with_default(True, [])
    chosen = tf.cond(flag, lambda: rt, lambda: rt + 1)
    _, grown = tf.while_loop(lambda i, _: i < 3, lambda i, x: (i + 1, x * 2), (0, rt))
    nested = tf.nest.flatten({"a": rt}, expand_composites=True)
    packed = tf.nest.pack_sequence_as(rt, [tf.constant(["p", "q", "r", "s"]), *nested[1:]],
                                      expand_composites=True)  # fmt: skip
    with tf.control_dependencies([rt]):
        after = tf.group(rt, tf.no_op())
    function = tf.function(lambda x: {"twice": x * 2, "flat": x.flat_values})(rt)
    return [
        _ran(tf, [chosen, grown, packed, function["twice"], function["flat"]]),
        len(nested), [each.name for each in nested], tf.nest.flatten([rt])[0] is rt,
        _ran(tf, [chosen], {flag: False}), after.type,
    ]


def specs(tf, np):
    S, rt = tf.RaggedTensorSpec, _tensor(tf)
    spec = S([None, None], tf.int32)
    return [
        repr(spec), repr(S([2, None, 3], tf.string, 1, tf.int32)), repr(S(None, tf.int32, 2)),
        spec.value_type.__name__, S([2], tf.int32, 0).value_type.__name__,
        repr(S.from_value(rt)), repr(S.from_value(tf.ragged.constant_value([[1.5]]))),
        spec == S([None, None], tf.int32), spec == S([None, None], tf.int64),
        spec.is_compatible_with(S([2, None], tf.int32)), spec.is_compatible_with(rt),
        spec.is_compatible_with(tf.ragged.constant([[1]])),
        repr(S([2, None], tf.int32).most_specific_compatible_type(S([3, None], tf.int32))),
        error(lambda: S(None, tf.int32)), error(lambda: S([2], tf.int32, 1)),
        error(lambda: S([2, None], tf.int32, 1.0)),
    ]

"""Datasets whose graphs are written and read again: one of each kind of op, with what functions
have captured, and branches and loops in functions."""

ELEMENTS = 40  # that are asked for at most


def _example(tf, i):
    feature = {
        "x": tf.train.Feature(float_list=tf.train.FloatList(value=[i, i + 1])),
        "y": tf.train.Feature(int64_list=tf.train.Int64List(value=[i] * i)),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


def pipelines(tf, np):
    """{name: dataset}; those in CAPTURING need an initializer."""
    of, more = tf.data.Dataset, tf.data.experimental
    ten, long = of.range(10), np.int64
    table = tf.contrib.lookup.index_table_from_tensor(["a", "b", "c"], num_oov_buckets=1)
    five = tf.placeholder_with_default(long(5), [], name="five")
    features = {"x": tf.FixedLenFeature([2], tf.float32), "y": tf.VarLenFeature(tf.int64)}
    examples = of.from_tensor_slices([_example(tf, i) for i in range(4)])
    rows = {"a": np.arange(6, dtype=np.float32), "b": (np.arange(6), ["x"] * 6)}
    pair = long(1), np.float32(2)

    def parsed(batch):
        found = tf.parse_example(batch, features)
        return found["x"], tf.sparse_tensor_to_dense(found["y"])

    def total(i):
        return tf.while_loop(lambda j, a: j < i, lambda j, a: (j + 1, a + j), [long(0)] * 2)[1]

    sums = more.Reducer(lambda _: long(0), lambda s, i: s + i, lambda s: s * 2)
    apart = (lambda i: i % 3, lambda key, w: w.map(lambda i: i + key).batch(3))
    return {
        "batches": ten.map(lambda i: (i, i * i)).batch(4, drop_remainder=True).repeat(2),
        "by windows": ten.apply(more.group_by_window(*apart, window_size=3)),
        "captured": ten.map(lambda i: i * five + five).filter(lambda i: tf.equal(i % 2, 0)),
        "checked": ten.map(lambda i: tf.check_numerics(1 / tf.cast(i - 2, tf.float32), "bad"))
        .apply(more.ignore_errors()),
        "chosen": more.choose_from_datasets(
            [ten, ten.map(lambda i: i + 100)], of.from_tensor_slices(np.array([0, 1, 1, 0], long))
        ),
        "conditions": ten.map(lambda i: tf.cond(i > 5, lambda: i * 100, lambda: -i)),
        "enumerated": ten.apply(more.enumerate_dataset(3)).cache().shard(3, 1),
        "examples": examples.batch(2).map(parsed),
        "flat": ten.flat_map(lambda i: of.range(i).map(lambda j: i * 10 + j)).take(ELEMENTS),
        "interleaved": ten.interleave(lambda i: of.from_tensors(i).repeat(2), 3, 2),
        "interleaved in parallel": ten.apply(
            more.parallel_interleave(lambda i: of.from_tensors(i).repeat(2), cycle_length=2)
        ),
        "loops": ten.map(total),
        "mapped and batched": ten.apply(more.map_and_batch(lambda i: (i, i * i), 5)),
        "mapped in a function": ten.map(lambda i: tf.reduce_sum(tf.map_fn(lambda x: x * x,
                                                                          tf.range(i)))),
        "of a structure": of.from_tensor_slices(rows).map(
            lambda e: {"s": tf.string_join([e["b"][1], tf.as_string(e["a"])]), "n": e["b"][0]}
        ).batch(4),
        "padded": ten.map(lambda i: tf.fill([i % 4], i)).padded_batch(3, [None], long(-1)),
        "random": ten.map(lambda i: tf.random_uniform([2], seed=3) + tf.cast(i, tf.float32)),
        "reduced by key": ten.apply(more.group_by_reducer(lambda i: i % 3, sums)),
        "scanned": ten.apply(more.scan(pair, lambda s, i: ((s[0] + i + 1, s[1] * 1.5), s))),
        "shuffled": ten.shuffle(6, seed=1).repeat(2).batch(5),
        "single examples": examples.map(
            lambda e: tf.parse_single_example(e, {"x": features["x"]})["x"]
        ),
        "slices": of.from_tensor_slices(np.arange(6).reshape(3, 2)).concatenate(
            of.from_tensors(np.array([7, 8]))
        ),
        "sparse": ten.map(lambda i: tf.SparseTensor([[0], [2]], tf.stack([i, i]), [4])).batch(2)
        .map(tf.sparse_tensor_to_dense),
        "table": of.from_tensor_slices(["c", "a", "z"]).map(table.lookup),
        "unbatched": ten.batch(4).apply(more.unbatch()).take(7).skip(2).prefetch(2),
        "unique": ten.map(lambda i: i % 5).apply(more.unique()),
        "while true": ten.apply(more.take_while(lambda i: i < 5)),
        "windows": ten.window(4, 2).flat_map(lambda w: w.batch(4)),
        "zipped": of.zip((ten, ten.map(lambda i: -i), of.from_tensors(1.0).repeat())),
    }  # fmt: skip


CAPTURING = ("captured", "table")


def iterators(tf, np):
    """{name: [the names of an element's tensors, the name of the initializer or ""]}, in the
    default graph."""
    found = {}
    for name, dataset in pipelines(tf, np).items():
        one_shot = name not in CAPTURING
        made = (dataset.make_one_shot_iterator if one_shot else dataset.make_initializable_iterator)
        iterator = made()
        parts = tf.contrib.framework.nest.flatten(iterator.get_next())
        found[name] = [[t.name for t in parts], "" if one_shot else iterator.initializer.name]
    reduced = tf.data.Dataset.range(5).reduce(
        (np.int64(0), np.int64(2)), lambda s, i: (s[0] + i, s[1] * 2)
    )
    found["reduced"] = [[tensor.name for tensor in reduced], ""]
    return found


def elements(tf, np, sess, name, tensors, initializer):
    """The elements that these tensors give, as lists."""
    if initializer:
        sess.run(initializer)
    found = []
    try:
        while len(found) < (1 if name == "reduced" else ELEMENTS):
            found.append([_plain(np.asarray(value).tolist()) for value in sess.run(tensors)])
    except tf.errors.OutOfRangeError:
        pass
    return found


def _plain(value):
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.decode() if isinstance(value, bytes) else value

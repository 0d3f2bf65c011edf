"""tf.data: which elements come, in what order, of what types."""

import collections

from goldens.data_kit import elements, known, listed
from goldens.kit import attempt, said


def _ranges(tf):
    make = tf.data.Dataset.range
    return [make(4), make(2, 5), make(1, 9, 3), make(5, 0, -2), make(3, 3), make(0)]


def ranges(tf, np):
    return [elements(tf, dataset) for dataset in _ranges(tf)]


def tensors_and_slices(tf, np):
    Dataset = tf.data.Dataset
    pair = collections.namedtuple("pair", "x y")
    made = [
        Dataset.from_tensors(([1, 2], {"b": 3.5, "a": "text"})),
        Dataset.from_tensors([[1], [2]]),
        Dataset.from_tensor_slices([[1, 2], [3, 4]]),
        Dataset.from_tensor_slices((np.arange(3), {"b": ["p", "q", "r"], "a": np.eye(3)})),
        Dataset.from_tensor_slices(pair([1, 2], [3.0, 4.0])),
        Dataset.from_tensor_slices(tf.range(3) * 2),
        Dataset.from_tensor_slices({"only": np.zeros((2, 0))}),
    ]
    return [[known(dataset)[:2], elements(tf, dataset, shot=True)] for dataset in made]


def repeat_take_skip(tf, np):
    four = tf.data.Dataset.range(4)
    made = [
        four.repeat(2),
        four.repeat(0),
        four.repeat(),
        four.repeat(-1),
        four.take(2),
        four.take(9),
        four.take(-1),
        four.take(0),
        four.skip(1),
        four.skip(9),
        four.skip(-1),
        four.shard(3, 1),
        four.shard(2, 0).repeat(2),
        four.concatenate(four.take(1)),
        four.take(0).repeat(),
        four.repeat(2).skip(3).take(2),
        four.repeat().skip(2).take(5),
        four.take(3).cache().repeat(2),
        four.enumerate(start=7),
        four.prefetch(2),
        four.prefetch(None),
        tf.data.Dataset.zip((four, four.skip(2))),
        tf.data.Dataset.zip({"a": four, "b": (four.repeat(), four.batch(2))}),
    ]
    return [elements(tf, dataset, 12) for dataset in made]


def batches(tf, np):
    five = tf.data.Dataset.range(5)
    pairs = tf.data.Dataset.zip((five, five.map(lambda x: [x, x])))
    made = [
        five.batch(2),
        five.batch(2, drop_remainder=True),
        five.batch(9),
        five.batch(5, True),
        five.batch(9, True),
        five.batch(2).batch(2),
        pairs.batch(3),
        five.repeat().batch(3),
        five.shuffle(1).batch(2),
        five.map(lambda x: tf.as_string(x)).batch(3),
    ]
    return [[known(dataset), elements(tf, dataset, 5)] for dataset in made]


def padded_batches(tf, np):
    rows = tf.data.Dataset.range(1, 5).map(lambda n: tf.fill([n], n))
    texts = tf.data.Dataset.range(1, 4).map(lambda n: (tf.fill([n], "a"), tf.fill([2, n], 1.0)))
    scalars = tf.data.Dataset.range(3)
    made = [
        rows.padded_batch(2, [None]),
        rows.padded_batch(3, [-1], drop_remainder=True),
        rows.padded_batch(4, [6], np.int64(-1)),
        texts.padded_batch(2, ([None], [3, None])),
        texts.padded_batch(2, ([4], [2, 3]), ("-", 7.0)),
        scalars.padded_batch(2, []),
        rows.map(lambda x: {"x": x}).padded_batch(2, {"x": tf.TensorShape([None])}),
    ]
    return [[known(dataset), elements(tf, dataset, 5)] for dataset in made]


def maps_and_filters(tf, np):
    five = tf.data.Dataset.range(5)
    scale = tf.Variable(3, dtype=tf.int64)
    made = [
        five.map(lambda x: x * 2),
        five.map(lambda x: (x, -x)).map(lambda x, y: x - y),
        five.map(lambda x: {"a": x, "b": [1.0, 2.0]}),
        five.map(lambda x: "constant"),
        five.map(lambda x: (x, (x, {"z": x + 1}))).map(lambda x, y: y),
        five.map(lambda x: x * scale),
        five.map(lambda x: x + 1, num_parallel_calls=2),
        five.map(lambda x: x + 1, num_parallel_calls=-1),
        five.filter(lambda x: x > 2),
        five.filter(lambda x: tf.equal(x % 2, 0)).map(lambda x: -x),
        five.map(lambda x: tf.cond(x > 2, lambda: x * 10, lambda: -x)),
        five.map(
            lambda x: tf.while_loop(lambda i: i < x, lambda i: i + 2, [tf.constant(0, tf.int64)])
        ),
        five.map(lambda x: tf.py_func(lambda y: y * y, [x], tf.int64)),
        five.map(lambda x: tf.gather([10, 20, 30, 40, 50], x)),
        five.map(lambda x: tf.reduce_sum(tf.range(x))),
        five.map(lambda x: [x, x + 1]),
        five.map(lambda x: (x, np.ones(2))),
    ]
    return [[known(dataset), elements(tf, dataset)] for dataset in made]


def datasets_of_elements(tf, np):
    Dataset = tf.data.Dataset
    three = Dataset.range(1, 4)
    made = [
        three.flat_map(lambda x: Dataset.range(x)),
        three.flat_map(lambda x: Dataset.from_tensors(x).repeat(x)),
        Dataset.from_tensor_slices([[1, 2], [3, 4]]).flat_map(Dataset.from_tensor_slices),
        three.interleave(lambda x: Dataset.from_tensors(x).repeat(6), 2, 4),
        three.interleave(lambda x: Dataset.range(x), cycle_length=2),
        Dataset.range(7).interleave(lambda x: Dataset.from_tensors(x).repeat(x % 3), 3, 2),
        three.interleave(lambda x: Dataset.range(x), cycle_length=5, num_parallel_calls=2),
        three.flat_map(lambda x: Dataset.range(2).map(lambda y: x * 10 + y)),
        three.flat_map(lambda x: Dataset.range(4).shuffle(4, seed=x).repeat(2)),
    ]
    return [[known(dataset), elements(tf, dataset)] for dataset in made]


def windows(tf, np):
    seven = tf.data.Dataset.range(7)
    pairs = tf.data.Dataset.zip((seven, {"a": seven}))
    sizes = [
        (2,),
        (3, 2, 1, True),
        (3, 1, 2, True),
        (3, 1),
        (2, 3),
        (2, 3, 1, True),
        (3, 4, 2),
        (8,),
    ]
    flat = [seven.window(*each).flat_map(lambda d: d.batch(9)) for each in sizes]
    nested = pairs.window(2).flat_map(
        lambda x, d: tf.data.Dataset.zip((x.batch(2), d["a"].batch(2)))
    )
    shown = [repr(seven.window(2)), repr(pairs.window(2))]
    return [shown, [elements(tf, dataset) for dataset in [*flat, nested]]]


def generators(tf, np):
    def plain():
        yield from range(3)

    def structured():
        for i in range(1, 3):
            yield {"a": i, "b": ([i] * i, "t")}

    def numbered(start, step):
        return iter(range(int(start), 10, int(step)))

    make = tf.data.Dataset.from_generator
    made = [
        make(plain, tf.int32),
        make(plain, tf.float64, []),
        make(plain, tf.int64).repeat(2),
        make(structured, {"a": tf.int64, "b": (tf.int32, tf.string)}),
        make(structured, {"a": tf.int64, "b": (tf.int32, tf.string)}, {"a": (), "b": ([None], ())}),
        make(numbered, tf.int64, args=(2, tf.constant(3))),
        make(lambda: [[1, 2]], tf.int32, [2]),
    ]
    return [[known(dataset), elements(tf, dataset)] for dataset in made]


def shuffled(tf, np):
    found = []
    for build in (
        lambda ten: ten.shuffle(4, seed=1),
        lambda ten: ten.shuffle(100, seed=1),
        lambda ten: ten.shuffle(4, seed=1).repeat(3),
        lambda ten: ten.repeat(2).shuffle(7, seed=5),
        lambda ten: ten.shuffle(4, 1, reshuffle_each_iteration=False).repeat(2),
        lambda ten: ten.shuffle(4, seed=1).batch(4).repeat(2),
        lambda ten: ten.shuffle(4, seed=1).shuffle(10, seed=2).repeat(2),
        lambda ten: ten.shuffle(3, seed=1).map(lambda x: x).repeat(2),
        lambda ten: ten.filter(lambda x: x < 8).shuffle(3, seed=3).repeat(2),
        lambda ten: ten.apply(tf.data.experimental.shuffle_and_repeat(4, 2, seed=1)),
        lambda ten: ten.shuffle(5, seed=tf.constant(9, tf.int64)),
        lambda ten: ten.shuffle(5, seed=0),
        lambda ten: ten.take(1).shuffle(5, seed=3).repeat(3),
        lambda ten: ten.shuffle(4, seed=2).take(5).repeat(3),
    ):
        tf.reset_default_graph()
        found.append(elements(tf, build(tf.data.Dataset.range(10))))
    return found


def seeded_by_the_graph(tf, np):
    found = []
    for build in (
        lambda ten: ten.shuffle(4),
        lambda ten: ten.shuffle(4).shuffle(5, seed=3).repeat(2),
        lambda ten: ten.map(lambda x: tf.random_uniform([], maxval=1000, dtype=tf.int32)),
        lambda ten: ten.map(lambda x: tf.random_uniform([], 0, 99, tf.int32, seed=3)),
        lambda ten: ten.map(lambda x: (x, tf.random_uniform([2], 0, 99, tf.int32))).repeat(2),
        lambda ten: tf.data.experimental.sample_from_datasets([ten, ten.map(lambda x: -x)]),
    ):
        tf.reset_default_graph()
        tf.set_random_seed(7)
        found.append(elements(tf, build(tf.data.Dataset.range(10))))
    return found


def sparse_elements(tf, np):
    table = tf.SparseTensor([[0, 0], [1, 2], [2, 1], [2, 2]], [1, 2, 3, 4], [4, 3])
    Dataset = tf.data.Dataset
    made = [
        Dataset.from_tensors(table),
        Dataset.from_tensor_slices(table),
        Dataset.from_tensor_slices({"s": table, "d": [1, 2, 3, 4]}),
        Dataset.from_tensor_slices(table).batch(3),
        Dataset.from_tensor_slices(table).repeat(2).skip(5),
        Dataset.from_tensor_slices(table).map(lambda s: tf.sparse_tensor_to_dense(s)),
        Dataset.range(3).map(lambda x: tf.SparseTensor([[x]], [x], [4])).batch(2),
        Dataset.from_sparse_tensor_slices(table),
        Dataset.from_tensor_slices(table).batch(2).apply(tf.data.experimental.unbatch()),
    ]
    return [
        [known(dataset), str(dataset.output_classes) != "", elements(tf, dataset)]
        for dataset in made
    ]


def reduced(tf, np):
    five = tf.data.Dataset.range(5)
    pairs = tf.data.Dataset.zip((five, five))
    with tf.Session() as sess:
        return listed(
            sess.run(
                (
                    five.reduce(np.int64(0), lambda a, b: a + b),
                    five.reduce((np.int64(0), 1.0), lambda s, x: (s[0] + x, s[1] * 2.0)),
                    pairs.reduce({"n": 0}, lambda s, e: {"n": s["n"] + 1}),
                    five.reduce(tf.zeros([0], tf.int64), lambda s, x: tf.concat([s, [x]], 0)),
                )
            )
        )


def wrong_at_build(tf, np):
    Dataset, three = tf.data.Dataset, tf.data.Dataset.range(3)
    cases = [
        (lambda: three.map(lambda x: None), "Unsupported return value from function"),
        (lambda: three.map(lambda x: object()), "Unsupported return value"),
        (lambda: three.map(lambda x, y: x), "missing 1 required positional argument"),
        (lambda: three.filter(lambda x: x), "must be convertible to a scalar boolean tensor"),
        (lambda: three.flat_map(lambda x: x), "`map_func` must return a `Dataset` object"),
        (lambda: three.interleave(lambda x: x, 1), "`map_func` must return a `Dataset` object"),
        (lambda: three.concatenate(Dataset.from_tensors(1.0)), "have different types"),
        (lambda: Dataset.zip([three, three]), "do not support Python lists"),
        (lambda: Dataset.zip(3), "must be a nested structure of `Dataset` objects"),
        (
            lambda: Dataset.from_tensor_slices((np.zeros(3), np.zeros(4))),
            "3 and 4 are not compatible",
        ),
        (lambda: Dataset.from_tensor_slices(3), "insufficient rank for batching"),
        (lambda: Dataset.range(), "Invalid arguments to RangeDataset"),
        (lambda: iter(three), "__iter__() is only supported inside of tf.function"),
        (lambda: three.padded_batch(2, [3]), "is not compatible with the corresponding input"),
        (lambda: three.padded_batch(2, [], 1.5), "does not match output type"),
        (lambda: three.padded_batch(2, [], [1, 2]), "Padding value should be a scalar"),
        (lambda: Dataset.from_generator(3, tf.int32), "`generator` must be callable."),
        (lambda: three.reduce(0, lambda a, b: b), "must match the initial"),
        (lambda: three.apply(lambda d: 3), "must return a Dataset"),
        (
            lambda: Dataset.from_tensors(3).unbatch(),
            "Cannot unbatch an input with scalar components",
        ),
        (lambda: tf.data.TextLineDataset(three), "must be a `tf.data.Dataset` of `tf.string`"),
        (
            lambda: three.map(lambda x: x + tf.placeholder(tf.int64)).make_one_shot_iterator(),
            "Placeholder",
        ),
        (lambda: three.map(lambda x: x + tf.Variable(1, dtype=tf.int64)), "nothing"),
    ]
    return [said(*case) for case in cases]


def captured_by_one_shot(tf, np):
    variable, fed = tf.Variable(1, dtype=tf.int64), tf.placeholder(tf.int64, [])
    three = tf.data.Dataset.range(3)
    constant = tf.constant(5, tf.int64) * 2
    reason = "Failed to create a one-shot iterator", "Cannot capture a stateful node"
    return [
        said(lambda: three.map(lambda x: x + variable).make_one_shot_iterator(), *reason),
        said(
            lambda: three.map(lambda x: x + fed).make_one_shot_iterator(),
            "Cannot capture a placeholder",
        ),
        elements(tf, three.map(lambda x: x + constant), shot=True),
        elements(tf, three.take(constant - 8).batch(constant), shot=True),
    ]


def wrong_in_a_run(tf, np):
    Dataset = tf.data.Dataset

    def ran(dataset, feed=None):
        return lambda: elements(tf, dataset)

    uneven = Dataset.from_generator(lambda: iter([1, [2]]), tf.int32)
    lists = Dataset.from_generator(lambda: iter([[1, 2], [2, 3, 4]]), tf.int32, [None])
    cases = [
        (Dataset.range(3).shuffle(0), "buffer_size must be greater than zero."),
        (Dataset.range(3).batch(0), "Batch size must be greater than zero."),
        (Dataset.range(3).shard(2, 2), "Index must be between 0 and 1 (currently index = 2)."),
        (Dataset.range(3).shard(0, 0), "Number of shards must be greater than zero"),
        (Dataset.range(0, 3, 0), "step must be a non-zero integer."),
        (Dataset.range(3).window(0), "Window size must be greater than zero."),
        (Dataset.range(3).map(lambda x: tf.gather([1, 2], x)), "indices = 2 is not in [0, 2)"),
        (
            uneven.batch(2),
            "Cannot batch tensors with different shapes in component 0. First element",
        ),
        (uneven.batch(2), "had shape [] and element 1 had shape [1]."),
        (lists.padded_batch(2, [2]), "Attempted to pad to a smaller size than the input element."),
        (tf.data.TextLineDataset("/no/such/file"), "/no/such/file; No such file or directory"),
        (tf.data.TFRecordDataset("/no/such/file"), "/no/such/file; No such file or directory"),
        (tf.data.TextLineDataset("/no/such/file", "RAR"), "Unsupported compression_type."),
        (Dataset.list_files("/tmp/no_such*"), "No files matched pattern: /tmp/no_such*"),
        (
            Dataset.from_generator(lambda: iter([1, "a"]), tf.int32),
            "could not be converted to the expected type. The expected type was int32",
        ),
        (
            Dataset.from_generator(lambda: iter([1, [2]]), tf.int32, ()),
            "yielded an element of shape (1,) where an element of shape () was expected.",
        ),
        (
            Dataset.from_generator(lambda: iter([1]), (tf.int32, tf.int32)),
            "did not match the expected structure. The expected structure was",
        ),
        (Dataset.range(2).map(lambda x: tf.py_func(lambda y: {}[y], [x], tf.int64)), "KeyError"),
    ]
    return [said(ran(dataset), text) for dataset, text in cases]


def after_an_error(tf, np):
    """An element that fails is left out, and the next one comes."""
    numbers = tf.data.Dataset.from_tensor_slices([1.0, 0.0, 2.0, 0.0, 4.0])
    checked = numbers.map(lambda x: tf.check_numerics(1 / x, "odd"))
    following = checked.make_one_shot_iterator().get_next()
    batched = checked.batch(2).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        one_by_one = [attempt(lambda: float(sess.run(following))) for _ in range(7)]
        in_batches = [attempt(lambda: sess.run(batched).tolist()) for _ in range(4)]
    ignoring = elements(tf, checked.apply(tf.data.experimental.ignore_errors()))
    return [one_by_one, in_batches, ignoring]

"""tf.data.Iterator: when it begins, what it names, how it fails."""

import warnings

from goldens.kit import attempt, said, typed


def initialised_again(tf, np):
    iterator = tf.data.Dataset.range(3).shuffle(3, seed=1).make_initializable_iterator()
    following = iterator.get_next()
    with tf.Session() as sess:
        before = attempt(lambda: sess.run(following))
        found = []
        for _ in range(2):
            sess.run(iterator.initializer)
            found.append([attempt(lambda: int(sess.run(following))) for _ in range(5)])
        sess.run(iterator.initializer)
        partly = int(sess.run(following))
        sess.run(iterator.initializer)
        return [before, found, partly, int(sess.run(following))]


def fed_at_initialisation(tf, np):
    size, scale = tf.placeholder(tf.int64, []), tf.placeholder(tf.int64, [])
    dataset = tf.data.Dataset.range(size).map(lambda x: x * scale)
    iterator = dataset.make_initializable_iterator()
    following, found = iterator.get_next(), []
    with tf.Session() as sess:
        for n, k in ((2, 10), (3, -1)):
            sess.run(iterator.initializer, {size: n, scale: k})
            found.append([attempt(lambda: int(sess.run(following))) for _ in range(n + 1)])
    return found


def rows_that_are_fed(tf, np):
    x, y = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.int32, [None])
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).repeat().batch(3)
    iterator = dataset.make_initializable_iterator()
    features, labels = iterator.get_next()
    total = tf.reduce_sum(features) + tf.cast(labels[0], tf.float32)
    data = np.arange(8, dtype=np.float32).reshape(4, 2)
    with tf.Session() as sess:
        sess.run(iterator.initializer, {x: data, y: [1, 2, 3, 4]})
        data[:] = 0
        return [features.shape.as_list(), [float(sess.run(total)) for _ in range(3)]]


def variables_by_value(tf, np):
    scale = tf.Variable(2, dtype=tf.int64)
    iterator = tf.data.Dataset.range(6).map(lambda x: x * scale).make_initializable_iterator()
    following = iterator.get_next()
    with tf.Session() as sess:
        missing = attempt(lambda: sess.run(iterator.initializer))
        sess.run(scale.initializer)
        sess.run(iterator.initializer)
        return [missing, [int(sess.run(following)) for _ in range(2)]]


def from_structure(tf, np):
    iterator = tf.data.Iterator.from_structure((tf.int64, tf.int64), (tf.TensorShape([]), [None]))
    following = iterator.get_next()

    def made(n):
        return tf.data.Dataset.range(n).map(lambda x: (x, tf.fill([x], x)))

    train, test = (
        iterator.make_initializer(made(3)),
        iterator.make_initializer(made(2), name="test"),
    )
    with tf.Session() as sess:
        found = []
        for initializer in (train, test, train):
            sess.run(initializer)
            found.append([attempt(lambda: int(sess.run(following)[0])) for _ in range(4)])
    return [found, test.name, str(iterator.output_types), str(iterator.output_shapes)]


def by_string_handle(tf, np):
    handle = tf.placeholder(tf.string, [])
    first = tf.data.Dataset.range(3).make_one_shot_iterator()
    second = tf.data.Dataset.range(10, 12).make_initializable_iterator()
    chosen = tf.data.Iterator.from_string_handle(handle, first.output_types, first.output_shapes)
    following = chosen.get_next() * 2
    with tf.Session() as sess:
        names = sess.run([first.string_handle(), second.string_handle()])
        before = attempt(lambda: sess.run(following, {handle: names[1]}))
        sess.run(second.initializer)
        turns = (0, 1, 0, 1, 1, 0, 0)
        found = [attempt(lambda i=i: int(sess.run(following, {handle: names[i]}))) for i in turns]
        wrong = said(lambda: sess.run(following, {handle: b"nothing"}))[:1]
    return [before, found, wrong, isinstance(names[0], bytes), names[0] != names[1]]


def several_in_a_run(tf, np):
    a = tf.data.Dataset.range(3).make_one_shot_iterator().get_next()
    b = tf.data.Dataset.range(10, 20).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        found = [sess.run([a, b, a + b, a * 1]) for _ in range(3)]
        return [[list(map(int, each)) for each in found], attempt(lambda: sess.run([b, a]))]


def fed_in_place_of_an_element(tf, np):
    x, y = tf.data.Dataset.from_tensor_slices(([1, 2], [3, 4])).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        return [int(sess.run(x * 10, {x: 7})), int(sess.run(x + y, {x: 100})), int(sess.run(x + y))]


def two_sessions(tf, np):
    following = tf.data.Dataset.range(3).make_one_shot_iterator().get_next()
    with tf.Session() as one, tf.Session() as other:
        return [int(one.run(following)), int(one.run(following)), int(other.run(following))]


def shared_names(tf, np):
    made = [
        tf.data.Dataset.range(5).make_initializable_iterator(shared_name="it") for _ in range(2)
    ]
    following = [iterator.get_next() for iterator in made]
    with tf.Session() as sess:
        sess.run(made[0].initializer)
        return [int(sess.run(following[i])) for i in (0, 1, 0, 1)]


def in_a_branch(tf, np):
    following = tf.data.Dataset.range(5).make_one_shot_iterator()
    flag = tf.placeholder(tf.bool, [])
    chosen = tf.cond(flag, following.get_next, lambda: tf.constant(-1, tf.int64))
    with tf.Session() as sess:
        return [int(sess.run(chosen, {flag: f})) for f in (True, False, False, True)]


def messages(tf, np):
    following = tf.data.Dataset.range(1).make_one_shot_iterator().get_next()
    waiting = tf.data.Dataset.range(1).make_initializable_iterator().get_next()
    with tf.Session() as sess:
        sess.run(following)
        return [
            said(lambda: sess.run(following), "End of sequence", "IteratorGetNext"),
            said(
                lambda: sess.run(waiting),
                "GetNext() failed because the iterator has not been "
                "initialized. Ensure that you have run the initializer operation for this "
                "iterator before getting the next element.",
                "IteratorGetNext",
            ),
        ]


def refused(tf, np):
    three = tf.data.Dataset.range(3)
    iterator = tf.data.Iterator.from_structure(tf.int64, ())
    return [
        said(lambda: iterator.initializer, "Iterator does not have an initializer."),
        said(lambda: three.make_one_shot_iterator().initializer, "does not have an initializer."),
        said(lambda: iterator.make_initializer(three.map(tf.to_float)), "Expected output types"),
        said(
            lambda: iterator.make_initializer(three.batch(2)), "Expected output shapes compatible"
        ),
        said(lambda: iterator.make_initializer(tf.data.Dataset.zip((three, three)))),
        said(lambda: tf.data.Iterator.from_structure((tf.int64, tf.int32), ())),
    ]


def called_in_a_loop(tf, np):
    iterator = tf.data.Dataset.range(3).make_one_shot_iterator()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(34):
            iterator.get_next()
    return [str(each.message)[:60] for each in caught if "get_next" in str(each.message)]


def nodes_initializable(tf, np):
    tf.set_random_seed(3)
    dataset = tf.data.Dataset.from_tensor_slices((np.arange(6.0), {"a": [1, 2, 3, 4, 5, 6]}))
    dataset = dataset.shuffle(3, seed=1).repeat(2).map(lambda x, d: x).batch(2)
    dataset.make_initializable_iterator().get_next(name="following")
    return typed(tf)


def nodes_one_shot(tf, np):
    dataset = tf.data.Dataset.range(3).shuffle(5).prefetch(1).take(2).skip(1).cache().shard(2, 0)
    iterator = dataset.padded_batch(2, []).make_one_shot_iterator()
    iterator.get_next()
    iterator.string_handle("name")
    return typed(tf)


def nodes_of_functions(tf, np):
    table = tf.SparseTensor([[0, 0], [1, 2]], [1, 2], [3, 4])
    dataset = tf.data.Dataset.from_tensor_slices(table).map(lambda s: s, num_parallel_calls=2)
    dataset.batch(2).make_initializable_iterator().get_next()
    three = tf.data.Dataset.range(3)
    three.interleave(lambda x: three, 2).filter(lambda x: x > 1).window(2).flat_map(lambda d: d)
    three.reduce(np.int64(0), lambda a, b: a + b)
    three.apply(tf.data.experimental.map_and_batch(lambda x: x, 2)).enumerate().concatenate(
        tf.data.Dataset.zip((three, three.batch(2)))
    )
    three.batch(2).apply(tf.data.experimental.unbatch())
    return typed(tf)


def nodes_of_files(tf, np):
    tf.data.TextLineDataset(["a", "b"])
    tf.data.TFRecordDataset("a", num_parallel_reads=2)
    tf.data.FixedLengthRecordDataset("a", 3)
    tf.data.Dataset.list_files("/tmp/*.py", seed=1)
    tf.data.Dataset.from_generator(lambda: iter([1]), tf.int32)
    return typed(tf)


def without_optimizations(tf, np):
    """A function that reads a variable: the order is that of a shuffle and a repeat."""
    said_so, found = _shuffled_and_mapped(tf, False)
    # Where minitf has a node for the place of the variable, TensorFlow takes its memory.
    return [said_so, found, [kind for _, kind in typed(tf) if kind != "VariablePlace"]]


def optimizations_with_a_resource_variable(tf, np):
    tf.enable_resource_variables()
    try:
        return [_shuffled_and_mapped(tf, None), *map(lambda r: _shuffled_and_mapped(tf, r), (0, 1))]
    finally:
        tf.disable_resource_variables()


def _shuffled_and_mapped(tf, resource):
    """What is said of optimizations, and the elements."""
    zero = tf.Variable(0, dtype=tf.int64, use_resource=resource)
    dataset = tf.data.Dataset.range(8).shuffle(4, seed=1).repeat(2).map(lambda x: x + zero)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        iterator = dataset.make_initializable_iterator()
    following = iterator.get_next()
    said_so = [str(each.message)[:68] for each in caught if "static" in str(each.message)]
    with tf.Session() as sess:
        sess.run(zero.initializer)
        sess.run(iterator.initializer)
        return [said_so, [int(sess.run(following)) for _ in range(16)]]


def columns_of_a_table(tf, np):
    class Column:
        def __array__(self, dtype=None, copy=None):
            return np.array([1.5, 2.5])

    x = tf.data.Dataset.from_tensor_slices({"x": Column()}).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        return [sess.run(x["x"]), tf.convert_to_tensor(Column()).dtype.name]

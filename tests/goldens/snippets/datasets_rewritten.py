"""Datasets as they run: after TensorFlow has rewritten them, after errors."""

from goldens.data_kit import listed
from goldens.kit import error


def _faulty(tf, *places):
    """A function that fails for some numbers."""

    def apply(x):
        fails = tf.reduce_any([tf.equal(x, place) for place in places])
        return tf.cond(fails, lambda: x // (x - x), lambda: x)

    return apply


def _all(tf, dataset, most=20):
    """What comes, errors among it, in two passes."""
    iterator = dataset.make_initializable_iterator()
    following, found = iterator.get_next(), []
    with tf.Session() as sess:
        for _ in range(2):
            sess.run(iterator.initializer)
            for _ in range(most):
                try:
                    found.append(listed(sess.run(following)))
                except tf.errors.OutOfRangeError:
                    found.append("end")
                    break
                except tf.errors.OpError as raised:
                    found.append(type(raised).__name__)
    return found


def order(tf, np):
    """What changes nothing goes before a shuffle and its repeat become one, by a constant count."""
    range_ = tf.data.Dataset.range
    five = range_(5).shuffle(5, seed=1)
    options = tf.data.Options()
    options.experimental_optimization.noop_elimination = False
    made = [
        five.repeat(1), five.repeat(2), five.repeat(1).repeat(2), five.skip(0).repeat(2),
        five.take(-1).repeat(2), five.prefetch(0).repeat(2), five.prefetch(1).repeat(2),
        five.repeat(1).with_options(options), five.skip(0).repeat(2).with_options(options),
        range_(2).flat_map(lambda x: range_(4).shuffle(4, seed=1).repeat(1)),
        range_(2).flat_map(lambda x: five.skip(0).repeat(2)),
    ]  # fmt: skip
    return [_all(tf, dataset) for dataset in made]


def random_of_each(tf, np):
    """A dataset that stands in another twice draws the same numbers in both places."""
    tf.set_random_seed(1)
    range_, E, zipped = tf.data.Dataset.range, tf.data.experimental, tf.data.Dataset.zip

    def number(*_):
        return tf.random.uniform([], seed=3)

    three = range_(3).map(number)
    nested = range_(2).flat_map(lambda x: range_(2).map(number))
    kept = range_(9).filter(lambda x: number() > 0.5)
    grouped = range_(4).apply(
        E.group_by_window(lambda x: x % 2, lambda k, w: w.map(number), window_size=2)
    )
    plain = tf.data.Options()
    plain.experimental_optimization.apply_default_optimizations = False
    made = [
        zipped((three, three)), zipped((three, three)).repeat(2), three.repeat(2),
        three.concatenate(three.skip(1)), zipped((nested, nested)), zipped((kept, kept)),
        zipped((grouped, grouped)), zipped((three, three)).with_options(plain),
        range_(2).flat_map(lambda x: zipped((three, three))),
        E.sample_from_datasets([three, three.skip(1)], seed=1),
    ]  # fmt: skip
    return [_all(tf, dataset) for dataset in made]


def batches_after_errors(tf, np):
    """With an error its batch is lost; of a map, also the elements after it."""
    range_, E, faulty = tf.data.Dataset.range, tf.data.experimental, _faulty(tf, 0, 5)
    six, options = range_(7).map(faulty), tf.data.Options()
    options.experimental_optimization.map_and_batch_fusion = False
    sizes = range_(5).map(lambda x: tf.ones([(x * 2) % 3], tf.int64))
    made = [
        six.batch(2), six.batch(3, drop_remainder=True), six.batch(2).with_options(options),
        six.take(-1).batch(2), six.take(7).batch(2), six.padded_batch(2, []),
        six.batch(2).apply(E.ignore_errors()), six.batch(2).shuffle(3, seed=2),
        range_(7).map(faulty, num_parallel_calls=2).batch(2),
        range_(7).apply(E.map_and_batch(faulty, 3)),
        six.apply(E.map_and_batch(lambda x: x, 3, drop_remainder=True)),
        range_(2).flat_map(lambda x: six.batch(2)),
        sizes.apply(E.dense_to_sparse_batch(3, [1])).map(lambda s: s.values),
        range_(2).apply(E.dense_to_sparse_batch(3, [1])).map(lambda s: s.values),
    ]  # fmt: skip
    return [_all(tf, dataset) for dataset in made]


def others_after_errors(tf, np):
    range_, E = tf.data.Dataset.range, tf.data.experimental
    one, five = range_(1).map(_faulty(tf, 0)), range_(5).map(_faulty(tf, 1))

    def two(x):
        return range_(x % 2 + 1)

    made = [
        five.skip(1), five.skip(2), five.window(2, shift=1).flat_map(lambda w: w.batch(2)),
        five.interleave(two, cycle_length=2),
        five.interleave(two, cycle_length=2, block_length=2, num_parallel_calls=2),
        five.interleave(two, cycle_length=2, num_parallel_calls=2),
        five.apply(E.parallel_interleave(two, cycle_length=2)),
        tf.data.Dataset.zip((five, range_(5))), five.shuffle(2, seed=1), five.cache().repeat(2),
    ]  # fmt: skip
    refused = [
        range_(5).shuffle(2, seed=1).repeat(0), range_(5).apply(E.shuffle_and_repeat(2, -2, 1)),
        range_(5).interleave(two, cycle_length=2, num_parallel_calls=3),
    ]  # fmt: skip
    endless = [one.repeat(), one.shuffle(2, seed=1).repeat()]  # an error is no empty pass
    return [
        [_all(tf, dataset) for dataset in made], [_all(tf, dataset, 4) for dataset in endless],
        [error(lambda dataset=dataset: _all(tf, dataset)) for dataset in refused],
    ]  # fmt: skip


def cardinalities(tf, np):
    five, E = tf.data.Dataset.range(5), tf.data.experimental
    made = [
        five.skip(-1), five.repeat().skip(-1), five.filter(lambda x: x > 2).skip(-1),
        five.batch(2).apply(E.unbatch()), five.batch(2).repeat().apply(E.unbatch()),
        five.apply(E.ignore_errors()), five.repeat().apply(E.ignore_errors()),
        five.window(2, drop_remainder=True), five.window(9, drop_remainder=True),
        five.apply(E.shuffle_and_repeat(2, 3)), five.take(0).repeat(),
        five.apply(tf.contrib.data.sliding_window_batch(2, window_shift=2)),
    ]  # fmt: skip
    with tf.Session() as sess:
        return [int(sess.run(E.cardinality(dataset))) for dataset in made]

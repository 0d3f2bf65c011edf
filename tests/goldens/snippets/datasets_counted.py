"""tf.data.experimental.StatsAggregator: bytes and times of elements, counted as they come."""

from goldens.kit import eagerly, error


def _counted(tf, dataset, aggregator, **named):
    options = tf.data.Options()
    options.experimental_stats.aggregator = aggregator
    for name, value in named.items():
        setattr(options.experimental_stats, name, value)
    return dataset.with_options(options)


def _histograms(tf, text):
    found = tf.Summary.FromString(text).value
    return {each.tag: [each.histo.min, each.histo.max, each.histo.num, each.histo.sum,
                       each.histo.sum_squares, list(each.histo.bucket_limit),
                       list(each.histo.bucket)] for each in found}  # fmt: skip


def bytes_of_elements(tf, np):
    of = tf.data.experimental
    aggregator = of.StatsAggregator()
    rows = tf.data.Dataset.range(20).map(lambda x: tf.tile([x], [tf.cast(x, tf.int32)]))
    rows = rows.apply(of.bytes_produced_stats("bytes")).repeat(2)
    words = tf.data.Dataset.from_tensors((["ab", "c"], 1.0))
    words = words.apply(of.bytes_produced_stats("bytes"))
    alone = tf.data.Dataset.range(3).apply(of.bytes_produced_stats("none"))
    datasets = [_counted(tf, rows, aggregator), _counted(tf, words, aggregator, prefix="words"),
                alone]  # fmt: skip
    iterators = [each.make_initializable_iterator() for each in datasets]
    following, summary = [each.get_next() for each in iterators], aggregator.get_summary()
    found = []
    with tf.Session() as session:
        session.run([each.initializer for each in iterators])
        found.append(session.run(summary))
        for _ in range(25):
            session.run(following[0])
        found.append(_histograms(tf, session.run(summary)))
        session.run(iterators[0].initializer)
        session.run(following)
        found.append(_histograms(tf, session.run(summary)))
    return [*found, summary.op.name, str(summary.shape), str(datasets[0].output_shapes),
            error(lambda: datasets[1].make_one_shot_iterator())]  # fmt: skip


def times_of_elements(tf, np):
    of = tf.data.experimental
    aggregator = of.StatsAggregator()
    dataset = tf.data.Dataset.range(4).apply(of.latency_stats("times")).map(lambda x: x + 1)
    iterator = _counted(tf, dataset, aggregator).make_initializable_iterator()
    following, summary = iterator.get_next(), aggregator.get_summary()
    with tf.Session() as session:
        session.run(iterator.initializer)
        values = [session.run(following) for _ in range(4)]
        end = error(lambda: session.run(following))
        histogram = _histograms(tf, session.run(summary))["times"]
    return [values, end, histogram[2], 0 <= histogram[0] <= histogram[1]]


def at_once(tf, np):
    of = tf.data.experimental
    with eagerly(tf):
        aggregator = of.StatsAggregator()
        dataset = tf.data.Dataset.range(3).apply(of.bytes_produced_stats("bytes"))
        values = [each.numpy() for each in _counted(tf, dataset, aggregator)]
        return [values, _histograms(tf, aggregator.get_summary().numpy())["bytes"][:2]]


def options_of_counting(tf, np):
    options, aggregator = tf.data.Options(), tf.data.experimental.StatsAggregator()
    before = options.experimental_stats.aggregator
    options.experimental_stats.aggregator = aggregator
    wrong = error(lambda: setattr(options.experimental_stats, "aggregator", 3))
    return [before, options.experimental_stats.aggregator is aggregator, wrong]

"""The rows of tests/cases.py for the ops of datasets: what their elements are, in scenes."""
import os
import sqlite3
import tempfile

import numpy as np
from cases import scene

import minitf as tf

E = tf.data.experimental


def all_of(run, dataset, most=20):
    """The elements of a dataset, which has one component."""
    iterator = dataset.make_initializable_iterator()
    following, found = iterator.get_next(), []
    run(iterator.initializer)
    try:
        while len(found) < most:
            found.append(run(following))
    except tf.errors.OutOfRangeError:
        pass
    return found


def gives(op, build, *want):
    """A row for an op that makes a dataset: `build()` is one of these elements."""

    def play(run):
        got = all_of(run, build())
        return [(len(got), len(want)), *((np.array_equal(g, w), True) for g, w in zip(got, want))]

    scene(op)(play)


def five():
    return tf.data.Dataset.range(5)


def file(content, name="file"):
    path = os.path.join(tempfile.mkdtemp(), name)
    with open(path, "wb") as opened:
        opened.write(content)
    return path


# -- sources --------------------------------------------------------------------------------------

gives("TensorDataset", lambda: tf.data.Dataset.from_tensors([1, 2]), [1, 2])
gives("TensorSliceDataset", lambda: tf.data.Dataset.from_tensor_slices([[1, 2], [3, 4]]), [1, 2],
      [3, 4])  # fmt: skip
gives("RangeDataset", lambda: tf.data.Dataset.range(1, 8, 3), 1, 4, 7)
gives("GeneratorDataset", lambda: tf.data.Dataset.from_generator(lambda: iter("ab"), tf.string),
      b"a", b"b")  # fmt: skip
gives("SparseTensorSliceDataset",
      lambda: tf.data.Dataset.from_sparse_tensor_slices(
          tf.SparseTensor([[0, 1], [2, 0]], [5, 6], [3, 2])).map(lambda i, v, s: v),
      [5], [], [6])  # fmt: skip
gives("TextLineDataset", lambda: tf.data.TextLineDataset(file(b"a\nb")), b"a", b"b")
gives("FixedLengthRecordDatasetV2", lambda: tf.data.FixedLengthRecordDataset(file(b"abcd"), 2),
      b"ab", b"cd")  # fmt: skip
gives("CSVDataset", lambda: E.CsvDataset(file(b"1,x\n2,y\n"), [tf.int32], select_cols=[0]).map(
    lambda x: x), 1, 2)  # fmt: skip


@scene("RandomDataset")
def random_dataset(run):
    first, again, other = (all_of(run, E.RandomDataset(seed), 3) for seed in (4, 4, 5))
    return [(first, again), (first, [3128586565, 2023892699, 452966358]), (first == other, False)]


@scene("TFRecordDataset")
def records(run):
    path = file(b"")
    with tf.python_io.TFRecordWriter(path) as writer:
        writer.write(b"one")
        writer.write(b"x" * 3000)
    got = all_of(run, tf.data.TFRecordDataset(path))
    return [(got[0] == b"one", True), (len(got[1]), 3000), (len(got), 2)]


@scene("SqlDataset")
def query(run):
    path = file(b"")
    with sqlite3.connect(path) as database:
        database.execute("create table t (n integer)")
        database.executemany("insert into t values (?)", [(3,), (4,)])
    made = E.SqlDataset("sqlite", path, "select n from t", (tf.int64,))
    return [(all_of(run, made.map(lambda n: n)), [3, 4])]


# -- which elements -------------------------------------------------------------------------------

gives("RepeatDataset", lambda: five().take(2).repeat(2), 0, 1, 0, 1)
gives("TakeDataset", lambda: five().take(2), 0, 1)
gives("SkipDataset", lambda: five().skip(3), 3, 4)
gives("ShardDataset", lambda: five().shard(2, 1), 1, 3)
gives("ConcatenateDataset", lambda: five().take(1).concatenate(five().skip(4)), 0, 4)
gives("ZipDataset", lambda: tf.data.Dataset.zip((five(), five().skip(3))).map(lambda a, b: a + b),
      3, 5)  # fmt: skip
gives("CacheDataset", lambda: five().take(2).cache().repeat(2), 0, 1, 0, 1)
gives("PrefetchDataset", lambda: five().prefetch(2), 0, 1, 2, 3, 4)
gives("ShuffleDataset", lambda: five().shuffle(3, seed=1), 1, 3, 0, 4, 2)
gives("ShuffleAndRepeatDataset",
      lambda: five().take(3).apply(E.shuffle_and_repeat(3, 2, seed=1)),
      0, 2, 1, 1, 2, 0)  # fmt: skip
gives("FilterDataset", lambda: five().filter(lambda x: x % 2 > 0), 1, 3)
gives("TakeWhileDataset", lambda: five().apply(E.take_while(lambda x: x < 2)), 0, 1)
gives("UniqueDataset", lambda: five().map(lambda x: x % 2).apply(E.unique()), 0, 1)
gives("IgnoreErrorsDataset",
      lambda: five().map(lambda x: tf.gather([7, 8], x)).apply(E.ignore_errors()),
      7, 8)  # fmt: skip

# -- batches --------------------------------------------------------------------------------------

gives("BatchDatasetV2", lambda: five().batch(3), [0, 1, 2], [3, 4])
gives("PaddedBatchDatasetV2", lambda: five().take(3).map(lambda n: tf.fill([n], n)).padded_batch(
    3, [None], np.int64(9)), [[9, 9], [1, 9], [2, 2]])  # fmt: skip
gives("UnbatchDataset", lambda: five().batch(3).unbatch(), 0, 1, 2, 3, 4)
gives("WindowDataset", lambda: five().window(2).flat_map(lambda d: d.batch(2)), [0, 1], [2, 3], [4])
gives("SlidingWindowDataset", lambda: five().apply(tf.contrib.data.sliding_window_batch(4)),
      [0, 1, 2, 3], [1, 2, 3, 4])  # fmt: skip
gives("DenseToSparseBatchDataset", lambda: five().take(3).map(lambda n: tf.fill([n], n)).apply(
    E.dense_to_sparse_batch(3, [None])).map(tf.sparse_tensor_to_dense),
    [[0, 0], [1, 0], [2, 2]])  # fmt: skip

# -- functions ------------------------------------------------------------------------------------

gives("MapDataset", lambda: five().take(2).map(lambda x: x * 10), 0, 10)
gives("VariablePlace", lambda: five().take(2).map(tf.Variable(5, dtype=tf.int64).__add__), 5, 6)
gives("ParallelMapDataset", lambda: five().map(lambda x: -x, 2), 0, -1, -2, -3, -4)
gives("MapAndBatchDataset", lambda: five().apply(E.map_and_batch(lambda x: x + 1, 3)), [1, 2, 3],
      [4, 5])  # fmt: skip
gives("FlatMapDataset", lambda: five().take(4).flat_map(tf.data.Dataset.range), 0, 0, 1, 0, 1, 2)
gives("InterleaveDataset", lambda: five().skip(2).interleave(tf.data.Dataset.range, 2), 0, 0, 1, 1,
      2, 0, 1, 2, 3)  # fmt: skip
gives("ParallelInterleaveDatasetV2",
      lambda: five().take(3).interleave(tf.data.Dataset.range, 2, num_parallel_calls=2),
      0, 0, 1)  # fmt: skip
gives("ParallelInterleaveDataset",
      lambda: five().take(3).apply(E.parallel_interleave(tf.data.Dataset.range, 1)),
      0, 0, 1)  # fmt: skip
gives("DirectedInterleaveDataset", lambda: E.choose_from_datasets(
    [five(), five().skip(3)], tf.data.Dataset.range(2).repeat(2)), 0, 3, 1, 4)  # fmt: skip
gives("ScanDataset", lambda: five().apply(E.scan(np.int64(1), lambda s, x: (s + x, s * x))),
      0, 1, 4, 12, 28)  # fmt: skip
gives("GroupByWindowDataset", lambda: five().apply(E.group_by_window(
    lambda x: x % 2, lambda k, d: d.batch(2), 2)), [0, 2], [1, 3], [4])  # fmt: skip
gives("GroupByReducerDataset", lambda: five().apply(E.group_by_reducer(lambda x: x % 2, E.Reducer(
    lambda k: k * 0, lambda s, x: s + x, lambda s: s))), 6, 4)  # fmt: skip


@scene("ReduceDataset")
def reduced(run):
    return [(run(five().reduce(np.int64(1), lambda s, x: s + x)), 11)]


# -- iterators ------------------------------------------------------------------------------------

for _op in ("IteratorV2", "MakeIterator", "IteratorGetNext", "ModelDataset", "OptimizeDataset"):
    gives(_op, lambda: five().take(2), 0, 1)


def optionals(run):
    one = E.Optional.from_value(5)
    none = E.Optional.none_from_structure(one.value_structure)
    iterator = five().take(1).make_one_shot_iterator()
    following = E.get_next_as_optional(iterator).has_value()
    return [(run([one.get_value(), one.has_value(), none.has_value()]), [5, True, False]),
            ([run(following) for _ in range(2)], [True, False])]  # fmt: skip


for _op in ("OptionalFromValue", "OptionalNone", "OptionalHasValue", "OptionalGetValue",
            "IteratorGetNextAsOptional"):  # fmt: skip
    scene(_op)(optionals)


@scene("OneShotIterator")
def one_shot(run):
    following = five().make_one_shot_iterator().get_next()
    return [([run(following) for _ in range(3)], [0, 1, 2])]


def by_string(run):
    iterator = five().make_one_shot_iterator()
    name = tf.placeholder(tf.string, [])
    following = tf.data.Iterator.from_string_handle(name, tf.int64, ()).get_next()
    handle = run(iterator.string_handle())
    return [([run(following, {name: handle}) for _ in range(2)], [0, 1])]


scene("IteratorToStringHandle")(by_string)
scene("IteratorFromStringHandleV2")(by_string)


def threaded(run):
    options = tf.data.Options()
    options.experimental_threading.max_intra_op_parallelism = 1
    options.experimental_threading.private_threadpool_size = 2
    return [(all_of(run, five().with_options(options)), range(5))]


scene("MaxIntraOpParallelismDataset")(threaded)
scene("PrivateThreadPoolDataset")(threaded)


def counted(run):
    options, aggregator = tf.data.Options(), E.StatsAggregator()
    options.experimental_stats.aggregator = aggregator
    dataset = five().apply(E.bytes_produced_stats("bytes")).apply(E.latency_stats("times"))
    elements = all_of(run, dataset.with_options(options))
    told = tf.Summary.FromString(run(aggregator.get_summary())).value
    numbers = {each.tag: each.histo.num for each in told}
    return [(elements, range(5)), (numbers["bytes"], 5), (numbers["times"], 5), (len(numbers), 2)]


for _op in ("StatsAggregatorHandle", "StatsAggregatorSummary", "BytesProducedStatsDataset",
            "LatencyStatsDataset", "SetStatsAggregatorDataset"):  # fmt: skip
    scene(_op)(counted)


@scene("DatasetToSingleElement")
def single(run):
    return [(run(E.get_single_element(five().batch(9))), range(5))]


@scene("DatasetCardinality")
def cardinality(run):
    return [(run([E.cardinality(five()), E.cardinality(five().repeat())]), [5, -1])]


@scene("DatasetToTFRecord")
def written(run):
    path = file(b"")
    run(E.TFRecordWriter(path).write(tf.data.Dataset.from_tensor_slices(["a", "b"])))
    return [(list(tf.python_io.tf_record_iterator(path)) == [b"a", b"b"], True)]


# -- sparse tensors as one ------------------------------------------------------------------------


def there_and_back(run):
    table = tf.SparseTensor([[0, 1], [2, 0]], [5.0, 6.0], [3, 2])
    many = tf.deserialize_many_sparse(tf.serialize_many_sparse(table), tf.float32, 2)
    pair = tf.deserialize_many_sparse(tf.stack([tf.serialize_sparse(table)] * 2), tf.float32, 3)
    got, twice = run([many, pair])
    return [(got.indices, [[0, 1], [2, 0]]), (got.values, [5, 6]), (got.dense_shape, [3, 2]),
            (twice.indices[:, 0], [0, 0, 1, 1]), (twice.dense_shape, [2, 3, 2])]  # fmt: skip


for _op in ("SerializeSparse", "SerializeManySparse", "DeserializeManySparse"):
    scene(_op)(there_and_back)
gives("DeserializeSparse", lambda: tf.data.Dataset.from_tensor_slices(tf.SparseTensor(
    [[0, 1]], [5], [2, 2])).map(tf.sparse_tensor_to_dense), [0, 5], [0, 0])  # fmt: skip

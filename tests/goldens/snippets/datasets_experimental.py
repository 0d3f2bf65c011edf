"""tf.data.experimental and tf.contrib.data: grouping, choosing, scanning, files."""

import os
import sqlite3
import tempfile

from goldens.data_kit import elements, known, listed
from goldens.kit import attempt, error, said


def grouped(tf, np):
    E, ten = tf.data.experimental, tf.data.Dataset.range(10)
    made = [
        ten.apply(E.group_by_window(lambda x: x % 3, lambda k, d: d.batch(9), window_size=2)),
        ten.apply(
            E.group_by_window(
                lambda x: x % 2,
                lambda k, d: d.batch(9).map(lambda b: (k, b)),
                window_size_func=lambda k: k + 2,
            )
        ),
        ten.apply(
            E.group_by_reducer(
                lambda x: x % 3, E.Reducer(lambda k: k * 100, lambda s, x: s + x, lambda s: s)
            )
        ),
        ten.apply(
            E.group_by_reducer(
                lambda x: -(x % 2),
                E.Reducer(
                    lambda k: (k, np.int64(0)),
                    lambda s, x: (s[0], s[1] + 1),
                    lambda k, n: {"k": k, "n": n},
                ),
            )
        ),
    ]
    return [[known(dataset), elements(tf, dataset)] for dataset in made]


def bucketed(tf, np):
    rows = tf.data.Dataset.range(1, 9).map(lambda n: tf.fill([n], n))
    bucket = tf.data.experimental.bucket_by_sequence_length

    def length(x):
        return tf.shape(x)[0]

    made = [
        rows.apply(bucket(length, [3, 5], [2, 2, 2])),
        rows.take(6).apply(bucket(length, [3, 7], [2, 3, 2], pad_to_bucket_boundary=True)),
        rows.apply(bucket(length, [4], [2, 3], padding_values=np.int64(-1), drop_remainder=True)),
        rows.map(lambda x: (x, x[:1])).apply(
            bucket(lambda x, y: tf.shape(x)[0], [4], [2, 2], padded_shapes=([None], [1]))
        ),
    ]
    return [[known(dataset), elements(tf, dataset)] for dataset in made]


def transformed(tf, np):
    E, five = tf.data.experimental, tf.data.Dataset.range(5)
    words = tf.data.Dataset.from_tensor_slices(["a", "b", "a", "c", "b"])
    rows = five.map(lambda n: tf.fill([n], n))
    made = [
        five.apply(E.map_and_batch(lambda x: x * 2, 2)),
        five.apply(
            E.map_and_batch(lambda x: (x, [x]), 2, drop_remainder=True, num_parallel_calls=2)
        ),
        five.batch(2).apply(E.unbatch()),
        rows.apply(E.unbatch()),
        five.apply(E.scan(np.int64(10), lambda s, x: (s + x, s * x))),
        five.apply(E.scan((np.int64(0), "a"), lambda s, x: ((s[0] + 1, s[1] + "b"), s[1]))),
        five.apply(E.take_while(lambda x: x < 3)),
        five.apply(E.enumerate_dataset(3)),
        words.apply(E.unique()),
        E.Counter(3, -2),
        E.Counter(0.5, 0.25, tf.float32),
        rows.apply(E.dense_to_sparse_batch(2, [5])),
        rows.apply(E.dense_to_sparse_batch(3, [None])),
        five.apply(E.parallel_interleave(lambda x: tf.data.Dataset.range(x), 2)),
    ]
    return [[known(dataset), elements(tf, dataset, 9)] for dataset in made]


def chosen(tf, np):
    E, ten = tf.data.experimental, tf.data.Dataset.range(10)
    more = ten.map(lambda x: x + 100)
    choices = tf.data.Dataset.from_tensor_slices(np.array([1, 0, 0, 1, 1], np.int64)).repeat(3)
    made = [
        E.choose_from_datasets([ten.take(3), more], choices),
        E.sample_from_datasets([ten, more], seed=3),
        E.sample_from_datasets([ten, more], weights=[0.2, 0.8], seed=3),
        E.RandomDataset(seed=4),
    ]
    return [[known(dataset), elements(tf, dataset, 14)] for dataset in made]


def resampled(tf, np):
    classes = tf.data.Dataset.from_tensor_slices(np.arange(200, dtype=np.int32) % 10)
    made = classes.apply(
        tf.data.experimental.rejection_resample(
            lambda c: tf.minimum(c, 1), [0.5, 0.5], [0.1, 0.9], seed=3
        )
    )
    found = elements(tf, made, 300)[:-1]
    share = np.mean([each[1] for each in found])
    return [known(made), bool(0.4 < share < 0.6)]


def counted(tf, np):
    E, ten = tf.data.experimental, tf.data.Dataset.range(10)
    made = [
        ten,
        ten.repeat(),
        ten.repeat(3),
        ten.batch(3),
        ten.batch(3, True),
        ten.take(4),
        ten.take(-1),
        ten.skip(4),
        ten.skip(20),
        ten.skip(-1),
        ten.shard(3, 0),
        ten.shard(3, 2),
        ten.map(lambda x: x),
        ten.filter(lambda x: True),
        ten.concatenate(ten),
        tf.data.Dataset.zip((ten, ten.repeat())),
        ten.shuffle(3),
        ten.cache(),
        ten.prefetch(1),
        ten.flat_map(tf.data.Dataset.range),
        tf.data.TextLineDataset("a"),
        tf.data.Dataset.from_tensors(1),
        ten.repeat(0),
        ten.window(3),
        tf.data.Dataset.from_generator(lambda: [1], tf.int32),
    ]
    with tf.Session() as sess:
        return [int(sess.run(E.cardinality(dataset))) for dataset in made]


def single(tf, np):
    E, ten = tf.data.experimental, tf.data.Dataset.range(10)
    with tf.Session() as sess:
        return [
            listed(sess.run(E.get_single_element(ten.batch(20).map(lambda x: (x, x[0]))))),
            attempt(lambda: sess.run(E.get_single_element(ten))),
            attempt(lambda: sess.run(E.get_single_element(ten.take(0)))),
            said(lambda: E.get_single_element(3), "must be a `tf.data.Dataset` object"),
        ]


def options(tf, np):
    E = tf.data.experimental
    first, second = tf.data.Options(), tf.data.Options()
    first.experimental_deterministic = True
    second.experimental_optimization.apply_default_optimizations = False
    made = tf.data.Dataset.range(3).with_options(first).map(lambda x: x).with_options(second)
    found = made.options()

    def other():
        third = tf.data.Options()
        third.experimental_deterministic = False
        return made.with_options(third)

    def typo():
        first.no_such_option = 1

    def mistyped():
        first.experimental_slack = "yes"

    return [
        found.experimental_deterministic,
        found.experimental_slack,
        found.experimental_optimization.apply_default_optimizations,
        first == second,
        tf.data.Options() == tf.data.Options(),
        isinstance(found.experimental_threading, E.ThreadingOptions),
        said(other, "Cannot merge incompatible values"),
        said(typo, "Cannot set the property"),
        said(mistyped, "must be of type"),
        elements(tf, made),
        elements(tf, tf.data.Dataset.range(9).shuffle(4, seed=1).repeat(2).with_options(second)),
    ]


def specs(tf, np):
    T, S = tf.TensorSpec, tf.SparseTensorSpec
    some = T([None, 2], tf.float32)
    dataset = tf.data.Dataset.from_tensor_slices({"a": [1], "b": ["x"]})
    return [
        repr(some),
        repr(T(None)),
        repr(T([1], "int32", name="q")),
        repr(S([None, 3], tf.int32)),
        repr(dataset.element_spec),
        some == T([None, 2], tf.float32),
        some != T([3, 2], tf.float32),
        some.is_compatible_with(tf.zeros([3, 2])),
        some.is_compatible_with(T([3, 3], tf.float32)),
        some.is_compatible_with(tf.zeros([3, 2], tf.int32)),
        repr(some.most_specific_compatible_type(T([5, 2], tf.float32))),
        said(lambda: some.most_specific_compatible_type(T([5, 2], tf.int32)), "Types are not"),
        S([None, 3], tf.int32).is_compatible_with(tf.SparseTensor([[0, 0]], [1], [2, 3])),
        repr(tf.data.experimental.get_structure(dataset.batch(2))),
        str(tf.data.get_output_types(dataset)),
        str(tf.data.get_output_shapes(dataset)),
        said(lambda: tf.data.experimental.get_structure(3), "must be a Dataset or Iterator object"),
    ]


def old_names(tf, np):
    C, five = tf.contrib.data, tf.data.Dataset.range(5)
    made = [
        five.apply(C.batch_and_drop_remainder(2)),
        five.apply(C.map_and_batch(lambda x: -x, 2)),
        five.map(lambda n: tf.fill([n], n)).apply(C.padded_batch_and_drop_remainder(2, [None])),
        five.batch(2).apply(C.unbatch()),
        five.apply(C.enumerate_dataset()),
        five.apply(C.sliding_window_batch(2)),
        five.apply(C.sliding_window_batch(2, window_shift=2)),
        five.apply(C.group_by_window(lambda x: x % 2, lambda k, d: d.batch(2), window_size=2)),
        five.apply(C.sloppy_interleave(tf.data.Dataset.range, 1)),
        C.Counter(1, 2),
        five.map(lambda x: tf.py_func(lambda y: y, [x], tf.int64)).apply(
            C.assert_element_shape([])
        ),
    ]
    return [[known(dataset), elements(tf, dataset, 8)] for dataset in made]


def _file(name, content):
    path = os.path.join(tempfile.mkdtemp(), name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def lines_and_records(tf, np):
    text = _file("a.txt", b"one\r\ntwo\n\nlast")
    more = _file("b.txt", b"x\n")
    bytes_ = _file("c.bin", b"HHabcdefFF")
    records = os.path.join(os.path.dirname(text), "d.tfrecord")
    packed = records + ".gz"
    kinds = [None, tf.python_io.TFRecordOptions(tf.python_io.TFRecordCompressionType.GZIP)]
    for path, kind in zip((records, packed), kinds):
        with tf.python_io.TFRecordWriter(path, kind) as writer:
            for i in range(3):
                writer.write(b"record %d" % i * 40 * i)
    make = tf.data.TextLineDataset
    made = [
        make(text),
        make([text, more]),
        make([text, more], num_parallel_reads=2),
        make(tf.data.Dataset.from_tensors(more)),
        make(text).skip(1).take(1),
        tf.data.FixedLengthRecordDataset(bytes_, 3, 2, 2),
        tf.data.FixedLengthRecordDataset(bytes_, 5),
        tf.data.TFRecordDataset(records),
        tf.data.TFRecordDataset(packed, "GZIP"),
        tf.data.TFRecordDataset([records, records]).batch(4),
    ]
    found = [elements(tf, dataset) for dataset in made]
    broken = _file("e.tfrecord", open(records, "rb").read()[:-3])
    uneven = tf.data.FixedLengthRecordDataset(bytes_, 4)
    errors = [
        attempt(lambda d=d: elements(tf, d)) for d in (tf.data.TFRecordDataset(broken), uneven)
    ]
    return [found, errors]


def cached_in_a_file(tf, np):
    prefix = os.path.join(tempfile.mkdtemp(), "cache")
    count = []

    def counted(x):
        count.append(1)
        return x

    dataset = tf.data.Dataset.range(3).map(lambda x: (tf.py_func(counted, [x], tf.int64), "t"))
    found = [elements(tf, dataset.cache(prefix).repeat(2)), elements(tf, dataset.cache(prefix))]
    memory = elements(tf, dataset.cache().repeat(2))
    return [found, memory, len(count)]


def csv_files(tf, np):
    path = _file("t.csv", b'id,name,score\n1,"a, b",2.5\n2,,3\n3,"line\nbreak",-1e3\n')
    E = tf.data.experimental
    made = [
        E.CsvDataset(path, [tf.int32, [""], tf.float32], header=True),
        E.CsvDataset(path, [[7], [1.5]], header=True, select_cols=[0, 2]),
        E.make_csv_dataset(path, 2, label_name="score", shuffle=False, num_epochs=1),
        E.make_csv_dataset(path, 3, select_columns=["id", "score"], shuffle=False),
    ]
    plain = _file("p.csv", b"1;x\n;y\n")
    made += [
        E.CsvDataset([plain], [np.array([0], np.int64), tf.string], field_delim=";"),
        E.CsvDataset([plain], [tf.int64, tf.string], field_delim=";").apply(E.ignore_errors()),
    ]
    return [[known(dataset), elements(tf, dataset, 3)] for dataset in made]


def csv_records(tf, np):
    made, texts, quoted = [], [[""]] * 3, b'"\n\n","\r\r","abc"\r\n"0","1","2"\r\n"","",""\r\n'
    for data in [
        b"abc,def,ghi\r0,1,2\r,,\r", quoted, b'1,2"3,4\na,b,c"d\n9,8"7,6\ne,f,g\n',
        b'a,"b\nc",d\n"x""","""\r""","y', b'a,b,c\n"x', b"\n\r\na,b,c\n\r",
        b'a,"b"\n1,2,3', b'a,"b",\n1,2,\r\n"1","2",""', b'a,"b"x,y\n1,2,3\n4,5",6\n7,8,9',
    ]:  # fmt: skip
        made.append(_records(tf, _file("r.csv", data), texts))
        made.append(_records(tf, _file("r.csv", data), texts, use_quote_delim=False))
    path = _file("f.csv", b"a,b,c,d\n1,2,3,4,5,6\n1,2")
    wrong = [
        {"buffer_size": 0}, {"field_delim": "ab"}, {"select_cols": [0, 1]},
        {"select_cols": [0, 1, 5]},
    ]  # fmt: skip
    return [made, [_records(tf, path, texts, most=3, **each) for each in wrong]]


def _records(tf, path, defaults, most=9, **form):
    """What one after the other of the records of a file is, those that are wrong as their error."""
    dataset, found = tf.data.experimental.CsvDataset(path, defaults, **form), []
    following = dataset.make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        while len(found) < most and found[-1:] != ["OutOfRangeError"]:
            found.append(attempt(lambda: listed(sess.run(following))))
    return found


def _database():
    path = os.path.join(tempfile.mkdtemp(), "t.sqlite3")
    connection = sqlite3.connect(path)
    connection.execute("create table t (name text, age integer, height real)")
    connection.executemany("insert into t values (?, ?, ?)", [("a", 3, 1.5), ("b", 4, 2.5)])
    connection.commit()
    return path


def queries_that_fail(tf, np):
    path, found = _database(), []
    queries = [
        "select name, other from t", "selec name from t", "select name from t",
        "insert into t values ('c', 1, 1)", "select name, age from t where age > 9",
    ]  # fmt: skip
    for query in queries:
        made = tf.data.experimental.SqlDataset("sqlite", path, query, (tf.string, tf.int32))
        following = made.make_one_shot_iterator().get_next()
        with tf.Session() as sess:
            found.append(error(lambda following=following: sess.run(following)))
    made = tf.data.experimental.SqlDataset("other", path, queries[-1], (tf.string, tf.int32))
    with tf.Session() as sess:
        found.append(error(lambda: sess.run(made.make_initializable_iterator().initializer)))
    return found


def database(tf, np):
    path = _database()
    made = tf.data.experimental.SqlDataset(
        "sqlite",
        path,
        "select name, age, height from t order by age desc",
        (tf.string, tf.int32, tf.float64),
    )
    return [known(made), elements(tf, made)]


def examples(tf, np):
    path = os.path.join(tempfile.mkdtemp(), "x.tfrecord")
    with tf.python_io.TFRecordWriter(path) as writer:
        for i in range(3):
            feature = {
                "n": tf.train.Feature(int64_list=tf.train.Int64List(value=[i])),
                "t": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"w"] * i)),
            }
            example = tf.train.Example(features=tf.train.Features(feature=feature))
            writer.write(example.SerializeToString())
    features = {"n": tf.FixedLenFeature([], tf.int64), "t": tf.VarLenFeature(tf.string)}
    E = tf.data.experimental
    records = tf.data.TFRecordDataset(path)
    made = [
        records.map(lambda r: tf.parse_single_example(r, features)),
        records.batch(2).apply(E.parse_example_dataset(features)),
        E.make_batched_features_dataset(path, 2, features, shuffle=False, num_epochs=1),
        E.make_batched_features_dataset(path, 3, features, label_key="n", shuffle=False),
    ]
    return [[sorted(map(str, dataset.output_types)), elements(tf, dataset, 2)] for dataset in made]


def written(tf, np):
    path = os.path.join(tempfile.mkdtemp(), "w.tfrecord")
    words = tf.data.Dataset.from_tensor_slices(["one", "two"])
    with tf.Session() as sess:
        sess.run(tf.data.experimental.TFRecordWriter(path).write(words))
    return list(tf.python_io.tf_record_iterator(path))

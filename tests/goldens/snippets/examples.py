"""`tf.train.Example`, record files, and what is parsed of them."""

import os
import tempfile

from goldens.kit import attempt, error, run


def _feature(tf, values):
    if isinstance(values[0], bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    if isinstance(values[0], float):
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def _example(tf, **features):
    named = {name: _feature(tf, values) for name, values in features.items()}
    return tf.train.Example(features=tf.train.Features(feature=named))


def _data(tf, **features):
    return _example(tf, **features).SerializeToString()


def messages(tf, np):
    example = _example(tf, label=[3, -1], pixels=[0.5, 2.0], name=[b"a\xff", b""])
    read = tf.train.Example.FromString(example.SerializeToString(deterministic=True))
    feature = read.features.feature
    feature["new"].int64_list.value.append(7)
    return [
        example.SerializeToString(deterministic=True), str(example).split("\n"),
        list(feature["label"].int64_list.value), list(feature["pixels"].float_list.value),
        feature["name"].bytes_list.value[0], sorted(feature), feature["label"].WhichOneof("kind"),
        error(lambda: tf.train.BytesList(value=["text", 3])),
        error(lambda: tf.train.Int64List(value=[1.5])),
        error(lambda: tf.train.Feature(int64_list=[1])),
        error(lambda: tf.train.FloatList(value=3)),
        attempt(lambda: list(tf.train.FloatList(value=np.array([1, 2])).value)),
        attempt(lambda: list(tf.train.Int64List(value=np.arange(2, dtype=np.int32)).value)),
    ]  # fmt: skip


def _found(run, value, tf):
    if isinstance(value, tf.SparseTensor):
        value = [value.indices, value.values, value.dense_shape]
    return run(tf, value)


def _shapes(tf, value):
    if isinstance(value, tf.SparseTensor):
        return [part.shape.as_list() for part in (value.indices, value.values, value.dense_shape)]
    return value.shape.as_list() if value.shape.ndims is not None else None


FEATURES = {
    "label": lambda tf: tf.FixedLenFeature([], tf.int64),
    "pair": lambda tf: tf.FixedLenFeature([2], tf.float32, default_value=[9.0, 8.0]),
    "grid": lambda tf: tf.FixedLenFeature((2, 2), tf.int64, default_value=[[1, 2], [3, 4]]),
    "name": lambda tf: tf.FixedLenFeature([], tf.string, default_value="none"),
    "any": lambda tf: tf.VarLenFeature(tf.int64),
    "words": lambda tf: tf.VarLenFeature(tf.string),
    "steps": lambda tf: tf.FixedLenSequenceFeature([], tf.float32, allow_missing=True),
    "pairs": lambda tf: tf.FixedLenSequenceFeature([2], tf.int64, True, default_value=-1),
    "spread": lambda tf: tf.SparseFeature("place", "value", tf.float32, 10),
}


def _features(tf, *names):
    return {name: FEATURES[name](tf) for name in names or FEATURES}


def _rows(tf):
    return [
        _data(tf, label=[1], pair=[1.0, 2.0], any=[5, 6, 7], steps=[1.5], place=[3, 1],
              value=[0.5, 0.25], pairs=[1, 2, 3, 4]),
        _data(tf, label=[2], grid=[9, 8, 7, 6], name=[b"two"], words=[b"a", b"b"]),
        _data(tf, label=[3], steps=[2.0, 3.0, 4.0], other=[1], pairs=[5, 6]),
    ]  # fmt: skip


def batches(tf, np):
    found = tf.parse_example(tf.constant(_rows(tf)), _features(tf))
    unknown = tf.parse_example(tf.placeholder(tf.string, [None]), _features(tf))
    empty = tf.parse_example(tf.constant([], tf.string), _features(tf))
    return [
        [(name, _found(run, found[name], tf)) for name in sorted(found)],
        [(name, _shapes(tf, found[name])) for name in sorted(found)],
        [(name, _shapes(tf, unknown[name])) for name in sorted(unknown)],
        [(name, _found(run, empty[name], tf)) for name in sorted(empty)],
        [found[name].dtype.name for name in sorted(found)],
    ]


def single(tf, np):
    rows = [tf.parse_single_example(row, _features(tf)) for row in _rows(tf)]
    named = tf.parse_single_example(_rows(tf)[0], _features(tf), example_names="first")
    return [
        [[(name, _found(run, row[name], tf)) for name in sorted(row)] for row in rows],
        [(name, _shapes(tf, rows[0][name])) for name in sorted(rows[0])],
        [(name, _found(run, named[name], tf)) for name in sorted(named)],
    ]


def names_of_nodes(tf, np):
    tf.parse_single_example(_rows(tf)[0], _features(tf, "label", "pair", "any"))
    tf.parse_single_example(_rows(tf)[0], _features(tf, "label", "name", "pairs"), name="mine")
    return [op.name for op in tf.get_default_graph().get_operations()]


def refused_in_a_run(tf, np):
    rows = _rows(tf)
    fixed = tf.FixedLenFeature
    asked = [
        lambda: tf.parse_example([b"no example"], _features(tf, "label")),
        lambda: tf.parse_example(rows, {"missing": fixed([], tf.int64)}),
        lambda: tf.parse_example(rows, {"label": fixed([], tf.float32)}),
        lambda: tf.parse_example(rows, {"label": fixed([2], tf.int64)}),
        lambda: tf.parse_example(rows, {"label": tf.VarLenFeature(tf.string)}),
        lambda: tf.parse_single_example(b"no example", _features(tf, "label")),
        lambda: tf.parse_single_example(rows[0], {"missing": fixed([], tf.string)}),
        lambda: tf.parse_single_example(rows[0], {"label": fixed([3], tf.int64)}),
        lambda: tf.parse_single_example(rows[0], {"label": tf.VarLenFeature(tf.float32)}),
    ]
    return [error(lambda b=build: run(tf, next(iter(b().values())))) for build in asked]


def refused_while_building(tf, np):
    row, fixed = _rows(tf)[0], tf.FixedLenFeature
    asked = [
        {}, None, {"a": 3}, {"a": fixed(None, tf.int64)}, {"a": fixed([None], tf.int64)},
        {"a": fixed([2, None], tf.int64)}, {"a": fixed([], None)}, {"a": tf.VarLenFeature(None)},
        {"a": fixed([2], tf.int64, default_value=[1, 2, 3])},
        {"a": fixed([], tf.int64, default_value="x")},
        {"a": tf.FixedLenSequenceFeature([], tf.int64)},
        {"a": tf.SparseFeature("", "v", tf.int64, 3)},
        {"a": tf.SparseFeature("i", "v", tf.float32, 3), "i": fixed([], tf.int64)},
    ]  # fmt: skip
    return [
        [error(lambda f=features: tf.parse_example([row], f)) for features in asked],
        [error(lambda f=features: tf.parse_single_example(row, f)) for features in asked],
    ]


def _sequence(tf, context, **lists):
    steps = {
        name: tf.train.FeatureList(feature=[_feature(tf, step) if step else tf.train.Feature()
                                            for step in listed])
        for name, listed in lists.items()
    }  # fmt: skip
    return tf.train.SequenceExample(
        context=context.features, feature_lists=tf.train.FeatureLists(feature_list=steps)
    )


def sequences(tf, np):
    whole = _example(tf, length=[2], extra=[1.0, 2.0, 3.0])
    words = [[b"a"], [b"b", b"c"]]
    sequence = _sequence(tf, whole, tokens=[[1, 2], [3, 4]], words=words, empty=[])
    context, steps = tf.parse_single_sequence_example(
        sequence.SerializeToString(),
        {"length": tf.FixedLenFeature([], tf.int64), "extra": tf.VarLenFeature(tf.float32),
         "none": tf.FixedLenFeature([], tf.string, default_value="x")},
        {"tokens": tf.FixedLenSequenceFeature([2], tf.int64), "words": tf.VarLenFeature(tf.string),
         "lacking": tf.FixedLenSequenceFeature([], tf.float32, allow_missing=True),
         "empty": tf.FixedLenSequenceFeature([3], tf.int64)},
    )  # fmt: skip
    parse, data = tf.parse_single_sequence_example, sequence.SerializeToString()
    step = tf.FixedLenSequenceFeature
    return [
        [(name, _found(run, context[name], tf)) for name in sorted(context)],
        [(name, _found(run, steps[name], tf)) for name in sorted(steps)],
        [_shapes(tf, steps[name]) for name in sorted(steps)],
        error(lambda: parse(data)),
        error(lambda: run(tf, parse(data, sequence_features={"x": step([], tf.int64)})[1]["x"])),
        error(lambda: run(tf, parse(data, None, {"tokens": step([], tf.int64)})[1]["tokens"])),
        error(lambda: run(tf, parse(data, None, {"tokens": step([2], tf.string)})[1]["tokens"])),
        error(lambda: parse(data, {"length": step([], tf.int64)})),
        error(lambda: parse(data, None, {"tokens": tf.FixedLenFeature([2], tf.int64)})),
    ]


def sequences_in_a_batch(tf, np):
    one = _sequence(tf, _example(tf, length=[2], extra=[1.0, 2.0, 3.0]),
                    tokens=[[1, 2], [3, 4]], words=[[b"a"], [b"b", b"c"], []])  # fmt: skip
    two = _sequence(tf, _example(tf, length=[7]), tokens=[[5, 6]], words=[], names=[[b"n"]])
    step, batch = tf.FixedLenSequenceFeature, [one.SerializeToString(), two.SerializeToString()]
    parse, data = tf.io.parse_sequence_example, tf.placeholder(tf.string, [None])
    context, steps, lengths = parse(
        data,
        {"length": tf.FixedLenFeature([], tf.int64), "extra": tf.VarLenFeature(tf.float32),
         "none": tf.FixedLenFeature([2], tf.string, default_value=["x", "y"])},
        {"tokens": step([2], tf.int64, allow_missing=True), "words": tf.VarLenFeature(tf.string),
         "lacking": step([], tf.float32, allow_missing=True),
         "names": step([], tf.string, allow_missing=True)},
    )  # fmt: skip

    def found(part, rows):
        return [(name, _found(lambda tf, x: run(tf, x, {data: rows}), part[name], tf))
                for name in sorted(part)]  # fmt: skip

    def fails(asked=None, steps=None, rows=batch, **options):
        return error(lambda: run(tf, list(parse(rows, asked, steps, **options)[1].values())))

    return [
        *[found(part, rows) for part in (context, steps, lengths)
          for rows in (batch, batch[::-1], batch[:1])],
        *[[_shapes(tf, part[name]) for name in sorted(part)] for part in (context, steps, lengths)],
        fails(), fails(steps={"x": step([], tf.int64)}),
        fails(steps={"tokens": step([], tf.int64)}), fails(steps={"tokens": step([2], tf.string)}),
        fails({"length": step([], tf.int64)}),
        fails(steps={"tokens": tf.FixedLenFeature([2], tf.int64)}),
        fails(steps={"words": step([], tf.string)}), fails(steps={"names": step([], tf.string)}),
        fails({"absent": tf.FixedLenFeature([], tf.int64)}, {"words": tf.VarLenFeature(tf.string)}),
        fails(steps={"words": tf.VarLenFeature(tf.string)}, example_names=["only one"]),
        fails(steps={"words": tf.VarLenFeature(tf.string)}, rows=batch[0]),
        fails(steps={"words": tf.VarLenFeature(tf.string)}, rows=["no such thing"]),
    ]  # fmt: skip


def _written(tf, options, pieces):
    path = os.path.join(tempfile.mkdtemp(), "data.tfrecords")
    with tf.python_io.TFRecordWriter(path, options) as writer:
        for piece in pieces:
            writer.write(piece)
    return path


def records(tf, np):
    io, kinds = tf.python_io, tf.python_io.TFRecordCompressionType
    pieces = [b"one", b"", b"x" * 5000, bytes(bytearray(range(256)))]
    options = [
        None, "GZIP", "ZLIB", "", kinds.ZLIB, io.TFRecordOptions(kinds.GZIP),
        io.TFRecordOptions("ZLIB", compression_level=9, mem_level=3, window_bits=12),
    ]  # fmt: skip
    paths = [_written(tf, each, pieces) for each in options]
    plain = open(paths[0], "rb").read()
    return [
        [list(io.tf_record_iterator(path, each)) == pieces
         for path, each in zip(paths, options)], plain[:40], len(plain),
        [os.path.getsize(path) < 1000 for path in paths],
        [io.TFRecordOptions.get_compression_type_string(each) for each in options],
        error(lambda: io.TFRecordOptions("ZIP")), error(lambda: _written(tf, "zip", [])),
        error(lambda: list(io.tf_record_iterator(paths[0] + "none"))),
        error(lambda: io.TFRecordWriter(os.path.join(paths[0], "below"))),
        error(lambda: list(io.tf_record_iterator(paths[1]))), kinds.NONE, kinds.ZLIB, kinds.GZIP,
        tf.io.TFRecordWriter is io.TFRecordWriter,
    ]  # fmt: skip

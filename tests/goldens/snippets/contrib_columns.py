"""The feature columns of tf.contrib.layers: keys, specs, variables, values, what is refused."""

import tempfile

from goldens.kit import error, said


def _columns(tf):
    layers = tf.contrib.layers
    age = layers.real_valued_column("age")
    xy = layers.real_valued_column("xy", dimension=2, default_value=[1, 2])
    ages = layers.bucketized_column(age, [10, 20.0, 30])
    hashed = layers.sparse_column_with_hash_bucket("h", 10)
    integers = layers.sparse_column_with_integerized_feature("i", 5)
    keys = layers.sparse_column_with_keys("k", ["a", "b"])
    cross = layers.crossed_column([hashed, ages], 20)
    return {
        "age": age,
        "xy": xy,
        "ages": ages,
        "xys": layers.bucketized_column(xy, (0, 1, 1)),
        "h": hashed,
        "i": integers,
        "k": keys,
        "w": layers.weighted_sparse_column(integers, "iw"),
        "c": cross,
        "c2": layers.crossed_column(
            [cross, keys], 30, hash_key=layers.SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY
        ),
    }


def _sparse(tf, values):
    return tf.SparseTensor([[0, 0], [1, 0], [1, 1]], values, [2, 2])


def _features(tf):
    return {
        "age": tf.constant([[15.0], [40.0]]),
        "xy": tf.constant([[0.5, -1.0], [2.0, 3.0]]),
        "h": _sparse(tf, ["p", "q", "r"]),
        "i": _sparse(tf, tf.constant([7, 1, 2], tf.int64)),
        "k": _sparse(tf, ["a", "b", "z"]),
        "iw": _sparse(tf, [0.5, 2.0, 3.0]),
    }


def _run(tf, fetches):
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return sess.run(fetches)


def _variables(tf):
    return [[v.name, str(v.shape)] for v in tf.global_variables()]


def described(tf, np):
    columns, layers = _columns(tf), tf.contrib.layers
    each = [columns[name] for name in sorted(columns)]
    spec = layers.create_feature_spec_for_parsing(each)
    fed = layers.make_place_holder_tensors_for_base_features(each)
    inferred = layers.infer_real_valued_columns({"z": tf.ones([2, 3])})
    embedded = layers.embedding_column(columns["h"], 4, initializer=tf.ones_initializer())
    return [
        [[column.name, column.key] for column in each],
        sorted([key, str(value)] for key, value in spec.items()),
        sorted([key, value.dtype.name] for key, value in fed.items()),
        [str(column) for column in inferred],
        [embedded.name, embedded.key, layers.one_hot_column(columns["k"]).name],
        [columns["h"].length, columns["ages"].length, embedded.length],
    ]


def linear(tf, np):
    columns, layers = _columns(tf), tf.contrib.layers
    each = [columns[name] for name in sorted(columns)]
    logits, weights, bias = layers.weighted_sum_from_feature_columns(
        _features(tf), each, 2, weight_collections=["mine"]
    )
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        for number, variable in enumerate(tf.global_variables()):
            size = int(np.prod(variable.shape.as_list()))
            values = np.linspace(-1.0, number + 1.0, size).reshape(variable.shape.as_list())
            variable.load(np.float32(values), sess)
        found = sess.run(logits)
    return [
        logits.name,
        sorted([column.name, [v.name for v in of]] for column, of in weights.items()),
        bias.name,
        _variables(tf),
        [v.name for v in tf.get_collection("mine")],
        found,
    ]


def deep(tf, np):
    columns, layers = _columns(tf), tf.contrib.layers
    rows = tf.random_uniform_initializer(seed=1)
    other = layers.sparse_column_with_hash_bucket("h", 5)
    each = [columns["age"], columns["xy"], columns["ages"], columns["xys"]]
    each += [
        layers.embedding_column(columns["h"], 4, initializer=rows),
        layers.embedding_column(columns["c"], 2, combiner="sum", initializer=rows),
        layers.embedding_column(columns["w"], 3, max_norm=1.0, initializer=rows),
        layers.one_hot_column(columns["k"]),
        layers.one_hot_column(columns["w"]),
    ]
    each += layers.shared_embedding_columns(
        [other, layers.sparse_column_with_hash_bucket("k", 5)], 3, initializer=rows
    )
    outputs = {}
    net = layers.input_from_feature_columns(_features(tf), each, cols_to_outs=outputs)
    parts = sorted(column.name for column in outputs)
    return [net.name, str(net.shape), parts, _variables(tf), _run(tf, net)]


def joint(tf, np):
    columns, layers = _columns(tf), tf.contrib.layers
    logits, weights, bias = layers.joint_weighted_sum_from_feature_columns(
        _features(tf), [columns["h"], columns["i"], columns["k"]], 2
    )
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        weights[0].load(np.float32(np.arange(34.0).reshape(17, 2)), sess)
        return [logits.name, [v.name for v in weights], bias.name, sess.run(logits)]


def sequences(tf, np):
    layers = tf.contrib.layers
    words = layers.sparse_column_with_integerized_feature("words", 5)
    rows = tf.constant_initializer(np.arange(10.0).reshape(5, 2))
    columns = [layers.embedding_column(words, 2, initializer=rows),
               layers.real_valued_column("size"), layers.one_hot_column(words)]  # fmt: skip
    ids = tf.constant([3, 1, 4], tf.int64)
    features = {
        "words": tf.SparseTensor([[0, 0], [0, 1], [1, 0]], ids, [2, 2]),
        "size": tf.constant([[0.5, 1.5], [2.5, 3.5]]),
    }
    net = layers.sequence_input_from_feature_columns(features, columns)
    ranges = layers.bucketized_column(columns[1], [1.0])
    refused = error(lambda: layers.sequence_input_from_feature_columns(features, [ranges]))
    return [net.name, str(net.shape), refused, _run(tf, net)]


def vocabularies(tf, np):
    layers = tf.contrib.layers
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("b\na\n")
        file.flush()
        columns = [
            layers.sparse_column_with_vocabulary_file("k", file.name, 2, 2),
            layers.sparse_column_with_hash_bucket("h", 7, hash_keys=[[1, 2], [3, 4]]),
            layers.sparse_column_with_hash_bucket("i", 7, dtype=tf.int64),
        ]
        found = layers.transform_features(_features(tf), columns)
        return _run(tf, [found[column].values for column in columns])


def _example(tf, **features):
    made = {}
    for key, values in features.items():
        if isinstance(values[0], bytes):
            made[key] = tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
        else:
            made[key] = tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Example(features=tf.train.Features(feature=made)).SerializeToString()


def parsed(tf, np):
    columns, layers = _columns(tf), tf.contrib.layers
    examples = [_example(tf, age=[15.0], xy=[1.0, 5.0], h=[b"p", b"q"], k=[b"b"]),
                _example(tf, age=[40.0], h=[b"p"])]  # fmt: skip
    each = [columns[name] for name in ("age", "xy", "ages", "h", "k", "c")]
    found = layers.parse_feature_columns_from_examples(examples, each)
    dense = _run(tf, [found[column] for column in each[:3]])
    ids = _run(tf, [found[column].values for column in each[3:]])
    base = sorted(key for key in found if isinstance(key, str))
    return [base, dense, ids]


def sequences_parsed(tf, np):
    layers = tf.contrib.layers
    columns = [layers.real_valued_column("size", default_value=0.0),
               layers.sparse_column_with_hash_bucket("words", 5)]  # fmt: skip
    floats = [tf.train.Feature(float_list=tf.train.FloatList(value=[v])) for v in (1.0, 2.0)]
    lists = {"size": tf.train.FeatureList(feature=floats)}
    example = tf.train.SequenceExample(feature_lists=tf.train.FeatureLists(feature_list=lists))
    context, sequence = layers.parse_feature_columns_from_sequence_examples(
        example.SerializeToString(), None, columns
    )
    return [len(context), sorted(sequence), _run(tf, sequence["size"])]


def refused(tf, np):
    columns, layers = _columns(tf), tf.contrib.layers
    features = _features(tf)
    real, hashed = layers.real_valued_column, layers.sparse_column_with_hash_bucket
    wide, deep = layers.weighted_sum_from_feature_columns, layers.input_from_feature_columns
    table = layers.embedding_column(columns["h"], 2, initializer=tf.ones_initializer())
    return [
        error(lambda: real("a", dimension=None)),
        error(lambda: real("a", dimension=0)),
        error(lambda: real("a", dtype=tf.string)),
        error(lambda: real("a", 2, [1.0])),
        error(lambda: real("a", 1, "x")),
        error(lambda: real("a", 1, 1.5, tf.int32)),
        real("a", 2, 1).default_value,
        error(lambda: hashed("a", 0)),
        error(lambda: hashed("a", 2, dtype=tf.float32)),
        error(lambda: hashed("a", 2, hash_keys=[1])),
        error(lambda: layers.sparse_column_with_vocabulary_file("a", "b")),
        error(lambda: layers.bucketized_column(columns["h"], [1])),
        error(lambda: layers.bucketized_column(columns["age"], [2, 1])),
        error(lambda: layers.crossed_column([columns["h"]], 5)),
        error(lambda: layers.crossed_column([columns["h"], columns["age"]], 5)),
        error(lambda: layers.embedding_column(columns["h"], 2, initializer=1.0)),
        error(lambda: layers.shared_embedding_columns([columns["h"], columns["i"]], 2)),
        error(lambda: layers.shared_embedding_columns(columns["h"], 2)),
        said(lambda: deep(features, [columns["h"]]), "SparseColumn is not supported in DNN"),
        said(lambda: deep(features, [columns["c"]]), "CrossedColumn is not supported in DNN"),
        said(lambda: wide(features, [table], 1), "is not supported in linear models"),
        error(lambda: deep(features, {"a": columns["age"]})),
        error(lambda: deep(features, [columns["age"], real("age")])),
        error(lambda: layers.create_feature_spec_for_parsing(["a"])),
        error(lambda: layers.weighted_sparse_column(columns["i"], "w", tf.string)),
        error(lambda: layers.infer_real_valued_columns(features["h"])),
        error(lambda: layers.joint_weighted_sum_from_feature_columns(
            features, [columns["age"]], 1)),
    ]  # fmt: skip


def read_by_core(tf, np):
    """tf.feature_column's functions take the columns of tf.contrib.layers."""
    columns, layers, core = _columns(tf), tf.contrib.layers, tf.feature_column
    embedded = layers.embedding_column(columns["w"], 3, initializer=tf.ones_initializer())
    dense = [columns["age"], columns["xys"], embedded, layers.one_hot_column(columns["k"])]
    linear = [columns[name] for name in ("age", "ages", "xys", "h", "w", "c2")]
    spec = core.make_parse_example_spec(dense + linear)
    features = dict(_features(tf), age=tf.constant([15.0, 40.0]))
    made, weights = {}, {}
    whole = core.input_layer(features, dense, cols_to_output_tensors=made)
    logits = core.linear_model(features, linear, units=2, cols_to_vars=weights)
    variables = _variables(tf)
    steps = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(tf.square(logits - 1)))
    trained = [weights[column][0] for column in linear]
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        sess.run(steps)
        values = sess.run([whole, made[embedded], logits, trained])
    return [sorted(spec), variables, values,
            error(lambda: core.input_layer(features, [columns["h"]]))]  # fmt: skip


def one_hot_of_unknown(tf, np):
    """Categories that are unknown, -1, count nowhere, weighted or not."""
    layers = tf.contrib.layers
    keys = layers.sparse_column_with_keys("ids", ["marlo", "omar", "stringer"])
    weighted = layers.weighted_sparse_column(keys, "weights")
    features = {"ids": tf.constant([["marlo", "unknown", "omar"]]),
                "weights": tf.constant([[2.0, 4.0, 6.0]])}  # fmt: skip
    each = [layers.one_hot_column(column) for column in (keys, weighted)]
    outside = tf.SparseTensor([[1, 0], [0, 9], [0, -1]], [1.0, 2.0, 3.0], [2, 2])
    ordered = tf.sparse_reorder(outside)
    made = [layers.input_from_feature_columns(features, [column]) for column in each]
    return _run(tf, [made, list(ordered.indices.op.outputs)])

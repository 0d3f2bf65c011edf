"""tf.feature_column: columns, input_layer, linear_model, sequences, and what is refused."""

import os
import tempfile

from goldens.kit import error, said, typed


def _run(tf, fetches):
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return sess.run(fetches)


def _variables(tf):
    return [[v.name, str(v.shape)] for v in tf.global_variables()]


def _set(tf, np):
    """Give every variable distinct values."""
    return [v.assign(np.arange(v.shape.num_elements()).reshape(v.shape.as_list()) * 0.5 + i)
            for i, v in enumerate(tf.global_variables())]  # fmt: skip


def _after(tf, np, fetches):
    changed = _set(tf, np)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        sess.run(changed)
        return sess.run(fetches)


def _features(tf):
    return {
        "price": tf.constant([[1.0], [2.5], [9.0]]),
        "size": tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
        "kind": tf.constant([["a"], ["b"], ["zz"]]),
        "words": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["b", "a", "q"], [3, 2]),
        "id": tf.constant([[2], [0], [1]], tf.int64),
        "weight": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], [0.5, 2.0, 3.0], [3, 2]),
    }


def _file(text):
    handle, path = tempfile.mkstemp()
    os.write(handle, text)
    os.close(handle)
    return path


def numbers(tf, np):
    fc = tf.feature_column
    features = _features(tf)
    columns = [
        fc.numeric_column("price"),
        fc.numeric_column("size", shape=2, normalizer_fn=lambda x: x * 10.0),
        fc.numeric_column("id", dtype=tf.int64),
        fc.bucketized_column(fc.numeric_column("price"), [1.0, 2.5, 3.0]),
        fc.bucketized_column(fc.numeric_column("size", shape=(2,)), [2.5]),
    ]
    made = [fc.input_layer(features, each) for each in columns] + [
        fc.input_layer(features, columns)
    ]
    return _run(tf, made) + [str(made[-1].shape), [column.name for column in columns]]


def categories(tf, np):
    fc = tf.feature_column
    features = _features(tf)
    path = _file(b"a\nb\nc\n")
    columns = [
        fc.categorical_column_with_hash_bucket("kind", 7),
        fc.categorical_column_with_hash_bucket("words", 7),
        fc.categorical_column_with_hash_bucket("id", 5, dtype=tf.int64),
        fc.categorical_column_with_vocabulary_list("words", ["a", "b"]),
        fc.categorical_column_with_vocabulary_list("words", ["a", "b"], num_oov_buckets=2),
        fc.categorical_column_with_vocabulary_list("kind", ["a", "b"], default_value=0),
        fc.categorical_column_with_vocabulary_list("id", [2, 1]),
        fc.categorical_column_with_vocabulary_file("words", path),
        fc.categorical_column_with_vocabulary_file("kind", path, 2, num_oov_buckets=1),
        fc.categorical_column_with_vocabulary_file("kind", path, 2, default_value=1),
        fc.categorical_column_with_identity("id", 3),
        fc.categorical_column_with_identity("id", 2, default_value=0),
    ]
    made = [fc.input_layer(features, fc.indicator_column(each)) for each in columns]
    return _run(tf, made) + [[column.name for column in columns]]


def crossed(tf, np):
    fc = tf.feature_column
    features = _features(tf)
    price = fc.bucketized_column(fc.numeric_column("price"), [2.0])
    identity = fc.categorical_column_with_identity("id", 3)
    columns = [
        fc.crossed_column(["kind", "words"], 10),
        fc.crossed_column(["kind", price], 10),
        fc.crossed_column([price, identity], 6, hash_key=5),
        fc.crossed_column([fc.crossed_column(["words", "kind"], 3), price], 11),
        fc.crossed_column(["words", "kind", "id"], 100),
    ]
    made = [fc.input_layer(features, fc.indicator_column(each)) for each in columns]
    return _run(tf, made) + [[column.name for column in columns]]


def crossed_values(tf, np):
    a = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["x", "y", "z"], [3, 2])
    b = tf.SparseTensor([[0, 0], [1, 0], [2, 0], [2, 1]], np.int64([1, 2, 3, 4]), [3, 2])
    dense = tf.constant([["p", "q"], ["r", "s"], ["t", "u"]])
    made = [
        tf.sparse.cross([a, dense]),
        tf.sparse.cross([dense, a]),
        tf.sparse.cross_hashed([a, dense]),
        tf.sparse.cross_hashed([a, b, dense], num_buckets=1000),
        tf.sparse.cross_hashed([b, dense], num_buckets=1000, hash_key=17),
        tf.sparse.cross([dense, dense]),
    ]
    return [[np.asarray(part) for part in each] for each in _run(tf, made)]


def embeddings(tf, np):
    fc = tf.feature_column
    features = _features(tf)
    words = fc.categorical_column_with_vocabulary_list("words", ["a", "b"], num_oov_buckets=1)
    kind = fc.categorical_column_with_hash_bucket("kind", 4)
    columns = [fc.embedding_column(words, 2, combiner=each) for each in ("mean", "sum", "sqrtn")]
    made = [fc.input_layer(features, each) for each in columns]
    made += [
        fc.input_layer(features, fc.embedding_column(kind, 3, max_norm=0.5)),
        fc.input_layer(features, fc.embedding_column(
            fc.weighted_categorical_column(words, "weight"), 2)),
        fc.input_layer(features, [fc.embedding_column(words, 2), fc.embedding_column(kind, 1)]),
    ]  # fmt: skip
    return _after(tf, np, made) + [
        _variables(tf),
        [v.name for v in tf.get_collection("model_variables")],
        [v.name for v in tf.trainable_variables()],
    ]


def embedding_draws(tf, np):
    tf.set_random_seed(5)
    fc = tf.feature_column
    kind = fc.categorical_column_with_hash_bucket("kind", 4)
    made = fc.input_layer(_features(tf), fc.embedding_column(kind, 3))
    frozen = fc.embedding_column(kind, 2, initializer=tf.ones_initializer(), trainable=False)
    other = fc.input_layer(_features(tf), frozen)
    return _run(tf, [made, other]) + [[v.name for v in tf.trainable_variables()]]


def shared_embeddings(tf, np):
    fc = tf.feature_column
    features = {
        "a": tf.constant([["x"], ["y"]]),
        "b": tf.SparseTensor([[0, 0], [0, 1]], ["y", "x"], [2, 2]),
    }
    columns = fc.shared_embedding_columns(
        [fc.categorical_column_with_vocabulary_list(key, ["x", "y"]) for key in "ba"], 2
    )
    made = fc.input_layer(features, columns)
    return [_after(tf, np, made), _variables(tf), [column.name for column in columns]]


def weighted_indicator(tf, np):
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list("words", ["a", "b", "q"])
    weighted = fc.weighted_categorical_column(words, "weight")
    column = fc.indicator_column(weighted)
    return [_run(tf, fc.input_layer(_features(tf), column)), column.name, weighted.num_buckets]


def linear(tf, np):
    fc = tf.feature_column
    features = _features(tf)
    words = fc.categorical_column_with_vocabulary_list("words", ["a", "b"], num_oov_buckets=1)
    columns = [
        fc.numeric_column("size", shape=2),
        words,
        fc.categorical_column_with_identity("id", 3),
        fc.bucketized_column(fc.numeric_column("price"), [2.0, 3.0]),
        fc.crossed_column(["kind", "words"], 5),
    ]
    kept = {}
    made = [
        fc.linear_model(features, columns, cols_to_vars=kept),
        fc.linear_model(features, columns, units=2, sparse_combiner="mean"),
        fc.linear_model(features, fc.weighted_categorical_column(words, "weight")),
    ]
    names = sorted([getattr(key, "name", key), [v.name for v in value]]
                   for key, value in kept.items())  # fmt: skip
    variables = _variables(tf)
    return _after(tf, np, made) + [variables, names, [str(each.shape) for each in made],
                                   made[0].name]  # fmt: skip


def trained(tf, np):
    fc = tf.feature_column
    tf.set_random_seed(1)
    features = _features(tf)
    features["kind"] = tf.placeholder_with_default([["a"], ["b"], ["zz"]], [None, 1])
    kind = fc.categorical_column_with_vocabulary_list("kind", ["a", "b", "zz"])
    columns = [fc.numeric_column("price"), fc.embedding_column(kind, 2)]
    x = fc.input_layer(features, columns)
    y = tf.layers.dense(x, 1) + fc.linear_model(features, [kind, fc.numeric_column("size", 2)])
    loss = tf.reduce_mean(tf.square(y - [[1.0], [2.0], [3.0]]))
    step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        found = []
        for _ in range(5):
            found.append(sess.run(loss))
            sess.run(step)
    return found


def dictionaries(tf, np):
    fc = tf.feature_column
    features = _features(tf)
    kind = fc.categorical_column_with_hash_bucket("kind", 4)
    columns = [fc.numeric_column("price"), fc.embedding_column(kind, 3)]
    variables, outputs = {}, {}
    fc.input_layer(features, columns, cols_to_vars=variables, cols_to_output_tensors=outputs)
    return [
        sorted([key.name, [v.name for v in value]] for key, value in variables.items()),
        sorted([key.name, value.name, str(value.shape)] for key, value in outputs.items()),
    ]


def _own(tf):
    return [each for each in typed(tf) if "assert" not in each[0].lower()]


def names_of_numbers(tf, np):
    fc = tf.feature_column
    price = fc.numeric_column("price")
    fc.input_layer({"price": tf.placeholder(tf.float32, [None], "p")}, [
        price, fc.bucketized_column(price, [1.0])])  # fmt: skip
    return _own(tf)


def names_of_categories(tf, np):
    fc = tf.feature_column
    kind = tf.placeholder(tf.string, [None, 1], "k")
    columns = [
        fc.indicator_column(fc.categorical_column_with_vocabulary_list("kind", ["a", "b"])),
    ]
    fc.input_layer({"kind": kind}, columns)
    return _own(tf)


def equal_columns(tf, np):
    fc = tf.feature_column
    one, same, other = (fc.numeric_column(key) for key in ("a", "a", "b"))
    bucket = fc.bucketized_column(one, [1.0, 2.0])
    return [
        one == same, one == other, hash(one) == hash(same), len({one, same, other}),
        repr(one), repr(bucket), one.shape, one.default_value, bucket.boundaries,
        repr(fc.categorical_column_with_identity("k", 3)),
        repr(fc.crossed_column(["x", bucket], 4)),
        repr(fc.categorical_column_with_hash_bucket("k", 3)),
        repr(fc.categorical_column_with_vocabulary_list("k", ["a"])),
        fc.numeric_column("a", shape=(2, 1), default_value=[[1], [2.0]]).default_value,
        fc.numeric_column("a", shape=2, default_value=3).default_value,
    ]  # fmt: skip


def parse_spec(tf, np):
    fc = tf.feature_column
    price = fc.numeric_column("price", shape=2, default_value=1.0)
    words = fc.categorical_column_with_hash_bucket("words", 5)
    spec = fc.make_parse_example_spec([
        price, fc.bucketized_column(price, [1.0]), words, fc.embedding_column(words, 2),
        fc.indicator_column(fc.categorical_column_with_identity("id", 3)),
        fc.crossed_column(["kind", "words"], 4),
        fc.weighted_categorical_column(fc.categorical_column_with_hash_bucket("w", 5), "weight"),
    ])  # fmt: skip
    clash = [fc.numeric_column("a"), fc.numeric_column("a", shape=2)]
    return [
        sorted([key, repr(value)] for key, value in spec.items()),
        said(lambda: fc.make_parse_example_spec(clash), "different parse_spec for key a"),
        error(lambda: fc.make_parse_example_spec(["a"])),
    ]


def parsed(tf, np):
    fc = tf.feature_column
    price = fc.numeric_column("price")
    words = fc.categorical_column_with_vocabulary_list("words", ["a", "b"])
    columns = [price, fc.indicator_column(words)]
    made = []
    for number, texts in ((1.5, [b"a", b"a"]), (2.5, [b"b", b"x"])):
        features = {
            "price": tf.train.Feature(float_list=tf.train.FloatList(value=[number])),
            "words": tf.train.Feature(bytes_list=tf.train.BytesList(value=texts)),
        }
        made.append(tf.train.Example(features=tf.train.Features(feature=features)))
    texts = [example.SerializeToString() for example in made]
    features = tf.parse_example(texts, fc.make_parse_example_spec(columns))
    return _run(tf, fc.input_layer(features, columns))


def sequences(tf, np):
    fc = tf.feature_column
    layer = tf.contrib.feature_column.sequence_input_layer
    features = {
        "words": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["b", "a", "q"], [3, 2]),
        "numbers": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], [1.0, 2.0, 3.0], [3, 2]),
        "ids": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], np.int64([1, 0, 2]), [3, 2]),
    }
    vocabulary = fc.sequence_categorical_column_with_vocabulary_list("words", ["a", "b"])
    bucket = fc.sequence_categorical_column_with_hash_bucket("words", 3)
    identity = fc.sequence_categorical_column_with_identity("ids", 3)
    made = [
        layer(features, [fc.embedding_column(vocabulary, 2)]),
        layer(features, [fc.indicator_column(bucket)]),
        layer(features, [fc.indicator_column(identity)]),
    ]
    return [_after(tf, np, made), _variables(tf)]


def refused(tf, np):
    fc = tf.feature_column
    price, kind = fc.numeric_column("price"), fc.categorical_column_with_hash_bucket("kind", 4)
    features = _features(tf)
    vocabulary = fc.categorical_column_with_vocabulary_list
    file = fc.categorical_column_with_vocabulary_file
    identity = fc.categorical_column_with_identity
    return [
        said(lambda: fc.input_layer(features, kind), "must be a _DenseColumn"),
        said(lambda: fc.input_layer(features, []), "feature_columns must not be empty."),
        said(lambda: fc.input_layer(features, {"a": price}), "found dict."),
        said(lambda: fc.input_layer(features, ["price"]), "must be a _FeatureColumn."),
        said(lambda: fc.input_layer(features, [price, fc.numeric_column("price", 2)]),
             "Duplicate feature column name"),
        said(lambda: fc.input_layer({}, price), "Feature price is not in features dictionary."),
        said(lambda: fc.input_layer({"price": tf.constant(1.0)}, price), "cannot have rank 0"),
        said(lambda: fc.input_layer({"price": features["words"]}, price), "SparseTensor is not"),
        said(lambda: fc.input_layer({"price": tf.zeros([2]), "b": tf.zeros([3])},
                                    [price, fc.numeric_column("b")]), "Batch size"),
        error(lambda: fc.input_layer({"kind": tf.constant([1])}, fc.indicator_column(kind))),
        said(lambda: fc.numeric_column("a", shape=0), "shape dimensions must be greater than 0."),
        said(lambda: fc.numeric_column("a", shape=1.5), "shape dimensions must be integer."),
        said(lambda: fc.numeric_column("a", dtype=tf.string), "dtype must be convertible to float"),
        said(lambda: fc.numeric_column("a", default_value=[1, 2]), "The shape of default_value"),
        said(lambda: fc.numeric_column("a", default_value="x"), "must be compatible with dtype"),
        said(lambda: fc.numeric_column("a", dtype=tf.int64, default_value=1.5), "must be"),
        said(lambda: fc.numeric_column("a", normalizer_fn=1), "normalizer_fn must be a callable."),
        said(lambda: fc.numeric_column(3), "key must be a string."),
        said(lambda: fc.bucketized_column(kind, [1]), "generated with numeric_column()"),
        said(lambda: fc.bucketized_column(fc.numeric_column("a", (2, 2)), [1]), "one-dimensional"),
        said(lambda: fc.bucketized_column(price, []), "boundaries must not be empty."),
        said(lambda: fc.bucketized_column(price, [2, 1]), "boundaries must be a sorted list."),
        said(lambda: fc.categorical_column_with_hash_bucket("a", 0), "must be at least 1."),
        said(lambda: fc.categorical_column_with_hash_bucket("a", None), "must be set."),
        said(lambda: fc.categorical_column_with_hash_bucket("a", 2, tf.float32), "string or int"),
        said(lambda: vocabulary("a", []), "must be non-empty"),
        said(lambda: vocabulary("a", ["x", "x"]), "Duplicate keys in vocabulary_list"),
        said(lambda: vocabulary("a", ["x"], default_value=1, num_oov_buckets=1), "Can't spec"),
        said(lambda: vocabulary("a", ["x"], num_oov_buckets=-1), "Invalid num_oov"),
        said(lambda: vocabulary("a", [1.5]), "dtype must be string or integer."),
        said(lambda: vocabulary("a", [1], dtype=tf.string), "do not match"),
        said(lambda: file("a", ""), "Missing vocabulary_file in a."),
        said(lambda: file("a", "/no/such"), "vocabulary_file in a does not exist."),
        said(lambda: file("a", "f", 0), "Invalid vocabulary_size in a."),
        said(lambda: identity("a", 0), "num_buckets 0 < 1, column_name a"),
        said(lambda: identity("a", 2, 2), "default_value 2 not in range [0, 2), column_name a"),
        said(lambda: fc.crossed_column(["a"], 2), "keys must be a list with length > 1."),
        said(lambda: fc.crossed_column(["a", kind], 2), "not supported for crossing"),
        said(lambda: fc.crossed_column(["a", price], 2), "Unsupported key type."),
        said(lambda: fc.crossed_column(["a", "b"], 0), "hash_bucket_size must be > 1."),
        said(lambda: fc.embedding_column(kind, 0), "Invalid dimension 0."),
        said(lambda: fc.embedding_column(kind, 2, initializer=1), "initializer must be callable"),
        said(lambda: fc.embedding_column(kind, 2, ckpt_to_load_from="f"), "Must specify both"),
        said(lambda: fc.weighted_categorical_column(kind, "w", tf.string), "not convertible"),
        said(lambda: fc.shared_embedding_columns([kind, identity("a", 4)], 2), "the same type"),
        said(lambda: fc.shared_embedding_columns([identity("a", 3), identity("b", 4)], 2),
             "the same number"),
    ]  # fmt: skip


def refused_in_the_run(tf, np):
    fc = tf.feature_column
    ids = tf.placeholder(tf.int64, [None])
    column = fc.indicator_column(fc.categorical_column_with_identity("id", 3))
    made = fc.input_layer({"id": ids}, column)
    with tf.Session() as sess:
        return [
            sess.run(made, {ids: [0, 2]}),
            sess.run(made, {ids: [-1, 2]}),
            error(lambda: sess.run(made, {ids: [3]})),
            error(lambda: sess.run(made, {ids: [-2]})),
        ]


def unknown_rank(tf, np):
    fc = tf.feature_column
    x = tf.placeholder(tf.float32)
    made = fc.input_layer({"x": x}, fc.numeric_column("x"))
    with tf.Session() as sess:
        return [sess.run(made, {x: [1.0, 2.0]}), sess.run(made, {x: [[3.0], [4.0]]})]


def names_of_embeddings(tf, np):
    fc = tf.feature_column
    kind = fc.categorical_column_with_hash_bucket("kind", 5)
    fc.input_layer({"kind": tf.placeholder(tf.string, [None, 1])}, fc.embedding_column(kind, 3))
    return _own(tf)

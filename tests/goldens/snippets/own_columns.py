"""Feature columns of a program's own: what reads those of `tf.feature_column` reads them, too."""
import collections

from goldens.kit import inside, said


def _former(tf):
    """Columns as programs wrote them until TensorFlow 1.12."""
    kinds = inside(tf, "python.feature_column.feature_column")

    class Doubled(kinds._DenseColumn, collections.namedtuple("Doubled", "key")):
        name = property(lambda self: "doubled_" + self.key)
        _parse_example_spec = property(
            lambda self: {self.key: tf.FixedLenFeature((2,), tf.float32)}
        )
        _variable_shape = property(lambda self: tf.TensorShape([2]))

        def _transform_feature(self, inputs):
            return inputs.get(self.key) * 2.0

        def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
            given = {"trainable": trainable, "collections": weight_collections}
            scale = tf.get_variable("scale", [], initializer=tf.ones_initializer(), **given)
            return inputs.get(self) * (scale + 2.0)

    class Last(kinds._CategoricalColumn, collections.namedtuple("Last", "key")):
        name = property(lambda self: "last_" + self.key)
        _parse_example_spec = property(lambda self: {self.key: tf.VarLenFeature(tf.int64)})
        _num_buckets = property(lambda self: 4)

        def _transform_feature(self, inputs):
            return tf.contrib.layers.dense_to_sparse(inputs.get(self.key), eos_token=-1)

        def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
            return kinds._CategoricalColumn.IdWeightPair(inputs.get(self), None)

    return Doubled, Last


def _of_today(tf):
    kinds = inside(tf, "python.feature_column.feature_column_v2")

    class Doubled(kinds.DenseColumn, collections.namedtuple("Doubled", "key")):
        _is_v2_column = True
        name = property(lambda self: "doubled_" + self.key)
        parse_example_spec = property(lambda self: {self.key: tf.FixedLenFeature((2,), tf.float32)})
        variable_shape = property(lambda self: tf.TensorShape([2]))
        parents = property(lambda self: [self.key])

        def transform_feature(self, transformation_cache, state_manager):
            return transformation_cache.get(self.key, state_manager) * 2.0

        def create_state(self, state_manager):
            state_manager.create_variable(self, "scale", [], tf.float32,
                                          initializer=tf.ones_initializer())  # fmt: skip

        def get_dense_tensor(self, transformation_cache, state_manager):
            scale = state_manager.get_variable(self, "scale")
            return transformation_cache.get(self, state_manager) * (scale + 2.0)

        def _get_config(self):
            return {"key": self.key}

        @classmethod
        def _from_config(cls, config, custom_objects=None, columns_by_name=None):
            return cls(**config)

    class Last(kinds.CategoricalColumn, collections.namedtuple("Last", "key")):
        _is_v2_column = True
        name = property(lambda self: "last_" + self.key)
        parse_example_spec = property(lambda self: {self.key: tf.VarLenFeature(tf.int64)})
        num_buckets = _num_buckets = property(lambda self: 4)
        parents = property(lambda self: [self.key])

        def transform_feature(self, transformation_cache, state_manager):
            dense = transformation_cache.get(self.key, state_manager)
            return tf.contrib.layers.dense_to_sparse(dense, eos_token=-1)

        def get_sparse_tensors(self, transformation_cache, state_manager):
            ids = transformation_cache.get(self, state_manager)
            return kinds.CategoricalColumn.IdWeightPair(ids, None)

        def _get_config(self):
            return {"key": self.key}

        @classmethod
        def _from_config(cls, config, custom_objects=None, columns_by_name=None):
            return cls(**config)

    return Doubled, Last


def _columns(tf, kinds):
    doubled, last = kinds
    column = tf.feature_column
    vectors = column.embedding_column(last("k"), 2, initializer=tf.ones_initializer())
    return [doubled("x"), column.indicator_column(last("k")), vectors]


def _features(tf, np):
    return {"x": tf.constant([[1.0, 2.0], [3.0, 4.0]]), "k": tf.constant([[1], [3]], tf.int64),
            "s": tf.constant([["a"], ["b"]])}  # fmt: skip


def _run(tf, tensor):
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return [sess.run(tensor), tensor.op.name, [v.name for v in tf.global_variables()]]


def former_in_input_layer(tf, np):
    columns, found = _columns(tf, _former(tf)), {}
    layer = tf.feature_column.input_layer(_features(tf, np), columns, cols_to_vars=found)
    spec = tf.feature_column.make_parse_example_spec(columns)
    return [_run(tf, layer), sorted(column.name for column in found), sorted(spec)]


def former_in_linear_model(tf, np):
    doubled, last = _former(tf)
    columns = [doubled("x"), last("k"), tf.feature_column.crossed_column([last("k"), "s"], 5)]
    made = tf.feature_column.linear_model(_features(tf, np), columns, units=2)
    changes = [v.assign(tf.ones_like(v)) for v in tf.trainable_variables()]
    with tf.control_dependencies(changes):
        again = tf.feature_column.linear_model(_features(tf, np), columns[1:])
    return [_run(tf, made), _run(tf, again)]


def former_refused(tf, np):
    doubled, last = _former(tf)
    kinds = inside(tf, "python.feature_column.feature_column")
    own, of_today = _columns(tf, (doubled, last)), _columns(tf, _of_today(tf))
    shared = tf.feature_column.shared_embedding_columns(
        [tf.feature_column.categorical_column_with_identity(key, 3) for key in "ab"], 2
    )
    layer, given = tf.keras.layers.DenseFeatures, _features(tf, np)
    builder = kinds._LazyBuilder(given)
    return [
        said(lambda: layer(own), "Items of feature_columns must be a FeatureColumn."),
        said(lambda: layer(shared), "Items of feature_columns must be a FeatureColumn."),
        said(lambda: tf.feature_column.input_layer(given, of_today),
             "Items of feature_columns must be a _FeatureColumn."),
        said(lambda: tf.feature_column.input_layer(given, [last("k")]), "must be a _DenseColumn"),
        said(lambda: builder.get("y"), "Feature y is not in features dictionary"),
        said(lambda: builder.get(3), '"key" must be either a "str" or "_FeatureColumn"'),
        builder.get(doubled("x")) is builder.get(doubled("x")),
    ]  # fmt: skip


def of_today_in_dense_features(tf, np):
    kinds = _of_today(tf)
    layer = tf.keras.layers.DenseFeatures(_columns(tf, kinds))
    made = layer(_features(tf, np))
    known = {kind.__name__: kind for kind in kinds}
    config = layer.get_config()
    again = type(layer).from_config(config, custom_objects=known)
    return [_run(tf, made), config["feature_columns"][0],
            again.get_config()["feature_columns"] == config["feature_columns"],
            sorted(v.name for v in layer.trainable_weights)]  # fmt: skip


def parents_and_states(tf, np):
    column, kinds = tf.feature_column, inside(tf, "python.feature_column.feature_column_v2")
    number = column.numeric_column("x", (2,))
    k = column.categorical_column_with_identity("k", 4)
    crossed = column.crossed_column([k, "s"], 5)
    columns = [column.bucketized_column(number, [1.5, 2.5]), column.indicator_column(crossed),
               column.weighted_categorical_column(k, "w"), column.embedding_column(k, 2), crossed]
    doubled, last = _former(tf)
    cache = kinds.FeatureTransformationCache(_features(tf, np))
    ids = columns[0].get_sparse_tensors(cache, None).id_tensor
    made = tf.concat([columns[0].get_dense_tensor(cache, None)[:, 0],
                      columns[1].get_dense_tensor(cache, None)], 1)  # fmt: skip
    return [[[str(each) for each in one.parents] for one in columns],
            kinds.is_feature_column_v2(columns),
            kinds.is_feature_column_v2([*columns, doubled("x")]),
            column.indicator_column(last("k"))._is_v2_column, _run(tf, made),
            _run(tf, ids.values), isinstance(number, kinds.DenseColumn), number < k]  # fmt: skip


def _estimated(tf, np, kind, columns, **given):
    config = tf.estimator.RunConfig(tf_random_seed=1)
    given = {**given, "optimizer": tf.train.GradientDescentOptimizer(0.01)}
    model = kind(feature_columns=columns, config=config, **given)
    model.train(lambda: (_features(tf, np), tf.constant([[1.0], [2.0]])), steps=2)
    return {name: model.get_variable_value(name) for name in model.get_variable_names()
            if "input_layer" in name or "linear_model" in name}  # fmt: skip


def estimators(tf, np):
    found = []
    for kinds in (_former(tf), _of_today(tf)):
        columns = _columns(tf, kinds)
        wide = _estimated(tf, np, tf.estimator.LinearRegressor, columns)
        deep = _estimated(tf, np, tf.estimator.DNNRegressor, columns, hidden_units=[3])
        found.append([wide, sorted(deep)])
    return found

"""Layers of feature columns: `tf.keras.layers.DenseFeatures`, `tf.keras.experimental`'s for
sequences."""
import minitf as tf
from minitf.core.trackable import changed, edges_of
from minitf.feature_column.dense import Embedded
from minitf.feature_column.kinds import (
    Builder,
    DenseColumn,
    FeatureColumn,
    SequenceDenseColumn,
    check_batch_sizes,
    normalized,
)
from minitf.feature_column.sequences import equal_lengths
from minitf.keras import backend as K
from minitf.keras import initializers
from minitf.keras.engine.base_layer import Layer
from minitf.keras.utils.serialize import deserialize_keras_object, serialize_keras_object


class _Features(Layer):
    """The columns side by side, of features by name."""

    kind = FeatureColumn

    def __init__(self, feature_columns, trainable=True, name=None, **kwargs):
        super().__init__(name=name, trainable=trainable, **kwargs)
        columns = sorted(normalized(feature_columns), key=lambda column: column.name)
        for column in columns:
            if not isinstance(column, self.kind):
                raise ValueError(
                    f"Items of feature_columns must be a {self.kind}. You can wrap a categorical "
                    f"column with an embedding_column or indicator_column. Given: {column}"
                )
        self._quietly(_feature_columns=columns, _tables={})

    def build(self, input_shape):
        """Make the vectors of embedded categories."""
        for column in self._feature_columns:
            if isinstance(column, Embedded):
                self._tables[column] = self._table(column)
        self.built = True

    def _table(self, column):
        scope = f"{self.name}/{column.name}"
        with tf.variable_scope(scope, use_resource=True, auxiliary_name_scope=False):
            made = column._variable(None, self.trainable)
        K.track_variable(made)
        kind = "_trainable_weights" if made.trainable else "_non_trainable_weights"
        self._tracked(kind).append(made)
        edges_of(self)[f"{column.name}_weights"] = made
        changed()
        return made

    def _builder(self, features):
        if not isinstance(features, dict):
            raise ValueError("We expected a dictionary here. Instead we got: ", features)
        return Builder(features, self._tables)

    def compute_output_shape(self, input_shape):
        count = sum(column._variable_shape.num_elements() for column in self._feature_columns)
        return self._target_shape(input_shape, count)

    def _flat(self, column, tensor):
        count = column._variable_shape.num_elements()
        return tf.reshape(tensor, self._target_shape(tf.shape(tensor), count))

    def _joined(self, parts):
        check_batch_sizes(parts, self._feature_columns)
        return tf.concat(parts, -1)

    def get_config(self):
        columns = [_serialized(column) for column in self._feature_columns]
        return {**super().get_config(), "feature_columns": columns}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        columns = [_deserialized(each, custom_objects) for each in config["feature_columns"]]
        return cls(**{**config, "feature_columns": columns})


class DenseFeatures(_Features):
    """Dense columns side by side, in the order of their names: [batch, numbers].

    It is called with a dict of features, Tensors and SparseTensors. ValueError for columns of
    categories, and for what is no dict. Variables: the vectors of embedding columns.
    """

    kind = DenseColumn
    _is_feature_layer = True

    def _target_shape(self, input_shape, total_elements):
        return (input_shape[0], total_elements)

    def call(self, features, cols_to_output_tensors=None):
        builder, parts = self._builder(features), []
        for column in self._feature_columns:
            with tf.name_scope(column.name):
                parts.append(self._flat(column, column._get_dense_tensor(builder)))
        if cols_to_output_tensors is not None:
            cols_to_output_tensors.update(zip(self._feature_columns, parts))
        return self._joined(parts)


class SequenceFeatures(_Features):
    """([batch, time, numbers], lengths [batch]): columns of sequences side by side.

    It is called with a dict of SparseTensors. ValueError for columns of something else; in the run
    InvalidArgumentError when the lengths of two columns differ.
    """

    kind = SequenceDenseColumn
    _is_feature_layer = True

    def _target_shape(self, input_shape, total_elements):
        return (input_shape[0], input_shape[1], total_elements)

    def call(self, features):
        builder, parts, lengths = self._builder(features), [], []
        for column in self._feature_columns:
            with tf.name_scope(column.name):
                tensor, length = column._get_sequence_dense_tensor(builder)
                parts.append(self._flat(column, tensor))
                lengths.append(length)
        check_batch_sizes(lengths, self._feature_columns)
        return self._joined(parts), equal_lengths(lengths)


# -- configurations of columns --------------------------------------------------------------------


def _serialized(column):
    """A column as {"class_name": ..., "config": ...}; the name of a feature as itself."""
    if isinstance(column, str):
        return column
    config = {name: _plain(name, value) for name, value in zip(column._fields, column)}
    return {"class_name": type(column).__name__, "config": config}


def _plain(name, value):
    if isinstance(value, FeatureColumn):
        return _serialized(value)
    if name == "keys":
        return tuple(map(_serialized, value))
    if name == "initializer":
        return initializers.serialize(value)
    if name == "normalizer_fn":
        return serialize_keras_object(value)
    return value.name if isinstance(value, tf.DType) else value


def _deserialized(config, custom_objects=None):
    if isinstance(config, str):
        return config
    kinds = {kind.__name__: kind for kind in _kinds(FeatureColumn)}
    kind = kinds.get(config["class_name"])
    if kind is None:
        raise ValueError(f"Unknown feature column: {config['class_name']}")
    values = {name: _value(name, value, custom_objects)
              for name, value in config["config"].items()}  # fmt: skip
    return kind(**values)


def _value(name, value, custom_objects):
    if isinstance(value, dict) and name in ("categorical_column", "source_column"):
        return _deserialized(value, custom_objects)
    if name == "keys":
        return tuple(_deserialized(each, custom_objects) for each in value)
    if name == "initializer":
        return initializers.deserialize(value, custom_objects)
    if name == "normalizer_fn":
        return None if value is None else deserialize_keras_object(
            value, custom_objects=custom_objects)  # fmt: skip
    if name == "dtype":
        return tf.as_dtype(value)
    return tuple(value) if isinstance(value, list) else value


def _kinds(kind):
    return [kind, *(each for sub in kind.__subclasses__() for each in _kinds(sub))]

"""Layers of feature columns: `tf.keras.layers.DenseFeatures`, `tf.keras.experimental`'s for
sequences."""
import minitf as tf
from minitf.core.trackable import changed, edges_of
from minitf.feature_column.former import check_batch_sizes, normalized
from minitf.feature_column.kinds import (
    DenseColumn,
    FeatureColumn,
    FeatureTransformationCache,
    SequenceDenseColumn,
)
from minitf.feature_column.readers import ScopedState
from minitf.feature_column.sequences import equal_lengths
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import Layer
from minitf.keras.layers.column_configs import (
    deserialize_feature_columns,
    serialize_feature_columns,
)


class LayerState(ScopedState):
    """The variables of columns, which are those of a layer, too."""

    def __init__(self, layer, trainable):
        super().__init__(trainable)
        self._layer = layer

    def add_variable(self, feature_column, var, name=None):
        super().add_variable(feature_column, var, name)
        K.track_variable(var)
        kind = "_trainable_weights" if var.trainable else "_non_trainable_weights"
        self._layer._tracked(kind).append(var)
        # In a checkpoint it has no more of a name: of several columns' there is the last one's.
        edges_of(self._layer)[var.op.name.rsplit("/", 1)[-1]] = var
        changed()


class _Features(Layer):
    """The columns side by side, of features by name."""

    kind = FeatureColumn

    def __init__(self, feature_columns, trainable=True, name=None, **kwargs):
        super().__init__(name=name, trainable=trainable, **kwargs)
        columns = normalized(feature_columns, FeatureColumn)
        columns = sorted(columns, key=lambda column: column.name)
        for column in columns:
            if not isinstance(column, self.kind):
                raise ValueError(
                    f"Items of feature_columns must be a {self.kind}. You can wrap a categorical "
                    f"column with an embedding_column or indicator_column. Given: {column}"
                )
        self._quietly(_feature_columns=columns, _state_manager=LayerState(self, trainable))

    def build(self, input_shape):
        """Make the variables of columns, such as the vectors of embedded categories."""
        for column in self._feature_columns:
            scope = f"{self.name}/{column.name}"
            with tf.variable_scope(scope, use_resource=True, auxiliary_name_scope=False):
                column.create_state(self._state_manager)
        self.built = True

    def _cache(self, features):
        if not isinstance(features, dict):
            raise ValueError("We expected a dictionary here. Instead we got: ", features)
        return FeatureTransformationCache(features)

    def compute_output_shape(self, input_shape):
        count = sum(column.variable_shape.num_elements() for column in self._feature_columns)
        return self._target_shape(input_shape, count)

    def _flat(self, column, tensor):
        count = column.variable_shape.num_elements()
        return tf.reshape(tensor, self._target_shape(tf.shape(tensor), count))

    def _joined(self, parts):
        check_batch_sizes(parts, self._feature_columns)
        return tf.concat(parts, -1)

    def get_config(self):
        columns = serialize_feature_columns(self._feature_columns)
        return {**super().get_config(), "feature_columns": columns}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        columns = deserialize_feature_columns(config["feature_columns"], custom_objects)
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
        cache, parts = self._cache(features), []
        for column in self._feature_columns:
            with tf.name_scope(column.name):
                tensor = column.get_dense_tensor(cache, self._state_manager)
                parts.append(self._flat(column, tensor))
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
        cache, parts, lengths = self._cache(features), [], []
        for column in self._feature_columns:
            with tf.name_scope(column.name):
                tensor, length = column.get_sequence_dense_tensor(
                    cache, self._state_manager
                )
                parts.append(self._flat(column, tensor))
                lengths.append(length)
        check_batch_sizes(lengths, self._feature_columns)
        return self._joined(parts), equal_lengths(lengths)

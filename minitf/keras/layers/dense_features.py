"""A layer that reads columns of features: `tf.keras.layers.DenseFeatures`."""
import minitf as tf
from minitf.core.trackable import changed, edges_of
from minitf.feature_column.dense import Embedded
from minitf.feature_column.kinds import Builder, DenseColumn, check_batch_sizes, normalized
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import Layer


class DenseFeatures(Layer):
    """The dense columns side by side, in the order of their names: [batch, numbers].

    It is called with a dictionary of features by name. Variables are those of embeddings.
    ValueError for columns of categories, for two of one name, and in a call for what is no
    dictionary or has not all of the features.
    """

    _is_feature_layer = True

    def __init__(self, feature_columns, trainable=True, name=None, **kwargs):
        super().__init__(name=name, trainable=trainable, **kwargs)
        columns = sorted(normalized(feature_columns), key=lambda column: column.name)
        for column in columns:
            if not isinstance(column, DenseColumn):
                raise ValueError(
                    f"Items of feature_columns must be a {DenseColumn}. You can wrap a categorical "
                    f"column with an embedding_column or indicator_column. Given: {column}"
                )
        self._quietly(_feature_columns=columns, _tables={})

    def build(self, _):
        """Make the embeddings."""
        for column in self._feature_columns:
            if isinstance(column, Embedded):
                self._tables[column] = self._table(column)
        super().build(None)

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

    def call(self, features, cols_to_output_tensors=None):
        """The numbers of the columns; `cols_to_output_tensors`, a dictionary, is given each part.
        """
        if not isinstance(features, dict):
            raise ValueError("We expected a dictionary here. Instead we got: ", features)
        builder, parts = Builder(features, self._tables), []
        for column in self._feature_columns:
            with K.name_scope(column.name):
                found = column._get_dense_tensor(builder)
                count = column._variable_shape.num_elements()
                parts.append(tf.reshape(found, (tf.shape(found)[0], count)))
        if cols_to_output_tensors is not None:
            cols_to_output_tensors.update(zip(self._feature_columns, parts))
        check_batch_sizes(parts, self._feature_columns)
        return tf.concat(parts, -1)

    def compute_output_shape(self, input_shape):
        total = sum(column._variable_shape.num_elements() for column in self._feature_columns)
        return (input_shape[0], total)

    def get_config(self):
        raise NotImplementedError("DenseFeatures.get_config: columns have no configuration here. "
                                  "Save the weights, and make the layer anew.")  # fmt: skip

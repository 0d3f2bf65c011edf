"""`tf.contrib.linear_optimizer.SDCAOptimizer`, for linear models of tf.contrib.learn."""
from minitf.contrib.layers.columns.crossed import _CrossedColumn
from minitf.contrib.layers.columns.derived import _WeightedSparseColumn
from minitf.contrib.layers.columns.real import _BucketizedColumn, _RealValuedColumn
from minitf.contrib.layers.columns.sparse import _SparseColumn
from minitf.contrib.linear_optimizer.sdca_ops import SdcaModel
from minitf.core.dtypes import float32
from minitf.ops.array.basics import ones, reshape, shape
from minitf.ops.array.indexing import gather_nd
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import cast, not_equal
from minitf.train.sdca_model import SparseFeatureColumn, column_of_categories


def _option(name):
    return property(lambda self: self._options[name])


class SDCAOptimizer:
    """Given as the optimizer of `tf.contrib.learn.LinearClassifier` or `LinearRegressor`: examples
    have names, strings of the feature `example_id_column`, by which their duals are kept.

    With `num_loss_partitions` as many workers may train at once; `num_table_shards` is how many
    tables the duals are in. `adaptive` takes more often the examples that are further from the
    best. `partitioner` cuts the weights.
    """

    def __init__(
        self, example_id_column, num_loss_partitions=1, num_table_shards=None,
        symmetric_l1_regularization=0.0, symmetric_l2_regularization=1.0, adaptive=True,
        partitioner=None,
    ):  # fmt: skip
        self._example_id_column, self._partitioner = example_id_column, partitioner
        self._options = {
            "symmetric_l1_regularization": symmetric_l1_regularization,
            "symmetric_l2_regularization": symmetric_l2_regularization,
            "adaptive": adaptive,
            "num_loss_partitions": num_loss_partitions,
            "num_table_shards": num_table_shards,
        }

    def get_name(self):
        return "SDCAOptimizer"

    example_id_column = property(lambda self: self._example_id_column)
    num_loss_partitions = _option("num_loss_partitions")
    num_table_shards = _option("num_table_shards")
    symmetric_l1_regularization = _option("symmetric_l1_regularization")
    symmetric_l2_regularization = _option("symmetric_l2_regularization")
    adaptive = _option("adaptive")
    partitioner = property(lambda self: self._partitioner)

    def get_train_step(
        self, columns_to_variables, weight_column_name, loss_type, features, targets, global_step
    ):
        """(an SdcaModel, the Operation of its step). `features` has what the columns are made
        into. ValueError for a column that is neither numbers nor categories."""
        sparse, sparse_weights, dense, dense_weights = [], [], [], []
        for column in sorted(columns_to_variables, key=lambda column: column.key):
            tensor, variables = features[column], list(columns_to_variables[column])
            if isinstance(column, _RealValuedColumn):
                dense.append(reshape(tensor, [shape(tensor)[0], -1]))
                dense_weights.append(variables[0])
            else:
                sparse.append(_sparse(column, tensor))
                sparse_weights.append(variables if len(variables) > 1 else variables[0])
        count = targets.shape[0]
        weights = features[weight_column_name] if weight_column_name else None
        examples = {
            "sparse_features": sparse,
            "dense_features": dense,
            "example_labels": cast(reshape(targets, [-1]), float32),
            "example_weights": ones([count]) if weights is None else reshape(weights, [-1]),
            "example_ids": features[self._example_id_column],
        }
        variables = {"sparse_features_weights": sparse_weights,
                     "dense_features_weights": dense_weights}  # fmt: skip
        model = SdcaModel(examples, variables, {**self._options, "loss_type": loss_type})
        return model, model.minimize(global_step=global_step)


def _sparse(column, tensor):
    """The SparseFeatureColumn of what a column was made into."""
    if isinstance(column, _BucketizedColumn):
        each = column._to_dnn_input_layer(tensor)
        places = where(not_equal(each, 0))
        return SparseFeatureColumn(places[:, 0], places[:, 1], gather_nd(each, places))
    if isinstance(column, _WeightedSparseColumn):
        weights = reshape(column.weight_tensor(tensor).values, [-1])
        return column_of_categories(column.id_tensor(tensor), weights)
    if isinstance(column, (_CrossedColumn, _SparseColumn)):
        return column_of_categories(tensor)
    raise ValueError(f"SDCAOptimizer does not support column type {type(column).__name__}.")

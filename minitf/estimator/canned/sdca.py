"""`tf.estimator.experimental.LinearSDCA`: linear models by stochastic dual coordinate ascent."""
from minitf import logging
from minitf.core.dtypes import float32
from minitf.feature_column.kinds import CategoricalColumn, DenseColumn, FeatureTransformationCache
from minitf.ops.array.basics import ones, reshape, shape
from minitf.ops.math.elementwise import cast
from minitf.train.sdca_model import Model, column_of_categories
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook


class SDCAModel(Model):
    """The model of `LinearSDCA`."""

    def _check_regularization(self, options):
        if options["symmetric_l2_regularization"] <= 0.0:
            raise ValueError("symmetric_l2_regularization should be positive.")
        if options["symmetric_l2_regularization"] <= 1.0:
            logging.warn("symmetric_l2_regularization for SDCA should typically be larger than for "
                         "online optimization methods. Recommended value is of the order of the "
                         "average L2 norm of the training examples.")  # fmt: skip
        if options["symmetric_l1_regularization"] < 0.0:
            raise ValueError("symmetric_l1_regularization should be non-negative.")


class LinearSDCA:
    """Given as the optimizer of a LinearClassifier of two classes or a LinearRegressor of one
    number: examples have names, strings of the feature `example_id_column`, by which their duals
    are kept.

    With `num_loss_partitions` as many workers may train at once; `num_table_shards` is how many
    tables the duals are in. `adaptive` takes more often the examples that are further from the
    best.
    """

    def __init__(
        self, example_id_column, num_loss_partitions=1, num_table_shards=None,
        symmetric_l1_regularization=0.0, symmetric_l2_regularization=1.0, adaptive=False,
    ):  # fmt: skip
        self._example_id_column = example_id_column
        self._options = {
            "symmetric_l1_regularization": symmetric_l1_regularization,
            "symmetric_l2_regularization": symmetric_l2_regularization,
            "adaptive": adaptive,
            "num_loss_partitions": num_loss_partitions,
            "num_table_shards": num_table_shards,
        }

    def get_train_step(
        self, state_manager, weight_column_name, loss_type, feature_columns, features, targets,
        bias_var, global_step,
    ):  # fmt: skip
        """(a model, the Operation of its step). `state_manager.get_variable(column, "weights")`
        gives the weights. ValueError for a column that is neither numbers nor categories."""
        given, count = (FeatureTransformationCache(features), state_manager), shape(targets)[0]
        sparse, sparse_weights, dense, dense_weights = [], [], [], []
        for column in sorted(feature_columns, key=lambda column: column.name):
            if isinstance(column, CategoricalColumn):
                sparse.append(_categories(*column.get_sparse_tensors(*given)))
                sparse_weights.append(state_manager.get_variable(column, "weights"))
            elif isinstance(column, DenseColumn):
                if column.variable_shape.ndims != 1:
                    raise ValueError(f"Column {type(column).__name__} has rank "
                                     f"{column.variable_shape.ndims}, larger than 1.")  # fmt: skip
                dense.append(column.get_dense_tensor(*given))
                dense_weights.append(state_manager.get_variable(column, "weights"))
            else:
                raise ValueError("LinearSDCA does not support column type "
                                 f"{type(column).__name__}.")  # fmt: skip
        weights = features[weight_column_name] if weight_column_name else None
        examples = {
            "sparse_features": sparse,
            "dense_features": [*dense, ones([count, 1])],
            "example_labels": cast(reshape(targets, [-1]), float32),
            "example_weights": ones([count]) if weights is None else reshape(weights, [-1]),
            "example_ids": features[self._example_id_column],
        }
        variables = {"sparse_features_weights": sparse_weights,
                     "dense_features_weights": [*dense_weights, bias_var]}  # fmt: skip
        model = SDCAModel(examples, variables, {**self._options, "loss_type": loss_type})
        return model, model.minimize(global_step=global_step)


def _categories(ids, weights):
    return column_of_categories(ids, None if weights is None else reshape(weights.values, [-1]))


class UpdateWeightsHook(SessionRunHook):
    """Gives the variables their weights after each step: `train_op` of the model."""

    def __init__(self, model=None, train_op=None):
        self.set_parameters(model, train_op)

    def set_parameters(self, sdca_model, train_op):
        self._model, self._train_op = sdca_model, train_op

    def begin(self):
        self._update_op = self._model.update_weights(self._train_op)

    def before_run(self, run_context):
        return SessionRunArgs(self._update_op)


class WeightsByColumn:
    """As a StateManager: the variables that a linear model has made, by its columns."""

    def __init__(self, variables):
        self._variables = variables

    def get_variable(self, feature_column, name):
        found = self._variables[feature_column]
        return found[0] if len(found) == 1 else list(found)

"""`tf.keras.metrics`: names, and metrics by name."""
# ruff: noqa: F401  every import here is a public name
import minitf as tf
from minitf.keras.losses import (
    KLD,
    MAE,
    MAPE,
    MSE,
    MSLE,
    binary_crossentropy,
    categorical_crossentropy,
    categorical_hinge,
    cosine,
    cosine_proximity,
    cosine_similarity,
    hinge,
    kld,
    kullback_leibler_divergence,
    logcosh,
    mae,
    mape,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    mse,
    msle,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from minitf.keras.metrics.accuracies import (
    Accuracy,
    BinaryAccuracy,
    BinaryCrossentropy,
    CategoricalAccuracy,
    CategoricalCrossentropy,
    CategoricalHinge,
    CosineSimilarity,
    Hinge,
    KLDivergence,
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanRelativeError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    Poisson,
    RootMeanSquaredError,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
    SparseTopKCategoricalAccuracy,
    SquaredHinge,
    TopKCategoricalAccuracy,
    accuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
from minitf.keras.metrics.base import Mean, MeanMetricWrapper, MeanTensor, Metric, Reduce, Sum
from minitf.keras.metrics.confusion import (
    AUC,
    FalseNegatives,
    FalsePositives,
    MeanIoU,
    Precision,
    Recall,
    SensitivityAtSpecificity,
    SpecificityAtSensitivity,
    TrueNegatives,
    TruePositives,
)
from minitf.keras.utils.serialize import (
    deserialize_keras_object,
    getter,
    serialize_keras_object,
)


def clone_metric(metric):
    """A metric of the same configuration; a function as it is."""
    if not isinstance(metric, Metric):
        return metric
    with tf.init_scope():
        return type(metric).from_config(metric.get_config())


def serialize(metric):
    """The name, or configuration, of a metric."""
    return serialize_keras_object(metric)


def deserialize(config, custom_objects=None):
    """The metric of this name or configuration. ValueError for an unknown one."""
    return deserialize_keras_object(config, globals(), custom_objects, "metric function")


get = getter(deserialize, "metric function")

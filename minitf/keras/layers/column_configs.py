"""Feature columns as plain dictionaries, and back."""
import minitf as tf
from minitf.feature_column.categorical import (
    HashedCategoricalColumn,
    IdentityCategoricalColumn,
    VocabularyFileCategoricalColumn,
    VocabularyListCategoricalColumn,
    WeightedCategoricalColumn,
)
from minitf.feature_column.crossed import CrossedColumn
from minitf.feature_column.dense import EmbeddingColumn, IndicatorColumn
from minitf.feature_column.former import OwnColumn
from minitf.feature_column.kinds import FeatureColumn
from minitf.feature_column.numeric import BucketizedColumn, NumericColumn
from minitf.feature_column.sequences import SequenceCategoricalColumn, SequenceNumericColumn
from minitf.keras import initializers
from minitf.keras.utils.serialize import deserialize_keras_object, serialize_keras_object


def serialize_feature_column(column):
    """A column as {"class_name": ..., "config": ...}; the name of a feature as itself.

    A column that is none of `tf.feature_column` says itself what it is, by `_get_config()`.
    ValueError for what is no column.
    """
    if isinstance(column, str):
        return column
    if not isinstance(column, FeatureColumn):
        raise ValueError(f"Instance: {column} is not a FeatureColumn")
    if isinstance(column, OwnColumn):
        config = {name: _plain(name, value) for name, value in zip(column._fields, column)}
    else:
        config = column._get_config()
    return {"class_name": type(column).__name__, "config": config}


def _plain(name, value):
    if isinstance(value, FeatureColumn):
        return serialize_feature_column(value)
    if name == "keys":
        return tuple(map(serialize_feature_column, value))
    if name == "initializer":
        return initializers.serialize(value)
    if name == "normalizer_fn":
        return serialize_keras_object(value)
    return value.name if isinstance(value, tf.DType) else value


def deserialize_feature_column(config, custom_objects=None, columns_by_name=None):
    """The column of such a configuration; `custom_objects` are classes and functions by name.

    Of columns of one name, which `columns_by_name` keeps, there is one. ValueError for a class that
    is not known.
    """
    if isinstance(config, str):
        return config
    if not isinstance(config, dict) or not {"class_name", "config"} <= config.keys():
        raise ValueError(f"Improper config format: {config}")
    known = {} if columns_by_name is None else columns_by_name
    kind = (custom_objects or {}).get(config["class_name"]) or _KINDS.get(config["class_name"])
    if kind is None:
        raise ValueError(f"Unknown feature_column_v2: {config['class_name']}")
    given = config["config"]
    if issubclass(kind, OwnColumn):
        made = kind(**{name: _value(name, value, custom_objects, known)
                       for name, value in given.items()})  # fmt: skip
    else:
        made = kind._from_config(given, custom_objects=custom_objects, columns_by_name=known)
    return known.setdefault(made.name, made)


def serialize_feature_columns(feature_columns):
    """A list of configurations."""
    return [serialize_feature_column(column) for column in feature_columns]


def deserialize_feature_columns(configs, custom_objects=None):
    """The columns of a list of configurations."""
    known = {}
    return [deserialize_feature_column(each, custom_objects, known) for each in configs]


def _value(name, value, custom_objects, known):
    if isinstance(value, dict) and name in ("categorical_column", "source_column"):
        return deserialize_feature_column(value, custom_objects, known)
    if name == "keys":
        return tuple(deserialize_feature_column(each, custom_objects, known) for each in value)
    if name == "initializer":
        return initializers.deserialize(value, custom_objects)
    if name == "normalizer_fn":
        return None if value is None else deserialize_keras_object(
            value, custom_objects=custom_objects)  # fmt: skip
    if name == "dtype":
        return tf.as_dtype(value)
    return tuple(value) if isinstance(value, list) else value


_KINDS = {
    kind.__name__: kind
    for kind in (
        BucketizedColumn, CrossedColumn, EmbeddingColumn, HashedCategoricalColumn,
        IdentityCategoricalColumn, IndicatorColumn, NumericColumn, SequenceCategoricalColumn,
        SequenceNumericColumn, VocabularyFileCategoricalColumn, VocabularyListCategoricalColumn,
        WeightedCategoricalColumn,
    )
}  # fmt: skip

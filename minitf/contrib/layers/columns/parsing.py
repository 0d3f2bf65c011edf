"""How Examples are parsed for columns, and placeholders in their place."""
from minitf import logging
from minitf.contrib.layers.columns.base import config_of
from minitf.ops.io.examples import FixedLenFeature, FixedLenSequenceFeature, VarLenFeature
from minitf.ops.sparse.tensors import sparse_placeholder
from minitf.ops.state.placeholder import placeholder


def create_feature_spec_for_parsing(feature_columns):
    """What `tf.parse_example` takes for the base features of columns: a list, or the values of a
    dictionary. TypeError for what are no columns."""
    if isinstance(feature_columns, dict):
        feature_columns = feature_columns.values()
    features = {}
    for column in feature_columns:
        features |= config_of(column)
    return features


def sequence_feature_spec(sequence_feature_columns, allow_missing_by_default=False):
    """The same for the lists of SequenceExamples."""
    features = create_feature_spec_for_parsing(sequence_feature_columns)
    return {
        key: _in_sequence(key, feature, allow_missing_by_default)
        for key, feature in features.items()
    }


def _in_sequence(key, feature, allow_missing):
    if isinstance(feature, VarLenFeature):
        return feature
    if not isinstance(feature, (FixedLenFeature, FixedLenSequenceFeature)):
        raise TypeError(f"Unsupported feature type: {type(feature).__name__}")
    has_default = feature.default_value is not None
    if has_default:
        logging.warning(
            f'Found default value {feature.default_value} for feature "{key}". Ignoring this value '
            "and setting `allow_missing=True` instead."
        )
    return FixedLenSequenceFeature(
        feature.shape, feature.dtype, allow_missing=allow_missing or has_default
    )


def make_place_holder_tensors_for_base_features(feature_columns):
    """A placeholder for each base feature, by its name: dense [batch, size], or sparse."""
    return {
        name: _placeholder(f"Placeholder_{name}", feature)
        for name, feature in create_feature_spec_for_parsing(feature_columns).items()
    }


def _placeholder(name, feature):
    if isinstance(feature, VarLenFeature):
        return sparse_placeholder(feature.dtype, name=name)
    return placeholder(feature.dtype, (None, feature.shape[0]), name)

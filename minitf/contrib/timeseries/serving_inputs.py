"""What an exported model of a series is given: arrays, or Examples."""
from minitf.contrib.timeseries.base_model import parsed_placeholders
from minitf.contrib.timeseries.feature_keys import TrainEvalFeatures
from minitf.contrib.timeseries.head import state_to_dictionary
from minitf.core import nest
from minitf.core.dtypes import int32, int64, string
from minitf.core.graph import Graph
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.feature_column.models import make_parse_example_spec
from minitf.feature_column.numeric import numeric_column
from minitf.ops.array.basics import ones, shape, zeros, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.io.examples import FixedLenFeature
from minitf.ops.state.placeholder import placeholder, placeholder_with_default

TIMES, VALUES = TrainEvalFeatures.TIMES, TrainEvalFeatures.VALUES


def start_state_placeholders(model, batch_size, static_batch_size):
    """{name: Tensor [batch, ...]} of the model's state, zeros if they are not fed."""
    # The model's own graph: shapes are all that is needed of it.
    with Graph().as_default():
        model.initialize_graph()
        start = nest.map_structure(
            lambda value: constant_value(zeros_like(value)), model.get_start_state()
        )
    placeholders = {}
    for name, state in state_to_dictionary(start).items():
        times = concat([batch_size[None], ones(len(state.shape), dtype=int32)], axis=0)
        placeholders[name] = placeholder_with_default(
            tile(state[None, ...], times), name=name,
            shape=TensorShape((static_batch_size,)).concatenate(state.shape),
        )  # fmt: skip
    return placeholders


def raw_placeholders(model, batch_size, length):
    """{name: placeholder [batch, length, ...]} of times, values and what the model is given."""
    default = zeros([batch_size or 0, length or 0, model.num_features], dtype=model.dtype)
    placeholders = {
        TIMES: placeholder(int64, [batch_size, length], name=TIMES),
        # In prediction there are none.
        VALUES: placeholder_with_default(
            default, (batch_size, length, model.num_features), name=VALUES
        ),
    }
    for name, (inner, dtype) in _exogenous(model).items():
        placeholders[name] = placeholder(dtype, [batch_size, length, *inner], name=name)
    return placeholders


def _exogenous(model):
    """{name: (shape of one time, dtype)} of what the model is given."""
    if not model.exogenous_feature_columns:
        return {}
    with Graph().as_default():
        found = parsed_placeholders(model.exogenous_feature_columns)
    return {name: (value.shape.with_rank_at_least(1).as_list()[1:], value.dtype)
            for name, value in found.items()}  # fmt: skip


def example_features(model, values_length, length, values_dtype):
    """{name: FixedLenFeature} of Examples with so many values and times.

    ValueError for features of variable length that are not strings.
    """
    own = [
        numeric_column(TIMES, dtype=int64),
        numeric_column(VALUES, dtype=values_dtype, shape=(model.num_features,)),
    ]
    spec = make_parse_example_spec([*model.exogenous_feature_columns, *own])
    return {name: _of_length(name, feature, values_length if name == VALUES else length)
            for name, feature in spec.items()}  # fmt: skip


def _of_length(name, feature, length):
    if isinstance(feature, FixedLenFeature):
        return feature._replace(shape=(length, *feature.shape))
    if feature.dtype != string:
        raise ValueError(f"VarLenFeatures not supported, got {feature} for key {name}")
    return FixedLenFeature(shape=(length,), dtype=string)


def batch_size_of(features):
    """The size of the batch, an int32 scalar."""
    return shape(features[TIMES])[0]

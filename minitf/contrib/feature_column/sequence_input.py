"""`tf.contrib.feature_column.sequence_input_layer`."""
from minitf.feature_column.former import (
    _LazyBuilder,
    _SequenceDenseColumn,
    check_batch_sizes,
    normalized,
)
from minitf.feature_column.sequences import equal_lengths
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.state.variable_scope import variable_scope


def sequence_input_layer(features, feature_columns, weight_collections=None, trainable=True):
    """(float32 [batch, time, numbers], lengths [batch]): the columns of sequences side by side.

    ValueError for columns of something else. A run raises InvalidArgumentError when the lengths of
    two columns differ.
    """
    columns = normalized(feature_columns)
    for column in columns:
        if not isinstance(column, _SequenceDenseColumn):
            raise ValueError(
                "All feature_columns must be of type _SequenceDenseColumn. You can wrap a "
                "sequence_categorical_column with an embedding_column or indicator_column. Given "
                f"(type {type(column)}): {column}"
            )
    with variable_scope(None, default_name="sequence_input_layer", values=features.values()):
        builder, parts, lengths = _LazyBuilder(features), [], []
        columns = sorted(columns, key=lambda column: column.name)
        for column in columns:
            with variable_scope(None, default_name=column._var_scope_name):
                dense, length = column._get_sequence_dense_tensor(
                    builder, weight_collections, trainable
                )
                size, count = shape(dense), column._variable_shape.num_elements()
                parts.append(reshape(dense, [size[0], size[1], count]))
                lengths.append(length)
        check_batch_sizes(parts, columns)
        check_batch_sizes(lengths, columns)
        return concat(parts, -1), equal_lengths(lengths)

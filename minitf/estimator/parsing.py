"""What `tf.parse_example` needs for the input of a ready-made model."""
from minitf.core.dtypes import float32, int64
from minitf.feature_column.models import make_parse_example_spec
from minitf.feature_column.numeric import NumericColumn, numeric_column
from minitf.ops.io.examples import FixedLenFeature


def classifier_parse_example_spec(feature_columns, label_key, label_dtype=int64,
                                  label_default=None, weight_column=None):
    """Of columns, and a label [1]. ValueError where one of these has the name of another."""
    label = FixedLenFeature((1,), label_dtype, label_default)
    return _spec(feature_columns, label_key, label, weight_column)


def regressor_parse_example_spec(feature_columns, label_key, label_dtype=float32,
                                 label_default=None, label_dimension=1, weight_column=None):
    """Of columns, and labels [label_dimension]. ValueError where names are not different."""
    label = FixedLenFeature((label_dimension,), label_dtype, label_default)
    return _spec(feature_columns, label_key, label, weight_column)


def _spec(feature_columns, label_key, label, weight_column):
    spec = make_parse_example_spec(feature_columns)
    if label_key in spec:
        raise ValueError(f"label should not be used as feature. label_key: {label_key}, features: "
                         f"{spec.keys()}")  # fmt: skip
    spec[label_key] = label
    if weight_column is None:
        return spec
    if isinstance(weight_column, str):
        weight_column = numeric_column(weight_column)
    if not isinstance(weight_column, NumericColumn):
        raise ValueError("weight_column should be an instance of tf.feature_column.numeric_column. "
                         f"Given type: {type(weight_column)} value: {weight_column}")  # fmt: skip
    if weight_column.key in spec:
        raise ValueError("weight_column should not be used as feature. weight_column: "
                         f"{weight_column.key}, features: {spec.keys()}")  # fmt: skip
    return {**spec, **weight_column.parse_example_spec}

"""The features of boosted trees: feature columns as vectors of buckets."""
from collections import OrderedDict

from minitf.feature_column.dense import IndicatorColumn
from minitf.feature_column.former import _LazyBuilder
from minitf.feature_column.kinds import CategoricalColumn, DenseColumn
from minitf.feature_column.numeric import BucketizedColumn
from minitf.ops.array.joining import unstack
from minitf.ops.boosted_trees import quantile_nodes
from minitf.ops.math.operators import to_int32
from minitf.ops.reduction.axes import squeeze

_LEAST = 2  # buckets


class Columns:
    """Feature columns in the order of their names.

    ValueError for those that trees cannot use: of categories, unless in an indicator_column.
    """

    def __init__(self, feature_columns):
        self.columns = sorted(feature_columns, key=lambda column: column.name)
        for column in self.columns:
            _check(column)
        self.floats = [column for column in self.columns if _is_float(column)]

    @property
    def float_count(self):
        """How many features need boundaries that are found in training."""
        return sum(_width(column) for column in self.floats)

    def names(self):
        """The name of the column that each feature is of."""
        return [_name(column) for column in self.columns for _ in range(_width(column))]

    def groups(self, quantiles):
        """{number of buckets: features that have so many}. Numbers have `quantiles` of them; the
        widest of the bucketized columns decides for all of these."""
        kinds, most, feature = OrderedDict({"bucketized": []}), _LEAST, 0
        for column in self.columns:
            kind = quantiles
            if isinstance(column, IndicatorColumn):
                kind = _LEAST
            elif isinstance(column, BucketizedColumn):
                kind, most = "bucketized", max(most, len(column.boundaries) + 1)
            features = range(feature, feature + _width(column))
            kinds.setdefault(kind, []).extend(features)
            feature += len(features)
        bucketized = kinds.pop("bucketized")
        if bucketized or most in kinds:
            kinds.setdefault(most, []).extend(bucketized)
        return kinds

    def buckets(self, features, boundaries):
        """A vector of buckets, int32, for each feature; `boundaries` are those of the floats."""
        builder, boundaries = _LazyBuilder(features), list(boundaries)
        found = []
        for column in self.columns:
            made = _vectors(column, builder, features)
            if _is_float(column):
                own = [boundaries.pop(0) for _ in made]
                made = quantile_nodes.bucketize_op(*made, *own, num_features=len(made))
            found += made
        return found

    def numbers(self, features):
        """A vector of numbers for each feature that needs boundaries."""
        builder = _LazyBuilder(features)
        return [vector for column in self.floats
                for vector in _vectors(column, builder, features)]  # fmt: skip


def _check(column):
    if isinstance(column, (BucketizedColumn, IndicatorColumn)):
        return
    if isinstance(column, CategoricalColumn):
        raise ValueError(f"CategoricalColumn must be wrapped by IndicatorColumn, got: {column}")
    if not isinstance(column, DenseColumn):
        raise ValueError(f"Got unexpected feature column type: {column}")
    if column.variable_shape.ndims > 1:
        raise ValueError("For now, we only support Dense column with rank of 1, but column "
                         f"`{column.name}` got: {column.variable_shape}")  # fmt: skip


def _is_float(column):
    """Whether it has numbers that must be put into buckets."""
    if isinstance(column, (BucketizedColumn, IndicatorColumn)):
        return False
    return column.dtype.is_floating


def _width(column):
    """How many features it is."""
    if isinstance(column, IndicatorColumn):
        return column.categorical_column.num_buckets
    if isinstance(column, BucketizedColumn):
        return 1
    return column.variable_shape.num_elements()


def _name(column):
    return column.categorical_column.name if isinstance(column, IndicatorColumn) else column.name


def _vectors(column, builder, features):
    """The column's features: buckets, or numbers that are to be put into some."""
    tensor = builder.get(column)
    if isinstance(column, BucketizedColumn):
        if tensor.shape.ndims != 2 or tensor.shape[1].value not in (1, None):
            source = column.source_column.name
            raise ValueError("For now, only supports features equivalent to rank 1 but column "
                             f"`{source}` got: {features[source].shape}")  # fmt: skip
        return [squeeze(tensor, axis=1)]
    if isinstance(column, IndicatorColumn):
        tensor = to_int32(tensor)
        if tensor.shape.ndims > 2:
            source = column.categorical_column.name
            raise ValueError("Rank of indicator column must be no more than 2, but column "
                             f"`{source}` got: {features[source].shape}")  # fmt: skip
    return unstack(tensor, axis=1)

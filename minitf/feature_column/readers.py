"""The two ways to read columns: by their former methods, and by those of today."""
from minitf.feature_column.former import (
    _CategoricalColumn,
    _DenseColumn,
    _FeatureColumn,
    _LazyBuilder,
)
from minitf.feature_column.kinds import (
    CategoricalColumn,
    DenseColumn,
    FeatureColumn,
    FeatureTransformationCache,
    StateManager,
)
from minitf.ops.array.basics import reshape, shape
from minitf.ops.state.variable_scope import get_variable


class FormerReader:
    """Columns that derive from the former classes make their variables while they are read."""

    kind, dense, categorical = _FeatureColumn, _DenseColumn, _CategoricalColumn

    def __init__(self, features, weight_collections=None, trainable=True):
        self._builder = _LazyBuilder(features)
        self._options = weight_collections, trainable

    def scope(self, column):
        """The name of the scope of its variables."""
        return column._var_scope_name

    def width(self, column):
        """How many numbers a dense column has in a row."""
        return column._variable_shape.num_elements()

    def numbers(self, column):
        """Those of a dense column, [batch, width]."""
        tensor = column._get_dense_tensor(self._builder, *self._options)
        return reshape(tensor, shape=(shape(tensor)[0], self.width(column)))

    def buckets(self, column):
        """How many categories it has."""
        return column._num_buckets

    def categories(self, column):
        """An IdWeightPair."""
        return column._get_sparse_tensors(self._builder, *self._options)


class Reader:
    """Columns of today, whose variables a StateManager keeps."""

    kind, dense, categorical = FeatureColumn, DenseColumn, CategoricalColumn

    def __init__(self, features, weight_collections=None, trainable=True):
        self._state = ScopedState(trainable, weight_collections)
        self._given, self._begun = (FeatureTransformationCache(features), self._state), set()

    def begin(self, column):
        """Make its variables, in the scope that is open, unless they are there."""
        if column not in self._begun:
            self._begun.add(column)
            column.create_state(self._state)

    def scope(self, column):
        return column.name

    def width(self, column):
        return column.variable_shape.num_elements()

    def numbers(self, column):
        self.begin(column)
        tensor = column.get_dense_tensor(*self._given)
        return reshape(tensor, shape=(shape(tensor)[0], self.width(column)))

    def buckets(self, column):
        return column.num_buckets

    def categories(self, column):
        self.begin(column)
        return column.get_sparse_tensors(*self._given)


class ScopedState(StateManager):
    """Variables and tables of columns. The variables are made in the scope that is open."""

    def __init__(self, trainable=True, collections=None):
        self._trainable, self._collections = trainable, collections
        self._variables, self._resources = {}, {}

    def create_variable(self, feature_column, name, shape, dtype=None, trainable=True,
                        use_resource=True, initializer=None):
        if (feature_column, name) in self._variables:
            raise ValueError(f"Variable already exists: {name} of {feature_column}")
        made = get_variable(
            name, shape, dtype, initializer,
            trainable=self._trainable and trainable, use_resource=use_resource,
            collections=self._collections,
        )  # fmt: skip
        self.add_variable(feature_column, made, name)
        return made

    def add_variable(self, feature_column, var, name=None):
        self._variables[feature_column, name or var.op.name.rsplit("/", 1)[-1]] = var

    def get_variable(self, feature_column, name):
        return _kept(self._variables, feature_column, name, "Variable")

    def add_resource(self, feature_column, name, resource):
        self._resources[feature_column, name] = resource

    def get_resource(self, feature_column, name):
        return _kept(self._resources, feature_column, name, "Resource")


def _kept(things, column, name, what):
    if (column, name) not in things:
        raise ValueError(f"{what} does not exist: {name} of {column}")
    return things[column, name]


def are_of_today(columns):
    """Whether all of them, and the columns that they are made of, have the methods of today."""
    return all(getattr(column, "_is_v2_column", False) for column in columns)

"""`tf.contrib.factorization.WALSModel`: a sparse matrix as a product of two narrow ones."""
from numbers import Real

from minitf.contrib.factorization.wals_kernels import wals_compute_partial_lhs_and_rhs
from minitf.core.constant import constant
from minitf.core.dtypes import bool_, float32, int64
from minitf.core.graph import name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.sparse_tensor import SparseTensor
from minitf.nn.embedding import embedding_lookup
from minitf.ops.array.basics import ones, rank, shape, zeros
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat
from minitf.ops.array.unique import unique
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.linalg.bands import trace
from minitf.ops.linalg.diagonal import eye
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import matrix_solve
from minitf.ops.math.elementwise import cast, equal, square
from minitf.ops.random.draws import random_normal
from minitf.ops.reduction.axes import expand_dims, squeeze, transpose
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import add_n
from minitf.ops.sparse.math import sparse_tensor_dense_matmul
from minitf.ops.sparse.tensors import sparse_reorder
from minitf.ops.state.assign import assign, scatter_update
from minitf.ops.state.partitioned import rows_by_part
from minitf.ops.state.variable_lists import variables_initializer
from minitf.ops.state.variables import Variable


class WALSModel:
    r"""Factors U [input_rows, n_components] and V [input_cols, n_components] of a sparse matrix A,
    by weighted alternating least squares (Hu, Koren and Volinsky 2008): they make least

        sum of w_ij (a_ij - u_i v_j)^2 + regularization (|U|^2 + |V|^2)

    with w = unobserved_weight + row_weights * col_weights where A has an entry, and
    unobserved_weight elsewhere, where A is 0. The factors start with `row_init` and `col_init`,
    "random" or arrays (or functions that give them), in as many shards. The weights are one number,
    or arrays (in shards, too); None for both leaves them out: w is unobserved_weight.

    A sweep over the rows runs `row_update_prep_gramian_op`, `initialize_row_update_op`, and then
    the update of `update_row_factors` for parts of A; one over the columns likewise. `worker_init`
    comes before all. The caches keep what does not change in a sweep.
    """

    def __init__(
        self, input_rows, input_cols, n_components, unobserved_weight=0.1, regularization=None,
        row_init="random", col_init="random", num_row_shards=1, num_col_shards=1, row_weights=1,
        col_weights=1, use_factors_weights_cache=True, use_gramian_cache=True,
        use_scoped_vars=False,
    ):  # fmt: skip
        assert (row_weights is None) == (col_weights is None)
        self._n_components, self._unobserved_weight = n_components, unobserved_weight
        self._regularization = regularization
        self._caches = use_factors_weights_cache, use_gramian_cache
        rows, cols = (input_rows, num_row_shards), (input_cols, num_col_shards)

        def made(make, name, *given):
            if not use_scoped_vars:
                return make(*given, name)
            with name_scope(name):
                return make(*given, name)

        row_weights = made(_weights, "row_weights", row_weights, *rows)
        col_weights = made(_weights, "col_weights", col_weights, *cols)
        row_factors = made(self._factors, "row_factors", row_init, *rows)
        col_factors = made(self._factors, "col_factors", col_init, *cols)
        self._row = _Side(input_rows, row_factors, row_weights)
        self._col = _Side(input_cols, col_factors, col_weights)
        for side, name in ((self._row, "row"), (self._col, "col")):
            side.gramian = Variable(zeros([n_components, n_components]), name=f"{name}_gramian")
        with name_scope("row_prepare_gramian"):
            self._row_update_prep_gramian = _prepared(self._col)
        with name_scope("col_prepare_gramian"):
            self._col_update_prep_gramian = _prepared(self._row)
        with name_scope("transient_vars"):
            self._make_caches()

    row_factors = property(lambda self: self._row.factors, doc="Variables, a shard each.")
    col_factors = property(lambda self: self._col.factors, doc="Variables, a shard each.")
    row_weights = property(lambda self: self._row.weights, doc="Variables, a shard each, or None.")
    col_weights = property(lambda self: self._col.weights, doc="Variables, a shard each, or None.")
    worker_init = property(lambda self: self._worker_init)
    row_update_prep_gramian_op = property(lambda self: self._row_update_prep_gramian)
    col_update_prep_gramian_op = property(lambda self: self._col_update_prep_gramian)
    initialize_row_update_op = property(lambda self: self._row_updates_init)
    initialize_col_update_op = property(lambda self: self._col_updates_init)

    @property
    def initialize_op(self):
        """An Operation that gives the variables their first values."""
        sides = self._row, self._col
        made = [variable for side in sides for variable in [*side.factors, side.gramian]]
        made += [variable for side in sides for variable in side.weights or ()]
        return variables_initializer(made)

    # -- variables -------------------------------------------------------------------------------

    def _factors(self, init, rows, count, name):
        init = init() if callable(init) else init
        if isinstance(init, list):
            assert len(init) == count
        elif isinstance(init, str) and init == "random":
            init = None
        elif count == 1:
            init = [init]

        def value(i, size):
            return random_normal([size, self._n_components]) if init is None else init[i]

        return _shards(value, rows, count, name)

    def _make_caches(self):
        of_factors, of_gramian = self._caches
        sides = (self._row, "row"), (self._col, "col")
        for side, name in sides:
            side.factors_cache = _Cache(side.factors, f"{name}_factors_cache", of_factors)
        for side, name in sides:
            side.weights_cache = _Cache(side.weights, f"{name}_wt_cache", of_factors)
        for side, name in sides:
            side.gramian_cache = _Cache(side.gramian, f"{name}_gramian_cache", of_gramian)
        self._row_updates_init = _turned(self._col, self._row)
        self._col_updates_init = _turned(self._row, self._col)
        inits = [side.weights_cache.init for side, _ in sides if side.weights is not None]
        self._worker_init = group(*inits, name="worker_init")

    # -- updates ---------------------------------------------------------------------------------

    def update_row_factors(self, sp_input=None, transpose_input=False):
        """(the new factors of the rows that `sp_input` has, an Operation that stores them, the loss
        without regularization, the regularization, the sum of weights), each as if of all rows.

        `sp_input` is a SparseTensor of some rows of A, or of columns of its transpose.
        """
        return self._updated(self._row, self._col, sp_input, transpose_input, "row_update")

    def update_col_factors(self, sp_input=None, transpose_input=False):
        """The same of columns."""
        return self._updated(self._col, self._row, sp_input, not transpose_input, "col_update")

    def project_row_factors(self, sp_input=None, transpose_input=False, projection_weights=None):
        """The factors of rows that A need not have, by those of the columns. `projection_weights`
        are a number (1) or one for each row."""
        weights = 1 if projection_weights is None else projection_weights
        return self._updated(self._row, self._col, sp_input, transpose_input, "row_update",
                             weights)[0]  # fmt: skip

    def project_col_factors(self, sp_input=None, transpose_input=False, projection_weights=None):
        """The same of columns."""
        weights = 1 if projection_weights is None else projection_weights
        return self._updated(self._col, self._row, sp_input, not transpose_input, "col_update",
                             weights)[0]  # fmt: skip

    def _updated(self, left, right, sp_input, transposed, name, given_weights=None):
        assert isinstance(sp_input, SparseTensor)
        entries = _Entries(sp_input, transposed)
        factors = embedding_lookup(right.factors_cache.value, entries.columns_here,
                                   partition_strategy="div")  # fmt: skip
        gramian = right.gramian_cache.value
        lhs = self._unobserved_weight * gramian
        if self._regularization is not None:
            lhs += self._regularization * eye(self._n_components)
        weights = None
        if left.weights is None:
            rhs = self._unobserved_weight * sparse_tensor_dense_matmul(entries.matrix(), factors)
            new = transpose(matrix_solve(lhs, transpose(rhs)))
        else:
            weights = self._weights_of(left, right, entries, given_weights)
            more, rhs = wals_compute_partial_lhs_and_rhs(
                factors, weights[1], constant(self._unobserved_weight, float32), weights[0],
                entries.indices, entries.values, zeros([0]), entries.count, constant(False, bool_),
                name="wals_compute_partial_lhs_rhs",
            )  # fmt: skip
            solved = matrix_solve(expand_dims(lhs, 0) + more, expand_dims(rhs, -1))
            new = squeeze(solved, [2])
        stored = self.scatter_update(left.factors, entries.rows_here, new, None, name=name)
        return new, stored, *self._losses(left, right, entries, new, factors, gramian, weights)

    def _weights_of(self, left, right, entries, given):
        """(those of the rows, those of the columns)."""
        of_columns = embedding_lookup(right.weights_cache.value, entries.columns_here,
                                      partition_strategy="div")  # fmt: skip
        if given is None:
            return embedding_lookup(left.weights_cache.value, entries.rows_here,
                                    partition_strategy="div"), of_columns  # fmt: skip
        given = cast(given, float32)
        every = ones([shape(entries.rows_here)[0]])
        return cond(equal(rank(given), 0), lambda: every * given, lambda: given), of_columns

    def _losses(self, left, right, entries, new, factors, gramian, weights):
        """(the loss, the regularization, the sum of weights)."""
        rows, columns = entries.indices[:, 0], entries.indices[:, 1]
        approximate = reduce_sum(gather(new, rows) * gather(factors, columns), 1)
        off = square(entries.values - approximate)
        partial = matmul(new, new, transpose_a=True)
        scale = left.size / cast(entries.count, float32)
        loss = self._unobserved_weight * (
            reduce_sum(off) - reduce_sum(square(approximate)) + trace(matmul(partial, gramian))
        )
        total = self._unobserved_weight * constant(float(left.size * right.size))
        if weights is not None:
            of_entries = gather(weights[0], rows) * gather(weights[1], columns)
            loss += reduce_sum(of_entries * off)
            total += reduce_sum(of_entries) * scale
        if self._regularization is None:
            return loss * scale, constant(0.0), total
        penalty = self._regularization * (trace(partial) * scale + trace(gramian))
        return loss * scale, penalty, total

    @classmethod
    def scatter_update(cls, factor, indices, values, sharding_func, name=None):
        """An Operation that stores rows in the shards that have them."""
        if len(factor) == 1:
            return scatter_update(factor[0], indices, values, name=name).op
        updates = [scatter_update(*each) for each in rows_by_part(factor, indices, values)]
        return group(*updates, name=name)


class _Side:
    """The rows, or the columns."""

    def __init__(self, size, factors, weights):
        self.size, self.factors, self.weights = size, factors, weights
        self.gramian = self.factors_cache = self.weights_cache = self.gramian_cache = None


class _Entries:
    """The entries of a SparseTensor, its rows and columns numbered anew, those alone that it has.
    """

    def __init__(self, sp_input, transposed):
        rows, columns = sp_input.indices[:, 0], sp_input.indices[:, 1]
        if transposed:
            rows, columns = columns, rows
        self.rows_here, rows = unique(rows)
        self.columns_here, columns = unique(columns)
        indices = [expand_dims(cast(each, int64), 1) for each in (rows, columns)]
        self.indices, self.values = concat(indices, 1), sp_input.values
        self.count = cast(shape(self.rows_here)[0], int64)

    def matrix(self):
        """With its rows in order."""
        width = cast(shape(self.columns_here)[0], int64)
        return sparse_reorder(SparseTensor(self.indices, self.values, [self.count, width]))


class _Cache:
    """A local copy of a variable, or of shards: `value`, and Operations that fill and empty it.
    Where it is not wanted, the variable itself."""

    def __init__(self, variable, name, is_wanted):
        self.value, self.init, self.reset = variable, no_op(), no_op()
        if variable is None or not is_wanted:
            return
        if isinstance(variable, list):
            copies = [_local(f"{name}_shard_{i}") for i in range(len(variable))]
        else:
            copies, variable = [_local(name)], [variable]
        self.value = copies if isinstance(self.value, list) else copies[0]
        self.init = group(*[assign(copy, each, validate_shape=False)
                            for copy, each in zip(copies, variable)])  # fmt: skip
        self.reset = group(*[assign(copy, 1.0, validate_shape=False) for copy in copies])


def _local(name):
    return Variable(1.0, trainable=False, collections=[GraphKeys.LOCAL_VARIABLES],
                    validate_shape=False, name=name)  # fmt: skip


def _turned(fixed, moving):
    """An Operation before a sweep of one side, for which the other is looked up."""
    return group(fixed.factors_cache.init, moving.factors_cache.reset, fixed.gramian_cache.init,
                 moving.gramian_cache.reset)  # fmt: skip


def _prepared(side):
    """An Operation that computes factors' * factors."""
    parts = [matmul(shard, shard, transpose_a=True) for shard in side.factors]
    return assign(side.gramian, add_n(parts)).op


def _shards(value, size, count, name):
    """Variables whose rows are those of one, the first some longer by one."""
    short, longer = divmod(size, count)
    sizes = [short + 1] * longer + [short] * (count - longer)
    return [
        Variable(lambda i=i, size=size: value(i, size), dtype=float32, name=f"{name}_shard_{i}")
        for i, size in enumerate(sizes)
    ]  # fmt: skip


def _weights(given, size, count, name):
    if given is None:
        return None
    if hasattr(given, "__iter__"):
        given = [given] if count == 1 and len(given) == size else given
        assert len(given) == count
    elif not isinstance(given, Real) or given < 0:
        raise ValueError("Invalid weight initialization argument. Must be one of these: None, a "
                         "real non-negative real number, or a list of lists of non-negative real "
                         "numbers (or equivalent iterables) corresponding to sharded factors.")

    def value(i, size):
        return given[i] if hasattr(given, "__iter__") else given * ones([size])

    return _shards(value, size, count, name)

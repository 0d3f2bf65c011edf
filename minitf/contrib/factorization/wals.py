"""`tf.contrib.factorization.WALSMatrixFactorization`: a WALSModel as an estimator."""
from minitf import logging
from minitf.contrib.factorization.factorization_ops import WALSModel
from minitf.contrib.learn.estimator import Estimator, ModeKeys, ModelFnOps
from minitf.core.dtypes import bool_, int32
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import fill, ones_like
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import cast, logical_not, sqrt
from minitf.ops.reduction.reduce import reduce_all
from minitf.ops.state.assign import assign, assign_add, scatter_update
from minitf.ops.state.variables import Variable
from minitf.summary.numeric import scalar
from minitf.train.global_step import get_global_step
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook

_OF_MODEL = ("num_rows", "num_cols", "embedding_dimension", "unobserved_weight",
             "regularization_coeff", "row_init", "col_init", "num_row_shards", "num_col_shards",
             "row_weights", "col_weights")  # fmt: skip


class WALSMatrixFactorization(Estimator):
    """The factors of a sparse matrix [num_rows, num_cols], of `embedding_dimension` columns: see
    `WALSModel`.

    Features are the SparseTensors "input_rows" (some rows of the matrix) and "input_cols" (some
    rows of its transpose), and, but for training, "project_row", a bool, and "projection_weights".
    It sweeps over the rows and the columns by turns, `max_sweeps` times if that is given: a sweep
    ends when all have been in the input. ValueError for several workers.
    """

    INPUT_ROWS, INPUT_COLS = "input_rows", "input_cols"
    PROJECT_ROW, PROJECTION_WEIGHTS = "project_row", "projection_weights"
    PROJECTION_RESULT = "projection"
    COMPLETED_SWEEPS, LOSS, RWSE = "completed_sweeps", "WALS_loss", "WALS_RWSE"

    def __init__(
        self, num_rows, num_cols, embedding_dimension, unobserved_weight=0.1,
        regularization_coeff=None, row_init="random", col_init="random", num_row_shards=1,
        num_col_shards=1, row_weights=1, col_weights=1,
        use_factors_weights_cache_for_training=True, use_gramian_cache_for_training=True,
        max_sweeps=None, model_dir=None, config=None,
    ):  # fmt: skip
        given = locals()
        params = {"model": [given[name] for name in _OF_MODEL], "max_sweeps": max_sweeps,
                  "caches": (use_factors_weights_cache_for_training,
                             use_gramian_cache_for_training)}  # fmt: skip
        self._shards = {"row": num_row_shards, "col": num_col_shards}
        super().__init__(_model_fn, model_dir, config, params)
        if self.config is not None and self.config.num_worker_replicas > 1:
            raise ValueError("WALSMatrixFactorization must be run on a single worker replica.")

    def get_row_factors(self):
        """The factors of the rows, as they were saved last, a matrix for each shard."""
        return self._saved("row")

    def get_col_factors(self):
        """The factors of the columns, as they were saved last, a matrix for each shard."""
        return self._saved("col")

    def _saved(self, side):
        names = [f"{side}_factors_shard_{i}" for i in range(self._shards[side])]
        return [self.get_variable_value(name) for name in names]

    def get_projections(self, input_fn):
        """The factors of each row, or column, of the input."""
        return (each[self.PROJECTION_RESULT] for each in self.predict(input_fn=input_fn))


def _model_fn(features, labels, mode, params):
    assert labels is None
    caches = params["caches"] if mode == ModeKeys.TRAIN else (False, False)
    model, key = WALSModel(*params["model"], *caches), WALSMatrixFactorization
    rows, cols = features[key.INPUT_ROWS], features[key.INPUT_COLS]
    if mode == ModeKeys.TRAIN:
        return _training(model, rows, cols, params)
    if mode == ModeKeys.INFER:
        weights = features.get(key.PROJECTION_WEIGHTS)
        found = cond(
            features[key.PROJECT_ROW],
            lambda: model.project_row_factors(rows, projection_weights=weights),
            lambda: model.project_col_factors(cols, True, projection_weights=weights),
        )
        return ModelFnOps(mode, {key.PROJECTION_RESULT: found}, train_op=no_op())
    loss = cond(features[key.PROJECT_ROW], lambda: _loss(model.update_row_factors(rows)),
                lambda: _loss(model.update_col_factors(cols, transpose_input=True)))  # fmt: skip
    return ModelFnOps(mode, {}, loss, no_op())


def _loss(updated):
    _, _, loss, penalty, _ = updated
    return loss + penalty


# -- training -------------------------------------------------------------------------------------


def _variable(value, name):
    return Variable(value, trainable=False, name=name, collections=[GraphKeys.GLOBAL_VARIABLES])


def _training(model, rows, cols, params):
    """The ModelFnOps of sweeps, which hooks run."""
    key = WALSMatrixFactorization
    is_row_sweep, is_done = _variable(True, "is_row_sweep"), _variable(False, "is_sweep_done")
    completed = _variable(0, key.COMPLETED_SWEEPS)
    loss, error = _variable(0.0, key.LOSS), _variable(0.0, key.RWSE)
    scalar("loss", loss)
    scalar("root_weighted_squared_error", error)
    scalar("completed_sweeps", completed)

    def step(entries, count, update, axis):
        """(what makes all items new, the Operation of a step)."""
        processed = _variable(fill([count], False), f"processed_{axis}")
        _, update_op, sum_of_losses, penalty, weights = update(entries)
        here = entries.indices[:, 0]
        stored = [update_op, assign(loss, sum_of_losses + penalty),
                  assign(error, sqrt(sum_of_losses / weights))]  # fmt: skip
        with control_dependencies(stored):
            noted = scatter_update(processed, here, ones_like(here, bool_),
                                   name=f"update_processed_{axis}_indices")  # fmt: skip
        with control_dependencies([noted]):
            is_all = reduce_all(processed.read_value())
            made = group(assign(is_done, is_all), assign_add(completed, cast(is_all, int32)),
                         name=f"{axis}_sweep_train_op")  # fmt: skip
        return processed.initializer, made

    count_rows, count_cols = params["model"][:2]
    new_rows, row_step = step(rows, count_rows, model.update_row_factors, "rows")
    new_cols, col_step = step(
        cols, count_cols, lambda x: model.update_col_factors(x, transpose_input=True), "cols"
    )
    turn = group(assign(is_row_sweep, logical_not(is_row_sweep)), new_rows, new_cols,
                 name="sweep_switch_op")  # fmt: skip
    preparations = {
        True: [model.row_update_prep_gramian_op, model.initialize_row_update_op],
        False: [model.col_update_prep_gramian_op, model.initialize_col_update_op],
    }
    hooks = [
        _SweepHook(is_row_sweep, is_done, model.worker_init, preparations,
                   {True: row_step, False: col_step}, turn),
        _CountHook(assign_add(get_global_step(), 1, name="global_step_incr").op),
    ]  # fmt: skip
    if params["max_sweeps"] is not None:
        hooks.append(_StopAtSweepHook(params["max_sweeps"]))
    return ModelFnOps(ModeKeys.TRAIN, {}, loss, no_op(), {}, training_hooks=hooks)


class _SweepHook(SessionRunHook):
    """Runs what comes before a sweep, and with each step that of rows or of columns: by whether it
    is a sweep of rows."""

    def __init__(self, is_row_sweep, is_done, init, preparations, steps, turn):
        self._is_row_sweep, self._is_done, self._init = is_row_sweep, is_done, init
        self._preparations, self._steps, self._turn = preparations, steps, turn
        self._is_initialized = False

    def before_run(self, run_context):
        session = run_context.session
        is_done = session.run(self._is_done)
        if not self._is_initialized:
            logging.info("SweepHook running init op.")
            session.run(self._init)
        if is_done:
            logging.info("SweepHook starting the next sweep.")
            session.run(self._turn)
        is_row_sweep = bool(session.run(self._is_row_sweep))
        if is_done or not self._is_initialized:
            logging.info("SweepHook running prep ops for the %s sweep.",
                         "row" if is_row_sweep else "col")  # fmt: skip
            for each in self._preparations[is_row_sweep]:
                session.run(each)
        self._is_initialized = True
        logging.info("Next fit step starting.")
        return SessionRunArgs([self._steps[is_row_sweep]])


class _CountHook(SessionRunHook):
    def __init__(self, count):
        self._count = count

    def before_run(self, run_context):
        run_context.session.run(self._count)


class _StopAtSweepHook(SessionRunHook):
    """Stops after so many sweeps. RuntimeError where none are counted."""

    def __init__(self, last_sweep):
        self._last_sweep = last_sweep

    def begin(self):
        name = WALSMatrixFactorization.COMPLETED_SWEEPS
        try:
            self._completed = get_default_graph().get_tensor_by_name(f"{name}:0")
        except KeyError:
            raise RuntimeError(
                f"{name} counter should be created to use StopAtSweepHook."
            ) from None

    def before_run(self, run_context):
        return SessionRunArgs(self._completed)

    def after_run(self, run_context, run_values):
        if run_values.results >= self._last_sweep:
            run_context.request_stop()

"""What looks after the training of boosted trees."""
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook


class StopAtAttemptsHook(SessionRunHook):
    """Stops when there are so many trees, or when so many layers were tried in vain."""

    def __init__(self, num_finalized_trees_tensor, num_attempted_layers_tensor, max_trees,
                 max_depth):
        self._asked = [num_finalized_trees_tensor, num_attempted_layers_tensor]
        self._trees, self._layers = max_trees, 2 * max_trees * max_depth

    def before_run(self, run_context):
        return SessionRunArgs(self._asked)

    def after_run(self, run_context, run_values):
        trees, layers = run_values.results  # as they were before the step
        if trees >= self._trees - 1 or layers > self._layers - 1:
            trees, layers = run_context.session.run(self._asked)
        if trees >= self._trees or layers > self._layers:
            run_context.request_stop()


class GrowerInitializationHook(SessionRunHook):
    """Prepares what trees grow from, in each new session."""

    def __init__(self, init_op):
        self._init_op = init_op

    def after_create_session(self, session, coord):
        session.run(self._init_op)

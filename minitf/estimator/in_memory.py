"""`tf.estimator.experimental.InMemoryEvaluatorHook`: evaluations while a model is trained."""
import os

from minitf.core.graph import Graph, get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.estimator import checks
from minitf.ops.control_flow.control import group
from minitf.ops.state.assign import assign
from minitf.ops.state.placeholder import placeholder
from minitf.train.evaluation import StopAfterNEvalsHook
from minitf.train.hook_timer import SecondOrStepTimer
from minitf.train.scaffold import Scaffold
from minitf.train.session_run_hook import SessionRunHook


class InMemoryEvaluatorHook(SessionRunHook):
    """Evaluates an estimator every `every_n_iter` steps of its training, at its begin and end.

    The variables go from the training's session into the evaluation's, without a checkpoint. What
    it finds is written into the folder "eval", or "eval_" and `name`, of the model's. ValueError
    for no steps, and for training on several machines.
    """

    def __init__(self, estimator, input_fn, steps=None, hooks=None, name=None, every_n_iter=100):
        if every_n_iter is None or every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        config = estimator.config
        if config.num_ps_replicas > 0 or config.num_worker_replicas > 1:
            raise ValueError("InMemoryEvaluator supports only single machine (aka Local) setting.")
        self._estimator, self._input_fn = estimator, input_fn
        folder = f"eval_{name}" if name else "eval"
        self._eval_dir = os.path.join(estimator.model_dir, folder)
        self._hooks = checks.hooks(hooks)
        checks.check_positive("steps", steps)
        if steps is not None:
            self._hooks.append(StopAfterNEvalsHook(steps))
        self._timer = SecondOrStepTimer(every_steps=every_n_iter)

    def begin(self):
        """Build the graph of the evaluation."""
        self._timer.reset()
        self._count, self._graph = 0, Graph()
        with self._graph.as_default():
            self._scaffold, *self._evaluation = self._estimator._evaluation(self._input_fn,
                                                                            self._hooks)
            if self._scaffold.saver is not None:
                raise ValueError("InMemoryEvaluator does not support custom saver")
            if self._scaffold.init_fn is not None:
                raise ValueError("InMemoryEvaluator does not support custom init_fn")
            self._own = {v.name: v for v in get_collection(GraphKeys.GLOBAL_VARIABLES)}

    def after_create_session(self, session, coord):
        """Evaluate the variables as they are. ValueError for what else there is to save."""
        if get_collection(GraphKeys.SAVEABLE_OBJECTS):
            raise ValueError("InMemoryEvaluator does not support saveables other than global "
                             "variables.")  # fmt: skip
        trained = {v.name: v for v in get_collection(GraphKeys.GLOBAL_VARIABLES)}
        self._trained = {name: v for name, v in trained.items() if name in self._own}
        with self._graph.as_default():
            self._fed = {name: placeholder(self._own[name].dtype) for name in self._trained}
            self._take_over = group([assign(self._own[name], fed)
                                     for name, fed in self._fed.items()])  # fmt: skip
        self._evaluate(session)

    def _evaluate(self, session):
        values = session.run(self._trained)
        feeds = {self._fed[name]: value for name, value in values.items()}

        def init_fn(scaffold, session):
            session.run(self._take_over, feeds)

        scaffold = Scaffold(init_fn=init_fn, copy_from_scaffold=self._scaffold)
        with self._graph.as_default():
            self._estimator._evaluated(scaffold, *self._evaluation, None, self._eval_dir)
        self._timer.update_last_triggered_step(self._count)

    def after_run(self, run_context, run_values):
        """Evaluate, if it is time to."""
        self._count += 1
        if self._timer.should_trigger_for_step(self._count):
            self._evaluate(run_context.session)

    def end(self, session):
        """Evaluate the variables as they are at the end."""
        self._evaluate(session)

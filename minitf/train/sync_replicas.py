"""`tf.train.SyncReplicasOptimizer`: the variables change once several gradients are there."""
from minitf import logging
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, device, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import fill
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.queues.accumulator import ConditionalAccumulator, SparseConditionalAccumulator
from minitf.ops.queues.queue import FIFOQueue
from minitf.ops.state.assign import assign
from minitf.ops.state.variable_lists import global_variables, report_uninitialized_variables
from minitf.ops.state.variables import Variable
from minitf.train.optimizer import Optimizer
from minitf.train.queue_runner import QueueRunner
from minitf.train.session_manager import lacking
from minitf.train.session_run_hook import SessionRunHook


class SyncReplicasOptimizer(Optimizer):
    """Applies by `opt` the mean of `replicas_to_aggregate` gradients, which replicas bring.

    A replica's train op brings a gradient and waits until the variables have changed; the thread
    that changes them is that of `get_chief_queue_runner`, which `make_session_run_hook` starts.
    Replicas are threads here, or there is one, of one process. With fewer replicas
    (`total_num_replicas`) than gradients each brings more; of more replicas the latest gradients
    are dropped. `variable_averages`, an ExponentialMovingAverage, follows `variables_to_average`.
    """

    def __init__(self, opt, replicas_to_aggregate, total_num_replicas=None,
                 variable_averages=None, variables_to_average=None, use_locking=False,
                 name="sync_replicas"):
        super().__init__(use_locking, name)
        if total_num_replicas is None:
            total_num_replicas = replicas_to_aggregate
        logging.info("SyncReplicasV2: replicas_to_aggregate=%s; total_num_replicas=%s",
                     replicas_to_aggregate, total_num_replicas)  # fmt: skip
        self._opt = opt
        self._replicas_to_aggregate = replicas_to_aggregate
        self._total_num_replicas = total_num_replicas
        self._averages = variable_averages, variables_to_average
        self._gradients_applied = False
        self._global_step = self._queue = self._runner = None
        self._accumulators = []

    def compute_gradients(self, *args, **kwargs):
        """As the optimizer that it wraps."""
        return self._opt.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """The train op of a replica: it brings the gradients and waits for the next step.

        ValueError without pairs, without a `global_step`, or for a gradient of another kind.
        """
        if not grads_and_vars:
            raise ValueError("Must supply at least one variable")
        if global_step is None:
            raise ValueError("Global step is required to check staleness")
        self._global_step = global_step
        self._make_local_step()
        with name_scope(None, self._name):
            bring, taken = self._through_accumulators(grads_and_vars)
            with device(global_step.device), name_scope(""):
                update = self._opt.apply_gradients(taken, global_step)
                self._queue = FIFOQueue(-1, global_step.dtype.base_dtype, shapes=(),
                                        name="sync_token_q",
                                        shared_name="sync_token_q")  # fmt: skip
                dummy = FIFOQueue(1, int32, shapes=(), name="dummy_queue",
                                  shared_name="dummy_queue")  # fmt: skip
                train = self._wait_for_token(bring)
                self._runner = QueueRunner(dummy, [self._let_go_on(update)])
            self.chief_init_op = self._chief_init()
        self._gradients_applied = True
        return train

    def _make_local_step(self):
        no_op()  # TensorFlow anchors the variable at it: the names of later ones follow
        self._local_step = Variable(
            0, trainable=False, collections=[GraphKeys.LOCAL_VARIABLES],
            dtype=self._global_step.dtype.base_dtype, name="sync_rep_local_step",
        )  # fmt: skip
        self.local_step_init_op = assign(self._local_step, self._global_step)
        self.ready_for_local_init_op = report_uninitialized_variables(global_variables())

    def _through_accumulators(self, grads_and_vars):
        """(operations that bring gradients, pairs of what is taken of them)."""
        bring, taken = [], []
        for grad, variable in grads_and_vars:
            with device(variable.device):
                if grad is None:
                    taken.append((None, variable))
                    continue
                accumulator, brings, mean = self._accumulator(grad, variable)
            bring.append(brings)
            taken.append((mean, variable))
            self._accumulators.append((accumulator, variable.device))
        return bring, taken

    def _accumulator(self, grad, variable):
        shared, required = f"{variable.name}/grad_accum", self._replicas_to_aggregate
        if isinstance(grad, Tensor):
            made = ConditionalAccumulator(grad.dtype, variable.get_shape(), shared)
            return made, made.apply_grad(grad, self._local_step), made.take_grad(required)
        if not isinstance(grad, IndexedSlices):
            raise ValueError("Unknown grad type!")
        made = SparseConditionalAccumulator(grad.dtype, (), shared)
        brings = made.apply_indexed_slices_grad(grad, self._local_step)
        return made, brings, made.take_indexed_slices_grad(required)

    def _wait_for_token(self, bring):
        with control_dependencies(bring):
            token = self._queue.dequeue()
        return assign(self._local_step, token)

    def _let_go_on(self, update):
        """What the chief runs: the update, then a token of the new step for each gradient."""
        count = max(self._total_num_replicas, self._replicas_to_aggregate)
        with control_dependencies([update]):
            # A read of its own: what was read before the update is the step before.
            tokens = fill([count], self._global_step.read_value())
            done = self._queue.enqueue_many((tokens,))
        averages, variables = self._averages
        if averages is not None:
            with control_dependencies([done]), name_scope(""):
                done = averages.apply(variables)
        return done

    def _chief_init(self):
        inits = [self.local_step_init_op]
        for accumulator, place in self._accumulators:
            with device(place):
                inits.append(accumulator.set_global_step(self._global_step, name="SetGlobalStep"))
        return group(*inits)

    def get_chief_queue_runner(self):
        """The QueueRunner whose thread changes the variables: one replica, the chief, starts it.
        ValueError before `apply_gradients`."""
        self._check_applied("Should be called after apply_gradients().")
        return self._runner

    def get_init_tokens_op(self, num_tokens=-1):
        """An operation that lets replicas begin: the chief runs it once. ValueError for fewer
        tokens than are needed, and before `apply_gradients`."""
        self._check_applied("get_init_tokens_op() should be called after apply_gradients().")
        needed = self._replicas_to_aggregate - self._total_num_replicas
        if num_tokens == -1:
            num_tokens = self._replicas_to_aggregate
        elif num_tokens < needed:
            raise ValueError(f"Too few tokens to finish the first step: {num_tokens} (given) vs "
                             f"{needed} (needed)")  # fmt: skip
        if num_tokens <= 0:
            return no_op(name="no_init_tokens")
        with device(self._global_step.device), name_scope(""):
            return self._queue.enqueue_many((fill([num_tokens], self._global_step),))

    def _check_applied(self, message):
        if not self._gradients_applied:
            raise ValueError(message)

    def get_slot(self, *args, **kwargs):
        """As the optimizer that it wraps."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        """As the optimizer that it wraps."""
        return self._opt.get_slot_names(*args, **kwargs)

    def variables(self):
        """Those of the optimizer that it wraps."""
        return self._opt.variables()

    def make_session_run_hook(self, is_chief, num_tokens=-1):
        """A hook for MonitoredTrainingSession that initializes, and starts the chief's thread."""
        return _SyncReplicasOptimizerHook(self, is_chief, num_tokens)


class _SyncReplicasOptimizerHook(SessionRunHook):
    """What a replica does when its session has been made."""

    def __init__(self, sync_optimizer, is_chief, num_tokens):
        self._optimizer, self._is_chief, self._tokens = sync_optimizer, is_chief, num_tokens

    def begin(self):
        """ValueError before `apply_gradients`."""
        optimizer = self._optimizer
        optimizer._check_applied(
            "SyncReplicasOptimizer.apply_gradient should be called before using the hook."
        )
        self._init, self._runner, self._let_begin = optimizer.local_step_init_op, None, None
        if self._is_chief:
            self._init, self._runner = optimizer.chief_init_op, optimizer.get_chief_queue_runner()
            self._let_begin = optimizer.get_init_tokens_op(self._tokens)

    def after_create_session(self, session, coord):
        """RuntimeError when there are variables without a value."""
        message = lacking(self._optimizer.ready_for_local_init_op, session,
                          "Model is not ready for SyncReplicasOptimizer local init.")  # fmt: skip
        if message:
            raise RuntimeError(
                "Init operations did not make model ready for SyncReplicasOptimizer local_init. "
                f"Init op: {self._init.name}, error: {message}"
            )
        session.run(self._init)
        if self._let_begin is not None:
            session.run(self._let_begin)
        if self._runner is not None:
            self._runner.create_threads(session, coord=coord, daemon=True, start=True)

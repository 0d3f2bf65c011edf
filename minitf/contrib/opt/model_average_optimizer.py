"""`tf.contrib.opt.ModelAverageOptimizer`: workers that begin again, at times, from their mean."""
from __future__ import annotations

from typing import Any

from minitf.contrib.opt.centered import CENTER, InitHook, counted, local_step, placed
from minitf.core.constant import constant
from minitf.core.dtypes import bool_
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import fill
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import equal, floor_mod
from minitf.ops.queues.accumulator import ConditionalAccumulator
from minitf.ops.queues.queue import FIFOQueue
from minitf.ops.state.assign import assign, assign_add
from minitf.ops.state.variable_lists import trainable_variables
from minitf.ops.state.variables import Variable
from minitf.train.optimizer import Optimizer


class ModelAverageCustomGetter:
    """The custom getter of the variables of `ModelAverageOptimizer`: trainable ones are those of
    the worker, local ones; each has one at the center, `global_center_variable/` and its name."""

    def __init__(self, worker_device: Any) -> None:
        self._worker_device = worker_device
        self._local_2_global: dict[Any, Any] = {}

    def __call__(
        self, getter: Any, name: Any, trainable: Any, collections: Any, *args: Any, **kwargs: Any
    ) -> Any:
        collections = [GraphKeys.LOCAL_VARIABLES] if trainable else collections
        with placed(self._worker_device, collections):
            made = getter(name, *args, trainable=trainable, collections=collections, **kwargs)
        if trainable:
            self._local_2_global[made] = Variable(
                made.initialized_value(), trainable=False, name=f"{CENTER}/{name}",
                collections=[GraphKeys.GLOBAL_VARIABLES],
            )  # fmt: skip
        return made


class ModelAverageOptimizer(Optimizer):
    """`opt` trains a worker's variables; every `interval_steps` steps the mean of those of
    `num_worker` workers becomes the center, by the chief, and all begin there again.

    Each waits for the others: `num_worker` more than 1 wants as many.
    """

    def __init__(
        self, opt: Any, num_worker: Any, is_chief: Any, ma_custom_getter: Any,
        interval_steps: Any = 100, use_locking: Any = True, name: str = "ModelAverageOptimizer",
    ) -> None:  # fmt: skip
        super().__init__(use_locking, name)
        self._opt, self._num_worker, self._is_chief = opt, num_worker, is_chief
        self._local_2_global = ma_custom_getter._local_2_global
        self._interval_steps = interval_steps
        self._accumulators: list[Any] = []
        self._chief_init_op = None
        self._local_step = local_step()

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        """The gradients that the optimizer within computes."""
        return self._opt.compute_gradients(*args, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: Any = None
    ) -> Any:
        """A step of the worker, and where it is time one of the center, which `global_step` counts.

        ValueError without variables or a global step.
        """
        if not grads_and_vars:
            raise ValueError("Must supply at least one variable")
        if global_step is None:
            raise ValueError("Global step is required")
        applied = self._opt.apply_gradients(grads_and_vars)
        with control_dependencies([applied]):
            step = counted(self._local_step)
        trained = [variable for gradient, variable in grads_and_vars if gradient is not None]
        with control_dependencies([step]):
            is_time = equal(floor_mod(self._local_step, self._interval_steps), 0)
            update = cond(is_time, lambda: self._averaged(trained, global_step), no_op)
        inits = [each.set_global_step(global_step, name="SetGlobalStep")
                 for each in self._accumulators]  # fmt: skip
        self._chief_init_op = group(*inits)
        return update

    def _averaged(self, trained: Any, global_step: Any) -> Any:
        centers = [self._local_2_global[variable] for variable in trained]
        queue = FIFOQueue(-1, [bool_], shapes=[[]], shared_name="sync_queue")
        sent, means = [], []
        with name_scope(None, self._name + "/global"):
            for variable, center in zip(trained, centers):
                kept = ConditionalAccumulator(variable.dtype.base_dtype, shape=variable.shape,
                                              shared_name=center.name + "/var_accum")  # fmt: skip
                sent.append(kept.apply_grad(variable.read_value(), local_step=global_step))
                means.append(kept.take_grad(self._num_worker))
                self._accumulators.append(kept)
        with control_dependencies(sent):
            synced = self._center(queue, centers, means, global_step) if self._is_chief \
                else queue.dequeue()  # fmt: skip
        with control_dependencies([synced]):
            return self._local_vars_update(trained)

    def _center(self, queue: Any, centers: Any, means: Any, global_step: Any) -> Any:
        """The center's step, and then a token for each of the other workers."""
        updates = [assign(center, mean) for center, mean in zip(centers, means)]
        with control_dependencies([*updates, assign_add(global_step, 1)]):
            return queue.enqueue_many(fill([self._num_worker - 1], constant(False)))

    def _local_vars_update(self, var_list: Any) -> Any:
        if not var_list:
            raise ValueError("The list of local_variables should not be empty")
        return group(*[assign(variable, self._local_2_global[variable].read_value())
                       for variable in var_list])  # fmt: skip

    def get_init_op(self) -> Any:
        """An Operation that lets the worker begin where the center is."""
        return self._local_vars_update(trainable_variables())

    def make_session_run_hook(self) -> InitHook:
        """A hook that does nothing but prepare `get_init_op`, as TensorFlow's."""
        return _Prepared(self.get_init_op)


class _Prepared(InitHook):
    def after_create_session(self, session: Any, coord: Any) -> None:
        pass

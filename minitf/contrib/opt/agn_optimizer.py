"""`tf.contrib.opt.AGNOptimizer`: workers that send a center the sum of their gradients."""
from __future__ import annotations

from typing import Any

from minitf.contrib.opt.centered import CenteredGetter, InitHook, counted, local_step
from minitf.core.graph import control_dependencies
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import zeros_like
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import equal, floor_mod
from minitf.ops.state.assign import assign, assign_add
from minitf.ops.state.creators import variable_creator_scope
from minitf.ops.state.variable_lists import trainable_variables
from minitf.train.optimizer import Optimizer


class AGNCustomGetter(CenteredGetter):
    """The custom getter of the variables of `AGNOptimizer`: beside each, the local variable
    `grad_variable/` and its name is the sum of its gradients."""

    beside = "grad_variable"
    _grad_map = property(lambda self: self._beside_map)


class AGNOptimizer(Optimizer):
    """Accumulated gradient normalization, after Hermans, Spanakis and Moeckel 2017.

    `optimizer` trains a worker's variables; every `communication_period` steps it trains the center
    by the mean of their gradients, and the worker begins there again.
    """

    def __init__(
        self, optimizer: Any, num_worker: Any, custom_getter: Any, communication_period: Any = 10,
        use_locking: Any = True, name: str = "AGNOptimizer",
    ) -> None:  # fmt: skip
        super().__init__(use_locking, name)
        self._opt, self._num_worker, self._period = optimizer, num_worker, communication_period
        self._global_map, self._grad_map = custom_getter._global_map, custom_getter._grad_map
        self._local_step = local_step()

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: Any = None
    ) -> Any:
        """A step of the worker, and where it is time one of the center, which `global_step` counts.
        """
        pairs = [(gradient, each) for gradient, each in grads_and_vars if gradient is not None]
        with variable_creator_scope(_local_creator):
            updates = [self._opt.apply_gradients(grads_and_vars)]
        updates += [assign_add(self._grad_map[each], gradient) for gradient, each in pairs]
        step = counted(self._local_step)
        with control_dependencies([step]):
            is_time = equal(floor_mod(self._local_step, self._period), 0)
        trained = [each for _, each in pairs]
        with control_dependencies(updates):
            return cond(is_time, lambda: self._moved(trained, global_step), no_op)

    def _moved(self, trained: Any, global_step: Any) -> Any:
        sums = [self._grad_map[variable] for variable in trained]
        centers = [self._global_map[variable] for variable in trained]
        with control_dependencies([assign(each, each / self._period) for each in sums]):
            applied = self._opt.apply_gradients(zip(sums, centers))
        with control_dependencies([applied]):
            updates = [] if global_step is None else [assign_add(global_step, 1)]
            updates += [assign(variable, center.read_value())
                        for variable, center in zip(trained, centers)]  # fmt: skip
            updates += [assign(each, zeros_like(each)) for each in sums]
            return group(*updates)

    def get_init_op(self, task_index: Any) -> Any:
        """An Operation that lets the worker begin where the center is. ValueError where there are
        no variables."""
        trained = trainable_variables()
        if not trained:
            raise ValueError("The lists of local_variables, global_center_variables,"
                             "grad_center_variables should not be empty")  # fmt: skip
        inits = [assign(variable, self._global_map[variable]) for variable in trained]
        sums = [self._grad_map[variable] for variable in trained]
        return group(*inits, *[assign(each, zeros_like(each)) for each in sums])

    def make_session_run_hook(self, is_chief: Any, task_index: Any) -> InitHook:
        """A hook that runs `get_init_op`."""
        return InitHook(lambda: self.get_init_op(task_index))


def _local_creator(next_creator: Any, collections: Any = None, **kwargs: Any) -> Any:
    """Makes local variables of global ones."""
    local, everywhere = GraphKeys.LOCAL_VARIABLES, GraphKeys.GLOBAL_VARIABLES
    if not collections:
        collections = [local]
    elif everywhere in collections:
        collections = [each for each in collections if each != everywhere] + [local]
    return next_creator(collections=collections, **kwargs)

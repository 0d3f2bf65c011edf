"""`tf.contrib.opt.ElasticAverageOptimizer`: workers that a center holds back, and that pull it."""
from __future__ import annotations

from typing import Any

from minitf.contrib.opt.centered import CenteredGetter, InitHook, counted, local_step
from minitf.core.constant import constant
from minitf.core.dtypes import bool_
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import equal, floor_mod, mul, sub
from minitf.ops.queues.queue import FIFOQueue
from minitf.ops.reduction.norms import l2_loss
from minitf.ops.reduction.scan import add_n
from minitf.ops.state.assign import assign, assign_add, assign_sub
from minitf.ops.state.variable_lists import global_variables, trainable_variables
from minitf.train.optimizer import Optimizer
from minitf.train.saveables import op_list_to_dict
from minitf.train.saver import Saver


class ElasticAverageCustomGetter(CenteredGetter):
    """The custom getter of the variables of `ElasticAverageOptimizer`: beside each, the local
    variable `local_center_variable/` and its name is what the worker knows of the center."""

    beside = "local_center_variable"
    _local_map = property(lambda self: self._beside_map)


class ElasticAverageOptimizer(Optimizer):
    """After Zhang, Choromanska and LeCun 2015, "Deep learning with Elastic Averaging SGD".

    `opt` trains a worker's variables, with a loss that also has `rho` (moving_rate / learning rate)
    times their squared distance from the center, over 2. Every `communication_period` steps they
    and the center move towards one another by `moving_rate` (BETA / period / num_worker) of it.
    """

    BETA = 0.9

    def __init__(
        self, opt: Any, num_worker: Any, ea_custom_getter: Any, communication_period: Any = 10,
        moving_rate: Any = None, rho: Any = None, use_locking: Any = True,
        synchronous: Any = False, name: str = "ElasticAverageOptimizer",
    ) -> None:  # fmt: skip
        super().__init__(use_locking, name)
        self._opt, self._num_worker, self._period = opt, num_worker, communication_period
        self._local_map = ea_custom_getter._local_map
        self._global_map = ea_custom_getter._global_map
        self._synchronous = synchronous
        usual = self.BETA / communication_period / num_worker
        self._moving_rate = usual if moving_rate is None else moving_rate
        self._rho = self._moving_rate / opt._learning_rate if rho is None else rho
        self._local_step = local_step()

    def compute_gradients(self, loss: Any, var_list: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Those of the loss and the distance from the center."""
        var_list = var_list or trainable_variables()
        centers = [self._local_map[variable] for variable in var_list]
        off = [sub(variable, center) for variable, center in zip(trainable_variables(), centers)]
        loss = loss + self._rho * add_n([l2_loss(each) for each in off])
        return self._opt.compute_gradients(loss, var_list, *args, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: Any = None
    ) -> Any:
        """A step of the worker, and where it is time one with the center, which `global_step`
        counts."""
        before = {variable.op.name for variable in global_variables()}
        applied = self._opt.apply_gradients(grads_and_vars)
        _localize({variable.op.name for variable in global_variables()} - before)
        with control_dependencies([applied]):
            step = counted(self._local_step)
        trained = [variable for gradient, variable in grads_and_vars if gradient is not None]
        with control_dependencies([step]):
            is_time = equal(floor_mod(self._local_step, self._period), 0)
            return cond(is_time, lambda: self._moved(trained, global_step), no_op)

    def _moved(self, trained: Any, global_step: Any) -> Any:
        centers = [self._global_map[variable] for variable in trained]
        known = [self._local_map[variable] for variable in trained]
        with control_dependencies([each.assign(center) for each, center in zip(known, centers)]):
            off = [mul(self._moving_rate, sub(variable, each.read_value()))
                   for variable, each in zip(trained, known)]  # fmt: skip
            updates = [assign_sub(variable, each) for variable, each in zip(trained, off)]
            updates += [assign_add(center, each) for center, each in zip(centers, off)]
            if global_step is not None:
                updates.append(assign_add(global_step, 1))
        return group(*updates)

    def get_init_op(self, task_index: Any) -> Any:
        """An Operation that lets the worker begin where the center is, all of them together where
        they are `synchronous`. ValueError where there are no variables."""
        trained = trainable_variables()
        if not trained:
            raise ValueError("The lists of local_variables, global_center_variables, "
                             "local_center_variables should not be empty  ")  # fmt: skip
        inits = []
        for variable in trained:
            center = self._global_map[variable]
            inits += [assign(variable, center), assign(self._local_map[variable], center)]
        init = group(*inits)
        return self._together(init, task_index) if self._synchronous else init

    def _together(self, init: Any, task_index: Any) -> Any:
        """`init`, and a wait until every worker has come as far."""
        queues = [FIFOQueue(self._num_worker, [bool_], shapes=[[]],
                            shared_name=f"variable_init_sync_queue{i}")
                  for i in range(self._num_worker)]  # fmt: skip
        with control_dependencies([init]):
            told = [queue.enqueue(constant(False)) for i, queue in enumerate(queues)
                    if i != task_index]  # fmt: skip
        return group(*told, queues[task_index].dequeue_many(len(queues) - 1))

    def make_session_run_hook(self, is_chief: Any, task_index: Any) -> InitHook:
        """A hook that runs `get_init_op`."""
        return InitHook(lambda: self.get_init_op(task_index))

    def swapping_saver(
        self, var_list: Any = None, name: str = "swapping_saver", **kwargs: Any
    ) -> Saver:
        """A Saver of `var_list` (all that is trained) that writes the center under its names.

        RuntimeError before the model is made.
        """
        if not self._global_map:
            raise RuntimeError(
                "global_center_variable is empty, please make sure this is called after model "
                "created and ElasticAverageCustomGetter is used when declaring you model"
            )
        named = trainable_variables() if var_list is None else var_list
        named = named if isinstance(named, dict) else op_list_to_dict(named)
        centers = {v.op.name: center for v, center in self._global_map.items()}

        def swapped(variable: Any) -> Any:
            if isinstance(variable, list):
                return [self._global_map.get(part, part) for part in variable]
            return centers.get(variable.op.name, variable)

        return Saver({key: swapped(each) for key, each in named.items()}, name=name, **kwargs)


def _localize(names: set[str]) -> None:
    """Make local variables of what the optimizer within has made."""
    graph = get_default_graph()
    everywhere = graph.get_collection_ref(GraphKeys.GLOBAL_VARIABLES)
    for variable in [each for each in everywhere if each.op.name in names]:
        graph.add_to_collection(GraphKeys.LOCAL_VARIABLES, variable)
        del everywhere[next(i for i, each in enumerate(everywhere) if each is variable)]

"""`tf.contrib.opt.MovingAverageOptimizer`: any optimizer, and the averages of what it trains."""
from __future__ import annotations

from typing import Any

from minitf.core.graph import control_dependencies
from minitf.ops.control_flow.control import group
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.variable_lists import global_variables
from minitf.train.moving_averages import ExponentialMovingAverage
from minitf.train.optimizer import Optimizer
from minitf.train.saveables import op_list_to_dict
from minitf.train.saver import Saver


class MovingAverageOptimizer(Optimizer):
    """Trains by `opt` and keeps moving averages of the variables, after each step, or beside it
    when not `sequential_update`.

    `swapping_saver` writes the averages where a plain Saver looks for the variables, so that a
    program that evaluates takes the averages without knowing of them.
    """

    def __init__(
        self,
        opt: Optimizer,
        average_decay: Any = 0.9999,
        num_updates: Any = None,
        sequential_update: bool = True,
    ) -> None:
        self._optimizer, self._sequential_update = opt, sequential_update
        self._ema = ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._swapped: dict[str, str] | None = None

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        """The gradients that the optimizer within computes."""
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: Any = None
    ) -> Any:
        """An Operation: a step of the optimizer within, and one of the averages."""
        step = self._optimizer.apply_gradients(grads_and_vars, global_step=global_step, name=name)
        trained = [variable for gradient, variable in grads_and_vars if gradient is not None]
        with control_dependencies([step] if self._sequential_update else []):
            averaged = self._ema.apply(trained)
        pairs = [(v.op.name, self._ema.average(v).op.name) for v in trained]
        self._swapped = dict(pairs) | {average: name for name, average in pairs}
        return group(step, averaged, name="train_with_avg")

    def swapping_saver(
        self, var_list: Any = None, name: str = "swapping_saver", **kwargs: Any
    ) -> Saver:
        """A Saver of `var_list` (all variables) that writes averages under the variables' names.

        RuntimeError before apply_gradients or minimize; ValueError when one of a pair is missing
        from `var_list`.
        """
        if self._swapped is None:
            raise RuntimeError("Must call apply_gradients or minimize before creating the "
                               "swapping_saver")  # fmt: skip
        named = global_variables() if var_list is None else var_list
        named = named if isinstance(named, dict) else op_list_to_dict(named)
        parts = dict(part for item in named.items() for part in _parts(*item))
        return Saver({key: self._other(parts, key, value) for key, value in named.items()},
                     name=name, **kwargs)  # fmt: skip

    def _other(self, parts: dict[str, Any], key: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._other(parts, part.op.name, part) for part in value]
        assert self._swapped is not None
        name = self._swapped.get(key)
        if name is not None and name not in parts:
            raise ValueError(f"Variable to swap {name} is not part of variables to save. This "
                             "breaks MovingAverageOptimizer.")  # fmt: skip
        return value if name is None else parts[name]


def _parts(key: str, value: Any) -> list[tuple[str, Any]]:
    """The variables, or parts of one, by the names they have in the graph."""
    if isinstance(value, (list, PartitionedVariable)):
        return [(part.op.name, part) for part in value]
    return [(key, value)]

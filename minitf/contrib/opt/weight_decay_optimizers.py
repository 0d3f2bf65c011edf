"""Optimizers that shrink the weights beside the step that the loss asks for (Loshchilov and Hutter
2019): `tf.contrib.opt.AdamWOptimizer`, `MomentumWOptimizer`, and any other made so."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import control_dependencies
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import no_op
from minitf.ops.state.assign import assign_sub, scatter_sub
from minitf.train.adam import AdamOptimizer
from minitf.train.momentum import MomentumOptimizer
from minitf.train.optimizer import Optimizer


class DecoupledWeightDecayExtension:
    """What an optimizer inherits from first, before another: each step begins with
    `w -= weight_decay * w`, for the rows that have a gradient where that is sparse.

    `weight_decay` is a number, a tensor or a function that gives one. It is no part of the
    learning rate: where that becomes smaller, the decay has to be made so, too.
    """

    def __init__(self, weight_decay: Any, **kwargs: Any) -> None:
        self._weight_decay, self._decay_var_list = weight_decay, None
        super().__init__(**kwargs)

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = Optimizer.GATE_OP,
        aggregation_method: Any = None,
        colocate_gradients_with_ops: bool = False,
        name: Any = None,
        grad_loss: Any = None,
        decay_var_list: Any = None,
    ) -> Any:
        """See `Optimizer.minimize`; only the variables `decay_var_list` decay, all without it."""
        self._decay_var_list = decay_var_list
        return super().minimize(  # type: ignore[misc]
            loss, global_step, var_list, gate_gradients, aggregation_method,
            colocate_gradients_with_ops, name, grad_loss,
        )  # fmt: skip

    def apply_gradients(
        self,
        grads_and_vars: Iterable[Any],
        global_step: Any = None,
        name: Any = None,
        decay_var_list: Any = None,
    ) -> Any:
        """See `Optimizer.apply_gradients`, and `minimize`."""
        decaying = decay_var_list or self._decay_var_list
        self._decaying = None if not decaying else {id(variable) for variable in decaying}
        self._decay_var_list = None
        return super().apply_gradients(grads_and_vars, global_step, name)  # type: ignore[misc]

    def _prepare(self) -> None:
        given = self._weight_decay
        self._factor = given() if callable(given) else given  # a number is of each variable's type
        self._weight_decay_tensor = convert_to_tensor(self._factor, name="weight_decay")
        super()._prepare()  # type: ignore[misc]

    def _decays(self, var: Any) -> bool:
        return self._decaying is None or id(var) in self._decaying

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        decayed = assign_sub(var, self._factor * var) if self._decays(var) else no_op()
        with control_dependencies([decayed]):
            return super()._apply_dense(grad, var)  # type: ignore[misc]

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        rows, decayed = grad.indices, no_op()
        if self._decays(var):
            decayed = scatter_sub(var, rows, self._factor * gather(var, rows))
        with control_dependencies([decayed]):
            return super()._apply_sparse(grad, var)  # type: ignore[misc]


def extend_with_decoupled_weight_decay(base_optimizer: type[Optimizer]) -> type[Optimizer]:
    """A class that trains as `base_optimizer` does and takes `weight_decay` as its first argument,
    the others by keyword.

    See `DecoupledWeightDecayExtension`.
    """

    class OptimizerWithDecoupledWeightDecay(  # type: ignore[misc]
        DecoupledWeightDecayExtension, base_optimizer  # type: ignore[valid-type]
    ):
        """An optimizer with weight decay."""

        def __init__(self, weight_decay: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(weight_decay, *args, **kwargs)

    return OptimizerWithDecoupledWeightDecay


class MomentumWOptimizer(DecoupledWeightDecayExtension, MomentumOptimizer):  # type: ignore[misc]
    """Momentum with weight decay."""

    _nodes = ((4, 6), (13, 14))

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "MomentumW",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(
            weight_decay, learning_rate=learning_rate, momentum=momentum, use_locking=use_locking,
            name=name, use_nesterov=use_nesterov,
        )  # fmt: skip


class AdamWOptimizer(DecoupledWeightDecayExtension, AdamOptimizer):  # type: ignore[misc]
    """Adam with weight decay."""

    _nodes = ((4, 8), (38, 48))

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdamW",
    ) -> None:
        super().__init__(
            weight_decay, learning_rate=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon,
            use_locking=use_locking, name=name,
        )  # fmt: skip

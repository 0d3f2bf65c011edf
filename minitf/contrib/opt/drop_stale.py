"""`tf.contrib.opt.DropStaleGradientOptimizer`: gradients that come too late are dropped."""
from minitf.core.constant import constant
from minitf.core.dtypes import float32
from minitf.core.graph import colocate_with, control_dependencies
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import identity, reshape
from minitf.ops.control_flow.branches import cond
from minitf.ops.math.elementwise import cast, less_equal
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable
from minitf.summary.numeric import scalar
from minitf.train.global_step import get_global_step
from minitf.train.optimizer import Optimizer


class DropStaleGradientOptimizer(Optimizer):
    """Trains by `opt` on gradients that are at most `staleness` global steps old: between their
    computation and their use other workers may have made steps."""

    def __init__(self, opt, staleness, use_locking=False, name="DropStaleGradient"):
        super().__init__(use_locking, name)
        self._opt, self._staleness = opt, staleness

    def compute_gradients(self, loss, *args, **kwargs):
        """Those of the optimizer within; the global step is read before the loss."""
        with colocate_with(loss):
            self._local_step = get_global_step() + 0
        with control_dependencies([self._local_step]):
            return self._opt.compute_gradients(identity(loss), *args, **kwargs)

    def get_slot(self, *args, **kwargs):
        """That of the optimizer within."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        """Those of the optimizer within."""
        return self._opt.get_slot_names(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """How many gradients were dropped until now; the step of the optimizer within is made
        unless these are too old."""
        with colocate_with(global_step):
            dropped = get_variable("stale_counter", [], initializer=Zeros(), trainable=False)

        def accept():
            step = self._opt.apply_gradients(grads_and_vars, global_step=global_step, name=name)
            with control_dependencies([step]):
                return constant(0.0)

        found = [grad if isinstance(grad, Tensor) else grad.op
                 for grad, _ in grads_and_vars if grad is not None]  # fmt: skip
        with control_dependencies(found), colocate_with(global_step):
            age = reshape(global_step.read_value() - self._local_step, [])
        fresh = less_equal(age, cast(self._staleness, age.dtype))
        counted = dropped.assign_add(cond(fresh, accept, lambda: constant(1.0)))
        scalar("Gradient staleness percentage", dropped / cast(global_step + 1, float32))
        return counted

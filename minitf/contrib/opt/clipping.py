"""Optimizers around another: `tf.contrib.opt.VariableClippingOptimizer`,
`MultitaskOptimizerWrapper`."""
from minitf import logging
from minitf.core.graph import colocate_with, control_dependencies, name_scope
from minitf.core.indexed_slices import IndexedSlices
from minitf.ops.array.basics import zeros
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.clip import clip_by_global_norm, clip_by_norm
from minitf.ops.math.elementwise import equal
from minitf.ops.reduction.norms import global_norm
from minitf.ops.reduction.reduce import count_nonzero
from minitf.ops.state.assign import assign_sub, scatter_sub
from minitf.train.optimizer import Optimizer


class VariableClippingOptimizer(Optimizer):
    """Trains by `opt`, then shortens what has become longer than `max_norm`.

    `vars_to_clip_dims` is {variable: the axes that its lengths are taken over}: [1] for the rows
    of a matrix. Of sparse gradients only the rows that they have are looked at. Variables lie where
    they are, `colocate_clip_ops_with_vars` or not.
    """

    def __init__(self, opt, vars_to_clip_dims, max_norm, use_locking=False,
                 colocate_clip_ops_with_vars=False, name="VariableClipping"):  # fmt: skip
        super().__init__(use_locking, name)
        self._opt, self._max_norm = opt, max_norm
        self._vars_to_clip_dims = {var: dims[:] for var, dims in vars_to_clip_dims.items()}

    def compute_gradients(self, *args, **kwargs):
        """Those of the optimizer within."""
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, *args, **kwargs):
        """That of the optimizer within."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        """Those of the optimizer within."""
        return self._opt.get_slot_names(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """An Operation: a step of the optimizer within, then the clipping."""
        with name_scope(name, self._name) as scope:
            step = self._opt.apply_gradients(grads_and_vars, global_step=global_step)
            with control_dependencies([step]):
                clipped = [
                    self._clipped(grad, var) for grad, var in grads_and_vars
                    if grad is not None and var in self._vars_to_clip_dims
                ]  # fmt: skip
            return group(step, *clipped, name=scope)

    def _clipped(self, grad, var):
        axes = self._vars_to_clip_dims[var]
        with name_scope(f"clip_{var.op.name}"), colocate_with(var):
            if isinstance(grad, IndexedSlices) and 0 not in axes:
                rows = gather(var.read_value(), grad.indices)
                return scatter_sub(var, grad.indices, self._excess(rows, axes))
            if isinstance(grad, IndexedSlices):
                logging.warning("Clipping norm across dims %s for %s is inefficient when "
                                "including sparse dimension 0.", axes, var.op.name)  # fmt: skip
            return assign_sub(var, self._excess(var.read_value(), axes))

    def _excess(self, values, axes):
        return values - clip_by_norm(values, self._max_norm, axes)


def _is_all_zeros(grad):
    return equal(count_nonzero(grad), 0)


class MultitaskOptimizerWrapper:
    """An optimizer that does not move variables, nor their slots, whose gradient is all zeros:
    with several tasks, those of a task that the batch is not of.

    All else is as `opt` has it, which is changed. TypeError for what is no Optimizer.
    """

    def __init__(self, opt):
        if not isinstance(opt, Optimizer):
            raise TypeError("Supplied optimizer must be an instance of tf.train.Optimizer")
        self._opt = opt
        for name in ("_apply_dense", "_apply_sparse"):
            setattr(opt, name, _unless_zero(getattr(opt, name)))

    def __getattr__(self, name):
        return getattr(self._opt, name)


def _unless_zero(apply):
    def applied(grad, *args, **kwargs):
        def step():
            with control_dependencies([apply(grad, *args, **kwargs)]):
                return no_op()

        values = grad.values if isinstance(grad, IndexedSlices) else grad
        return cond(_is_all_zeros(values), no_op, step)

    return applied


def clip_gradients_by_global_norm(gradients_variables, clip_norm=20.0):
    """([(gradient, variable)], their norm) with the gradients scaled such that the norm of all is
    `clip_norm` at most. Gradients that are all zeros do not count, whatever their shape is."""
    gradients, variables = zip(*gradients_variables)

    def counted(grad):
        if grad is None:
            return None
        return cond(_is_all_zeros(grad), lambda: zeros([], grad.dtype), lambda: grad)

    norm = global_norm([counted(grad) for grad in gradients])
    clipped, _ = clip_by_global_norm(gradients, clip_norm, use_norm=norm)
    return list(zip(clipped, variables)), norm

"""Kin of Adam: `tf.contrib.opt.LazyAdamOptimizer`, `tf.contrib.opt.NadamOptimizer`."""
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import sqrt, square
from minitf.ops.state.assign import assign_add, assign_sub, scatter_sub, scatter_update
from minitf.train.adam import AdamOptimizer, _decayed


class LazyAdamOptimizer(AdamOptimizer):
    """Adam that leaves rows alone which have no gradient: quicker for large embeddings.

    Their means do not decay, so that what is learned differs from Adam's.
    """

    _nodes = ((1, 3), (41, 39))

    def _apply_sparse(self, grad, var):
        m, v, rows = self.get_slot(var, "m"), self.get_slot(var, "v"), grad.indices
        rate, beta1, beta2, epsilon = self._constants(var)
        new_m = beta1 * gather(m, rows) + (1 - beta1) * grad.values
        new_v = beta2 * gather(v, rows) + (1 - beta2) * square(grad.values)
        m, v = scatter_update(m, rows, new_m), scatter_update(v, rows, new_v)
        step = scatter_sub(var, rows, rate * new_m / (sqrt(new_v) + epsilon))
        return group(step, m, v)


class NadamOptimizer(AdamOptimizer):
    """Adam with Nesterov's momentum, after Dozat 2015."""

    _nodes = ((1, 3), (40, 49))

    def _apply_dense(self, grad, var):
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        rate, beta1, beta2, epsilon = self._constants(var)
        m = assign_add(m, (grad - m) * (1 - beta1))
        v = assign_add(v, (square(grad) - v) * (1 - beta2))
        ahead = beta1 * m + (1 - beta1) * grad
        return assign_sub(var, rate * ahead / (sqrt(v) + epsilon)).op

    def _apply_sparse(self, grad, var):
        m, v, rows = self.get_slot(var, "m"), self.get_slot(var, "v"), grad.indices
        rate, beta1, beta2, epsilon = self._constants(var)
        scaled = grad.values * (1 - beta1)
        m = _decayed(m, beta1, rows, scaled)
        v = _decayed(v, beta2, rows, grad.values * grad.values * (1 - beta2))
        ahead = scaled + beta1 * gather(m, rows)
        step = scatter_sub(var, rows, rate * ahead / (sqrt(gather(v, rows)) + epsilon))
        return group(step, m, v)

"""`tf.contrib.opt.ShampooOptimizer`: a matrix for each axis of a variable turns its gradients."""
from minitf.contrib.opt.matrix_roots import matrix_inverse_pth_root, matrix_square_root
from minitf.core.dtypes import float32
from minitf.core.graph import colocate_with
from minitf.ops.array.basics import identity, shape, zeros, zeros_like
from minitf.ops.array.indexing import gather, scatter_nd
from minitf.ops.array.masks import where
from minitf.ops.control_flow.branches import cond
from minitf.ops.linalg.contraction import tensordot
from minitf.ops.linalg.diagonal import eye
from minitf.ops.linalg.eigen import svd
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, greater, maximum
from minitf.ops.math.elementwise import floor_mod as mod
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.assign import assign, assign_add, assign_sub, scatter_add, scatter_sub
from minitf.train.optimizer import Optimizer


def _at(value, step):
    return value(step) if callable(value) else value


class ShampooOptimizer(Optimizer):
    """Steps along the gradient, multiplied along each axis by the power -`alpha` / rank of the sum
    of its products with itself (Gupta et al. 2018).

    An axis longer than `max_matrix_size` has only the diagonal of that. `gbar_decay` and
    `gbar_weight` make a running mean of the gradients, `mat_gbar_decay` and `mat_gbar_weight` one
    of the matrices; these two, the rate, the intervals and `alpha` may be functions of the step.
    Powers are computed each `svd_interval` steps, matrices each `precond_update_interval`, by
    iteration with `use_iterative_root`.
    """

    def __init__(
        self, global_step=0, max_matrix_size=768, gbar_decay=0.0, gbar_weight=1.0,
        mat_gbar_decay=1.0, mat_gbar_weight=1.0, learning_rate=1.0, svd_interval=1,
        precond_update_interval=1, epsilon=1e-4, alpha=0.5, use_iterative_root=False,
        use_locking=False, name="Shampoo",
    ):  # fmt: skip
        super().__init__(use_locking, name)
        self._global_step = cast(global_step, float32)
        self._max_matrix_size, self._gbar_decay = max_matrix_size, gbar_decay
        self._gbar_weight, self._mat_gbar_decay = gbar_weight, mat_gbar_decay
        self._mat_gbar_weight, self._learning_rate = mat_gbar_weight, learning_rate
        self._svd_interval, self._precond_update_interval = svd_interval, precond_update_interval
        self._epsilon, self._alpha, self._use_iterative_root = epsilon, alpha, use_iterative_root

    def _create_slots(self, var_list):
        for var in var_list:
            with colocate_with(var):
                self._zeros_slot(var, "gbar", self._name)
                for i, size in enumerate(var.shape.as_list()):
                    self._create_matrix(var, i, size)

    def _create_matrix(self, var, i, size):
        start = zeros([size, size]) if size <= self._max_matrix_size else zeros([size])
        if size <= self._max_matrix_size and self._svd_interval != 1:
            self._get_or_make_slot(var, eye(size), f"H_{i}", self._name)
        self._get_or_make_slot(var, start, f"Gbar_{i}", self._name)

    def _apply_dense(self, grad, var):
        return self._applied(grad, var)

    def _apply_sparse(self, grad, var):
        if var.shape[0].value > self._max_matrix_size and self._gbar_decay == 0.0:
            return self._applied(grad.values, var, grad.indices)
        rows = grad.indices
        dense = scatter_nd(rows[:, None], grad.values, shape(var, out_type=rows.dtype))
        return self._applied(dense, var)

    @staticmethod
    def _mean(var, decay, decay_now, new):
        if decay == 0.0:
            return new
        if decay == 1.0:
            return assign_add(var, new)
        return assign_add(var, (decay_now - 1) * var + new)

    def _applied(self, grad, var, rows=None):
        step = self._global_step + 1
        found = grad
        if rows is None:
            found = self._mean(self.get_slot(var, "gbar"), self._gbar_decay,
                               _at(self._gbar_decay, step),
                               _at(self._gbar_weight, step) * grad)  # fmt: skip
        sizes = var.shape.as_list()
        exponent = -_at(self._alpha, step) / len(sizes)
        for i, size in enumerate(sizes):
            if size <= self._max_matrix_size:
                power = self._power_of_axis(var, grad, i, step, exponent)
                found = tensordot(found, power, axes=([0], [0]), name=f"precond_{i}")
            else:
                power = self._power_of_diagonal(var, grad, i, step, exponent, rows)
                found = transpose(found, [*range(1, len(sizes)), 0]) * power
        change = _at(self._learning_rate, step) * found
        return scatter_sub(var, rows, change) if rows is not None else assign_sub(var, change)

    def _others(self, var, i):
        return [k for k in range(var.shape.ndims) if k != i]

    def _power_of_axis(self, var, grad, i, step, exponent):
        kept, size = self.get_slot(var, f"Gbar_{i}"), var.shape[i].value
        every = _at(self._precond_update_interval, step)
        weight = _at(self._mat_gbar_weight, step) * every

        def updated():
            axes = self._others(var, i)
            outer = tensordot(grad, grad, axes=(axes, axes), name=f"grad_outer_{i}")
            return self._mean(kept, self._mat_gbar_decay, _at(self._mat_gbar_decay, step),
                              weight * outer)  # fmt: skip

        matrix = cond(mod(step, every) < 1, updated, lambda: identity(kept)) / float(size)
        if self._svd_interval == 1:
            return self._power(matrix, size, exponent)
        power = self.get_slot(var, f"H_{i}")
        return cond(mod(step, _at(self._svd_interval, step)) < 1,
                    lambda: assign(power, self._power(matrix, size, exponent)),
                    lambda: identity(power))  # fmt: skip

    def _power(self, matrix, size, exponent):
        if self._use_iterative_root:
            root = matrix_square_root(matrix, size, 100, self._epsilon)
            return matrix_inverse_pth_root(root, size, 2 * exponent, 100, ridge_epsilon=0.0)
        if size == 1:
            return (matrix + self._epsilon) ** exponent
        values, u, v = svd(matrix + self._epsilon * eye(size), full_matrices=True)
        return matmul(v * maximum(values, self._epsilon) ** exponent, transpose(u))

    def _power_of_diagonal(self, var, grad, i, step, exponent, rows):
        kept, axes = self.get_slot(var, f"Gbar_{i}"), self._others(var, i)
        outer = grad * grad
        if axes:
            outer = reduce_sum(outer, axis=axes) / (1.0 if rows is not None else var.shape[i].value)
        outer *= _at(self._mat_gbar_weight, step)
        if i == 0 and rows is not None:
            assert self._mat_gbar_decay == 1.0
            diagonal = gather(scatter_add(kept, rows, outer), rows)
        else:
            diagonal = self._mean(kept, self._mat_gbar_decay, _at(self._mat_gbar_decay, step),
                                  outer)  # fmt: skip
        return where(greater(diagonal, 0), diagonal**exponent, zeros_like(diagonal))

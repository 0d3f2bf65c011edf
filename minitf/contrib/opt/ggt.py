"""`tf.contrib.opt.GGTOptimizer`: the latest gradients as a matrix that turns the next."""
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.ops.array.basics import reshape, zeros
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group
from minitf.ops.linalg.diagonal import eye, matrix_diag
from minitf.ops.linalg.eigen import svd
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, minimum, sqrt
from minitf.ops.math.elementwise import floor_mod as floormod
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.reduce import reduce_min
from minitf.ops.state.assign import assign, assign_add, assign_sub, scatter_update
from minitf.train.optimizer import Optimizer


class GGTOptimizer(Optimizer):
    """Steps by the inverse root of G * G', of the last `window` running means G of the gradient of
    all variables (Agarwal et al. 2018).

    `beta1` is of that mean, `svd_eps` is added to what is decomposed and `sigma_eps` to what is
    inverted; below `eps` there is no step outside the window. NotImplementedError for sparse
    gradients.
    """

    def __init__(self, learning_rate=0.001, beta1=0.9, use_locking=False, name="GGT", window=10,
                 eps=1e-4, svd_eps=1e-6, sigma_eps=1e-2):  # fmt: skip
        super().__init__(use_locking, name)
        self._rate, self._beta1, self._window = learning_rate, beta1, window
        self._eps, self._svd_eps, self._sigma_eps = eps, svd_eps, sigma_eps
        self._places = {}

    def _create_slots(self, var_list):
        ends = 0
        for var in sorted(var_list, key=lambda each: each.name):
            start, ends = ends, ends + var.shape.num_elements()
            self._places[var.name] = slice(start, ends)
        first, dtype = var_list[0], var_list[0].dtype.base_dtype
        for name, start in (
            ("global_step", cast(0.0, dtype)), ("grad_buffer", zeros([self._window, ends], dtype)),
            ("moment1", zeros([ends], dtype)), ("flat_grad", zeros([ends], dtype)),
        ):  # fmt: skip
            self._create_non_slot_variable(start, name, first)

    def _kept(self, name):
        return self._get_non_slot_variable(name, get_default_graph())

    def _prepare(self):
        self._trained = []

    def _apply_dense(self, grad, var):
        self._trained.append(var)
        place = self._places[var.name]
        return scatter_update(self._kept("flat_grad"), range_(place.start, place.stop),
                              reshape(grad, [-1])).op  # fmt: skip

    def _apply_sparse(self, grad, var):
        raise NotImplementedError("Sparse gradient updates are not supported.")

    def _finish(self, update_ops, name_scope):
        dtype = self._trained[0].dtype.base_dtype
        rate, beta1 = (cast(self._call_if_callable(each), dtype)
                       for each in (self._rate, self._beta1))  # fmt: skip
        with control_dependencies(update_ops):
            moment = self._kept("moment1")
            flat = self._kept("flat_grad").read_value()
            moment = assign(moment, beta1 * moment + (1.0 - beta1) * flat)
            step = assign_add(self._kept("global_step"), cast(1.0, dtype))
            place = floormod(cast(step - 1.0, int32), self._window)
            past = scatter_update(self._kept("grad_buffer"), place, moment)
            change = rate * self._turned(past, expand_dims(moment, -1), step, dtype)
            steps = []
            for var in self._trained:
                part = reshape(change[self._places[var.name]], var.shape)
                steps.append(assign_sub(var, part).op)
            return group(*steps, name=name_scope)

    def _turned(self, past, moment, step, dtype):
        """The moment [n, 1] times the inverse root."""
        count = sqrt(minimum(step, cast(self._window, dtype)))
        m = transpose(past / count)
        damping = cast(eye(self._window), dtype) * self._svd_eps
        sigma, u, _ = svd(matmul(m, m, transpose_a=True) + damping)
        roots = sqrt(sigma)
        inverse = 1.0 / (roots + self._sigma_eps) ** 3

        def within(weights):
            inner = matmul(u, matmul(m, moment, transpose_a=True), transpose_a=True)
            return matmul(m, matmul(u, matmul(matrix_diag(weights), inner)))

        head, least = within(inverse), reduce_min(roots)
        tail = (moment - within(1.0 / sigma)) / least
        return cond(least > self._eps, lambda: head + tail, lambda: head)

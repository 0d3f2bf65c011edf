"""Steps as long as the weights are, for large batches: `tf.contrib.opt.LARSOptimizer`."""
from minitf.ops.array.basics import ones_like
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import greater, sqrt, square
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.assign import assign, assign_sub
from minitf.train.momentum import MomentumOptimizer


class LARSOptimizer(MomentumOptimizer):
    """Momentum in which each variable has a rate of its own, after You et al. 2017:
    `learning_rate * eeta * |w| / (|gradient| + weight_decay * |w| + epsilon)`.

    Variables with a part of their name in `skip_list` are trained by plain momentum, and so are
    rows. ValueError for a negative `momentum` or `weight_decay`.
    """

    def __init__(self, learning_rate, momentum=0.9, weight_decay=0.0001, eeta=0.001, epsilon=0.0,
                 name="LARSOptimizer", skip_list=None, use_nesterov=False):  # fmt: skip
        if momentum < 0.0:
            raise ValueError(f"momentum should be positive: {momentum}")
        if weight_decay < 0.0:
            raise ValueError(f"weight_decay should be positive: {weight_decay}")
        super().__init__(learning_rate, momentum, False, name, use_nesterov)
        self._weight_decay, self._eeta, self._epsilon = weight_decay, eeta, epsilon
        self._skip_list = skip_list

    def compute_lr(self, grad, var):
        """(the rate of a variable, its gradient with that of the weight decay)."""
        if any(each in var.name for each in self._skip_list or ()):
            return self._learning_rate, grad
        w, g = (sqrt(reduce_sum(square(each))) for each in (var, grad))
        found = self._eeta * w / (g + self._weight_decay * w + self._epsilon)
        ratio = where(greater(w, 0), where(greater(g, 0), found, ones_like(g)), ones_like(g))
        return self._learning_rate * ratio, grad + self._weight_decay * var

    def _apply_dense(self, grad, var):
        rate, grad = self.compute_lr(grad, var)
        slot, momentum = self.get_slot(var, "momentum"), self._constants(var)[1]
        scaled = grad * rate
        velocity = assign(slot, slot * momentum + scaled)
        step = scaled + velocity * momentum if self._use_nesterov else velocity
        return assign_sub(var, step, name="ApplyMomentum").op

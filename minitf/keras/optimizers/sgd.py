"""Gradient descent, plain or with momentum."""
import minitf as tf
from minitf.keras.optimizers.base import Optimizer


def checked_momentum(momentum):
    """Whether there is one. ValueError for one outside [0, 1]."""
    if isinstance(momentum, (int, float)) and not 0 <= momentum <= 1:
        raise ValueError("`momentum` must be between [0, 1].")
    return tf.is_tensor(momentum) or callable(momentum) or momentum > 0


class SGD(Optimizer):
    """`w -= learning_rate * gradient`; with momentum

        v = momentum * v - learning_rate * gradient
        w += v

    and with `nesterov`, w += momentum * v - learning_rate * gradient instead.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, name="SGD", **kwargs):
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._momentum = checked_momentum(momentum)
        self._set_hyper("momentum", momentum)
        self.nesterov = nesterov
        self._nodes = (0, 1, 8 if self._momentum else 3)

    def _create_slots(self, var_list):
        for var in var_list if self._momentum else ():
            self.add_slot(var, "momentum")

    def _coefficients_of(self, dtype):
        momentum = tf.identity(self._get_hyper("momentum", dtype))
        return super()._coefficients_of(dtype) | {"momentum": momentum}

    def _resource_apply_dense(self, grad, var):
        c = self._shared(var)
        if not self._momentum:
            return tf.assign_sub(var, c["lr"] * grad).op
        slot = self.get_slot(var, "momentum")
        velocity = tf.assign(slot, c["momentum"] * slot - c["lr"] * grad)
        return tf.assign_add(var, self._step(velocity, grad, c)).op

    def _step(self, velocity, grad, c):
        return c["momentum"] * velocity - c["lr"] * grad if self.nesterov else velocity

    def _resource_apply_sparse_duplicate_indices(self, grad, var, indices):
        if self._momentum:
            return super()._resource_apply_sparse_duplicate_indices(grad, var, indices)
        return tf.scatter_sub(var, indices, grad * self._shared(var)["lr"]).op

    def _resource_apply_sparse(self, grad, var, indices):
        c, slot = self._shared(var), self.get_slot(var, "momentum")
        velocity = c["momentum"] * tf.gather(slot, indices) - c["lr"] * grad
        kept = tf.scatter_update(slot, indices, velocity)
        return tf.group(kept, tf.scatter_add(var, indices, self._step(velocity, grad, c)))

    def get_config(self):
        rates = self._rates("learning_rate", "decay", "momentum")
        return super().get_config() | rates | {"nesterov": self.nesterov}

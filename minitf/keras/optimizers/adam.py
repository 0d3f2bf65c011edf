"""Adam and its kin: steps along a running mean of the gradient, in units of its size."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.optimizers import schedules
from minitf.keras.optimizers.base import Optimizer


class _Moments(Optimizer):
    """What keeps running means of the gradient, m, and of its size, v."""

    def _set(self, learning_rate, beta_1, beta_2, epsilon, kwargs):
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("beta_1", beta_1)
        self._set_hyper("beta_2", beta_2)
        self.epsilon = epsilon or K.epsilon()

    def _create_slots(self, var_list):
        for name in ("m", "v"):
            for var in var_list:
                self.add_slot(var, name)

    def _coefficients_of(self, dtype):
        """Both decays, and the power of the first one at this step."""
        shared = super()._coefficients_of(dtype)
        step = tf.cast(self.iterations + 1, dtype)
        beta_1 = tf.identity(self._get_hyper("beta_1", dtype))
        beta_2 = tf.identity(self._get_hyper("beta_2", dtype))
        return shared | {
            "step": step, "beta_1": beta_1, "beta_2": beta_2, "power_1": tf.pow(beta_1, step),
            "rest_1": 1 - beta_1, "rest_2": 1 - beta_2,
        }  # fmt: skip

    def _decayed(self, var, name, beta, indices, new):
        """A slot of which all rows decay, and some are added to."""
        slot = self.get_slot(var, name)
        with tf.control_dependencies([tf.assign(slot, slot * beta)]):
            return tf.scatter_add(slot, indices, new)

    def get_config(self):
        rates = self._rates("learning_rate", "decay", "beta_1", "beta_2")
        return super().get_config() | rates | {"epsilon": self.epsilon}


class Adam(_Moments):
    """Steps scaled by running means of the gradient and of its square (Kingma and Ba 2015).

        m += (1 - beta_1) * (gradient - m)
        v += (1 - beta_2) * (gradient ** 2 - v)
        w -= learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (sqrt(v) + epsilon)

    `amsgrad` takes the largest v so far (Reddi et al. 2018).
    """

    def __init__(
        self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False,
        name="Adam", **kwargs,
    ):  # fmt: skip
        super().__init__(name, **kwargs)
        self._set(learning_rate, beta_1, beta_2, epsilon, kwargs)
        self.amsgrad = amsgrad
        self._nodes = (1, 1, 34 if amsgrad else 29)

    def _create_slots(self, var_list):
        super()._create_slots(var_list)
        for var in var_list if self.amsgrad else ():
            self.add_slot(var, "vhat")

    def _coefficients_of(self, dtype):
        c = super()._coefficients_of(dtype)
        power_2 = tf.pow(c["beta_2"], c["step"])
        rate = c["lr"] * (tf.sqrt(1 - power_2) / (1 - c["power_1"]))
        return c | {"corrected": rate}

    def set_weights(self, weights):
        """Give the variables values; those of Keras itself have three for each variable."""
        count = (len(self.weights) - 1) // 2
        if len(weights) == 3 * count + 1:
            weights = weights[: len(self.weights)]
        super().set_weights(weights)

    def _resource_apply_dense(self, grad, var):
        c, m, v = self._shared(var), self.get_slot(var, "m"), self.get_slot(var, "v")
        m = tf.assign_add(m, (grad - m) * c["rest_1"])
        v = tf.assign_add(v, (tf.square(grad) - v) * c["rest_2"])
        return self._moved(var, m, v)

    def _moved(self, var, m, v):
        if self.amsgrad:
            largest = self.get_slot(var, "vhat")
            v = tf.assign(largest, tf.maximum(largest, v))
        return tf.assign_sub(
            var, m * self._shared(var)["corrected"] / (tf.sqrt(v) + self.epsilon)
        ).op

    def _resource_apply_sparse(self, grad, var, indices):
        c = self._shared(var)
        m = self._decayed(var, "m", c["beta_1"], indices, grad * c["rest_1"])
        v = self._decayed(var, "v", c["beta_2"], indices, grad * grad * c["rest_2"])
        return tf.group(self._moved(var, m, v), m, v)

    def get_config(self):
        return super().get_config() | {"amsgrad": self.amsgrad}


class Adamax(_Moments):
    """Adam with the largest gradient so far in place of the root of squares.

        m = beta_1 * m + (1 - beta_1) * gradient
        v = max(beta_2 * v, abs(gradient))
        w -= learning_rate / (1 - beta_1**t) * m / (v + epsilon)
    """

    _nodes = (1, 1, 27)

    def __init__(
        self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, name="Adamax", **kwargs
    ):
        super().__init__(name, **kwargs)
        self._set(learning_rate, beta_1, beta_2, epsilon, kwargs)

    def _coefficients_of(self, dtype):
        c = super()._coefficients_of(dtype)
        return c | {"corrected": c["lr"] / (1 - c["power_1"])}

    def _step(self, m, v, c):
        return c["corrected"] * (m / (v + self.epsilon))

    def _resource_apply_dense(self, grad, var):
        c, m, v = self._shared(var), self.get_slot(var, "m"), self.get_slot(var, "v")
        m = tf.assign_add(m, (grad - m) * c["rest_1"])
        v = tf.assign(v, tf.maximum(c["beta_2"] * v, tf.abs(grad)))
        return tf.assign_sub(var, self._step(m, v, c)).op

    def _resource_apply_sparse(self, grad, var, indices):
        c, slots = self._shared(var), [self.get_slot(var, name) for name in ("m", "v")]
        m, v = (tf.gather(slot, indices) for slot in slots)
        m = m * c["beta_1"] + grad * c["rest_1"]
        v = tf.maximum(v * c["beta_2"], tf.abs(grad))
        kept = [tf.scatter_update(slot, indices, new) for slot, new in zip(slots, (m, v))]
        return tf.group(tf.scatter_sub(var, indices, self._step(m, v, c)), *kept)


class Nadam(_Moments):
    """Adam with Nesterov's momentum (Dozat 2015), whose decay grows with the steps.

    Keyword `schedule_decay`. ValueError for a schedule as the learning rate.
    """

    _nodes = (3, 29, 39)

    def __init__(
        self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, name="Nadam", **kwargs
    ):
        kwargs["decay"] = kwargs.pop("schedule_decay", 0.004)
        rate = kwargs.get("lr", learning_rate)
        if isinstance(rate, schedules.LearningRateSchedule):
            raise ValueError(
                "The Nadam optimizer does not support tf.keras.optimizers.LearningRateSchedules "
                "as the learning rate."
            )
        super().__init__(name, **kwargs)
        self._set(learning_rate, beta_1, beta_2, epsilon, kwargs)
        self._m_cache = None

    def _create_slots(self, var_list):
        if self._m_cache is None:
            self._m_cache = self.add_weight(
                "momentum_cache", shape=[], dtype=var_list[0].dtype.base_dtype,
                initializer="ones", trainable=False,
            )  # fmt: skip
            self._weights.append(self._m_cache)
        super()._create_slots(var_list)

    def _decayed_lr(self, dtype):
        return self._get_hyper("learning_rate", dtype)

    def _prepare(self, var_list):
        self._product = tf.identity(self._m_cache)  # of all momenta before this step
        return super()._prepare(var_list)

    def _coefficients_of(self, dtype):
        c = super()._coefficients_of(dtype)
        base, decay = tf.cast(0.96, dtype), self._initial_decay
        now = c["beta_1"] * (1.0 - 0.5 * tf.pow(base, decay * c["step"]))
        after = c["beta_1"] * (1.0 - 0.5 * tf.pow(base, decay * (c["step"] + 1)))
        product = tf.cast(self._product, dtype) * now
        if dtype is self._m_cache.dtype.base_dtype:
            product = tf.identity(tf.assign(self._m_cache, product))
        return c | {
            "now": 1.0 - now, "after": after, "product": 1.0 - product,
            "next_product": 1.0 - product * after,
            "power_2": 1.0 - tf.pow(c["beta_2"], c["step"]),
        }  # fmt: skip

    def _step(self, grad, m, v, c):
        mean = c["now"] * (grad / c["product"]) + c["after"] * (m / c["next_product"])
        return c["lr"] * mean / (tf.sqrt(v / c["power_2"]) + self.epsilon)

    def _resource_apply_dense(self, grad, var):
        c, m, v = self._shared(var), self.get_slot(var, "m"), self.get_slot(var, "v")
        m = tf.assign(m, c["beta_1"] * m + c["rest_1"] * grad)
        v = tf.assign(v, c["beta_2"] * v + c["rest_2"] * tf.square(grad))
        return tf.assign_sub(var, self._step(grad, m, v, c)).op

    def _resource_apply_sparse(self, grad, var, indices):
        c = self._shared(var)
        m = self._decayed(var, "m", c["beta_1"], indices, grad * c["rest_1"])
        v = self._decayed(var, "v", c["beta_2"], indices, grad * grad * c["rest_2"])
        step = self._step(grad, tf.gather(m, indices), tf.gather(v, indices), c)
        return tf.group(tf.scatter_sub(var, indices, step), m, v)

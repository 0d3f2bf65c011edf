"""Optimizers that divide steps by the size of gradients so far: RMSprop, Adagrad, Adadelta, Ftrl.
"""
import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.optimizers.sgd import checked_momentum


class _Counted(Optimizer):
    """Takes the weights that older versions saved, which did not count steps."""

    def set_weights(self, weights):
        """Give the variables values."""
        if len(self.weights) == len(weights) + 1:
            weights = [np.array(0), *weights]
        super().set_weights(weights)


class RMSprop(_Counted):
    """Steps divided by the root of a running mean of the squared gradient (Hinton 2012).

        rms = rho * rms + (1 - rho) * gradient ** 2
        w -= learning_rate * gradient / (sqrt(rms) + epsilon)

    `centered` divides by the deviation from the running mean of the gradient instead. With
    `momentum`, epsilon is within the root.
    """

    def __init__(
        self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False,
        name="RMSprop", **kwargs,
    ):  # fmt: skip
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("rho", rho)
        self._momentum = checked_momentum(momentum)
        self._set_hyper("momentum", momentum)
        self.epsilon, self.centered = epsilon or K.epsilon(), centered
        composed = (1, 25, 35) if centered else (1, 16, 24)
        self._nodes = (1, 1, 8) if self._momentum else composed

    def _create_slots(self, var_list):
        names = ["rms", *["momentum"] * self._momentum, *["mg"] * self.centered]
        for name in names:
            for var in var_list:
                self.add_slot(var, name)

    def _coefficients_of(self, dtype):
        shared = super()._coefficients_of(dtype)
        rho = tf.identity(self._get_hyper("rho", dtype))
        momentum = tf.identity(self._get_hyper("momentum", dtype))
        epsilon = tf.convert_to_tensor(self.epsilon, dtype)
        return shared | {"rho": rho, "rest": 1.0 - rho, "momentum": momentum, "epsilon": epsilon}

    def _resource_apply_dense(self, grad, var):
        c, rms = self._shared(var), self.get_slot(var, "rms")
        rms = tf.assign(rms, c["rho"] * rms + c["rest"] * tf.square(grad))
        spread = rms
        if self.centered:
            mean = self.get_slot(var, "mg")
            mean = tf.assign(mean, c["rho"] * mean + c["rest"] * grad)
            spread = rms - tf.square(mean)
        if not self._momentum:
            step = c["lr"] * grad / (tf.sqrt(spread) + c["epsilon"])
            return tf.assign_sub(var, step).op
        velocity = self.get_slot(var, "momentum")
        step = c["lr"] * grad / tf.sqrt(spread + c["epsilon"])
        velocity = tf.assign(velocity, c["momentum"] * velocity + step)
        return tf.assign_sub(var, velocity).op

    def _resource_apply_sparse(self, grad, var, indices):
        # Without momentum all rows decay, with it those alone that have a gradient.
        c, run = self._shared(var), self._rows_moved if self._momentum else self._all_decayed
        rms, kept = run(var, "rms", tf.square(grad), indices)
        spread = rms
        if self.centered:
            mean, keep = run(var, "mg", grad, indices)
            spread, kept = rms - tf.square(mean), [*kept, *keep]
        if not self._momentum:
            step = c["lr"] * grad / (tf.sqrt(spread) + c["epsilon"])
            return tf.group(tf.scatter_sub(var, indices, step), *kept)
        slot = self.get_slot(var, "momentum")
        velocity = c["momentum"] * tf.gather(slot, indices)
        velocity += c["lr"] * grad / tf.sqrt(spread + c["epsilon"])
        kept = [*kept, tf.scatter_update(slot, indices, velocity)]
        return tf.group(tf.scatter_sub(var, indices, velocity), *kept)

    def _rows_moved(self, var, name, new, indices):
        c, slot = self._shared(var), self.get_slot(var, name)
        rows = c["rho"] * tf.gather(slot, indices) + c["rest"] * new
        return rows, [tf.scatter_update(slot, indices, rows)]

    def _all_decayed(self, var, name, new, indices):
        c, slot = self._shared(var), self.get_slot(var, name)
        with tf.control_dependencies([tf.assign(slot, slot * c["rho"])]):
            slot = tf.scatter_add(slot, indices, new * c["rest"])
        return tf.gather(slot, indices), [slot]

    def get_config(self):
        rates = self._rates("learning_rate", "decay", "rho", "momentum")
        own = {"epsilon": self.epsilon, "centered": self.centered}
        return super().get_config() | rates | own


class Adagrad(_Counted):
    """Steps divided by the root of the sum of all squared gradients so far (Duchi et al. 2011).

        accumulator += gradient ** 2
        w -= learning_rate * gradient / (sqrt(accumulator) + epsilon)

    ValueError for an accumulator that begins below 0.
    """

    _nodes = (3, 1, 8)

    def __init__(
        self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, name="Adagrad",
        **kwargs,
    ):  # fmt: skip
        if initial_accumulator_value < 0.0:
            raise ValueError(
                f"initial_accumulator_value must be non-negative: {initial_accumulator_value}"
            )
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon or K.epsilon()

    def _create_slots(self, var_list):
        for var in var_list:
            start = tf.constant_initializer(
                self._initial_accumulator_value, dtype=var.dtype.base_dtype
            )
            self.add_slot(var, "accumulator", start)

    def _step(self, grad, total, var):
        return self._shared(var)["lr"] * grad / (tf.sqrt(total) + self.epsilon)

    def _resource_apply_dense(self, grad, var):
        total = tf.assign_add(self.get_slot(var, "accumulator"), tf.square(grad))
        return tf.assign_sub(var, self._step(grad, total, var)).op

    def _resource_apply_sparse(self, grad, var, indices):
        slot = self.get_slot(var, "accumulator")
        total = tf.gather(slot, indices) + tf.square(grad)
        step = tf.scatter_sub(var, indices, self._step(grad, total, var))
        return tf.group(step, tf.scatter_update(slot, indices, total))

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = {"initial_accumulator_value": 0.0} | config
        return super().from_config(config, custom_objects)

    def get_config(self):
        return super().get_config() | self._rates("learning_rate", "decay") | {
            "initial_accumulator_value": self._initial_accumulator_value, "epsilon": self.epsilon
        }  # fmt: skip


class Adadelta(_Counted):
    """Steps in units of a running mean of earlier steps (Zeiler 2012).

        a = rho * a + (1 - rho) * gradient ** 2
        step = sqrt(b + epsilon) / sqrt(a + epsilon) * gradient
        b = rho * b + (1 - rho) * step ** 2
        w -= learning_rate * step
    """

    _nodes = (1, 1, 8)

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7, name="Adadelta", **kwargs):
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("rho", rho)
        self.epsilon = epsilon or K.epsilon()

    def _create_slots(self, var_list):
        for name in ("accum_grad", "accum_var"):
            for var in var_list:
                self.add_slot(var, name)

    def _coefficients_of(self, dtype):
        rho = tf.identity(self._get_hyper("rho", dtype))
        return super()._coefficients_of(dtype) | {"rho": rho}

    def _step(self, grad, squares, steps, var):
        """The step and both running means."""
        rho = self._shared(var)["rho"]
        squares = squares * rho + tf.square(grad) * (1 - rho)
        step = tf.sqrt(steps + self.epsilon) * tf.rsqrt(squares + self.epsilon) * grad
        return step, squares, steps * rho + tf.square(step) * (1 - rho)

    def _resource_apply_dense(self, grad, var):
        slots = [self.get_slot(var, name) for name in ("accum_grad", "accum_var")]
        step, *new = self._step(grad, *slots, var)
        kept = [tf.assign(slot, value) for slot, value in zip(slots, new)]
        return tf.group(tf.assign_sub(var, self._shared(var)["lr"] * step), *kept)

    def _resource_apply_sparse(self, grad, var, indices):
        slots = [self.get_slot(var, name) for name in ("accum_grad", "accum_var")]
        step, *new = self._step(grad, *(tf.gather(slot, indices) for slot in slots), var)
        kept = [tf.scatter_update(slot, indices, value) for slot, value in zip(slots, new)]
        return tf.group(tf.scatter_sub(var, indices, self._shared(var)["lr"] * step), *kept)

    def get_config(self):
        rates = self._rates("learning_rate", "decay", "rho")
        return super().get_config() | rates | {"epsilon": self.epsilon}


class Ftrl(Optimizer):
    """FTRL-Proximal: follow the regularized leader (McMahan et al. 2013).

    ValueError for a negative strength or accumulator, or a positive `learning_rate_power`.
    """

    _nodes = (1, 1, 8)

    def __init__(
        self, learning_rate=0.001, learning_rate_power=-0.5, initial_accumulator_value=0.1,
        l1_regularization_strength=0.0, l2_regularization_strength=0.0, name="Ftrl",
        l2_shrinkage_regularization_strength=0.0, **kwargs,
    ):  # fmt: skip
        super().__init__(name, **kwargs)
        self._check(locals())
        self._set_hyper("learning_rate", learning_rate)
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("learning_rate_power", learning_rate_power)
        self._set_hyper("l1_regularization_strength", l1_regularization_strength)
        self._set_hyper("l2_regularization_strength", l2_regularization_strength)
        self._initial_accumulator_value = initial_accumulator_value
        self._l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self._usual_power = learning_rate_power == -0.5

    @staticmethod
    def _check(given):
        for name, value in given.items():
            if name.endswith(("strength", "accumulator_value")) and value < 0.0:
                raise ValueError(f"{name} {value:f} needs to be positive or zero")
        if given["learning_rate_power"] > 0.0:
            power = given["learning_rate_power"]
            raise ValueError(f"learning_rate_power {power:f} needs to be negative or zero")

    def _create_slots(self, var_list):
        for var in var_list:
            start = tf.constant_initializer(
                self._initial_accumulator_value, dtype=var.dtype.base_dtype
            )
            self.add_slot(var, "accumulator", start)
            self.add_slot(var, "linear")

    def _coefficients_of(self, dtype):
        names = ("learning_rate_power", "l1_regularization_strength",
                 "l2_regularization_strength")  # fmt: skip
        own = {name: tf.identity(self._get_hyper(name, dtype)) for name in names}
        return super()._coefficients_of(dtype) | own

    def _step(self, grad, w, total, linear, var):
        """The new weights, accumulator and linear term."""
        c = self._shared(var)
        rate, power = c["lr"], c["learning_rate_power"]
        l1, l2 = c["l1_regularization_strength"], c["l2_regularization_strength"]
        new_total = total + tf.square(grad)
        if self._usual_power:
            new, old = tf.sqrt(new_total), tf.sqrt(total)
        else:
            new, old = tf.pow(new_total, -power), tf.pow(total, -power)
        shrinkage = self._l2_shrinkage_regularization_strength
        grad = grad + 2 * shrinkage * w if shrinkage > 0 else grad
        linear = linear + grad - (new - old) / rate * w
        solution = (tf.sign(linear) * l1 - linear) / (new / rate + 2 * l2)
        return tf.where(tf.abs(linear) > l1, solution, tf.zeros_like(solution)), new_total, linear

    def _kept(self, var):
        return [var, self.get_slot(var, "accumulator"), self.get_slot(var, "linear")]

    def _resource_apply_dense(self, grad, var):
        kept = self._kept(var)
        found = self._step(grad, *(each.value() for each in kept), var)
        return tf.group(*[tf.assign(*pair) for pair in zip(kept, found)])

    def _resource_apply_sparse(self, grad, var, indices):
        kept = self._kept(var)
        found = self._step(grad, *(tf.gather(each, indices) for each in kept), var)
        return tf.group(*[tf.scatter_update(k, indices, f) for k, f in zip(kept, found)])

    def get_config(self):
        rates = self._rates("learning_rate", "decay", "learning_rate_power",
                            "l1_regularization_strength",
                            "l2_regularization_strength")  # fmt: skip
        return super().get_config() | rates | {
            "initial_accumulator_value": self._initial_accumulator_value,
            "l2_shrinkage_regularization_strength": self._l2_shrinkage_regularization_strength,
        }

"""`tf.keras.optimizers.schedules`: learning rates that follow from the number of steps."""
import math

import minitf as tf
from minitf.keras.utils.serialize import deserialize_keras_object, serialize_keras_object


class LearningRateSchedule:
    """The base of schedules: called with a step, a tensor, it returns the rate."""

    def __call__(self, step):
        raise NotImplementedError("Learning rate schedule must override __call__")

    def get_config(self):
        """The arguments, as `from_config` takes them."""
        raise NotImplementedError("Learning rate schedule must override get_config")

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class _Schedule(LearningRateSchedule):
    """Keeps its arguments, from `locals()` of `__init__`."""

    def _keep(self, arguments):
        self._arguments = {k: v for k, v in arguments.items() if k not in ("self", "__class__")}
        for name, value in self._arguments.items():
            setattr(self, name, value)

    def get_config(self):
        return dict(self._arguments)

    def _ready(self, step, *others):
        """(initial rate, step, others) as tensors of one type."""
        rate = tf.convert_to_tensor(self.initial_learning_rate, name="initial_learning_rate")
        return rate, tf.cast(step, rate.dtype), *(tf.cast(each, rate.dtype) for each in others)


class ExponentialDecay(_Schedule):
    """initial * decay_rate ** (step / decay_steps), whole powers alone if `staircase`."""

    def __init__(
        self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None
    ):
        self._keep(locals())

    def __call__(self, step):
        with tf.name_scope(self.name or "ExponentialDecay"):
            rate, step, steps, decay = self._ready(step, self.decay_steps, self.decay_rate)
            power = step / steps
            power = tf.floor(power) if self.staircase else power
            return tf.multiply(rate, tf.pow(decay, power))


class InverseTimeDecay(_Schedule):
    """initial / (1 + decay_rate * step / decay_steps)."""

    def __init__(
        self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None
    ):
        self._keep(locals())

    def __call__(self, step):
        with tf.name_scope(self.name or "InverseTimeDecay"):
            rate, step, steps, decay = self._ready(step, self.decay_steps, self.decay_rate)
            part = step / steps
            part = tf.floor(part) if self.staircase else part
            return tf.div(rate, 1.0 + decay * part)


class PiecewiseConstantDecay(_Schedule):
    """values[i] up to the step boundaries[i], the last one after all. ValueError for another
    number of values."""

    def __init__(self, boundaries, values, name=None):
        if len(boundaries) != len(values) - 1:
            raise ValueError("The length of boundaries should be 1 less than the length of values")
        self._keep(locals())

    def __call__(self, step):
        with tf.name_scope(self.name or "PiecewiseConstant"):
            step = tf.convert_to_tensor(step)
            values = tf.convert_to_tensor(self.values)
            limits = tf.cast(tf.convert_to_tensor(self.boundaries), step.dtype)
            passed = tf.reduce_sum(tf.cast(tf.greater(step, limits), tf.int32))
            return tf.gather(values, passed)


class PolynomialDecay(_Schedule):
    """From initial to end_learning_rate in decay_steps, by (1 - step / decay_steps) ** power;
    `cycle` begins with more steps when they are over."""

    def __init__(
        self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0,
        cycle=False, name=None,
    ):  # fmt: skip
        self._keep(locals())

    def __call__(self, step):
        with tf.name_scope(self.name or "PolynomialDecay"):
            rate, step, steps, end, power = self._ready(
                step, self.decay_steps, self.end_learning_rate, self.power
            )
            if self.cycle:
                times = tf.where(tf.equal(step, 0), tf.ones_like(step), tf.ceil(step / steps))
                steps = steps * times
            else:
                step = tf.minimum(step, steps)
            left = tf.pow(1 - step / steps, power)
            return tf.add((rate - end) * left, end)


def _cosine(part):
    return 0.5 * (1.0 + tf.cos(tf.constant(math.pi, part.dtype) * part))


class CosineDecay(_Schedule):
    """From initial to alpha * initial in decay_steps, along a cosine (Loshchilov and Hutter 2016).
    """

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0, name=None):
        self._keep(locals())

    def __call__(self, step):
        with tf.name_scope(self.name or "CosineDecay"):
            rate, step, steps = self._ready(step, self.decay_steps)
            left = _cosine(tf.minimum(step, steps) / steps)
            return tf.multiply(rate, (1 - self.alpha) * left + self.alpha)


class CosineDecayRestarts(_Schedule):
    """Cosines one after the other, each t_mul times as long and m_mul times as high as the last."""

    def __init__(
        self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name=None
    ):
        self._keep(locals())

    def __call__(self, step):
        with tf.name_scope(self.name or "SGDRDecay"):
            rate, step, first, longer, higher, alpha = self._ready(
                step, self.first_decay_steps, self.t_mul, self.m_mul, self.alpha
            )
            done = step / first
            if self.t_mul == 1.0:
                restart, part = tf.floor(done), done - tf.floor(done)
            else:
                restart = tf.floor(tf.log(1.0 - done * (1.0 - longer)) / tf.log(longer))
                before = (1.0 - longer**restart) / (1.0 - longer)
                part = (done - before) / longer**restart
            left = higher**restart * _cosine(part)
            return tf.multiply(rate, (1 - alpha) * left + alpha)


class LinearCosineDecay(_Schedule):
    """A line down, times a cosine (Bello et al. 2017)."""

    def __init__(
        self, initial_learning_rate, decay_steps, num_periods=0.5, alpha=0.0, beta=0.001, name=None
    ):
        self._keep(locals())

    def _noise(self, step):
        return None

    def __call__(self, step):
        with tf.name_scope(self.name or type(self).__name__):
            rate, step, steps, periods, alpha, beta = self._ready(
                step, self.decay_steps, self.num_periods, self.alpha, self.beta
            )
            step = tf.minimum(step, steps)
            linear = (steps - step) / steps
            noise = self._noise(step)
            linear = linear if noise is None else linear + noise
            cosine = _cosine(2.0 * periods * (step / steps))
            return tf.multiply(rate, (alpha + linear) * cosine + beta)


class NoisyLinearCosineDecay(LinearCosineDecay):
    """The same, with noise whose variance goes down."""

    def __init__(
        self, initial_learning_rate, decay_steps, initial_variance=1.0, variance_decay=0.55,
        num_periods=0.5, alpha=0.0, beta=0.001, name=None,
    ):  # fmt: skip
        self._keep(locals())

    def _noise(self, step):
        variance = self.initial_variance / tf.pow(1.0 + step, self.variance_decay)
        return tf.random_normal(tf.shape(step), stddev=tf.sqrt(variance))


def serialize(learning_rate_schedule):
    """The configuration of a schedule."""
    return serialize_keras_object(learning_rate_schedule)


def deserialize(config, custom_objects=None):
    """The schedule of this configuration. ValueError for an unknown one."""
    return deserialize_keras_object(config, globals(), custom_objects, "decay")

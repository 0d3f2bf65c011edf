"""Activations that are layers of their own."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras import constraints, initializers, regularizers
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.described import config_of
from minitf.keras.utils.names import to_tuples


class _ElementWise(Layer):
    """A function of each element."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_output_shape(self, input_shape):
        return input_shape


class LeakyReLU(_ElementWise):
    """`x` where it is positive, else alpha * x."""

    def __init__(self, alpha=0.3, **kwargs):
        super().__init__(**kwargs)
        self.alpha = K.cast_to_floatx(alpha)

    def call(self, inputs):
        return K.relu(inputs, alpha=self.alpha)

    def get_config(self):
        return super().get_config() | {"alpha": float(self.alpha)}


class PReLU(_ElementWise):
    """`x` where it is positive, else alpha * x; alpha is learned (He et al. 2015).

    Variable: alpha, of the shape of a sample, with size 1 on the `shared_axes`.
    """

    def __init__(
        self,
        alpha_initializer="zeros",
        alpha_regularizer=None,
        alpha_constraint=None,
        shared_axes=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        several = isinstance(shared_axes, (list, tuple)) or shared_axes is None
        self._quietly(shared_axes=shared_axes if several else [shared_axes])

    def build(self, input_shape):
        """Make alpha."""
        shape, shared = to_tuples(input_shape), self.shared_axes or ()
        self.alpha = self._weight_of(
            "alpha", [1 if i in shared else shape[i] for i in range(1, len(shape))]
        )
        axes = {i: shape[i] for i in range(1, len(shape)) if shared and i not in shared}
        self.input_spec = InputSpec(ndim=len(shape), axes=axes)
        self.built = True

    def call(self, inputs):
        return K.relu(inputs) + -self.alpha * K.relu(-inputs)

    def get_config(self):
        return super().get_config() | config_of(
            self, "alpha_initializer", "alpha_regularizer", "alpha_constraint", "shared_axes"
        )


class ELU(_ElementWise):
    """`x` where it is positive, else alpha * (exp(x) - 1)."""

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self.alpha = K.cast_to_floatx(alpha)

    def call(self, inputs):
        return K.elu(inputs, self.alpha)

    def get_config(self):
        return super().get_config() | {"alpha": float(self.alpha)}


class ThresholdedReLU(_ElementWise):
    """`x` where it is above theta, else 0."""

    def __init__(self, theta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.theta = K.cast_to_floatx(theta)

    def call(self, inputs):
        return inputs * tf.cast(tf.greater(inputs, self.theta), K.floatx())

    def get_config(self):
        return super().get_config() | {"theta": float(self.theta)}


class Softmax(_ElementWise):
    """exp(x), divided by its sum along `axis`."""

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs):
        return K.softmax(inputs, axis=self.axis)

    def get_config(self):
        return super().get_config() | config_of(self, "axis")


class ReLU(_ElementWise):
    """`x` above `threshold`, at most `max_value`; negative_slope * (x - threshold) below.

    ValueError for a negative limit or slope.
    """

    def __init__(self, max_value=None, negative_slope=0, threshold=0, **kwargs):
        super().__init__(**kwargs)
        if max_value is not None and max_value < 0.0:
            raise ValueError(f"max_value of Relu layer cannot be negative value: {max_value}")
        if negative_slope < 0.0:
            raise ValueError(
                f"negative_slope of Relu layer cannot be negative value: {negative_slope}"
            )
        self.max_value = None if max_value is None else K.cast_to_floatx(max_value)
        self.negative_slope = K.cast_to_floatx(negative_slope)
        self.threshold = K.cast_to_floatx(threshold)

    def call(self, inputs):
        return K.relu(
            inputs,
            alpha=self.negative_slope,
            max_value=self.max_value,
            threshold=self.threshold,
        )

    def get_config(self):
        return super().get_config() | config_of(self, "max_value", "negative_slope", "threshold")

"""Layers of `tf.keras.layers` that everything else is built on."""
import math

import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import activations, regularizers
from minitf.keras import backend as K
from minitf.keras.backend.config import checked_layout
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.described import AS_IN_LAYERS, config_of, resolved, with_input_dim


class Dense(tf.layers.Dense, Layer):
    """activation(inputs * kernel + bias), the last axis of the inputs becoming `units`.

    Variables: kernel [inputs, units] and, with `use_bias`, bias [units]. `input_dim` is short for
    an `input_shape` of one axis.
    """

    @takes(tf.layers.Dense, **AS_IN_LAYERS)
    def __init__(self, **kwargs):
        super().__init__(**resolved(with_input_dim(kwargs)))
        self.supports_masking = True

    def build(self, input_shape):
        """Make the kernel and the bias."""
        self._quietly(_dtype=tf.as_dtype(self.dtype or K.floatx()))
        super().build(input_shape)

    def call(self, inputs):
        if not K.is_sparse(inputs):
            return super().call(inputs)
        outputs = tf.sparse_tensor_dense_matmul(inputs, self.kernel)
        outputs = tf.nn.bias_add(outputs, self.bias) if self.use_bias else outputs
        return self.activation(outputs)

    def get_config(self):
        return super().get_config() | config_of(
            self, "units", "activation", "use_bias", "kernel_initializer", "bias_initializer",
            "kernel_regularizer", "bias_regularizer", "activity_regularizer",
            "kernel_constraint", "bias_constraint",
        )  # fmt: skip


class Activation(Layer):
    """A function of the inputs, given itself or by name."""

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.activation = activations.get(activation)

    def call(self, inputs):
        return self.activation(inputs)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | config_of(self, "activation")


class Dropout(tf.layers.Dropout, Layer):
    """In training a fraction `rate` of the inputs set to 0 and the rest scaled up to match."""

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(rate, noise_shape, seed, **kwargs)
        self.supports_masking = True

    def call(self, inputs, training=None):
        return super().call(inputs, K.learning_phase() if training is None else training)

    def get_config(self):
        return super().get_config() | config_of(self, "rate", "noise_shape", "seed")


class _SpatialDropout(Dropout):
    """Whole channels are set to 0."""

    def _noise_shape(self, inputs):
        sizes, first = tf.shape(inputs), self.data_format == "channels_first"
        axes = [1] * (self._input_spec.ndim - 2)
        channels = sizes[1] if first else sizes[self._input_spec.ndim - 1]
        return (sizes[0], channels, *axes) if first else (sizes[0], *axes, channels)

    def _of_rank(self, ndim, data_format):
        self.input_spec, self.data_format = InputSpec(ndim=ndim), data_format


class SpatialDropout1D(_SpatialDropout):
    """As `Dropout`, of whole channels of sequences."""

    def __init__(self, rate, **kwargs):
        super().__init__(rate, **kwargs)
        self._of_rank(3, "channels_last")


class SpatialDropout2D(_SpatialDropout):
    """As `Dropout`, of whole channels of images."""

    def __init__(self, rate, data_format=None, **kwargs):
        super().__init__(rate, **kwargs)
        self._of_rank(4, checked_layout(data_format))


class SpatialDropout3D(_SpatialDropout):
    """As `Dropout`, of whole channels of volumes."""

    def __init__(self, rate, data_format=None, **kwargs):
        super().__init__(rate, **kwargs)
        self._of_rank(5, checked_layout(data_format))


class Flatten(tf.layers.Flatten, Layer):
    """All axes but the first made one; `channels_first` inputs are put channels last before."""

    def __init__(self, data_format=None, **kwargs):
        super().__init__(checked_layout(data_format), **kwargs)

    def get_config(self):
        return super().get_config() | config_of(self, "data_format")


class Masking(Layer):
    """The times of sequences at which all inputs are `mask_value` are left out by later layers."""

    def __init__(self, mask_value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.mask_value = mask_value
        self._compute_output_and_mask_jointly = True

    def compute_mask(self, inputs, mask=None):
        return K.any(tf.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs):
        present = K.any(tf.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        outputs = inputs * tf.cast(present, inputs.dtype)
        outputs._keras_mask = tf.squeeze(present, axis=-1)
        return outputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | config_of(self, "mask_value")


class Reshape(Layer):
    """The elements of each sample in another shape, in which one size may be -1: what is left.

    ValueError for a shape of another number of elements.
    """

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)

    def call(self, inputs):
        return tf.reshape(inputs, (tf.shape(inputs)[0], *self.target_shape))

    def compute_output_shape(self, input_shape):
        batch, *sizes = tf.TensorShape(input_shape).as_list()
        if None in sizes:
            found = [None if size == -1 else size for size in self.target_shape]
        else:
            found = self._filled(math.prod(sizes))
        return tf.TensorShape([batch, *found])

    def _filled(self, count):
        known = math.prod(size for size in self.target_shape if size >= 0)
        unknown = sum(size < 0 for size in self.target_shape)
        if unknown > 1:
            raise ValueError("Can only specify one unknown dimension.")
        if count != known if not unknown else not known or count % known:
            raise ValueError("total size of new array must be unchanged")
        return [count // known if size < 0 else size for size in self.target_shape]

    def get_config(self):
        return super().get_config() | config_of(self, "target_shape")


class Permute(Layer):
    """The axes of each sample in another order; `dims` are their numbers, from 1."""

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(dims) != list(range(1, len(dims) + 1)):
            raise ValueError(
                f"Invalid permutation `dims` for Permute Layer: {dims}. The set of indices in "
                "`dims` must be consecutive and start from 1."
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs):
        return tf.transpose(inputs, perm=(0, *self.dims))

    def compute_output_shape(self, input_shape):
        sizes = tf.TensorShape(input_shape).as_list()
        return tf.TensorShape([sizes[0], *(sizes[axis] for axis in self.dims)])

    def get_config(self):
        return super().get_config() | config_of(self, "dims")


class RepeatVector(Layer):
    """[samples, n, size] of [samples, size]."""

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self.n = n
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs):
        return K.repeat(inputs, self.n)

    def compute_output_shape(self, input_shape):
        batch, size = tf.TensorShape(input_shape).as_list()
        return tf.TensorShape([batch, self.n, size])

    def get_config(self):
        return super().get_config() | config_of(self, "n")


class ActivityRegularization(Layer):
    """The inputs, whose absolute values (`l1`) and squares (`l2`) are added to the loss."""

    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.supports_masking = True
        self.l1, self.l2 = l1, l2

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | config_of(self, "l1", "l2")

"""`tf.layers.dense`, `tf.layers.dropout`, `tf.layers.flatten`, and their classes."""
import math

from minitf.core.arguments import takes
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32
from minitf.core.tensor_shape import TensorShape
from minitf.layers.arguments import calls
from minitf.layers.base import InputSpec, Layer
from minitf.layers.choice import smart_cond, told
from minitf.layers.weighted import Weighted
from minitf.layers.window import data_format_named
from minitf.nn import dropout as nn_dropout
from minitf.nn.bias import bias_add
from minitf.ops.array.basics import identity, reshape, shape
from minitf.ops.linalg.contraction import tensordot
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import transpose


class Dense(Weighted):
    """activation(inputs * kernel + bias), the last axis of the inputs becoming `units`.

    Variables: kernel [inputs, units] and, with `use_bias`, bias [units].
    """

    @takes(Weighted)
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units, self.input_spec = int(units), InputSpec(min_ndim=2)

    def build(self, input_shape):
        """Make kernel and bias.

        TypeError for inputs that are not float, ValueError when their last axis is unknown.
        """
        dtype = as_dtype(self.dtype or float32)
        if not (dtype.is_floating or dtype.is_complex):
            raise TypeError(
                f"Unable to build `Dense` layer with non-floating point dtype {dtype}"
            )
        inputs = TensorShape(input_shape)[-1].value
        if inputs is None:
            raise ValueError(
                "The last dimension of the inputs to `Dense` should be defined. Found `None`."
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: inputs})
        self.kernel = self._weight_of("kernel", [inputs, self.units])
        self.bias = self._weight_of("bias", [self.units]) if self.use_bias else None
        self.built = True

    def call(self, inputs):
        rank = len(inputs.shape)
        if rank > 2:
            outputs = tensordot(inputs, self.kernel, [[rank - 1], [0]])
            outputs.set_shape([*inputs.shape.as_list()[:-1], self.units])
        else:
            outputs = matmul(cast(inputs, self.kernel.dtype.base_dtype), self.kernel)
        return self._activated(bias_add(outputs, self.bias) if self.use_bias else outputs)

    def compute_output_shape(self, input_shape):
        input_shape = TensorShape(input_shape).with_rank_at_least(2)
        if input_shape[-1].value is None:
            raise ValueError(
                f"The innermost dimension of input_shape must be defined, but saw: {input_shape}"
            )
        return input_shape[:-1].concatenate(self.units)


@calls(Dense)
def dense(inputs, *args, **kwargs):
    """activation(inputs * kernel + bias) by a new `Dense` layer; `reuse` takes its variables from
    the layer of the same `name` built before."""


class Dropout(Layer):
    """When `training`, a fraction `rate` of the inputs set to 0 and the rest scaled up to match."""

    def __init__(self, rate=0.5, noise_shape=None, seed=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.rate, self.noise_shape, self.seed = rate, noise_shape, seed

    def call(self, inputs, training=False):
        def dropped():
            noise = self._noise_shape(inputs)
            return nn_dropout(inputs, noise_shape=noise, seed=self.seed, rate=self.rate)

        return smart_cond(told(training), dropped, lambda: identity(inputs))

    def _noise_shape(self, inputs):
        if self.noise_shape is None:
            return None
        sizes = shape(inputs)
        given = [sizes[i] if size is None else size for i, size in enumerate(self.noise_shape)]
        return convert_to_tensor(given)

    def compute_output_shape(self, input_shape):
        return input_shape


def dropout(inputs, rate=0.5, noise_shape=None, seed=None, training=False, name=None):
    """`inputs` by a new `Dropout` layer: as they are unless `training`, a bool or a tensor."""
    return Dropout(rate, noise_shape, seed, name)(inputs, training=training)


class Flatten(Layer):
    """All axes but the first made one; `channels_first` inputs are put channels last before."""

    def __init__(self, data_format=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.data_format = data_format_named(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs):
        rank = len(inputs.shape)
        if self.data_format == "channels_first" and rank > 1:
            inputs = transpose(inputs, [0, *range(2, rank), 1])
        rows = inputs.shape[0].value or shape(inputs)[0]
        outputs = reshape(inputs, (rows, -1))
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        return outputs

    def compute_output_shape(self, input_shape):
        sizes = TensorShape(input_shape).as_list()
        return TensorShape([sizes[0], math.prod(sizes[1:]) if all(sizes[1:]) else None])


def flatten(inputs, name=None, data_format="channels_last"):
    """`inputs` [batch, ...] as [batch, everything else], by a new `Flatten` layer."""
    return Flatten(data_format, name)(inputs)

"""Weights with masks, and the layers of `tf.layers` whose kernels have them."""
from minitf.core.arguments import inherited_init
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import add_to_collection, get_collection
from minitf.core.tensor_shape import TensorShape
from minitf.layers.base import InputSpec
from minitf.layers.convolutional import Conv2D
from minitf.layers.core import Dense
from minitf.layers.window import for_op, layout
from minitf.nn.bias import bias_add
from minitf.nn.convolution import convolution
from minitf.ops.linalg.contraction import tensordot
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import mul as multiply
from minitf.ops.state.initializers import Ones, Zeros

MASK_COLLECTION = "masks"
THRESHOLD_COLLECTION = "thresholds"
MASKED_WEIGHT_COLLECTION = "masked_weights"
WEIGHT_COLLECTION = "kernel"
# Quantization knows by "weights" in the name that this is to be quantized.
MASKED_WEIGHT_NAME = "weights/masked_weight"
UNCONSTRAINED = ["kernel_constraint", "bias_constraint"]


def mask_variable(make, shape, dtype):
    """The variable `mask`, all ones, by `make`, such as `tf.get_variable`."""
    return make("mask", shape, initializer=Ones(), trainable=False, dtype=dtype)


def threshold_variable(make, dtype):
    """The variable `threshold`, 0, by `make`, such as `tf.get_variable`."""
    return make("threshold", [], initializer=Zeros(), trainable=False, dtype=dtype)


def masked(weights, mask, threshold):
    """mask * weights. A mask that is met again, as in cells of one scope, is noted once."""
    product = multiply(mask, weights, MASKED_WEIGHT_NAME)
    if all(mask is not known for known in get_collection(MASK_COLLECTION)):
        add_to_collection(THRESHOLD_COLLECTION, threshold)
        add_to_collection(MASK_COLLECTION, mask)
        add_to_collection(MASKED_WEIGHT_COLLECTION, product)
        add_to_collection(WEIGHT_COLLECTION, weights)
    return product


@inherited_init(without=UNCONSTRAINED)
class MaskedConv2D(Conv2D):
    """activation(convolution of images with mask * kernel + bias), the channels becoming `filters`.

    Variables: mask and kernel [height, width, channels, filters], threshold [] and, with
    `use_bias`, bias [filters].
    """

    def build(self, input_shape):
        """Make the variables. ValueError when the number of channels is not known."""
        shape = [*self.kernel_size, self._channels(input_shape), self.filters]
        self.mask = mask_variable(self.add_variable, shape, self.dtype)
        self.kernel = self._weight_of("kernel", shape)
        self.threshold = threshold_variable(self.add_variable, self.dtype)
        self.masked_kernel = masked(self.kernel, self.mask, self.threshold)
        self._make_bias()
        self.built = True

    def call(self, inputs):
        return self._finished(convolution(
            inputs, self.masked_kernel, for_op(self.padding), self.strides, self.dilation_rate,
            data_format=layout(self.data_format),
        ))  # fmt: skip


@inherited_init(without=UNCONSTRAINED)
class MaskedFullyConnected(Dense):
    """activation(inputs * (mask * kernel) + bias), the last axis of the inputs becoming `units`.

    Variables: kernel and mask [inputs, units], threshold [] and, with `use_bias`, bias [units].
    """

    def build(self, input_shape):
        """Make the variables. ValueError when the last axis of the inputs is unknown."""
        inputs = TensorShape(input_shape)[-1].value
        if inputs is None:
            raise ValueError(
                "The last dimension of the inputs to `Dense` should be defined. Found `None`."
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: inputs})
        shape = [inputs, self.units]
        self.kernel = self._weight_of("kernel", shape)
        self.mask = mask_variable(self.add_variable, shape, self.dtype)
        self.threshold = threshold_variable(self.add_variable, self.dtype)
        self.masked_kernel = masked(self.kernel, self.mask, self.threshold)
        self.bias = self._weight_of("bias", [self.units]) if self.use_bias else None
        self.built = True

    def call(self, inputs):
        inputs = convert_to_tensor(inputs, dtype=self.dtype)
        rank = len(inputs.shape)
        if rank > 2:
            outputs = tensordot(inputs, self.masked_kernel, [[rank - 1], [0]])
            outputs.set_shape([*inputs.shape.as_list()[:-1], self.units])
        else:
            outputs = matmul(inputs, self.masked_kernel)
        return self._activated(bias_add(outputs, self.bias) if self.use_bias else outputs)

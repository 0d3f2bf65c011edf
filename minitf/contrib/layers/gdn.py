"""`tf.contrib.layers.gdn`: generalized divisive normalization, after Ballé et al. 2016."""
from minitf.core.arguments import takes
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype
from minitf.core.gradient_registry import RegisterGradient
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.layers.base import InputSpec, Layer
from minitf.nn.bias import bias_add
from minitf.nn.convolution import convolution
from minitf.ops.array.basics import ones, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.linalg.diagonal import eye
from minitf.ops.math.elementwise import cast, logical_or, maximum, sqrt, square
from minitf.ops.reduction.axes import expand_dims, squeeze


class GDN(Layer):
    """inputs / sqrt(beta + gamma * the squares of all channels), pixel by pixel; with `inverse`
    multiplied instead of divided.

    Variables: reparam_beta [channels] and reparam_gamma [channels, channels], whose squares, less
    `reparam_offset`**2, beta and gamma are: so they stay above `beta_min` and 0. Inputs are
    sequences, images or volumes. ValueError for another data_format, or an unknown number of
    channels.
    """

    def __init__(
        self, inverse=False, beta_min=1e-6, gamma_init=0.1, reparam_offset=2**-18,
        data_format="channels_last", activity_regularizer=None, trainable=True, name=None, **kwargs,
    ):  # fmt: skip
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **kwargs)
        self.inverse, self.data_format = inverse, data_format
        self._beta_min, self._gamma_init = beta_min, gamma_init
        self._reparam_offset = reparam_offset
        self._channel_axis()
        self.input_spec = InputSpec(min_ndim=3, max_ndim=5)

    def _channel_axis(self):
        axes = {"channels_first": 1, "channels_last": -1}
        if self.data_format not in axes:
            raise ValueError(f"Unsupported `data_format` for GDN layer: {self.data_format}.")
        return axes[self.data_format]

    def build(self, input_shape):
        """Make the variables. ValueError where the number of channels is not known."""
        axis, input_shape = self._channel_axis(), TensorShape(input_shape)
        channels = input_shape[axis].value
        if channels is None:
            raise ValueError("The channel dimension of the inputs to `GDN` must be defined.")
        self.input_spec = InputSpec(ndim=input_shape.ndims, axes={axis: channels})
        dtype, square_of_offset = as_dtype(self.dtype), self._reparam_offset**2
        pedestal = constant(square_of_offset, dtype)
        beta_bound = constant((self._beta_min + square_of_offset) ** 0.5, dtype)
        gamma_bound = constant(self._reparam_offset, dtype)

        def first_beta(shape, dtype=None, partition_info=None):
            pedestal = constant(square_of_offset, self.dtype)
            return sqrt(ones(shape, dtype=dtype) + pedestal)

        def first_gamma(shape, dtype=None, partition_info=None):
            identity = eye(shape[0], dtype=dtype)
            pedestal = constant(square_of_offset, self.dtype)
            return sqrt(self._gamma_init * identity + pedestal)

        beta = self.add_weight("reparam_beta", [channels], dtype, first_beta, trainable=True)
        self.beta = square(_lower_bound(beta, beta_bound)) - pedestal
        gamma = self.add_weight("reparam_gamma", [channels, channels], dtype, first_gamma,
                                trainable=True)  # fmt: skip
        self.gamma = square(_lower_bound(gamma, gamma_bound)) - pedestal
        self.built = True

    def call(self, inputs):
        inputs = convert_to_tensor(inputs, dtype=as_dtype(self.dtype))
        rank = inputs.shape.ndims
        gamma = reshape(self.gamma, [1] * (rank - 2) + self.gamma.shape.as_list())
        if self.data_format == "channels_first":
            layout = "NC" + "DHW"[-(rank - 2) :]
            pool = convolution(square(inputs), gamma, "VALID", data_format=layout)
            pool = self._biased(pool, rank)
        else:
            pool = convolution(square(inputs), gamma, "VALID")
            pool = bias_add(pool, self.beta, data_format="NHWC")
        pool = sqrt(pool)
        outputs = inputs * pool if self.inverse else inputs / pool
        outputs.set_shape(inputs.shape)
        return outputs

    def _biased(self, pool, rank):
        """With beta added to channels that come first."""
        if rank == 3:
            images = bias_add(expand_dims(pool, 2), self.beta, data_format="NCHW")
            return squeeze(images, [2])
        if rank == 5:
            sizes = shape(pool)
            images = reshape(pool, concat([sizes[:3], [-1]], 0))
            return reshape(bias_add(images, self.beta, data_format="NCHW"), sizes)
        return bias_add(pool, self.beta, data_format="NCHW")

    def compute_output_shape(self, input_shape):
        return TensorShape(input_shape)


def _lower_bound(inputs, bound, name=None):
    """max(inputs, bound), where gradients that raise the inputs pass below the bound too."""
    with name_scope(name, "GDNLowerBound", [inputs, bound]) as scope:
        inputs = convert_to_tensor(inputs, name="inputs")
        bound = convert_to_tensor(bound, name="bound")
        with get_default_graph().gradient_override_map({"Maximum": "GDNLowerBound"}):
            return maximum(inputs, bound, name=scope)


@RegisterGradient("GDNLowerBound")
def _lower_bound_gradient(op, grad):
    inputs, bound = op.inputs
    passes = logical_or(inputs >= bound, grad < 0)
    return [cast(passes, grad.dtype) * grad, None]


@takes(GDN, without=["kwargs"])
def gdn(inputs, *, reuse=None, **kwargs):
    """`inputs`, normalized by a new `GDN` layer."""
    layer = GDN(**kwargs, dtype=inputs.dtype.base_dtype, _scope=kwargs["name"], _reuse=reuse)
    return layer(inputs)

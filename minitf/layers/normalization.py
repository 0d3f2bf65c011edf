"""`tf.layers.batch_normalization` and its class."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float16, float32
from minitf.core.graph import colocate_with, name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.layers.base import InputSpec, Layer
from minitf.layers.choice import known_bool, smart_cond
from minitf.layers.named import initializer_named, regularizer_named
from minitf.nn import batch_normalization as normalized
from minitf.nn.normal import moments
from minitf.ops.array import reshape, size
from minitf.ops.elementwise import cast
from minitf.ops.initializers import Ones, Zeros
from minitf.ops.state import assign_sub
from minitf.ops.variables import VariableAggregation, VariableSynchronization

_LEAST_FUSED_EPSILON = 1.001e-5  # cuDNN's, and so TensorFlow's


class BatchNormalization(Layer):
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, after Ioffe and Szegedy 2015.

    When `training`, mean and variance are the batch's, for each index of `axis`; the operations
    that move moving_mean and moving_variance towards them are in the collection "update_ops" and
    must be run. Else they are the moving ones. For images (4 axes) the moving variance follows
    the unbiased one, unless `fused` is False. NotImplementedError for `renorm`,
    `virtual_batch_size` and `adjustment`.
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer=Zeros(),  # noqa: B008  it has no state
        gamma_initializer=Ones(),  # noqa: B008
        moving_mean_initializer=Zeros(),  # noqa: B008
        moving_variance_initializer=Ones(),  # noqa: B008
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        fused=None,
        trainable=True,
        virtual_batch_size=None,
        adjustment=None,
        name=None,
        **kwargs,
    ):
        super().__init__(trainable, name, **kwargs)
        if not isinstance(axis, (int, list)):
            raise TypeError(f"axis must be int or list, type given: {type(axis)}")
        for argument, value in (("renorm", renorm), ("virtual_batch_size", virtual_batch_size),
                                ("adjustment", adjustment)):  # fmt: skip
            if value:
                raise NotImplementedError(f"batch_normalization does not know {argument} yet")
        self.axis = [axis] if isinstance(axis, int) else axis[:]
        self.momentum, self.epsilon, self.center, self.scale = momentum, epsilon, center, scale
        self.beta_initializer = initializer_named(beta_initializer)
        self.gamma_initializer = initializer_named(gamma_initializer)
        self.moving_mean_initializer = initializer_named(moving_mean_initializer)
        self.moving_variance_initializer = initializer_named(moving_variance_initializer)
        self.beta_regularizer = regularizer_named(beta_regularizer)
        self.gamma_regularizer = regularizer_named(gamma_regularizer)
        self.beta_constraint, self.gamma_constraint = beta_constraint, gamma_constraint
        self.fused = True if fused is None else fused

    @property
    def _param_dtype(self):
        dtype = as_dtype(self.dtype or float32)
        return float32 if dtype == float16 else dtype

    def build(self, input_shape):
        """Make gamma, beta, moving_mean and moving_variance.

        ValueError when the rank, or the size of an axis to keep, is unknown.
        """
        shape = TensorShape(input_shape)
        if not shape.ndims:
            raise ValueError("Input has undefined rank:", input_shape)
        self._place_axes(shape.ndims)
        sizes = {axis: shape[axis].value for axis in self.axis}
        if None in sizes.values():
            raise ValueError("Input has undefined `axis` dimension. Input shape: ", shape)
        self.input_spec = InputSpec(ndim=shape.ndims, axes=sizes)
        if len(sizes) == 1:
            params = list(sizes.values())
        else:
            params = [sizes.get(axis, 1) for axis in range(shape.ndims)]
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self._learned("gamma", params)
        if self.center:
            self.beta = self._learned("beta", params)
        self.moving_mean = self._moving("moving_mean", params)
        self.moving_variance = self._moving("moving_variance", params)
        self.built = True

    def _place_axes(self, rank):
        self.axis = [axis + rank if axis < 0 else axis for axis in self.axis]
        for axis in self.axis:
            if not 0 <= axis < rank:
                raise ValueError(f"Invalid axis: {axis}")
        if len(self.axis) != len(set(self.axis)):
            raise ValueError(f"Duplicate axis: {self.axis}")
        self.fused = bool(self.fused and rank == 4 and self.axis in ([1], [3]))

    def _learned(self, name, shape):
        return self.add_weight(
            name,
            shape,
            self._param_dtype,
            getattr(self, f"{name}_initializer"),
            getattr(self, f"{name}_regularizer"),
            trainable=True,
            constraint=getattr(self, f"{name}_constraint"),
        )

    def _moving(self, name, shape):
        return self.add_weight(
            name,
            shape,
            self._param_dtype,
            getattr(self, f"{name}_initializer"),
            trainable=False,
            synchronization=VariableSynchronization.ON_READ,
            aggregation=VariableAggregation.MEAN,
        )

    def call(self, inputs, training=False):
        training = False if training is None else training
        scale, offset = self._broadcast(self.gamma, inputs), self._broadcast(self.beta, inputs)
        if known_bool(training) is False:
            mean, variance = self.moving_mean, self.moving_variance
        else:
            mean, variance = self._of_batch(inputs, training)
        mean, variance = self._broadcast(mean, inputs), self._broadcast(variance, inputs)
        parameters = [
            None if each is None else cast(each, inputs.dtype)
            for each in (mean, variance, offset, scale)
        ]
        epsilon = max(self.epsilon, _LEAST_FUSED_EPSILON) if self.fused else self.epsilon
        outputs = normalized(inputs, *parameters, epsilon)
        outputs.set_shape(inputs.shape)
        return outputs

    def _of_batch(self, inputs, training):
        """The batch's mean and variance when training, having set the moving ones on their way."""
        others = [axis for axis in range(len(inputs.shape)) if axis not in self.axis]
        inputs = cast(inputs, self._param_dtype)
        mean, variance = moments(inputs, others, keep_dims=len(self.axis) > 1)
        unbiased = self._unbiased(inputs, variance) if self.fused else variance

        def chosen(batch, moving):
            return smart_cond(training, lambda: batch, lambda: convert_to_tensor(moving))

        self.add_update(_moved(self.moving_mean, chosen(mean, self.moving_mean), self.momentum))
        target = chosen(unbiased, self.moving_variance)
        self.add_update(_moved(self.moving_variance, target, self.momentum))
        return chosen(mean, self.moving_mean), chosen(variance, self.moving_variance)

    def _unbiased(self, inputs, variance):
        count = cast(size(inputs), variance.dtype) / cast(size(variance), variance.dtype)
        return variance * (count / (count - 1.0))

    def _broadcast(self, value, inputs):
        """`value`, one for each index of the axis, in a shape that broadcasts against inputs."""
        rank = len(inputs.shape)
        if value is None or len(value.shape) == rank or self.axis == [rank - 1]:
            return value
        shape = [1] * rank
        shape[self.axis[0]] = inputs.shape[self.axis[0]].value
        return reshape(value, shape)

    def compute_output_shape(self, input_shape):
        return input_shape


def _moved(variable, value, momentum):
    """An operation that brings `variable` 1 - momentum of the way to `value`."""
    with name_scope("AssignMovingAvg") as scope, colocate_with(variable):
        decay = convert_to_tensor(1.0 - momentum, name="decay")
        decay = cast(decay, variable.dtype.base_dtype)
        return assign_sub(variable, (variable - value) * decay, name=scope)


def batch_normalization(
    inputs,
    axis=-1,
    momentum=0.99,
    epsilon=1e-3,
    center=True,
    scale=True,
    beta_initializer=Zeros(),  # noqa: B008  it has no state
    gamma_initializer=Ones(),  # noqa: B008
    moving_mean_initializer=Zeros(),  # noqa: B008
    moving_variance_initializer=Ones(),  # noqa: B008
    beta_regularizer=None,
    gamma_regularizer=None,
    beta_constraint=None,
    gamma_constraint=None,
    training=False,
    trainable=True,
    name=None,
    reuse=None,
    renorm=False,
    renorm_clipping=None,
    renorm_momentum=0.99,
    fused=None,
    virtual_batch_size=None,
    adjustment=None,
):
    """`inputs`, normalized by a new `BatchNormalization` layer, when `training` (a bool or a
    tensor) by the batch's own mean and variance; then "update_ops" must be run with each step."""
    layer = BatchNormalization(
        axis,
        momentum,
        epsilon,
        center,
        scale,
        beta_initializer,
        gamma_initializer,
        moving_mean_initializer,
        moving_variance_initializer,
        beta_regularizer,
        gamma_regularizer,
        beta_constraint,
        gamma_constraint,
        renorm,
        renorm_clipping,
        renorm_momentum,
        fused,
        trainable,
        virtual_batch_size,
        adjustment,
        name,
        _reuse=reuse,
        _scope=name,
    )
    return layer(inputs, training=training)

"""`tf.layers.batch_normalization` and its class."""
import contextlib

from minitf.core.arguments import takes
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float16, float32
from minitf.core.graph import colocate_with, control_dependencies, name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.layers.base import InputSpec, Layer
from minitf.layers.choice import known_bool, smart_cond, told
from minitf.layers.named import initializer_named, regularizer_named
from minitf.nn import batch_normalization as normalized
from minitf.nn.activation import relu
from minitf.nn.fused_batch_norm import fused_batch_norm
from minitf.nn.normal import moments
from minitf.ops.array.basics import identity, ones_like, reshape, stop_gradient, zeros_like
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.math.elementwise import cast, maximum, minimum, sqrt
from minitf.ops.reduction.reduce import reduce_mean
from minitf.ops.state.assign import assign, assign_sub
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.initializers import Ones, Zeros
from minitf.ops.state.variables import init_scope


class BatchNormalization(Layer):
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, after Ioffe and Szegedy 2015.

    When `training`, mean and variance are the batch's, for each index of `axis`; the operations
    that move moving_mean and moving_variance towards them are in the collection "update_ops" and
    must be run. Else they are the moving ones. For images (4 axes) the moving variance follows
    the unbiased one, unless `fused` is False.

    With `renorm` (Ioffe 2017) training uses the moving ones too: `renorm_clipping`, a dictionary
    with "rmax", "rmin" and "dmax", limits how far it corrects towards them. `virtual_batch_size`
    cuts the batch in pieces that are normalized by themselves. `adjustment`, given the shape of
    the inputs, returns what the normalized ones are multiplied by and what is added, in training.
    """

    def __init__(
        self, axis=-1, momentum=0.99, epsilon=1e-3, center=True, scale=True,
        beta_initializer=Zeros(), gamma_initializer=Ones(), moving_mean_initializer=Zeros(),
        moving_variance_initializer=Ones(), beta_regularizer=None, gamma_regularizer=None,
        beta_constraint=None, gamma_constraint=None, renorm=False, renorm_clipping=None,
        renorm_momentum=0.99, fused=None, trainable=True, virtual_batch_size=None, adjustment=None,
        name=None, **kwargs,
    ):  # fmt: skip
        super().__init__(trainable, name, **kwargs)
        if not isinstance(axis, (int, list)):
            raise TypeError(f"axis must be int or list, type given: {type(axis)}")
        self.renorm, self.renorm_momentum = renorm, renorm_momentum
        self.renorm_clipping = _limits(renorm_clipping or {}) if renorm else None
        self.virtual_batch_size, self.adjustment = virtual_batch_size, adjustment
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
        self._check_virtual_batches()
        sizes = {axis: shape[axis].value for axis in self.axis}
        if None in sizes.values():
            raise ValueError("Input has undefined `axis` dimension. Input shape: ", shape)
        self.input_spec = InputSpec(ndim=shape.ndims, axes=sizes)
        params = self._parameter_shape(sizes, shape.ndims)
        dtype = self._param_dtype
        self.gamma = self._weight_of("gamma", params, dtype=dtype) if self.scale else None
        if self.fused and not self.scale:
            with init_scope():
                self._ones = constant(1.0, dtype, params)
        self.beta = self._weight_of("beta", params, dtype=dtype) if self.center else None
        if self.fused and not self.center:
            with init_scope():
                self._zeros = constant(0.0, dtype, params)
        with self._in_one_piece():
            self._make_moving(params)
        self.built = True

    @contextlib.contextmanager
    def _in_one_piece(self):
        """Moving averages are not cut into parts, whatever the scope does with variables."""
        self._set_scope(None)
        partitioner = self._scope.partitioner
        self._scope.set_partitioner(None)
        try:
            yield
        finally:
            self._scope.set_partitioner(partitioner)

    def _make_moving(self, shape):
        self.moving_mean = self._moving("moving_mean", shape)
        self.moving_variance = self._moving("moving_variance", shape)
        if self.renorm:
            self.moving_stddev = self._moving("moving_stddev", shape)
            self.renorm_mean = self._moving("renorm_mean", shape)
            self.renorm_stddev = self._moving("renorm_stddev", shape)

    def _check_virtual_batches(self):
        if self.virtual_batch_size is None:
            return
        if self.virtual_batch_size <= 0:
            raise ValueError("virtual_batch_size must be a positive integer that divides the true "
                             "batch size of the input Tensor")  # fmt: skip
        if 0 in self.axis:
            raise ValueError("When using virtual_batch_size, the batch dimension must be 0 and "
                             "thus axis cannot include 0")  # fmt: skip
        if self.adjustment is not None:
            raise ValueError("When using virtual_batch_size, adjustment cannot be specified")

    def _parameter_shape(self, sizes, rank):
        if len(sizes) == 1 and self.virtual_batch_size is None:
            return list(sizes.values())
        params = [sizes.get(axis, 1) for axis in range(rank)]
        if self.virtual_batch_size is not None:
            params.insert(1, 1)
            self.axis = [axis + 1 for axis in self.axis]
        return params

    def _place_axes(self, rank):
        self.axis = [axis + rank if axis < 0 else axis for axis in self.axis]
        for axis in self.axis:
            if not 0 <= axis < rank:
                raise ValueError(f"Invalid axis: {axis}")
        if len(self.axis) != len(set(self.axis)):
            raise ValueError(f"Duplicate axis: {self.axis}")
        special = self.renorm or self.virtual_batch_size is not None or self.adjustment is not None
        self.fused = bool(self.fused and rank == 4 and self.axis in ([1], [3]) and not special)

    def _moving(self, name, shape):
        return self.add_weight(
            name,
            shape,
            self._param_dtype,
            self._moving_initializer(name),
            trainable=False,
            synchronization=VariableSynchronization.ON_READ,
            aggregation=VariableAggregation.MEAN,
        )

    def _moving_initializer(self, name):
        if name.endswith("stddev"):
            variance = self.moving_variance_initializer
            return lambda *args, **kwargs: sqrt(variance(*args, **kwargs))
        return getattr(self, f"moving_{name.rpartition('_')[2]}_initializer")

    def call(self, inputs, training=False):
        training = told(training)
        if self.fused:
            return self._by_one_op(inputs, training)
        if self.virtual_batch_size is None:
            outputs = self._normalized(inputs, training)
        else:
            shape = [-1, *inputs.shape.as_list()[1:]]
            pieces = reshape(inputs, [self.virtual_batch_size, *shape])
            outputs = reshape(self._normalized(pieces, training), shape)
        outputs.set_shape(inputs.shape)
        return outputs

    def _by_one_op(self, inputs, training):
        """What FusedBatchNormV3 makes of images; the moving variance follows its unbiased one."""
        gamma = self.gamma if self.scale else self._ones
        beta = self.beta if self.center else self._zeros
        order = "NCHW" if self.axis == [1] else "NHWC"
        given = inputs, gamma, beta
        outputs, mean, variance = smart_cond(
            training,
            lambda: fused_batch_norm(*given, epsilon=self.epsilon, data_format=order),
            lambda: fused_batch_norm(
                *given, self.moving_mean, self.moving_variance, self.epsilon, order, False
            ),
        )
        known = known_bool(training)
        momentum = self.momentum
        if known is None:  # what it is not trained with moves nothing
            momentum = smart_cond(training, lambda: momentum, lambda: 1.0)
        else:
            momentum = convert_to_tensor(momentum)
        if known is not False:
            self.add_update(lambda: _moved(self.moving_mean, mean, momentum))
            self.add_update(lambda: _moved(self.moving_variance, variance, momentum))
        return outputs

    def _normalized(self, inputs, training):
        scale, offset = self._broadcast(self.gamma, inputs), self._broadcast(self.beta, inputs)
        if known_bool(training) is False:
            mean, variance = self.moving_mean, self.moving_variance
        else:
            if self.adjustment is not None:
                scale, offset = self._adjusted(inputs, training, scale, offset)
            mean, variance, correction = self._of_batch(inputs, training)
            if correction is not None:
                factor, term = (self._broadcast(each, inputs) for each in correction)
                scale, offset = _composed(factor, term, scale, offset)
            self._move(training)
        mean, variance = cast(mean, inputs.dtype), cast(variance, inputs.dtype)
        offset = None if offset is None else cast(offset, inputs.dtype)
        scale = None if scale is None else cast(scale, inputs.dtype)
        mean, variance = self._broadcast(mean, inputs), self._broadcast(variance, inputs)
        return normalized(inputs, mean, variance, offset, scale, self.epsilon)

    def _adjusted(self, inputs, training, scale, offset):
        """Scale and offset after those that `adjustment` returns, when training."""
        factor, term = self.adjustment(shape_of(inputs))
        factor = smart_cond(training, lambda: factor, lambda: ones_like(factor))
        term = smart_cond(training, lambda: term, lambda: zeros_like(term))
        return _composed(factor, term, scale, offset)

    def _of_batch(self, inputs, training):
        """The batch's mean and variance when training; and, for renorm, what to multiply by and
        to add."""
        others = [axis for axis in range(len(inputs.shape)) if axis not in self.axis]
        virtual = self.virtual_batch_size is not None
        if virtual:
            others.remove(1)
        inputs = cast(inputs, self._param_dtype)
        mean, variance = moments(inputs, others, keep_dims=virtual or len(self.axis) > 1)
        mean = _chosen(training, mean, self.moving_mean)
        variance = _chosen(training, variance, self.moving_variance)
        self._new = (_of_pieces(mean), _of_pieces(variance)) if virtual else (mean, variance)
        correction = None
        if self.renorm:
            correction, self._new = self._renormalized(*self._new, training)
        return mean, variance, correction

    def _move(self, training):
        """Add the updates of the moving mean and variance."""
        mean, variance = self._new
        self.add_update(lambda: self._if_training(training, self.moving_mean, mean))
        if not self.renorm:
            self.add_update(lambda: self._if_training(training, self.moving_variance, variance))
            return

        def from_deviation():
            root = sqrt(variance + self.epsilon)
            deviation = _moved(self.moving_stddev, root, self.momentum)
            target = relu(deviation * deviation - self.epsilon)
            with name_scope("AssignNewValue") as scope, colocate_with(self.moving_variance):
                return assign(self.moving_variance, target, name=scope)

        self.add_update(lambda: smart_cond(training, from_deviation, lambda: self.moving_variance))

    def _if_training(self, training, variable, value):
        return smart_cond(
            training, lambda: _moved(variable, value, self.momentum), lambda: variable
        )

    def _renormalized(self, mean, variance, training):
        """((factor, term), (mean, variance)): how the batch's own normalization is corrected; and
        mean and variance once more, after the renorm variables have moved towards them."""
        stddev = sqrt(variance + self.epsilon)
        usual = maximum(self.renorm_stddev, sqrt(self.epsilon))
        factor, term = stddev / usual, (mean - self.renorm_mean) / usual
        with control_dependencies([factor, term]):
            values = identity(mean), identity(stddev)
        factor, term = self._clipped(factor, term)
        correction = (
            smart_cond(training, lambda: factor, lambda: ones_like(factor)),
            smart_cond(training, lambda: term, lambda: zeros_like(term)),
        )
        updates = [
            self._renorm_moved(variable, identity(value), training)
            for variable, value in zip((self.renorm_mean, self.renorm_stddev), values)
        ]
        with control_dependencies(updates):
            new = identity(values[0]), identity(variance)
        factor, term = correction
        return (stop_gradient(factor, name="renorm_r"), stop_gradient(term, name="renorm_d")), new

    def _renorm_moved(self, variable, value, training):
        return smart_cond(
            training,
            lambda: _moved(variable, value, self.renorm_momentum),
            lambda: identity(variable),
        )

    def _clipped(self, factor, term):
        rmin, rmax, dmax = (self.renorm_clipping.get(key) for key in ("rmin", "rmax", "dmax"))
        factor = factor if rmin is None else maximum(factor, rmin)
        factor = factor if rmax is None else minimum(factor, rmax)
        return factor, term if dmax is None else minimum(maximum(term, -dmax), dmax)

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


def _limits(clipping):
    """ValueError for keys that are none."""
    known = ["rmax", "rmin", "dmax"]
    if set(clipping) - set(known):
        raise ValueError(f"renorm_clipping {clipping} contains keys not in {known}")
    return clipping


def _of_pieces(value):
    """The mean over the pieces of a batch."""
    return reduce_mean(value, axis=1, keepdims=True)


def _composed(scale, offset, then_scale, then_offset):
    """One scale and offset that do what two pairs do one after the other."""
    if then_scale is not None:
        scale, offset = scale * then_scale, offset * then_scale
    return scale, offset if then_offset is None else offset + then_offset


def _chosen(training, batch, moving):
    """The batch's value when training, else the moving one."""
    return smart_cond(training, lambda: batch, lambda: convert_to_tensor(moving))


def _moved(variable, value, momentum):
    """An operation that brings `variable` 1 - momentum of the way to `value`."""
    with name_scope("AssignMovingAvg") as scope, colocate_with(variable):
        decay = convert_to_tensor(1.0 - momentum, name="decay")
        decay = cast(decay, variable.dtype.base_dtype)
        return assign_sub(variable, (variable - value) * decay, name=scope)


@takes(
    BatchNormalization,
    without=["trainable", "name", "kwargs"],
    before={"renorm": {"training": False, "trainable": True, "name": None, "reuse": None}},
)
def batch_normalization(inputs, training, name, reuse, **kwargs):
    """`inputs`, normalized by a new `BatchNormalization` layer, when `training` (a bool or a
    tensor) by the batch's own mean and variance; then "update_ops" must be run with each step."""
    layer = BatchNormalization(**kwargs, name=name, _scope=name, _reuse=reuse)
    return layer(inputs, training=training)

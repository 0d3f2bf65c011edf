"""`tf.contrib.distributions.bijectors.BatchNormalization`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.layers.normalization import BatchNormalization as Layer
from minitf.nn.activation import relu
from minitf.nn.normal import moments
from minitf.ops.array.basics import reshape
from minitf.ops.math.elementwise import log, sqrt
from minitf.ops.reduction.reduce import reduce_sum


class BatchNormalization(Bijector):
    """The inverse normalises y by a `tf.layers.BatchNormalization`, with the moments of the batch
    in `training`; forward undoes it, with the moving averages.

    ValueError for a layer of another kind, or one that renormalises or has virtual batches, and for
    values whose shape is not known.
    """

    def __init__(
        self, batchnorm_layer=None, training=True, validate_args=False, name="batch_normalization"
    ):
        self.batchnorm = batchnorm_layer or Layer(gamma_constraint=lambda x: relu(x) + 1e-6)
        _check_layer(self.batchnorm)
        self._training = training
        axis = self.batchnorm.axis
        super().__init__(forward_min_event_ndims=1 if isinstance(axis, int) else len(axis),
                         validate_args=validate_args, name=name)  # fmt: skip

    def _forward(self, x):
        layer = self._built_for(x)
        mean, variance, beta, gamma = (
            None if each is None else self._along_axis(each, x)
            for each in (layer.moving_mean, layer.moving_variance, layer.beta, layer.gamma)
        )
        scale = sqrt(variance + layer.epsilon)
        scale = scale if gamma is None else scale / gamma
        return x * scale + (mean if beta is None else mean - beta * scale)

    def _along_axis(self, moment, x):
        """A moment, with an axis for each of x."""
        sizes = enumerate(x.shape.as_list())
        return reshape(moment, [size if i in self.batchnorm.axis else 1 for i, size in sizes])

    def _inverse(self, y):
        return self.batchnorm.apply(y, training=self._training)

    def _forward_log_det_jacobian(self, x):
        layer = self._built_for(x)
        return -self._log_det_for(layer, layer.moving_variance)

    def _inverse_log_det_jacobian(self, y):
        layer = self._built_for(y)
        if not self._training:
            return self._log_det_for(layer, layer.moving_variance)
        axes = [axis for axis in range(y.shape.ndims) if axis not in layer.axis]
        return self._log_det_for(layer, moments(y, axes=axes, keepdims=True)[1])

    def _log_det_for(self, layer, variance):
        return reduce_sum(log(layer.gamma)) - 0.5 * reduce_sum(log(variance + layer.epsilon))

    def _built_for(self, value):
        if not value.shape.is_fully_defined():
            raise ValueError("Input must have shape known at graph construction.")
        if not self.batchnorm.built:
            self.batchnorm.build(value.shape)
        return self.batchnorm


def _check_layer(layer):
    if not isinstance(layer, Layer):
        raise ValueError("batchnorm_layer must be an instance of BatchNormalization layer.")
    if layer.renorm:
        raise ValueError("BatchNorm Bijector does not support renormalization.")
    if layer.virtual_batch_size:
        raise ValueError("BatchNorm Bijector does not support virtual batch sizes.")

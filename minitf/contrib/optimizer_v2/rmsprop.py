"""`tf.contrib.optimizer_v2.RMSPropOptimizer`."""
from minitf.core.convert import convert_to_tensor
from minitf.ops.array.basics import ones_like
from minitf.ops.math.elementwise import cast
from minitf.train import rmsprop


class RMSPropOptimizer(rmsprop.RMSPropOptimizer):
    """That of tf.train, but that the mean of squares begins with `epsilon`, not with 1, and that
    nothing is added to it later."""

    def _first_rms(self, var):
        epsilon = convert_to_tensor(self._call_if_callable(self._epsilon), name="epsilon")
        return cast(epsilon, var.dtype.base_dtype) * ones_like(var.initialized_value())

    def _constants(self, var):
        *others, _ = super()._constants(var)
        return *others, 0

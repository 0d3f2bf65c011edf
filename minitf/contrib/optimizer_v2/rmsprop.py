"""`tf.contrib.optimizer_v2.RMSPropOptimizer`."""
from minitf.train import rmsprop


class RMSPropOptimizer(rmsprop.RMSPropOptimizer):
    """That of tf.train, but that the mean of squares begins with 0, not with 1."""

    def _create_slots(self, var_list):
        for var in var_list:
            self._zeros_slot(var, "rms", self._name)
        super()._create_slots(var_list)

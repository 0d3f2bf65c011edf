"""`tf.train.experimental`: what is no tensor, in a checkpoint; scaled losses."""
# ruff: noqa: F401  every import here is a public name
import abc

from minitf.core.trackable import Trackable, values
from minitf.train.loss_scale import (
    DynamicLossScale,
    FixedLossScale,
    LossScale,
    MixedPrecisionLossScaleOptimizer,
    disable_mixed_precision_graph_rewrite,
    enable_mixed_precision_graph_rewrite,
)


class PythonState(Trackable, abc.ABC):
    """An object of Python's in a checkpoint: as the string that `serialize` returns."""

    @abc.abstractmethod
    def serialize(self):
        """The state, as bytes."""

    @abc.abstractmethod
    def deserialize(self, string_value):
        """Take the state from bytes that `serialize` has returned."""


values.register(PythonState, lambda state: {"py_state": state})

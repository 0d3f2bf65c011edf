"""`tf.keras.layers.SimpleRNN`, `GRU` and `LSTM`: an `RNN` of one cell each."""
from inspect import signature

import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import regularizers
from minitf.keras.engine.base_layer import InputSpec
from minitf.keras.layers.cells import GRUCell, LSTMCell, SimpleRNNCell
from minitf.keras.layers.described import config_of
from minitf.keras.layers.rnn import RNN

# What such layers take, beside what their cells do.
PENALTY = {"activity_regularizer": None}
_OVER_TIME = {
    "return_sequences": False,
    "return_state": False,
    "go_backwards": False,
    "stateful": False,
    "unroll": False,
}


class OfOneCell(RNN):
    """A layer that makes its cell from its own arguments, which it shows as attributes."""

    cell_class, _ndim = None, 3
    _also_of_cell = ("dtype", "trainable")

    def __init__(self, arguments, **kwargs):
        self._quietly(_arguments=tuple(arguments))
        own = {name: arguments.pop(name) for name in _OVER_TIME if name in arguments}
        penalty = arguments.pop("activity_regularizer")
        shared = {key: kwargs[key] for key in self._also_of_cell if key in kwargs}
        super().__init__(self.cell_class(**arguments, **shared), **own, **kwargs)
        self.activity_regularizer = regularizers.get(penalty)
        self.input_spec = [InputSpec(ndim=self._ndim)]

    def call(self, inputs, mask=None, training=None, initial_state=None):
        self.cell.reset_dropout_mask()
        self.cell.reset_recurrent_dropout_mask()
        return super().call(inputs, mask=mask, training=training, initial_state=initial_state)

    def get_config(self):
        config = super().get_config()
        del config["cell"]
        own = self.cell.get_config() | config_of(self, "activity_regularizer")
        return config | {name: own[name] for name in self._arguments if name in own}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        config.pop("num_constants", None)
        if config.get("implementation") == 0:
            config["implementation"] = 1
        return cls(**config)


def shown(cls):
    """Decorates a layer: the arguments of its cell are attributes."""
    for name in signature(cls.cell_class).parameters:
        if name != "kwargs":
            setattr(cls, name, property(lambda self, name=name: getattr(self.cell, name)))
    return cls


@shown
class SimpleRNN(OfOneCell):
    """activation(inputs * kernel + output before * recurrent_kernel + bias) over time."""

    cell_class = SimpleRNNCell

    @takes(
        SimpleRNNCell, before={"kernel_constraint": PENALTY, "kwargs": _OVER_TIME}, into="arguments"
    )
    def __init__(self, arguments, **kwargs):
        if kwargs.pop("implementation", None) is not None:
            tf.logging.warning("SimpleRNN has one implementation: `implementation` is not used.")
        super().__init__(arguments, **kwargs)


@shown
class GRU(OfOneCell):
    """Gated recurrent units (Cho et al. 2014) over time; see `GRUCell`."""

    cell_class = GRUCell

    @takes(
        GRUCell, before={"kernel_constraint": PENALTY, "reset_after": _OVER_TIME}, into="arguments"
    )
    def __init__(self, arguments, **kwargs):
        super().__init__(arguments, **kwargs)


@shown
class LSTM(OfOneCell):
    """Long short-term memory (Hochreiter and Schmidhuber 1997) over time; see `LSTMCell`."""

    cell_class = LSTMCell

    @takes(LSTMCell, before={"kernel_constraint": PENALTY, "kwargs": _OVER_TIME}, into="arguments")
    def __init__(self, arguments, **kwargs):
        super().__init__(arguments, **kwargs)

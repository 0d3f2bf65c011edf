"""`tf.keras.layers.SimpleRNN`, `GRU` and `LSTM`: an `RNN` of one cell each."""
from minitf.keras import regularizers
from minitf.keras.engine.base_layer import InputSpec
from minitf.keras.layers.cells import GRUCell, LSTMCell, SimpleRNNCell
from minitf.keras.layers.described import config_of, in_order
from minitf.keras.layers.rnn import RNN
from minitf.layers.arguments import given

_OF_LAYER = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll")


class _OfOneCell(RNN):
    """A layer that makes its cell from its own arguments, which it shows as attributes."""

    cell_class = None

    def _init(self, names):
        """What `__init__` does with its `locals()`."""
        arguments, more = given(names), names["kwargs"]
        own = {name: arguments.pop(name) for name in _OF_LAYER}
        penalty = arguments.pop("activity_regularizer")
        for name in more:
            arguments.pop(name)
        shared = {key: more[key] for key in ("dtype", "trainable") if key in more}
        RNN.__init__(self, self.cell_class(**arguments, **shared), **own, **more)
        self.activity_regularizer = regularizers.get(penalty)
        self.input_spec = [InputSpec(ndim=3)]

    def call(self, inputs, mask=None, training=None, initial_state=None):
        self.cell.reset_dropout_mask()
        self.cell.reset_recurrent_dropout_mask()
        return super().call(inputs, mask=mask, training=training, initial_state=initial_state)

    def get_config(self):
        config = super().get_config()
        del config["cell"]
        own = {key: value for key, value in self.cell.get_config().items()
               if key not in ("name", "trainable", "dtype")}  # fmt: skip
        return config | in_order(self, own | config_of(self, "activity_regularizer"))

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        config.pop("num_constants", None)
        if config.get("implementation") == 0:
            config["implementation"] = 1
        return cls(**config)


def _shown(cls):
    """Decorates a layer: the arguments of its cell are attributes."""
    names = cls.cell_class.__init__.__code__.co_varnames
    count = cls.cell_class.__init__.__code__.co_argcount
    for name in names[1:count]:
        setattr(cls, name, property(lambda self, name=name: getattr(self.cell, name)))
    return cls


@_shown
class SimpleRNN(_OfOneCell):
    """activation(inputs * kernel + output before * recurrent_kernel + bias) over time."""

    cell_class = SimpleRNNCell

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        **kwargs,
    ):
        self._init(locals())


@_shown
class GRU(_OfOneCell):
    """Gated recurrent units (Cho et al. 2014) over time; see `GRUCell`."""

    cell_class = GRUCell

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="hard_sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        implementation=1,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        reset_after=False,
        **kwargs,
    ):
        self._init(locals())


@_shown
class LSTM(_OfOneCell):
    """Long short-term memory (Hochreiter and Schmidhuber 1997) over time; see `LSTMCell`."""

    cell_class = LSTMCell

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="hard_sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        implementation=1,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        **kwargs,
    ):
        self._init(locals())

"""LSTM cells whose kernels have masks."""
from minitf.contrib.model_pruning.core_layers import mask_variable, masked, threshold_variable
from minitf.core.arguments import takes
from minitf.rnn.lstm import BasicLSTMCell, LSTMCell


class _Masked:
    """Before an LSTM cell among the bases: its kernel has a mask."""

    def build(self, inputs_shape):
        """Make the cell's variables, then mask and threshold."""
        super().build(inputs_shape)
        self.built = False  # what follows is new, as the variables before
        shape = [inputs_shape[1].value + self._num_units, 4 * self._num_units]
        self._mask = mask_variable(self.add_variable, shape, self.dtype)
        self._threshold = threshold_variable(self.add_variable, self.dtype)
        self._masked_kernel = masked(self._kernel, self._mask, self._threshold)
        self.built = True

    def _weights_of_gates(self):
        return self._masked_kernel


class MaskedBasicLSTMCell(_Masked, BasicLSTMCell):
    """`tf.nn.rnn_cell.BasicLSTMCell` with a mask on its kernel.

    Variables: those of the cell, and mask, as large as the kernel, and threshold [].
    """

    @takes(BasicLSTMCell, without=["dtype"])
    def __init__(self, **kwargs):
        super().__init__(**kwargs)


class MaskedLSTMCell(_Masked, LSTMCell):
    """`tf.nn.rnn_cell.LSTMCell` with a mask on its kernel, not on that of a projection.

    Variables: those of the cell, and mask, as large as the kernel, and threshold [].
    """

    @takes(LSTMCell, without=["name", "dtype"])
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

"""`tf.nn.rnn_cell`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.rnn.basic import BasicRNNCell, GRUCell
from minitf.rnn.cell import LayerRNNCell, RNNCell, assert_like_rnncell
from minitf.rnn.lstm import BasicLSTMCell, LSTMCell, LSTMStateTuple
from minitf.rnn.multi import MultiRNNCell
from minitf.rnn.wrappers import DeviceWrapper, DropoutWrapper, ResidualWrapper

"""The recurrent networks of `tf.nn`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.rnn import rnn_cell
from minitf.rnn.dynamic import bidirectional_dynamic_rnn, dynamic_rnn
from minitf.rnn.raw import raw_rnn
from minitf.rnn.static import static_bidirectional_rnn, static_rnn, static_state_saving_rnn

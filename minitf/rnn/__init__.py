"""The recurrent networks of `tf.nn`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.rnn import rnn_cell
from minitf.rnn.dynamic import bidirectional_dynamic_rnn, dynamic_rnn
from minitf.rnn.raw import raw_rnn
from minitf.rnn.sizes import batch_size_of as _best_effort_input_batch_size
from minitf.rnn.static import static_bidirectional_rnn, static_rnn, static_state_saving_rnn
from minitf.rnn.step import transpose_batch_time as _transpose_batch_time

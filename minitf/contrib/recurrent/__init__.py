"""`tf.contrib.recurrent`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.recurrent.functional import bidirectional_functional_rnn, functional_rnn
from minitf.contrib.recurrent.recurrent import Recurrent

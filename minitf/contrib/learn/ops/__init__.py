"""`tf.contrib.learn.ops`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.learn.ops.embeddings_ops import categorical_variable, embedding_lookup
from minitf.contrib.learn.ops.losses_ops import mean_squared_error_regressor, softmax_classifier
from minitf.contrib.learn.ops.seq2seq_ops import (
    rnn_decoder,
    rnn_seq2seq,
    seq2seq_inputs,
    sequence_classifier,
)

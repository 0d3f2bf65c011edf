"""`tf.contrib.legacy_seq2seq`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.legacy_seq2seq.decoders import (
    attention_decoder,
    embedding_attention_decoder,
    embedding_rnn_decoder,
    rnn_decoder,
)
from minitf.contrib.legacy_seq2seq.decoders import (
    extract_argmax_and_embed as _extract_argmax_and_embed,
)
from minitf.contrib.legacy_seq2seq.losses import (
    model_with_buckets,
    sequence_loss,
    sequence_loss_by_example,
)
from minitf.contrib.legacy_seq2seq.models import (
    basic_rnn_seq2seq,
    embedding_attention_seq2seq,
    embedding_rnn_seq2seq,
    embedding_tied_rnn_seq2seq,
    one2many_rnn_seq2seq,
    tied_rnn_seq2seq,
)

missing.explain(missing.sys.modules[__name__])

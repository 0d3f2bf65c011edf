"""`tf.contrib.crf`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.crf.cells import (
    CrfDecodeBackwardRnnCell,
    CrfDecodeForwardRnnCell,
    CrfForwardRnnCell,
)
from minitf.contrib.crf.decode import crf_decode, viterbi_decode
from minitf.contrib.crf.score import (
    crf_binary_score,
    crf_log_likelihood,
    crf_log_norm,
    crf_multitag_sequence_score,
    crf_sequence_score,
    crf_unary_score,
)

"""`tf.contrib.seq2seq`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.seq2seq.attention import (
    AttentionMechanism,
    BahdanauAttention,
    LuongAttention,
    hardmax,
)
from minitf.contrib.seq2seq.attention import BaseAttentionMechanism as _BaseAttentionMechanism
from minitf.contrib.seq2seq.attention_wrapper import AttentionWrapper, AttentionWrapperState
from minitf.contrib.seq2seq.basic_decoder import BasicDecoder, BasicDecoderOutput
from minitf.contrib.seq2seq.beam_search_decoder import (
    BeamSearchDecoder,
    BeamSearchDecoderOutput,
    BeamSearchDecoderState,
    FinalBeamSearchDecoderOutput,
)
from minitf.contrib.seq2seq.decoder import Decoder, dynamic_decode
from minitf.contrib.seq2seq.helper import (
    CustomHelper,
    GreedyEmbeddingHelper,
    Helper,
    InferenceHelper,
    SampleEmbeddingHelper,
    TrainingHelper,
)
from minitf.contrib.seq2seq.loss import sequence_loss
from minitf.contrib.seq2seq.monotonic import (
    BahdanauMonotonicAttention,
    LuongMonotonicAttention,
    monotonic_attention,
    safe_cumprod,
)
from minitf.contrib.seq2seq.scheduled import (
    ScheduledEmbeddingTrainingHelper,
    ScheduledOutputTrainingHelper,
)
from minitf.contrib.seq2seq.tiles import tile_batch
from minitf.nn.gather_tree import gather_tree

missing.explain(missing.sys.modules[__name__])

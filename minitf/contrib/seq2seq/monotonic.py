"""Monotonic attention, after Raffel et al. 2017: it only moves on through the memory."""
import functools

import numpy as np

from minitf.contrib.seq2seq.attention import (
    BaseAttentionMechanism,
    bahdanau_score,
    dense,
    luong_scale,
    luong_score,
)
from minitf.core.arguments import takes
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.graph import name_scope
from minitf.nn.activation import sigmoid
from minitf.ops.array.basics import ones, reshape, shape, zeros
from minitf.ops.array.joining import concat
from minitf.ops.array.one_hot import one_hot
from minitf.ops.control_flow.functional import scan
from minitf.ops.math.clip import clip_by_value
from minitf.ops.math.elementwise import cast, exp, log
from minitf.ops.random.draws import random_normal
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.scan import cumprod, cumsum
from minitf.ops.state.variable_scope import get_variable, variable_scope


def safe_cumprod(x, *args, **kwargs):
    """`tf.cumprod` of numbers in [0, 1], by logarithms: so that its slope is finite."""
    with name_scope(None, "SafeCumprod", [x]):
        x = convert_to_tensor(x, name="x")
        tiny = np.finfo(x.dtype.as_numpy_dtype).tiny
        return exp(cumsum(log(clip_by_value(x, tiny, 1)), *args, **kwargs))


def monotonic_attention(p_choose_i, previous_attention, mode):
    """[batch, time]: where the attention is that stops at memory i with `p_choose_i`.

    It goes on from `previous_attention`. `mode` is "recursive", exact; "parallel", faster but not
    exact for probabilities near 0; or "hard" for probabilities that are 0 or 1. ValueError for
    another.
    """
    p = convert_to_tensor(p_choose_i, name="p_choose_i")
    before = convert_to_tensor(previous_attention, name="previous_attention")
    if mode == "recursive":
        rows = p.shape[0].value or shape(p)[0]
        passed = concat([ones((rows, 1)), 1 - p[:, :-1]], 1)
        found = scan(lambda x, pair: reshape(pair[0] * x + pair[1], (rows,)),
                     [transpose(passed), transpose(before)], zeros((rows,)))  # fmt: skip
        return p * transpose(found)
    if mode == "parallel":
        passed = safe_cumprod(1 - p, axis=1, exclusive=True)
        return p * passed * cumsum(before / clip_by_value(passed, 1e-10, 1.0), axis=1)
    if mode == "hard":
        p *= cumsum(before, axis=1)
        return p * cumprod(1 - p, axis=1, exclusive=True)
    raise ValueError(f"mode must be 'recursive', 'parallel', or 'hard', got {mode!r}")


def _monotonic_probability_fn(score, state, sigmoid_noise, mode, seed=None):
    if sigmoid_noise > 0:
        noise = random_normal(shape(score), dtype=score.dtype, seed=seed)
        score += sigmoid_noise * noise
    p = cast(score > 0, score.dtype) if mode == "hard" else sigmoid(score)
    return monotonic_attention(p, state, mode)


class _Monotonic(BaseAttentionMechanism):
    def __init__(
        self, num_units, memory, memory_sequence_length=None, score_mask_value=None,
        sigmoid_noise=0.0, sigmoid_noise_seed=None, score_bias_init=0.0, mode="parallel",
        dtype=None, name=None, query_layer=None,
    ):  # fmt: skip
        super().__init__(
            query_layer=query_layer,
            memory_layer=dense(num_units, "memory_layer", dtype or float32),
            memory=memory,
            probability_fn=functools.partial(_monotonic_probability_fn, mode=mode,
                                             sigmoid_noise=sigmoid_noise, seed=sigmoid_noise_seed),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )  # fmt: skip
        self._num_units, self._score_bias_init, self._name = num_units, score_bias_init, name

    def initial_alignments(self, batch_size, dtype):
        """All of the attention at the first memory."""
        rows = zeros((batch_size,), dtype=int32)
        return one_hot(rows, self._alignments_size, dtype=dtype)

    def _aligned(self, score, state):
        alignments = self._probability_fn(score, state)
        return alignments, alignments

    def _biased(self, score, dtype):
        return score + get_variable("attention_score_bias", dtype=dtype,
                                    initializer=self._score_bias_init)  # fmt: skip


class BahdanauMonotonicAttention(_Monotonic):
    """BahdanauAttention's scores, and a bias, as the probability to stop.

    `sigmoid_noise` is the deviation of noise added to the scores; `mode` is that of
    `monotonic_attention`.
    """

    @takes(
        _Monotonic, without=["query_layer"], before={"score_mask_value": {"normalize": False}},
        name="BahdanauMonotonicAttention",
    )  # fmt: skip
    def __init__(self, num_units, normalize, dtype, **kwargs):
        layer = dense(num_units, "query_layer", dtype or float32)
        super().__init__(num_units, dtype=dtype, query_layer=layer, **kwargs)
        self._normalize = normalize

    def __call__(self, query, state):
        """(alignments [batch, time], the same as the next state)."""
        with variable_scope(None, "bahdanau_monotonic_attention", [query]):
            query = self.query_layer(query) if self.query_layer else query
            score = bahdanau_score(self._num_units, self._normalize, query, self._keys)
            score = self._biased(score, query.dtype)
        return self._aligned(score, state)


class LuongMonotonicAttention(_Monotonic):
    """LuongAttention's scores, and a bias, as the probability to stop.

    See BahdanauMonotonicAttention for the other arguments.
    """

    @takes(
        _Monotonic, without=["query_layer"], before={"score_mask_value": {"scale": False}},
        name="LuongMonotonicAttention",
    )  # fmt: skip
    def __init__(self, scale, **kwargs):
        super().__init__(**kwargs)
        self._scale = scale

    def __call__(self, query, state):
        """(alignments [batch, time], the same as the next state)."""
        with variable_scope(None, "luong_monotonic_attention", [query]):
            score = luong_score(query, self._keys, luong_scale(self._scale, query.dtype))
            score = self._biased(score, query.dtype)
        return self._aligned(score, state)

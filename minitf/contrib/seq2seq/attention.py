"""Attention mechanisms: how well each memory answers a query, and what follows from it."""
import math

import numpy as np

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32
from minitf.core.graph import control_dependencies, name_scope
from minitf.layers.base import Layer
from minitf.layers.core import Dense
from minitf.nn.activation import softmax
from minitf.ops.array.basics import ones, ones_like, rank, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import sequence_mask, where
from minitf.ops.array.one_hot import one_hot
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import rsqrt, square, tanh
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.initializers import Constant, Ones, Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.rnn.sizes import zero_states


class AttentionMechanism:
    """The base of mechanisms: `alignments, state = mechanism(query, state)`."""

    @property
    def alignments_size(self):
        """How many memories there are."""
        raise NotImplementedError

    @property
    def state_size(self):
        """The size of the state."""
        raise NotImplementedError


class BaseAttentionMechanism(AttentionMechanism):
    """What mechanisms have in common: keys and values made of `memory` [batch, time, ...].

    Memories behind `memory_sequence_length` [batch] are zero, and their scores become
    `score_mask_value`, -infinity unless said. `probability_fn(score, state)` makes alignments of
    scores. TypeError for what are no layers or no function; ValueError for a memory with unknown
    inner sizes.
    """

    def __init__(
        self, query_layer, memory, probability_fn, memory_sequence_length=None, memory_layer=None,
        check_inner_dims_defined=True, score_mask_value=None, custom_key_value_fn=None, name=None,
    ):  # fmt: skip
        for what, layer in (("query_layer", query_layer), ("memory_layer", memory_layer)):
            if layer is not None and not isinstance(layer, Layer):
                raise TypeError(f"{what} is not a Layer: {type(layer).__name__}")
        if not callable(probability_fn):
            raise TypeError("probability_fn must be callable, saw type: "
                            f"{type(probability_fn).__name__}")  # fmt: skip
        self._query_layer, self._memory_layer = query_layer, memory_layer
        self.dtype = memory_layer.dtype
        if score_mask_value is None:
            score_mask_value = as_dtype(self.dtype).as_numpy_dtype(-np.inf)
        self._probability_fn = lambda score, state: probability_fn(
            _masked(score, memory_sequence_length, score_mask_value), state)
        with name_scope(name, "BaseAttentionMechanismInit", nest.flatten(memory)):
            self._values = _prepared(memory, memory_sequence_length, check_inner_dims_defined)
            self._keys = memory_layer(self._values) if memory_layer else self._values
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            self._batch_size = self._keys.shape[0].value or shape(self._keys)[0]
            self._alignments_size = self._keys.shape[1].value or shape(self._keys)[1]

    memory_layer = property(lambda self: self._memory_layer)
    query_layer = property(lambda self: self._query_layer)
    values = property(lambda self: self._values)
    keys = property(lambda self: self._keys)
    batch_size = property(lambda self: self._batch_size)
    alignments_size = property(lambda self: self._alignments_size)
    state_size = property(lambda self: self._alignments_size)

    def initial_alignments(self, batch_size, dtype):
        """The alignments before the first step: zeros [batch, time]."""
        return zero_states(self._alignments_size, batch_size, dtype)

    def initial_state(self, batch_size, dtype):
        """The state before the first step: the alignments."""
        return self.initial_alignments(batch_size, dtype)


def _prepared(memory, lengths, check_inner_dims_defined):
    """The memory, zero behind its lengths."""
    memory = nest.map_structure(lambda each: convert_to_tensor(each, name="memory"), memory)
    if lengths is not None:
        lengths = convert_to_tensor(lengths, name="memory_sequence_length")
    for each in nest.flatten(memory) if check_inner_dims_defined else ():
        if not each.shape[2:].is_fully_defined():
            raise ValueError(f"Expected memory {each.name} to have fully defined inner dims, but "
                             f"saw shape: {each.shape}")  # fmt: skip
    if lengths is None:
        return memory
    first = nest.flatten(memory)[0]
    mask = sequence_mask(lengths, maxlen=shape(first)[1], dtype=first.dtype)

    def masked(each):
        axes = rank(each) if each.shape.ndims is None else each.shape.ndims
        sizes = ones(axes - 2, dtype="int32")
        return each * reshape(mask, concat((shape(mask), sizes), 0))

    return nest.map_structure(masked, memory)


def _masked(score, lengths, value):
    """The scores, `value` behind the lengths."""
    if lengths is None:
        return score
    message = "All values in memory_sequence_length must be greater than zero."
    with control_dependencies([assert_positive(lengths, message=message)]):
        inside = sequence_mask(lengths, maxlen=shape(score)[1])
    return where(inside, score, value * ones_like(score))


def dense(units, name, dtype):
    """The layer that makes keys, queries, or attention: a product with weights."""
    return Dense(units, name=name, use_bias=False, dtype=dtype)


def luong_score(query, keys, scale):
    """[batch, time]: the products of the query with each key. ValueError for other depths."""
    depth, units = query.shape[-1], keys.shape[-1]
    if depth.value != units.value:
        raise ValueError(
            "Incompatible or unknown inner dimensions between query and keys.  Query "
            f"({query}) has units: {depth}.  Keys ({keys}) have units: {units}.  Perhaps you need "
            f"to set num_units to the keys' dimension ({units})?"
        )
    score = squeeze(matmul(expand_dims(query, 1), keys, transpose_b=True), [1])
    return score if scale is None else scale * score


def luong_scale(wanted, dtype):
    """The variable that scales scores, None unless it is wanted."""
    return get_variable("attention_g", (), dtype, Ones) if wanted else None


def bahdanau_score(units, normalize, query, keys):
    """[batch, time]: v * tanh(key + query) for each key, by variables of the current scope.

    With `normalize` v has a length of its own, and there is a bias.
    """
    dtype = query.dtype
    v = get_variable("attention_v", [units], dtype)
    if not normalize:
        return reduce_sum(v * tanh(keys + expand_dims(query, 1)), [2])
    g = get_variable("attention_g", (), dtype, Constant(math.sqrt(1.0 / units)))
    b = get_variable("attention_b", [units], dtype, Zeros())
    processed = expand_dims(query, 1)
    normed = g * v * rsqrt(reduce_sum(square(v)))
    return reduce_sum(normed * tanh(keys + processed + b), [2])


class LuongAttention(BaseAttentionMechanism):
    """Scores that are products of query and keys, after Luong et al. 2015.

    Keys are the memory times weights [..., num_units]; with `scale` scores are scaled by a
    variable. `probability_fn(score)` is the softmax unless said.
    """

    def __init__(
        self, num_units, memory, memory_sequence_length=None, scale=False, probability_fn=None,
        score_mask_value=None, dtype=None, custom_key_value_fn=None, name="LuongAttention",
    ):  # fmt: skip
        probability_fn = probability_fn or softmax
        super().__init__(
            query_layer=None, memory_layer=dense(num_units, "memory_layer", dtype or float32),
            memory=memory, probability_fn=lambda score, _: probability_fn(score),
            memory_sequence_length=memory_sequence_length, score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn, name=name,
        )  # fmt: skip
        self._num_units, self._scale, self._name = num_units, scale, name

    def __call__(self, query, state):
        """(alignments [batch, time], the same as the next state)."""
        with variable_scope(None, "luong_attention", [query]):
            scale = luong_scale(self._scale, query.dtype)
            score = luong_score(query, self._keys, scale)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class BahdanauAttention(BaseAttentionMechanism):
    """Scores v * tanh(key + query), after Bahdanau et al. 2015.

    Keys and queries are the memory and the query times weights [..., num_units]; `normalize` is
    that of Salimans and Kingma 2016. `probability_fn(score)` is the softmax unless said.
    """

    def __init__(
        self, num_units, memory, memory_sequence_length=None, normalize=False, probability_fn=None,
        score_mask_value=None, dtype=None, custom_key_value_fn=None, name="BahdanauAttention",
    ):  # fmt: skip
        probability_fn, dtype = probability_fn or softmax, dtype or float32
        super().__init__(
            query_layer=dense(num_units, "query_layer", dtype),
            memory_layer=dense(num_units, "memory_layer", dtype), memory=memory,
            probability_fn=lambda score, _: probability_fn(score),
            custom_key_value_fn=custom_key_value_fn,
            memory_sequence_length=memory_sequence_length, score_mask_value=score_mask_value,
            name=name,
        )  # fmt: skip
        self._num_units, self._normalize, self._name = num_units, normalize, name

    def __call__(self, query, state):
        """(alignments [batch, time], the same as the next state)."""
        with variable_scope(None, "bahdanau_attention", [query]):
            query = self.query_layer(query) if self.query_layer else query
            score = bahdanau_score(self._num_units, self._normalize, query, self._keys)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


def hardmax(logits, name=None):
    """One where the greatest of the last axis is, zero elsewhere."""
    with name_scope(name, "Hardmax", [logits]):
        logits = convert_to_tensor(logits, name="logits")
        depth = logits.shape[-1].value
        depth = shape(logits)[-1] if depth is None else depth
        return one_hot(argmax(logits, -1), depth, dtype=logits.dtype)

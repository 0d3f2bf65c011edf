"""Decoders whose steps are laid out one after the other."""
from minitf.contrib.rnn.linear import Linear
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.nn.activation import softmax
from minitf.nn.bias import xw_plus_b
from minitf.nn.conv import conv2d
from minitf.nn.embedding import embedding_lookup
from minitf.ops.array.basics import reshape, shape, stop_gradient, zeros
from minitf.ops.array.joining import concat, stack
from minitf.ops.math.elementwise import cast, tanh
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope


def extract_argmax_and_embed(embedding, output_projection=None, update_embedding=True):
    """The loop function that makes of an output the row of `embedding` of its greatest element.

    `output_projection`, a pair of weights and biases, is applied first. Without `update_embedding`
    no gradient flows into the embedding.
    """

    def loop_function(previous, _):
        if output_projection is not None:
            previous = xw_plus_b(previous, *output_projection)
        rows = embedding_lookup(embedding, argmax(previous, 1))
        return rows if update_embedding else stop_gradient(rows)

    return loop_function


def rnn_decoder(decoder_inputs, initial_state, cell, loop_function=None, scope=None):
    """([output of each step], the last state) of `cell` from a state on.

    With `loop_function(output, i)` each input but the first is what that makes of the output
    before.
    """
    with variable_scope(scope or "rnn_decoder"):
        state, outputs, previous = initial_state, [], None
        for i, now in enumerate(decoder_inputs):
            if loop_function is not None and previous is not None:
                with variable_scope("loop_function", reuse=True):
                    now = loop_function(previous, i)
            if i > 0:
                get_variable_scope().reuse_variables()
            output, state = cell(now, state)
            outputs.append(output)
            if loop_function is not None:
                previous = output
    return outputs, state


def embedding_rnn_decoder(
    decoder_inputs, initial_state, cell, num_symbols, embedding_size, output_projection=None,
    feed_previous=False, update_embedding_for_previous=True, scope=None,
):  # fmt: skip
    """`rnn_decoder` of class numbers [batch], by an embedding [num_symbols, embedding_size].

    With `feed_previous` each class but the first is the most probable one of the step before;
    outputs are projected by the pair `output_projection` to find it.
    """
    with variable_scope(scope or "embedding_rnn_decoder") as entered:
        if output_projection is not None:
            _check_projection(output_projection, num_symbols, entered.dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop_function = None
        if feed_previous:
            loop_function = extract_argmax_and_embed(embedding, output_projection,
                                                     update_embedding_for_previous)  # fmt: skip
        embedded = (embedding_lookup(embedding, each) for each in decoder_inputs)
        return rnn_decoder(embedded, initial_state, cell, loop_function=loop_function)


def _check_projection(output_projection, num_symbols, dtype):
    weights = convert_to_tensor(output_projection[0], dtype=dtype)
    weights.shape.assert_is_compatible_with([None, num_symbols])
    biases = convert_to_tensor(output_projection[1], dtype=dtype)
    biases.shape.assert_is_compatible_with([num_symbols])


def attention_decoder(
    decoder_inputs, initial_state, attention_states, cell, output_size=None, num_heads=1,
    loop_function=None, dtype=None, scope=None, initial_state_attention=False,
):  # fmt: skip
    """`rnn_decoder` that attends to `attention_states` [batch, length, size], after Vinyals et al.
    2014.

    Each of `num_heads` heads reads a weighted sum of them, which goes into the next step and into
    the output [batch, output_size]. It reads nothing before the first step, unless
    `initial_state_attention`. ValueError without inputs or heads, and for an unknown size.
    """
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    if attention_states.shape[2].value is None:
        raise ValueError("Shape[2] of attention_states must be known: "
                         f"{attention_states.shape}")  # fmt: skip
    output_size = cell.output_size if output_size is None else output_size
    with variable_scope(scope or "attention_decoder", dtype=dtype) as entered:
        batch_size = shape(decoder_inputs[0])[0]
        attention = _Attention(attention_states, num_heads, entered.dtype)
        attns = attention.nothing(batch_size)
        if initial_state_attention:
            attns = attention(initial_state)
        return _decoded(decoder_inputs, initial_state, cell, output_size, loop_function, attention,
                        attns, initial_state_attention)  # fmt: skip


def _decoded(decoder_inputs, state, cell, output_size, loop_function, attention, attns, again):
    outputs, previous, dtype = [], None, attention.dtype
    for i, now in enumerate(decoder_inputs):
        if i > 0:
            get_variable_scope().reuse_variables()
        if loop_function is not None and previous is not None:
            with variable_scope("loop_function", reuse=True):
                now = loop_function(previous, i)
        depth = now.shape.with_rank(2)[1]
        if depth.value is None:
            raise ValueError(f"Could not infer input size from input: {now.name}")
        seen = [cast(each, dtype) for each in [now, *attns]]
        output, state = cell(Linear(seen, depth, True)(seen), state)
        if i == 0 and again:
            with variable_scope(get_variable_scope(), reuse=True):
                attns = attention(state)
        else:
            attns = attention(state)
        with variable_scope("AttnOutputProjection"):
            seen = [cast(output, dtype), *attns]
            output = Linear(seen, output_size, True)(seen)
        if loop_function is not None:
            previous = output
        outputs.append(output)
    return outputs, state


class _Attention:
    """Heads that read from `states` [batch, length, size], each with weights of its own."""

    def __init__(self, states, heads, dtype):
        self.dtype, self.size = dtype, states.shape[2].value
        length = states.shape[1].value
        self.length = shape(states)[1] if length is None else length
        self.hidden = reshape(states, [-1, self.length, 1, self.size])
        self.features, self.vectors = [], []
        for head in range(heads):
            k = get_variable(f"AttnW_{head}", [1, 1, self.size, self.size], dtype)
            self.features.append(conv2d(self.hidden, k, [1, 1, 1, 1], "SAME"))
            self.vectors.append(get_variable(f"AttnV_{head}", [self.size], dtype))

    def nothing(self, batch_size):
        """What is read before anything is: zeros."""
        sizes = stack([batch_size, self.size])
        made = [zeros(sizes, dtype=self.dtype) for _ in self.vectors]
        for each in made:
            each.set_shape([None, self.size])
        return made

    def __call__(self, query):
        """What each head reads, [batch, size], for the query: a state."""
        query = concat(nest.flatten(query), 1) if nest.is_nested(query) else query
        found = []
        for head, (features, v) in enumerate(zip(self.features, self.vectors)):
            with variable_scope(f"Attention_{head}"):
                y = Linear(query, self.size, True)(query)
                y = cast(reshape(y, [-1, 1, 1, self.size]), self.dtype)
                score = reduce_sum(v * tanh(features + y), [2, 3])
                a = cast(softmax(cast(score, float32)), self.dtype)
                read = reduce_sum(reshape(a, [-1, self.length, 1, 1]) * self.hidden, [1, 2])
                found.append(reshape(read, [-1, self.size]))
        return found


def embedding_attention_decoder(
    decoder_inputs, initial_state, attention_states, cell, num_symbols, embedding_size, num_heads=1,
    output_size=None, output_projection=None, feed_previous=False,
    update_embedding_for_previous=True, dtype=None, scope=None, initial_state_attention=False,
):  # fmt: skip
    """`attention_decoder` of class numbers: see `embedding_rnn_decoder` for the arguments."""
    output_size = cell.output_size if output_size is None else output_size
    if output_projection is not None:
        biases = convert_to_tensor(output_projection[1], dtype=dtype)
        biases.shape.assert_is_compatible_with([num_symbols])
    with variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop_function = None
        if feed_previous:
            loop_function = extract_argmax_and_embed(embedding, output_projection,
                                                     update_embedding_for_previous)  # fmt: skip
        embedded = [embedding_lookup(embedding, each) for each in decoder_inputs]
        return attention_decoder(
            embedded, initial_state, attention_states, cell, output_size=output_size,
            num_heads=num_heads, loop_function=loop_function,
            initial_state_attention=initial_state_attention,
        )  # fmt: skip

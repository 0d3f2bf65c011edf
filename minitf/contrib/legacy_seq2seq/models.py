"""Encoders and decoders together: outputs and the last state for lists of inputs."""
import copy

from minitf.contrib.legacy_seq2seq.decoders import (
    embedding_attention_decoder,
    embedding_rnn_decoder,
    extract_argmax_and_embed,
    rnn_decoder,
)
from minitf.contrib.rnn.projections import EmbeddingWrapper, OutputProjectionWrapper
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.nn.embedding import embedding_lookup
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.branches import cond
from minitf.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope
from minitf.rnn.cell import RNNCell
from minitf.rnn.static import static_rnn


def basic_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, dtype=float32, scope=None):
    """(outputs, state): a copy of `cell` reads the encoder's inputs, `cell` the decoder's from
    there.
    """
    with variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(
    encoder_inputs, decoder_inputs, cell, loop_function=None, dtype=float32, scope=None
):
    """(outputs, state): `cell` reads the encoder's inputs and then the decoder's."""
    with variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


def _either(feed_previous, decode, count, structure):
    """`decode(feed_previous)`; of both, where that is a tensor, the second reusing the variables
    of the first. `count` is the number of outputs, `structure` that of the state.
    """
    if isinstance(feed_previous, bool):
        return decode(feed_previous, True)

    def branch(feeds):
        with variable_scope(get_variable_scope(), reuse=None if feeds else True):
            outputs, state = decode(feeds, False)
            return outputs + nest.flatten(state)

    found = cond(feed_previous, lambda: branch(True), lambda: branch(False))
    states = found[count:]
    nested = nest.is_nested(structure)
    return found[:count], nest.pack_sequence_as(structure, states) if nested else states[0]


def embedding_rnn_seq2seq(
    encoder_inputs, decoder_inputs, cell, num_encoder_symbols, num_decoder_symbols, embedding_size,
    output_projection=None, feed_previous=False, dtype=None, scope=None,
):  # fmt: skip
    """(outputs, state) for class numbers: `embedding_rnn_decoder` from the state of an encoder.

    Outputs are [batch, num_decoder_symbols], or, with a pair `output_projection` that is to be
    applied to them, [batch, cell.output_size]. `feed_previous` may be a bool tensor.
    """
    with variable_scope(scope or "embedding_rnn_seq2seq") as entered:
        if dtype is not None:
            entered.set_dtype(dtype)
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = static_rnn(encoder, encoder_inputs, dtype=dtype or entered.dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(feed_previous, update):
            return embedding_rnn_decoder(
                decoder_inputs, state, cell, num_decoder_symbols, embedding_size,
                output_projection, feed_previous, update_embedding_for_previous=update,
            )  # fmt: skip

        return _either(feed_previous, decode, len(decoder_inputs), state)


def embedding_tied_rnn_seq2seq(
    encoder_inputs, decoder_inputs, cell, num_symbols, embedding_size, num_decoder_symbols=None,
    output_projection=None, feed_previous=False, dtype=None, scope=None,
):  # fmt: skip
    """(outputs, state) for class numbers: `tied_rnn_seq2seq` with one embedding for both sides."""
    with variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as entered:
        dtype = entered.dtype
        if output_projection is not None:
            weights = convert_to_tensor(output_projection[0], dtype=dtype)
            weights.shape.assert_is_compatible_with([None, num_symbols])
            biases = convert_to_tensor(output_projection[1], dtype=dtype)
            biases.shape.assert_is_compatible_with([num_symbols])
        embedding = get_variable("embedding", [num_symbols, embedding_size], dtype)
        encoded = [embedding_lookup(embedding, each) for each in encoder_inputs]
        decoded = [embedding_lookup(embedding, each) for each in decoder_inputs]
        if output_projection is None:
            symbols = num_symbols if num_decoder_symbols is None else num_decoder_symbols
            cell = OutputProjectionWrapper(cell, symbols)

        def decode(feed_previous, update):
            loop = extract_argmax_and_embed(embedding, output_projection, update)
            return tied_rnn_seq2seq(encoded, decoded, cell, loop if feed_previous else None, dtype)

        return _either(feed_previous, decode, len(decoder_inputs), cell.state_size)


def embedding_attention_seq2seq(
    encoder_inputs, decoder_inputs, cell, num_encoder_symbols, num_decoder_symbols, embedding_size,
    num_heads=1, output_projection=None, feed_previous=False, dtype=None, scope=None,
    initial_state_attention=False,
):  # fmt: skip
    """(outputs, state) for class numbers: `embedding_attention_decoder` of an encoder's outputs.

    See `embedding_rnn_seq2seq` for the arguments.
    """
    with variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as entered:
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        outputs, state = static_rnn(encoder, encoder_inputs, dtype=entered.dtype)
        states = [reshape(each, [-1, 1, cell.output_size]) for each in outputs]
        states, output_size = concat(states, 1), None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decode(feed_previous, update):
            return embedding_attention_decoder(
                decoder_inputs, state, states, cell, num_decoder_symbols, embedding_size,
                num_heads, output_size, output_projection, feed_previous,
                update_embedding_for_previous=update,
                initial_state_attention=initial_state_attention,
            )  # fmt: skip

        return _either(feed_previous, decode, len(decoder_inputs), state)


def one2many_rnn_seq2seq(
    encoder_inputs, decoder_inputs_dict, enc_cell, dec_cells_dict, num_encoder_symbols,
    num_decoder_symbols_dict, embedding_size, feed_previous=False, dtype=None, scope=None,
):  # fmt: skip
    """({name: outputs}, {name: state}): one encoder, and a decoder for each name.

    TypeError for what is no RNNCell, ValueError when the names differ.
    """
    for what, cell in [("enc_cell", enc_cell), *(("dec_cell", c) for c in dec_cells_dict.values())]:
        if not isinstance(cell, RNNCell):
            raise TypeError(f"{what} is not an RNNCell: {type(cell)}")
    if set(dec_cells_dict) != set(decoder_inputs_dict):
        raise ValueError("keys of dec_cells_dict != keys of decoder_inputs_dict")
    outputs, states = {}, {}
    with variable_scope(scope or "one2many_rnn_seq2seq", dtype=dtype) as entered:
        encoder = EmbeddingWrapper(enc_cell, num_encoder_symbols, embedding_size)
        _, state = static_rnn(encoder, encoder_inputs, dtype=entered.dtype)
        for name, inputs in decoder_inputs_dict.items():
            symbols = num_decoder_symbols_dict[name]
            with variable_scope(f"one2many_decoder_{name}"):
                cell = OutputProjectionWrapper(dec_cells_dict[name], symbols)

                def decode(feed_previous, _, inputs=inputs, cell=cell, symbols=symbols):
                    return embedding_rnn_decoder(inputs, state, cell, symbols, embedding_size,
                                                 feed_previous=feed_previous)  # fmt: skip

                outputs[name], states[name] = _either(feed_previous, decode, len(inputs), state)
    return outputs, states

"""Sequences made of sequences, unrolled: lists of tensors, one for each step."""
from minitf.core.dtypes import float32
from minitf.core.graph import name_scope
from minitf.nn.activation import softmax
from minitf.nn.loss import softmax_cross_entropy_with_logits
from minitf.ops.array.basics import shape, zeros
from minitf.ops.array.joining import stack, unstack
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import add_n
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope
from minitf.rnn.static import static_rnn


def sequence_classifier(decoding, labels, sampling_decoding=None, name=None):
    """(probabilities [batch, steps, classes], the sum of all cross entropies) of logits for each
    step; the probabilities are of `sampling_decoding`, if it is given."""
    with name_scope(name, "sequence_classifier", [decoding, labels]):
        entropies = [softmax_cross_entropy_with_logits(labels=labels[i], logits=logits,
                                                       name=f"sequence_loss/xent_raw{i}")
                     for i, logits in enumerate(decoding)]  # fmt: skip
        predictions = [softmax((sampling_decoding or decoding)[i]) for i in range(len(decoding))]
        loss = reduce_sum(add_n(entropies, name="sequence_loss/xent"), name="sequence_loss")
        return stack(predictions, axis=1), loss


def seq2seq_inputs(x, y, input_length, output_length, sentinel=None, name=None):
    """(inputs of an encoder, of a decoder, what this is to give) of x and y [batch, steps, ...]:
    the decoder begins with the `sentinel`, zeros by default, with which its outputs end."""
    with name_scope(name, "seq2seq_inputs", [x, y]):
        inputs, outputs = unstack(x, axis=1), unstack(y, axis=1)
        if sentinel is None:
            sentinel = zeros(stack([shape(x)[0], outputs[0].shape[1]]))
            sentinel.set_shape(outputs[0].shape)
        return inputs, [sentinel, *outputs], [*outputs, sentinel]


def rnn_decoder(decoder_inputs, initial_state, cell, scope=None):
    """(outputs, states, sampled outputs, sampled states) of a cell that gets `decoder_inputs`, and
    of one that gets what it gave at the step before."""
    with variable_scope(scope or "dnn_decoder"):
        states, outputs = [initial_state], []
        with name_scope("training", values=[decoder_inputs, initial_state]):
            for i, each in enumerate(decoder_inputs):
                if i:
                    get_variable_scope().reuse_variables()
                output, state = cell(each, states[-1])
                outputs.append(output)
                states.append(state)
        # As in TensorFlow, where the second step begins with the state before the first.
        sampled, sampled_states = outputs[:1], [initial_state, initial_state][: len(outputs) + 1]
        with name_scope("sampling", values=[initial_state]):
            for _ in decoder_inputs[1:]:
                output, state = cell(sampled[-1], sampled_states[-1])
                sampled.append(output)
                sampled_states.append(state)
    return outputs, states, sampled, sampled_states


def rnn_seq2seq(encoder_inputs, decoder_inputs, encoder_cell, decoder_cell=None, dtype=float32,
                scope=None):  # fmt: skip
    """What `rnn_decoder` gives that begins with the last state of an encoder."""
    with variable_scope(scope or "rnn_seq2seq"):
        _, state = static_rnn(encoder_cell, encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, decoder_cell or encoder_cell)

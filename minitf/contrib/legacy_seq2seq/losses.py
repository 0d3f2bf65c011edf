"""Losses of lists of logits, and models for sequences of several lengths."""
from minitf.core.graph import name_scope
from minitf.nn.loss import sparse_softmax_cross_entropy_with_logits
from minitf.ops.array.basics import reshape, shape
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import add_n
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope


def sequence_loss_by_example(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    softmax_loss_function=None,
    name=None,
):
    """[batch]: the weighted cross entropy of each row, summed over steps or averaged.

    The arguments are lists of a tensor for each step: logits [batch, classes], class numbers
    [batch] and weights [batch]. `softmax_loss_function(labels=, logits=)` may take the place of
    the softmax's. ValueError for lists of different lengths.
    """
    if len(targets) != len(logits) or len(weights) != len(logits):
        raise ValueError("Lengths of logits, weights, and targets must be the same "
                         f"{len(logits)}, {len(weights)}, {len(targets)}.")  # fmt: skip
    with name_scope(name, "sequence_loss_by_example", [*logits, *targets, *weights]):
        losses = []
        for logit, target, weight in zip(logits, targets, weights):
            if softmax_loss_function is None:
                labels = reshape(target, [-1])
                loss = sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logit)
            else:
                loss = softmax_loss_function(labels=target, logits=logit)
            losses.append(loss * weight)
        total = add_n(losses)
        if average_across_timesteps:
            size = add_n(weights)
            size += 1e-12  # rows whose weights are all 0
            total /= size
    return total


def sequence_loss(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    average_across_batch=True,
    softmax_loss_function=None,
    name=None,
):
    """The sum of `sequence_loss_by_example`, or with `average_across_batch` its mean."""
    with name_scope(name, "sequence_loss", [*logits, *targets, *weights]):
        cost = reduce_sum(sequence_loss_by_example(
            logits, targets, weights, average_across_timesteps=average_across_timesteps,
            softmax_loss_function=softmax_loss_function))  # fmt: skip
        if not average_across_batch:
            return cost
        batch_size = shape(targets[0])[0]
        return cost / cast(batch_size, cost.dtype)


def model_with_buckets(
    encoder_inputs, decoder_inputs, targets, weights, buckets, seq2seq, softmax_loss_function=None,
    per_example_loss=False, name=None,
):  # fmt: skip
    """([outputs], [loss]): a model for each bucket, all of the same variables.

    `buckets` are pairs (steps of the encoder, steps of the decoder), the longest last;
    `seq2seq(encoder_inputs, decoder_inputs)` returns (outputs, state). Losses are those of
    `sequence_loss`, or of `sequence_loss_by_example` if `per_example_loss`. ValueError for lists
    shorter than the last bucket.
    """
    _check_lengths(buckets[-1], encoder_inputs=encoder_inputs, targets=targets, weights=weights)
    losses, outputs = [], []
    every = [*encoder_inputs, *decoder_inputs, *targets, *weights]
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    with name_scope(name, "model_with_buckets", every):
        for number, (encoded, decoded) in enumerate(buckets):
            with variable_scope(get_variable_scope(), reuse=True if number else None):
                found, _ = seq2seq(encoder_inputs[:encoded], decoder_inputs[:decoded])
                outputs.append(found)
                losses.append(loss(found, targets[:decoded], weights[:decoded],
                                   softmax_loss_function=softmax_loss_function))  # fmt: skip
    return outputs, losses


def _check_lengths(last, **lists):
    for name, given in lists.items():
        wanted = last[0] if name == "encoder_inputs" else last[1]
        if len(given) < wanted:
            raise ValueError(f"Length of {name} ({len(given)}) must be at least that of last "
                             f"bucket ({wanted}).")  # fmt: skip

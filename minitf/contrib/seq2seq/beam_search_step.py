"""One step of a beam search: which beams go on, and with which class."""
from minitf.contrib.seq2seq.attention_wrapper import AttentionWrapperState
from minitf.contrib.seq2seq.tiles import checked_rank, gathered
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32, int64
from minitf.core.static import constant_value
from minitf.nn.activation import log_softmax
from minitf.nn.top import top_k
from minitf.ops.array.basics import fill, ones_like, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.math.elementwise import (
    cast,
    equal,
    floor_mod,
    log,
    logical_not,
    logical_or,
    minimum,
)
from minitf.ops.math.operators import div, to_int64
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum


def search_step(
    time, logits, cell_state, state, batch_size, width, end_token, length_weight, coverage_weight
):
    """((scores, classes, parents) [batch, beam] of the beams that go on, their state).

    `logits` are [batch, beam, classes], `cell_state` is the cell's after this step, `state` the
    BeamSearchDecoderState before it.
    """
    known, finished = constant_value(batch_size), state.finished
    going_on = logical_not(finished)
    log_probs = _of_the_end(log_softmax(logits), end_token, finished)
    total = expand_dims(state.log_probs, 2) + log_probs
    classes = logits.shape[-1].value or shape(logits)[-1]
    lengths = _longer(state.lengths, going_on, batch_size, width, end_token, classes)
    attended = _attended(cell_state, coverage_weight, going_on, state)
    scores = _scores(total, lengths, length_weight, coverage_weight, finished, attended)
    time = convert_to_tensor(time, name="time")
    flat = reshape(scores, [batch_size, -1])
    best, places = top_k(flat, k=convert_to_tensor(width, dtype=int32, name="beam_width"))
    for each in (best, places):
        each.set_shape([known, width])

    def of(tensor, indices, per_row=width, layout=(-1,), name=None):
        return gathered(indices, tensor, batch_size, per_row, list(layout), name)

    probs = of(total, places, width * classes, name="next_beam_probs")
    words = cast(floor_mod(places, classes, name="next_beam_word_ids"), int32)
    parents = cast(places / classes, int32, name="next_beam_parent_ids")
    before = of(finished, parents)
    ended = logical_or(before, equal(words, end_token), name="next_beam_finished")
    more = cast(logical_not(before), int64)
    lengths = of(state.lengths, parents)
    lengths += more
    if attended is not None:
        attended = of(attended, parents, layout=(batch_size * width, -1),
                      name="next_accumulated_attention_probs")  # fmt: skip

    def continued(each):
        layout = batch_size * width, -1
        if isinstance(each, TensorArray) or checked_rank(each) < 2:
            return each
        return of(each, parents, layout=layout)

    cell_state = nest.map_structure(continued, cell_state)
    following = type(state)(
        cell_state=cell_state, log_probs=probs, lengths=lengths, finished=ended,
        accumulated_attention_probs=() if attended is None else attended,
    )  # fmt: skip
    return (best, words, parents), following


def _of_the_end(log_probs, end_token, finished):
    """The log probabilities; a beam that has finished can only stay at its end."""
    classes, dtype = shape(log_probs)[2], log_probs.dtype
    row = one_hot(end_token, classes, dtype=dtype, on_value=convert_to_tensor(0.0, dtype=dtype),
                  off_value=dtype.min)  # fmt: skip
    rows = tile(reshape(row, [1, 1, -1]), concat([shape(finished), [1]], 0))
    mask = tile(expand_dims(finished, 2), [1, 1, classes])
    return where(mask, rows, log_probs)


def _longer(lengths, going_on, batch_size, width, end_token, classes):
    """How long each beam becomes by each class; the end does not count."""
    more = one_hot(indices=fill([batch_size, width], end_token), depth=classes,
                   on_value=to_int64(0), off_value=to_int64(1), dtype=int64)  # fmt: skip
    more *= expand_dims(cast(going_on, int64), 2)
    return more + expand_dims(lengths, 2)


def _attended(cell_state, coverage_weight, going_on, state):
    """What each beam has attended to, with this step; None when it does not count."""
    now = attention_of(cell_state, coverage_weight)
    if now is None:
        return None
    now *= expand_dims(cast(going_on, float32), 2)
    return state.accumulated_attention_probs + now


def attention_of(cell_state, coverage_penalty_weight):
    """The alignments in a cell's state, their mean where there are several; None without weight.

    ValueError when there are none.
    """
    if coverage_penalty_weight == 0.0:
        return None
    states = [cell_state]
    if not isinstance(cell_state, AttentionWrapperState):
        states = cell_state if isinstance(cell_state, tuple) else ()
    found = [_mean(each.alignments) for each in states if isinstance(each, AttentionWrapperState)]
    if not found:
        raise ValueError("coverage_penalty_weight must be 0.0 if no cell is attentional.")
    return _mean(tuple(found)) if len(found) > 1 else found[0]


def _mean(alignments):
    if not isinstance(alignments, tuple):
        return alignments
    return reduce_mean(concat([expand_dims(each, -1) for each in alignments], -1), -1)


def _scores(log_probs, lengths, length_weight, coverage_weight, finished, attended):
    scores = log_probs / cast(_length_penalty(lengths, length_weight), log_probs.dtype)
    weight = convert_to_tensor(coverage_weight, name="coverage_penalty_weight")
    if weight.shape.ndims != 0:
        raise ValueError("coverage_penalty_weight should be a scalar, but saw shape: "
                         f"{weight.shape}")  # fmt: skip
    if constant_value(weight) == 0.0:
        return scores
    attended = where(equal(attended, 0.0), ones_like(attended), attended)
    penalty = reduce_sum(log(minimum(attended, 1.0)), 2)
    penalty *= cast(finished, float32)
    return scores + expand_dims(penalty * weight, 2)


def _length_penalty(lengths, weight):
    weight = convert_to_tensor(weight, name="penalty_factor")
    weight.set_shape(())
    known = constant_value(weight)
    if known is not None and known == 0:
        return 1.0
    return div((5.0 + cast(lengths, float32)) ** weight, (5.0 + 1.0) ** weight)

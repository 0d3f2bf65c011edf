"""Connectionist temporal classification: `tf.nn.ctc_loss`, `tf.nn.ctc_greedy_decoder`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import bool_, float32, float64, int32, int64
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Repeat, TypeAttr
from minitf.core.sparse_tensor import SparseTensor, is_sparse
from minitf.core.tensor_shape import merge, printed
from minitf.nn.kernels import ctc_paths, ctc_search, ctc_sum
from minitf.nn.windows import agreed, ranked
from minitf.ops.array.basics import ones_like, prevent_gradient, reshape, shape
from minitf.ops.array.indexing import gather, gather_nd, scatter_nd
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import boolean_mask, sequence_mask, where
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast, equal, logical_and, not_equal, select
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_max, reduce_sum
from minitf.ops.reduction.scan import cumsum

Logits = TypeAttr("T", (float32, float64))

# -- the ops --------------------------------------------------------------------------------------


def _batch(inputs, sequence_length):
    """The shape [time, batch, classes], and the batch, of which the lengths have one each."""
    inputs = ranked(inputs, "inputs", 3)
    if sequence_length is not None and len(sequence_length) != 1:
        raise ValueError(f"sequence_length must be a vector, got {printed(sequence_length)}")
    length = (None,) if sequence_length is None else sequence_length
    batch = agreed(inputs[1], length[0], f"the batch of inputs {printed(inputs)} [time, batch, "
                   f"classes] and of sequence_length {printed(sequence_length)}")  # fmt: skip
    return (inputs[0], batch, inputs[2]), batch


def _loss_shape(inputs, labels_indices, labels_values, sequence_length, **_):
    inputs, batch = _batch(inputs, sequence_length)
    rows = None if labels_indices is None else labels_indices[:1]
    if merge(rows, labels_values) is False:
        raise ValueError(f"Dimensions must be equal: there must be a row of labels_indices "
                         f"{printed(labels_indices)} for each of labels_values "
                         f"{printed(labels_values)}")  # fmt: skip
    return [(batch,), inputs]


def _check_lengths(lengths, time):
    if lengths.size and not 0 <= lengths.min() <= lengths.max() <= time:
        wrong = int(np.argmax((lengths < 0) | (lengths > time)))
        raise ValueError(f"sequence_length({wrong}) <= {time}: it is {lengths[wrong]}")


def _without_late(inputs, lengths):
    """The inputs, with zeros after the end of a sequence: NaN there would spread."""
    late = np.arange(len(inputs))[:, None] >= lengths
    return np.where(late[:, :, None], inputs.dtype.type(0), inputs) if late.any() else inputs


def _lists(indices, values, batch):
    """The labels of each sequence. ValueError for none, and unless the indices are in order."""
    if not batch:
        raise ValueError("batch_size must not be 0")
    rows = [[] for _ in range(batch)]
    if len(indices) and not 0 <= indices[:, 0].min() <= indices[:, 0].max() < batch:
        raise ValueError(f"labels batch index must be between 0 and {batch}")
    order = np.lexsort((indices[:, 1], indices[:, 0]))
    if (order != np.arange(len(indices))).any():
        raise ValueError("label SparseTensor is not valid: its indices are out of order; "
                         "tf.sparse.reorder brings them into it")  # fmt: skip
    for row, value in zip(indices[:, 0].tolist(), values.tolist()):
        rows[row].append(value)
    return rows


@op("CTCLoss", shape=_loss_shape, host=True)
def ctc_loss_op(
    xp, inputs: Logits, labels_indices: int64, labels_values: int32, sequence_length: int32, *,
    preprocess_collapse_repeated=False, ctc_merge_repeated=True,
    ignore_longer_outputs_than_inputs=False,
) -> [Logits, Logits]:  # fmt: skip
    """(loss, gradient): minus the log of the probability of the labels of each sequence, and its
    derivative by the inputs."""
    _check_lengths(sequence_length, len(inputs))
    inputs = _without_late(inputs, sequence_length)
    labels = _lists(labels_indices, labels_values, inputs.shape[1])
    found = ctc_paths.losses(
        inputs, labels, sequence_length, preprocess_collapse_repeated, ctc_merge_repeated,
        ignore_longer_outputs_than_inputs,
    )  # fmt: skip
    return [xp.asarray(each) for each in found]


@ctc_loss_op.trait
def quick(
    run, inputs, labels_indices, labels_values, sequence_length, *, preprocess_collapse_repeated,
    ctc_merge_repeated, ignore_longer_outputs_than_inputs,
):
    if not inputs.size:
        return None  # the kernel says what is wrong
    _check_lengths(sequence_length, len(inputs))
    inputs = _without_late(inputs, sequence_length)
    labels = _lists(labels_indices, labels_values, inputs.shape[1])
    kept, fitting = ctc_paths.checked(inputs, labels, sequence_length, preprocess_collapse_repeated,
                                      ignore_longer_outputs_than_inputs)  # fmt: skip
    return ctc_sum.losses(run, inputs, kept, fitting, sequence_length, ctc_merge_repeated)


@ctc_loss_op.gradient
def _(ys, dys, inputs, *_, **__):
    slope = prevent_gradient(ys[1], message=(
        "Currently there is no way to take the second derivative of ctc_loss due to the fused "
        "implementation's interaction with tf.gradients()"
    ))  # fmt: skip
    return expand_dims(dys[0], -1) * slope, None, None, None


def _stored(sequences):
    """(indices, values, shape) of lists as the parts of a sparse matrix."""
    indices = [(b, t) for b, each in enumerate(sequences) for t in range(len(each))]
    values = [value for each in sequences for value in each]
    longest = max(map(len, sequences), default=0)
    return (
        np.array(indices, np.int64).reshape(-1, 2),
        np.array(values, np.int64),
        np.array([len(sequences), longest], np.int64),
    )


def _rows(labels, counts):
    """The first `counts` of each row as the parts of a sparse matrix: indices, values, shape."""
    kept = np.arange(labels.shape[1]) < counts[:, None]
    longest = np.max(counts, initial=0)
    return np.argwhere(kept), labels[kept], np.array([len(labels), longest], np.int64)


def _greedy_shape(inputs, sequence_length, **_):
    _, batch = _batch(inputs, sequence_length)
    return [(None, 2), (None,), (2,), (batch, 1)]


@op("CTCGreedyDecoder", shape=_greedy_shape, grad=NOT_DIFFERENTIABLE, host=True)
def greedy_op(
    xp, inputs: Logits, sequence_length: int32, *, merge_repeated=False
) -> [int64, int64, int64, Logits]:
    """(indices, values, shape, -log probability) of the classes with the greatest logits."""
    _check_lengths(sequence_length, len(inputs))
    paths, scores = ctc_paths.greedy(inputs, sequence_length, merge_repeated)
    return [xp.asarray(each) for each in (*_stored(paths), scores[:, None])]


@greedy_op.trait
def quick(run, inputs, sequence_length, *, merge_repeated):  # noqa: F811
    if not inputs.size:
        return None  # the kernel says what is wrong
    _check_lengths(sequence_length, len(inputs))
    labels, counts, scores = ctc_search.greedy(run, inputs, sequence_length, merge_repeated)
    return [*_rows(labels, counts), scores[:, None]]


def _beams_shape(inputs, sequence_length, *, top_paths, **_):
    _, batch = _batch(inputs, sequence_length)
    parts = [(None, 2)] * top_paths + [(None,)] * top_paths + [(2,)] * top_paths
    return [*parts, (batch, top_paths)]


@op("CTCBeamSearchDecoder", shape=_beams_shape, grad=NOT_DIFFERENTIABLE, host=True)
def beam_search_op(
    xp, inputs: Logits, sequence_length: int32, *, beam_width, top_paths, merge_repeated=True
) -> [Repeat(int64, "top_paths"), Repeat(int64, "top_paths"), Repeat(int64, "top_paths"), Logits]:
    """(indices, values, shapes, log probabilities) of the most probable labels."""
    _check_lengths(sequence_length, len(inputs))
    sequences = range(inputs.shape[1])
    found = [ctc_paths.beam_search(inputs[: sequence_length[b], b], beam_width, top_paths,
                                   merge_repeated) for b in sequences]  # fmt: skip
    parts = zip(*(_stored([found[b][0][i] for b in sequences]) for i in range(top_paths)))
    scores = np.array([each[1] for each in found], inputs.dtype).reshape(-1, top_paths)
    return [xp.asarray(each) for part in parts for each in part] + [xp.asarray(scores)]


@beam_search_op.trait
def quick(run, inputs, sequence_length, *, beam_width, top_paths, merge_repeated):  # noqa: F811
    if not inputs.size or top_paths > beam_width:
        return None
    _check_lengths(sequence_length, len(inputs))
    found = ctc_search.beam_search(run, inputs, sequence_length, beam_width, top_paths,
                                   merge_repeated)  # fmt: skip
    if found is None:
        return None
    labels, counts, scores = found
    parts = zip(*map(_rows, labels, counts))
    return [each for part in parts for each in part] + [scores.astype(inputs.dtype)]


# -- TF1's functions ------------------------------------------------------------------------------


def ctc_loss(
    labels, inputs=None, sequence_length=None, preprocess_collapse_repeated=False,
    ctc_merge_repeated=True, ignore_longer_outputs_than_inputs=False, time_major=True, logits=None,
):  # fmt: skip
    """Minus the log of the probability of the labels of each sequence, over all ways to spread
    them over the time.

    `labels` is an int32 SparseTensor [batch, label], `inputs` are logits [time, batch, classes],
    or [batch, time, classes] unless `time_major`; the last class is the blank. Where labels do not
    fit in `sequence_length` InvalidArgumentError is raised in the run, or the loss is 0 with
    `ignore_longer_outputs_than_inputs`. TypeError for other labels.
    """
    if not isinstance(labels, SparseTensor):
        raise TypeError("Expected labels (first argument) to be a SparseTensor")
    inputs = renamed("inputs", inputs, "logits", logits)
    if not time_major:
        inputs = transpose(inputs, [1, 0, 2])
    return ctc_loss_op(
        inputs, labels.indices, labels.values, sequence_length,
        preprocess_collapse_repeated=preprocess_collapse_repeated,
        ctc_merge_repeated=ctc_merge_repeated,
        ignore_longer_outputs_than_inputs=ignore_longer_outputs_than_inputs,
    )[0]  # fmt: skip


def ctc_loss_v2(
    labels, logits, label_length, logit_length, logits_time_major=True, unique=None,
    blank_index=None, name=None,
):  # fmt: skip
    """`ctc_loss` with any class as the blank, and labels that may be dense, [batch, label] with
    `label_length`; then the blank is class 0 unless `blank_index` says another.

    Negative numbers of `blank_index` count from the last class. `unique`, which TensorFlow can use
    to save time, is not used. ValueError for a SparseTensor without `blank_index`.
    """
    with name_scope(name, "ctc_loss_dense", [logits, labels, label_length, logit_length]):
        logits = convert_to_tensor(logits, name="logits")
        if is_sparse(labels):
            if blank_index is None:
                raise ValueError("blank_index must be given when using SparseTensor labels.")
        else:
            labels, blank_index = _sparse(labels, label_length), blank_index or 0
        logits, labels = _with_blank_last(logits, labels, blank_index)
        return ctc_loss(labels, logits, logit_length, time_major=logits_time_major)


def _sparse(labels, lengths):
    labels = convert_to_tensor(labels, name="labels", dtype_hint=int32)
    inside = sequence_mask(lengths, maxlen=shape(labels)[1])
    places = where(inside)
    return SparseTensor(places, gather_nd(labels, places), shape(labels, out_type=int64))


def _with_blank_last(logits, labels, blank):
    classes = logits.shape[2].value
    if classes is None:
        raise ValueError("The number of classes of logits must be known: set_shape")
    blank = blank + classes if blank < 0 else blank
    values = cast(labels.values, int32)
    if blank != classes - 1:
        parts = logits[:, :, :blank], logits[:, :, blank + 1 :], logits[:, :, blank : blank + 1]
        logits = concat(parts, 2)
        values = select(values < blank, values, values - 1)
    return logits, SparseTensor(labels.indices, values, labels.dense_shape)


def ctc_greedy_decoder(inputs, sequence_length, merge_repeated=True):
    """([SparseTensor of labels], -log probabilities [batch, 1]): the most probable class at each
    time, without blanks (the last class) and, with `merge_repeated`, without repetitions.

    `inputs` are logits [time, batch, classes]; as in TensorFlow their greatest are what is summed.
    """
    *parts, scores = greedy_op(inputs, sequence_length, merge_repeated=merge_repeated)
    return [SparseTensor(*parts)], scores


def ctc_beam_search_decoder(
    inputs, sequence_length, beam_width=100, top_paths=1, merge_repeated=True
):
    """([SparseTensor of labels] * top_paths, log probabilities [batch, top_paths]): the most
    probable labels that a search which keeps `beam_width` beginnings finds.

    `inputs` are logits [time, batch, classes], the last class the blank. `merge_repeated` takes
    repetitions out of what is found. InvalidArgumentError in the run when there are not so many.
    """
    found = beam_search_op(
        inputs, sequence_length, beam_width=beam_width, top_paths=top_paths,
        merge_repeated=merge_repeated,
    )  # fmt: skip
    parts = (found[i * top_paths : (i + 1) * top_paths] for i in range(3))
    return [SparseTensor(*each) for each in zip(*parts)], found[-1]


def ctc_beam_search_decoder_v2(inputs, sequence_length, beam_width=100, top_paths=1):
    """`ctc_beam_search_decoder` without `merge_repeated`."""
    return ctc_beam_search_decoder(inputs, sequence_length, beam_width, top_paths, False)


def collapse_repeated(labels, seq_length, name=None):
    """(labels, lengths): the rows of a matrix with repetitions written once, filled up with 0."""
    with name_scope(name, "collapse_repeated_labels", [labels, seq_length]):
        labels = convert_to_tensor(labels, name="labels")
        seq_length = convert_to_tensor(seq_length, name="seq_length")
        first = ones_like(labels[:, :1], bool_)
        kept = concat([first, not_equal(labels[:, 1:], labels[:, :-1])], axis=1)
        kept = logical_and(kept, sequence_mask(seq_length, maxlen=shape(labels)[1]))
        lengths = reduce_sum(cast(kept, int32), axis=1)
        longest = reduce_max(lengths)
        filled = reshape(sequence_mask(lengths, maxlen=longest), [-1])
        places = boolean_mask(range_(shape(filled)[0]), filled)
        values = boolean_mask(reshape(labels, [-1]), reshape(kept, [-1]))
        flat = scatter_nd(expand_dims(places, 1), values, shape(filled))
        return reshape(flat, [shape(labels)[0], longest]), cast(lengths, seq_length.dtype)


def ctc_unique_labels(labels, name=None):
    """(unique labels, filled up with 0; for each label its place among them), row by row, in the
    order in which they come."""
    with name_scope(name, "ctc_unique_labels", [labels]):
        labels = convert_to_tensor(labels, name="labels")
        length = shape(labels)[1]
        first = argmax(cast(equal(expand_dims(labels, 2), expand_dims(labels, 1)), int32), 2)
        is_first = equal(first, range_(cast(length, int64)))
        number = cumsum(cast(is_first, int32), axis=1) - 1
        places = one_hot(select(is_first, number, -ones_like(number)), length, dtype=int64)
        unique = reduce_sum(places * expand_dims(cast(labels, int64), 2), 1)
        return [unique, gather(number, first, axis=1, batch_dims=1)]

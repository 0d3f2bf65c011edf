"""`tf.contrib.training.batch_sequences_with_states`: a queue of parts of sequences, dense or
sparse."""
import numbers

from minitf.autograph.builtins import range_
from minitf.contrib.training.sequence_queueing_state_saver import SequenceQueueingStateSaver
from minitf.core import errors
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32, int64, string
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.ops.array.basics import fill, reshape, shape
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import tile
from minitf.ops.array.rearrange import repeat
from minitf.ops.control_flow.control import Assert, with_dependencies
from minitf.ops.math.elementwise import cast, equal, logical_and, not_equal
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_max
from minitf.ops.sparse.layout import sparse_reshape
from minitf.ops.sparse.tensors_map import put_aside, taken_out
from minitf.ops.strings.numbers import as_string
from minitf.ops.strings.text import string_join
from minitf.summary.numeric import scalar
from minitf.train.queue_runner import QueueRunner, add_queue_runner

_IN_CONTEXT = "_context_in_seq_"  # before the name of what travels among the sequences


def batch_sequences_with_states(
    input_key, input_sequences, input_context, input_length, initial_states, num_unroll,
    batch_size, num_threads=3, capacity=1000, allow_small_batch=True, pad=True,
    make_keys_unique=False, make_keys_unique_seed=None, name=None,
):  # fmt: skip
    """A NextQueuedSequenceBatch of sequences that threads bring: see SequenceQueueingStateSaver.

    `pad` fills them up to a multiple of `num_unroll`, and measures them where `input_length` is
    None. `make_keys_unique` adds a random number to keys. Sequences and context may be sparse.
    TypeError and ValueError for what does not fit.
    """
    given = [*input_sequences.values(), *input_context.values(), *initial_states.values()]
    with name_scope(name, "batch_sequences_with_states", given):
        if pad:
            length, sequences = _padded(input_sequences, num_unroll)
            input_length = length if input_length is None else input_length
        else:
            sequences = {key: _whole(key, value, num_unroll)
                         for key, value in input_sequences.items()}  # fmt: skip
        context = _moved_to_sequences(input_context, sequences, num_unroll)
        numbers, operations = _put_aside(sequences)
        if make_keys_unique:
            number = random_uniform((), 0, 100000000, int32, seed=make_keys_unique_seed)
            input_key = string_join([input_key, as_string(number)])
        saver = SequenceQueueingStateSaver(
            batch_size, num_unroll, input_length, input_key, numbers, context, initial_states,
            capacity, allow_small_batch,
        )  # fmt: skip
        scalar(f"queue/{saver.barrier.name}/ready_segment_batches_",
               cast(saver.barrier.ready_size(), float32))  # fmt: skip
        add_queue_runner(QueueRunner(
            saver, [saver.prefetch_op] * num_threads,
            queue_closed_exception_types=(errors.OutOfRangeError, errors.CancelledError),
        ))  # fmt: skip
        batch = saver.next_batch
        _take_out(batch.sequences, operations, batch_size, num_unroll)
        _move_to_context(batch.context, batch.sequences)
        return batch


# -- lengths --------------------------------------------------------------------------------------


def _padded(sequences, num_unroll):
    """(their common length, the sequences filled up with zeros)."""
    if not isinstance(num_unroll, numbers.Integral):
        raise ValueError(f"Unsupported num_unroll expected int, got: {num_unroll}")
    if not isinstance(sequences, dict):
        raise TypeError(f"Unsupported sequences expected dict, got: {sequences}")
    for key in sequences:
        if not isinstance(key, str):
            raise TypeError(f"Unsupported sequences key expected string, got: {key}")
    if not sequences:
        return 0, {}
    tensors = {key: _tensor(sequences[key]) for key in sorted(sequences)}
    length = _common_length(tensors.values())
    padded = length + (num_unroll - length % num_unroll) % num_unroll
    return length, {key: _filled(tensor, padded) for key, tensor in tensors.items()}


def _tensor(value):
    return value if isinstance(value, SparseTensor) else convert_to_tensor(value)


def _common_length(tensors):
    dense = [shape(t)[0] for t in tensors if not isinstance(t, SparseTensor)]
    if not dense:
        return reduce_max(cast([t.dense_shape[0] for t in tensors], int32))
    said = "All sequence lengths must match, but received lengths:"
    alike = [Assert(equal(each, dense[0]), [said, stack(dense)]) for each in dense]
    return with_dependencies(alike, dense[0])


def _filled(tensor, length):
    if isinstance(tensor, SparseTensor):
        whole = concat([[cast(length, int64)], tensor.dense_shape[1:]], 0)
        return SparseTensor(tensor.indices, tensor.values, whole)
    missing = concat([[length - shape(tensor)[0]], shape(tensor)[1:]], 0)
    nothing = constant("" if tensor.dtype == string else 0, tensor.dtype)
    return concat([tensor, fill(missing, nothing)], 0)


def _whole(key, value, num_unroll):
    """The sequence, whose length is a multiple of `num_unroll`."""
    tensor = _tensor(value)
    sparse = isinstance(tensor, SparseTensor)
    length = tensor.dense_shape[0] if sparse else shape(tensor)[0]
    said = [f"{'SparseTensor' if sparse else 'Tensor'} {key} first dimension should be a multiple "
            f"of: {num_unroll}, but saw value: ", length, ". Consider setting pad=True."]
    fits = Assert(logical_and(equal(length % num_unroll, 0), not_equal(length, 0)), said)
    if not sparse:
        return with_dependencies([fits], tensor)
    parts = tensor.indices, tensor.values, tensor.dense_shape
    return SparseTensor(*(with_dependencies([fits], part) for part in parts))


# -- what is sparse -------------------------------------------------------------------------------


def _moved_to_sequences(context, sequences, num_unroll):
    """The context without what is sparse: that goes to the sequences, once for each part."""
    sparse = {key: value for key, value in sorted(context.items())
              if isinstance(value, SparseTensor)}  # fmt: skip
    steps = 1
    if sequences:
        first = next(iter(sequences.values()))
        steps = first.dense_shape[0] if isinstance(first, SparseTensor) else shape(first)[0]
    for key, value in sparse.items():
        sequences[_IN_CONTEXT + key] = _at_each_part(value, cast(steps, int64), num_unroll)
    return {key: value for key, value in context.items() if key not in sparse}


def _at_each_part(value, steps, num_unroll):
    count = steps // num_unroll
    rows = shape(value.indices, out_type=int64)[0]
    begins = repeat(range_(count) * num_unroll, rows)
    indices = concat([expand_dims(begins, 1), tile(value.indices, [count, 1])], 1)
    whole = concat([expand_dims(steps, 0), value.dense_shape], 0)
    return SparseTensor(indices, tile(value.values, expand_dims(count, 0)), whole)


def _put_aside(sequences):
    """(the sequences with numbers instead of what is sparse, the operation that put it aside)."""
    sparse = [key for key in sorted(sequences) if isinstance(sequences[key], SparseTensor)]
    stored = {key: put_aside(sequences[key], True, None) for key in sparse}
    return {**sequences, **stored}, {key: value.op for key, value in stored.items()}


def _take_out(sequences, operations, batch_size, num_unroll):
    """Put SparseTensors [batch, time, ...] in the places of their numbers."""
    for key, operation in operations.items():
        found = taken_out(reshape(sequences[key], [-1]), operation, None)
        row = found.indices[:, 0]
        places = [expand_dims(row // num_unroll, 1), expand_dims(row % num_unroll, 1)]
        whole = concat([[cast(batch_size, int64), num_unroll], found.dense_shape[1:]], 0)
        sequences[key] = SparseTensor(concat([*places, found.indices[:, 1:]], 1), found.values,
                                      whole)  # fmt: skip


def _move_to_context(context, sequences):
    for key in [key for key in sorted(sequences) if key.startswith(_IN_CONTEXT)]:
        found = sequences.pop(key)
        whole = concat([found.dense_shape[:1], found.dense_shape[2:]], 0)
        at_first = concat([found.dense_shape[:1], [1], found.dense_shape[2:]], 0)
        first = SparseTensor(found.indices, found.values, at_first)
        context[key[len(_IN_CONTEXT):]] = sparse_reshape(first, whole)

"""Long sequences in parts, whose state goes from one to the next:
`tf.contrib.training.batch_sequences_with_states`."""
from minitf.autograph.builtins import range_
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64, string
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import fill, identity, rank, reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.check import assert_equal, assert_greater_equal
from minitf.ops.control_flow.control import Assert, group, with_dependencies
from minitf.ops.math.elementwise import (
    cast,
    equal,
    less_equal,
    logical_and,
    logical_not,
    maximum,
    minimum,
    not_equal,
)
from minitf.ops.math.operators import floordiv
from minitf.ops.queues.barrier import Barrier
from minitf.ops.queues.queue import FIFOQueue
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.strings.numbers import as_string
from minitf.ops.strings.text import string_join

_PART = ("length", "total_length", "next_key", "sequence", "sequence_count")
_TYPES = (int32, int32, string, int32, int32)


class NextQueuedSequenceBatch:
    """Parts of sequences, of `num_unroll` steps each: tensors of what was taken last.

    Their first axis is the batch.
    """

    def __init__(self, state_saver):
        self._saver, self._read = state_saver, state_saver._read

    total_length = property(lambda self: self._read.of["total_length"], doc="Of the sequences.")
    length = property(lambda self: self._read.of["length"], doc="Of the parts, without padding.")
    batch_size = property(lambda self: self._read.batch_size, doc="A scalar: it may be small.")
    insertion_index = property(lambda self: self._read.indices, doc="When each came, int64.")
    key = property(lambda self: self._read.keys, doc="Keys of the parts, strings.")
    next_key = property(lambda self: self._read.of["next_key"], doc="Those of the parts after.")
    sequence = property(lambda self: self._read.of["sequence"], doc="The number of each part.")
    sequence_count = property(lambda self: self._read.of["sequence_count"], doc="Of how many.")
    context = property(lambda self: self._read.context, doc="What a sequence has once, by name.")
    sequences = property(lambda self: self._read.sequences, doc="What it has of each step.")

    def state(self, state_name):
        """The state with which the parts begin. KeyError for another name."""
        return self._read.states[state_name]

    def save_state(self, state_name, value, name=None):
        """An operation that lets the parts after these begin with `value`, a row for each.

        KeyError for a name that is no state's, ValueError for a shape that does not fit.
        """
        if state_name not in self._read.states:
            raise KeyError(f"state was not declared: {state_name}")
        with name_scope(name, "InputQueueingStateSaver_SaveState", [value]):
            rows = reshape(where_v2(logical_not(self._read.is_last)), [-1])
            value = identity(value, name=f"convert_{state_name}")
            value = _of_shape(value, self.state(state_name))
            return self._saver.barrier.insert_many(
                self._saver._index[f"__state__{state_name}"], gather(self.next_key, rows),
                gather(value, rows), name=f"BarrierInsertState_{state_name}",
            )  # fmt: skip


def _of_shape(value, like):
    """The value, with the shape of another tensor. ValueError where that cannot be."""
    if not value.shape.is_compatible_with(like.shape):
        raise ValueError(f"Shape check failed for {value.name}: Shapes {value.shape} and "
                         f"{like.shape} are not compatible")  # fmt: skip
    with control_dependencies([assert_equal(shape(value), shape(like))]):
        value = identity(value, name="shape_checked")
    value.set_shape(like.shape)
    return value


class _Read:
    """The tensors of a batch, in whose components the saver's `index` says what is what."""

    def __init__(self, saver, received):
        self.indices, self.keys, values = received
        index = saver._index
        self.of = {name: values[index[f"__{name}"]] for name in _PART}
        self.context = {k: values[index[f"__context__{k}"]] for k in saver._context}
        self.sequences = {k: values[index[f"__sequence__{k}"]] for k in saver._sequences}
        self.batch_size = squeeze(shape(self.of["length"]))
        self.is_last = self.of["sequence"] + 1 >= self.of["sequence_count"]
        ended = reduce_sum(cast(self.is_last, int32))
        with control_dependencies(saver._take_tokens(ended)):
            self.states = {key: identity(values[index[f"__state__{key}"]])
                           for key in saver._states}  # fmt: skip


class SequenceQueueingStateSaver:
    """Cuts sequences into parts of `num_unroll` steps; batches have parts of different ones.

    `input_key` is a scalar, the name of a sequence, `input_length` its length without padding;
    `input_sequences` are tensors by name whose first axis is time, a multiple of `num_unroll` long;
    `input_context` what the sequence has once. `initial_states` are what its first part begins
    with. There is room for `capacity` sequences. ValueError and TypeError for what does not fit.
    """

    def __init__(self, batch_size, num_unroll, input_length, input_key, input_sequences,
                 input_context, initial_states, capacity=None, allow_small_batch=False, name=None):
        if capacity is not None and isinstance(batch_size, Tensor):
            enough = assert_greater_equal(cast(capacity, int64), cast(batch_size, int64),
                                          message="capacity needs to be >= batch_size.")
            with control_dependencies([enough]):
                input_key = identity(input_key)
        elif capacity is not None and capacity < batch_size:
            raise ValueError(f"capacity {capacity} needs to be >= batch_size {batch_size}")
        self._tokens = FIFOQueue(-1 if capacity is None else capacity, [int32], [[]])
        _check_states(initial_states)
        given = [input_length, input_key, *input_sequences.values(), *input_context.values()]
        with name_scope(name, "InputQueueingStateSaver", given) as self._scope:
            self._batch_size, self._num_unroll = batch_size, num_unroll
            self._allow_small_batch = allow_small_batch
            self._sequences = _named_tensors("sequence", input_sequences)
            self._context = _named_tensors("context", input_context)
            self._states = _named_tensors("state", initial_states, checks_names=False)
            self._key = _scalar(convert_to_tensor(input_key, name="key"), "key", string)
            length = convert_to_tensor(input_length, name="length")
            self._check_sequences(_scalar(length, "length", int32))
            self._make_barrier()
        self._prefetch_op = self._next_batch = self._read = None

    name = property(lambda self: self._scope, doc="Its scope.")
    barrier = property(lambda self: self._barrier, doc="Where the parts are.")
    batch_size = property(lambda self: self._batch_size, doc="How many parts are taken at once.")
    num_unroll = property(lambda self: self._num_unroll, doc="How many steps a part has.")

    def _check_sequences(self, length):
        steps = identity(shape(next(iter(self._sequences.values())))[0], name="padded_length")
        said = ["Length of sequences should be a multiple of ", self._num_unroll, ", but saw ",
                steps, ". Consider setting pad=True."]  # fmt: skip
        whole = logical_and(equal(steps % self._num_unroll, 0), not_equal(steps, 0))
        with control_dependencies([Assert(whole, said)]):
            self._steps = identity(steps, name="multiple_of_checked")
        checked = {}
        for key, tensor in self._sequences.items():
            with control_dependencies([assert_equal(shape(tensor)[0], self._steps)]):
                checked[key] = identity(tensor, name=f"dims_checked_sorted_sequences_{key}")
        self._sequences = checked
        fits = Assert(less_equal(length, self._steps), [
            "Input length should be <= than length from sequences:", length, " vs. ", self._steps
        ])  # fmt: skip
        with control_dependencies([fits]):
            self._length = identity(length)

    def _make_barrier(self):
        kinds = ("sequence", self._sequences), ("context", self._context), ("state", self._states)
        names = [f"__{name}" for name in _PART]
        names += [f"__{kind}__{key}" for kind, tensors in kinds for key in tensors]
        self._index = {name: i for i, name in enumerate(names)}
        types = [*_TYPES, *(t.dtype for _, tensors in kinds for t in tensors.values())]
        parts = [[self._num_unroll, *t.shape.as_list()[1:]] for t in self._sequences.values()]
        whole = [t.shape.as_list() for _, tensors in kinds[1:] for t in tensors.values()]
        self._barrier = Barrier(types, [[]] * len(_PART) + parts + whole)

    # -- what fills it ---------------------------------------------------------------------------

    @property
    def prefetch_op(self):
        """The operation that brings one sequence; it waits until there is room."""
        if self._prefetch_op is None:
            with name_scope(None), name_scope(self._scope):
                self._prefetch_op = self._prefetch()
        return self._prefetch_op

    def _prefetch(self):
        count = floordiv(self._steps, self._num_unroll)
        each, ones = range_(count), fill(expand_dims(count, 0), 1)
        numbers = [as_string(n, width=5, fill="0") for n in (each, count)]
        keys = string_join([numbers[0], "_of_", numbers[1], ":", self._key],
                           name="StringJoinCurrentKeys")  # fmt: skip
        stop = string_join(["STOP:", self._key], name="StringJoinStop")
        lengths = minimum(self._num_unroll, maximum(0, self._length - self._num_unroll * each))
        token = self._tokens.enqueue([0])

        def insert(component, name, value, of=keys):
            return self._barrier.insert_many(self._index[component], of, value, name=name)

        first = insert("__sequence", "BarrierInsertSequence", each)
        with control_dependencies([first, token]):
            states = [insert(f"__state__{key}", f"BarrierInitialInsertState_{key}", value[None],
                             keys[:1]) for key, value in self._states.items()]  # fmt: skip
        return group(
            token, first,
            insert("__sequence_count", "BarrierInsertSequenceCount", count * ones),
            insert("__next_key", "BarrierInsertNextKey", concat([keys[1:], stop[None]], 0)),
            insert("__length", "BarrierInsertLength", lengths),
            insert("__total_length", "BarrierInsertTotalLength", self._length * ones),
            *states,
            *(insert(f"__context__{key}", f"BarrierInsertContext_{key}", _repeated(value, count))
              for key, value in self._context.items()),
            *(insert(f"__sequence__{key}", f"BarrierInsertSequences_{key}",
                     reshape(value, [-1, self._num_unroll, *value.shape.as_list()[1:]]))
              for key, value in self._sequences.items()),
            name="StateSaverPrefetchGroup",
        )  # fmt: skip

    # -- what is taken ---------------------------------------------------------------------------

    @property
    def next_batch(self):
        """The NextQueuedSequenceBatch."""
        if self._next_batch is None:
            self.prefetch_op  # noqa: B018  it goes first, as the names of nodes say
            with name_scope(None), name_scope(self._scope):
                self._read = _Read(self, self._barrier.take_many(
                    self._batch_size, self._allow_small_batch, name="BarrierTakeMany"
                ))  # fmt: skip
            self._next_batch = NextQueuedSequenceBatch(self)
        return self._next_batch

    def _take_tokens(self, count):
        """Make room for as many sequences as have ended."""
        taken = self._tokens.dequeue_many(count)
        return [taken]

    def close(self, cancel_pending_enqueues=False, name=None):
        """An operation that lets no more sequences come."""
        with name_scope(name, "SQSSClose", [self._prefetch_op]) as name:
            return group(self._barrier.close(cancel_pending_enqueues, "BarrierClose"),
                         self._tokens.close(cancel_pending_enqueues, "FIFOClose"),
                         name=name)  # fmt: skip


def _check_states(states):
    if not isinstance(states, dict):
        raise TypeError("initial_states must be a dictionary")
    if not states:
        raise ValueError("initial_states may not be empty: at least one state variable is required "
                         "to properly enqueue split sequences to run in separate iterations")
    for key in states:
        if not isinstance(key, str):
            raise TypeError(f"state name must be a string: {key}")
        if ":" in key:
            raise ValueError(f"state name may not have a colon: '{key}'")


def _named_tensors(kind, given, checks_names=True):
    """The tensors in the order of their names. ValueError unless their shapes are known."""
    if checks_names:
        _check_names(kind, given)
    tensors = {key: convert_to_tensor(given[key], name=f"{kind}_{key}") for key in sorted(given)}
    for key, tensor in tensors.items():
        known = tensor.shape[1:] if kind == "sequence" else tensor.shape
        if not known.is_fully_defined():
            ignoring = " (ignoring first dimension)" if kind == "sequence" else " "
            raise ValueError(f"Shape for {kind} {key} is not fully defined{ignoring}: "
                             f"{tensor.shape}")  # fmt: skip
    return tensors


def _check_names(kind, given):
    if not isinstance(given, dict):
        raise TypeError(f"{'sequences' if kind == 'sequence' else kind} must be a dict")
    if kind == "sequence" and not given:
        raise ValueError("must have at least one sequence tensor")
    for key in given:
        if not isinstance(key, str):
            raise TypeError(f"{kind} key must be string: {key}")
        if ":" in key:
            raise ValueError(f"{kind} key may not have a colon: '{key}'")


def _scalar(tensor, name, dtype):
    tensor = with_dependencies([assert_equal(rank(tensor), 0)], tensor)
    tensor.shape.assert_has_rank(0)
    if tensor.dtype != dtype:
        raise TypeError(f"{name} dtype must be {dtype.name}, but received: {tensor.dtype}")
    return tensor


def _repeated(value, count):
    """A tensor so many times, along a new first axis."""
    times = concat([expand_dims(count, 0), [1] * value.shape.ndims], 0)
    found = tile(expand_dims(value, 0), times)
    found.set_shape([None, *value.shape.as_list()])
    return found

"""AttentionWrapper: a cell that attends to memories."""
import collections

from minitf.contrib.framework.shapes import with_same_shape
from minitf.contrib.seq2seq.attention import AttentionMechanism, dense
from minitf.core import nest
from minitf.core.dtypes import int32
from minitf.core.eager import executing_eagerly
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.basics import identity, shape, zeros
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.linalg.products import matmul
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.rnn.cell import RNNCell, assert_like_rnncell
from minitf.rnn.sizes import zero_states

_FIELDS = ("cell_state", "attention", "time", "alignments", "alignment_history", "attention_state")


class AttentionWrapperState(collections.namedtuple("AttentionWrapperState", _FIELDS)):
    """The state of an AttentionWrapper: of the cell, of the mechanisms, and what was attended to.

    `alignments`, `alignment_history` and `attention_state` are tuples where there are several
    mechanisms; the history is a TensorArray, or () unless it is kept.
    """

    def clone(self, **kwargs):
        """This state with some fields in place of its own. ValueError for other shapes."""
        return nest.map_structure(_of_same_shape, self, self._replace(**kwargs))


def _of_same_shape(old, new):
    if not (isinstance(old, Tensor) and isinstance(new, Tensor)):
        return new
    if not executing_eagerly():
        return with_same_shape(old, new)
    if old._shape != new._shape:
        raise ValueError("The shape of the AttentionWrapperState is expected to be same as the one "
                         f"to clone. self.shape: {old.shape}, input.shape: {new.shape}")
    return new


def _attend(mechanism, output, state, layer):
    """(attention, alignments, the next state of the mechanism)."""
    alignments, state = mechanism(output, state=state)
    read = squeeze(matmul(expand_dims(alignments, 1), mechanism.values), [1])
    attention = read if layer is None else layer(concat([output, read], 1))
    return attention, alignments, state


class AttentionWrapper(RNNCell):
    """A cell whose inputs have the last attention behind them, and whose output is the attention.

    The attention is `attention_layer` of [output, what the mechanism read], or a product with
    weights [..., attention_layer_size], or just what was read. `attention_mechanism` may be a list:
    then so are sizes or layers, and their attentions are put side by side.
    `cell_input_fn(inputs, attention)` makes the cell's inputs, `attention_fn(mechanism, output,
    state, layer)` the attention. With `alignment_history` the alignments of all steps are kept;
    without `output_attention` the output is the cell's. TypeError for what is no mechanism or no
    function, ValueError for numbers of layers that do not match.
    """

    def __init__(
        self, cell, attention_mechanism, attention_layer_size=None, alignment_history=False,
        cell_input_fn=None, output_attention=True, initial_cell_state=None, name=None,
        attention_layer=None, attention_fn=None, dtype=None,
    ):  # fmt: skip
        super().__init__(name=name, dtype=dtype)
        assert_like_rnncell("cell", cell)
        self._cell, self._is_multi = cell, isinstance(attention_mechanism, (list, tuple))
        mechanisms = attention_mechanism if self._is_multi else (attention_mechanism,)
        _check_mechanisms(mechanisms)
        if cell_input_fn is not None and not callable(cell_input_fn):
            raise TypeError("cell_input_fn must be callable, saw type: "
                            f"{type(cell_input_fn).__name__}")  # fmt: skip
        self._attention_mechanisms = mechanisms
        self._cell_input_fn = cell_input_fn or (
            lambda inputs, attention: concat([inputs, attention], -1))
        self._set_layers(attention_layer_size, attention_layer)
        self._attention_fn = attention_fn or _attend
        self._output_attention, self._alignment_history = output_attention, alignment_history
        with name_scope(name, "AttentionWrapperInit"):
            self._initial_cell_state = self._checked_initial(initial_cell_state)

    def _set_layers(self, sizes, layers):
        """The layers, and the size of all attentions together."""
        if sizes is not None and layers is not None:
            raise ValueError("Only one of attention_layer_size and attention_layer should be set")
        given = sizes if layers is None else layers
        if given is None:
            self._attention_layers = None
            self._attention_layer_size = sum(_depth(each) for each in self._attention_mechanisms)
            return
        given = tuple(given) if isinstance(given, (list, tuple)) else (given,)
        if len(given) != len(self._attention_mechanisms):
            what = "attention_layer_size" if layers is None else "attention_layer"
            raise ValueError(f"If provided, {what} must contain exactly one for each "
                             f"attention_mechanism, saw: {len(given)} vs "
                             f"{len(self._attention_mechanisms)}")  # fmt: skip
        if layers is None:
            self._attention_layers = tuple(
                dense(size, "attention_layer", mechanism.dtype)
                for size, mechanism in zip(given, self._attention_mechanisms))
            self._attention_layer_size = sum(given)
        else:
            self._attention_layers = given
            inputs = [TensorShape([None, self._cell.output_size + _depth(mechanism)])
                      for mechanism in self._attention_mechanisms]  # fmt: skip
            self._attention_layer_size = sum(
                layer.compute_output_shape(each)[-1].value for layer, each in zip(given, inputs))

    def _checked_initial(self, state):
        if state is None:
            return None
        last = nest.flatten(state)[-1]
        rows = last.shape[0].value or shape(last)[0]
        message = (
            f"When constructing AttentionWrapper {self._base_name}: Non-matching batch sizes "
            "between the memory (encoder output) and initial_cell_state.  Are you using the "
            "BeamSearchDecoder?  You may need to tile your initial state via the "
            "tf.contrib.seq2seq.tile_batch function with argument multiple=beam_width."
        )
        with control_dependencies(self._batch_size_checks(rows, message)):
            return nest.map_structure(lambda each: identity(each, name="check_initial_cell_state"),
                                      state)  # fmt: skip

    def _batch_size_checks(self, batch_size, message):
        return [assert_equal(batch_size, each.batch_size, message=message)
                for each in self._attention_mechanisms]  # fmt: skip

    def _item_or_tuple(self, parts):
        parts = tuple(parts)
        return parts if self._is_multi else parts[0]

    @property
    def output_size(self):
        return self._attention_layer_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self):
        sizes = self._item_or_tuple(each.alignments_size for each in self._attention_mechanisms)
        return AttentionWrapperState(
            cell_state=self._cell.state_size, time=TensorShape([]),
            attention=self._attention_layer_size, alignments=sizes,
            attention_state=self._item_or_tuple(
                each.state_size for each in self._attention_mechanisms),
            alignment_history=self._item_or_tuple(
                each.alignments_size if self._alignment_history else ()
                for each in self._attention_mechanisms),
        )  # fmt: skip

    def zero_state(self, batch_size, dtype):
        """The state before the first step: the cell's zeros or its initial state.

        A run raises InvalidArgumentError when the memory is of another batch size.
        """
        mechanisms = self._attention_mechanisms
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            state = self._initial_cell_state
            if state is None:
                state = self._cell.get_initial_state(batch_size=batch_size, dtype=dtype)
            state = self._checked_state(state, batch_size)
            alignments = [each.initial_alignments(batch_size, dtype) for each in mechanisms]
            return AttentionWrapperState(
                cell_state=state, time=zeros([], dtype=int32),
                attention=zero_states(self._attention_layer_size, batch_size, dtype),
                alignments=self._item_or_tuple(alignments),
                attention_state=self._item_or_tuple(
                    each.initial_state(batch_size, dtype) for each in mechanisms),
                alignment_history=self._item_or_tuple(
                    self._history(each, dtype) for each in alignments),
            )  # fmt: skip

    def _checked_state(self, state, batch_size):
        message = (
            f"When calling zero_state of AttentionWrapper {self._base_name}: Non-matching batch "
            "sizes between the memory (encoder output) and the requested batch size.  Are you "
            "using the BeamSearchDecoder?  If so, make sure your encoder output has been tiled to "
            "beam_width via tf.contrib.seq2seq.tile_batch, and the batch_size= argument passed to "
            "zero_state is batch_size * beam_width."
        )
        with control_dependencies(self._batch_size_checks(batch_size, message)):
            return nest.map_structure(lambda each: identity(each, name="checked_cell_state"), state)

    def _history(self, alignments, dtype):
        if not self._alignment_history:
            return ()
        return TensorArray(dtype, size=0, dynamic_size=True, element_shape=alignments.shape)

    def call(self, inputs, state):
        """(the attention, or the cell's output; the next AttentionWrapperState)."""
        if not isinstance(state, AttentionWrapperState):
            raise TypeError("Expected state to be instance of AttentionWrapperState. Received type "
                            f"{type(state)} instead.")  # fmt: skip
        seen = self._cell_input_fn(inputs, state.attention)
        output, cell_state = self._cell(seen, state.cell_state)
        output = self._checked_output(output)
        found = [self._read(*each, output, state.time) for each in self._each_of(state)]
        attentions, alignments, states, histories = zip(*found)
        attention = concat(list(attentions), 1)
        state = AttentionWrapperState(
            time=state.time + 1, cell_state=cell_state, attention=attention,
            attention_state=self._item_or_tuple(states),
            alignments=self._item_or_tuple(alignments),
            alignment_history=self._item_or_tuple(histories),
        )  # fmt: skip
        return attention if self._output_attention else output, state

    def _each_of(self, state):
        """For each mechanism its state, its history, and its layer."""
        states, histories = state.attention_state, state.alignment_history
        if not self._is_multi:
            states, histories = [states], [histories]
        layers = self._attention_layers or [None] * len(self._attention_mechanisms)
        return zip(self._attention_mechanisms, states, histories, layers)

    def _read(self, mechanism, state, history, layer, output, time):
        attention, alignments, state = self._attention_fn(mechanism, output, state, layer)
        history = history.write(time, alignments) if self._alignment_history else ()
        return attention, alignments, state, history

    def _checked_output(self, output):
        rows = output.shape[0].value or shape(output)[0]
        message = (
            f"When applying AttentionWrapper {self.name}: Non-matching batch sizes between the "
            "memory (encoder output) and the query (decoder output).  Are you using the "
            "BeamSearchDecoder?  You may need to tile your memory input via the "
            "tf.contrib.seq2seq.tile_batch function with argument multiple=beam_width."
        )
        with control_dependencies(self._batch_size_checks(rows, message)):
            return identity(output, name="checked_cell_output")


def _depth(mechanism):
    return mechanism.values.shape[-1].value


def _check_mechanisms(mechanisms):
    for each in mechanisms:
        if not isinstance(each, AttentionMechanism):
            raise TypeError(
                "attention_mechanism must be an AttentionMechanism or list of multiple "
                f"AttentionMechanism instances, saw type: {type(each).__name__}"
            )

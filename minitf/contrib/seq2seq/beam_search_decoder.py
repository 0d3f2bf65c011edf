"""BeamSearchDecoder: the most probable sequences that a search finds which keeps some beginnings.
"""
import collections

import numpy as np

from minitf import logging
from minitf.contrib.seq2seq.basic_decoder import check_layer, output_size_of
from minitf.contrib.seq2seq.beam_search_step import attention_of, search_step
from minitf.contrib.seq2seq.decoder import Decoder
from minitf.contrib.seq2seq.helper import embedder
from minitf.contrib.seq2seq.tiles import checked_rank, gather_tree_from_array
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, int32, int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.nn.gather_tree import gather_tree
from minitf.ops.array.basics import reshape, shape, size, zeros
from minitf.ops.array.joining import concat
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import Assert
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.math.elementwise import cast, equal, logical_and, logical_or
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_all, reduce_max
from minitf.rnn.cell import assert_like_rnncell
from minitf.rnn.sizes import known_shape

_STATE = ("cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs")


class BeamSearchDecoderState(collections.namedtuple("BeamSearchDecoderState", _STATE)):
    """The cell's state, and what is known of each beam: all [batch, beam, ...]."""


class BeamSearchDecoderOutput(
    collections.namedtuple("BeamSearchDecoderOutput", ("scores", "predicted_ids", "parent_ids"))
):
    """What a step puts out: the score and class of each beam, and which beam it continues."""


class FinalBeamSearchDecoderOutput(
    collections.namedtuple(
        "FinalBeamDecoderOutput", ["predicted_ids", "beam_search_decoder_output"]
    )
):
    """The classes of the whole beams, the best beam first; and the output of all steps."""


class BeamSearchDecoder(Decoder):
    """A search that goes on, in each step, with the `beam_width` most probable beginnings.

    `embedding` is a tensor or a function of class numbers, `start_tokens` [batch] are the first
    ones, a beam that comes to `end_token` has finished. `initial_state` is that of the cell, for
    batch * beam_width rows (`tile_batch`). Scores are log probabilities divided by
    ((5 + length) / 6) ** length_penalty_weight, and with `coverage_penalty_weight` less the more
    memories have not been attended to, after Wu et al. 2016. TensorArrays in the state are put in
    the order of the beams unless `reorder_tensor_arrays` is False.
    """

    def __init__(
        self, cell, embedding, start_tokens, end_token, initial_state, beam_width,
        output_layer=None, length_penalty_weight=0.0, coverage_penalty_weight=0.0,
        reorder_tensor_arrays=True,
    ):  # fmt: skip
        assert_like_rnncell("cell", cell)
        check_layer(output_layer)
        self._cell, self._output_layer, self._beam_width = cell, output_layer, beam_width
        self._reorder_tensor_arrays = reorder_tensor_arrays
        self._penalties = length_penalty_weight, coverage_penalty_weight
        self._embedding_fn = embedder(embedding)
        self._start_tokens = convert_to_tensor(start_tokens, dtype=int32, name="start_tokens")
        if self._start_tokens.shape.ndims != 1:
            raise ValueError(
                f"start_tokens must be a vector, got shape {self._start_tokens.shape}"
            )
        self._end_token = convert_to_tensor(end_token, dtype=int32, name="end_token")
        if self._end_token.shape.ndims != 0:
            raise ValueError(f"end_token must be a scalar, got shape {self._end_token.shape}")
        self._batch_size = size(start_tokens)
        self._initial_cell_state = nest.map_structure(self._maybe_split, initial_state,
                                                      cell.state_size)  # fmt: skip
        self._start_tokens = tile(expand_dims(self._start_tokens, 1), [1, beam_width])
        self._start_inputs = self._embedding_fn(self._start_tokens)
        self._finished = one_hot(zeros([self._batch_size], dtype=int32), depth=beam_width,
                                 on_value=False, off_value=True, dtype=bool_)  # fmt: skip

    batch_size = property(lambda self: self._batch_size)
    tracks_own_finished = property(lambda self: True, doc="Beams change places, so it has to.")

    @property
    def output_size(self):
        return BeamSearchDecoderOutput(*[TensorShape([self._beam_width])] * 3)

    @property
    def output_dtype(self):
        dtype = nest.flatten(self._initial_cell_state)[0].dtype
        sizes = output_size_of(self._cell, self._output_layer)
        return BeamSearchDecoderOutput(nest.map_structure(lambda _: dtype, sizes), int32, int32)

    def initialize(self, name=None):
        """(finished, the embedded start tokens, the state with one beam that is possible)."""
        dtype = nest.flatten(self._initial_cell_state)[0].dtype
        log_probs = one_hot(
            zeros([self._batch_size], dtype=int32), depth=self._beam_width,
            on_value=convert_to_tensor(0.0, dtype=dtype),
            off_value=convert_to_tensor(-np.inf, dtype=dtype), dtype=dtype,
        )  # fmt: skip
        attended = attention_of(self._initial_cell_state, self._penalties[1])
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state, log_probs=log_probs, finished=self._finished,
            lengths=zeros([self._batch_size, self._beam_width], dtype=int64),
            accumulated_attention_probs=() if attended is None else attended,
        )  # fmt: skip
        return self._finished, self._start_inputs, state

    def step(self, time, inputs, state, name=None):
        """(BeamSearchDecoderOutput, the next state, the next inputs, which beams have finished)."""
        with name_scope(name, "BeamSearchDecoderStep", nest.flatten((time, inputs, state))):
            merged = nest.map_structure(lambda each: self._merge(each, each.shape[2:]), inputs)
            before = nest.map_structure(self._maybe_merge, state.cell_state, self._cell.state_size)
            outputs, after = self._cell(merged, before)
            outputs = nest.map_structure(lambda each: self._split(each, each.shape[1:]), outputs)
            after = nest.map_structure(self._maybe_split, after, self._cell.state_size)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            found, state = search_step(
                time, outputs, after, state, self._batch_size, self._beam_width, self._end_token,
                *self._penalties)
            output = BeamSearchDecoderOutput(*found)
            inputs = cond(reduce_all(state.finished), lambda: self._start_inputs,
                          lambda: self._embedding_fn(output.predicted_ids))  # fmt: skip
        return output, state, inputs, state.finished

    def finalize(self, outputs, final_state, sequence_lengths):
        """(FinalBeamSearchDecoderOutput, the state, its TensorArrays stacked beam by beam)."""
        lengths = cast(reduce_max(final_state.lengths, axis=1), int32)
        predicted = gather_tree(outputs.predicted_ids, outputs.parent_ids, lengths,
                                self._end_token)  # fmt: skip
        if self._reorder_tensor_arrays:
            cell_state = nest.map_structure(
                lambda each: self._sorted(each, outputs.parent_ids, final_state.lengths),
                final_state.cell_state)
            final_state = final_state._replace(cell_state=cell_state)
        return FinalBeamSearchDecoderOutput(predicted, outputs), final_state

    # -- [batch, beam, ...] as [batch * beam, ...], and back ----------------------------------

    def _merge(self, tensor, rest):
        sizes, known = shape(tensor), constant_value(self._batch_size)
        rows = None if known is None else int(known) * self._beam_width
        whole = concat(([self._batch_size * self._beam_width], sizes[2:]), 0)
        merged = reshape(tensor, whole)
        merged.set_shape(TensorShape([rows]).concatenate(known_shape(rest)))
        return merged

    def _split(self, tensor, rest):
        sizes, known = shape(tensor), constant_value(self._batch_size)
        whole = concat(([self._batch_size, self._beam_width], sizes[1:]), 0)
        made = reshape(tensor, whole)
        expected = TensorShape([known, self._beam_width]).concatenate(known_shape(rest))
        if not made.shape.is_compatible_with(expected):
            raise ValueError(
                "Unexpected behavior when reshaping between beam width and batch size.  The "
                f"reshaped tensor has shape: {made.shape}.  We expected it to have shape "
                f"(batch_size, beam_width, depth) == {expected}.  Perhaps you forgot to create a "
                "zero_state with batch_size=encoder_batch_size * beam_width?"
            )
        made.set_shape(expected)
        return made

    def _maybe_split(self, tensor, rest):
        if isinstance(tensor, TensorArray) or not checked_rank(tensor):
            return tensor
        return self._split(tensor, rest)

    def _maybe_merge(self, tensor, rest):
        if isinstance(tensor, TensorArray) or checked_rank(tensor) < 2:
            return tensor
        return self._merge(tensor, rest)

    # -- TensorArrays in the state ------------------------------------------------------------

    def _sorted(self, array, parents, lengths):
        """The stacked array, each beam with what its whole sequence wrote."""
        if not isinstance(array, TensorArray):
            return array
        element = array.element_shape
        if not element.ndims:
            logging.warn(
                f"The TensorArray {array.handle.name} in the cell state is not amenable to sorting "
                "based on the beam search result. For a TensorArray to be sorted, its elements "
                "shape must be defined and have at least a rank of 1, but saw shape: "
                f"{element}"
            )
            return array
        if not self._may_be_split(element):
            return array
        stacked = array.stack()
        with control_dependencies([self._check_split(stacked)]):
            return gather_tree_from_array(stacked, parents, lengths)

    def _may_be_split(self, element):
        known, width = constant_value(self._batch_size), self._beam_width
        first = element[0].value
        second = element[1].value if element.ndims >= 2 else None
        if known is None or first is None:
            return True
        if first == known * width and (second is None or (first, second) == (known, width)):
            return True
        logging.warn(
            "TensorArray reordering expects elements to be reshapable to "
            f"{TensorShape([known, width, None])} which is incompatible with the current shape "
            f"{element}. Consider setting reorder_tensor_arrays to False to disable TensorArray "
            "reordering during the beam search."
        )
        return False

    def _check_split(self, stacked):
        sizes, rows = shape(stacked), self._batch_size * self._beam_width
        fits = equal(sizes[1], rows)
        if stacked.shape.ndims != 2:
            fits = logical_or(fits, logical_and(equal(sizes[1], self._batch_size),
                                                equal(sizes[2], self._beam_width)))  # fmt: skip
        return Assert(fits, [
            "TensorArray reordering expects elements to be reshapable to [batch_size, beam_size, "
            f"-1] which is incompatible with the dynamic shape of {stacked.name} elements. "
            "Consider setting reorder_tensor_arrays to False to disable TensorArray reordering "
            "during the beam search."
        ])  # fmt: skip

"""BasicDecoder: a cell, and a helper that says what the next inputs are."""
import collections

from minitf.contrib.seq2seq.decoder import Decoder
from minitf.contrib.seq2seq.helper import Helper
from minitf.core import nest
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.layers.base import Layer
from minitf.rnn.cell import assert_like_rnncell


class BasicDecoderOutput(collections.namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))):
    """What a step puts out: the cell's output, and what was sampled of it."""


def output_size_of(cell, layer):
    """The size of the cell's output, or of what `layer` makes of it."""
    if layer is None:
        return cell.output_size
    inputs = nest.map_structure(lambda size: TensorShape([None]).concatenate(size),
                                cell.output_size)  # fmt: skip
    return nest.map_structure(lambda shape: shape[1:], layer.compute_output_shape(inputs))


def check_layer(layer):
    """TypeError for an `output_layer` that is none."""
    if layer is not None and not isinstance(layer, Layer):
        raise TypeError(f"output_layer must be a Layer, received: {type(layer)}")


class BasicDecoder(Decoder):
    """Steps of `cell`, `output_layer` applied to its outputs, from `initial_state` on.

    `helper` samples of the outputs and makes the next inputs. TypeError for what is no cell, no
    Helper, or no layer.
    """

    def __init__(self, cell, helper, initial_state, output_layer=None):
        assert_like_rnncell("cell", cell)
        if not isinstance(helper, Helper):
            raise TypeError(f"helper must be a Helper, received: {type(helper)}")
        check_layer(output_layer)
        self._cell, self._helper, self._initial_state = cell, helper, initial_state
        self._output_layer = output_layer

    batch_size = property(lambda self: self._helper.batch_size)

    @property
    def output_size(self):
        return BasicDecoderOutput(output_size_of(self._cell, self._output_layer),
                                  self._helper.sample_ids_shape)  # fmt: skip

    @property
    def output_dtype(self):
        dtype = nest.flatten(self._initial_state)[0].dtype
        sizes = output_size_of(self._cell, self._output_layer)
        return BasicDecoderOutput(nest.map_structure(lambda _: dtype, sizes),
                                  self._helper.sample_ids_dtype)  # fmt: skip

    def initialize(self, name=None):
        """(finished, the helper's first inputs, the initial state)."""
        return (*self._helper.initialize(), self._initial_state)

    def step(self, time, inputs, state, name=None):
        """(BasicDecoderOutput, the next state, the next inputs, which rows have finished)."""
        with name_scope(name, "BasicDecoderStep", nest.flatten((time, inputs, state))):
            outputs, state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            sampled = self._helper.sample(time=time, outputs=outputs, state=state)
            finished, inputs, state = self._helper.next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sampled)
        return BasicDecoderOutput(outputs, sampled), state, inputs, finished

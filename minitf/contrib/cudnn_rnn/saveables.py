"""What puts the parameters of cuDNN's networks into checkpoints: as weights of cells, under the
names that a network of such cells has."""
from itertools import product

from minitf.contrib.checkpoint.split_dependency import split_dependency
from minitf.contrib.cudnn_rnn.converters import (
    CudnnParamsFormatConverterGRU,
    CudnnParamsFormatConverterLSTM,
    CudnnParamsFormatConverterRelu,
    CudnnParamsFormatConverterTanh,
)
from minitf.core.trackable import AutoTrackable
from minitf.ops.array.basics import identity
from minitf.ops.state.assign import assign
from minitf.ops.state.variable_scope import VariableScope
from minitf.train.saveables import SaveableObject, SaveSpec


class CudnnOpaqueParamsSaveable(SaveableObject):
    """The variable `opaque_params` of a network; the names are within `scope`, a VariableScope or
    a string."""

    _format_converter_cls: type
    _rnn_cell_name: str
    _parts = ("",)  # what a cell calls its weights by

    def __init__(
        self, opaque_params, num_layers, num_units, input_size, input_mode="linear_input",
        direction="unidirectional", scope=None, name="cudnn_rnn_saveable",
    ):  # fmt: skip
        self._num_layers, self._direction = num_layers, direction
        self._variables = opaque_params
        self.format_converter = self._format_converter_cls(
            num_layers, num_units, input_size, input_mode=input_mode, direction=direction
        )
        weights, biases = self.format_converter.opaque_to_tf_canonical(opaque_params)
        self._weight_names, self._bias_names = self._tf_canonical_names()
        self._param_names = self._weight_names + self._bias_names
        scope = scope.name if isinstance(scope, VariableScope) else scope
        start = f"{scope}/" if scope else ""
        specs = [SaveSpec(param, "", start + param_name)
                 for param, param_name in zip(weights + biases, self._param_names)]  # fmt: skip
        super().__init__(identity(opaque_params), specs, name)

    def restore(self, restored_tensors, restored_shapes):
        """The operation that makes these weights the parameters."""
        params = self.format_converter.tf_canonical_to_opaque(restored_tensors)
        return assign(self._variables, params, validate_shape=False)

    def _tf_canonical_names(self):
        ways = ("",) if self._direction == "unidirectional" else ("fw", "bw")
        cells = [self._prefix(*each) for each in product(range(self._num_layers), ways)]
        return [[f"{cell}{part}/{kind}" for cell in cells for part in self._parts]
                for kind in ("kernel", "bias")]  # fmt: skip

    def _prefix(self, layer, way):
        within = (f"stack_bidirectional_rnn/cell_{layer}/bidirectional_rnn/{way}" if way
                  else f"rnn/multi_rnn_cell/cell_{layer}")  # fmt: skip
        return f"{within}/{self._rnn_cell_name}"

    # -- checkpoints of objects ------------------------------------------------------------------

    def _add_trackable_dependencies(self, trackable, dtype):
        """Put the weights below a layer, where the cells of such a network are."""
        parts = split_dependency(
            component_names=self._param_names, component_dtypes=(dtype,) * len(self._param_names),
            fill_save_buffer_fn=self._fill, consume_restore_buffer_fn=self._consume,
            device=self._variables.device,
        )  # fmt: skip
        self._trackable_track_params(trackable, parts)

    def _fill(self, buffer):
        weights, biases = self.format_converter.opaque_to_tf_canonical(self._variables)
        buffer.update(zip(self._param_names, map(identity, weights + biases)))

    def _consume(self, buffer):
        return self.restore([identity(buffer[name]) for name in self._param_names], None)

    def _trackable_track_params(self, trackable, params):
        """Nothing: a layer says by itself that it cannot be in a checkpoint of objects."""


class CudnnLSTMSaveable(CudnnOpaqueParamsSaveable):
    """The parameters of CudnnLSTM, saved as those of CudnnCompatibleLSTMCell."""

    _format_converter_cls = CudnnParamsFormatConverterLSTM
    _rnn_cell_name = "cudnn_compatible_lstm_cell"

    def _trackable_track_params(self, trackable, params):
        """As below a MultiRNNCell; of one layer also as below a cell."""
        weights, biases = ([params[name] for name in names]
                           for names in (self._weight_names, self._bias_names))  # fmt: skip
        if len(weights) == 1:
            trackable._track_trackable(weights[0], name="kernel")
            trackable._track_trackable(biases[0], name="bias")
        for number, (kernel, bias) in enumerate(zip(weights, biases)):
            cell = trackable._track_trackable(AutoTrackable(), name=f"cell-{number}")
            cell.bias, cell.kernel = bias, kernel


class CudnnGRUSaveable(CudnnOpaqueParamsSaveable):
    """The parameters of CudnnGRU, saved as those of CudnnCompatibleGRUCell."""

    _format_converter_cls = CudnnParamsFormatConverterGRU
    _rnn_cell_name = "cudnn_compatible_gru_cell"
    _parts = ("/gates", "/candidate/input_projection", "/candidate/hidden_projection")


class CudnnRNNTanhSaveable(CudnnLSTMSaveable):
    """The parameters of CudnnRNNTanh, saved as those of BasicRNNCell."""

    _format_converter_cls = CudnnParamsFormatConverterTanh
    _rnn_cell_name = "basic_rnn_cell"


class CudnnRNNReluSaveable(CudnnLSTMSaveable):
    """The parameters of CudnnRNNRelu, saved as those of BasicRNNCell."""

    _format_converter_cls = CudnnParamsFormatConverterRelu
    _rnn_cell_name = "basic_rnn_cell"

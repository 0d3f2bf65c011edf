"""Between the parameters of cuDNN's networks, one flat tensor, and the weights of TensorFlow's
cells.

cuDNN has a matrix [units, inputs] for each gate, of inputs and of states, and two biases; the cells
have one kernel [inputs + units, gates * units] and one bias, the sum of both.
"""
from minitf.nn.cudnn_rnn import (
    cudnn_rnn_canonical_to_params,
    cudnn_rnn_canonical_to_params_v2,
    cudnn_rnn_params_to_canonical,
    cudnn_rnn_params_to_canonical_v2,
)
from minitf.nn.kernels.recurrent import GATES
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import concat, split
from minitf.ops.reduction.axes import transpose


class CudnnParamsFormatConverter:
    """Turns the parameters of a network into weights of cells, and back.

    `num_proj` is the size that an LSTM's states are projected to, none if 0 or None.
    """

    _rnn_mode: str

    def __init__(
        self, num_layers, num_units, input_size, num_proj=None, input_mode="linear_input",
        direction="unidirectional",
    ):  # fmt: skip
        self._num_layers, self._num_units, self._input_size = num_layers, num_units, input_size
        self._num_proj, self._input_mode, self._direction = num_proj, input_mode, direction
        self._num_dirs = 1 if direction == "unidirectional" else 2
        self._num_params_per_layer = 2 * GATES[self._rnn_mode]
        self._num_cells = num_layers * self._num_dirs
        self._num_params = self._num_params_per_layer * self._num_cells

    def tf_canonical_to_opaque(self, tf_canonicals, weights_proj=None):
        """The parameters that hold the kernels and then biases `tf_canonicals` of the cells of all
        layers, of both directions of each, and their projections `weights_proj`."""
        half = len(tf_canonicals) // 2
        own = half // self._num_cells
        weights, biases = [], []
        for cell in range(self._num_cells):
            kernels = tf_canonicals[cell * own : (cell + 1) * own]
            weights += self._tf_to_cudnn_weights(cell // self._num_dirs, *kernels)
            if weights_proj is not None:
                weights.append(transpose(weights_proj[cell]))
            biases += self._tf_to_cudnn_biases(
                *tf_canonicals[half + cell * own : half + (cell + 1) * own]
            )
        return self._cu_canonical_to_opaque([reshape(each, [-1]) for each in weights], biases)

    def opaque_to_tf_canonical(self, opaque_param):
        """(kernels, biases) of the cells of all layers, of both directions of each; with a
        projection (kernels, biases, projections)."""
        cu_weights, cu_biases = self._opaque_to_cu_canonical(opaque_param)
        own, more = self._num_params_per_layer, bool(self._num_proj)
        weights, biases, projections = [], [], []
        for cell in range(self._num_cells):
            *matrices, last = cu_weights[cell * (own + more) : (cell + 1) * (own + more)]
            if more:
                projections.append(transpose(last))
            else:
                matrices.append(last)
            weights += self._cudnn_to_tf_weights(*matrices)
            biases += self._cudnn_to_tf_biases(*cu_biases[cell * own : (cell + 1) * own])
        return (weights, biases, projections) if more else (weights, biases)

    def _description(self):
        found = {"rnn_mode": self._rnn_mode, "input_mode": self._input_mode,
                 "direction": self._direction}  # fmt: skip
        return found | ({"num_proj": self._num_proj} if self._num_proj else {})

    def _sizes(self):
        return self._num_layers, self._num_units, self._input_size

    def _opaque_to_cu_canonical(self, opaque_param):
        count = self._num_params
        if self._num_proj:
            matrices = count + self._num_cells
            found = cudnn_rnn_params_to_canonical_v2(
                *self._sizes(), opaque_param, num_params_weights=matrices, num_params_biases=count,
                **self._description(),
            )  # fmt: skip
            return found[:matrices], found[matrices:]
        found = cudnn_rnn_params_to_canonical(
            *self._sizes(), opaque_param, num_params=count, **self._description()
        )
        return found[:count], found[count:]

    def _cu_canonical_to_opaque(self, cu_weights, cu_biases):
        if self._num_proj:
            return cudnn_rnn_canonical_to_params_v2(
                *self._sizes(), *cu_weights, *cu_biases, num_params_weights=len(cu_weights),
                num_params_biases=len(cu_biases), **self._description(),
            )  # fmt: skip
        return cudnn_rnn_canonical_to_params(
            *self._sizes(), *cu_weights, *cu_biases, num_params=len(cu_weights),
            **self._description(),
        )  # fmt: skip

    def _widths(self, layer):
        """How many rows of a kernel are of inputs, and of states."""
        state = self._num_proj or self._num_units
        return [state * self._num_dirs if layer else self._input_size, state]


class CudnnParamsFormatConverterLSTM(CudnnParamsFormatConverter):
    """Those of CudnnLSTM, and the kernel and bias of CudnnCompatibleLSTMCell."""

    _rnn_mode = "lstm"
    _order = (0, 2, 1, 3)  # the cells' gates among cuDNN's i, f, c, o, and the other way round

    def _cudnn_to_tf_weights(self, *cu_weights):
        half = len(cu_weights) // 2
        gates = [concat([cu_weights[k], cu_weights[half + k]], axis=1) for k in self._order]
        return [transpose(concat(gates, axis=0))]

    def _tf_to_cudnn_weights(self, layer, kernel):
        gates = split(transpose(kernel), len(self._order), axis=0)
        parts = [split(gates[k], self._widths(layer), axis=1) for k in self._order]
        return [part[0] for part in parts] + [part[1] for part in parts]

    def _cudnn_to_tf_biases(self, *cu_biases):
        half = len(cu_biases) // 2
        return [concat([cu_biases[k] + cu_biases[half + k] for k in self._order], axis=0)]

    def _tf_to_cudnn_biases(self, bias):
        gates = split(bias, len(self._order), axis=0)
        return [gates[k] * 0.5 for k in self._order] * 2


class CudnnParamsFormatConverterGRU(CudnnParamsFormatConverter):
    """Those of CudnnGRU, and the three kernels and biases of CudnnCompatibleGRUCell."""

    _rnn_mode = "gru"

    def _cudnn_to_tf_weights(self, *cu_weights):
        w_r, w_u, w_n, r_r, r_u, r_n = cu_weights
        gates = [concat([w_r, r_r], axis=1), concat([w_u, r_u], axis=1)]
        return [transpose(concat(gates, axis=0)), transpose(w_n), transpose(r_n)]

    def _tf_to_cudnn_weights(self, layer, gates, of_inputs, of_states):
        both = split(transpose(gates), 2, axis=0)
        (w_r, r_r), (w_u, r_u) = (split(each, self._widths(layer), axis=1) for each in both)
        return [w_r, w_u, transpose(of_inputs), r_r, r_u, transpose(of_states)]

    def _cudnn_to_tf_biases(self, *biases):
        b_wr, b_wu, b_wn, b_rr, b_ru, b_rn = biases
        return [concat([b_wr, b_wu], axis=0) + concat([b_rr, b_ru], axis=0), b_wn, b_rn]

    def _tf_to_cudnn_biases(self, gates, of_inputs, of_states):
        half = split(gates * 0.5, 2, axis=0)
        return [*half, of_inputs, *half, of_states]


class _Basic(CudnnParamsFormatConverterLSTM):
    _order = (0,)


class CudnnParamsFormatConverterTanh(_Basic):
    """Those of CudnnRNNTanh, and the kernel and bias of BasicRNNCell."""

    _rnn_mode = "rnn_tanh"


class CudnnParamsFormatConverterRelu(_Basic):
    """Those of CudnnRNNRelu, and the kernel and bias of BasicRNNCell with relu."""

    _rnn_mode = "rnn_relu"

"""The ops of recurrent networks that TensorFlow gives to cuDNN: CudnnRNN and its kin.

In TensorFlow they run on GPUs alone. Their parameters are one flat array: the matrices of each
layer and direction, one after the other, then the biases.
"""
import numpy as np

from minitf.core.dtypes import float16, float32, float64, int8, int32
from minitf.core.literals import element, integer
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, Repeat, TypeAttr
from minitf.core.tensor_shape import printed
from minitf.nn.kernels.recurrent import Network, Run, cut
from minitf.nn.windows import ranked
from minitf.ops.random import philox
from minitf.ops.random.draws import filled, generator

F = TypeAttr("T", (float16, float32, float64))
Size = TypeAttr("_", (int32,), static=True)

# -- the network ----------------------------------------------------------------------------------


def _network(x, h, rnn_mode, input_mode, direction):
    directions = 2 if direction == "bidirectional" else 1
    layers, units, inputs = h.shape[0] // directions, h.shape[2], x.shape[2]
    return Network.of(rnn_mode, input_mode, direction, layers, units, inputs)


def _check(x, h, c, rnn_mode):
    if h.ndim != 3 or h.shape[1] != x.shape[1]:
        raise ValueError(f"Invalid input_h shape: {printed(h.shape)}, for inputs of shape "
                         f"{printed(x.shape)}")  # fmt: skip
    if rnn_mode == "lstm" and c.shape != h.shape:
        raise ValueError(f"Invalid input_c shape: {printed(c.shape)}, input_h has "
                         f"{printed(h.shape)}")  # fmt: skip


def _draw(xp, masks, state, dropout):
    """The masks between layers: 0 with the probability `dropout`, else what makes up for it."""
    for mask in masks:
        draws = filled(xp, philox.uniform, mask.shape, mask.dtype, state)
        mask[...] = (draws >= dropout) / max(1 - dropout, np.finfo(mask.dtype).tiny)


def _run(xp, state, x, h, c, params, active, is_training, dropout, **kind):
    """(outputs, last h, last c, reserve)."""
    _check(x, h, c, kind["rnn_mode"])
    network = _network(x, h, **kind)
    drops = is_training and dropout > 0
    reserve, cells, masks = network.reserved(xp, *x.shape[:2], x.dtype, drops=drops)
    _draw(xp, masks, state, dropout)
    run = Run(xp, network, network.weights(params), cells, masks, active)
    outputs, h, c = run.forward(x, h, c)
    c = c if network.mode == "lstm" else xp.zeros((), x.dtype)
    return outputs, h, c, reserve if is_training else xp.zeros(0, x.dtype)


def _run_back(xp, x, h, c, params, dy, dh, dc, reserve, active, dropout, **kind):
    """The gradients by x, h, c and the parameters."""
    network = _network(x, h, **kind)
    _, cells, masks = network.reserved(xp, *x.shape[:2], x.dtype, reserve, drops=dropout > 0)
    slopes = xp.zeros_like(params)
    run = Run(xp, network, network.weights(params), cells, masks, active)
    dc = dc if network.mode == "lstm" else xp.zeros_like(c)
    return [*run.backward(x, h, c, dy, dh, dc, network.weights(slopes)), slopes]


# -- ops ------------------------------------------------------------------------------------------


def _shapes(input, input_h, input_c, params, *_, rnn_mode, direction, **__):
    input, input_h = ranked(input, "input", 3), ranked(input_h, "input_h", 3)
    units, directions = input_h[2], 2 if direction == "bidirectional" else 1
    width = None if units is None else directions * units
    return [(*input[:2], width), input_h, input_h if rnn_mode == "lstm" else (), None]


def _shapes_v2(*shapes, **attrs):
    return [*_shapes(*shapes, **attrs), None]


def _declared(type, shapes):
    return op(type, shape=shapes, stateful=True, state=generator)


@_declared("CudnnRNN", _shapes)
def cudnn_rnn(
    xp, state, input: F, input_h: F, input_c: F, params: F, *, rnn_mode="lstm",
    input_mode="linear_input", direction="unidirectional", dropout=0.0, seed=0, seed2=0,
    is_training=True,
) -> [F, F, F, F]:  # fmt: skip
    """(outputs, last h, last c, what the gradient needs) of a network run over `input` [time,
    batch, inputs] from the states [layers * directions, batch, units]."""
    return list(_run(xp, state, input, input_h, input_c, params, None, is_training, dropout,
                     rnn_mode=rnn_mode, input_mode=input_mode, direction=direction))  # fmt: skip


@_declared("CudnnRNNV2", _shapes_v2)
def cudnn_rnn_v2(
    xp, state, input: F, input_h: F, input_c: F, params: F, *, rnn_mode="lstm",
    input_mode="linear_input", direction="unidirectional", dropout=0.0, seed=0, seed2=0,
    is_training=True,
) -> [F, F, F, F, int8]:  # fmt: skip
    """CudnnRNN, and one more array for the gradient, which is empty."""
    return [*_run(xp, state, input, input_h, input_c, params, None, is_training, dropout,
                  rnn_mode=rnn_mode, input_mode=input_mode, direction=direction),
            xp.zeros(0, np.int8)]  # fmt: skip


def _shapes_v3(input, input_h, input_c, params, *_, time_major, **attrs):
    return _shapes_v2(input, input_h, input_c, params, **attrs)


def _turned(array):
    return array.transpose(1, 0, 2) if array.ndim == 3 else array


def _active(xp, lengths, steps):
    """Which steps are before the end of their row."""
    return xp.arange(steps)[:, None, None] < lengths[:, None]


def _refuse_projection(num_proj):
    if num_proj:
        raise NotImplementedError(
            f"CudnnRNNV3 with num_proj={num_proj}: minitf has no projections here. LSTMCell(units, "
            "num_proj) in tf.nn.dynamic_rnn has them."
        )


@_declared("CudnnRNNV3", _shapes_v3)
def cudnn_rnn_v3(
    xp, state, input: F, input_h: F, input_c: F, params: F, sequence_lengths: int32, *,
    rnn_mode="lstm", input_mode="linear_input", direction="unidirectional", dropout=0.0, seed=0,
    seed2=0, num_proj=0, is_training=True, time_major=True,
) -> [F, F, F, F, int8]:  # fmt: skip
    """CudnnRNNV2 of rows that end after `sequence_lengths` [batch] steps: then outputs are zero
    and states stay. Unless `time_major`, the batch is the first axis of inputs, outputs, states."""
    _refuse_projection(num_proj)
    given = [input, input_h, input_c]
    x, h, c = given if time_major else map(_turned, given)
    active = _active(xp, sequence_lengths, len(x))
    *found, reserve = _run(xp, state, x, h, c, params, active, is_training, dropout,
                           rnn_mode=rnn_mode, input_mode=input_mode,
                           direction=direction)  # fmt: skip
    found = found if time_major else [xp.ascontiguousarray(_turned(each)) for each in found]
    return [*found, reserve, xp.zeros(0, np.int8)]


# -- gradients ------------------------------------------------------------------------------------


def _gradient_shapes(input, input_h, input_c, params, *_, **__):
    return [input, input_h, input_c, params]


@op("CudnnRNNBackprop", shape=_gradient_shapes, stateful=True)
def cudnn_rnn_backprop(
    xp, input: F, input_h: F, input_c: F, params: F, output: F, output_h: F, output_c: F,
    output_backprop: F, output_h_backprop: F, output_c_backprop: F, reserve_space: F, *,
    rnn_mode="lstm", input_mode="linear_input", direction="unidirectional", dropout=0.0, seed=0,
    seed2=0,
) -> [F, F, F, F]:  # fmt: skip
    """The gradients by input, input_h, input_c and params."""
    return _run_back(xp, input, input_h, input_c, params, output_backprop, output_h_backprop,
                     output_c_backprop, reserve_space, None, dropout, rnn_mode=rnn_mode,
                     input_mode=input_mode, direction=direction)  # fmt: skip


@op("CudnnRNNBackpropV2", shape=_gradient_shapes, stateful=True)
def cudnn_rnn_backprop_v2(
    xp, input: F, input_h: F, input_c: F, params: F, output: F, output_h: F, output_c: F,
    output_backprop: F, output_h_backprop: F, output_c_backprop: F, reserve_space: F,
    host_reserved: int8, *, rnn_mode="lstm", input_mode="linear_input",
    direction="unidirectional", dropout=0.0, seed=0, seed2=0,
) -> [F, F, F, F]:  # fmt: skip
    """The gradients by input, input_h, input_c and params."""
    return _run_back(xp, input, input_h, input_c, params, output_backprop, output_h_backprop,
                     output_c_backprop, reserve_space, None, dropout, rnn_mode=rnn_mode,
                     input_mode=input_mode, direction=direction)  # fmt: skip


@op("CudnnRNNBackpropV3", shape=_gradient_shapes, stateful=True)
def cudnn_rnn_backprop_v3(
    xp, input: F, input_h: F, input_c: F, params: F, sequence_lengths: int32, output: F,
    output_h: F, output_c: F, output_backprop: F, output_h_backprop: F, output_c_backprop: F,
    reserve_space: F, host_reserved: int8, *, rnn_mode="lstm", input_mode="linear_input",
    direction="unidirectional", dropout=0.0, seed=0, seed2=0, num_proj=0, time_major=True,
) -> [F, F, F, F]:  # fmt: skip
    """The gradients by input, input_h, input_c and params."""
    _refuse_projection(num_proj)
    given = [input, input_h, input_c, output_backprop, output_h_backprop, output_c_backprop]
    x, h, c, dy, dh, dc = given if time_major else map(_turned, given)
    active = _active(xp, sequence_lengths, len(x))
    *found, slopes = _run_back(xp, x, h, c, params, dy, dh, dc, reserve_space, active, dropout,
                               rnn_mode=rnn_mode, input_mode=input_mode,
                               direction=direction)  # fmt: skip
    found = found if time_major else [xp.ascontiguousarray(_turned(each)) for each in found]
    return [*found, slopes]


def _backward(type, is_training):
    if not is_training:
        raise ValueError(f"To use {type} in gradients, is_training must be set to True.")


@cudnn_rnn.gradient
def _(ys, dys, input, input_h, input_c, params, *, is_training, **attrs):
    _backward("CudnnRNN", is_training)
    return cudnn_rnn_backprop(input, input_h, input_c, params, *ys[:3], *dys[:3], ys[3], **attrs)


@cudnn_rnn_v2.gradient
def _(ys, dys, input, input_h, input_c, params, *, is_training, **attrs):
    _backward("CudnnRNNV2", is_training)
    return cudnn_rnn_backprop_v2(input, input_h, input_c, params, *ys[:3], *dys[:3], *ys[3:],
                                 **attrs)  # fmt: skip


@cudnn_rnn_v3.gradient
def _(ys, dys, input, input_h, input_c, params, sequence_lengths, *, is_training, **attrs):
    _backward("CudnnRNNV3", is_training)
    found = cudnn_rnn_backprop_v3(input, input_h, input_c, params, sequence_lengths, *ys[:3],
                                  *dys[:3], *ys[3:], **attrs)  # fmt: skip
    return (*found, None)


# -- parameters -----------------------------------------------------------------------------------


@op("CudnnRNNParamsSize", shape=lambda *_, **__: (1,), grad=NOT_DIFFERENTIABLE, host=True)
def cudnn_rnn_params_size(
    xp, num_layers: Size, num_units: Size, input_size: Size, *, T, S, rnn_mode="lstm",
    input_mode="linear_input", direction="unidirectional", dropout=0.0, seed=0, seed2=0, num_proj=0,
) -> Attr("S"):  # fmt: skip
    """How many parameters a network has: [1]."""
    network = Network.of(rnn_mode, input_mode, direction, integer(num_layers), integer(num_units),
                         integer(input_size), num_proj)  # fmt: skip
    return np.array([network.size()], S.numpy)


def _sizes(num_layers, num_units, input_size):
    found = [element(each) for each in (num_layers, num_units, input_size)]
    return None if None in found else found


def _parts_shapes(num_layers, num_units, input_size, params, *, num_weights, num_biases, rnn_mode,
                  input_mode, direction, num_proj=0, **_):  # fmt: skip
    given = _sizes(num_layers, num_units, input_size)
    if given is None:
        return [(None, None)] * num_weights + [(None,)] * num_biases
    network = Network.of(rnn_mode, input_mode, direction, *given, num_proj)
    if (num_weights, num_biases) != (len(network.canonical()), len(network.biases())):
        raise ValueError(
            f"A network of this kind has {len(network.canonical())} matrices and "
            f"{len(network.biases())} biases, not {num_weights} and {num_biases}"
        )
    return network.canonical() + network.biases()


def _parts(xp, params, network):
    """The matrices and the biases; what skips is the unit matrix."""
    kept = [shape for shape, is_kept in zip(network.canonical(), network.kept()) if is_kept]
    found = [each.copy() for each in cut(params, kept + network.biases())]
    weights, biases = iter(found[: len(kept)]), found[len(kept) :]
    unit = xp.eye(network.units, dtype=params.dtype) if network.skips else None
    return [next(weights) if is_kept else unit.copy() for is_kept in network.kept()] + biases


@op("CudnnRNNParamsToCanonical",
    shape=lambda *shapes, num_params, **attrs: _parts_shapes(
        *shapes, num_weights=num_params, num_biases=num_params, **attrs))  # fmt: skip
def cudnn_rnn_params_to_canonical(
    xp, num_layers: Size, num_units: Size, input_size: Size, params: F, *, num_params,
    rnn_mode="lstm", input_mode="linear_input", direction="unidirectional", dropout=0.0, seed=0,
    seed2=0,
) -> [Repeat(F, "num_params"), Repeat(F, "num_params")]:  # fmt: skip
    """The matrices [units, inputs] and the biases [units] that the parameters hold."""
    network = Network.of(rnn_mode, input_mode, direction, integer(num_layers), integer(num_units),
                         integer(input_size))  # fmt: skip
    return _parts(xp, params, network)


@op("CudnnRNNParamsToCanonicalV2",
    shape=lambda *shapes, num_params_weights, num_params_biases, **attrs: _parts_shapes(
        *shapes, num_weights=num_params_weights, num_biases=num_params_biases,
        **attrs))  # fmt: skip
def cudnn_rnn_params_to_canonical_v2(
    xp, num_layers: Size, num_units: Size, input_size: Size, params: F, *, num_params_weights,
    num_params_biases, rnn_mode="lstm", input_mode="linear_input", direction="unidirectional",
    dropout=0.0, seed=0, seed2=0, num_proj=0,
) -> [Repeat(F, "num_params_weights"), Repeat(F, "num_params_biases")]:  # fmt: skip
    """CudnnRNNParamsToCanonical of networks that may have projections."""
    network = Network.of(rnn_mode, input_mode, direction, integer(num_layers), integer(num_units),
                         integer(input_size), num_proj)  # fmt: skip
    return _parts(xp, params, network)


def _params_shape(num_layers, num_units, input_size, *_, rnn_mode, input_mode, direction,
                  num_proj=0, **__):  # fmt: skip
    given = _sizes(num_layers, num_units, input_size)
    if given is None:
        return (None,)
    return (Network.of(rnn_mode, input_mode, direction, *given, num_proj).size(),)


def _joined(xp, network, parts):
    """The parameters that hold these matrices and biases."""
    wanted = network.canonical() + network.biases()
    if [each.size for each in parts] != [int(np.prod(shape)) for shape in wanted]:
        raise ValueError(f"Expected parameters of shapes {wanted}, got "
                         f"{[each.shape for each in parts]}")  # fmt: skip
    kept = network.kept()
    matrices = [each for each, is_kept in zip(parts, kept) if is_kept]
    return xp.concatenate([each.reshape(-1) for each in [*matrices, *parts[len(kept) :]]])


@op("CudnnRNNCanonicalToParams", shape=_params_shape)
def cudnn_rnn_canonical_to_params(
    xp, num_layers: Size, num_units: Size, input_size: Size, *parts: F, num_params,
    rnn_mode="lstm", input_mode="linear_input", direction="unidirectional", dropout=0.0, seed=0,
    seed2=0,
) -> F:  # fmt: skip
    """The parameters that hold these matrices, and then biases."""
    network = Network.of(rnn_mode, input_mode, direction, integer(num_layers), integer(num_units),
                         integer(input_size))  # fmt: skip
    return _joined(xp, network, parts)


@op("CudnnRNNCanonicalToParamsV2", shape=_params_shape)
def cudnn_rnn_canonical_to_params_v2(
    xp, num_layers: Size, num_units: Size, input_size: Size, *parts: F, num_params_weights,
    num_params_biases, rnn_mode="lstm", input_mode="linear_input", direction="unidirectional",
    dropout=0.0, seed=0, seed2=0, num_proj=0,
) -> F:  # fmt: skip
    """CudnnRNNCanonicalToParams of networks that may have projections."""
    network = Network.of(rnn_mode, input_mode, direction, integer(num_layers), integer(num_units),
                         integer(input_size), num_proj)  # fmt: skip
    return _joined(xp, network, parts)

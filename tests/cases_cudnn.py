"""The rows of tests/cases.py for the ops that cuDNN runs in TensorFlow."""
import functools
import itertools

import numpy as np
from cases import raw, row
from domains import real

import minitf as tf

STEPS, N, DEPTH, UNITS, LAYERS = 3, 2, 2, 2, 2
GATES = {"lstm": 4, "gru": 3, "rnn_relu": 1, "rnn_tanh": 1}
X = real(STEPS, N, DEPTH)
LENGTHS = np.array([3, 1], np.int32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(mode, gates, products, h, c):
    if mode == "lstm":
        i, f, j, o = np.split(gates + products, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(j)
        return sigmoid(o) * np.tanh(c), c
    if mode == "gru":
        (r, u, n), (r_h, u_h, n_h) = np.split(gates, 3, axis=-1), np.split(products, 3, axis=-1)
        u = sigmoid(u + u_h)
        return (1 - u) * np.tanh(n + sigmoid(r + r_h) * n_h) + u * h, c
    return (np.tanh if mode == "rnn_tanh" else lambda x: np.maximum(x, 0))(gates + products), c


def parts(params, shapes):
    ends = np.cumsum([0, *map(np.prod, shapes)])
    return [params[a:b].reshape(s) for a, b, s in zip(ends, ends[1:], shapes)]


def weights(mode, ways, params):
    cells = list(itertools.product(range(LAYERS), range(ways)))
    columns = GATES[mode] * UNITS
    matrices = [(columns, size) for layer, _ in cells
                for size in (ways * UNITS if layer else DEPTH, UNITS)]  # fmt: skip
    found = parts(params, matrices + [(columns,)] * (2 * len(cells)))
    half = 2 * len(cells)
    return list(zip(found[:half:2], found[1:half:2], found[half::2], found[half + 1 :: 2]))


def network(x, h, c, params, mode="lstm", ways=1, lengths=None):
    lengths = np.full(len(h[0]), len(x)) if lengths is None else lengths
    outs = []
    h, c = h.copy(), c.copy() if c.ndim == 3 else np.zeros_like(h)
    for number, (w, r, b_w, b_r) in enumerate(weights(mode, ways, params)):
        out = np.zeros((*x.shape[:2], UNITS))
        for n in range(len(lengths)):
            for t in range(lengths[n])[:: -1 if number % ways else 1]:
                gates, products = w @ x[t, n] + b_w, r @ h[number, n] + b_r
                h[number, n], c[number, n] = step(mode, gates, products, h[number, n], c[number, n])
                out[t, n] = h[number, n]
        outs = [*outs, out] if number % ways else [out]
        x = np.concatenate(outs, 2) if number % ways == ways - 1 else x
    return [x, h, c if mode == "lstm" else np.zeros(())]


def size(mode, ways):
    gates = GATES[mode] * UNITS
    return gates * ways * (DEPTH + ways * UNITS + LAYERS * (UNITS + 2))


def given(mode, ways):
    states = (LAYERS * ways, N, UNITS)
    c = real(*states, key=2) if mode == "lstm" else np.zeros(0)
    return X, real(*states, key=1), c, real(size(mode, ways), key=3)


def attributes(mode, ways):
    return {"rnn_mode": mode, "direction": "bidirectional" if ways == 2 else "unidirectional"}


def forward(mode, ways, count=3):
    row("CudnnRNN", lambda *inputs: raw("CudnnRNN")(*inputs, **attributes(mode, ways))[:count],
        *given(mode, ways), second=False,
        want=lambda *inputs: network(*inputs, mode, ways)[:count])  # fmt: skip


forward("lstm", 1)
forward("lstm", 2)
forward("gru", 2, 2)
forward("rnn_tanh", 1, 2)
forward("rnn_relu", 2, 2)
row("CudnnRNNV2", lambda *inputs: raw("CudnnRNNV2")(*inputs)[:3], *given("lstm", 1), second=False,
    want=network)  # fmt: skip
for mode, ways in (("lstm", 2), ("gru", 1)):
    row("CudnnRNNV3", lambda *inputs, mode=mode, ways=ways: raw("CudnnRNNV3")(
            *inputs, LENGTHS, **attributes(mode, ways))[:2], *given(mode, ways), second=False,
        want=lambda *inputs, mode=mode, ways=ways: network(
            *inputs, mode, ways, LENGTHS)[:2])  # fmt: skip


def batch_major(x, h, c, params):
    turned = (each.transpose(1, 0, 2) for each in network(
        *(each.transpose(1, 0, 2) for each in (x, h, c)), params, lengths=LENGTHS))  # fmt: skip
    return list(turned)


row("CudnnRNNV3", lambda *inputs: raw("CudnnRNNV3")(*inputs, LENGTHS, time_major=False)[:3],
    *(each.transpose(1, 0, 2) for each in given("lstm", 1)[:3]), given("lstm", 1)[3], second=False,
    want=batch_major)  # fmt: skip

# -- gradients ------------------------------------------------------------------------------------


DYS = (real(STEPS, N, UNITS, key=4), real(LAYERS, N, UNITS, key=5), real(LAYERS, N, UNITS, key=6))


@functools.lru_cache(maxsize=None)  # noqa: UP033  read by Python 3.7, too
def slopes(ends):
    """Gradients of an LSTM by its four inputs, of what comes out times `DYS`, by differences."""
    inputs = given("lstm", 1)

    def value(moved):
        return sum(np.sum(y * dy) for y, dy in zip(
            network(*moved, lengths=LENGTHS if ends else None), DYS))  # fmt: skip

    found = [np.zeros_like(each) for each in inputs]
    for k, slope in enumerate(found):
        for place in np.ndindex(slope.shape):
            moved = [np.array(each) for each in inputs]
            moved[k][place] += 1e-6
            above = value(moved)
            moved[k][place] -= 2e-6
            slope[place] = (above - value(moved)) / 2e-6
    return found


def back(version, *inputs):
    more = (LENGTHS,) if version == "V3" else ()
    x, dys = inputs[:4], inputs[4:]
    ys = raw(f"CudnnRNN{version}")(*x, *more)
    return raw(f"CudnnRNNBackprop{version}")(*x, *more, *ys[:3], *dys, *ys[3:])


for version in ("", "V2", "V3"):
    row(f"CudnnRNNBackprop{version}", lambda *inputs, version=version: back(version, *inputs),
        *given("lstm", 1), *DYS, grad=False,
        want=lambda *_, ends=version == "V3": slopes(ends))  # fmt: skip

# -- parameters -----------------------------------------------------------------------------------

SIZES = (1, UNITS, 3)
SHAPES = [(UNITS, 3)] * 3 + [(UNITS, UNITS)] * 3, [(UNITS,)] * 6
PROJECTED = [(UNITS, 3)] * 4 + [(UNITS, 1)] * 4 + [(1, UNITS)], [(UNITS,)] * 8
COUNTS = {"num_params_weights": 9, "num_params_biases": 8, "num_proj": 1}


def many(shapes):
    return [real(*each, key=k) for k, each in enumerate(shapes[0] + shapes[1])]


def flat(*arrays):
    return np.concatenate([np.ravel(each) for each in arrays])


row("CudnnRNNParamsSize", lambda _: raw("CudnnRNNParamsSize")(
        *SIZES, T=tf.float64, S=tf.int32, rnn_mode="gru"), np.zeros(1),
    want=lambda _: [6 * (3 + UNITS + 2)], grad=False)  # fmt: skip
row("CudnnRNNParamsToCanonical", lambda params: raw("CudnnRNNParamsToCanonical")(
        *SIZES, params, num_params=6, rnn_mode="gru"), real(42),
    want=lambda params: parts(params, SHAPES[0] + SHAPES[1]), grad=False)  # fmt: skip
row("CudnnRNNParamsToCanonicalV2", lambda params: raw("CudnnRNNParamsToCanonicalV2")(
        *SIZES, params, **COUNTS), real(50),
    want=lambda params: parts(params, PROJECTED[0] + PROJECTED[1]), grad=False)  # fmt: skip
row("CudnnRNNCanonicalToParams", lambda *all: raw("CudnnRNNCanonicalToParams")(
        *SIZES, *all, num_params=6, rnn_mode="gru"), *many(SHAPES), want=flat,
    grad=False)  # fmt: skip
row("CudnnRNNCanonicalToParamsV2", lambda *all: raw("CudnnRNNCanonicalToParamsV2")(
        *SIZES, *all, **COUNTS), *many(PROJECTED), want=flat, grad=False)  # fmt: skip

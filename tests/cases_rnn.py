"""The rows of tests/cases.py for the ops that are a step, or all steps, of a recurrent network."""
import numpy as np
from cases import raw, row
from domains import real

import minitf as tf

N, DEPTH, UNITS, STEPS = 3, 2, 2, 4


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(x, c, h, w, wci, wcf, wco, b, forget_bias=1.0, clip=-1.0):
    i, j, f, o = np.split(np.hstack([x, h]) @ w + b, 4, axis=1)
    i, f = sigmoid(i + wci * c), sigmoid(f + forget_bias + wcf * c)
    c = i * np.tanh(j) + f * c
    c = np.clip(c, -clip, clip) if clip > 0 else c
    o = sigmoid(o + wco * c)
    return i, c, f, o, np.tanh(j), np.tanh(c), o * np.tanh(c)


STATES = real(N, UNITS, key=1), real(N, UNITS, key=2)
WEIGHTS = real(DEPTH + UNITS, 4 * UNITS, key=3)
PEEPHOLES = real(UNITS, key=4), real(UNITS, key=5), real(UNITS, key=6)
BIAS, NONE = real(4 * UNITS, key=7), (np.zeros(UNITS),) * 3
X, SERIES = real(N, DEPTH), real(STEPS, N, DEPTH, key=8)
ALL = dict(forget_bias=0.3, cell_clip=0.0, use_peephole=True)

row("LSTMBlockCell", raw("LSTMBlockCell"), X, *STATES, WEIGHTS, *NONE, BIAS, grad=False, want=lstm)
row("LSTMBlockCell", lambda *given: raw("LSTMBlockCell")(*given, **ALL)[6], X, *STATES, WEIGHTS,
    *PEEPHOLES, BIAS, second=False, want=lambda *given: lstm(*given, 0.3)[6])  # fmt: skip
row("LSTMBlockCell", lambda *given: raw("LSTMBlockCell")(*given, cell_clip=0.2), X, *STATES,
    WEIGHTS, *NONE, BIAS, grad=False, want=lambda *given: lstm(*given, clip=0.2))  # fmt: skip


def all_steps(x, c, h, *weights, last=STEPS):
    steps = []
    for now in x[:last]:
        steps.append(lstm(now, c, h, *weights))
        c, h = steps[-1][1], steps[-1][6]
    nothing = [(np.zeros_like(c),) * 7] * (len(x) - last)
    return [np.stack(each) for each in zip(*steps, *nothing)]


def block(steps, *given, **attrs):
    return raw("BlockLSTM")(np.int64(steps), *given, **attrs)


def block_grad(steps, *given, **attrs):
    return raw("BlockLSTMGrad")(np.int64(steps), *given, **attrs)


row("BlockLSTM", lambda *given: block(3, *given), SERIES, *STATES, WEIGHTS, *NONE, BIAS,
    grad=False, want=lambda *given: all_steps(*given, last=3))  # fmt: skip
row("BlockLSTM", lambda *given: block(STEPS, *given, use_peephole=True)[6], SERIES,
    *STATES, WEIGHTS, *PEEPHOLES, BIAS, second=False,
    want=lambda *given: all_steps(*given)[6])  # fmt: skip
row("BlockLSTM", lambda *given: block(2, *given)[1], SERIES, *STATES, WEIGHTS, *NONE,
    BIAS, second=False, want=lambda *given: all_steps(*given, last=2)[1])  # fmt: skip


def slope(function, *inputs, by, dy):
    """dy * d function / d inputs[by], by differences."""
    found = np.zeros_like(inputs[by])
    for place in np.ndindex(found.shape):
        ends = []
        for step in (1e-6, -1e-6):
            moved = [np.array(each) for each in inputs]
            moved[by][place] += step
            ends.append(function(*moved))
        found[place] = sum(np.sum((b - a) * d) for a, b, d in zip(ends[1], ends[0], dy)) / 2e-6
    return found


DY = real(N, UNITS, key=9), real(N, UNITS, key=10)
MIDDLE = lstm(X, *STATES, WEIGHTS, *PEEPHOLES, BIAS)[:6]


def state_and_output(*given):
    return [lstm(*given)[k] for k in (1, 6)]


def lstm_slopes(*given):
    given = given[:8]
    by = {k: slope(state_and_output, *given, by=k, dy=DY) for k in (1, 4, 5, 6)}

    def of_gates(gates):
        identity = np.eye(len(gates)), np.zeros((N, 0))
        return state_and_output(identity[1], STATES[0], identity[0], gates, *PEEPHOLES, 0.0)

    gates = np.hstack([X, STATES[1]]) @ WEIGHTS + BIAS
    return by[1], slope(of_gates, gates, by=0, dy=DY), by[4], by[5], by[6]


row("LSTMBlockCellGrad", lambda *given: raw("LSTMBlockCellGrad")(*given, use_peephole=True), X,
    *STATES, WEIGHTS, *PEEPHOLES, BIAS, *MIDDLE, *DY, grad=False, want=lstm_slopes)  # fmt: skip

FOUND = all_steps(SERIES, *STATES, WEIGHTS, *PEEPHOLES, BIAS)
DYS = real(STEPS, N, UNITS, key=11), real(STEPS, N, UNITS, key=12)


def block_slopes(*given):
    def ends(*given):
        return [all_steps(*given)[k] for k in (1, 6)]

    return [slope(ends, *given[:8], by=k, dy=DYS) for k in range(8)]


row("BlockLSTMGrad", lambda *given: block_grad(STEPS, *given, use_peephole=True), SERIES,
    *STATES, WEIGHTS, *PEEPHOLES, BIAS, *FOUND, *DYS, grad=False, want=block_slopes)  # fmt: skip


def gru(x, h, w_ru, w_c, b_ru, b_c):
    r, u = np.split(sigmoid(np.hstack([x, h]) @ w_ru + b_ru), 2, axis=1)
    c = np.tanh(np.hstack([x, h * r]) @ w_c + b_c)
    return r, u, c, u * h + (1 - u) * c


GRU = (X, STATES[1], real(DEPTH + UNITS, 2 * UNITS, key=13), real(DEPTH + UNITS, UNITS, key=14),
       real(2 * UNITS, key=15), real(UNITS, key=16))  # fmt: skip
row("GRUBlockCell", raw("GRUBlockCell"), *GRU, grad=False, want=gru)
row("GRUBlockCell", lambda *given: raw("GRUBlockCell")(*given)[3], *GRU, second=False,
    want=lambda *given: gru(*given)[3])  # fmt: skip


def gru_slopes(x, h, w_ru, w_c, b_ru, b_c, r, u, c, dh):
    given = x, h, w_ru, w_c, b_ru, b_c

    def output(*given):
        return [gru(*given)[3]]

    by_c = dh * (1 - u) * (1 - c * c)
    by_r = (by_c @ w_c.T)[:, DEPTH:] * h * r * (1 - r)
    by_u = dh * (h - c) * u * (1 - u)
    return (slope(output, *given, by=0, dy=[dh]), slope(output, *given, by=1, dy=[dh]), by_c,
            np.hstack([by_r, by_u]))  # fmt: skip


row("GRUBlockCellGrad", raw("GRUBlockCellGrad"), *GRU, *gru(*GRU)[:3], DY[0], grad=False,
    want=gru_slopes)  # fmt: skip

# -- the beams of a search ------------------------------------------------------------------------

IDS = np.arange(24, dtype=np.int32).reshape(4, 2, 3)
PARENTS = np.array([[[0, 0, 0], [0, 0, 0]], [[0, 0, 1], [2, 1, 0]], [[2, 1, 0], [0, 0, 2]],
                    [[1, 1, 2], [2, 0, 1]]], np.int32)  # fmt: skip


def beams(ids, parents, lengths, end):
    found = np.full_like(ids, end)
    for line, beam in np.ndindex(ids.shape[1:]):
        place = beam
        for time in reversed(range(min(lengths[line], len(ids)))):
            found[time, line, beam] = ids[time, line, place]
            place = parents[time, line, place]
        ends = np.flatnonzero(found[:, line, beam] == end)
        found[ends[0] if len(ends) else len(ids) :, line, beam] = end
    return found


for ending in (99, 7):
    row("GatherTree", tf.contrib.seq2seq.gather_tree, IDS, PARENTS, np.array([3, 9], np.int32),
        np.int32(ending), want=beams)  # fmt: skip

"""LSTMBlockCell and BlockLSTM: a step of an LSTM, and all its steps, as one op each.

i, j, f, o are the four parts of [x, h] * w + b, with peepholes plus wci * cs, and so on; then
cs = sigmoid(f + forget_bias) * cs + sigmoid(i) * tanh(j), clipped to [-cell_clip, cell_clip] where
that is positive, and h = sigmoid(o) * tanh(cs).
"""
from minitf.core.dtypes import float16, float32, float64, int64
from minitf.core.op import op
from minitf.core.schema import TypeAttr
from minitf.nn.activation import sigmoid_op
from minitf.nn.bias import bias_add_grad
from minitf.nn.windows import ranked
from minitf.ops.array.basics import shape
from minitf.ops.array.joining import concat
from minitf.ops.array.slicing import slice_
from minitf.ops.linalg.products import matmul

F = TypeAttr("T", (float16, float32, float64))  # TensorFlow has no float64 here


def _step_shapes(x, cs_prev, h_prev, w, wci, wcf, wco, b, **_):
    _, cs_prev, *_ = _ranked(x, cs_prev, h_prev, w, wci, wcf, wco, b)
    return [cs_prev] * 7


def _ranked(x, cs_prev, h_prev, w, wci, wcf, wco, b, steps=0):
    """The shapes, none of them of unknown rank. ValueError for another rank than is expected."""
    names = ("x", "cs_prev", "h_prev", "w", "wci", "wcf", "wco", "b")
    ranks = (2 + steps, 2, 2, 2, 1, 1, 1, 1)
    shapes = (x, cs_prev, h_prev, w, wci, wcf, wco, b)
    return [ranked(*each) for each in zip(shapes, names, ranks)]


@op("LSTMBlockCell", shape=_step_shapes)
def lstm_block_cell(
    xp, x: F, cs_prev: F, h_prev: F, w: F, wci: F, wcf: F, wco: F, b: F, *,
    forget_bias=1.0, cell_clip=3.0, use_peephole=False,
) -> [F, F, F, F, F, F, F]:  # fmt: skip
    """(i, cs, f, o, tanh of j, tanh of cs, h) of one step."""
    peepholes = (wci, wcf, wco) if use_peephole else None
    return _step(xp, x, cs_prev, h_prev, w, peepholes, b, forget_bias, cell_clip)


def _step(xp, x, cs_prev, h_prev, w, peepholes, b, forget_bias, cell_clip):
    gates = xp.matmul(xp.concatenate([x, h_prev], 1), w)
    gates += b
    i, j, f, o = xp.split(gates, 4, axis=1)
    f = f + f.dtype.type(forget_bias)
    if peepholes:
        i, f = i + cs_prev * peepholes[0], f + cs_prev * peepholes[1]
    i, f, ci = _sigmoid(xp, i), _sigmoid(xp, f), xp.tanh(j)
    cs = ci * i
    cs += cs_prev * f
    if cell_clip > 0:
        xp.clip(cs, -cell_clip, cell_clip, out=cs)
    o = _sigmoid(xp, o + cs * peepholes[2] if peepholes else o)
    co = xp.tanh(cs)
    return [i, cs, f, o, ci, co, o * co]


def _sigmoid(xp, x):
    return sigmoid_op.kernel(xp, x)


def _step_grad_shapes(x, cs_prev, h_prev, w, wci, wcf, wco, b, *_, **__):
    shapes = _ranked(x, cs_prev, h_prev, w, wci, wcf, wco, b)
    _, cs_prev, _, _, *peepholes, b = shapes
    return [cs_prev, (cs_prev[0], b[0]), *peepholes]


@op("LSTMBlockCellGrad", shape=_step_grad_shapes)
def lstm_block_cell_grad(
    xp, x: F, cs_prev: F, h_prev: F, w: F, wci: F, wcf: F, wco: F, b: F, i: F, cs: F, f: F, o: F,
    ci: F, co: F, cs_grad: F, h_grad: F, *, use_peephole=False,
) -> [F, F, F, F, F]:  # fmt: skip
    """The gradients by cs_prev, the gates before their activations, and the peepholes."""
    peepholes = (wci, wcf, wco) if use_peephole else None
    before, gates = _step_back(xp, cs_prev, i, f, o, ci, co, cs_grad, h_grad, peepholes)
    return [before, gates, *_peephole_slopes(xp, gates, cs_prev, cs, (wci, wcf, wco), use_peephole)]


def _step_back(xp, cs_prev, i, f, o, ci, co, cs_grad, h_grad, peepholes):
    do = o * (1 - o) * h_grad * co
    dcs = (1 - co * co) * h_grad * o + cs_grad
    if peepholes:
        dcs += do * peepholes[2]
    di, dci, df = i * (1 - i) * dcs * ci, (1 - ci * ci) * dcs * i, f * (1 - f) * dcs * cs_prev
    before = dcs * f
    if peepholes:
        before += di * peepholes[0] + df * peepholes[1]
    return before, xp.concatenate([di, dci, df, do], 1)


def _peephole_slopes(xp, gates, cs_prev, cs, peepholes, use_peephole):
    if not use_peephole:
        return [xp.zeros_like(each) for each in peepholes]
    di, _, df, do = xp.split(gates, 4, axis=1)
    return [xp.sum(di * cs_prev, 0), xp.sum(df * cs_prev, 0), xp.sum(do * cs, 0)]


@lstm_block_cell.gradient
def _(ys, dys, x, cs_prev, h_prev, w, wci, wcf, wco, b, *, use_peephole, **_):
    i, cs, f, o, ci, co, _ = ys
    before, gates, dwci, dwcf, dwco = lstm_block_cell_grad(
        x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, dys[1], dys[6],
        use_peephole=use_peephole,
    )  # fmt: skip
    columns = shape(x)[1] if x.shape[1].value is None else x.shape[1].value
    both = matmul(gates, w, transpose_b=True)
    dx, dh = slice_(both, [0, 0], [-1, columns]), slice_(both, [0, columns], [-1, -1])
    dw = matmul(concat([x, h_prev], 1), gates, transpose_a=True)
    return dx, before, dh, dw, dwci, dwcf, dwco, bias_add_grad(gates)


Steps = TypeAttr("_", (int64,), static=True)


# -- all steps ------------------------------------------------------------------------------------


def _block_shapes(seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b, **_):
    x, cs_prev, *_ = _ranked(x, cs_prev, h_prev, w, wci, wcf, wco, b, steps=1)
    return [(*x[:2], cs_prev[1])] * 7


@op("BlockLSTM", shape=_block_shapes)
def block_lstm(
    xp, seq_len_max: Steps, x: F, cs_prev: F, h_prev: F, w: F, wci: F, wcf: F, wco: F, b: F,
    *, forget_bias=1.0, cell_clip=3.0, use_peephole=False,
) -> [F, F, F, F, F, F, F]:  # fmt: skip
    """(i, cs, f, o, tanh of j, tanh of cs, h) of all steps of `x` [time, batch, ...]; zeros behind
    `seq_len_max` steps."""
    count, peepholes = int(seq_len_max), (wci, wcf, wco) if use_peephole else None
    found = [xp.zeros((*x.shape[:2], cs_prev.shape[1]), x.dtype) for _ in range(7)]
    for time in range(count):
        step = _step(xp, x[time], cs_prev, h_prev, w, peepholes, b, forget_bias, cell_clip)
        for whole, part in zip(found, step):
            whole[time] = part
        cs_prev, h_prev = step[1], step[6]
    return found


def _block_grad_shapes(seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b, *_, **__):
    return _ranked(x, cs_prev, h_prev, w, wci, wcf, wco, b, steps=1)


@op("BlockLSTMGrad", shape=_block_grad_shapes)
def block_lstm_grad(
    xp, seq_len_max: Steps, x: F, cs_prev: F, h_prev: F, w: F, wci: F, wcf: F, wco: F, b: F,
    i: F, cs: F, f: F, o: F, ci: F, co: F, h: F, cs_grad: F, h_grad: F, *, use_peephole=False,
) -> [F, F, F, F, F, F, F, F]:  # fmt: skip
    """The gradients by all inputs but `seq_len_max`."""
    count, columns = int(seq_len_max), x.shape[2]
    peepholes = (wci, wcf, wco) if use_peephole else None
    dx, dcs, dh = xp.zeros_like(x), xp.zeros_like(cs_prev), xp.zeros_like(h_prev)
    dw, db = xp.zeros_like(w), xp.zeros_like(b)
    slopes = [xp.zeros_like(each) for each in (wci, wcf, wco)]
    for time in reversed(range(count)):
        cs_before, h_before = (cs[time - 1], h[time - 1]) if time else (cs_prev, h_prev)
        dcs, gates = _step_back(xp, cs_before, i[time], f[time], o[time], ci[time], co[time],
                                cs_grad[time] + dcs, h_grad[time] + dh, peepholes)  # fmt: skip
        both = xp.matmul(gates, w.T)
        dx[time], dh = both[:, :columns], both[:, columns:]
        dw += xp.matmul(xp.concatenate([x[time], h_before], 1).T, gates)
        db += xp.sum(gates, 0)
        if use_peephole:
            more = _peephole_slopes(xp, gates, cs_before, cs[time], peepholes, True)
            slopes = [slope + part for slope, part in zip(slopes, more)]
    return [dx, dcs, dh.copy(), dw, *slopes, db]


@block_lstm.gradient
def _(ys, dys, seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b, *, use_peephole, **_):
    i, cs, f, o, ci, co, h = ys
    found = block_lstm_grad(
        seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, h, dys[1],
        dys[6], use_peephole=use_peephole,
    )  # fmt: skip
    return (None, *found)

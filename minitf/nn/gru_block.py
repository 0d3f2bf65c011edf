"""GRUBlockCell: a step of a gated recurrent unit as one op.

r, u = sigmoid([x, h] * w_ru + b_ru), c = tanh([x, h * r] * w_c + b_c), h = u * h + (1 - u) * c.
"""
from minitf.core.dtypes import float32, float64
from minitf.core.op import op
from minitf.core.schema import TypeAttr
from minitf.nn.activation import sigmoid_op
from minitf.nn.bias import bias_add_grad
from minitf.nn.windows import ranked
from minitf.ops.array.joining import concat
from minitf.ops.linalg.products import matmul

F = TypeAttr("T", (float32, float64))  # TensorFlow has no float64 here


def _ranked(x, h_prev, w_ru, w_c, b_ru, b_c):
    names, ranks = ("x", "h_prev", "w_ru", "w_c", "b_ru", "b_c"), (2, 2, 2, 2, 1, 1)
    return [ranked(*each) for each in zip((x, h_prev, w_ru, w_c, b_ru, b_c), names, ranks)]


@op("GRUBlockCell", shape=lambda *shapes: [_ranked(*shapes)[1]] * 4)
def gru_block_cell(
    xp, x: F, h_prev: F, w_ru: F, w_c: F, b_ru: F, b_c: F
) -> [F, F, F, F]:
    """(r, u, c, h) of one step."""
    gates = xp.matmul(xp.concatenate([x, h_prev], 1), w_ru)
    gates += b_ru
    r, u = xp.split(sigmoid_op.kernel(xp, gates), 2, axis=1)
    c = xp.matmul(xp.concatenate([x, h_prev * r], 1), w_c)
    c += b_c
    c = xp.tanh(c)
    return [r.copy(), u.copy(), c, u * h_prev + (1 - u) * c]


def _gradient_shapes(*shapes):
    x, h_prev, _, _, b_ru, _ = _ranked(*shapes[:6])
    return [x, h_prev, h_prev, (x[0], b_ru[0])]


@op("GRUBlockCellGrad", shape=_gradient_shapes)
def gru_block_cell_grad(
    xp, x: F, h_prev: F, w_ru: F, w_c: F, b_ru: F, b_c: F, r: F, u: F, c: F, d_h: F
) -> [F, F, F, F]:
    """The gradients by x, h_prev, and what is in the tanh and the sigmoids."""
    size = x.shape[1]
    d_c_bar = d_h * (1 - u) * (1 - c * c)
    d_u_bar = d_h * (h_prev - c) * u * (1 - u)
    by_candidate = xp.matmul(d_c_bar, w_c.T)
    d_hr = by_candidate[:, size:]
    gates = xp.concatenate([d_hr * h_prev * r * (1 - r), d_u_bar], 1)
    by_gates = xp.matmul(gates, w_ru.T)
    d_h_prev = by_gates[:, size:] + d_hr * r + d_h * u
    return [by_gates[:, :size] + by_candidate[:, :size], d_h_prev, d_c_bar, gates]


@gru_block_cell.gradient
def _(ys, dys, x, h_prev, w_ru, w_c, b_ru, b_c):
    r, u, c, _ = ys
    d_x, d_h_prev, d_c, d_ru = gru_block_cell_grad(x, h_prev, w_ru, w_c, b_ru, b_c, r, u, c,
                                                   dys[3])  # fmt: skip
    d_w_ru = matmul(concat([x, h_prev], 1), d_ru, transpose_a=True)
    d_w_c = matmul(concat([x, h_prev * r], 1), d_c, transpose_a=True)
    return d_x, d_h_prev, d_w_ru, d_w_c, bias_add_grad(d_ru), bias_add_grad(d_c)

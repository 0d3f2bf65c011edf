"""Factorisations of matrices."""

from minitf.core.op import op
from minitf.core.schema import Inexact
from minitf.core.tensor_shape import printed


def _qr_shape(input, *, full_matrices):
    if input is None:
        return [None, None]
    if len(input) < 2:
        raise ValueError(f"Shape must be at least rank 2, got {printed(input)}")
    *batch, m, n = input
    least = None if None in (m, n) else min(m, n)
    inner = m if full_matrices else least
    return [(*batch, m, inner), (*batch, inner, n)]


@op("Qr", shape=_qr_shape)
def qr_op(xp, input: Inexact, *, full_matrices=False) -> [Inexact, Inexact]:
    return list(xp.linalg.qr(input, mode="complete" if full_matrices else "reduced"))


def qr(input, full_matrices=False, name=None):
    """`q, r` with `input = q r`: q orthogonal, r upper triangular, for each matrix of a batch.

    `input` is [..., m, n]; q [..., m, k] and r [..., k, n] with k = min(m, n), or m when
    `full_matrices`. It has no gradient.
    """
    return qr_op(input, full_matrices=full_matrices, name=name)

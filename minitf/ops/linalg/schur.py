"""Square roots and logarithms of square matrices, by Schur's triangular form; in NumPy alone.

Higham, "Functions of Matrices", 2008: chapter 6 for the roots, 11 for the logarithm.
"""
import numpy as np

_ROUNDS = 40  # of shifted QR, for each eigenvalue: far more than are ever needed


def schur(a):
    """(q, t) with a = q t q^H, q unitary and t upper triangular, of one complex matrix."""
    t, q = a.astype(np.complex128), np.eye(len(a), dtype=np.complex128)
    least = np.finfo(np.float64).eps * np.abs(t).sum()
    for m in range(len(a), 1, -1):
        for step in range(_ROUNDS):
            if np.abs(t[m - 1, : m - 1]).sum() <= least:
                break
            shift = _shift(t, m) * (1.5 if step % 10 == 9 else 1)  # now and then another, if stuck
            turn, rest = np.linalg.qr(t[:m, :m] - shift * np.eye(m))
            t[:m, :m] = rest @ turn + shift * np.eye(m)
            t[:m, m:] = turn.conj().T @ t[:m, m:]
            q[:, :m] = q[:, :m] @ turn
        else:
            raise np.linalg.LinAlgError("Schur decomposition did not converge")
        t[m - 1, : m - 1] = 0
    return q, t


def _shift(t, m):
    """Wilkinson's: the eigenvalue of the last two rows that is nearest to the last element."""
    values = np.linalg.eigvals(t[m - 2 : m, m - 2 : m])
    return values[np.abs(values - t[m - 1, m - 1]).argmin()]


def triangular_root(t):
    """The principal square root of an upper triangular matrix."""
    root = np.diag(np.sqrt(np.diag(t)))
    for j in range(1, len(t)):
        for i in range(j - 1, -1, -1):
            left = t[i, j] - root[i, i + 1 : j] @ root[i + 1 : j, j]
            both = root[i, i] + root[j, j]
            root[i, j] = left / both if both or left else 0
    return root


def triangular_logarithm(t):
    """The principal logarithm of an upper triangular matrix: roots until it is near 1."""
    ones, halvings = np.eye(len(t)), 0
    while np.abs(t - ones).sum(0).max() > 0.25 and halvings < 100:
        t, halvings = triangular_root(t), halvings + 1
    return _logarithm_near_1(t - ones) * 2.0**halvings


def _logarithm_near_1(x):
    """log(1 + x) by Gauss-Legendre quadrature, which is its Pade approximant."""
    nodes, weights = np.polynomial.legendre.leggauss(10)
    ones = np.eye(len(x))
    terms = (
        weight / 2 * np.linalg.solve(ones + (node + 1) / 2 * x, x)
        for node, weight in zip(nodes, weights)
    )
    return sum(terms, np.zeros_like(x))


def function_of(triangular, a):
    """The function of a matrix, given that of triangular ones."""
    if not np.isfinite(a).all():
        return np.full(a.shape, np.nan, np.complex128)
    q, t = schur(a)
    return q @ triangular(t) @ q.conj().T

"""Roots of matrices that are symmetric and positive, by iteration."""
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.linalg.diagonal import eye
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import logical_and, sqrt, square
from minitf.ops.math.operators import abs as abs_
from minitf.ops.reduction.reduce import reduce_max, reduce_sum


def matrix_square_root(matrix, size, iter_count=100, ridge_epsilon=1e-4):
    """The square root of `matrix` + `ridge_epsilon` on the diagonal, after Higham 1997: as long as
    that makes it better."""
    unit = eye(size)
    matrix = matrix + ridge_epsilon * unit
    norm = sqrt(reduce_sum(matrix * matrix))

    def step(i, y, _, z, error, __):
        now = 0.5 * (3.0 * unit - matmul(z, y))
        new_y, new_z = matmul(y, now), matmul(now, z)
        root = new_y * sqrt(norm)
        rest = matrix - matmul(root, root)
        return i + 1, new_y, y, new_z, sqrt(reduce_sum(rest * rest)) / norm, error

    start = matrix / norm
    found = while_loop(
        lambda i, y, before, z, error, last: logical_and(i < iter_count, error < last), step,
        [0, start, start, unit, norm, norm + 1.0],
    )  # fmt: skip
    return found[2] * sqrt(norm)


def matrix_inverse_pth_root(matrix, size, alpha, iter_count=100, epsilon=1e-6, ridge_epsilon=1e-6):
    """`matrix` ** `alpha`, of which -1 / alpha is a whole number (Guo and Higham 2006)."""
    if size == 1:
        return (matrix + ridge_epsilon) ** alpha
    unit = eye(size)
    damped = matrix + ridge_epsilon * unit

    def step(i, m, x):
        now = (1 - alpha) * unit + alpha * m
        return i + 1, matmul(_power(now, -1.0 / alpha), m), matmul(x, now)

    def goes_on(i, m, _):
        return logical_and(i < iter_count, reduce_max(abs_(m - unit)) > epsilon)

    z = (1 - 1 / alpha) / (2 * sqrt(reduce_sum(square(damped))))
    return while_loop(goes_on, step, [0, damped * z, unit * z**-alpha])[2]


def _power(matrix, exponent):
    assert exponent == int(exponent) and exponent > 0
    power, left = None, int(exponent)
    while left:
        if left % 2:
            power = matrix if power is None else matmul(matrix, power)
        left //= 2
        matrix = matmul(matrix, matrix)
    return power

"""Values between given points: `tf.contrib.image.interpolate_spline`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.ops.array.basics import ones_like, shape, zeros
from minitf.ops.array.joining import concat, unstack
from minitf.ops.linalg.diagonal import eye
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import matrix_solve
from minitf.ops.math.elementwise import log, maximum, sqrt, square
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.reduce import reduce_sum

EPSILON = 1e-10


def interpolate_spline(
    train_points, train_values, query_points, order, regularization_weight=0.0,
    name="interpolate_spline",
):  # fmt: skip
    """The values [batch, m, k] at `query_points` [batch, m, d] of a polyharmonic spline through
    `train_values` [batch, n, k] at `train_points` [batch, n, d].

    `order` 1 is linear in the distance, 2 the thin plate; `regularization_weight` above 0 lets the
    spline miss the points. ValueError where d or k is unknown.
    """
    with name_scope(name):
        points, values = convert_to_tensor(train_points), convert_to_tensor(train_values)
        queries = convert_to_tensor(query_points)
        with name_scope("solve"):
            weights, linear = _solved(points, values, order, regularization_weight)
        with name_scope("predict"):
            near = matmul(_phi(_distances(queries, points), order), weights)
            return near + matmul(_with_ones(queries), linear)


def _solved(points, values, order, regularization_weight):
    """(the weights of the distances to each point, of the linear part)."""
    width, columns = points.shape[-1].value, values.shape[-1].value
    if width is None:
        raise ValueError(
            "The dimensionality of the input points (d) must be statically-inferrable."
        )
    if columns is None:
        raise ValueError(
            "The dimensionality of the output values (k) must be statically-inferrable."
        )
    batch, count, _ = unstack(shape(points), num=3)
    near = _phi(_distances(points, points), order)
    if regularization_weight > 0:
        near += regularization_weight * eye(count, dtype=points.dtype)[None]
    linear = _with_ones(points)
    left = concat([near, transpose(linear, [0, 2, 1])], 1)
    right = concat([linear, zeros([batch, width + 1, width + 1], points.dtype)], 1)
    wanted = concat([values, zeros([batch, width + 1, columns], points.dtype)], 1)
    found = matrix_solve(concat([left, right], 2), wanted)
    return found[:, :count], found[:, count:]


def _with_ones(points):
    return concat([points, ones_like(points[..., :1])], 2)


def _distances(x, y):
    """The squared distances [batch, n, m] of the rows of two tensors."""
    across = matmul(x, y, adjoint_b=True)
    norms = [reduce_sum(square(each), 2) for each in (x, y)]
    return expand_dims(norms[0], 2) - 2 * across + expand_dims(norms[1], 1)


def _phi(r, order):
    """What a squared distance counts."""
    positive = maximum(r, EPSILON)
    if order == 1:
        return sqrt(positive)
    if order == 2:
        return 0.5 * r * log(positive)
    if order == 4:
        return 0.5 * square(r) * log(positive)
    found = positive ** (0.5 * order)
    return found if order % 2 else 0.5 * found * log(positive)

"""Gradients against finite differences: `tf.test.compute_gradient`."""
import numpy as np

from minitf.autodiff import gradients
from minitf.core.constant import constant
from minitf.core.dtypes import COMPLEX, FLOATS
from minitf.core.graph import get_default_session
from minitf.core.indexed_slices import IndexedSlices
from minitf.ops.array.basics import identity


def compute_gradient(
    x,
    x_shape,
    y,
    y_shape,
    x_init_value=None,
    delta=1e-3,
    init_targets=None,
    extra_feed_dict=None,
):
    """The Jacobian of `y` by `x` twice: by tf.gradients, and by differences of step `delta`.

    Each is an array [elements of x, elements of y], a complex element counting as two. With a
    list of x's, `x_shape` and `x_init_value` are lists, and so is the result, of such pairs. It
    runs in the default session, at `x_init_value` (random numbers from [0, 1) by default), after
    the operations `init_targets`, with `extra_feed_dict` fed. AssertionError for types without
    derivatives or an `x_init_value` of another shape.
    """
    several = isinstance(x, list)
    xs, shapes, values = (x, x_shape, x_init_value) if several else ([x], [x_shape], [x_init_value])
    starts = [_start(each, y, y_shape) for each in xs]
    if init_targets is not None:
        assert isinstance(init_targets, (list, tuple)), f"init_targets: {init_targets!r}"
        for target in init_targets:
            target.run()
    values = [None] * len(xs) if values is None else values
    feed = extra_feed_dict or {}
    pairs = [
        _both(each, shape, dx, y, y_shape, dy, value, delta, feed)
        for each, shape, (dx, dy), value in zip(xs, shapes, starts, values)
    ]
    return pairs if several else pairs[0]


def compute_gradient_error(
    x,
    x_shape,
    y,
    y_shape,
    x_init_value=None,
    delta=1e-3,
    init_targets=None,
    extra_feed_dict=None,
):
    """The greatest difference between the two Jacobians of `compute_gradient`."""
    pairs = compute_gradient(
        x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict
    )
    pairs = [pairs] if isinstance(pairs, tuple) else pairs
    return max([0, *(np.fabs(a - b).max() for a, b in pairs if a.size or b.size)])


def _start(x, y, y_shape):
    """(dx, dy): the gradient of x, and the constant it starts from, to be fed."""
    with x.graph.as_default():
        dy = constant(1.0, shape=y_shape, dtype=y.dtype)
        passed = identity(dy)
    (dx,) = gradients(y, x, passed)
    return dx, dy


def _both(x, x_shape, dx, y, y_shape, dy, value, delta, feed):
    for tensor, name in ((x, "x"), (y, "y")):
        dtype = tensor.dtype.base_dtype
        assert dtype in FLOATS + COMPLEX, f"Don't support type {dtype.name} for {name}"
    if value is None:
        value = _random(x_shape, x.dtype.base_dtype)
    assert list(x_shape) == list(value.shape), (
        f"x_shape = {x_shape}, init_data shape = {list(value.shape)}"
    )
    value = np.asarray(value, dtype=x.dtype.as_numpy_dtype)
    exact = _by_gradients(x, value, dx, y_shape, dy, feed)
    return exact, _by_differences(x, value, y, y_shape, delta, feed)


def _random(shape, dtype):
    value = np.random.random_sample(shape).astype(dtype.as_numpy_dtype)
    return value + 1j * np.random.random_sample(shape) if dtype.is_complex else value


def _reals(array, dtype):
    """The numbers of an array, complex ones as two, in memory order."""
    return np.ascontiguousarray(array).reshape(-1).view(dtype.real_dtype.as_numpy_dtype)


def _by_gradients(x, value, dx, y_shape, dy, feed):
    assert dx is not None, f"the y given does not depend on {x!r}"
    session = get_default_session()
    columns, direction = [], np.zeros(y_shape, dy.dtype.as_numpy_dtype)
    numbers = direction.reshape(-1).view(dy.dtype.real_dtype.as_numpy_dtype)
    for column in range(numbers.size):
        numbers[column] = 1
        found = session.run(dx, {**feed, x: value, dy: direction})
        columns.append(_reals(_dense(dx, found, value), x.dtype).copy())
        numbers[column] = 0
    if not columns:
        return _of_nothing(session.run(dx, {**feed, x: value, dy: direction}), value, x)
    return np.stack(columns, axis=1)


def _dense(dx, found, value):
    if not isinstance(dx, IndexedSlices):
        return found
    total = np.zeros_like(value)
    np.add.at(total, found.indices, found.values)
    return total


def _of_nothing(found, value, x):
    if found.shape != value.shape:
        raise ValueError(
            f"Empty gradient has wrong shape: expected {value.shape}, got {found.shape}"
        )
    if np.any(found):
        raise ValueError("Empty tensor with nonzero gradients")
    return np.zeros((_reals(value, x.dtype).size, 0), x.dtype.real_dtype.as_numpy_dtype)


def _by_differences(x, value, y, y_shape, delta, feed):
    session, dtype = get_default_session(), x.dtype.real_dtype.as_numpy_dtype
    count = np.zeros(y_shape, y.dtype.as_numpy_dtype)
    jacobian = np.zeros((_reals(value, x.dtype).size, _reals(count, y.dtype).size), dtype)
    for row, slopes in enumerate(jacobian):
        ends = []
        for step in (delta, -delta):
            moved = value.copy()
            moved.reshape(-1).view(dtype)[row] += step
            ends.append(session.run(y, {**feed, x: moved}))
        scale = np.asarray(2 * delta, y.dtype.real_dtype.as_numpy_dtype)
        slopes[:] = _reals((ends[0] - ends[1]) / scale, y.dtype)
    return jacobian

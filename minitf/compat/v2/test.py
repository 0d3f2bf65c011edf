"""`tf.compat.v2.test`: help for tests."""
import numpy as np

from minitf.compat.v2.later import later, public, rest


@later(checkpoint_v2=True)
def assert_equal_graph_def(expected, actual): ...


def compute_gradient(f, x, delta=0.001):
    """The Jacobians of `f` at the arrays `x`, by its gradient and by finite differences.

    `f` takes as many tensors as `x` has, and returns one. The result is two lists with an array
    for each of `x`: a row for each element of it, a column for each of what `f` returns. Raises
    ValueError where `x` is no list or tuple, TypeError for complex numbers.
    """
    if not isinstance(x, (list, tuple)):
        raise ValueError("`x` must be a list or tuple of values convertible to a Tensor "
                         f"(arguments to `f`), not a {type(x)}")  # fmt: skip
    tf = public("compat.v1")
    arrays = [_array(tf, value) for value in x]
    with tf.Graph().as_default(), tf.Session() as sess:
        inputs = [tf.placeholder(array.dtype, array.shape) for array in arrays]
        y = f(*inputs)
        weights = tf.placeholder(y.dtype, y.shape)
        dxs = [dx if dx is not None else tf.zeros_like(each)
               for dx, each in zip(tf.gradients(y, inputs, weights), inputs)]  # fmt: skip

        def value(arrays):
            return sess.run(y, dict(zip(inputs, arrays))).ravel()

        size = value(arrays).size
        units = np.eye(size).reshape(size, *y.shape.as_list())
        columns = [sess.run(dxs, {weights: one, **dict(zip(inputs, arrays))}) for one in units]
        theoretical = [np.stack([column[k].ravel() for column in columns], 1)
                       for k in range(len(arrays))]  # fmt: skip
        return theoretical, [_differences(value, arrays, k, delta) for k in range(len(arrays))]


def _array(tf, value):
    """Numbers of the type that they have as a Tensor."""
    array = tf.make_ndarray(tf.make_tensor_proto(value))
    if array.dtype.kind != "f":
        raise TypeError(f"compute_gradient is there for floats, and not for {array.dtype}")
    return array.copy()


def _differences(value, arrays, k, delta):
    rows = []
    for place in np.ndindex(arrays[k].shape):
        ends = []
        for sign in (1, -1):
            moved = [array.copy() for array in arrays]
            moved[k][place] += sign * delta
            ends.append(value(moved))
        rows.append((ends[0] - ends[1]) / (2 * delta))
    return np.stack(rows)


__getattr__ = rest(__name__)

"""Variables, constants and placeholders of `tf.keras.backend`, and their values."""
import numpy as np

import minitf as tf
from minitf.keras.backend.config import floatx
from minitf.keras.backend.graph import get_session, in_graph, track_variable
from minitf.ops.state.variables import in_init_scope
from minitf.train.moving_averages import assign_moving_average


def variable(value, dtype=None, name=None, constraint=None):
    """A variable with this initial value: an array, a number, a Tensor."""
    dtype = tf.as_dtype(dtype or floatx())
    if hasattr(value, "tocoo"):
        return _sparse_constant(value, dtype)
    made = tf.Variable(value, dtype=dtype, name=name, constraint=constraint, use_resource=True)
    if isinstance(value, np.ndarray):
        made._keras_shape = value.shape
    elif hasattr(value, "shape"):
        made._keras_shape = int_shape(value)
    track_variable(made)
    return made


def _sparse_constant(matrix, dtype):
    coordinates = matrix.tocoo()
    indices = np.stack([coordinates.row, coordinates.col], axis=1).astype(np.int64)
    values = coordinates.data.astype(dtype.as_numpy_dtype)
    return tf.SparseTensor(indices, values, coordinates.shape)


def constant(value, dtype=None, shape=None, name=None):
    """A Tensor with this value."""
    return tf.constant(value, dtype=dtype or floatx(), shape=shape, name=name)


def placeholder(shape=None, ndim=None, dtype=None, sparse=False, name=None, ragged=False):
    """A Tensor that each run is given; `ndim` says the rank of one whose sizes are unknown."""
    if ragged:
        raise NotImplementedError(
            "K.placeholder(ragged=True): minitf's Keras takes no RaggedTensor; rt.to_tensor() is "
            "one that it takes."
        )
    dtype = tf.as_dtype(dtype or floatx())
    if not shape and ndim:
        shape = (None,) * ndim
    with in_graph():
        if sparse:
            return tf.sparse_placeholder(dtype, shape=shape, name=name)
        return tf.placeholder(dtype, shape=shape, name=name)


def is_placeholder(x):
    """Whether `x` has a value by being fed."""
    if isinstance(x, tf.SparseTensor):
        x = x.values
    return isinstance(x, tf.Tensor) and x.op.type == "Placeholder"


def is_keras_tensor(x):
    """Whether a layer of Keras made `x`. ValueError for what is no Tensor."""
    if not isinstance(x, (tf.Tensor, tf.Variable, tf.SparseTensor)):
        raise ValueError(
            f"Unexpectedly found an instance of type `{type(x)}`. Expected a symbolic tensor "
            "instance."
        )
    return hasattr(x, "_keras_history")


def is_sparse(tensor):
    """Whether it is a SparseTensor."""
    return isinstance(tensor, (tf.SparseTensor, tf.SparseTensorValue))


def to_dense(tensor):
    """A SparseTensor as a Tensor; others as they are."""
    return tf.sparse_tensor_to_dense(tensor) if is_sparse(tensor) else tensor


# -- what is known of a tensor --------------------------------------------------------------------


def int_shape(x):
    """The sizes, None for those unknown, as a tuple; None when not even the rank is known."""
    if hasattr(x, "_keras_shape") and not isinstance(x, tf.Tensor):
        return x._keras_shape
    try:
        shape = x.shape
        return tuple(shape.as_list() if isinstance(shape, tf.TensorShape) else shape)
    except ValueError:
        return None


def ndim(x):
    """The rank, None when it is unknown."""
    return x.shape.ndims if isinstance(x.shape, tf.TensorShape) else len(x.shape)


def dtype(x):
    """The type's name."""
    return tf.as_dtype(x.dtype).base_dtype.name


def shape(x):
    """The sizes, as a Tensor."""
    return tf.shape(x)


def count_params(x):
    """How many numbers a variable holds."""
    return int(np.prod(x.shape.as_list()))


# -- values ---------------------------------------------------------------------------------------


def eval(x):
    """The value, as an array."""
    return get_value(to_dense(x))


def get_value(x):
    """The value of a variable, or of any Tensor, as an array."""
    if not tf.is_tensor(x):
        return x
    return x.numpy() if x.graph.eager else x.eval(session=get_session((x,)))


def batch_get_value(tensors):
    """The values of several variables."""
    if in_init_scope().eager:
        return [get_value(x) for x in tensors]
    return get_session(tensors).run(list(tensors)) if tensors else []


def set_value(x, value):
    """Assign an array to a variable."""
    batch_set_value([(x, value)])


def batch_set_value(tuples):
    """Assign arrays to variables: pairs (variable, array).

    A later one counts where a variable is twice there. ValueError for an array of another shape.
    """
    if not tuples:
        return
    if in_init_scope().eager:
        with tf.init_scope():
            for target, value in tuples:
                target.assign(np.asarray(value, target.dtype.as_numpy_dtype))
        return
    session = get_session([variable for variable, _ in tuples])
    with session._lock:
        for target, value in tuples:
            _load(session, target, value)


def _load(session, target, value):
    """Assign without a node: the session keeps the value in a slot."""
    value = np.asarray(value, dtype=target.dtype.base_dtype.as_numpy_dtype)
    wanted = target.shape
    if not wanted.is_compatible_with(value.shape):
        raise ValueError(
            f"Cannot assign an array of shape {value.shape} to the variable {target.name} of shape "
            f"{wanted}"
        )
    held = session.slot(target.op).value
    if isinstance(held, np.ndarray) and held.shape == value.shape:
        held[...] = value
    else:
        session.run(target.initializer, {target.initializer.inputs[1]: value})


# -- variables with the usual contents ------------------------------------------------------------


def zeros(shape, dtype=None, name=None):
    """A variable of zeros; a Tensor where a size is known only in the run."""
    return _filled(tf.zeros, shape, dtype, name)


def ones(shape, dtype=None, name=None):
    """A variable of ones; a Tensor where a size is known only in the run."""
    return _filled(tf.ones, shape, dtype, name)


def _filled(function, shape, dtype, name):
    value = function(shape=shape, dtype=tf.as_dtype(dtype or floatx()), name=name)
    known = value.shape.is_fully_defined()
    return variable(value, dtype=dtype, name=name) if known else value


def eye(size, dtype=None, name=None):
    """A variable: the identity matrix."""
    return variable(tf.eye(size, dtype=tf.as_dtype(dtype or floatx())), dtype, name)


def zeros_like(x, dtype=None, name=None):
    """Zeros of the shape of `x`."""
    return tf.zeros_like(x, dtype=dtype, name=name)


def ones_like(x, dtype=None, name=None):
    """Ones of the shape of `x`."""
    return tf.ones_like(x, dtype=dtype, name=name)


def random_uniform_variable(shape, low, high, dtype=None, name=None, seed=None):
    """A variable drawn from [low, high)."""
    dtype = tf.as_dtype(dtype or floatx())
    seed = np.random.randint(10**9) if seed is None else seed
    value = tf.random_uniform_initializer(low, high, dtype=dtype, seed=seed)(shape)
    return variable(value, dtype=dtype, name=name)


def random_normal_variable(shape, mean, scale, dtype=None, name=None, seed=None):
    """A variable drawn from the normal distribution."""
    dtype = tf.as_dtype(dtype or floatx())
    seed = np.random.randint(10**9) if seed is None else seed
    value = tf.random_normal_initializer(mean, scale, dtype=dtype, seed=seed)(shape)
    return variable(value, dtype=dtype, name=name)


# -- updates --------------------------------------------------------------------------------------


def update(x, new_x):
    """An operation that assigns."""
    return tf.assign(x, new_x)


def update_add(x, increment):
    """An operation that adds to a variable."""
    return tf.assign_add(x, increment)


def update_sub(x, decrement):
    """An operation that subtracts from a variable."""
    return tf.assign_sub(x, decrement)


def moving_average_update(x, value, momentum):
    """An operation that brings `x` 1 - momentum of the way to `value`, as if from zero."""
    return assign_moving_average(x, value, momentum, zero_debias=True)

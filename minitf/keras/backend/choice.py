"""Choices of `tf.keras.backend`: by a condition, by whether this is training."""
import minitf as tf
from minitf.keras.backend.graph import learning_phase
from minitf.keras.backend.variables import ndim


def switch(condition, then_expression, else_expression):
    """One of two, Tensors or functions without arguments, by a bool scalar; or element by element.

    ValueError when the condition has more axes than what it chooses.
    """
    if condition.dtype.base_dtype != tf.bool:
        condition = tf.cast(condition, tf.bool)
    if not ndim(condition):
        return tf.cond(condition, _function(then_expression), _function(else_expression))
    then, other = _function(then_expression)(), _function(else_expression)()
    if ndim(condition) > ndim(then):
        raise ValueError(
            "Rank of `condition` should be less than or equal to rank of `then_expression` and "
            f"`else_expression`. ndim(condition)={ndim(condition)}, "
            f"ndim(then_expression)={ndim(then)}"
        )
    if ndim(condition) > 1:
        condition = _spread(condition, then)
    return tf.where(condition, then, other)


def _function(expression):
    return expression if callable(expression) else lambda: expression


def _spread(condition, chosen):
    """The condition repeated to the shape of what it chooses."""
    shape = tf.concat([tf.shape(condition), [1] * (ndim(chosen) - ndim(condition))], axis=0)
    wanted = tf.shape(chosen)
    times = tf.where(wanted - shape > 0, wanted, tf.ones_like(wanted))
    return tf.tile(tf.reshape(condition, shape), times)


def in_train_phase(x, alt, training=None):
    """`x` in training, else `alt`: each a Tensor or a function without arguments.

    `training` is a bool, 0 or 1, a Tensor, or None: the learning phase.
    """
    training = learning_phase() if training is None else training
    if tf.is_tensor(training):
        return switch(training, x, alt)
    return _function(x if training else alt)()


def in_test_phase(x, alt, training=None):
    """`x` unless this is training, else `alt`."""
    return in_train_phase(alt, x, training=training)

"""Names and keywords."""
import re

import minitf as tf


def to_snake_case(name):
    """`BatchNormalization` as `batch_normalization`."""
    words = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    snake = re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()
    return f"private{snake}" if snake[0] == "_" else snake


def validate_kwargs(kwargs, allowed, message="Keyword argument not understood:"):
    """TypeError for a keyword that is not allowed."""
    for key in kwargs:
        if key not in allowed:
            raise TypeError(message, key)


def check_for_unexpected_keys(name, given, expected):
    """ValueError for keys of a dictionary that are not expected."""
    unknown = [key for key in given if key not in expected]
    if unknown:
        raise ValueError(
            f"Unknown entries in {name} dictionary: {unknown}. Only expected following keys: "
            f"{expected}"
        )


def to_list(x):
    return x if isinstance(x, list) else [x]


def to_tuples(shapes):
    """Shapes, in any nesting of lists and dictionaries, as tuples."""
    if isinstance(shapes, dict):
        return {key: to_tuples(shape) for key, shape in shapes.items()}
    if isinstance(shapes, tf.TensorShape):
        return tuple(shapes.as_list()) if shapes.ndims is not None else None
    if isinstance(shapes, list) and shapes and not isinstance(shapes[0], (int, type(None))):
        return [to_tuples(shape) for shape in shapes]
    return shapes


def to_shapes(shapes):
    """Shapes, in any nesting of lists, tuples and dictionaries, as TensorShapes."""
    if isinstance(shapes, dict):
        return {key: to_shapes(shape) for key, shape in shapes.items()}
    inside = shapes[0] if isinstance(shapes, (list, tuple)) and shapes else None
    if isinstance(inside, (list, tuple, dict, tf.TensorShape)):
        return type(shapes)(map(to_shapes, shapes))
    return tf.TensorShape(shapes)

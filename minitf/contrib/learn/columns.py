"""What columns there are in arrays: `tf.contrib.learn.infer_real_valued_columns_from_input`."""
from minitf.contrib.layers import infer_real_valued_columns
from minitf.contrib.learn.arrays import Arrays
from minitf.core.graph import Graph


def infer_real_valued_columns_from_input_fn(input_fn):
    """Columns of numbers for the features that an input function returns."""
    with Graph().as_default():
        features = input_fn()
        features = features[0] if isinstance(features, tuple) else features
        return infer_real_valued_columns(features)


def infer_real_valued_columns_from_input(x):
    """Columns of numbers for the features `x`, an array or a dict of them."""
    arrays = Arrays(x, None, None, False, 1)
    return infer_real_valued_columns_from_input_fn(arrays.input_fn)

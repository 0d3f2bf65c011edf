"""`tf.contrib.learn.io`: arrays and files of examples as the input of estimators."""
from minitf.contrib.learn.io.generator_io import generator_input_fn  # noqa: F401
from minitf.contrib.learn.pandas_io import (  # noqa: F401
    extract_pandas_data,
    extract_pandas_labels,
    extract_pandas_matrix,
)
from minitf.contrib.learn.records import (  # noqa: F401
    queue_parsed_features,
    read_batch_examples,
    read_batch_features,
    read_batch_record_features,
    read_keyed_batch_examples,
    read_keyed_batch_examples_shared_queue,
    read_keyed_batch_features,
    read_keyed_batch_features_shared_queue,
)
from minitf.estimator.inputs import numpy_input_fn as _numpy_input_fn
from minitf.estimator.inputs import pandas_input_fn as _pandas_input_fn


def numpy_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=True, queue_capacity=1000,
                   num_threads=1):
    """tf.estimator.inputs.numpy_input_fn, which shuffles unless it is told not to."""
    return _numpy_input_fn(x, y, batch_size=batch_size, num_epochs=num_epochs, shuffle=shuffle,
                           queue_capacity=queue_capacity, num_threads=num_threads)  # fmt: skip


def pandas_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=True, queue_capacity=1000,
                    num_threads=1, target_column="target"):
    """tf.estimator.inputs.pandas_input_fn, which shuffles unless it is told not to."""
    return _pandas_input_fn(x, y, batch_size=batch_size, num_epochs=num_epochs, shuffle=shuffle,
                            queue_capacity=queue_capacity, num_threads=num_threads,
                            target_column=target_column)  # fmt: skip

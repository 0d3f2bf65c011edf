"""`tf.contrib.learn.io`: arrays as the input of an estimator; they are shuffled by default."""
from __future__ import annotations

from typing import Any

from minitf.contrib.framework.deprecation import deprecated
from minitf.estimator import inputs


@deprecated(None, "Use tf.compat.v1.estimator.inputs.numpy_input_fn.")
def numpy_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool = True,
    queue_capacity: int = 1000,
    num_threads: int = 1,
) -> Any:
    """See `tf.estimator.inputs.numpy_input_fn`."""
    return inputs.numpy_input_fn(
        x, y, batch_size, num_epochs, shuffle, queue_capacity, num_threads
    )


@deprecated(None, "Please use tf.compat.v1.estimator.inputs.pandas_input_fn")
def pandas_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool = True,
    queue_capacity: int = 1000,
    num_threads: int = 1,
    target_column: str = "target",
) -> Any:
    """See `tf.estimator.inputs.pandas_input_fn`."""
    return inputs.pandas_input_fn(
        x, y, batch_size, num_epochs, shuffle, queue_capacity, num_threads, target_column
    )

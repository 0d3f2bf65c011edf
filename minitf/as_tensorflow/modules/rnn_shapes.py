"""What `tensorflow.python.ops.rnn` and `rnn_cell_impl` have for sizes, and tf has not."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.rnn.sizes import joined, joined_shape, known_shape


def _concat(prefix: Any, suffix: Any, static: bool = False) -> Any:
    """The sizes of both, one after the other: an int32 vector, or if `static` a list, of which
    what is not known is None.

    Both are ints, shapes, or tensors that are scalars or vectors. ValueError for other tensors,
    and for unknown sizes unless `static`.
    """
    if not static:
        return joined(prefix, suffix)
    shape = joined_shape(prefix, suffix)
    return None if shape.ndims is None else shape.as_list()


def _maybe_tensor_shape_from_tensor(shape: Any) -> Any:
    """The shape that a tensor of known sizes says; anything else as it is."""
    return known_shape(shape) if isinstance(shape, tf.Tensor) else shape

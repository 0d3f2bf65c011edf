"""What `tensorflow.python.ops.rnn` and `rnn_cell_impl` keep to themselves, or once did."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.contrib.rnn.linear import Linear as _Linear  # noqa: F401
from minitf.contrib.rnn.linear import linear as _linear  # noqa: F401
from minitf.rnn.sizes import joined, joined_shape, known_shape
from minitf.rnn.sizes import zero_states as _zero_state_tensors  # noqa: F401

_BIAS_VARIABLE_NAME, _WEIGHTS_VARIABLE_NAME = "bias", "kernel"


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


def _like_rnncell(cell: Any) -> bool:
    """Whether it is callable and has what a cell of a recurrent network has."""
    has = all(hasattr(cell, each) for each in ("output_size", "state_size", "zero_state"))
    return has and callable(cell)

"""`tensorflow.python.ops.ragged.*`: what they have beside tf.ragged and tf.RaggedTensor."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.core.ragged import is_ragged
from minitf.ops.array.rearrange import repeat  # noqa: F401  of ragged_util
from minitf.ragged.checks import assert_splits_match  # noqa: F401  of ragged_util
from minitf.ragged.checks import int_tensor as convert_to_int_tensor  # noqa: F401
from minitf.ragged.checks import splits_of as lengths_to_splits  # noqa: F401
from minitf.ragged.mapping import RaggedTensorType  # noqa: F401  of ragged_tensor
from minitf.ragged.ranges import repeat_ranges  # noqa: F401  of ragged_util
from minitf.ragged.rows import match_splits
from minitf.ragged.rows import positive_axis as get_positive_axis  # noqa: F401
from minitf.ragged.spec import RaggedTensorSpec  # noqa: F401  of ragged_tensor
from minitf.ragged.splitting import bytes_split as string_bytes_split  # noqa: F401
from minitf.ragged.splitting import strings_split as strings_split_v1
from minitf.ragged.tensor import (  # noqa: F401
    as_ragged_or_tensor as convert_to_tensor_or_ragged_tensor,
)


def match_row_splits_dtypes(*tensors: Any, return_dtype: bool = False) -> Any:
    """The tensors, and the type of their row splits. ValueError where there are two."""
    dtype = match_splits(*tensors)
    return (dtype, tensors) if return_dtype else tensors


def string_split_v2(input: Any, sep: Any = None, maxsplit: int = -1, name: Any = None) -> Any:
    """`tf.strings.split` as TensorFlow 2 has it: the parts are ragged."""
    return strings_split_v1(input, sep, maxsplit, "RaggedTensor", name=name)


# -- of ragged_conversion_ops ---------------------------------------------------------------------


def from_tensor(
    tensor: Any, lengths: Any = None, padding: Any = None, ragged_rank: int = 1,
    row_splits_dtype: Any = tf.int64, name: str | None = None,
) -> Any:  # fmt: skip
    """`RaggedTensor.from_tensor`; a ragged tensor as it is."""
    if is_ragged(tensor):
        return tensor
    return tf.RaggedTensor.from_tensor(
        tensor, lengths, padding, ragged_rank, name, row_splits_dtype
    )


def to_tensor(rt_input: Any, default_value: Any = None, name: str | None = None) -> Any:
    """`rt_input.to_tensor(...)`; a tensor as it is."""
    return rt_input.to_tensor(default_value, name) if is_ragged(rt_input) else rt_input


def from_sparse(st_input: Any, name: str | None = None) -> Any:
    return tf.RaggedTensor.from_sparse(st_input, name)


def to_sparse(rt_input: Any, name: str | None = None) -> Any:
    return rt_input.to_sparse(name)

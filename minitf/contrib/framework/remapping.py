"""Initializers that bring rows of a checkpoint to where a new vocabulary has their words:
`tf.contrib.framework.load_embedding_initializer` and its kin."""
from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from minitf.core.constant import constant
from minitf.core.dtypes import as_dtype, float32
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import concat
from minitf.ops.array.tensor_scatter import tensor_scatter_update
from minitf.ops.state.initializers import TruncatedNormal, Zeros
from minitf.train.checkpoint_utils import load_variable
from minitf.train.warm_starting import _words


def load_and_remap_matrix_initializer(
    ckpt_path, old_tensor_name, new_row_vocab_size, new_col_vocab_size, old_row_vocab_size=-1,
    old_row_vocab_file=None, new_row_vocab_file=None, old_col_vocab_file=None,
    new_col_vocab_file=None, num_row_oov_buckets=0, num_col_oov_buckets=0, initializer=None,
    max_rows_in_memory=-1,
):  # fmt: skip
    """An initializer of a matrix, or parts of it by rows, from the matrix `old_tensor_name` of a
    checkpoint: the rows, columns, or both move as the words of the new files stand in the old ones.

    What is new, and the buckets after it, is `initializer`'s, zeros unless given. The checkpoint is
    read as the initializer is called; it is in memory as a whole, whatever `max_rows_in_memory`.
    TypeError for an initializer that is no function, or called for another type than float32;
    ValueError for shapes that do not fit, negative buckets, or without any pair of files.
    """
    initializer = Zeros() if initializer is None else initializer
    if not callable(initializer):
        raise TypeError(f"initializer must be callable, instead of being {initializer} of type "
                        f"{type(initializer)}.")  # fmt: skip
    rows = _Axis(new_row_vocab_size, num_row_oov_buckets, old_row_vocab_file, new_row_vocab_file,
                 old_row_vocab_size, "row")  # fmt: skip
    columns = _Axis(new_col_vocab_size, num_col_oov_buckets, old_col_vocab_file,
                    new_col_vocab_file, -1, "col")  # fmt: skip

    def made(shape, dtype=float32, partition_info=None):
        if as_dtype(dtype) != float32:
            raise TypeError(f"Currently, only float32 is supported. Received dtype: {dtype}")
        sizes = _checked(shape, columns.size + columns.buckets)
        offset = 0 if partition_info is None else partition_info.single_offset(sizes)
        if offset + sizes[0] > rows.size + rows.buckets:
            raise ValueError(
                f"Trying to initialize {sizes[0]} additional rows after {offset} rows have already "
                "been initialized, which would exceed expected total row count of "
                f"{rows.size + rows.buckets}."
            )
        buckets = min(sizes[0], max(0, offset + sizes[0] - rows.size))
        if offset > rows.size:
            return initializer(sizes)
        for axis in (rows, columns):
            axis.check()
        if not (rows.new or columns.new):
            raise ValueError(
                "Must provide either row or column vocab files. If no remapping is necessary, "
                "consider using `tf.contrib.framework.init_from_checkpoint` instead."
            )
        old = load_variable(ckpt_path, old_tensor_name)
        loaded = _loaded(old, rows.places(offset, sizes[0] - buckets), columns.places(0),
                         initializer)  # fmt: skip
        if buckets:
            loaded = concat([loaded, initializer([buckets, columns.size])], 0)
        if columns.buckets:
            loaded = concat([loaded, initializer([sizes[0], columns.buckets])], 1)
        return loaded

    return made


class _Axis(NamedTuple):
    """The rows or the columns: how many there are, and where the old ones are."""

    size: int
    buckets: int
    old: str | None
    new: str | None
    old_size: int
    name: str

    def check(self):
        """ValueError for negative buckets, or one file without the other."""
        name = self.name
        if self.buckets < 0:
            raise ValueError(f"num_{name}_oov_buckets must be >= 0, but received {self.buckets}")
        if bool(self.old) != bool(self.new):
            raise ValueError(
                f"old_{name}_vocab_file and new_{name}_vocab_file must both be specified or left "
                f"unspecified. old_{name}_vocab_file='{self.old}', "
                f"new_{name}_vocab_file='{self.new}'"
            )

    def places(self, offset, count=None):
        """Where each of `count` of the new ones, all unless given, is among the old, or -1."""
        count = self.size if count is None else count
        if not self.new:
            return np.arange(offset, offset + count)
        numbered = {word: place for place, word in enumerate(_words(self.old, self.old_size))}
        new = _words(self.new, -1)[offset : offset + count]
        return np.array([numbered.get(word, -1) for word in new], int)


def _checked(shape, columns):
    sizes = [int(size) for size in shape]
    if len(sizes) != 2:
        raise ValueError(f"Expected 2-dim shape, but received: {shape}")
    if sizes[0] <= 0:
        raise ValueError(f"Expected 1st dim of shape to be > 0, but received shape: {shape}")
    if sizes[1] != columns:
        raise ValueError(
            f"Expected 2nd dim of shape to be new_col_vocab_size + num_col_oov_buckets = {columns},"
            f" but received shape: {shape}"
        )
    return sizes


def _loaded(old, rows, columns, initializer):
    """The old numbers at these rows and columns; the initializer's where one is -1."""
    old = old.reshape(len(old), -1)
    found = old[np.ix_(rows, columns)]
    missing = np.flatnonzero((rows < 0)[:, None] | (columns < 0))
    if not len(missing):
        return constant(found)
    fresh = reshape(initializer([len(missing), 1]), [-1])
    return reshape(tensor_scatter_update(found.ravel(), missing[:, None], fresh), found.shape)


def load_embedding_initializer(
    ckpt_path, embedding_tensor_name, new_vocab_size, embedding_dim, old_vocab_file,
    new_vocab_file, old_vocab_size=-1, num_oov_buckets=0, initializer=None, max_rows_in_memory=-1,
):  # fmt: skip
    """`load_and_remap_matrix_initializer` of an embedding, whose rows belong to words: new ones
    begin with a truncated normal of stddev 1 / sqrt(`embedding_dim`), unless `initializer` says."""
    if initializer is None:
        initializer = TruncatedNormal(stddev=1.0 / math.sqrt(embedding_dim))
    return load_and_remap_matrix_initializer(
        ckpt_path, embedding_tensor_name, new_vocab_size, embedding_dim,
        old_row_vocab_size=old_vocab_size, old_row_vocab_file=old_vocab_file,
        new_row_vocab_file=new_vocab_file, num_row_oov_buckets=num_oov_buckets,
        initializer=initializer, max_rows_in_memory=max_rows_in_memory,
    )  # fmt: skip


def load_linear_multiclass_bias_initializer(
    ckpt_path, bias_tensor_name, new_class_vocab_size, old_class_vocab_file, new_class_vocab_file,
    num_class_oov_buckets=0, initializer=None, max_rows_in_memory=-1,
):  # fmt: skip
    """The same of the biases [classes, 1] of a linear model."""
    return load_and_remap_matrix_initializer(
        ckpt_path, bias_tensor_name, new_class_vocab_size, 1,
        old_row_vocab_file=old_class_vocab_file, new_row_vocab_file=new_class_vocab_file,
        num_row_oov_buckets=num_class_oov_buckets, initializer=initializer,
        max_rows_in_memory=max_rows_in_memory,
    )  # fmt: skip


def load_variable_slot_initializer(
    ckpt_path, old_tensor_name, primary_partition_info, new_row_vocab_size, new_col_vocab_size,
    old_row_vocab_file=None, new_row_vocab_file=None, old_col_vocab_file=None,
    new_col_vocab_file=None, num_row_oov_buckets=0, num_col_oov_buckets=0, initializer=None,
    max_rows_in_memory=-1,
):  # fmt: skip
    """The same of a slot of an optimizer, which lies as the part of its variable says that
    `primary_partition_info` describes."""
    whole = load_and_remap_matrix_initializer(
        ckpt_path, old_tensor_name, new_row_vocab_size, new_col_vocab_size,
        old_row_vocab_file=old_row_vocab_file, new_row_vocab_file=new_row_vocab_file,
        old_col_vocab_file=old_col_vocab_file, new_col_vocab_file=new_col_vocab_file,
        num_row_oov_buckets=num_row_oov_buckets, num_col_oov_buckets=num_col_oov_buckets,
        initializer=initializer, max_rows_in_memory=max_rows_in_memory,
    )  # fmt: skip

    def made(shape, dtype=float32, partition_info=None):
        return whole(shape, dtype, partition_info=primary_partition_info)

    return made

"""Combinations of categories: `crossed_column`."""
from collections import namedtuple

from minitf.contrib.layers.columns.base import LinearLookup, _FeatureColumn, config_of
from minitf.contrib.layers.columns.embedding import check_checkpoint
from minitf.contrib.layers.columns.real import _BucketizedColumn
from minitf.contrib.layers.columns.sparse import _SparseColumn
from minitf.contrib.layers.sparse_feature_cross import sparse_feature_cross
from minitf.feature_column.former import _CategoricalColumn
from minitf.feature_column.kinds import IdWeightPair
from minitf.ops.state.initializers import Zeros


class _CrossedColumn(
    _FeatureColumn,
    _CategoricalColumn,
    namedtuple(
        "_CrossedColumn",
        ["columns", "hash_bucket_size", "hash_key", "combiner", "ckpt_to_load_from",
         "tensor_name_in_ckpt"],
    ),
):  # fmt: skip
    """Hashes of the combinations of what columns have for an example, as categories."""

    def __new__(cls, columns, hash_bucket_size, hash_key, combiner="sum", ckpt_to_load_from=None,
                tensor_name_in_ckpt=None):  # fmt: skip
        for column in columns:
            if not isinstance(column, (_SparseColumn, _CrossedColumn, _BucketizedColumn)):
                raise TypeError(
                    "columns must be a set of _SparseColumn, _CrossedColumn, or _BucketizedColumn "
                    f"instances. (column {column} is a {type(column).__name__})"
                )
        if len(columns) < 2:
            raise ValueError(f"columns must contain at least 2 elements. columns: {columns}")
        if hash_bucket_size < 2:
            raise ValueError(
                f"hash_bucket_size must be at least 2. hash_bucket_size: {hash_bucket_size}"
            )
        check_checkpoint(ckpt_to_load_from, tensor_name_in_ckpt)
        ordered = tuple(sorted(columns, key=lambda column: column.name))
        return super().__new__(cls, ordered, hash_bucket_size, hash_key, combiner,
                               ckpt_to_load_from, tensor_name_in_ckpt)  # fmt: skip

    name = property(lambda self: "_X_".join(sorted(column.name for column in self.columns)))
    length = property(lambda self: self.hash_bucket_size)

    @property
    def config(self):
        config = {}
        for column in self.columns:
            config |= config_of(column)
        return config

    def id_tensor(self, input_tensor):
        return input_tensor

    def weight_tensor(self, input_tensor):
        return None

    def _leaves(self):
        """The columns that are no crosses themselves."""
        for column in self.columns:
            if isinstance(column, _CrossedColumn):
                yield from column._leaves()
            else:
                yield column

    _num_buckets = property(lambda self: self.length)

    def _transform_feature(self, inputs):
        tensors = [inputs.get(column.name) if isinstance(column, _SparseColumn)
                   else column.to_sparse_tensor(inputs.get(column))
                   for column in self._leaves()]  # fmt: skip
        return sparse_feature_cross(
            tensors, hashed_output=True, num_buckets=self.hash_bucket_size,
            hash_key=self.hash_key, name="cross",
        )  # fmt: skip

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return IdWeightPair(inputs.get(self), None)

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):  # fmt: skip
        raise ValueError("CrossedColumn is not supported in DNN. Please use embedding_column. "
                         f"column: {self}")  # fmt: skip

    def _checkpoint_path(self):
        if self.ckpt_to_load_from is None:
            return None
        return self.ckpt_to_load_from, self.tensor_name_in_ckpt

    def _wide_embedding_lookup_arguments(self, input_tensor):
        return LinearLookup(input_tensor, None, self.length, Zeros(), self.combiner)


def crossed_column(
    columns, hash_bucket_size, combiner="sum", ckpt_to_load_from=None, tensor_name_in_ckpt=None,
    hash_key=None,
):  # fmt: skip
    """Hashes, below `hash_bucket_size`, of the combinations of what two or more columns have.

    They are columns of categories, ranges, or crosses; `hash_key` chooses the better hash.
    TypeError for other columns, ValueError for less than two.
    """
    return _CrossedColumn(columns, hash_bucket_size, hash_key, combiner, ckpt_to_load_from,
                          tensor_name_in_ckpt)  # fmt: skip

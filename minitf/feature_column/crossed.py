"""Combinations of categories: `tf.feature_column.crossed_column`."""
from collections import namedtuple

from minitf.core.dtypes import string
from minitf.feature_column.categorical import HashedCategoricalColumn
from minitf.feature_column.former import OwnCategoricalColumn, _CategoricalColumn, spec_of
from minitf.feature_column.kinds import CategoricalColumn
from minitf.ops.io.examples import VarLenFeature
from minitf.ops.sparse.cross import sparse_cross_hashed


class CrossedColumn(
    OwnCategoricalColumn, namedtuple("CrossedColumn", "keys hash_bucket_size hash_key")
):
    """Combinations of categories, by a hash of them."""

    @property
    def name(self):
        leaves = (key if isinstance(key, str) else key.name for key in self._leaves())
        return "_X_".join(sorted(leaves))

    @property
    def num_buckets(self):
        return self.hash_bucket_size

    @property
    def parents(self):
        return list(self.keys)

    @property
    def parse_example_spec(self):
        spec = {}
        for key in self.keys:
            spec.update({key: VarLenFeature(string)} if isinstance(key, str) else spec_of(key))
        return spec

    def _leaves(self):
        """The keys, and those of the crossed columns among them."""
        for key in self.keys:
            if isinstance(key, CrossedColumn):
                yield from key._leaves()
            else:
                yield key

    def transform_feature(self, transformation_cache, state_manager):
        tensors = [self._tensor(key, transformation_cache, state_manager) for key in self._leaves()]
        return sparse_cross_hashed(tensors, self.hash_bucket_size, self.hash_key)

    def _tensor(self, key, cache, state_manager):
        if isinstance(key, str):
            return cache.get(key, state_manager)
        ids, weights = cache.sparse_tensors(key, state_manager)
        if weights is not None:
            raise ValueError(
                "crossed_column does not support weight_tensor, but the given column populates "
                f"weight_tensor. Given column: {key.name}"
            )
        return ids


def crossed_column(keys, hash_bucket_size, hash_key=None):
    """The combinations of the categories of `keys`, by a hash below `hash_bucket_size`.

    A key is the name of a feature or a column of categories, but none by a hash. ValueError for
    other keys or fewer than two.
    """
    if not hash_bucket_size or hash_bucket_size < 1:
        raise ValueError(
            f"hash_bucket_size must be > 1. hash_bucket_size: {hash_bucket_size}"
        )
    if not keys or len(keys) < 2:
        raise ValueError(f"keys must be a list with length > 1. Given: {keys}")
    for key in keys:
        if not isinstance(key, (str, CategoricalColumn, _CategoricalColumn)):
            raise ValueError(
                "Unsupported key type. All keys must be either string, or categorical column "
                f"except HashedCategoricalColumn. Given: {key}"
            )
        if isinstance(key, HashedCategoricalColumn):
            raise ValueError(
                "categorical_column_with_hash_bucket is not supported for crossing. Hashing before "
                "crossing will increase probability of collision. Instead, use the feature name as "
                f"a string. Given: {key}"
            )
    return CrossedColumn(tuple(keys), hash_bucket_size, hash_key)

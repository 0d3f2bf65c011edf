"""`tf.lookup`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.lookup import experimental
from minitf.ops.tables.initializers import (
    KeyValueTensorInitializer,
    TextFileIndex,
    TextFileInitializer,
)
from minitf.ops.tables.static import StaticHashTable, StaticVocabularyTable

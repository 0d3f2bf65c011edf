"""`tf.contrib.lookup`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.lookup.former import (
    index_table_from_tensor,
    index_to_string,
    index_to_string_table_from_tensor,
    string_to_index,
    string_to_index_table_from_file,
    string_to_index_table_from_tensor,
)
from minitf.ops.tables.initializers import (
    KeyValueTensorInitializer,
    TableInitializerBase,
    TextFileIdTableInitializer,
    TextFileIndex,
    TextFileInitializer,
    TextFileStringTableInitializer,
)
from minitf.ops.tables.mutable import DenseHashTable as MutableDenseHashTable
from minitf.ops.tables.mutable import MutableHashTable
from minitf.ops.tables.static import (
    FastHashSpec,
    HasherSpec,
    HashTable,
    IdTableWithHashBuckets,
    InitializableLookupTableBase,
    LookupInterface,
    StrongHashSpec,
)
from minitf.ops.tables.vocabulary import index_table_from_file, index_to_string_table_from_file

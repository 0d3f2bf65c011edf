"""What `tensorflow.python.ops.lookup_ops` has: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.tables.initializers import (
    KeyValueTensorInitializer,
    TableInitializerBase,
    TextFileIdTableInitializer,
    TextFileIndex,
    TextFileInitializer,
    TextFileStringTableInitializer,
    tables_initializer,
)
from minitf.ops.tables.mutable import DenseHashTable, MutableHashTable
from minitf.ops.tables.static import (
    FastHashSpec,
    HasherSpec,
    HashTable,
    IdTableWithHashBuckets,
    InitializableLookupTableBase,
    LookupInterface,
    StaticHashTable,
    StaticVocabularyTable,
    StrongHashSpec,
)
from minitf.ops.tables.vocabulary import (
    index_table_from_file,
    index_table_from_tensor,
    index_to_string_table_from_file,
    index_to_string_table_from_tensor,
)

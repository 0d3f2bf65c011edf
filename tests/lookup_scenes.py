"""The rows of tests/cases.py for the ops of lookup tables: `play(run)` gives (got, expected)."""
import tempfile

import numpy as np
from cases import raw, scene

import minitf as tf


def constant_table(run):
    table = tf.contrib.lookup.index_table_from_tensor(["a", "b"])
    run(tf.tables_initializer())
    keys, values = table.export()
    return [
        (run(table.lookup(tf.constant(["b", "z"]))), [1, -1]),
        (run(table.size()), 2),
        (sorted(run(keys).tolist()) == [b"a", b"b"], True),
        (np.sort(run(values)), [0, 1]),
    ]


for _op in ("HashTableV2", "LookupTableImportV2", "LookupTableFindV2", "LookupTableSizeV2",
            "LookupTableExportV2"):  # fmt: skip
    scene(_op)(constant_table)


@scene("InitializeTableV2")
def initialize_table(run):
    handle = raw("HashTableV2")(key_dtype=tf.int64, value_dtype=tf.float32)
    run(raw("InitializeTableV2")(handle, np.int64([5, 6]), [0.5, 0.6]))
    return [(run(raw("LookupTableFindV2")(handle, np.int64([6, 7]), 0.0)), [0.6, 0.0])]


@scene("InitializeTableFromTextFileV2")
def from_text_file(run):
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(b"x\ny\n")
    table = tf.contrib.lookup.index_table_from_file(file.name)
    run(table.initializer)
    return [(run(table.lookup(tf.constant(["y", "x", "?"]))), [1, 0, -1])]


def changing(run):
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    asked = table.lookup(["a", "b", "c"])
    run(table.insert(["a", "b"], [1, 2]))
    first = run(asked)
    run(table.remove(tf.constant(["a"])))
    return [(first, [1, 2, -1]), (run(asked), [-1, 2, -1])]


for _op in ("MutableHashTableV2", "LookupTableInsertV2", "LookupTableRemoveV2"):
    scene(_op)(changing)


@scene("MutableHashTableOfTensorsV2")
def of_tensors(run):
    table = tf.contrib.lookup.MutableHashTable(tf.int64, tf.float32, [0.0, 9.0])
    run(table.insert([4], [[1.0, 2.0]]))
    return [(run(table.lookup([4, 5])), [[1, 2], [0, 9]])]


@scene("MutableDenseHashTableV2")
def dense(run):
    table = tf.contrib.lookup.MutableDenseHashTable(tf.int64, tf.int64, -1, 0, -9)
    run(table.insert([4, 6], [1, 2]))
    return [(run(table.lookup([6, 5, 4])), [2, -1, 1])]

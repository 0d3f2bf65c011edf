"""tf.lookup and tf.contrib.lookup: tables, what fills them, buckets, what is refused."""

import os
import tempfile

from goldens.kit import error, run, said, typed


def _file(text):
    handle, path = tempfile.mkstemp()
    os.write(handle, text)
    os.close(handle)
    return path


def _filled(tf, fetches):
    with tf.Session() as sess:
        sess.run(tf.tables_initializer())
        return sess.run(fetches)


def vocabulary(tf, np):
    table = tf.contrib.lookup.index_table_from_tensor(["emerson", "lake", "palmer"])
    back = tf.contrib.lookup.index_to_string_table_from_tensor(["emerson", "lake", "palmer"])
    words = tf.constant([["lake", "and"], ["palmer", "emerson"]])
    ids = table.lookup(words)
    made = [ids, back.lookup(ids), table.size(), back.size()]
    return _filled(tf, made) + [str(ids.shape), ids.dtype.name, table.name, back.name]


def buckets(tf, np):
    words = tf.constant(["a", "b", "qq", "rrr", "", "\xe4"])
    found = []
    for spec in (tf.contrib.lookup.FastHashSpec, tf.contrib.lookup.StrongHashSpec([3, 5])):
        table = tf.contrib.lookup.index_table_from_tensor(
            ["a", "b"], num_oov_buckets=5, hasher_spec=spec
        )
        found += [table.lookup(words), table.size()]
    only = tf.contrib.lookup.IdTableWithHashBuckets(None, 7)
    table = tf.lookup.StaticVocabularyTable(
        tf.lookup.KeyValueTensorInitializer(["a", "b"], [0, 1], tf.string, tf.int64), 3
    )
    found += [only.lookup(words), only.size(), table.lookup(words), table.size()]
    return _filled(tf, found) + [only.name, table.name]


def whole_numbers(tf, np):
    table = tf.contrib.lookup.index_table_from_tensor([10, 7, -3], dtype=tf.int64)
    other = tf.contrib.lookup.index_table_from_tensor(
        tf.constant([10, 7], tf.int32), num_oov_buckets=4, dtype=tf.int32
    )
    keys = [7, -3, 8, 10]
    made = [table.lookup(tf.constant(keys, tf.int64)), other.lookup(tf.constant(keys))]
    return _filled(tf, made) + [table.key_dtype.name, other.key_dtype.name]


def many_numbers(tf, np):
    keys = np.arange(0, 3000, 3)
    near = tf.contrib.lookup.HashTable(
        tf.contrib.lookup.KeyValueTensorInitializer(keys, keys * 0.5), -1.0
    )
    far = tf.contrib.lookup.HashTable(
        tf.contrib.lookup.KeyValueTensorInitializer(keys**5, np.int64(keys)), -1
    )
    asked = tf.constant(np.arange(-5, 3010))
    return _filled(tf, [near.lookup(asked), far.lookup(asked**5), far.lookup(asked)])


def sparse_keys(tf, np):
    words = tf.SparseTensor([[0, 0], [1, 2]], ["b", "x"], [2, 3])
    table = tf.contrib.lookup.index_table_from_tensor(["a", "b"])
    wide = tf.contrib.lookup.index_table_from_tensor(["a", "b"], num_oov_buckets=3)
    found = _filled(tf, [table.lookup(words), wide.lookup(words)])
    return [[np.asarray(part) for part in each] for each in found]


def from_files(tf, np):
    path = _file(b"a\nb\r\nc")
    words, places = tf.constant(["c", "b", "z"]), tf.constant([0, 2, 9], tf.int64)
    lookup = tf.contrib.lookup
    made = [
        lookup.index_table_from_file(path).lookup(words),
        lookup.index_table_from_file(path, vocab_size=2).lookup(words),
        lookup.index_table_from_file(path, num_oov_buckets=3).lookup(words),
        lookup.index_to_string_table_from_file(path).lookup(places),
        lookup.index_to_string_table_from_file(path, default_value="?").lookup(places),
        lookup.index_table_from_file(_file(b"5\n-7\n"), key_dtype=tf.int64).lookup(places),
    ]
    return _filled(tf, made)


def columns_of_files(tf, np):
    path = _file(b"a 1.5 7\nb -2 8\n")
    init = tf.lookup.TextFileInitializer
    words = tf.constant(["b", "z", "a"])
    made = [
        tf.lookup.StaticHashTable(init(path, tf.string, 0, tf.float32, 1, delimiter=" "), 0.5),
        tf.lookup.StaticHashTable(init(path, tf.string, 0, tf.int64, 2, delimiter=" "), -1),
        tf.lookup.StaticHashTable(init(path, tf.string, 0, tf.string, -2, delimiter=" "), "?"),
        tf.lookup.StaticHashTable(init(path, tf.string, 0, tf.int64, -1, delimiter=" "), -1),
    ]
    return _filled(tf, [table.lookup(words) for table in made])


def bad_files(tf, np):
    def filled(text, key_index=-2, value_index=-1, dtype=tf.int64, **kwargs):
        tf.reset_default_graph()
        init = tf.lookup.TextFileInitializer(_file(text), tf.string, key_index, dtype, value_index,
                                             **kwargs)  # fmt: skip
        table = tf.lookup.StaticHashTable(init, -1)
        return _filled(tf, table.size())

    return [
        said(lambda: filled(b"a\n\nb\n"), "Invalid content in", "empty line found at position 3."),
        said(lambda: filled(b"a\nb\na\n"), "HashTable has different value for same key. Key a has "
             "0 and trying to add value 2"),
        said(lambda: filled(b""), "Read less bytes than requested"),
        said(lambda: filled(b"a\nb\n", vocab_size=5), "Invalid vocab_size", "expected 5 but got 2"),
        said(lambda: filled(b"a\t1\nb\n", 0, 1), "line 1 (b) : expected 1 got 1"),
        said(lambda: filled(b"a\tx\n", 0, 1), "Field x in line 0 is not a valid int64."),
        said(lambda: filled(b"a\t1x\n", 0, 1, tf.float32), "Field 1x in line 0 is not a"),
    ]  # fmt: skip


def several_files(tf, np):
    """A table is filled from one file: what is no scalar is refused while building."""
    of = tf.lookup.TextFileInitializer(tf.constant(["a", "b"]), tf.string,
                                       tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64,
                                       tf.lookup.TextFileIndex.LINE_NUMBER)  # fmt: skip
    return said(lambda: tf.contrib.lookup.HashTable(of, -1), "must be rank 0 but is rank 1")


def no_file(tf, np):
    table = tf.contrib.lookup.index_table_from_file("/no/such/file")
    return said(lambda: _filled(tf, table.size()), "No such file")


def not_filled(tf, np):
    table = tf.contrib.lookup.index_table_from_tensor(["a"])
    found = table.lookup(tf.constant(["a"]))
    with tf.Session() as sess:
        return [
            said(lambda: sess.run(found), "Table not initialized."),
            sess.run(table.size()),
            sess.run(table.initializer),
            sess.run(found),
        ]


def filled_again(tf, np):
    keys, values = tf.placeholder(tf.string, [None]), tf.placeholder(tf.int64, [None])
    table = tf.contrib.lookup.HashTable(
        tf.contrib.lookup.KeyValueTensorInitializer(keys, values), -1
    )
    words = table.lookup(tf.constant(["a", "b"]))
    other = tf.contrib.lookup.index_table_from_tensor(["a", "b", "a"])
    with tf.Session() as sess:
        empty = said(lambda: sess.run(table.init, {keys: [], values: []}),
                     "keys and values cannot be empty tensors.")  # fmt: skip
        double = said(lambda: sess.run(other.initializer), "HashTable has different value for same "
                      "key. Key a has 0 and trying to add value 2")  # fmt: skip
        sess.run(table.init, {keys: ["a", "a"], values: [1, 1]})
        first = sess.run([words, table.size()])
        sess.run(table.init, {keys: ["b"], values: [2]})
        again = said(lambda: sess.run(table.init, {keys: ["b", "c"], values: [2, 3]}),
                     "Table was already initialized with different data.")  # fmt: skip
        return [empty, double, first, again, sess.run(words)]


def sessions(tf, np):
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    insert, found = table.insert(["a"], [4]), table.lookup(["a"])
    with tf.Session() as one, tf.Session() as other:
        one.run(insert)
        return [one.run(found), other.run(found)]


def exported(tf, np):
    table = tf.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer([3, 1, 2], ["c", "a", "b"]), "?"
    )
    keys, values = _filled(tf, table.export())
    order = np.argsort(keys)
    return [keys[order], values[order], table.default_value.dtype.name, table.name]


def changing(tf, np):
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    asked = table.lookup(tf.constant([["a", "b"], ["c", "a"]]))
    with tf.Session() as sess:
        found = [sess.run([table.size(), asked])]
        sess.run(table.insert(["a", "b", "a"], [1, 2, 3]))
        found.append(sess.run([table.size(), asked]))
        sess.run(table.remove(tf.constant(["a", "z"])))
        sess.run(table.insert(["c"], [9]))
        found.append(sess.run([table.size(), asked]))
        keys, values = sess.run(table.export())
        order = np.argsort(keys)
        found += [keys[order], values[order]]
        found.append(said(lambda: sess.run(table.insert(["a", "b"], [1])),
                          "Expected shape [2] for value, got [1]"))  # fmt: skip
    return found + [table.name, str(asked.shape), len(tf.get_collection("saveable_objects"))]


def of_tensors(tf, np):
    table = tf.contrib.lookup.MutableHashTable(tf.int64, tf.float32, [0.5, -0.5])
    asked = table.lookup(tf.placeholder_with_default(np.int64([[1, 5], [2, 1]]), [None, 2]))
    with tf.Session() as sess:
        before = sess.run(asked)
        sess.run(table.insert([1, 2], [[1.0, 2.0], [3.0, 4.0]]))
        return [
            before,
            sess.run(asked),
            sess.run(table.size()),
            str(asked.shape),
            said(lambda: sess.run(table.insert([1, 2], [1.0, 2.0])), "Expected shape [2,2] for"),
        ]  # fmt: skip


def dense(tf, np):
    make = tf.contrib.lookup.MutableDenseHashTable
    table = make(tf.int64, tf.int64, -1, empty_key=0, deleted_key=-1)
    wide = make(tf.int64, tf.int64, [-1, -2], empty_key=[0, 0], deleted_key=[-1, -1])
    with tf.Session() as sess:
        sess.run(table.insert([11, 12, 13], [1, 2, 3]))
        sess.run(table.remove(tf.constant([11], tf.int64)))
        sess.run(wide.insert([[11, 12], [1, 2]], [[1, 2], [5, 6]]))
        return [
            sess.run([table.lookup([11, 12, 13, 14]), table.size()]),
            sess.run([wide.lookup([[11, 12], [11, 13]]), wide.size()]),
            said(lambda: sess.run(table.insert([0], [1])), "Using the empty_key as a table key"),
            said(lambda: sess.run(table.lookup([-1])), "Using the deleted_key as a table key"),
            error(lambda: sess.run(make(tf.int64, tf.int64, 0, 0, -1, 5).size())),
        ]


def in_a_branch(tf, np):
    table = tf.contrib.lookup.MutableHashTable(tf.int64, tf.int64, -1)
    yes = tf.placeholder(tf.bool)
    one, two = tf.constant([1], tf.int64), tf.constant([2], tf.int64)

    def inserted():
        with tf.control_dependencies([table.insert(one, two)]):
            return table.lookup(one)

    found = tf.cond(yes, inserted, lambda: table.lookup(one) * 10)
    with tf.Session() as sess:
        return [sess.run(found, {yes: each}) for each in (False, True, False)]


def _names(tf):
    return [each for each in typed(tf) if not each[1].startswith("Select")]


def names(tf, np):
    table = tf.contrib.lookup.index_table_from_tensor(["a", "b"], num_oov_buckets=2)
    table.lookup(tf.constant(["x"]))
    table.size()
    tf.contrib.lookup.index_to_string_table_from_tensor(["a"]).lookup(tf.constant([1], tf.int64))
    other = tf.contrib.lookup.index_table_from_file("vocabulary.txt")
    other.lookup(tf.SparseTensor([[0]], ["a"], [1]))
    tf.tables_initializer()
    return _names(tf) + [
        [op.name for op in tf.get_collection(tf.GraphKeys.TABLE_INITIALIZERS)],
        [each.name for each in tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS)],
    ]


def names_of_changing(tf, np):
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    table.insert(["a"], [1])
    table.lookup(["a"])
    table.export()
    table.remove(tf.constant(["a"]))
    table.size()
    return _names(tf)


def former_names(tf, np):
    lookup = tf.contrib.lookup
    words, places = tf.constant(["b", "z"]), tf.constant([1, 5], tf.int64)
    made = [
        lookup.string_to_index(words, ["a", "b"]),
        lookup.index_to_string(places, ["a", "b"]),
        lookup.string_to_index_table_from_tensor(["a", "b"]).lookup(words),
        lookup.string_to_index_table_from_file(_file(b"a\nb\n")).lookup(words),
    ]
    return _filled(tf, made) + [tf.initialize_all_tables().name]


def refused(tf, np):
    lookup, init = tf.contrib.lookup, tf.lookup.TextFileInitializer
    pairs = tf.lookup.KeyValueTensorInitializer
    table = lookup.index_table_from_tensor(["a"])
    table_size = tf.placeholder(tf.string, [2])
    return [
        said(lambda: table.lookup(tf.constant([1])), "Signature mismatch. Keys must be dtype "
             "<dtype: 'string'>, got <dtype: 'int32'>."),
        said(lambda: lookup.index_table_from_tensor(None), "mapping must be specified."),
        said(lambda: lookup.index_table_from_tensor(["a"], -1), "num_oov_buckets must be greater"),
        said(lambda: lookup.index_table_from_tensor(["a"], dtype=tf.float32), "Only integer and"),
        said(lambda: lookup.index_table_from_tensor(["a"], dtype=tf.int64), "Expected integer"),
        said(lambda: lookup.index_table_from_tensor([1]), "Expected non-integer, got"),
        said(lambda: lookup.index_table_from_file(""), "vocabulary_file must be specified"),
        said(lambda: lookup.index_table_from_file("f", vocab_size=0), "vocab_size must be greater "
             "than 0, got 0. vocabulary_file: f"),
        said(lambda: lookup.StrongHashSpec([1]), "key must have size 2, got 1."),
        error(lambda: lookup.StrongHashSpec(["a", "b"])),
        said(lambda: lookup.IdTableWithHashBuckets(None, 0), "oov_buckets must be > 0"),
        said(lambda: tf.lookup.StaticVocabularyTable(None, 0), "oov_buckets must be > 0."),
        said(lambda: init("", tf.string, 0, tf.int64, 1), "Filename required for None."),
        said(lambda: init("f", tf.string, -3, tf.int64, 1), "Invalid key index -3."),
        said(lambda: init("f", tf.string, -1, tf.int64, 1), "Keys must be dtype"),
        said(lambda: init("f", tf.float32, -2, tf.int64, 1), "Keys must be integer or string"),
        said(lambda: init("f", tf.string, 0, tf.int64, -2), "Signature mismatch. Values must be"),
        said(lambda: init("f", tf.string, 0, tf.int64, 1, 0), "Invalid vocab_size 0."),
        error(lambda: tf.lookup.StaticHashTable(pairs(["a", "b"], [1]), 0)),
        error(lambda: tf.lookup.StaticHashTable(pairs([["a"]], [[1]]), 0)),
        error(lambda: tf.lookup.StaticHashTable(pairs(table_size, [1, 2]), "x")),
    ]  # fmt: skip


def tables_in_a_saver(tf, np):
    """A Saver keeps tables beside variables, by their names; and a table alone."""

    def built(first):
        tf.reset_default_graph()
        variable = tf.Variable(first, name="v")
        plain = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1, name="plain")
        dense = tf.contrib.lookup.MutableDenseHashTable(
            tf.int64, tf.float32, [0.0, 0.0], empty_key=-1, deleted_key=-2, name="dense"
        )
        return variable, plain, dense

    def looked_up(plain, dense):
        return plain.lookup(tf.constant(["a", "b"])), dense.lookup(tf.constant([5, 6], tf.int64))

    folder = tempfile.mkdtemp()
    variable, plain, dense = built(1.0)
    fill = [plain.insert(tf.constant(["a"]), tf.constant([3], tf.int64)),
            dense.insert(tf.constant([6], tf.int64), [[1.5, 2.5]])]  # fmt: skip
    with tf.Session() as session:
        session.run([variable.initializer, *fill])
        whole = tf.train.Saver().save(session, os.path.join(folder, "whole"))
        alone = tf.train.Saver([plain]).save(session, os.path.join(folder, "alone"))
    kept = [sorted(name for name, _ in tf.train.list_variables(path)) for path in (whole, alone)]
    variable, plain, dense = built(2.0)
    asked = [variable, *looked_up(plain, dense)]
    with tf.Session() as session:
        session.run(variable.initializer)
        tf.train.Saver([plain]).restore(session, alone)
        after_one = session.run(asked)
        tf.train.Saver().restore(session, whole)
        return [kept, after_one, session.run(asked)]


def tables_refused(tf, np):
    def size(make):
        return error(lambda: run(tf, make().size()))

    mutable, dense = tf.contrib.lookup.MutableHashTable, tf.contrib.lookup.MutableDenseHashTable
    return [
        size(lambda: mutable(tf.string, tf.int64, [[-1]])),
        size(lambda: mutable(tf.string, tf.int64, [-1, -2])),
        size(lambda: dense(tf.int64, tf.int64, -1, empty_key=4, deleted_key=4)),
        size(lambda: dense(tf.int64, tf.int64, -1, empty_key=4, deleted_key=5)),
    ]  # fmt: skip

"""Lookup tables: rows of integers, threads, what a table keeps."""
import threading

import numpy as np
import pytest

import minitf as tf
from minitf.ops.tables.integers import indexed


@pytest.fixture(autouse=True)
def own_graph():
    with tf.Graph().as_default():
        yield


@pytest.mark.parametrize("spread", [1, 3, 10_007, 2**40])
@pytest.mark.parametrize("count", [0, 1, 2, 500])
def test_integers_are_found_as_in_the_dictionary(spread, count):
    rng = np.random.default_rng(count)
    keys = np.unique(rng.integers(-200, 200, count)) * spread
    places = {int(key): row for row, key in enumerate(rng.permutation(keys))}
    asked = np.concatenate([keys, keys + 1, [0, -(2**62), 2**62]])
    assert indexed(places)(asked).tolist() == [places.get(int(key), -1) for key in asked]


def test_equal_hashes_find_their_places():
    keys = (np.arange(64) * 2**58).astype(np.int64)  # the product keeps the last bits only
    places = {int(key): row for row, key in enumerate(keys)}
    assert indexed(places)(keys).tolist() == [places[int(key)] for key in keys]


def test_a_removed_row_is_used_again():
    table = tf.contrib.lookup.MutableHashTable(tf.int64, tf.int64, -1)
    keys = tf.placeholder(tf.int64, [None])
    insert, remove, found = table.insert(keys, keys * 10), table.remove(keys), table.lookup(keys)
    with tf.Session() as sess:
        expected = {}
        rng = np.random.default_rng(0)
        for _ in range(30):
            new, old = rng.integers(0, 200, 40), rng.integers(0, 200, 30)
            sess.run(insert, {keys: new})
            sess.run(remove, {keys: old})
            expected |= {int(key): int(key) * 10 for key in new}
            expected = {key: value for key, value in expected.items() if key not in old}
            asked = rng.integers(-5, 205, 100)
            assert sess.run(found, {keys: asked}).tolist() == [expected.get(k, -1) for k in asked]
        assert sess.run(table.size()) == len(expected)
        assert dict(zip(*sess.run(table.export()))) == expected


def test_threads_insert_into_one_table():
    table = tf.contrib.lookup.MutableHashTable(tf.int64, tf.int64, -1)
    keys = tf.placeholder(tf.int64, [None])
    insert, found = table.insert(keys, keys), table.lookup(keys)
    with tf.Session() as sess:
        def fill(first):
            for start in range(first, 4000, 400):
                sess.run(insert, {keys: np.arange(start, start + 100)})

        threads = [threading.Thread(target=fill, args=(first,)) for first in (0, 100, 200, 300)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (sess.run(found, {keys: np.arange(4000)}) == np.arange(4000)).all()


def test_tables_of_one_file_are_one_table(tmp_path):
    path = tmp_path / "words"
    path.write_bytes(b"a\nb\n")
    first = tf.contrib.lookup.index_table_from_file(str(path))
    other = tf.contrib.lookup.index_table_from_file(str(path))
    with tf.Session() as sess:
        sess.run(first.initializer)
        assert sess.run(other.lookup(tf.constant(["b"]))) == [1]


def test_saveable_puts_back_what_it_kept():
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    (saveable,) = tf.get_collection(tf.GraphKeys.SAVEABLE_OBJECTS)
    assert [spec.name for spec in saveable.specs] == [f"{table.name}-keys", f"{table.name}-values"]
    with tf.Session() as sess:
        sess.run(table.insert(["a", "b"], [1, 2]))
        kept = [tf.constant(sess.run(spec.tensor)) for spec in saveable.specs]
        sess.run(table.insert(["a", "c"], [5, 6]))
        sess.run(saveable.restore(kept, None))
        assert sess.run(table.lookup(["a", "b", "c"])).tolist() == [1, 2, -1]


def test_the_error_names_the_table_and_the_line():
    table = tf.contrib.lookup.index_table_from_tensor(["a"])
    found = table.lookup(tf.constant(["a"]))
    with tf.Session() as sess, pytest.raises(
        tf.errors.FailedPreconditionError, match=r"Table not initialized\."
    ) as raised:
        sess.run(found)
    assert "built at test_tables.py" in str(raised.value)

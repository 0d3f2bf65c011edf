"""Streams of tokens: many at once are those one by one; what is read from files."""
import gzip
import random
import zlib

import numpy as np
import pytest

import minitf as tf
from minitf.core.tensor_shape import TensorShape
from minitf.data.kernels import batches, moves, shuffles, sources
from minitf.data.kernels.files import lines
from minitf.data.kernels.optimize import optimized
from minitf.data.kernels.stream import Rows, Run, Words, kept, many

TYPES, SHAPES = [tf.int64], [TensorShape([])]


def rows(count):
    return sources.Slices([np.arange(count) * 10], TYPES, SHAPES)


def chosen(rng, depth=3):
    """A dataset that only chooses among elements, of some others."""
    if depth == 0 or rng.random() < 0.2:
        return rows(rng.randrange(12))
    inner = chosen(rng, depth - 1)
    kind = rng.randrange(6)
    if kind == 0:
        return moves.Repeat(inner, rng.choice([0, 1, 2, 3]), TYPES, SHAPES)
    if kind == 1:
        return moves.Take(inner, rng.choice([0, 3, 50]), TYPES, SHAPES)
    if kind == 2:
        return moves.Skip(inner, rng.choice([0, 2, 50]), TYPES, SHAPES)
    if kind == 3:
        return moves.Shard(inner, 2, rng.randrange(2), TYPES, SHAPES)
    seeds = rng.randrange(9), rng.randrange(9) + 1
    if kind == 4:
        return shuffles.Shuffle(inner, rng.choice([1, 2, 5, 99]), seeds, rng.random() < 0.5, TYPES,
                                SHAPES)  # fmt: skip
    return shuffles.ShuffleAndRepeat(inner, rng.choice([1, 3, 99]), seeds, rng.choice([1, 2, 3]),
                                     TYPES, SHAPES)  # fmt: skip


def some(source, rng):
    """The tokens, taken in pieces of any size."""
    stream, found = source.stream(Run(), ()), []
    while True:
        wanted = rng.randrange(1, 9)
        tokens = list(many(stream, wanted))
        found += tokens
        if len(tokens) < wanted:
            return found


@pytest.mark.parametrize("seed", range(120))
def test_many_tokens_are_those_one_by_one(seed):
    rng = random.Random(seed)
    source = chosen(rng)
    assert source.quiet
    one_by_one = [token for token in source.stream(Run(), ())]
    assert some(source, rng) == one_by_one
    assert len(one_by_one) == source.cardinality()


@pytest.mark.parametrize("seed", range(20))
def test_a_shuffle_gives_each_element_once(seed):
    rng = random.Random(seed)
    count, size = rng.randrange(30), rng.randrange(1, 40)
    source = shuffles.Shuffle(rows(count), size, (seed, 1), True, TYPES, SHAPES)
    found = list(source.stream(Run(), ()))
    assert sorted(found) == list(range(count))
    assert all(token < place + size for place, token in enumerate(found))


def test_only_what_reshuffles_is_fused():
    for again, kind in ((True, shuffles.ShuffleAndRepeat), (False, moves.Repeat)):
        shuffle = shuffles.Shuffle(rows(3), 3, (1, 2), again, TYPES, SHAPES)
        inner = moves.Take(moves.Repeat(shuffle, 2, TYPES, SHAPES), 5, TYPES, SHAPES)
        made = optimized(batches.Batch(inner, 2, False, TYPES, SHAPES),
                         {"shuffle_and_repeat_fusion"})  # fmt: skip
        assert type(made.input.input) is kind
        assert type(inner.input) is moves.Repeat  # the dataset itself stays as it is


def test_words_are_a_sequence():
    one, other = Words(1, 2), Words(1, 2)
    found = [one() for _ in range(2500)]
    assert other.take(700) + [other() for _ in range(600)] + other.take(1200) == found


def test_rows_in_order_are_not_copied():
    column = np.arange(20).reshape(10, 2)
    form = Rows([column])
    (batch,) = form.stacked(range(2, 5))
    assert np.shares_memory(batch, column) and batch.tolist() == column[2:5].tolist()
    (batch,) = form.stacked([4, 1])
    assert batch.tolist() == [[8, 9], [2, 3]]


def test_what_may_change_is_copied():
    fixed = np.arange(4)
    fixed.flags.writeable = False
    assert kept(fixed) is fixed
    free = np.arange(4)
    for array in (free, free[1:], np.broadcast_to(free, (2, 4))):
        copy = kept(array)
        assert not np.shares_memory(copy, free) and copy.tolist() == array.tolist()
    column = kept(fixed.reshape(2, 2).T)
    assert column.flags.c_contiguous and column.tolist() == [[0, 2], [1, 3]]


def test_a_batch_of_shuffled_rows_takes_them_at_once():
    """No element is made for each row."""
    source = batches.Batch(shuffles.Shuffle(rows(1000), 1000, (1, 2), True, TYPES, SHAPES), 100,
                           False, TYPES, SHAPES)  # fmt: skip
    source.input.form.element = None
    found = [batch for (batch,) in source.stream(Run(), ())]
    assert sorted(np.concatenate(found).tolist()) == list(range(0, 10000, 10))


class Pieces:
    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def read(self, size):
        return self.pieces.pop(0) if self.pieces else b""


def test_lines_over_several_pieces():
    assert list(lines(Pieces(b"a\nb", b"c\n\nd\r", b"\ne"))) == [b"a", b"bc", b"", b"d", b"e"]
    assert list(lines(Pieces())) == []


@pytest.mark.parametrize("kind, pack", [("GZIP", gzip.compress), ("ZLIB", zlib.compress)])
def test_compressed_files(kind, pack, tmp_path):
    tf.reset_default_graph()
    path = tmp_path / "file"
    path.write_bytes(pack(b"one\ntwo\n" + b"x" * 300000))
    text = tf.data.TextLineDataset(str(path), kind)
    fixed = tf.data.FixedLengthRecordDataset(str(path), 4, 0, 300000, compression_type=kind)
    following = [data.make_one_shot_iterator().get_next() for data in (text, fixed)]
    with tf.Session() as sess:
        assert sess.run(following) == [b"one", b"one\n"]
        assert sess.run(following) == [b"two", b"two\n"]
        assert len(sess.run(following[0])) == 300000


def test_a_damaged_record_is_found_and_the_next_file_read(tmp_path):
    tf.reset_default_graph()
    paths = [str(tmp_path / name) for name in "ab"]
    for path in paths:
        with tf.python_io.TFRecordWriter(path) as writer:
            writer.write(b"first " * 30)
            writer.write(b"second")
    data = bytearray((tmp_path / "a").read_bytes())
    data[50] ^= 1
    (tmp_path / "a").write_bytes(bytes(data))
    following = tf.data.TFRecordDataset(paths).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        with pytest.raises(tf.errors.DataLossError, match="corrupted record"):
            sess.run(following)
        assert [sess.run(following)[:6] for _ in range(2)] == [b"first ", b"second"]


def test_a_cache_file_that_is_not_finished_is_not_used(tmp_path):
    tf.reset_default_graph()
    prefix = str(tmp_path / "deep" / "cache")
    data = tf.data.Dataset.range(4).cache(prefix)
    following = data.take(2).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        sess.run(following)
    del sess, following
    tf.reset_default_graph()
    following = tf.data.Dataset.range(4).cache(prefix).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        assert [int(sess.run(following)) for _ in range(4)] == [0, 1, 2, 3]


def test_rows_of_unequal_lengths_are_not_told_apart():
    rows = tf.data.Dataset.range(3).map(lambda x: tf.RaggedTensor.from_row_lengths([x], [1]))
    following = rows.apply(tf.data.experimental.unique()).make_initializable_iterator()
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="only supports"):
        sess.run(following.initializer)


@pytest.mark.parametrize("change", [
    lambda data: data.batch(2), lambda data: data.shuffle(1).batch(2),
    lambda data: data.cache().batch(2),
    lambda data: data.take(2).concatenate(data.skip(2)).batch(2),
    lambda data: data.window(2).flat_map(lambda rows: rows.batch(2)),
])  # fmt: skip
@pytest.mark.parametrize("source", [
    lambda rows: tf.data.Dataset.from_tensors(rows).apply(tf.data.experimental.unbatch()),
    tf.data.Dataset.from_tensor_slices,
])  # fmt: skip
def test_batches_of_rows_of_unequal_lengths(source, change):
    rows = tf.RaggedTensor.from_row_lengths(tf.range(6), [1, 2, 0, 3])
    following = tf.data.make_one_shot_iterator(change(source(rows))).get_next()
    with tf.Session() as sess:
        found = [sess.run(following).to_list() for _ in range(2)]
        assert found == [[[0], [1, 2]], [[], [3, 4, 5]]]

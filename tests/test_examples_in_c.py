"""Examples and records read in C: what NumPy's kernels read, and the same errors."""
import io
import random

import numpy as np
import pytest

import minitf as tf
from minitf.lib import records
from minitf.ops.io import examples
from minitf.ops.strings.text import filled
from minitf.runtime.checksum import framed
from minitf.runtime.quick import run

KINDS = [tf.int64, tf.float32, tf.string]
SHAPES = [(), (1,), (2, 3), (None,), (None, 2), (0,)]
pytestmark = pytest.mark.skipif(framed() is None, reason="there is no C compiler")


def feature(draw, dtype, count):
    if dtype is tf.int64:
        values = [draw.choice([0, 1, -1, 300, 2**62, -(2**63)]) for _ in range(count)]
        return tf.train.Feature(int64_list=tf.train.Int64List(value=values))
    if dtype is tf.float32:
        values = [draw.random() for _ in range(count)]
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))
    values = [draw.randbytes(draw.randrange(5)) for _ in range(count)]
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


def likely(draw, usual, odd):
    return odd() if draw.random() < 0.03 else usual


def count_of(draw, shape):
    block = int(np.prod(shape[1:] if shape[:1] == (None,) else shape))
    return block * draw.randrange(3) if shape[:1] == (None,) else block


def serialized(draw, columns, sparse):
    """An Example of the columns, which now and then lacks one or has it otherwise."""
    features = {"other": feature(draw, draw.choice(KINDS), 2)}
    for key, dtype, shape in columns:
        if draw.random() < 0.93:
            count = likely(draw, count_of(draw, shape), lambda: draw.randrange(4))
            kind = likely(draw, dtype, lambda: draw.choice(KINDS))
            features[key] = feature(draw, kind, count)
    for key, dtype in sparse:
        if draw.random() < 0.7:
            features[key] = feature(draw, dtype, draw.randrange(4))
    features = tf.train.Features(feature=features)
    made = tf.train.Example(features=features).SerializeToString()
    return likely(draw, made, lambda: made[: draw.randrange(len(made))])


def default(draw, dtype, shape):
    value = b"x" if dtype is tf.string else 7
    if shape[:1] == (None,):
        return np.array(value, dtype.as_numpy_dtype)
    shape = shape if draw.random() < 0.5 else (0,)
    return np.full(shape, value, dtype.as_numpy_dtype)


@pytest.mark.parametrize("seed", range(150))
def test_any_columns_of_any_examples(seed):
    draw = random.Random(seed)
    columns = [(f"d{i}", draw.choice(KINDS), draw.choice(SHAPES)) for i in range(draw.randrange(4))]
    sparse = [(f"s{i}", draw.choice(KINDS)) for i in range(draw.randrange(not columns, 3))]
    one = draw.random() < 0.4
    texts = [serialized(draw, columns, sparse) for _ in range(1 if one else draw.randrange(4))]
    found = examples.parse_single_example_op if one else examples.parse_example_op
    given = [filled(() if one else (len(texts),), texts)]
    given += [] if one else [np.array([], object)]
    given += [default(draw, dtype, shape) for _, dtype, shape in columns]
    attributes = {
        "num_sparse": len(sparse),
        "sparse_keys": [key for key, _ in sparse],
        "sparse_types": [dtype for _, dtype in sparse],
        "dense_keys": [key for key, *_ in columns],
        "dense_types": [dtype for _, dtype, _ in columns],
        "dense_shapes": [shape for *_, shape in columns],
    }
    try:
        wanted = found.kernel(np, *given, **attributes)
    except ValueError:  # NumPy's kernel is left to say so
        assert found.quick(run, *given, **attributes) is None
        return
    for in_c, in_numpy in zip(found.quick(run, *given, **attributes), wanted, strict=True):
        assert in_c.dtype == np.asarray(in_numpy).dtype
        np.testing.assert_array_equal(in_c, in_numpy)


def test_more_columns_than_a_kernel_has_arrays():
    keys = [f"k{i}" for i in range(100)]
    features = {key: feature(random.Random(i), tf.int64, 2) for i, key in enumerate(keys)}
    data = tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()
    found = tf.parse_example([data] * 3, {key: tf.FixedLenFeature([2], tf.int64) for key in keys})
    with tf.Session() as sess:
        found = sess.run(found)
    for key in keys:
        assert found[key].tolist() == [list(features[key].int64_list.value)] * 3


# -- records --------------------------------------------------------------------------------------

PIECES = [b"", b"a", b"b" * 100, b"c" * (1 << 19), *[b"%d" % i * 7 for i in range(50_000)]]


def read(content, framed):
    """What is read of a file, and how it ends."""
    found, end = [], ""
    try:
        found.extend(records.read(io.BytesIO(content), "name", framed))
    except tf.errors.DataLossError as error:
        end = error.message
    return found, end


def test_many_records_at_once():
    content = b"".join(map(records.framed, PIECES))
    assert read(content, framed()) == (PIECES, "")


@pytest.mark.parametrize("damage", ["length", "piece", "end", "head"])
def test_damaged_records_are_told_alike(damage):
    content = bytearray(b"".join(map(records.framed, PIECES[:2] + PIECES[4:9])))
    if damage in ("length", "piece"):
        content[{"length": 16 + 17 + 3, "piece": 16 + 17 + 12}[damage]] ^= 1
    else:
        content = content[: {"end": -3, "head": 16 + 17 + 5}[damage]]
    plain = read(bytes(content), None)
    assert plain[1] and read(bytes(content), framed()) == plain

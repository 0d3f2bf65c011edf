"""Kernels in Python that call C: what they give, and what NumPy's give, is the same."""
import numpy as np
import pytest

import minitf as tf
from minitf.runtime import quick

RANDOM = np.random.RandomState(0)
TEXTS = [RANDOM.bytes(size) for size in range(300)]


def fed(value, dtype=None):
    """The value, which the graph does not know."""
    array = np.array(value, dtype)
    tensor = tf.placeholder(tf.string if dtype is object else array.dtype, array.shape)
    tf.add_to_collection("fed", (tensor, array))
    return tensor


def texts(values):
    return fed(values, object)


def run(session, fetches):
    return session.run(fetches, dict(tf.get_collection("fed")))


def in_c_and_in_numpy(monkeypatch, fetches):
    found = []
    for jit in "10":
        monkeypatch.setenv("MINITF_JIT", jit)
        with tf.Session() as session:
            found.append(run(session, fetches))
    return found


def check_alike(monkeypatch, fetches):
    monkeypatch.setattr(quick, "run", counted := Counted())
    made, expected = in_c_and_in_numpy(monkeypatch, fetches)
    for ours, theirs in zip(made, expected):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    return counted.calls


class Counted:
    """The function that runs kernels, and how often it was called."""

    def __init__(self):
        self.run, self.calls = quick.run, 0

    def __call__(self, *arguments):
        self.calls += 1
        return self.run(*arguments)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64", "uint8", "float16"])
def test_segments(monkeypatch, dtype):
    data = fed(RANDOM.randint(0, 9, (60, 7)), dtype)
    ids = fed(np.sort(RANDOM.randint(0, 30, 60)), np.int32)
    ops = [tf.segment_sum, tf.segment_mean, tf.segment_max, tf.segment_min, tf.segment_prod]
    check_alike(monkeypatch, [op(data, ids) for op in ops])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sparse_segments(monkeypatch, dtype):
    data, picks = fed(RANDOM.randn(9, 5), dtype), fed(RANDOM.randint(0, 9, 60), np.int64)
    ids = fed(np.sort(RANDOM.randint(0, 30, 60)), np.int32)
    ops = [tf.sparse_segment_sum, tf.sparse_segment_mean, tf.sparse_segment_sqrt_n]
    plain = [op(data, picks, ids) for op in ops]
    counted = [op(data, picks, ids, num_segments=50) for op in ops]
    assert check_alike(monkeypatch, plain + counted) == 6


def test_strings(monkeypatch):
    given = texts(TEXTS)
    fetches = [
        tf.string_to_hash_bucket_fast(given, 2**60),
        tf.strings.length(given),
        tf.substr(given, fed([0] * 300), fed([5] * 300)),
        tf.substr(given[9:], -9, 3),
        tf.substr(given[9:], 4, -1),
        tf.decode_raw(given[16:17], tf.float16),
    ]
    for marks, skip in (("ab", True), ("", False), ("\x07e", False)):
        parts = tf.string_split(given, marks, skip_empty=skip)
        fetches += parts.indices, parts.values, parts.dense_shape
    assert check_alike(monkeypatch, fetches) == 12


NUMBERS = ["0", "-0", "1.5", "+2", "-3.25", "4.", "1e3", ".5", "12345678901234567", "0.1", " 7 "]


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
def test_real_numbers(monkeypatch, dtype):
    fetches = [tf.string_to_number(texts([each]), dtype) for each in NUMBERS]
    fetches += tf.decode_csv(texts(["1,2.5,x", "-1,0.1,yz", "3,+4,"]), [[0], [0.0], ["none"]])
    fetches += tf.decode_csv(texts(["1,2.5,x", "-1,0.1,yz"]), [[0], tf.zeros(1, dtype), ["none"]])
    assert check_alike(monkeypatch, fetches) == len(NUMBERS) + 1 + 4  # the first lines are odd


@pytest.mark.parametrize("text", ["", "-", "2147483648", "1.5", "9" * 30, "x", "1-"])
def test_odd_whole_numbers(monkeypatch, text):
    monkeypatch.setenv("MINITF_JIT", "1")
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError):
        run(session, tf.string_to_number(texts(["12", text]), tf.int32))


def test_lines_that_do_not_fit(monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "1")
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="Expect 2"):
        run(session, tf.decode_csv(texts(["1,2", "3"]), [[0], [0]]))
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="out of"):
        run(session, tf.substr(texts(["abc", "d"]), 2, 1))


def test_without_a_compiler(monkeypatch):
    def failing(kernel, *arrays):
        raise quick.NotCompiled

    monkeypatch.setattr(quick, "run", failing)
    made, expected = in_c_and_in_numpy(monkeypatch, tf.string_to_hash_bucket_fast(texts(TEXTS), 9))
    np.testing.assert_array_equal(made, expected)

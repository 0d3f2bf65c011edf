"""What fits in no run is refused in the run that shows it: shapes that no plan knew."""
import numpy as np
import pytest

import minitf as tf
from minitf.ops.linalg.products import mat_mul

ONE = np.ones
REFUSED = {
    "a vector as a matrix": (lambda a, b: mat_mul(a, b), ONE((3, 2)), ONE(2), "'b' must be a mat"),
    "a batch as a matrix": (lambda a, b: mat_mul(a, b), ONE((3, 2, 2)), ONE((2, 2)), "'a' must be"),
    "products of vectors": (tf.linalg.matmul, ONE((3, 2, 2)), ONE(2), "at least 2 dimensions"),
    "bias": (tf.nn.bias_add, ONE((2, 3)), ONE((1, 3)), "bias must be a vector"),
    "nothing beside a bias": (tf.nn.bias_add, ONE(3), ONE(3), "at least 2 axes"),
    "segments": (lambda a, b: tf.segment_sum(a, tf.cast(b, tf.int32)), ONE((3, 2)), ONE(2), "3"),
    "sums": (lambda a, b: tf.add_n([a, b]), ONE((3, 2)), ONE((1, 2)), "same shape"),
    "a range": (lambda a, b: tf.range(tf.cast(b, tf.int32)), ONE(1), ONE(1), "rank 0"),
    "a shape": (lambda a, b: tf.reshape(a, tf.cast(b, tf.int32)), ONE(1), ONE((1, 1)), "rank"),
}


@pytest.fixture(params=["0", "1"], ids=["numpy", "c"], autouse=True)
def compiled(request, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", request.param)


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused(name):
    build, a, b, what = REFUSED[name]
    tensors = [tf.py_func(lambda x: x, [value], tf.float64) for value in (a, b)]
    made = build(*tensors)
    with (
        tf.Session() as sess,
        pytest.raises(tf.errors.InvalidArgumentError, match=what) as raised,
    ):
        sess.run(made)
    assert raised.value.op.name.split("_")[0] in made.op.name


def test_what_fits_has_its_value():
    a, b = (tf.py_func(lambda x: x, [value], tf.float64) for value in (ONE((2, 3)), ONE((3, 4))))
    with tf.Session() as sess:
        np.testing.assert_array_equal(sess.run(tf.matmul(a, b)), 3 * ONE((2, 4)))
        assert "mat_mul(" in sess.source(tf.matmul(a, b)), "by the kernel, which asks its rule"


LATE = {
    "rows to search": (lambda a, b: tf.searchsorted(a, b), ONE((3, 4)), ONE((2, 2)), "equal"),
    "batches": (lambda a, b: tf.gather(a, tf.cast(b, tf.int32), batch_dims=1), ONE((4, 3)),
                ONE((3, 2)), "sizes differ"),
    "sparse parts": (lambda a, b: tf.sparse_concat(0, 2 * [tf.SparseTensor(
        tf.cast(a, tf.int64), b, [9, 9])]).values, ONE((4, 2)), ONE(5), "not compatible"),
}  # fmt: skip


@pytest.mark.parametrize("name", LATE)
def test_what_does_not_fit_is_refused_where_only_sizes_are_unknown(name):
    build, a, b, what = LATE[name]
    tensors = [tf.py_func(lambda x: x, [value], tf.float64) for value in (a, b)]
    for tensor, value in zip(tensors, (a, b)):
        tensor.set_shape([None] * value.ndim)
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match=what):
        sess.run(build(*tensors))

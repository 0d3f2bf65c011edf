"""The sum of sparse tensors in C: what NumPy's kernel gives, and where it has to be left to it."""
import numpy as np
import pytest

from minitf.ops.sparse.sums import sparse_add_op
from minitf.runtime.checksum import framed
from minitf.runtime.quick import run

pytestmark = pytest.mark.skipif(framed() is None, reason="there is no C compiler")


def sparse(random, shape, dtype, count):
    numbers = np.sort(random.permutation(int(np.prod(shape)))[:count])
    places = np.stack(np.unravel_index(numbers, shape), 1).astype(np.int64).reshape(-1, len(shape))
    return places, random.randint(-3, 4, len(numbers)).astype(dtype), np.array(shape, np.int64)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64"])
@pytest.mark.parametrize("shape", [(7,), (4, 5), (3, 2, 4)])
@pytest.mark.parametrize("least", [0, 2])
def test_merged_as_by_numpy(dtype, shape, least):
    random = np.random.RandomState(3)
    for counts in [(0, 0), (5, 0), (0, 4), (6, 7), (3, 7)]:
        parts = [part for count in counts for part in sparse(random, shape, dtype, count)]
        least = np.array(least, dtype)
        in_c = sparse_add_op.quick(run, *parts, least)
        for found, wanted in zip(in_c, sparse_add_op.kernel(np, *parts, least), strict=True):
            assert found.dtype == wanted.dtype
            np.testing.assert_array_equal(found, wanted)


def test_nan_of_both_is_left_out_as_by_numpy():
    places, shape = np.array([[0], [1]], np.int64), np.array([2], np.int64)
    values = np.array([np.nan, 1], np.float32)
    parts = places, values, shape, places, values, shape, np.float32(0)
    in_c, in_numpy = sparse_add_op.quick(run, *parts), sparse_add_op.kernel(np, *parts)
    np.testing.assert_array_equal(in_c[0], in_numpy[0])


@pytest.mark.parametrize("wrong", [[[1], [0]], [[0], [0]], [[0], [2]], [[-1], [0]]])
def test_places_that_are_out_of_order_or_outside_are_left_to_numpy(wrong):
    places, shape = np.array(wrong, np.int64), np.array([2], np.int64)
    good, values = np.array([[0], [1]], np.int64), np.ones(2, np.float32)
    for a, b in [(places, good), (good, places)]:
        parts = a, values, shape, b, values, shape, np.float32(0)
        assert sparse_add_op.quick(run, *parts) is None

"""Kernels of rows: softmax and its kin, the places of extremes, the best of many."""
import numpy as np
import pytest

from cuda_kernels.launching import check, expected, launches, on_device
from minitf.core.dtypes import int32, int64

FLOATS = pytest.mark.parametrize("floats", [np.float32, np.float64])
# Of each way to share rows among threads: parts of a warp, a warp, blocks, and in several pieces.
SHAPES = pytest.mark.parametrize("shape", [
    (5, 1), (3, 2), (130, 10), (9, 33), (2, 256), (2, 257), (2049, 300), (3, 4100), (2, 16500),
])  # fmt: skip


def normal(shape, dtype, key=0):
    return np.random.default_rng([*shape, key]).normal(size=shape).astype(dtype)


def precision(dtype):
    return 2e-5 if dtype == np.float32 else 1e-12


@FLOATS
@SHAPES
@pytest.mark.parametrize("op", ["Softmax", "LogSoftmax"])
def test_softmax(op, shape, floats):
    check(op, normal(shape, floats) * 5, tolerance=precision(floats))


def test_softmax_of_more_and_fewer_axes():
    for shape in ((7,), (2, 3, 5), (2, 1, 3, 4, 6), (0, 4), (2, 0, 4)):
        check("Softmax", normal(shape, np.float64))


ODD = [np.nan, np.inf, -np.inf, 0.0]


@pytest.mark.parametrize("length", [4, 300, 16500])
@pytest.mark.parametrize("op", ["Softmax", "LogSoftmax"])
def test_softmax_of_odd_numbers(op, length):
    x = normal((len(ODD) + 2, length), np.float64)
    for row, number in enumerate(ODD):
        x[row, length // 2] = number
    x[-2] = -np.inf
    x[-1, :-1] = -np.inf
    check(op, x)


@FLOATS
@SHAPES
def test_cross_entropy(shape, floats):
    labels = np.abs(normal(shape, floats, 1))
    labels /= labels.sum(1, keepdims=True)
    check("SoftmaxCrossEntropyWithLogits", normal(shape, floats), labels,
          tolerance=precision(floats) * 5)  # fmt: skip


@pytest.mark.parametrize("one, other", [((1, 5), (4, 5)), ((4, 5), (1, 5)), ((4, 5), (4, 1)),
                                        ((4, 1), (1, 5))])  # fmt: skip
def test_cross_entropy_broadcasts(one, other):
    features, labels = normal(one, np.float64), np.abs(normal(other, np.float64))
    want = [np.zeros(4), np.zeros((4, 5))]
    full = [np.ascontiguousarray(np.broadcast_to(value, (4, 5))) for value in (features, labels)]
    wide = on_device("SoftmaxCrossEntropyWithLogits", full, want)
    got = on_device("SoftmaxCrossEntropyWithLogits", [features, labels], want)
    np.testing.assert_array_equal(got[0], wide[0])
    np.testing.assert_array_equal(got[1], wide[1])


@FLOATS
@SHAPES
@pytest.mark.parametrize("whole", [np.int32, np.int64])
def test_sparse_cross_entropy(shape, floats, whole):
    labels = np.random.default_rng(1).integers(0, shape[1], shape[0]).astype(whole)
    check("SparseSoftmaxCrossEntropyWithLogits", normal(shape, floats), labels,
          tolerance=precision(floats))  # fmt: skip


def test_a_label_that_is_no_class_makes_its_row_nan():
    x, labels = normal((4, 3), np.float32), np.int64([0, 3, -1, 2])
    loss, backprop = on_device("SparseSoftmaxCrossEntropyWithLogits", [x, labels],
                               [np.zeros(4, np.float32), x])  # fmt: skip
    assert np.isnan(loss).tolist() == [False, True, True, False]
    assert np.isnan(backprop).all(1).tolist() == [False, True, True, False]
    assert np.isfinite(backprop[[0, 3]]).all()


@pytest.mark.parametrize("length", [5, 600, 17000])
@pytest.mark.parametrize("op", ["Softmax", "LogSoftmax"])
def test_softmax_in_place(op, length):
    """The output may be the input's own memory: no thread reads what another has written."""
    x = normal((3, length), np.float64)
    for seed in range(3):
        (got,) = on_device(op, [x], seed=seed, in_place=True)
        np.testing.assert_allclose(got, expected(op, [x])[0], rtol=1e-12)


# -- extremes -------------------------------------------------------------------------------------

LINES = pytest.mark.parametrize("shape, axis", [
    ((5,), 0), ((6, 10), 1), ((10, 6), 0), ((3, 700), 1), ((2, 5000), 1), ((100, 3), 0),
    ((2, 7, 300), 1), ((2, 3, 4, 5, 6), 2), ((2, 3, 4, 5, 6), -5), ((0, 3), 1), ((4, 1), 1),
])  # fmt: skip


@LINES
@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.uint8])
@pytest.mark.parametrize("op", ["ArgMax", "ArgMin"])
def test_places_of_extremes(op, shape, axis, dtype):
    x = np.random.default_rng(shape).integers(0, 5, shape).astype(dtype)  # many are equal
    check(op, x, np.int32(axis), output_type=int64 if dtype == np.float32 else int32)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("op", ["ArgMax", "ArgMin"])
def test_places_of_odd_extremes(op, axis):
    x = np.random.default_rng(2).choice([np.nan, np.inf, -np.inf, 0, 1], (40, 90))
    x[0], x[1], x[2] = np.nan, np.inf, -np.inf
    x[3, :30] = 0
    check(op, x, np.int32(axis), output_type=int64)
    check(op, x.T.copy()[:, :5].copy(), np.int32(axis), output_type=int64)


@pytest.mark.parametrize("shape, k", [((3, 5), 2), ((4, 5), 5), ((2, 2, 40), 7), ((2, 300), 64),
                                      ((7,), 1), ((0, 3), 2), ((3, 4), 0)])  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_the_best_of_many(shape, k, dtype):
    x = np.random.default_rng(shape).integers(0, 9, shape).astype(dtype)
    check("TopKV2", x, np.int32(k), sorted=True)


def test_the_best_of_odd_numbers():
    x = np.random.default_rng(2).choice([np.nan, np.inf, -np.inf, 0, 1], (20, 40))
    check("TopKV2", x, np.int32(30), sorted=True)


@pytest.mark.parametrize("classes", [1, 3, 40, 600])
@pytest.mark.parametrize("whole", [np.int32, np.int64])
def test_in_top_k(classes, whole):
    random = np.random.default_rng(classes)
    x = random.integers(0, 9, (50, classes)).astype(np.float32)
    x[3, 0], x[4, 0], x[5, -1] = np.nan, np.inf, -np.inf
    targets = random.integers(-1, classes + 1, 50).astype(whole)
    for k in (0, 1, 3):
        check("InTopKV2", x, targets, np.int64(k))


# -- running sums ---------------------------------------------------------------------------------


@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("shape, axis", [((5,), 0), ((3, 7), 1), ((3, 7), 0), ((2, 1000), 1),
                                         ((300, 3), 0), ((70, 40), 0), ((0, 3), 0), ((0, 3), 1),
                                         ((2, 3, 4, 5), -2)])  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_running_sums(shape, axis, exclusive, reverse, dtype):
    x = np.random.default_rng(shape).integers(-5, 6, shape).astype(dtype)
    check("Cumsum", x, np.int32(axis), exclusive=exclusive, reverse=reverse)
    factors = np.random.default_rng(shape).choice([1.0, -1.0, 2.0, 0.5], shape).astype(np.float32)
    check("Cumprod", factors, np.int32(axis), exclusive=exclusive, reverse=reverse)


# -- logic ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape, axes", [((3, 4), [1]), ((3, 4), [0]), ((3, 4), [0, 1]), ((), []),
                                         ((2, 3, 4), [-2, -1]), ((2, 3, 4), [1]), ((2, 700), [1]),
                                         ((3, 0), [1]), ((0, 3), [1]), ((3,), [])])  # fmt: skip
@pytest.mark.parametrize("op", ["All", "Any"])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.95, 1.0])
def test_all_and_any(op, shape, axes, share):
    x = np.random.default_rng(shape).random(shape) < share
    for keep in (False, True):
        check(op, np.asarray(x), np.int32(axes), keep_dims=keep)


def test_axes_apart_are_left_to_the_kernel():
    x = np.ones((2, 3, 4), bool)
    assert launches("All", [x, np.int32([0, 2])], [x[0, :, 0]], keep_dims=False) is None


# -- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("op, inputs, attrs", [
    ("Softmax", lambda n: [normal((n, 10), np.float32)], {}),
    ("SparseSoftmaxCrossEntropyWithLogits",
     lambda n: [normal((n, 10), np.float32), np.zeros(n, np.int64)], {}),
    ("ArgMax", lambda n: [normal((n, 10), np.float32), np.int32(1)], {"output_type": int64}),
    ("GatherV2", lambda n: [normal((20, 8), np.float32), np.zeros(n, np.int32), np.int32(0)],
     {"batch_dims": 0}),
    ("UnsortedSegmentSum",
     lambda n: [normal((n, 8), np.float32), np.zeros(n, np.int32), np.int32(20)], {}),
    ("ConcatV2", lambda n: [normal((n, 8), np.float32)] * 2 + [np.int32(1)], {}),
    ("Pad", lambda n: [normal((n, 8, 3), np.float32), np.int32([[0, 0], [1, 1], [0, 0]])], {}),
])  # fmt: skip
def test_one_text_for_every_batch(op, inputs, attrs):
    texts = set()
    for batch in (32, 48, 100):
        given = inputs(batch)
        made = launches(op, given, expected(op, given, **attrs), **attrs)
        texts.add(tuple(launch.source for launch in made))
    assert len(texts) == 1

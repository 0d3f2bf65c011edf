"""Kernels that add up, or set, where indices say: in order, and atomic where there are many."""
import numpy as np
import pytest

from cuda_kernels.launching import check, expected, launches, on_device
from minitf.core.cuda import threads as cuda

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.int64])
ONE_BY_ONE = ("Add", "Sub", "Mul", "Div", "Min", "Max", "Update")


def numbers(shape, dtype=np.float64, key=0):
    """Not 0, and few enough that sums are exact."""
    values = np.random.default_rng([*shape, key]).integers(1, 20, shape)
    return values.astype(dtype)


def picks(limit, shape, whole=np.int32):
    return np.random.default_rng(7).integers(0, limit, shape).astype(whole)


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
@pytest.mark.parametrize("op", ONE_BY_ONE)
def test_rows_of_a_variable(op, dtype):
    for shape, count in (((6,), (40,)), ((6, 3), (2, 9)), ((5, 40), (7,)), ((4, 2, 3), ()),
                         ((3, 2500), (4,)), ((6, 3), (0,)), ((6, 0), (3,))):  # fmt: skip
        updates = numbers((*count, *shape[1:]), dtype, key=1)
        check(f"Scatter{op}", numbers(shape, dtype), picks(shape[0], count), updates)


@pytest.mark.parametrize("op", ONE_BY_ONE)
def test_one_update_for_all_rows(op):
    check(f"Scatter{op}", numbers((6, 3)), np.int64([5, 0, 5]), np.array(3.0))
    check(f"Scatter{op}", numbers((6, 3)), np.array(2, np.int32), np.array(3.0))


@pytest.mark.parametrize("dtype", [np.float64, np.int32])
@pytest.mark.parametrize("op", ["Add", "Sub", "Update"])
def test_parts_of_a_variable(op, dtype):
    for shape, count, depth in (((4, 3), (30,), 2), ((4, 3), (9,), 1), ((2, 3, 4, 5), (3, 2), 3),
                                ((4, 3), (), 2)):  # fmt: skip
        places = np.stack([picks(n, count) for n in shape[:depth]], -1)
        updates = numbers((*count, *shape[depth:]), dtype, key=1)
        check(f"ScatterNd{op}", numbers(shape, dtype), places, updates)


def test_the_place_that_is_everything_is_left_to_the_kernel():
    places = np.zeros((2, 0), np.int32)
    ref, updates = numbers((3,)), numbers((2, 3))
    assert launches("ScatterNdAdd", [ref, places, updates], [ref], use_locking=False) is None
    whole = [places, updates, np.int32([3])]
    assert launches("ScatterNd", whole, [ref]) is None


def test_integers_divided_by_zero_are_zero():
    ref = np.int32([7, -7, 8])
    got = on_device("ScatterDiv", [ref, np.int32([0, 1, 2]), np.int32([2, 2, 0])], [ref])
    np.testing.assert_array_equal(got, [[3, -3, 0]])


def test_extremes_of_odd_numbers():
    ref, odd = np.zeros(4), np.array([np.nan, np.inf, -np.inf, 0.0])
    for op in ("Min", "Max"):
        check(f"Scatter{op}", ref, np.int32([0, 1, 2, 3]), odd)


@pytest.mark.parametrize("op", ONE_BY_ONE)
def test_an_index_outside_changes_nothing(op):
    ref, updates = numbers((4, 2)), numbers((5, 2), key=1)
    outside = np.int64([1, 4, -1, 2**40 + 2, 2])
    (got,) = on_device(f"Scatter{op}", [ref, outside, updates], [ref])
    (want,) = expected(f"Scatter{op}", [ref, outside[[0, 4]], updates[[0, 4]]])
    np.testing.assert_array_equal(got, want)


# -- sums of rows ---------------------------------------------------------------------------------


@DTYPES
def test_sums_of_segments(dtype):
    for shape, ids, count in (((9, 3), (9,), 4), ((9,), (9,), 4), ((3, 4, 5), (3, 4), 2),
                              ((0, 3), (0,), 4), ((3, 2), (3,), 0), ((), (), 2),
                              ((5, 1100), (5,), 2)):  # fmt: skip
        ids = picks(max(count, 1), ids, np.int64)
        if count or not ids.size:
            check("UnsortedSegmentSum", numbers(shape, dtype), ids, np.int32(count))


def test_ids_that_are_no_segments_drop_their_rows():
    data = numbers((4, 2))
    (got,) = on_device("UnsortedSegmentSum", [data, np.int32([0, -1, 3, 0]), np.int32(3)],
                       [np.zeros((3, 2))])  # fmt: skip
    np.testing.assert_array_equal(got, [data[0] + data[3], [0, 0], [0, 0]])


@DTYPES
def test_scattered_sums(dtype):
    for shape, count, depth in (((4,), (9,), 1), ((4, 3), (30,), 2), ((4, 3), (5, 2), 1)):
        places = np.stack([picks(n, count) for n in shape[:depth]], -1)
        updates = numbers((*count, *shape[depth:]), dtype, key=1)
        check("ScatterNd", places, updates, np.int32(shape))


@DTYPES
def test_sums_of_very_many(dtype, monkeypatch):
    """Beyond the number that is put in order, sums are atomic."""
    monkeypatch.setattr(cuda, "ORDERED", 100)
    ids, data = picks(50, (300,)), numbers((300, 2), dtype, key=1)
    for op in ("ScatterAdd", "ScatterSub"):
        check(op, numbers((50, 2), dtype), ids, data)
        (launch,) = launches(op, [data, ids, data], [data])
        assert "atomicAdd" in launch.source
    check("UnsortedSegmentSum", data, ids, np.int32(50))


def test_updates_of_very_many_stay_in_order(monkeypatch):
    monkeypatch.setattr(cuda, "ORDERED", 100)
    check("ScatterUpdate", numbers((82,)), np.arange(165, dtype=np.int32) % 82, np.arange(165.0))


def test_sums_are_the_same_in_every_run():
    """Whatever the order in which the device runs its threads."""
    values = np.random.default_rng(1).normal(size=(300, 3)).astype(np.float32)
    ids = picks(5, (300,))
    runs = {on_device("UnsortedSegmentSum", [values, ids, np.int32(5)], seed=seed)[0].tobytes()
            for seed in range(4)}  # fmt: skip
    assert len(runs) == 1

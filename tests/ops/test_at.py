"""Updates at places that are named several times: on a GPU what NumPy's ufunc.at gives."""
import numpy as np
import pytest

from minitf.ops.array.at import apply_at

UFUNCS = ("add", "subtract", "multiply", "true_divide", "maximum", "minimum")


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("dtype", [np.float64, np.int64, np.float16])
@pytest.mark.parametrize("ufunc", UFUNCS)
@pytest.mark.parametrize("shape, depth", [((5,), 1), ((3, 4), 2), ((3, 4), 1), ((2, 3, 2), 2)])
def test_updates_follow_each_other(ufunc, dtype, shape, depth):
    import cupy as cp  # the stand-in

    if ufunc == "true_divide" and dtype == np.int64:
        pytest.skip("NumPy has no such update")
    random = np.random.default_rng(len(shape))
    places = tuple(random.integers(0, n, 9) for n in shape[:depth])
    array = random.integers(1, 5, shape).astype(dtype)
    updates = random.integers(1, 3, (9, *shape[depth:])).astype(dtype)
    want = array.copy()
    apply_at(np, ufunc, want, places, updates)
    got = cp.asarray(array)
    apply_at(cp, ufunc, got, tuple(map(cp.asarray, places)), cp.asarray(updates))
    np.testing.assert_allclose(got.get(), want, rtol=1e-2 if dtype == np.float16 else 1e-12)


def test_a_place_that_is_everything():
    array = np.zeros((2, 3))
    apply_at(np, "add", array, (), np.ones((4, 2, 3)))
    assert (array == 4).all()


@pytest.mark.usefixtures("gpu")
def test_no_updates_change_nothing():
    import cupy as cp

    array = cp.ones((3, 2))
    apply_at(cp, "multiply", array, (cp.zeros(0, np.int64),), cp.zeros((0, 2)))
    assert (array.get() == 1).all()

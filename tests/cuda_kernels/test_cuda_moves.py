"""Kernels that move elements: pads, joins, gathers, diagonals, casts, ..."""
import numpy as np
import pytest

from cuda_kernels.launching import check, launches, on_device
from minitf.core.dtypes import as_dtype
from minitf.core.op import REGISTRY

DTYPES = [np.float32, np.float64, np.int32, np.int64, np.bool_, np.float16, np.complex64, np.uint8]
every_dtype = pytest.mark.parametrize("dtype", DTYPES)


def numbers(shape, dtype=np.float32, key=0):
    values = np.random.default_rng([*shape, key]).integers(0, 100, shape)
    return (values % 2 if dtype == np.bool_ else values).astype(dtype)


# -- pads, tiles, rolls ---------------------------------------------------------------------------

PADDINGS = [
    ((), np.zeros((0, 2), np.int32)), ((3,), [[0, 0]]), ((3,), [[2, 1]]), ((0,), [[2, 1]]),
    ((2, 3), [[1, 0], [0, 2]]), ((2, 3, 4, 5), [[0, 0], [1, 1], [2, 0], [0, 0]]),
    ((2, 3, 4), [[0, 0], [1, 1], [0, 0]]), ((2, 0, 4), [[0, 0], [0, 0], [1, 1]]),
    ((2, 600), [[1, 1], [3, 3]]), ((2, 2, 2, 2, 2), [[1, 1]] * 5),
]  # fmt: skip


@pytest.mark.parametrize("shape, paddings", PADDINGS)
def test_pads(shape, paddings):
    check("Pad", numbers(shape), np.int32(paddings))
    check("PadV2", numbers(shape), np.int32(paddings), np.float32(7))


@every_dtype
def test_pads_of_every_type(dtype):
    check("Pad", numbers((3, 4), dtype), np.int32([[1, 2], [0, 1]]))
    check("PadV2", numbers((3, 4), dtype), np.int64([[1, 2], [0, 1]]), np.array(1, dtype))


MIRRORED = [
    ((5,), [[2, 1]]), ((5,), [[4, 4]]), ((3, 4), [[2, 2], [0, 0]]), ((3, 4), [[0, 2], [3, 1]]),
    ((2, 3, 4, 2), [[0, 0], [2, 1], [0, 3], [0, 0]]), ((3, 2, 2, 2, 3), [[1, 1]] * 5),
]  # fmt: skip


@pytest.mark.parametrize("mode", ["REFLECT", "SYMMETRIC"])
@pytest.mark.parametrize("shape, paddings", MIRRORED)
def test_mirrored_pads(shape, paddings, mode):
    check("MirrorPad", numbers(shape), np.int32(paddings), mode=mode)
    padded = [n + sum(pair) for n, pair in zip(shape, paddings)]
    check("MirrorPadGrad", numbers(padded), np.int32(paddings), mode=mode)


@pytest.mark.parametrize("shape, times", [
    ((), ()), ((3,), (4,)), ((2, 3), (1, 1)), ((2, 3), (2, 1)), ((2, 3, 4), (1, 3, 2)),
    ((2, 3), (0, 2)), ((1, 2, 1, 3, 2), (2, 1, 3, 1, 2)), ((1, 300), (5, 2)),
])  # fmt: skip
def test_tiles(shape, times):
    check("Tile", numbers(shape, np.int64), np.int32(times))


@pytest.mark.parametrize("shape, shift, axis", [
    ((5,), [2], [0]), ((5,), [-7], [0]), ((3, 4), [1, -1], [0, 1]), ((3, 4), [1, 2], [1, 1]),
    ((2, 3, 4), [1], [-2]), ((0, 3), [1], [0]), ((3, 4), [0], [1]),
])  # fmt: skip
def test_rolls(shape, shift, axis):
    check("Roll", numbers(shape), np.int32(shift), np.int32(axis))


def masks(**given):
    names = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    return dict.fromkeys(names, 0) | given


@pytest.mark.parametrize("shape, begin, end, strides, given", [
    ((5,), [1], [4], [1], {}), ((5,), [0], [5], [2], {}), ((5,), [4], [0], [-2], {}),
    ((5,), [3], [1], [1], {}), ((5,), [0], [0], [-1], dict(begin_mask=1, end_mask=1)),
    ((4, 6), [1, 2], [3, 6], [1, 2], {}), ((4, 6), [-1], [0], [1], dict(shrink_axis_mask=1)),
    ((4, 6, 3), [0, 1], [0, 3], [1, 1], dict(ellipsis_mask=1)),
    ((4, 6, 3), [0, 2, 0], [0, 3, 0], [1, 1, 1], dict(ellipsis_mask=4, new_axis_mask=1)),
    ((4, 6, 3), [1, 0, 0], [2, 0, 1], [1, 1, 1], dict(shrink_axis_mask=5, ellipsis_mask=2)),
    ((0, 3), [0], [0], [1], {}), ((2, 3, 4, 5, 6), [0, 1, 0, 2], [2, 2, 4, 5], [1, 1, 2, 2], {}),
])  # fmt: skip
def test_gradients_of_slices(shape, begin, end, strides, given):
    whole = np.zeros(shape, np.float32)
    parts = [np.int32(part) for part in (begin, end, strides)]
    taken = REGISTRY["StridedSlice"].kernel(np, whole, *parts, **masks(**given))
    dy = numbers(taken.shape) + np.float32(1)
    check("StridedSliceGrad", np.int32(shape), *parts, dy, **masks(**given))


# -- joins ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shapes, axis", [
    ([(2, 3), (2, 1)], 1), ([(2, 3), (4, 3)], 0), ([(2, 3), (0, 3), (1, 3)], 0),
    ([(2, 3, 4), (2, 5, 4), (2, 1, 4)], -2), ([(5,)] * 60, 0), ([(0, 3), (0, 2)], 1),
    ([(3, 700), (3, 1)], 1), ([(1, 2, 1, 2, 3), (1, 2, 4, 2, 3)], 2),
])  # fmt: skip
def test_joins(shapes, axis):
    parts = [numbers(shape, key=k) for k, shape in enumerate(shapes)]
    check("ConcatV2", *parts, np.int32(axis))


@every_dtype
def test_joins_of_every_type(dtype):
    parts = [numbers((2, 3), dtype, key) for key in range(3)]
    check("ConcatV2", *parts, np.int32(1))
    check("Pack", *parts, axis=1)


@pytest.mark.parametrize("shape, axis", [((), 0), ((3,), 0), ((3,), 1), ((2, 3), -1), ((2, 3), -3),
                                         ((0, 2), 1), ((2, 3, 4, 5), 2)])  # fmt: skip
def test_stacks(shape, axis):
    check("Pack", *(numbers(shape, key=k) for k in range(3)), axis=axis)


def test_too_many_parts_are_left_to_numpy():
    parts = [numbers((1,), key=k) for k in range(61)]
    assert launches("ConcatV2", [*parts, np.int32(0)], [numbers((61,))]) is None


# -- gathers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape, picks, axis, batch", [
    ((4, 3), (5,), 0, 0), ((4, 3), (2, 5), 1, 0), ((4,), (), 0, 0), ((4, 3), (0,), 0, 0),
    ((2, 4, 3), (2, 5), 1, 1), ((2, 4, 3), (2, 5), 2, 1), ((2, 3, 4, 2), (2, 3, 2), 2, 2),
    ((2, 3, 4, 2), (2, 3, 2), 3, -1), ((0, 3), (0,), 0, 0), ((4, 600), (7,), 0, 0),
    ((3, 4, 0), (5,), 1, 0), ((2, 3, 4, 5, 6), (2, 2), -3, 0), ((7, 1), (400,), 0, 0),
])  # fmt: skip
@pytest.mark.parametrize("whole", [np.int32, np.int64])
def test_gathers(shape, picks, axis, batch, whole):
    limit = shape[axis]
    picks = np.random.default_rng(1).integers(0, max(limit, 1), picks).astype(whole)
    check("GatherV2", numbers(shape), picks, np.int32(axis), batch_dims=batch)


def test_what_is_gathered_from_outside_is_zero():
    x, picks = numbers((4, 3)) + np.float32(1), np.int64([1, 4, -1, 2**40 + 1, 3])
    (got,) = on_device("GatherV2", [x, picks, np.int32(0)], [np.zeros((5, 3), np.float32)],
                       batch_dims=0)  # fmt: skip
    np.testing.assert_array_equal(got, [x[1], 0 * x[0], 0 * x[0], 0 * x[0], x[3]])
    places = np.int32([[1, 2], [1, 3], [-1, 0], [3, 0]])
    (got,) = on_device("GatherNd", [x, places], [np.zeros(4, np.float32)])
    np.testing.assert_array_equal(got, [x[1, 2], 0, 0, x[3, 0]])


@every_dtype
def test_gathers_of_every_type(dtype):
    check("GatherV2", numbers((4, 3), dtype), np.int32([3, 0]), np.int32(0), batch_dims=0)
    check("GatherNd", numbers((4, 3), dtype), np.int32([[3, 0], [1, 1]]))


@pytest.mark.parametrize("shape, count, depth", [
    ((4, 3), (5,), 2), ((4, 3), (5,), 1), ((4, 3), (2, 2), 1), ((4, 3), (), 2), ((4, 3), (3,), 0),
    ((4, 3), (0,), 1), ((2, 3, 4, 5), (6,), 3), ((4, 0), (3,), 1),
])  # fmt: skip
def test_gathers_of_places(shape, count, depth):
    random = np.random.default_rng(3)
    places = np.stack([random.integers(0, max(n, 1), count) for n in shape[:depth]], -1) \
        if depth else np.zeros((*count, 0))  # fmt: skip
    check("GatherNd", numbers(shape), places.astype(np.int64))


@pytest.mark.parametrize("axis", [-1, 0, 1, 2])
@pytest.mark.parametrize("whole", [np.uint8, np.int32, np.int64])
@pytest.mark.parametrize("dtype", [np.float32, np.bool_])
def test_one_hot(axis, whole, dtype):
    indices = np.array([[0, 3, 9], [1, 2, 200]], whole)
    on, off = np.array(1, dtype), np.array(0, dtype)
    check("OneHot", indices, np.int32(4), on, off, axis=axis)
    check("OneHot", indices, np.int32(0), on, off, axis=axis)
    check("OneHot", indices[0, 1], np.int32(4), on, off, axis=0)


# -- filling, choosing, casting, diagonals --------------------------------------------------------


@every_dtype
def test_fills(dtype):
    for shape in ((), (3,), (2, 300), (0, 2)):
        check("Fill", np.int32(shape), np.array(1, dtype))
        check("ZerosLike", numbers(shape, dtype))


@pytest.mark.parametrize("conditions, shape", [((3,), (3,)), ((3,), (3, 4)), ((3, 4), (3, 4)),
                                               ((), ()), ((0,), (0, 4)), ((2,), (2, 3, 4, 5))])
def test_choices(conditions, shape):  # fmt: skip
    check("Select", numbers(conditions, np.bool_), numbers(shape), numbers(shape, key=1))


NUMERIC = [np.float32, np.float64, np.int32, np.int64, np.bool_]


@pytest.mark.parametrize("into", NUMERIC)
@pytest.mark.parametrize("dtype", NUMERIC)
def test_casts(dtype, into):
    values = numbers((3, 100), dtype)
    values[0, 0] = 0
    check("Cast", values, DstT=as_dtype(into), Truncate=False)
    if np.dtype(dtype).kind == "f":
        check("Cast", values[:1] / 8 - 3, DstT=as_dtype(into), Truncate=False)


def test_casts_of_odd_numbers_to_logic():
    odd = np.float32([np.nan, np.inf, 0.0, -0.0, 0.25])
    check("Cast", odd, DstT=as_dtype("bool"), Truncate=False)
    check("Cast", odd, DstT=as_dtype("float64"), Truncate=False)


def test_diagonals():
    for shape in ((3,), (2, 3), (0,)):
        check("Diag", numbers(shape))
        check("DiagPart", numbers(shape * 2))
        check("MatrixDiag", numbers(shape))
    for shape in ((3, 4), (4, 3), (2, 3, 3), (2, 3, 0)):
        check("MatrixDiagPart", numbers(shape))
        diagonal = numbers((*shape[:-2], min(shape[-2:])), key=1)
        check("MatrixSetDiag", numbers(shape), diagonal)


def test_several_values_keep_their_types():
    values = [numbers((2, 3)), numbers((4,), np.int64), numbers((), np.bool_), numbers((0,))]
    check("IdentityN", *values, T=[as_dtype(value.dtype) for value in values])

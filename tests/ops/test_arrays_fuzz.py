"""Indices, slices, axes and groups drawn at random: what NumPy gives, or the same refusal."""
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import minitf as tf

REFUSED = (ValueError, tf.errors.InvalidArgumentError)
sizes = st.integers(0, 4)
shapes = st.lists(sizes, min_size=1, max_size=3).map(tuple)
places = st.integers(-6, 6)
fuzz = settings(max_examples=40)


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def numbers(shape):
    return np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape)


def ran(build, *values):
    """What build() makes of the values, with shapes known and with shapes unknown."""
    found = []
    for known in (True, False):
        tf.reset_default_graph()
        feeds = {
            tf.placeholder(v.dtype, v.shape if known else [None] * v.ndim): v
            for v in map(np.asarray, values)
        }
        with tf.Session() as sess:
            found.append(sess.run(build(*feeds), feeds))
    return found


def same(build, reference, *values):
    """Both ways give what the reference gives; where it raises IndexError or ValueError they
    raise."""
    values = [np.array(value) for value in values]
    try:
        want = reference(*values)
    except (IndexError, ValueError):
        with pytest.raises(REFUSED):
            ran(build, *values)
        return
    for got in ran(build, *values):
        np.testing.assert_array_equal(got, want)
        assert np.shape(got) == np.shape(want)


# -- brackets -------------------------------------------------------------------------------------

bounds = st.one_of(st.none(), places)
steps = st.one_of(st.none(), st.integers(-3, 3).filter(bool))
slices = st.builds(slice, bounds, bounds, steps)
parts = st.one_of(slices, places, st.just(None), st.just(...))
keys = st.lists(parts, min_size=1, max_size=4).map(tuple)


def at_most_one_ellipsis(key):
    return sum(part is ... for part in key) <= 1


@given(shapes, keys.filter(at_most_one_ellipsis))
@fuzz
def test_brackets(shape, key):
    same(lambda x: x[key], lambda x: x[key], numbers(shape))


@given(shapes, keys.filter(at_most_one_ellipsis))
@fuzz
def test_gradients_of_brackets(shape, key):
    try:
        taken = numbers(shape)[key]
    except IndexError:
        assume(False)
    want = np.zeros(shape, np.float32)
    want[key] = taken
    same(lambda x: tf.gradients(x[key] ** 2 / 2, x)[0], lambda x: want, numbers(shape))


@given(shapes, keys.filter(at_most_one_ellipsis))
@fuzz
def test_assigning_to_brackets(shape, key):
    want = numbers(shape)
    try:
        value = -want[key] - 1
        want[key] = value
    except IndexError:
        assume(False)
    assume(want.size)
    tf.reset_default_graph()
    v = tf.Variable(numbers(shape))
    with tf.Session() as sess:
        sess.run(v.initializer)
        np.testing.assert_array_equal(sess.run(v[key].assign(value)), want)
        np.testing.assert_array_equal(sess.run(v), want)


@given(shapes, st.data())
@fuzz
def test_masks(shape, data):
    axis = data.draw(st.integers(0, len(shape) - 1))
    last = data.draw(st.integers(axis + 1, len(shape)))
    drawn = np.random.default_rng(len(shape)).random(shape[axis:last]) < 0.5
    key = (slice(None),) * axis + (drawn,)
    same(lambda x, m: tf.boolean_mask(x, m, axis=axis), lambda x, m: x[key], numbers(shape), drawn)


# -- gathering and scattering ---------------------------------------------------------------------


@pytest.mark.usefixtures("cpu")
@given(shapes, st.integers(-3, 2), st.lists(st.integers(-1, 4), max_size=4))
@fuzz
def test_gather(shape, axis, picks):
    def reference(x, i):
        if not -x.ndim <= axis < x.ndim or (i.size and not 0 <= i.min() <= i.max() < x.shape[axis]):
            raise IndexError
        return x[(slice(None),) * (axis % x.ndim) + (i,)]

    same(lambda x, i: tf.gather(x, i, axis=axis), reference, numbers(shape), np.int32(picks))


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 4), st.integers(0, 3), st.data())
@fuzz
def test_gather_in_batches(a, b, n, k, data):
    x = numbers((a, b, n, 2))
    picks = data.draw(st.lists(st.integers(0, n - 1), min_size=a * b * k, max_size=a * b * k))
    picks = np.int64(picks).reshape(a, b, k)
    want = np.take_along_axis(x, picks[..., None], 2)
    same(lambda x, i: tf.gather(x, i, axis=2, batch_dims=2), lambda x, i: want, x, picks)
    same(tf.batch_gather, lambda x, i: want, x, picks)
    same(lambda x, i: tf.gather_nd(x, i[..., None], batch_dims=2), lambda x, i: want, x, picks)


@pytest.mark.usefixtures("cpu")
@given(shapes, st.integers(0, 4), st.data())
@fuzz
def test_gather_and_scatter_by_places(shape, count, data):
    depth = data.draw(st.integers(1, len(shape)))
    rows = [[data.draw(st.integers(-1, n)) for n in shape[:depth]] for _ in range(count)]
    rows = np.int32(rows).reshape(count, depth)

    def checked(i):
        if i.size and ((i < 0) | (i >= shape[:depth])).any():
            raise IndexError
        return tuple(i.T)

    same(tf.gather_nd, lambda x, i: x[checked(i)], numbers(shape), rows)

    def scattered(i, u):
        out = np.zeros(shape, np.float32)
        np.add.at(out, checked(i), u)
        return out

    def into_zeros(i, u):
        if count and 0 in shape:
            raise ValueError  # there is nothing to update
        return scattered(i, u)

    updates = numbers((count, *shape[depth:])) + 1
    same(lambda i, u: tf.scatter_nd(i, u, shape), into_zeros, rows, updates)
    same(lambda i, u: tf.tensor_scatter_add(tf.zeros(shape), i, u), into_zeros, rows, updates)


# -- order and groups -----------------------------------------------------------------------------


@given(shapes, st.integers(-3, 2), st.sampled_from(["ASCENDING", "DESCENDING"]))
@fuzz
def test_sorts(shape, axis, direction):
    x = np.random.default_rng(sum(shape)).integers(0, 4, shape).astype(np.float32)
    sign = 1 if direction == "ASCENDING" else -1
    assume(-len(shape) <= axis < len(shape))
    same(lambda x: tf.sort(x, axis, direction), lambda x: sign * np.sort(sign * x, axis), x)
    same(lambda x: tf.argsort(x, axis, direction),
         lambda x: np.argsort(sign * x, axis, kind="stable"), x)  # fmt: skip


@given(st.lists(st.integers(0, 3), max_size=6), st.sampled_from(["left", "right"]))
@fuzz
def test_searches(values, side):
    assume(values)
    row = np.sort(np.int32(values))
    same(lambda s, v: tf.searchsorted(s, v, side), lambda s, v: np.searchsorted(s, v, side),
         row, np.int32([-1, 0, 2, 9]))  # fmt: skip


@given(st.lists(st.integers(0, 2), max_size=6))
@fuzz
def test_partitions_and_stitches(kinds):
    x, kinds = numbers((len(kinds), 2)), np.int32(kinds)

    def there_and_back(x, kinds):
        parts = tf.dynamic_partition(x, kinds, 3)
        places = tf.dynamic_partition(tf.range(tf.shape(kinds)[0]), kinds, 3)
        return tf.dynamic_stitch(places, parts)

    same(there_and_back, lambda x, kinds: x, x, kinds)


@pytest.mark.usefixtures("cpu")
@given(st.lists(st.integers(-1, 3), max_size=6),
       st.sampled_from(["sum", "prod", "max", "min"]))  # fmt: skip
@fuzz
def test_groups(ids, kind):
    x = np.random.default_rng(len(ids)).integers(-3, 4, (len(ids), 2)).astype(np.int32)
    least, most = -(2**31), 2**31 - 1
    start, ufunc = {"sum": (0, np.add), "prod": (1, np.multiply), "max": (least, np.maximum),
                    "min": (most, np.minimum)}[kind]  # fmt: skip

    def reference(x, i):
        if (i >= 3).any():
            raise IndexError
        out = np.full((3, 2), start, np.int32)
        ufunc.at(out, i[i >= 0], x[i >= 0])
        return out

    function = getattr(tf, f"unsorted_segment_{kind}")
    same(lambda x, i: function(x, i, 3), reference, x, np.int32(ids))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=4), st.integers(0, 3))
@fuzz
def test_repeats(times, all_alike):
    x = numbers((len(times), 2))
    same(lambda x, n: tf.repeat(x, n, axis=0), lambda x, n: np.repeat(x, n, axis=0), x,
         np.int32(times))  # fmt: skip
    same(lambda x: tf.repeat(x, all_alike), lambda x: np.repeat(x, all_alike), x)


@given(st.integers(1, 2), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2))
@fuzz
def test_blocks_there_and_back(batch, a, b, before):
    after = -(3 * b + before) % b
    x = numbers((batch, 2 * a, 3 * b, 1))
    pads = [[0, 0], [before, after]]
    same(lambda x: tf.batch_to_space_nd(tf.space_to_batch_nd(x, [a, b], pads), [a, b], pads),
         lambda x: x, x)  # fmt: skip
    same(lambda x: tf.depth_to_space(tf.space_to_depth(x, 2), 2), lambda x: x,
         numbers((batch, 2 * a, 2 * b, 3)))  # fmt: skip


@given(st.lists(st.integers(-3, 3), max_size=8))
@fuzz
def test_different_ones(values):
    def reference(x):
        return list(dict.fromkeys(x.tolist()))

    same(lambda x: tf.unique(x)[0], reference, np.int32(values))
    same(lambda x: tf.gather(*tf.unique(x)), lambda x: x, np.int32(values))
    same(lambda x: tf.unique_with_counts(x)[2],
         lambda x: [x.tolist().count(v) for v in reference(x)], np.int32(values))  # fmt: skip
    same(lambda x: tf.setdiff1d(x, [0, 1, 2])[0], lambda x: x[~np.isin(x, [0, 1, 2])],
         np.int32(values))  # fmt: skip


# -- sparse tensors -------------------------------------------------------------------------------


@given(st.integers(1, 3), st.integers(1, 4), st.integers(0, 2**12 - 1), st.integers(0, 2**12 - 1))
@fuzz
def test_sparse_arithmetic(rows, columns, one, other):
    def matrix(bits):
        shape = rows, columns
        mask = np.array([bits >> k & 1 for k in range(rows * columns)], np.float32)
        return (mask * (1 + np.arange(rows * columns))).reshape(shape)

    a, b = matrix(one), matrix(other)
    as_sparse = tf.sparse.from_dense
    dense = tf.sparse_tensor_to_dense
    same(lambda a, b: dense(tf.sparse_add(as_sparse(a), as_sparse(b))), lambda a, b: a + b, a, b)
    same(lambda a, b: dense(tf.sparse_maximum(as_sparse(a), as_sparse(b))), np.maximum, a, b)
    same(lambda a, b: dense(tf.sparse_concat(1, [as_sparse(a), as_sparse(b)])),
         lambda a, b: np.concatenate([a, b], 1), a, b)  # fmt: skip
    same(lambda a, b: tf.sparse_tensor_dense_matmul(as_sparse(a), b, adjoint_a=True),
         lambda a, b: a.T @ b, a, b)  # fmt: skip
    same(lambda a: tf.sparse_reduce_sum(as_sparse(a), 1), lambda a: a.sum(1), a)
    same(lambda a: dense(tf.sparse_transpose(as_sparse(a))), lambda a: a.T, a)
    same(lambda a: dense(tf.sparse_reshape(as_sparse(a), [-1])), lambda a: a.reshape(-1), a)
    same(lambda a: dense(tf.sparse_slice(as_sparse(a), [1, 0], [2, 2])), lambda a: a[1:3, :2], a)
    same(lambda a, b: dense(as_sparse(a) * b), lambda a, b: a * b, a, b)

"""Kernels in C that pick, add and shuffle: what NumPy's do, and the same complaints."""
import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.usefixtures("cpu")

TYPES = ["float32", "float64", "int32", "int64", "uint8", "float16"]
LEVELS = (tf.OptimizerOptions.ON_1, tf.OptimizerOptions.OFF)


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def sessions():
    """One in C, one in NumPy."""
    for level in LEVELS:
        options = tf.OptimizerOptions(global_jit_level=level)
        config = tf.ConfigProto(graph_options=tf.GraphOptions(optimizer_options=options))
        with tf.Session(config=config) as session:
            session.run(tf.global_variables_initializer())
            yield session


def both(fetch, feeds=None):
    in_c, in_numpy = (session.run(fetch, feeds) for session in sessions())
    np.testing.assert_allclose(in_c, in_numpy, rtol=1e-5, atol=1e-6)
    return in_c


def made(shape, dtype="float32"):
    return (np.random.default_rng(0).uniform(0, 9, shape)).astype(dtype)


PLACES = np.array([3, 0, 3, 2, 0, 3], np.int32)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(
    "change", ["update", "add", "sub", "mul", "min", "max", "nd_update", "nd_add", "nd_sub"]
)
def test_rows_of_a_variable(change, dtype):
    variable = tf.Variable(made((4, 5), dtype))
    places = PLACES[:, None] if change.startswith("nd") else PLACES
    both(getattr(tf, f"scatter_{change}")(variable, places, made((6, 5), dtype)))


def test_rows_of_a_variable_added_to_itself_are_those_from_before():
    variable = tf.Variable(made((4, 5)))
    got = both(tf.scatter_add(variable, [1, 2, 3, 0], variable))
    np.testing.assert_array_equal(got, made((4, 5)) + np.roll(made((4, 5)), 1, axis=0))


@pytest.mark.parametrize("kind", ["sum", "max", "min", "prod"])
@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_segments_in_any_order(kind, dtype):
    ids = tf.Variable([2, -1, 0, 2, 2, 0])
    both(getattr(tf, f"unsorted_segment_{kind}")(tf.Variable(made((6, 3), dtype)), ids, 4))


OUTSIDE = r"= 4 is not in|= \[4\] does not index into"  # numbers, and places of several numbers


@pytest.mark.parametrize("build", [
    lambda places: tf.gather(tf.Variable(made((4, 5))), places),
    lambda places: tf.gather(tf.Variable(made((2, 4))), places, axis=1),
    lambda places: tf.unsorted_segment_sum(tf.Variable(made((6, 5))), places, 4),
    lambda places: tf.scatter_nd(places[:, None], tf.Variable(made((6, 5))), [4, 5]),
    lambda places: tf.tensor_scatter_add(tf.ones([4, 5]), places[:, None], made((6, 5))),
    lambda places: tf.scatter_update(tf.Variable(made((4, 5))), places, made((6, 5))),
])  # fmt: skip
def test_an_index_outside_is_named_with_its_op(build):
    places = tf.placeholder(tf.int32, [6])
    fetch = build(places)
    for session in sessions():
        with pytest.raises(tf.errors.InvalidArgumentError, match=OUTSIDE) as caught:
            session.run(fetch, {places: [0, 1, 2, 3, 4, 0]})
        assert caught.value.op is fetch.op
        session.run(fetch, {places: PLACES})  # the next run has nothing of it


def test_an_index_outside_changes_nothing():
    variable = tf.Variable(made((4, 5)))
    change = tf.scatter_add(variable, tf.constant([0, 4], tf.int32), made((2, 5)))
    for session in sessions():
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run(change)
        np.testing.assert_array_equal(session.run(variable), made((4, 5)))


@pytest.mark.parametrize("dtype", [*TYPES, "bool", "complex64", "complex128"])
def test_columns_of_indices_and_turned_tables(dtype):
    table, places = tf.placeholder(dtype, [4, 6]), tf.placeholder(tf.int64, [3, 2])
    fetch = tf.gather(tf.transpose(table), places[:, 1])
    both(fetch, {table: made((4, 6), dtype), places: [[0, 5], [0, 2], [0, 2]]})


@pytest.mark.parametrize("axis, batch", [(0, 0), (1, 0), (2, 0), (1, 1), (2, 1), (2, 2)])
def test_slices_along_any_axis(axis, batch):
    places = np.random.default_rng(0).integers(0, 3, (*(4, 5)[:batch], 2))
    both(tf.gather(tf.Variable(made((4, 5, 3))), places, axis=axis, batch_dims=batch))


@pytest.mark.parametrize("shape", [(1,), (2,), (9, 3), (1001,), (5, 2, 2)])
def test_shuffled_rows(shape):
    both(tf.random_shuffle(tf.Variable(made(shape)), seed=3))


@pytest.mark.parametrize("axes", [(0, 1), (1,), (1, 2), (-3, -2), (0, 2)])
@pytest.mark.parametrize("shape", [(3, 4, 5, 2), (2, 9, 30, 70), (2, 200, 3, 5)])
def test_sums_over_axes_in_the_middle(shape, axes):
    x = tf.Variable(made(shape))
    both(tf.reduce_mean(x, axes))
    both(tf.reduce_sum(tf.Variable(made(shape, "int32")), axes))


@pytest.mark.parametrize("dtype", [*TYPES, "bool", "complex64"])
@pytest.mark.parametrize("along, across", [(1, 0), (0, 1), (2, 0), (0, 3), (3, 1), (1, 3)])
def test_reversed_sequences(along, across, dtype):
    x, sizes = made((4, 5, 3, 6), dtype), (4, 5, 3, 6)
    ends = np.random.default_rng(0).integers(0, sizes[along] + 1, sizes[across])
    got = both(tf.reverse_sequence(tf.Variable(x), ends, along, across))
    for k, end in enumerate(ends):
        row, wanted = np.moveaxis(got, across, 0)[k], np.moveaxis(x, across, 0)[k].copy()
        axis = along - (along > across)
        wanted, row = np.moveaxis(wanted, axis, 0), np.moveaxis(row, axis, 0)
        np.testing.assert_array_equal(row, [*wanted[:end][::-1], *wanted[end:]])


@pytest.mark.parametrize("wrong, told", [(6, r"seq_lens\(1\) > input.dims\(2\)"),
                                         (-1, r"seq_lens\(1\) < 0")])  # fmt: skip
def test_lengths_of_sequences_that_cannot_be(wrong, told):
    ends = tf.placeholder(tf.int32, [3])
    fetch = tf.reverse_sequence(tf.Variable(made((3, 2, 5))), ends, 2)
    for session in sessions():
        with pytest.raises(tf.errors.InvalidArgumentError, match=told):
            session.run(fetch, {ends: [5, wrong, 0]})


@pytest.mark.parametrize("exponent", [-2, -1, -0.5, 0, 0.5, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_powers_with_a_known_exponent(exponent, dtype):
    ends = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-30, -1e-30, 3e15, -3e15, 1e300, -1, 0.3]
    with np.errstate(all="ignore"):
        x = np.r_[ends, made(500) - 4].astype(dtype)
        expected = x ** np.array(exponent, dtype)
    got = both(tf.pow(tf.Variable(x), np.array(exponent, dtype)))
    np.testing.assert_allclose(got, expected, 4e-7 if dtype == "float32" else 1e-15)
    np.testing.assert_array_equal(np.signbit(got[:2]), np.signbit(expected[:2]))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "uint8", "int64"])
@pytest.mark.parametrize("size", [1, 3, 20, 70, 200])
def test_the_first_k(size, dtype):
    """NaN first, of equals the one that stands first; -0 is 0."""
    x = np.round(np.random.default_rng(0).normal(size=(50, size)) * 9).astype(dtype)
    if x.dtype.kind == "f":
        x[::7, ::5], x[1::7, ::3], x[2::7, ::4] = -np.nan, -0.0, np.inf
        x[3::7, ::2] = np.nan
    else:
        x[::5, ::3], x[::7, ::2] = np.iinfo(x.dtype).min, np.iinfo(x.dtype).max

    def falling(row):
        return sorted(range(size), key=lambda i: (row[i] == row[i], -row[i].item(), i))

    order = np.array(list(map(falling, x)))
    for k in {1, min(3, size), size // 2, size} - {0}:
        np.testing.assert_array_equal(both(tf.nn.top_k(tf.Variable(x), k)[1]), order[:, :k])


def test_the_least_of_narrow_rows():
    x = np.round(made((200, 7)))
    x[5, 3] = np.nan
    np.testing.assert_array_equal(both(tf.argmax(tf.Variable(x), 1)), np.argmax(x, 1))
    np.testing.assert_array_equal(both(tf.argmin(tf.Variable(x), 1)), np.argmin(x, 1))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "uint8"])
@pytest.mark.parametrize("shape", [(5, 7), (70, 9), (3, 130), (4, 6, 70), (2, 3, 4, 5), (200, 3)])
def test_the_least_along_any_axis(shape, dtype):
    x = np.round(made(shape)).astype(dtype)
    if x.dtype.kind == "f":
        x.flat[3 :: 7] = np.nan  # the first of which is found
    for axis in range(len(shape)):
        for function, numpys in (tf.argmax, np.argmax), (tf.argmin, np.argmin):
            got = both(function(tf.Variable(x), axis))
            np.testing.assert_array_equal(got, numpys(x, axis))


@pytest.mark.parametrize("classes", [1, 3, 10, 64, 65, 200])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_cross_entropy_with_the_numbers_of_classes(classes, dtype):
    logits = tf.placeholder(tf.float32, [300, classes])
    labels = tf.placeholder(dtype, [300])
    cost = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    feeds = {logits: made((300, classes)) * 9, labels: np.arange(300) % classes}
    feeds[logits][3, 0], feeds[logits][4, 0] = np.nan, np.inf
    for tensor in [cost, tf.gradients(cost, logits)[0]]:
        both(tensor, feeds)
    for session in sessions():
        wrong = {**feeds, labels: np.r_[np.zeros(299), classes]}
        with pytest.raises(tf.errors.InvalidArgumentError,
                           match=rf"label value of {classes} .* \[0, {classes}\)"):  # fmt: skip
            session.run(cost, wrong)


@pytest.mark.parametrize("classes", [1, 3, 10, 64, 65, 200])
def test_softmax_of_narrow_and_wide_rows(classes):
    logits = tf.Variable(made((300, classes)) * 9)
    both(tf.nn.softmax(logits))
    both(tf.nn.log_softmax(logits))
    labels = tf.nn.softmax(tf.Variable(made((300, classes))))
    both(tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits))


@pytest.mark.parametrize("method", range(4))
@pytest.mark.parametrize("align_corners", [False, True])
@pytest.mark.parametrize("size, to", [((7, 9), (13, 15)), ((20, 30), (7, 11)), ((60, 61), (6, 7))])
def test_resized_images(method, align_corners, size, to):
    for dtype in ("float32", "uint8"):
        images = tf.Variable(made((2, *size, 3), dtype) * 20)
        both(tf.image.resize_images(images, to, method, align_corners))
    if method != 3:
        images = tf.Variable(made((2, *size, 3)))
        resized = tf.image.resize_images(images, to, method, align_corners)
        both(tf.gradients(resized, images, tf.Variable(made((2, *to, 3))))[0])


def test_a_number_chooses_between_whole_arrays():
    condition = tf.placeholder(tf.bool, [])
    x, y = tf.Variable(made((600, 600, 3))), tf.Variable(made((600, 600, 3)) + 1)
    got = both(tf.where(condition, x, y), {condition: False})
    np.testing.assert_array_equal(got, made((600, 600, 3)) + 1)

"""Kernels in Python that call C: what they give, and what NumPy's give, is the same."""
import numpy as np
import pytest

import minitf as tf
from minitf.runtime import quick

pytestmark = pytest.mark.usefixtures("cpu")

RANDOM = np.random.RandomState(0)


@pytest.fixture(autouse=True)
def same_numbers_whatever_ran_before():
    RANDOM.seed(0)
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


def check_alike(monkeypatch, fetches, steps=4):
    """Returns how often C was called; floats may differ by so many steps."""
    monkeypatch.setattr(quick, "run", counted := Counted())
    made, expected = in_c_and_in_numpy(monkeypatch, fetches)
    for ours, theirs in zip(made, expected):
        assert ours.dtype == theirs.dtype
        if ours.dtype.kind == "f":
            step = steps * np.finfo(ours.dtype).eps
            np.testing.assert_allclose(ours, theirs, step, step / 4, equal_nan=True)
        else:
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
        tf.decode_raw(tf.stack([given[16]] * 2), tf.float16),
    ]
    for marks, skip in (("ab", True), ("", False), ("\x07e", False)):
        fetches += each_part(tf.string_split(given, marks, skip_empty=skip))
    assert check_alike(monkeypatch, fetches) == 10  # cuts into bytes find too little room at first


NUMBERS = ["0", "-0", "1.5", "+2", "-3.25", "4.", "1e3", ".5", "12345678901234567", "0.1", " 7 "]


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
def test_real_numbers(monkeypatch, dtype):
    fetches = [tf.string_to_number(texts([each]), dtype) for each in NUMBERS]
    fetches += tf.decode_csv(texts(["1,2.5,x", "-1,0.1,yz", "3,+4,"]), [[0], [0.0], ["none"]])
    fetches += tf.decode_csv(texts(["1,2.5,x", "-1,0.1,yz"]), [[0], tf.zeros(1, dtype), ["none"]])
    long = ["0.3333333333333333", "-123456789.123456789", "1e-7", "+2.5E+3", ".5", "1e400", "7."]
    fetches.append(tf.string_to_number(texts(long), dtype))
    fetches += tf.decode_csv(texts(long), [tf.zeros(1, dtype)])
    assert check_alike(monkeypatch, fetches) == len(NUMBERS) + 5  # the first lines need a default


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


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("threshold", [0.0, 0.3, 1.0])
def test_choosing_boxes(monkeypatch, dtype, threshold):
    corners = RANDOM.uniform(0, 1, (80, 4)).astype(dtype)
    corners[::9, 2] = corners[::9, 0]  # without an area
    corners[5] = np.nan
    boxes, scores = fed(corners), fed(RANDOM.randint(0, 9, 80), dtype)
    image = tf.image
    fetches = [
        image.non_max_suppression(boxes, scores, 30, threshold),
        image.non_max_suppression(boxes[1:9], scores[1:9], 30, threshold),
        image.non_max_suppression(boxes[:9], scores[:9], 30, threshold, score_threshold=4.0),
        image.non_max_suppression(boxes[:0], scores[:0], 30, threshold),
        *image.non_max_suppression_padded(boxes, scores, 90, threshold, 5.0, True),
    ]
    if dtype == "float32":  # the thresholds' type
        fetches += image.non_max_suppression_with_scores(boxes, scores, 30, threshold)
        several = boxes[None, :, None], tf.reshape(scores, [1, 40, 2])
        fetches += image.combined_non_max_suppression(several[0][:, :40], several[1], 9, 12)
    assert check_alike(monkeypatch, fetches) >= 5


@pytest.mark.parametrize("dtype", ["float32", "uint8", "int64", "float64"])
@pytest.mark.parametrize("method", ["bilinear", "nearest"])
@pytest.mark.parametrize("size", [(5, 7), (1, 1), (2, 1)])
def test_crops(monkeypatch, dtype, method, size):
    image = fed(RANDOM.randint(0, 99, (3, 8, 9, 2)), dtype)
    boxes = fed([*RANDOM.uniform(-0.2, 1.2, (6, 4)), [0, 0, 1, 1]], np.float32)
    which = fed([0, 1, 2, 2, 1, 0, 1], np.int32)
    crops = tf.image.crop_and_resize(image, boxes, which, size, method, extrapolation_value=-1.5)
    assert check_alike(monkeypatch, [crops]) == 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("merge", [False, True])
def test_paths(monkeypatch, dtype, merge):
    logits = fed(np.round(2 * RANDOM.randn(12, 5, 4), 1), dtype)
    lengths = fed([12, 0, 5, 12, 7], np.int32)
    fetches = []
    for width, count in ((1, 1), (3, 1), (20, 1)):
        found, scores = tf.nn.ctc_beam_search_decoder(logits, lengths, width, count, merge)
        fetches += *(part for each in found for part in each_part(each)), scores
    found, scores = tf.nn.ctc_beam_search_decoder(logits[:, 2:3], lengths[2:3], 9, 5, merge)
    fetches += *(part for each in found for part in each_part(each)), scores
    found, scores = tf.nn.ctc_greedy_decoder(logits, lengths, merge)
    fetches += *each_part(found[0]), scores
    assert check_alike(monkeypatch, fetches) >= 4


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("merge", [False, True])
def test_sums_over_paths(monkeypatch, dtype, merge):
    logits = fed(RANDOM.randn(12, 5, 4), dtype)
    lengths = fed([12, 0, 5, 12, 1], np.int32)
    rows = [[0, 0, 1, 2, 2, 2], [1], [1, 1, 0, 2], [2], [0, 1]]
    indices = [(b, k) for b, row in enumerate(rows) for k in range(len(row))]
    values = [label for row in rows for label in row]
    labels = tf.SparseTensor(fed(indices, np.int64), fed(values, np.int32), [5, 6])
    fetches = []
    for collapse in (False, True):
        loss = tf.nn.ctc_loss(labels, logits, lengths, collapse, merge, True)
        fetches += loss, tf.gradients(loss, logits)[0]
    assert check_alike(monkeypatch, fetches, steps=100) >= 2


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_drawn_numbers(monkeypatch, dtype):
    alpha = fed([[0.3, 1.0, 2.5], [1e-3, 40.0, 7.0]], dtype)
    rate = fed([0.0, 3.0, 9.9, 55.0], dtype)
    fetches = [
        tf.random_gamma([40], alpha, dtype=dtype, seed=3),
        tf.random_gamma([], alpha, dtype=dtype, seed=3),
        tf.random_poisson(rate, [50, 2], dtype, seed=4),
        tf.random_poisson(rate, [0], "int32", seed=4),
        tf.random_poisson(rate, [900], "int32", seed=4),
    ]
    assert check_alike(monkeypatch, fetches) == 4


def test_drawn_integers(monkeypatch):
    least, most = tf.int64.min, tf.int64.max
    fetches = [
        tf.random_uniform([4001], -3, 50, tf.int32, seed=5),
        tf.random_uniform([3, 7], tf.int32.min, tf.int32.max, tf.int32, seed=5),
        tf.random_uniform([9001], least, most, tf.int64, seed=5),
        tf.random_uniform([], 7, fed(9, np.int64), tf.int64, seed=5),
        tf.multinomial(fed(RANDOM.randn(6, 9)), 50, seed=5),
        tf.multinomial(fed([[0, -np.inf, np.nan, 0]], np.float32), 50, seed=5),
    ]
    assert check_alike(monkeypatch, fetches) == 6


def each_part(sparse):
    return sparse.indices, sparse.values, sparse.dense_shape


LINES = ['a,1,2.5,7', '"b,c",2,"0.1",-7', '"",3,NA,0', "d,,1e3,9", '"e\nf",4,.5,1',
         '"g""h",5,6,7', "i,NA,,8"]  # fmt: skip


@pytest.mark.parametrize("options", [{}, {"na_value": "NA"}, {"select_cols": [0, 2]}])
@pytest.mark.parametrize("count", [1, 2, 4, 5, 7])
def test_lines_of_values(monkeypatch, count, options):
    defaults = [["none"], [-1], [np.float32(0.5)], [np.int64(3)]]
    if "select_cols" in options:
        defaults = [defaults[column] for column in options["select_cols"]]
    lines = [line if "na_value" in options else line.replace("NA", "") for line in LINES[:count]]
    assert check_alike(monkeypatch, tf.decode_csv(texts(lines), defaults, **options))


@pytest.mark.parametrize("line, said", [
    ("1,2,3", "Expect 2 fields but have 3 in record 1"),
    ("1", "Expect 2 fields but have 1 in record 1"),
    ("1,x", "Field 1 in record 1 is not a valid int32: x"),
    ("1,", "Field 1 is required but missing"),
    ('1,"2', "Quoted field has to end with quote"),
    ('1,"2"3', "Quote inside a string has to be"),
    ("1,4000000000", "is not a valid int32"),
])  # fmt: skip
def test_lines_that_are_none(monkeypatch, line, said):
    monkeypatch.setenv("MINITF_JIT", "1")
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match=said):
        run(session, tf.decode_csv(texts(["5,6", line]), [[0], tf.zeros([0], tf.int32)]))


@pytest.mark.parametrize("dtype", ["int32", "uint8", "int64", "uint64"])
@pytest.mark.parametrize("count", [0, 1, 10, 3000])
def test_different_integers(monkeypatch, dtype, count):
    drawn = fed(RANDOM.randint(0, max(count // 2, 1), count), dtype)
    fetches = [*tf.unique(drawn), *tf.unique(drawn, tf.int64), *tf.unique_with_counts(drawn)]
    assert check_alike(monkeypatch, fetches) == 3


def of_unknown_length(values):
    """The same, whose length only the run knows."""
    return tf.boolean_mask(values, fed(np.ones(values.shape[0], bool)))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
def test_rows_are_added_up_where_only_the_run_knows_how_many(monkeypatch, dtype):
    rows = of_unknown_length(fed(RANDOM.randint(-9, 9, (20, 3)), dtype))
    ids = of_unknown_length(fed(RANDOM.randint(-1, 5, 20), "int32"))
    count = fed(5, "int32")
    fetches = [tf.unsorted_segment_sum(rows, ids, count),
               tf.unsorted_segment_sum(rows[:, 0], ids, count)]  # fmt: skip
    assert check_alike(monkeypatch, fetches) >= 2
    monkeypatch.setenv("MINITF_JIT", "1")
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="is not in"):
        run(session, tf.unsorted_segment_sum(rows, ids + 5, count))


def test_rows_of_variables_are_changed_where_only_the_run_knows_how_many(monkeypatch):
    table = tf.Variable(tf.ones([6, 2]))
    start = table.initializer
    rows = of_unknown_length(fed(RANDOM.randn(4, 2), "float32"))
    ids = of_unknown_length(fed([1, 3, 1, 5], "int64"))
    for scatter in (tf.scatter_add, tf.scatter_update, tf.scatter_mul, tf.scatter_max):
        found = []
        for jit in "10":
            monkeypatch.setenv("MINITF_JIT", jit)
            with tf.Session() as session:
                session.run(start)
                found.append(run(session, scatter(table, ids, rows)))
        np.testing.assert_allclose(*found, rtol=1e-6)
    monkeypatch.setenv("MINITF_JIT", "1")
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="is not in"):
        session.run(start)
        run(session, tf.scatter_add(table, ids + 1, rows))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("sizes", [(1, 1), (3, 1), (70, 2), (5, 2, 3), (2, 130, 4)])
def test_triangular_systems(monkeypatch, sizes, dtype):
    *lead, size, columns = sizes
    matrix = fed(RANDOM.randn(*lead, size, size) + 9 * np.eye(size), dtype)
    right = fed(RANDOM.randn(*lead, size, columns), dtype)
    fetches = [tf.matrix_triangular_solve(matrix, right, lower, adjoint)
               for lower in (True, False) for adjoint in (True, False)]  # fmt: skip
    assert check_alike(monkeypatch, fetches, 1000) >= 4
    monkeypatch.setenv("MINITF_JIT", "1")
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="invertible"):
        run(session, tf.matrix_triangular_solve(matrix * 0.0, right))


@pytest.mark.parametrize("size", [[7, 5], [1, 1], [1, 4]])
@pytest.mark.parametrize("method", ["bilinear", "nearest"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "uint8"])
def test_gradients_of_crops(monkeypatch, dtype, method, size):
    image = fed(RANDOM.rand(2, 13, 11, 3) * 9, dtype)
    boxes = fed(RANDOM.rand(6, 4) * 1.4 - 0.2, "float32")
    crops = tf.image.crop_and_resize(image, boxes, [0, 1, 1, 0, 1, 0], size, method)
    slopes = [slope for slope in tf.gradients(crops * crops, [image, boxes]) if slope is not None]
    assert check_alike(monkeypatch, slopes, 100)

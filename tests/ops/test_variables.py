"""tf.Variable, assignments and scattered updates."""

import numpy as np
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def _fresh_graph():
    tf.reset_default_graph()


@pytest.fixture
def sess():
    with tf.Session() as session:
        yield session


def initialised(sess):
    sess.run(tf.global_variables_initializer())


# -- making one -----------------------------------------------------------------------------------


def test_what_a_variable_is():
    w = tf.Variable(tf.zeros([3, 1]), name="W")
    assert repr(w) == "<tf.Variable 'W:0' shape=(3, 1) dtype=float32_ref>"
    assert (w.name, w.op.name, w.op.type) == ("W:0", "W", "VariableV2")
    assert (w.initializer.name, w.value().name) == ("W/Assign", "W/read:0")
    assert w.dtype == tf.float32._as_ref
    assert w.dtype.base_dtype is tf.float32
    assert w.shape.as_list() == w.get_shape().as_list() == [3, 1]
    assert w.graph is tf.get_default_graph()
    assert w.trainable and w.constraint is None and w.device == ""
    assert w.initial_value.name == "zeros:0"


def test_the_nodes_of_a_variable():
    tf.Variable(1.0)
    tf.Variable(lambda: 1.0, name="lazy")
    assert [(op.name, op.type) for op in tf.get_default_graph().get_operations()] == [
        ("Variable/initial_value", "Const"),
        ("Variable", "VariableV2"),
        ("Variable/Assign", "Assign"),
        ("Variable/read", "Identity"),
        ("lazy/Initializer/initial_value", "Const"),
        ("lazy", "VariableV2"),
        ("lazy/Assign", "Assign"),
        ("lazy/read", "Identity"),
    ]


def test_a_type_passed_as_trainable_works_as_in_tensorflow():
    w = tf.Variable([0.3], tf.float32)
    assert w.dtype.base_dtype is tf.float32
    assert tf.trainable_variables() == [w]


def test_collections():
    a = tf.Variable(1.0)
    b = tf.Variable(1.0, trainable=False)
    c = tf.Variable(1.0, collections=[tf.GraphKeys.LOCAL_VARIABLES, "mine"], name="c")
    assert tf.global_variables() == tf.all_variables() == [a, b]
    assert tf.trainable_variables() == [a, c]
    assert tf.local_variables() == tf.get_collection("mine") == [c]
    assert tf.trainable_variables("c") == [c]
    assert tf.model_variables() == tf.moving_average_variables() == []


def test_trainable_by_synchronization():
    read = tf.VariableSynchronization.ON_READ
    assert not tf.Variable(1.0, synchronization=read).trainable
    with pytest.raises(ValueError, match="Invalid variable synchronization mode: 9"):
        tf.Variable(1.0, synchronization=9)
    with pytest.raises(ValueError, match="Invalid variable aggregation mode: x"):
        tf.Variable(1.0, aggregation="x")


def test_initial_values_do_not_wait(sess):
    never = tf.placeholder(tf.float32, [], name="never")
    with tf.control_dependencies([never]):
        w = tf.Variable(lambda: tf.ones([2]))
        tf.Variable(2.0)
    initialised(sess)
    np.testing.assert_array_equal(sess.run(w), [1.0, 1.0])


def test_initial_values_from_other_variables_need_no_order(sess):
    a = tf.Variable(tf.random_normal([3]), name="a")
    b = tf.Variable(a * 2.0 + 1.0, name="b")
    c = tf.Variable(b.initialized_value() + a, name="c")
    initialised(sess)
    first, second, third = sess.run([a, b, c])
    np.testing.assert_allclose(second, first * 2 + 1, rtol=1e-6)
    np.testing.assert_allclose(third, second + first, rtol=1e-6)


def test_initialised_value_is_the_value_once_there_is_one(sess):
    w = tf.Variable(1.0)
    value = w.initialized_value()
    assert sess.run(value) == 1.0
    sess.run(w.assign(5.0))
    assert sess.run(value) == 5.0
    assert sess.run(tf.gradients(value * 3.0, w)[0]) == 3.0


def test_an_initial_value_behind_a_long_chain(sess):
    a = tf.Variable(1.0)
    value = a.value()
    for _ in range(3000):
        value = tf.identity(value)
    b = tf.Variable(value)
    initialised(sess)
    assert sess.run(b) == 1.0


def test_shapes_that_are_not_known(sess):
    size = tf.placeholder_with_default(np.float32([1, 2]), [None])
    w = tf.Variable(size, validate_shape=False)
    assert w.shape.ndims is None
    sess.run(w.initializer)
    np.testing.assert_array_equal(sess.run(w), [1, 2])
    sess.run(tf.assign(w, [1.0, 2.0, 3.0], validate_shape=False))
    np.testing.assert_array_equal(sess.run(w), [1, 2, 3])
    w.set_shape([None])
    assert w.shape.as_list() == w.value().shape.as_list() == [None]


@pytest.mark.parametrize(
    "make, kind, said",
    [
        (lambda: tf.Variable(), ValueError, "initial_value must be specified."),
        (
            lambda: tf.Variable(tf.placeholder(tf.float32, [None])),
            ValueError,
            r"initial_value must have a shape specified: Tensor\(.Placeholder:0., shape=\(\?,\)",
        ),
        (lambda: tf.Variable(1.0, collections="a"), ValueError, "must be a list, tuple, or set"),
        (lambda: tf.Variable(1.0, constraint=3), ValueError, "`constraint` argument must be"),
        (lambda: tf.Variable(1.0, name="a b"), ValueError, "'a b' is not a valid scope name"),
        (lambda: tf.Variable(1.0, variable_def=1), ValueError, "mutually exclusive"),
        (lambda: iter(tf.Variable([1.0])), TypeError, "'Variable' object is not iterable."),
        (
            lambda: tf.convert_to_tensor(tf.Variable(1.0), tf.int32),
            ValueError,
            "Incompatible type conversion requested to type 'int32' for variable of type "
            "'float32_ref'",
        ),
        (lambda: tf.Variable(1.0).set_shape([2]), ValueError, "must be equal rank"),
    ],
)
def test_refused(make, kind, said):
    with pytest.raises(kind, match=said):
        make()


# -- reading --------------------------------------------------------------------------------------


def test_operators_read(sess):
    w = tf.Variable([1.0, 2.0])
    results = [
        w + 1, 1 + w, w - 1, 1 - w, w * 2, 2 * w, w / 2, 2 / w, w // 2, w % 2, w**2, 2**w, -w,
        abs(w), w < 2, w <= 2, w > 1, w >= 1, w[0], w[:1], np.float32([1, 1]) + w,
    ]  # fmt: skip
    initialised(sess)
    v = np.float32([1, 2])
    wanted = [
        v + 1, 1 + v, v - 1, 1 - v, v * 2, 2 * v, v / 2, 2 / v, v // 2, v % 2, v**2, 2**v, -v,
        abs(v), v < 2, v <= 2, v > 1, v >= 1, v[0], v[:1], 1 + v,
    ]  # fmt: skip
    for ours, theirs in zip(sess.run(results), wanted):
        np.testing.assert_allclose(ours, theirs)
    assert (w == w) is True and (w == tf.Variable(1.0)) is False
    assert {w: 1}[w] == 1


def test_eval_and_load(sess):
    w = tf.Variable([1.0, 2.0])
    initialised(sess)
    before = tf.get_default_graph().version
    w.load([3.0, 4.0])
    w.load([5.0, 4.0], sess)
    np.testing.assert_array_equal(w.eval(), [5.0, 4.0])
    np.testing.assert_array_equal(w.eval(session=sess), [5.0, 4.0])
    assert tf.get_default_graph().version == before


def test_load_needs_a_session():
    with pytest.raises(ValueError, match="Either session argument should be provided or default"):
        tf.Variable(1.0).load(2.0)


def test_each_session_has_its_own_value():
    w = tf.Variable(1.0)
    init, add = tf.global_variables_initializer(), w.assign_add(1.0)
    with tf.Session() as one, tf.Session() as two:
        one.run(init)
        two.run(init)
        one.run(add)
        assert (one.run(w), two.run(w)) == (2.0, 1.0)


def test_a_read_after_a_write(sess):
    w = tf.Variable(1.0)
    added = w.assign_add(1.0)
    with tf.control_dependencies([added]):
        after = w.read_value()
    initialised(sess)
    assert sess.run([w.value() + 0.0, after]) == [1.0, 2.0]


def test_without_a_value(sess):
    w = tf.Variable([1.0], name="w")
    for fetch in (w, w + 1.0, w.assign_add([1.0]), tf.scatter_add(w, [0], [1.0])):
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value w"):
            sess.run(fetch)


def test_reports_of_what_has_no_value(sess):
    a, b = tf.Variable(1.0, name="a"), tf.Variable(1.0, name="b")
    report, of_one = tf.report_uninitialized_variables(), tf.report_uninitialized_variables([b])
    known, every = tf.is_variable_initialized(a), tf.assert_variables_initialized()
    sess.run(a.initializer)
    assert sess.run(report).tolist() == sess.run(of_one).tolist() == [b"b"]
    assert sess.run([known, b.is_initialized()]) == [True, False]
    with pytest.raises(tf.errors.FailedPreconditionError):
        sess.run(every)
    sess.run(b.initializer)
    assert sess.run(report).size == 0
    assert sess.run(every).tolist() == [0, 0]


def test_reports_without_variables(sess):
    assert sess.run(tf.report_uninitialized_variables()).size == 0
    assert tf.assert_variables_initialized() is None


def test_initializers_of_all():
    names = [
        tf.global_variables_initializer().name,
        tf.initialize_all_variables().name,
        tf.local_variables_initializer().name,
        tf.initialize_local_variables().name,
        tf.variables_initializer([], name="none").name,
        tf.initialize_variables([tf.Variable(1.0)]).name,
    ]
    assert names == ["init", "init_1", "init_2", "init_3", "none", "init_4"]


# -- writing --------------------------------------------------------------------------------------


def test_assignments(sess):
    w = tf.Variable([1.0, 2.0])
    initialised(sess)
    for write, value in [
        (w.assign([5.0, 6.0]), [5, 6]),
        (tf.assign(w, w * 2.0), [10, 12]),
        (w.assign_add([1.0, 1.0]), [11, 13]),
        (tf.assign_sub(w, [1.0, 2.0]), [10, 11]),
        (w.assign(w[::-1]), [11, 10]),
        (tf.assign_add(w.assign([1.0, 1.0]), [2.0, 3.0]), [3, 4]),
    ]:
        np.testing.assert_array_equal(sess.run(write), value)
        np.testing.assert_array_equal(sess.run(w), value)
    assert w.assign([1.0, 1.0], read_value=False).type == "Assign"
    assert w.assign_add([1.0, 1.0], read_value=False).type == "AssignAdd"
    assert w.assign_sub([1.0, 1.0], read_value=False).type == "AssignSub"


def test_strings(sess):
    w = tf.Variable(["a", "b"])
    initialised(sess)
    sess.run(w.assign(["c", "d"]))
    assert sess.run(w).tolist() == [b"c", b"d"]


def test_a_fetched_value_is_not_the_live_array(sess):
    w = tf.Variable([1.0, 2.0])
    initialised(sess)
    before, written = sess.run(w), sess.run(w.assign([3.0, 4.0]))
    sess.run(w.assign_add([1.0, 1.0]))
    assert (before.tolist(), written.tolist()) == ([1.0, 2.0], [3.0, 4.0])
    before[:] = 9.0
    assert sess.run(w).tolist() == [4.0, 5.0]


@pytest.mark.parametrize(
    "make, kind, said",
    [
        (lambda w: w.assign([1.0]), ValueError, "Dimension 0 in both shapes must be equal, but"),
        (lambda w: w.assign([[1.0]]), ValueError, "Shapes must be equal rank, but are 1 and 2"),
        (lambda w: w.assign_add(2.0), ValueError, "Shapes must be equal rank, but are 1 and 0"),
        (lambda w: w.assign("a"), TypeError, "Expected float32, got 'a'"),
        (lambda w: w.assign(tf.constant([1, 2])), TypeError, "does not match type float32"),
        (lambda w: tf.assign(w.value(), [1.0, 2.0]), TypeError, "requires l-value input"),
        (lambda w: w.scatter_sub(3), TypeError, "sparse_delta is not IndexedSlices: 3"),
        (lambda w: tf.scatter_add(w, [0, 1], [2.0]), ValueError, "Shapes are .2. and .1."),
        (lambda w: tf.scatter_add(w, [0.5], [2.0]), TypeError, "'indices' has DataType float32"),
        (lambda w: tf.scatter_nd_add(w, [[0, 1]], [2.0]), ValueError, "do not fit the shape"),
        (lambda w: tf.count_up_to(tf.Variable([1]), 3), ValueError, "rank 0 but is rank 1"),
    ],
)
def test_refused_writes(make, kind, said):
    w = tf.Variable([1.0, 2.0])
    with pytest.raises(kind, match=said):
        make(w)


def test_refused_writes_name_the_users_line():
    w = tf.Variable([1.0, 2.0])
    with pytest.raises(ValueError, match=r"built at test_variables\.py:\d+: w\.assign\(\[1\.0\]\)"):
        w.assign([1.0])


def test_shapes_are_checked_in_the_run_too(sess):
    w = tf.Variable([1.0, 2.0])
    x = tf.placeholder(tf.float32)
    write = w.assign(x)
    initialised(sess)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        sess.run(write, {x: [1.0, 2.0, 3.0]})
    assert sess.run(w).tolist() == [1.0, 2.0]


def test_count_up_to(sess):
    w = tf.Variable(2)
    count = w.count_up_to(4)
    initialised(sess)
    assert [sess.run(count), sess.run(count), sess.run(w)] == [2, 3, 4]
    with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 4"):
        sess.run(count)
    assert sess.run(w) == 4


SCATTERS = [
    (tf.scatter_update, "update", [[1, 1], [7, 8], [5, 6]]),
    (tf.scatter_add, "add", [[1, 1], [13, 15], [6, 7]]),
    (tf.scatter_sub, "sub", [[1, 1], [-11, -13], [-4, -5]]),
    (tf.scatter_mul, "mul", [[1, 1], [35, 48], [5, 6]]),
    (tf.scatter_div, "div", [[1, 1], [1 / 35, 1 / 48], [1 / 5, 1 / 6]]),
    (tf.scatter_min, "min", [[1, 1], [1, 1], [1, 1]]),
    (tf.scatter_max, "max", [[1, 1], [7, 8], [5, 6]]),
]


@pytest.mark.parametrize("scatter, method, wanted", SCATTERS)
def test_scatter_takes_every_row_that_stands_twice(sess, scatter, method, wanted):
    rows, values = [2, 1, 1], np.float32([[5, 6], [5, 6], [7, 8]])
    w, v = tf.Variable(tf.ones([3, 2])), tf.Variable(tf.ones([3, 2]))
    written = scatter(w, rows, values)
    slices = tf.IndexedSlices(tf.constant(values), tf.constant(rows))
    by_method = getattr(v, f"scatter_{method}")(slices)
    initialised(sess)
    np.testing.assert_allclose(sess.run(written), wanted, rtol=1e-6)
    np.testing.assert_allclose(sess.run(by_method), wanted, rtol=1e-6)
    np.testing.assert_allclose(sess.run(w), wanted, rtol=1e-6)


@pytest.mark.parametrize("scatter", [s for s, _, _ in SCATTERS])
def test_scatter_of_distinct_rows_and_of_a_scalar(sess, scatter):
    w = tf.Variable([[4.0], [6.0], [8.0]])
    one = tf.Variable([[4.0], [6.0], [8.0]])
    rows, spread = scatter(w, [[2], [0]], [[[2.0]], [[2.0]]]), scatter(one, [[2], [0]], 2.0)
    initialised(sess)
    np.testing.assert_array_equal(sess.run(rows), sess.run(spread))
    assert sess.run(w)[1, 0] == 6.0


@pytest.mark.usefixtures("cpu")
def test_integers_are_divided_towards_zero(sess):
    w = tf.Variable([-7, 7, 9])
    initialised(sess)
    assert sess.run(tf.scatter_div(w, [0, 1, 1], [2, -2, 2])).tolist() == [-3, -1, 9]
    with pytest.raises(tf.errors.InvalidArgumentError, match="division by zero"):
        sess.run(tf.scatter_div(w, [0], [0]))


@pytest.mark.usefixtures("cpu")
@pytest.mark.parametrize("index", [2, -1])
def test_rows_that_are_not_there(sess, index):
    w = tf.Variable([1.0, 2.0])
    initialised(sess)
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=rf"indices\[1\] = {index} is not in \[0, 2\)"
    ):
        sess.run(tf.scatter_add(w, [0, index], [1.0, 1.0]))
    assert sess.run(w).tolist() == [1.0, 2.0]


@pytest.mark.usefixtures("cpu")
def test_scatter_nd(sess):
    w = tf.Variable(tf.zeros([2, 2]))
    indices, rows = [[0, 1], [0, 1]], [[1], [1]]
    initialised(sess)
    assert sess.run(tf.scatter_nd_add(w, indices, [1.0, 2.0])).tolist() == [[0, 3], [0, 0]]
    assert sess.run(w.scatter_nd_sub(rows, tf.ones([2, 2]))).tolist() == [[0, 3], [-2, -2]]
    assert sess.run(w.scatter_nd_update([[1]], [[5.0, 6.0]])).tolist() == [[0, 3], [5, 6]]
    assert sess.run(w.scatter_nd_add(rows, tf.ones([2, 2]))).tolist() == [[0, 3], [7, 8]]
    assert sess.run(w.gather_nd([[1, 1]])).tolist() == [8]
    assert sess.run(w.sparse_read([1])).tolist() == [[7, 8]]
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[0\] = .*2"):
        sess.run(tf.scatter_nd_update(w, [[0, 2]], [1.0]))

"""Updates of rows as one loop in C: what NumPy's steps do, and where it is no such loop."""
import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.usefixtures("cpu")

LEVELS = (tf.OptimizerOptions.ON_1, tf.OptimizerOptions.OFF)
IDS = np.array([3, 0, 3, 2, 0, 3, 7], np.int32)
OPTIMIZERS = {
    "momentum": lambda train: train.MomentumOptimizer(0.1, 0.9),
    "Nesterov": lambda train: train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "Adagrad": lambda train: train.AdagradOptimizer(0.1),
    "Adadelta": lambda train: train.AdadeltaOptimizer(0.5),
    "RMSProp": lambda train: train.RMSPropOptimizer(0.1, momentum=0.5),
    "RMSProp, centred": lambda train: train.RMSPropOptimizer(0.1, centered=True),
    "Ftrl": lambda train: train.FtrlOptimizer(0.1, l1_regularization_strength=0.01),
    "Ftrl, other power": lambda train: train.FtrlOptimizer(0.1, -0.3),
    "Adam": lambda train: train.AdamOptimizer(0.1),
    "proximal": lambda train: train.ProximalAdagradOptimizer(0.1, 0.1, 0.01, 0.01),
}


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def made(*shape, dtype="float32"):
    return np.random.default_rng(0).uniform(-3, 3, shape).astype(dtype)


def runs(op, fetches, feeds=None, count=3):
    """What is there after some runs, and the listing, in C and in NumPy."""
    found = []
    for level in LEVELS:
        options = tf.OptimizerOptions(global_jit_level=level)
        config = tf.ConfigProto(graph_options=tf.GraphOptions(optimizer_options=options))
        with tf.Session(config=config) as session:
            session.run(tf.global_variables_initializer())
            for _ in range(count):
                session.run(op, feeds)
            found.append((session.run(fetches), session.source(op, feeds)))
    return found


def check(op, loops, feeds=None, count=3):
    """The same in both, with so many loops over rows."""
    (in_c, text), (in_numpy, _) = runs(op, tf.global_variables(), feeds, count)
    for a, b in zip(in_c, in_numpy):
        np.testing.assert_allclose(a, b, rtol=2e-6, atol=1e-6)
    assert text.count("each row once") == loops, text


def variable(ids):
    """Indices that are known in the run alone."""
    return tf.Variable(ids, trainable=False)


def loss_of(table, ids):
    rows = tf.nn.embedding_lookup(table, ids)
    return tf.reduce_sum(tf.square(rows) * np.arange(1, len(IDS) + 1).reshape(-1, 1))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("index", ["int32", "int64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_visits_each_row_once(name, index, dtype):
    table = tf.Variable(made(8, 5, dtype=dtype))
    check(OPTIMIZERS[name](tf.train).minimize(loss_of(table, variable(IDS.astype(index)))), 1)


@pytest.mark.parametrize("shape", [(8,), (8, 1), (8, 3, 2), (5000, 130)])
def test_rows_of_any_size_and_many_of_them(shape):
    table = tf.Variable(made(*shape))
    ids = np.random.default_rng(1).integers(0, shape[0], 3000).astype(np.int32)
    loss = tf.reduce_sum(tf.square(tf.gather(table, ids)))
    check(tf.train.AdagradOptimizer(0.001).minimize(loss), 1, count=2)


def test_indices_and_a_rate_that_are_fed():
    table, ids = tf.Variable(made(8, 5)), tf.placeholder(tf.int32, [None])
    rate = tf.placeholder(tf.float32, [])
    op = tf.train.MomentumOptimizer(rate, 0.9).minimize(loss_of(table, ids))
    check(op, 1, {ids: IDS, rate: 0.25})


def test_two_tables_by_the_same_indices():
    tables, ids = (tf.Variable(made(8, 5)), tf.Variable(made(8, 2))), variable(IDS)
    op = tf.train.AdagradOptimizer(0.1).minimize(sum(loss_of(table, ids) for table in tables))
    check(op, 1)  # which is called twice


def test_a_table_that_is_looked_up_twice():
    table = tf.Variable(made(8, 5))
    loss = loss_of(table, variable(IDS)) + loss_of(table, variable(IDS[::-1].copy()))
    check(tf.train.FtrlOptimizer(0.1).minimize(loss), 1)


@pytest.mark.parametrize("change", ["update", "add", "sub", "mul", "min", "max"])
def test_an_update_of_ones_own(change):
    table, other = tf.Variable(made(8, 5)), tf.Variable(made(8, 5) + 1)
    ids, _ = tf.unique(variable(IDS))
    rows = tf.tanh(tf.gather(table, ids)) * tf.gather(other, ids)
    check(getattr(tf, f"scatter_{change}")(table, ids, rows).op, 1)


def test_in_the_body_of_a_loop():
    table = tf.Variable(made(8, 5))
    ids, _ = tf.unique(variable(IDS))

    def body(i):
        with tf.control_dependencies([tf.scatter_sub(table, ids, tf.gather(table, ids) * 0.1)]):
            return i + 1

    (in_c, _), (in_numpy, _) = runs(tf.while_loop(lambda i: i < 4, body, [0]), table)
    np.testing.assert_allclose(in_c, in_numpy, rtol=2e-6)


def test_what_is_fetched_of_the_rows_keeps_them():
    table = tf.Variable(made(8, 5))
    ids, _ = tf.unique(variable(IDS))
    rows = tf.gather(table, ids) * 2
    change = tf.scatter_update(table, ids, rows)
    (in_c, _), (in_numpy, _) = runs([change, rows], table)
    np.testing.assert_allclose(in_c, in_numpy, rtol=2e-6)


def test_a_table_that_its_own_rows_are_computed_from_otherwise():
    table = tf.Variable(made(8, 5))
    ids, _ = tf.unique(variable(IDS))
    check(tf.scatter_sub(table, ids, tf.gather(table, ids) * tf.reduce_mean(table)).op, 1)
    one = tf.Variable(made(1))
    only, _ = tf.unique(variable([0, 0]))
    check(tf.scatter_sub(one, only, tf.gather(one, only) * one).op, 0)


def test_rows_are_taken_before_or_after_another_change():
    table = tf.Variable(made(8, 5))
    ids, _ = tf.unique(variable(IDS))
    early = tf.gather(table, ids) * 0.5
    with tf.control_dependencies([early, table.assign(table * 3)]):
        change = tf.scatter_sub(table, ids, early).op
    check(change, 0)
    with tf.control_dependencies([table.assign(table * 3)]):
        change = tf.scatter_sub(table, ids, tf.gather(table, ids) * 0.5).op
    check(change, 1)


def test_a_step_that_stands_between_two_updates():
    first, second = tf.Variable(made(8, 5)), tf.Variable(made(8, 5) + 1)
    ids, _ = tf.unique(variable(IDS))
    rows = tf.gather(first, ids) * tf.gather(second, ids)
    change = tf.scatter_sub(first, ids, rows)
    with tf.control_dependencies([change]):
        mean = tf.reduce_mean(change)
    check(tf.scatter_sub(second, ids, rows * mean).op, 0)


def test_a_sum_into_another_number_of_rows():
    table = tf.Variable(made(8, 5))
    ids, numbers = tf.unique(variable(IDS))
    rows = tf.unsorted_segment_sum(tf.constant(made(7, 5)), numbers, 4)
    check(tf.scatter_sub(table, ids, rows).op, 0)


def test_an_index_outside_changes_nothing():
    table, ids = tf.Variable(made(8, 5)), tf.placeholder(tf.int32, [None])
    kept, _ = tf.unique(ids)
    op = tf.scatter_sub(table, kept, tf.gather(table, kept) * 0.5).op
    options = tf.OptimizerOptions(global_jit_level=tf.OptimizerOptions.ON_1)
    config = tf.ConfigProto(graph_options=tf.GraphOptions(optimizer_options=options))
    with tf.Session(config=config) as session:
        session.run(tf.global_variables_initializer())
        for wrong in (8, -1):
            with pytest.raises(tf.errors.InvalidArgumentError, match=rf"\[1\] = {wrong} is not in"):
                session.run(op, {ids: [3, 3, wrong, 2]})
        np.testing.assert_array_equal(session.run(table), made(8, 5))


def test_what_is_not_a_number_stays_so():
    table = tf.Variable(np.array([[np.nan, -0.0, np.inf]] * 3, np.float32))
    ids, _ = tf.unique(variable([2, 0]))
    (in_c, _), (in_numpy, _) = runs(tf.scatter_max(table, ids, tf.gather(table, ids) * 2).op, table)
    np.testing.assert_array_equal(in_c, in_numpy)


@pytest.mark.parametrize("shape", [(0,), (2, 2)])
def test_indices_that_no_loop_can_number(shape):
    table, ids = tf.Variable(made(8, 5)), tf.placeholder(tf.int32, [None] * len(shape))
    kept, _ = tf.unique(tf.reshape(ids, [-1]))
    change = tf.scatter_sub(table, kept, tf.gather(table, kept) * 0.5)
    check(change.op, int(shape != (0,)), {ids: np.ones(shape, np.int32)})
    words = tf.constant(["a", "b", "a"])
    runs(tf.unique(words).idx, table)


def test_who_waits_for_one_update_reads_the_other_table_as_it_was():
    first, second = tf.Variable(made(8, 5)), tf.Variable(made(8, 5) + 1)
    ids, _ = tf.unique(variable(IDS))
    rows = tf.gather(first, ids) * tf.gather(second, ids)
    changed, op = tf.scatter_sub(first, ids, rows), tf.scatter_sub(second, ids, rows).op
    kept = tf.Variable(0.0)
    check(tf.group(op, kept.assign(tf.reduce_sum(changed * second))), 0, count=1)

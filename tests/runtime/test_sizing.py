"""Plans for the values of feeds that say sizes or choose branches."""
import numpy as np
import pytest

import minitf as tf
from minitf.runtime import sizing

pytestmark = pytest.mark.usefixtures("lowering")


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def signature(sess):
    """What the session keeps for the fetches that were run last."""
    return list(sess._signatures.items.values())[-1]


def sized_plans(sess):
    found = signature(sess).plans.items
    return [plan for key, plan in found.items() if len(key) == 2 and key[1]
            and isinstance(key[1][0], bytes)]  # fmt: skip


def test_values_that_come_again_make_a_plan_of_known_sizes():
    x, n = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.int32, [])
    y = tf.reduce_sum(tf.exp(tf.reshape(x, [n, -1])), 0)
    data = np.arange(6, dtype=np.float32)
    with tf.Session() as sess:
        for turn in range(5):
            found = sess.run(y, {x: data, n: 2})
            np.testing.assert_allclose(found, np.exp(data.reshape(2, -1)).sum(0), rtol=1e-5)
            assert len(sized_plans(sess)) == (turn >= sizing.REPEATS - 1)
        (plan,) = sized_plans(sess)
        assert all(value.static for value in plan.program.values)
        for rows in (3, 1, 2, 6, 2, 2, 3, 3, 3, 3):
            want = np.exp(data.reshape(rows, -1)).sum(0)
            np.testing.assert_allclose(sess.run(y, {x: data, n: rows}), want, rtol=1e-5)
        assert len(sized_plans(sess)) == 2


def test_a_fed_predicate_leaves_no_branch():
    x, training = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.bool, [])
    y = tf.layers.batch_normalization(x, training=training)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        y = tf.identity(y)
    mean = tf.global_variables()[2]
    data = np.arange(12, dtype=np.float32).reshape(4, 3)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        moved = np.zeros(3)
        for number in range(12):
            is_training = number % 6 < 4
            found = sess.run(y, {x: data, training: is_training})
            assert abs(found.mean()) < 1e-5 if is_training else abs(found.mean()) > 1
            if is_training:
                moved = 0.99 * moved + 0.01 * data.mean(0)
            np.testing.assert_allclose(sess.run(mean), moved, rtol=1e-5)
            sess.run(y, {x: data, training: False})
        source = sess.source(y, {x: data, training: False})
    assert "if " not in source


def test_an_index_that_changes_makes_no_plans():
    x, i = tf.constant(np.arange(100)), tf.placeholder(tf.int32, [])
    y = x[i : i + 3]
    with tf.Session() as sess:
        for start in range(40):
            assert sess.run(y, {i: start}).tolist() == [start, start + 1, start + 2]
        assert not sized_plans(sess)


def test_few_data_are_no_sizes():
    table, ids = tf.constant(np.eye(5)), tf.placeholder(tf.int32, [None])
    rows, where = tf.unique(ids)
    y = tf.unsorted_segment_sum(tf.gather(table, ids), where, tf.size(rows))
    with tf.Session() as sess:
        for _ in range(5):
            assert sess.run(y, {ids: [1, 3, 1]}).shape == (2, 5)
        assert not sized_plans(sess)


def test_plans_are_bounded():
    n = tf.placeholder(tf.int32, [])
    y = tf.ones([n])
    with tf.Session() as sess:
        for count in range(2 * sizing.MOST):
            for _ in range(sizing.REPEATS + 1):
                assert sess.run(y, {n: count}).shape == (count,)
        assert len(sized_plans(sess)) == sizing.MOST


def test_what_does_not_fit_is_refused_as_ever():
    x, n = tf.placeholder(tf.float32, [6]), tf.placeholder(tf.int32, [])
    y = tf.reshape(x, [n, 2])
    with tf.Session() as sess:
        for _ in range(5):
            with pytest.raises(tf.errors.InvalidArgumentError, match="Reshape"):
                sess.run(y, {x: np.zeros(6), n: 4})
        for _ in range(5):
            assert sess.run(y, {x: np.zeros(6), n: 3}).shape == (3, 2)


def test_what_does_not_fit_in_a_branch_that_is_not_taken_does_no_harm():
    x, n = tf.placeholder(tf.float32, [6]), tf.placeholder(tf.int32, [])
    y = tf.cond(tf.reduce_sum(x) > 0, lambda: tf.reshape(x, [n, 2]), lambda: tf.ones([n, 2]))
    with tf.Session() as sess:
        for _ in range(6):
            assert sess.run(y, {x: np.zeros(6), n: 4}).shape == (4, 2)
            with pytest.raises(tf.errors.InvalidArgumentError, match="Reshape"):
                sess.run(y, {x: np.ones(6), n: 4})


def test_a_size_that_is_fetched_and_changed_by_its_owner():
    """A plan keeps the value, not the array that was fed."""
    n = tf.placeholder(tf.int32, [2])
    fetches = [n, tf.zeros(n)]
    sizes = np.array([2, 3], np.int32)
    with tf.Session() as sess:
        for _ in range(4):
            found, zeros = sess.run(fetches, {n: sizes})
            assert zeros.shape == tuple(sizes)
            found[:] = 7
        sizes[:] = 1, 4
        found, zeros = sess.run(fetches, {n: sizes})
        assert zeros.shape == (1, 4) and found.tolist() == [1, 4]


def test_sparse_products_run_in_c_when_their_shape_is_fed(request):
    if "c" not in request.node.callspec.id.split("-"):
        pytest.skip("about plans in C")
    sparse, dense = tf.sparse_placeholder(tf.float32), tf.placeholder(tf.float32, [None, 2])
    y = tf.sparse_tensor_dense_matmul(sparse, dense)
    feed = {sparse: tf.SparseTensorValue([[0, 1], [2, 0]], [2.0, 3.0], [3, 2]),
            dense: np.eye(2)}  # fmt: skip
    with tf.Session() as sess:
        for _ in range(4):
            assert sess.run(y, feed).tolist() == [[0, 2], [0, 0], [3, 0]]
        assert "native(" in sess.source(y, feed)

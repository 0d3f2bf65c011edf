"""explain.flow: each tensor on the way to the loss, and the loss's gradient by it."""
import gc
import weakref

import numpy as np
import pytest

import minitf as tf
from minitf import explain


def network():
    x = tf.placeholder(tf.float32, [None, 3], "x")
    with tf.variable_scope("hidden"):
        w = tf.get_variable("w", [3, 4])
        h = tf.nn.relu(tf.matmul(x, w))
    v = tf.get_variable("v", [4, 1])
    loss = tf.reduce_mean(tf.square(tf.matmul(h, v)), name="loss")
    return x, h, w, v, loss


def session():
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    return sess


def test_values_and_gradients_are_those_of_a_run():
    x, h, *_, loss = network()
    feed = {x: np.random.RandomState(0).randn(5, 3)}
    with session() as sess:
        flow = explain.flow(loss, feed)
        value, slope = sess.run([h, tf.gradients(loss, h)[0]], feed)
    node = next(node for node in flow.nodes if node.name == "hidden/Relu")
    assert node.value.shape == (5, 4) and node.gradient.shape == (5, 4)
    np.testing.assert_allclose(node.value.mean, value.mean(), rtol=1e-6)
    np.testing.assert_allclose(node.value.zeros, (value == 0).mean())
    np.testing.assert_allclose(node.gradient.rms, np.sqrt(np.mean(slope**2)), rtol=1e-6)
    assert sum(node.value.counts) == 20
    assert node.line.text.startswith("h = tf.nn.relu")


def test_nodes_stand_in_the_order_of_their_use_and_know_their_inputs():
    x, *_, loss = network()
    with session():
        flow = explain.flow(loss, {x: np.ones((2, 3))})
    names = [node.name for node in flow.nodes]
    assert names == ["x", "hidden/w", "hidden/MatMul", "hidden/Relu", "v", "MatMul", "Square",
                     "loss"]  # fmt: skip
    assert [node.inputs for node in flow.nodes] == [(), (), (0, 1), (2,), (), (3, 4), (5,), (6,)]
    assert flow.nodes[0].type == "fed" and flow.nodes[1].type == "variable"
    assert flow.nodes[-1].gradient.mean == 1.0


def test_asking_again_adds_no_nodes_and_changes_no_variable():
    x, *_, w, v, loss = network()
    with session() as sess:
        before = sess.run([w, v])
        explain.flow(loss, {x: np.ones((2, 3))})
        count = len(loss.graph.get_operations())
        explain.flow(loss, {x: np.ones((4, 3))})
        assert len(loss.graph.get_operations()) == count
        for old, new in zip(before, sess.run([w, v])):
            np.testing.assert_array_equal(old, new)


def test_a_graph_that_was_explained_can_be_forgotten():
    with tf.Graph().as_default() as graph:
        x, *_, loss = network()
        with session():
            explain.flow(loss, {x: np.ones((2, 3))})
        gone = weakref.ref(graph)
    del graph, x, loss, _
    gc.collect()
    assert gone() is None


def test_any_tensor_may_be_fed():
    _, h, *_, loss = network()
    with session():
        flow = explain.flow(loss, {h: np.ones((2, 4))})
    assert [node.name for node in flow.nodes][:2] == ["hidden/Relu", "v"]
    assert flow.nodes[0].type == "fed" and flow.nodes[0].inputs == ()


def test_integers_strings_loops_and_rows_of_embeddings():
    ids = tf.placeholder(tf.int32, [None], "ids")
    words = tf.placeholder(tf.string, [None], "words")
    table = tf.get_variable("table", [10, 2], initializer=tf.ones_initializer())
    rows = tf.nn.embedding_lookup(table, ids)
    _, total = tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s * 2.0 + rows), [0, rows])
    length = tf.cast(tf.size(tf.string_split(words).values), tf.float32)
    loss = tf.reduce_sum(total) * length
    with session():
        flow = explain.flow(loss, {ids: [1, 1, 7], words: [b"a b", b"c"]})
    by_name = {node.name: node for node in flow.nodes}
    assert by_name["ids"].value.largest == 7 and by_name["ids"].gradient is None
    assert "words" not in by_name
    assert by_name["table"].gradient.shape == (3, 2)  # the rows that were looked up
    assert by_name["table"].gradient.mean == 15 * 3
    assert any(node.type == "Exit" for node in flow.nodes)
    assert str(flow)


def test_the_table_and_the_picture(tmp_path):
    x, *_, loss = network()
    with session():
        flow = explain.flow(loss, {x: np.random.RandomState(1).randn(6, 3)})
    text = str(flow)
    lines = text.splitlines()
    assert lines[0].split()[:3] == ["op", "shape", "values"]
    assert lines[3].startswith("hidden/MatMul") and "6x4" in lines[3]
    assert "test_flow.py:" in lines[3]
    flow.plot(tmp_path / "flow.png")
    assert (tmp_path / "flow.png").read_bytes()[:4] == b"\x89PNG" == flow._repr_png_()[:4]


def remarks(loss, feed=None):
    with session():
        return "\n".join(explain.flow(loss, feed).remarks())


def test_remarks_name_where_nan_begins():
    x = tf.placeholder(tf.float32, [2], "x")
    w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
    loss = tf.reduce_sum(tf.log(x * w, name="bad") * 2.0)
    said = remarks(loss, {x: [-1.0, 1.0]})
    assert "bad (Log) is the first with NaN or infinite elements: 1 of them" in said
    assert "test_flow.py" in said


def test_remarks_name_a_gradient_that_is_not_finite():
    w = tf.get_variable("w", [2], initializer=tf.zeros_initializer())
    said = remarks(tf.reduce_sum(tf.sqrt(w, name="root")))
    assert "the gradient is not finite from w (variable) backwards" in said


def test_remarks_name_dead_units_and_variables_that_stand_still():
    w = tf.get_variable("w", [2, 2], initializer=tf.constant_initializer(-1.0))
    u = tf.get_variable("u", [2], initializer=tf.ones_initializer())
    hidden = tf.nn.relu(tf.matmul(tf.ones([3, 2]), w), name="dead")
    said = remarks(tf.reduce_sum(hidden) + tf.reduce_sum(tf.stop_gradient(u)))
    assert "dead: 100% of the activations are 0" in said
    assert "w: its gradient is 0 everywhere" in said
    assert "u: the loss has no gradient by it" in said


def test_remarks_name_layers_that_one_learning_rate_does_not_fit():
    a = tf.get_variable("a", [1, 1], initializer=tf.ones_initializer())
    b = tf.get_variable("b", [1, 1], initializer=tf.ones_initializer())
    said = remarks(tf.reduce_sum(a * 1e4 + b))
    assert "the gradient of a is 10,000 times that of b" in said


def test_remarks_name_logits_that_saturate_the_softmax():
    start = tf.constant_initializer([9e2, 0, 9e2, 0])
    logits = tf.get_variable("logits", [2, 2], initializer=start)
    loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=[[1.0, 0.0]] * 2, logits=logits)
    assert "logits: the logits spread by 450" in remarks(tf.reduce_mean(loss))


def test_a_healthy_network_gets_no_remark():
    x, *_, loss = network()
    assert remarks(loss, {x: np.random.RandomState(2).randn(50, 3)}) == ""


def test_what_is_no_loss_is_refused():
    with session(), pytest.raises(TypeError, match="needs a loss of floats"):
        explain.flow(tf.constant(3))


def test_statistics_of_what_has_no_finite_element_and_of_nothing():
    found = explain.Statistics.of([np.nan, np.inf])
    assert found.wrong == 2 and np.isnan(found.mean) and found.bars() == ""
    assert explain.Statistics.of(np.zeros((0, 3))).shape == (0, 3)

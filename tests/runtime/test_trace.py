"""Traced runs: each step of the program is told once, and the run computes what it always does."""
import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.usefixtures("cpu")


@pytest.fixture(autouse=True)
def a_graph_of_its_own():
    tf.reset_default_graph()


TRACE = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)


def traced(fetches, feed=None, prepare=None):
    metadata = tf.RunMetadata()
    with tf.Session() as sess:
        if prepare is not None:
            sess.run(prepare)
        value = sess.run(fetches, feed, TRACE, metadata)
    return value, [node for dev in metadata.step_stats.dev_stats for node in dev.node_stats]


@pytest.mark.usefixtures("lowering")
def test_a_training_step_is_told_and_done():
    x = tf.placeholder(tf.float32, [None, 30], "x")
    w = tf.get_variable("w", initializer=np.ones([30, 20], np.float32))
    y = tf.tanh(tf.matmul(x, w, name="product"))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_mean(tf.square(y)))
    feed = {x: np.ones([8, 30]) * 0.01}
    with tf.Session() as sess:
        sess.run(w.initializer)
        sess.run(step, feed)
        expected = sess.run(w)
        sess.run(w.initializer)
        metadata = tf.RunMetadata()
        sess.run(step, feed, TRACE, metadata)
        np.testing.assert_array_equal(sess.run(w), expected)
    nodes = [node for dev in metadata.step_stats.dev_stats for node in dev.node_stats]
    assert "MatMul" in " ".join(node.timeline_label for node in nodes)
    starts = [node.all_start_nanos for node in nodes]
    assert starts == sorted(starts) and all(node.all_end_rel_nanos >= 0 for node in nodes)


def test_a_group_is_one_record_with_the_ops_of_all(monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "1")
    x = tf.placeholder(tf.float32, [50], "x")
    y = tf.exp(tf.sin(x, name="s") * 2.0, name="e")
    _, nodes = traced(y, {x: np.ones(50)})
    if not any("+" in node.timeline_label for node in nodes):
        pytest.skip("there is no C compiler")
    assert [node.timeline_label for node in nodes] == ["e = Sin+Mul+Exp(x, mul/y)"]
    assert nodes[0].memory[0].total_bytes == 200


def test_each_iteration_of_a_loop_is_told():
    _, total = tf.while_loop(lambda i, s: i < 4, lambda i, s: (i + 1, tf.add(s, 2.0, "plus")),
                             [0, 0.0])  # fmt: skip
    value, nodes = traced(total)
    assert value == 8.0
    assert [node.node_name for node in nodes].count("while/plus") == 4


def test_what_is_taken_in_is_told():
    data = tf.data.Dataset.range(5).batch(2)
    get = data.make_one_shot_iterator().get_next(name="next")
    value, nodes = traced(get + 1)
    np.testing.assert_array_equal(value, [1, 2])
    assert nodes[0].node_name == "next"


def test_partition_graphs_and_costs_where_they_are_asked_for():
    a = tf.constant(2.0, name="a")
    tf.constant(3.0, name="not_needed")
    b = tf.square(tf.placeholder_with_default(a, []), name="b")
    options, metadata = tf.RunOptions(output_partition_graphs=True), tf.RunMetadata()
    with tf.Session() as sess:
        assert sess.run(b, options=options, run_metadata=metadata) == 4.0
    names = [node.name for node in metadata.partition_graphs[0].node]
    assert "b" in names and "not_needed" not in names
    assert metadata.partition_graphs[0].node[0].device.endswith("/device:CPU:0")
    assert not metadata.HasField("step_stats")
    config = tf.ConfigProto(graph_options=tf.GraphOptions(build_cost_model=1))
    with tf.Session(config=config) as sess:
        sess.run(b, options=TRACE, run_metadata=metadata)
    costs = {node.name: node for node in metadata.cost_graph.node}
    assert costs["b"].input_info[0].preceding_node == costs["PlaceholderWithDefault"].id


def test_what_is_not_there_is_refused():
    a = tf.constant(1.0)
    options = tf.RunOptions(trace_level=3)
    options.debug_options.debug_tensor_watch_opts.add(node_name="a")
    config = tf.ConfigProto()
    config.cluster_def.job.add(name="worker").tasks.update({0: "a:1", 1: "b:1"})
    with tf.Session() as sess, pytest.raises(tf.errors.UnimplementedError, match="debug_options"):
        sess.run(a, options=options, run_metadata=tf.RunMetadata())
    with pytest.raises(tf.errors.UnimplementedError, match="cluster_def"):
        tf.Session(config=config)

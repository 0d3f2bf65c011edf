"""explain.graph: a graph by its name scopes, as a table and as a drawing."""
import re
from xml.etree import ElementTree

import pytest

import minitf as tf
from minitf import explain


def network():
    x = tf.placeholder(tf.float32, [None, 4], "x")
    with tf.name_scope("hidden"):
        w = tf.Variable(tf.random_normal([4, 3], seed=1), name="w")
        h = tf.nn.relu(tf.matmul(x, w), name="h")
    loss = tf.reduce_mean(h, name="loss")
    return x, h, loss


def named(scopes):
    return {box.name: box for box in scopes.boxes}


def sources(scopes, name):
    return [scopes.boxes[i].name for i in named(scopes)[name].inputs]


def drawn(scopes):
    return ElementTree.fromstring(scopes.svg())


def titles(scopes):
    return [each.text for each in drawn(scopes).iter("{http://www.w3.org/2000/svg}title")]


def test_a_scope_is_one_box_or_is_opened():
    _, _, loss = network()
    closed, opened = explain.graph(loss, depth=1), explain.graph(loss, depth=2)
    assert list(named(closed)) == ["x", "hidden", "loss"]
    assert [box.type for box in closed.boxes] == ["fed", "scope", "Mean"]
    hidden = named(closed)["hidden"]
    assert (hidden.operations, hidden.weights, hidden.gives) == (4, 12, ("?x3 float32",))
    assert sources(closed, "hidden") == ["x"] and sources(closed, "loss") == ["hidden"]
    assert list(named(opened)) == ["x", "hidden/w", "hidden/MatMul", "hidden/h", "loss"]
    assert named(opened)["hidden/w"].type == "variable"
    assert sources(opened, "hidden/MatMul") == ["x", "hidden/w"]
    assert hidden.line.filename == __file__


def test_depth_goes_as_far_as_there_are_few_boxes():
    _, _, loss = network()
    assert explain.graph(loss).depth == 2
    for i in range(40):
        with tf.name_scope("more"):
            loss = tf.sin(loss, name=f"sin{i}")
    assert explain.graph(loss).depth == 1


@pytest.mark.parametrize(
    "optimizer", [tf.train.GradientDescentOptimizer, tf.train.AdamOptimizer, tf.train.FtrlOptimizer]
)
def test_a_graph_is_shown_without_its_training(optimizer):
    _, h, loss = network()
    step = tf.train.get_or_create_global_step()
    optimizer(tf.train.exponential_decay(0.1, step, 10, 0.9)).minimize(loss, step)
    tf.train.ExponentialMovingAverage(0.9).apply([loss])
    tf.argmax(h, 1, name="class")
    tf.summary.scalar("told", loss)
    tf.report_uninitialized_variables()
    tf.train.Saver()
    tf.global_variables_initializer()
    assert set(named(explain.graph(depth=1))) == {"x", "hidden", "loss", "class"}


def test_a_graph_of_strings_alone():
    tf.strings.join([tf.placeholder(tf.string, [], "x"), "b"], name="y")
    assert list(named(explain.graph())) == ["x", "y"]


def test_what_is_asked_for_is_shown_even_if_it_is_training():
    _, _, loss = network()
    w = tf.global_variables()[0]
    gradient = tf.gradients(loss, w)[0]
    shown = named(explain.graph([gradient, loss], depth=1))
    assert {"gradients", "hidden", "x", "loss"} == set(shown)
    assert explain.graph(tf.global_variables_initializer(), depth=1).boxes[-1].name == "init"


def test_a_loop_can_be_opened():
    x = tf.placeholder(tf.float32, [], "x")
    _, y = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * x), [0, x], name="loop")
    closed, opened = explain.graph(y, depth=1), explain.graph(y, depth=2)
    assert list(named(closed)) == ["x", "loop"] and sources(closed, "loop") == ["x"]
    merge = named(opened)["loop/Merge_1"]
    assert [opened.boxes[i].name for i in merge.back] == ["loop/NextIteration_1"]
    assert all(i < k for k, box in enumerate(opened.boxes) for i in box.inputs)
    assert drawn(opened) is not None and opened.svg().count("stroke-dasharray") >= 1


def test_the_table_has_all_that_is_known():
    _, _, loss = network()
    text = str(explain.graph(loss, depth=1))
    assert re.search(r"hidden +scope +4 +12  \?x3 float32 +x +test_scopes.py:\d+\n", text)
    assert text.endswith("6 operations with 12 weights; 8 more are constants or of training")


def test_the_drawing_has_each_box_and_edge(tmp_path):
    _, _, loss = network()
    scopes = explain.graph(loss, depth=2)
    assert [title.split(" ")[0] for title in titles(scopes)] == list(named(scopes))
    assert scopes.svg().count("marker-end") == sum(len(box.inputs) for box in scopes.boxes) == 4
    scopes.save(tmp_path / "graph.svg")
    ElementTree.parse(tmp_path / "graph.svg")
    with pytest.raises(ValueError, match=r"writes \.svg files, not .*graph\.png"):
        scopes.save(tmp_path / "graph.png")


def test_boxes_do_not_overlap():
    _, _, loss = network()
    rects = drawn(explain.graph(loss, depth=2)).iter("{http://www.w3.org/2000/svg}rect")
    spots = [(int(r.get("x")), int(r.get("y"))) for r in rects if r.get("x")]
    wide, tall = 172, 50
    for i, (x, y) in enumerate(spots):
        assert all(abs(x - a) >= wide or abs(y - b) >= tall for a, b in spots[:i])


def test_a_notebook_shows_graphs():
    assert tf.get_default_graph()._repr_svg_() is None
    network()
    assert "hidden" in tf.get_default_graph()._repr_svg_()


def test_too_many_boxes_for_a_drawing():
    y = tf.placeholder(tf.float32, [], "x")
    for _ in range(200):
        y = tf.sin(y)
    scopes = explain.graph(y)
    assert len(scopes.boxes) == 201 and scopes._repr_svg_() is None
    with pytest.raises(ValueError, match=r"at most 200 boxes, here are 201 at depth 1.*name_scope"):
        scopes.svg()


def test_what_is_refused():
    with pytest.raises(ValueError, match="depth is 0"):
        explain.graph(depth=0)
    with pytest.raises(ValueError, match="empty list"):
        explain.graph([])

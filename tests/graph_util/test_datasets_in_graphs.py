"""Datasets in graphs that are written and read: TensorFlow 1.15's (see goldens/record_graphs.py)
and minitf's own."""
import base64
import json
import zlib

import numpy as np
import pytest
from goldens import pipelines
from goldens.collect import HERE

import minitf as tf
from minitf.graph_util.portable import own_ops, portable

with open(f"{HERE}/graphs.json") as file:
    DATASETS = json.load(file)["datasets"]
GRAPH_DEF = zlib.decompress(base64.b64decode(DATASETS["graph_def"]))


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def session(written):
    """One of a graph that was written."""
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(tf.GraphDef.FromString(written), name="")
    return tf.Session(graph=graph)


@pytest.fixture(scope="module")
def of_datasets():
    """A session of the graph of many datasets."""
    sess = session(GRAPH_DEF)
    sess.run(DATASETS["starts"])
    return sess


def same(got, want):
    """Elements as lists, floats nearly the same."""
    for one, other in zip(got, want, strict=True):
        if isinstance(other, list):
            same(one, other)
        elif isinstance(other, float):
            assert one == pytest.approx(other, rel=2e-6)
        else:
            assert one == other


@pytest.mark.parametrize("name", DATASETS["iterators"])
def test_datasets_of_tensorflow_give_its_elements(name, of_datasets):
    found = pipelines.elements(tf, np, of_datasets, name, *DATASETS["iterators"][name])
    same(found, DATASETS["values"][name])


def test_datasets_give_the_same_once_they_were_written_and_read():
    """Those that were read before, and those that minitf has made."""
    read, mine = session(GRAPH_DEF).graph, tf.Graph()
    with mine.as_default():
        made = pipelines.iterators(tf, np)
        starts = [tf.tables_initializer().name]
    for graph, iterators, begin in (
        (read, DATASETS["iterators"], DATASETS["starts"]), (mine, made, starts)
    ):  # fmt: skip
        written = portable(graph.as_graph_def()).SerializeToString()
        sess = session(written)
        sess.run(begin)
        for name, each in iterators.items():
            same(pipelines.elements(tf, np, sess, name, *each), DATASETS["values"][name])


def test_a_written_graph_has_tensorflows_form_of_functions():
    once = tf.data.Dataset.range(3).map(lambda i: tf.unstack(tf.stack([i, i + 1]))[1])
    once.make_one_shot_iterator()
    library = tf.get_default_graph().as_graph_def().library
    makes, maps = sorted(library.function, key=lambda each: each.signature.name, reverse=True)
    assert [arg.type for arg in maps.signature.input_arg] == [tf.int64.as_datatype_enum]
    assert list(maps.ret.values()) == ["unstack:output:1"]
    assert {"args_0", "add:z:0"} <= {name for node in maps.node_def for name in node.input}
    (node,) = [node for node in makes.node_def if node.op == "MapDataset"]
    assert node.attr["f"].func.name == maps.signature.name


def test_a_function_that_reads_a_variable():
    v = tf.Variable(2.0, use_resource=True)
    scaled = tf.data.Dataset.range(3).map(lambda i: tf.cast(i, tf.float32) * v + v)
    iterator = scaled.make_initializable_iterator()
    names = [iterator.get_next().name, iterator.initializer.name]
    again = session(tf.get_default_graph().as_graph_def().SerializeToString())
    again.run([v.initializer.name])
    again.run(names[1])
    assert [again.run(names[0]) for _ in range(3)] == [2, 4, 6]


def test_a_function_that_is_lost_says_so_in_the_run():
    v = tf.Variable(np.int64(2), use_resource=True)
    counted = tf.data.Dataset.range(3).map(lambda i: tf.assign_add(v, i))
    iterator = counted.make_initializable_iterator()
    names = [iterator.get_next().name, iterator.initializer.name]
    again = session(tf.get_default_graph().as_graph_def().SerializeToString())
    again.run([v.initializer.name])
    with pytest.raises(tf.errors.NotFoundError, match=r"is not defined: .* that change variables"):
        again.run(names[1])


def test_a_generator_is_not_in_the_graph():
    dataset = tf.data.Dataset.from_generator(lambda: iter([1, 2]), tf.int32, [])
    iterator = dataset.make_initializable_iterator()
    names = [iterator.get_next().name, iterator.initializer.name]
    again = session(tf.get_default_graph().as_graph_def().SerializeToString())
    again.run(names[1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="no Python functions"):
        again.run(names[0])


def test_functions_without_own_ops_are_left_as_they_are():
    """One that calls another by its name has outputs whose names only the other knows."""
    written = tf.GraphDef()
    calls, sums = written.library.function.add(), written.library.function.add()
    calls.node_def.add(name="call", op="of_two_outputs")
    calls.ret["second"] = "call:identity_1:0"
    sums.signature.input_arg.add(name="x", type=1)
    sums.node_def.add(name="shape", op="Const")
    node = sums.node_def.add(name="sum", op="SumTo", input=["x", "shape:output:0"])
    node.attr["T"].type, node.attr["Tidx"].type = 1, 3
    sums.ret["y"] = "sum:output:0"
    left, changed = portable(written).library.function
    assert left == calls
    assert changed.ret["y"] == "sum:output:0" and changed.node_def[-1].op == "Reshape"
    assert "sum/as_ops/BroadcastGradientArgs:r0:0" in changed.node_def[-2].input


def test_own_ops_are_told_of_functions_too():
    written = tf.GraphDef()
    function = written.library.function.add()
    function.signature.name = "f"
    for name, op in (("a", "AnOpOfOurOwn"), ("b", "Neg"), ("c", "f")):
        function.node_def.add(name=name, op=op)
    assert own_ops(written) == ["AnOpOfOurOwn"]

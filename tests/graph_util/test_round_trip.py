"""What is written of a graph can be read again: the graph of every row of the table, and that of
scenes, gives the same values once it is exported and imported."""
import importlib
import time
from pathlib import Path

import numpy as np
import pytest
from cases import CASES
from interpreter import interpret

import minitf as tf
from minitf.core.tensor_shape import merge
from minitf.graph_util.portable import EXPANSIONS, own_ops, portable

HERE = Path(__file__).parent.parent
for path in sorted(HERE.glob("cases_*.py")):
    importlib.import_module(path.stem)


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def imported(outputs, feeds, change=lambda graph_def: graph_def):
    """The same tensors in a new graph, and their feeds."""
    written = change(tf.get_default_graph().as_graph_def()).SerializeToString()
    graph_def = tf.GraphDef.FromString(written)
    names = [tensor.name for tensor in (*outputs, *feeds)]
    with tf.Graph().as_default():
        found = tf.import_graph_def(graph_def, return_elements=names, name="again")
    return found[: len(outputs)], dict(zip(found[len(outputs) :], feeds.values()))


def built(case):
    feeds = {tf.placeholder(value.dtype, np.shape(value)): value
             for value in map(np.asarray, case.inputs)}  # fmt: skip
    made = case.build(*feeds)
    return (list(made) if isinstance(made, (list, tuple)) else [made]), feeds


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_row_gives_the_same_once_it_was_written_and_read(case):
    outputs, feeds = built(case)
    again, values = imported(outputs, feeds)
    for old, new in zip(outputs, again, strict=True):
        assert (new.dtype, new.op.type) == (old.dtype, old.op.type)
        assert merge(old._shape, new._shape) == old._shape
    for one, other in zip(interpret(outputs, feeds), interpret(again, values)):
        if one.dtype.kind in "fc":  # attributes are float32 in a GraphDef
            np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)
        else:
            np.testing.assert_array_equal(one, other)


# -- ops that TensorFlow has not ------------------------------------------------------------------


def only_tensorflows(graph_def):
    """The graph of ops that TensorFlow has, as files have it."""
    found = portable(graph_def)
    assert not own_ops(found)
    return found


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.op in EXPANSIONS], ids=lambda case: case.name
)
def test_an_op_of_minitfs_own_is_written_as_tensorflows(case):
    outputs, feeds = built(case)
    again, values = imported(outputs, feeds, only_tensorflows)
    for one, other in zip(interpret(outputs, feeds), interpret(again, values), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_own_ops_on_variables_are_written_as_tensorflows():
    v = tf.Variable([1.0, 2.0], name="v")
    w = tf.Variable(v.initialized_value() * 2.0, name="w")
    step = tf.Variable(0, name="step")
    counted, rank = step.count_up_to(2), tf.assert_variables_initialized([v])
    init = tf.global_variables_initializer()
    graph_def = only_tensorflows(tf.get_default_graph().as_graph_def())
    fetches = [w.name, counted.name, rank.name]
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.import_graph_def(graph_def, name="")
        sess.run(init.name)
        value, first, found = sess.run(fetches)
        assert value.tolist() == [2, 4] and (first, found) == (0, 1)
        assert sess.run(counted.name) == 1
        with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 2"):
            sess.run(counted.name)


def test_features_of_examples_are_written_as_tensorflows():
    example = tf.train.Example()
    example.features.feature["a"].float_list.value.extend([1, 2])
    example.features.feature["b"].int64_list.value.extend([7])
    spec = {"a": tf.FixedLenFeature([2], tf.float32), "b": tf.VarLenFeature(tf.int64)}
    one = tf.parse_single_example(example.SerializeToString(), spec)
    several = tf.parse_example([example.SerializeToString()], spec)
    fetches = [t.name for found in (one, several) for t in (found["a"], found["b"].values)]
    for change in (lambda graph_def: graph_def, only_tensorflows):
        graph_def = change(tf.get_default_graph().as_graph_def())
        with tf.Graph().as_default(), tf.Session() as sess:
            tf.import_graph_def(graph_def, name="")
            a, b, rows, values = sess.run(fetches)
        assert (a.tolist(), b.tolist()) == ([1, 2], [7])
        assert (rows.tolist(), values.tolist()) == ([[1, 2]], [7])


def test_features_of_sequences_are_written_as_tensorflows():
    example = tf.train.SequenceExample()
    example.context.feature["a"].int64_list.value.extend([3])
    for step in (b"x", b"y"):
        example.feature_lists.feature_list["s"].feature.add().bytes_list.value.append(step)
    context, steps = tf.parse_single_sequence_example(
        example.SerializeToString(), {"a": tf.FixedLenFeature([], tf.int64)},
        {"s": tf.FixedLenSequenceFeature([], tf.string)},
    )  # fmt: skip
    for change in (lambda graph_def: graph_def, only_tensorflows):
        graph_def = change(tf.get_default_graph().as_graph_def())
        with tf.Graph().as_default(), tf.Session() as sess:
            tf.import_graph_def(graph_def, name="")
            a, s = sess.run([context["a"].name, steps["s"].name])
        assert (a, s.tolist()) == (3, [b"x", b"y"])


def test_a_python_function_is_found_again_in_its_process():
    x = tf.placeholder(tf.float32, [2])
    y = tf.py_func(lambda a: a * 2, [x], tf.float32)
    graph_def = tf.get_default_graph().as_graph_def()
    token = next(node for node in graph_def.node if node.op == "PyFunc").attr["token"]
    with tf.Graph().as_default(), tf.Session() as sess:
        found, = tf.import_graph_def(graph_def, {x.name: [1.0, 2.0]}, [y.name])
        assert sess.run(found).tolist() == [2, 4]
        token.s = b"pyfunc_of_a_file"
        lost, = tf.import_graph_def(graph_def, {x.name: [1.0, 2.0]}, [y.name])
        with pytest.raises(tf.errors.InvalidArgumentError, match="pyfunc_of_a_file is not found"):
            sess.run(lost)


def test_ten_thousand_nodes_in_seconds():
    x = tf.placeholder(tf.float32, [8, 8])
    for _ in range(2500):
        x = tf.nn.relu(tf.matmul(x, tf.ones([8, 8])) + 1.0)
    written = tf.get_default_graph().as_graph_def().SerializeToString()
    start = time.process_time()
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(tf.GraphDef.FromString(written))
        assert len(graph.get_operations()) > 10_000
    assert time.process_time() - start < 60

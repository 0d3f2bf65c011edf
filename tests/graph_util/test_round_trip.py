"""What is written of a graph can be read again: the graph of every row of the table, and that of
scenes, gives the same values once it is exported and imported."""
import importlib
from pathlib import Path

import numpy as np
import pytest
from cases import CASES
from interpreter import interpret

import minitf as tf
from minitf.core.tensor_shape import merge

HERE = Path(__file__).parent.parent
for path in sorted(HERE.glob("cases_*.py")):
    importlib.import_module(path.stem)


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def imported(outputs, feeds):
    """The same tensors in a new graph, and their feeds."""
    written = tf.get_default_graph().as_graph_def().SerializeToString()
    graph_def = tf.GraphDef.FromString(written)
    names = [tensor.name for tensor in (*outputs, *feeds)]
    with tf.Graph().as_default():
        found = tf.import_graph_def(graph_def, return_elements=names, name="again")
    return found[: len(outputs)], dict(zip(found[len(outputs) :], feeds.values()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_row_gives_the_same_once_it_was_written_and_read(case):
    feeds = {tf.placeholder(value.dtype, np.shape(value)): value
             for value in map(np.asarray, case.inputs)}  # fmt: skip
    built = case.build(*feeds)
    outputs = list(built) if isinstance(built, (list, tuple)) else [built]
    again, values = imported(outputs, feeds)
    for old, new in zip(outputs, again, strict=True):
        assert (new.dtype, new.op.type) == (old.dtype, old.op.type)
        assert merge(old._shape, new._shape) == old._shape
    for one, other in zip(interpret(outputs, feeds), interpret(again, values)):
        if one.dtype.kind in "fc":  # attributes are float32 in a GraphDef
            np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)
        else:
            np.testing.assert_array_equal(one, other)

"""bfloat16: what is stored as float32 is rounded wherever it is made, and has two bytes outside."""
import json
import re
import sys

import ml_dtypes
import numpy as np
import pytest
from goldens.collect import HERE
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from test_cases import CASES

import minitf as tf
from minitf.core import bfloat16 as numbers
from minitf.core.eager import eager_mode
from minitf.core.op import REGISTRY

with open(f"{HERE}/op_bfloat16.json") as file:
    ALLOWED = json.load(file)
FLOATS = arrays(np.float32, array_shapes(min_dims=0), elements=st.floats(width=32))
TIES = np.array([1.00390625, 1.01171875, -1.00390625, 3.3961775e38, 1e-45, 9.2e-41], np.float32)


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def by_ml_dtypes(x):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(x).astype(ml_dtypes.bfloat16)


@given(FLOATS)
def test_numbers_are_rounded_as_ml_dtypes_does(x):
    found = numbers.rounded(np, x)
    np.testing.assert_array_equal(found, by_ml_dtypes(x).astype(np.float32))
    narrow = numbers.narrowed(found)
    assert narrow.dtype == ml_dtypes.bfloat16
    np.testing.assert_array_equal(narrow.astype(np.float32), found)
    np.testing.assert_array_equal(numbers.of_bits(numbers.bits(found)), found)


@pytest.mark.usefixtures("lowering")
def test_a_run_rounds_what_it_computes():
    x = tf.placeholder(tf.float32, [None])
    half = tf.cast(x, tf.bfloat16)
    values = np.concatenate([TIES, np.random.RandomState(0).randn(1000), [np.nan, np.inf, -np.inf]])
    with tf.Session() as session:
        found, product = session.run([half, half * half], {x: values})
    assert found.dtype == product.dtype == ml_dtypes.bfloat16
    expected = by_ml_dtypes(values.astype(np.float32)).astype(np.float32)
    np.testing.assert_array_equal(found.astype(np.float32), expected)
    squares = by_ml_dtypes(expected**2).astype(np.float32)
    np.testing.assert_array_equal(product.astype(np.float32), squares)


@pytest.mark.usefixtures("lowering")
def test_a_variable_is_rounded_at_each_step():
    v = tf.get_variable("v", [2], tf.bfloat16, tf.ones_initializer())
    step = v.assign_add([0.001, 0.005])  # half of the distance to the next number is 0.0039
    with tf.control_dependencies([step]):
        after = tf.cast(v.read_value(), tf.float32)
    with tf.Session() as session:
        session.run(v.initializer)
        for n in range(1, 4):
            np.testing.assert_array_equal(session.run(after), [1, 1 + n / 128])


def test_operations_that_run_at_once():
    with eager_mode():
        v = tf.contrib.eager.Variable(1.0, dtype=tf.bfloat16)
        with tf.GradientTape() as tape:
            y = v * tf.constant(0.1, tf.bfloat16)
        assert y.dtype is tf.bfloat16
        assert y.numpy() == ml_dtypes.bfloat16(0.1)
        assert tape.gradient(y, v).numpy() == ml_dtypes.bfloat16(0.1)
        v.assign_add(0.001)
        assert v.numpy() == 1
        assert tf.convert_to_tensor(np.ones(2, ml_dtypes.bfloat16)).dtype is tf.bfloat16


def test_python_functions_get_two_bytes():
    def doubled(x):
        assert x.dtype == ml_dtypes.bfloat16
        return x + x

    x = tf.constant([1.5, 0.1], tf.bfloat16)
    with tf.Session() as session:
        found = session.run(tf.py_func(doubled, [x], tf.bfloat16))
    np.testing.assert_array_equal(found, by_ml_dtypes([3, 0.2]))
    with pytest.raises(NotImplementedError, match=r"tf.py_func takes it"):
        tf.py_function(doubled, [x], tf.bfloat16)


def test_without_ml_dtypes_numbers_leave_as_float32(monkeypatch):
    v = tf.get_variable("v", [], tf.bfloat16, tf.zeros_initializer())
    step = v.assign_add(0.3)
    as_float = tf.cast(v, tf.float32)
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(ImportError, match=r"minitf-tf1\[bfloat16\].*tf\.cast"):
            session.run(step)
        assert session.run(as_float) == 0  # nothing ran
        session.run(step.op)
        assert session.run(as_float) == np.float32(0.30078125)


def test_partial_runs_and_echoes():
    x = tf.placeholder(tf.bfloat16, [2])
    y = x + x
    with tf.Session() as session:
        handle = session.partial_run_setup([y], [x])
        found = session.partial_run(handle, y, {x: [0.1, 1]})
        np.testing.assert_array_equal(found, by_ml_dtypes([0.2, 2]))
        assert session.run(x, {x: [0.1, 1]}).dtype == ml_dtypes.bfloat16


@pytest.mark.parametrize("version", ["V1", "V2"])
def test_checkpoints(tmp_path, version):
    v = tf.get_variable("v", [3], tf.bfloat16, tf.constant_initializer([1, 2.5, 0.1]))
    saver = tf.train.Saver(write_version=getattr(tf.train.SaverDef, version))
    with tf.Session() as session:
        session.run(v.initializer)
        path = saver.save(session, str(tmp_path / "model"))
        session.run(v.assign(tf.zeros([3], tf.bfloat16)).op)
        saver.restore(session, path)
        found = session.run(v)
    np.testing.assert_array_equal(found, by_ml_dtypes([1, 2.5, 0.1]))
    stored = tf.train.load_checkpoint(path).get_tensor("v")
    np.testing.assert_array_equal(stored, found)
    assert stored.dtype == ml_dtypes.bfloat16


def test_a_graph_is_read_again():
    x = tf.constant([0.1, 7], tf.bfloat16, name="x")
    tf.identity(x * 3, name="y")
    message = tf.get_default_graph().as_graph_def().SerializeToString()
    with tf.Graph().as_default(), tf.Session() as session:
        (y,) = tf.import_graph_def(tf.GraphDef.FromString(message), return_elements=["y:0"])
        assert y.dtype is tf.bfloat16
        np.testing.assert_array_equal(session.run(y), by_ml_dtypes([0.30078125, 21]))


REFUSED = re.compile("bfloat16.* (not in list of allowed|does not match)|counts in int32"
                     "|for Tensor with dtype bfloat16|incorrect types: bfloat16")  # fmt: skip


def test_the_ops_take_it_that_do_in_tensorflow():
    found = {}
    for name, definition in REGISTRY.items():
        known = ALLOWED.get(name, {})
        for param in definition.schema.params:
            types = getattr(param.type, "allowed", None)
            if types is not None and param.type.attr in known:
                found[name, param.type.attr] = tf.bfloat16 in types, known[param.type.attr]
    assert len(found) > 400
    # Of RaggedRange there is no kernel for it in TensorFlow.
    odd = {key for key, (ours, theirs) in found.items() if ours != theirs}
    assert odd <= {("RaggedRange", "T")}


def floats(case):
    return [x for x in map(np.asarray, case.inputs) if x.dtype.kind == "f"]


def in_both(case):
    """The outputs that a row of the table has in float32 of its inputs as bfloat16, and those in
    bfloat16 itself, each with the feeds. TypeError where there is no such op."""
    pairs = [(tf.placeholder(np.asarray(x).dtype, np.shape(x)), x) for x in case.inputs]
    halves = [tf.cast(x, tf.bfloat16) if x.dtype.is_floating else x for x, _ in pairs]
    wide = [tf.cast(x, tf.float32) if x.dtype is tf.bfloat16 else x for x in halves]
    found = [flat(case.build(*given)) for given in (wide, halves)]
    return *found, dict(pairs)


def flat(outputs):
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


@pytest.mark.parametrize("case", [c for c in CASES if floats(c)], ids=lambda case: case.name)
def test_every_op_rounds_what_it_gives(case):
    try:
        wide, halves, feeds = in_both(case)
    except (TypeError, ValueError) as error:
        assert REFUSED.search(str(error)), error
        pytest.skip(str(error)[:80])
    pairs = [(a, tf.cast(b, tf.float32)) for a, b in zip(wide, halves) if b.dtype is tf.bfloat16]
    if not pairs:
        pytest.skip("no output is one of bfloat16")
    with tf.Session() as session:
        for expected, found in session.run(pairs, feeds):
            np.testing.assert_array_equal(found, numbers.rounded(np, found))
            largest = np.max(np.abs(expected), initial=1, where=np.isfinite(expected))
            np.testing.assert_allclose(found, expected, rtol=0.02, atol=0.02 * largest)

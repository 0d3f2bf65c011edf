"""The functions that TensorFlow generates have the parameters it gives them, and build ops."""
import json
from inspect import signature
from pathlib import Path

import numpy as np
import pytest
from known_differences import OWN_OPS

import minitf as tf
from minitf import raw_ops
from minitf.as_tensorflow import internals
from minitf.core.op import REGISTRY

THERE = json.loads((Path(__file__).parent / "goldens" / "generated.json").read_text())
# Python's own words, to which TensorFlow gives an underscore.
RESERVED = {"abs", "all", "any", "assert", "complex", "exit", "histogram_fixed_width", "max", "min",
            "pow", "print", "range", "slice", "sum"}  # fmt: skip
# Where parameters that minitf has not are left out.
SHORTER = {"DecodeAndCropJpeg", "DecodeJpeg", "Equal", "NotEqual"}


@pytest.fixture(scope="module")
def nn_ops():
    return internals.module("minitf.python.ops.gen_nn_ops")


def kinds():
    for name in ("image", "linalg", "signal", "sparse", "strings"):
        getattr(tf, name)
    return sorted(set(REGISTRY) - raw_ops.OTHERWISE - OWN_OPS)


def test_parameters_are_those_of_tensorflow(nn_ops):
    for kind in kinds():
        name = raw_ops.lower_case(kind)
        ours = list(signature(getattr(nn_ops, name)).parameters)
        theirs = THERE.get("_" + name if name in RESERVED else name, ours)
        if kind in SHORTER:
            assert [p for p in theirs if p in ours] == ours, kind
        else:
            assert ours == theirs, kind


def test_names_are_those_of_tensorflow():
    assert {n for n in map(raw_ops.lower_case, kinds()) if n not in THERE} <= RESERVED


def test_they_build_the_op(nn_ops):
    x = tf.placeholder(tf.float32, [1, 4, 4, 1])
    y = nn_ops.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    by_place = nn_ops.max_pool_grad(x, y, y, [1, 2, 2, 1], [1, 2, 2, 1], "VALID", name="g")
    by_name = nn_ops._max_pool_grad(
        orig_input=x, orig_output=y, grad=y, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1],
        padding="VALID", data_format="NHWC",
    )  # fmt: skip
    expected = tf.gradients(y, x, y)[0]
    assert by_place.op.type == "MaxPoolGrad" and by_place.op.name == "g"
    with tf.Session() as session:
        fetched = session.run([by_place, by_name, expected],
                              {x: np.arange(16.0).reshape(1, 4, 4, 1)})  # fmt: skip
    np.testing.assert_array_equal(fetched[0], fetched[2])
    np.testing.assert_array_equal(fetched[1], fetched[2])


def test_several_tensors_are_a_list():
    arrays = internals.module("minitf.python.ops.gen_array_ops")
    with tf.Session() as session:
        assert session.run(arrays.concat_v2([[1], [2, 3]], 0)).tolist() == [1, 2, 3]
        assert session.run(arrays.pack([[1], [2]], axis=1)).tolist() == [[1, 2]]
        assert session.run(arrays.squeeze([[[5]]], axis=[0])).tolist() == [[5]]
        assert [part.tolist() for part in session.run(arrays.split(0, [1, 2], 2))] == [[1], [2]]


def test_a_parameter_that_is_missing_is_named(nn_ops):
    with pytest.raises(TypeError, match="missing a required argument: 'features'"):
        nn_ops.relu_grad([1.0])
    with pytest.raises(AttributeError, match="has no attribute 'relu_gard'"):
        nn_ops.relu_gard  # noqa: B018


def test_raw_ops_are_called_by_keywords():
    x, y = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.float32, [2])
    made = tf.raw_ops.Atan2(y=y, x=x, name="a")
    assert made.op.type == "Atan2" and made.op.name == "a" and list(made.op.inputs) == [y, x]
    assert list(signature(tf.raw_ops.Sum).parameters) == ["input", "axis", "keep_dims", "name"]
    with pytest.raises(TypeError, match=r"^Atan2 only takes keyword args \(possible keys: \['y',"):
        tf.raw_ops.Atan2(y, x)
    with pytest.raises(TypeError, match="missing a required argument: 'x'"):
        tf.raw_ops.Atan2(y=y)
    assert "MatMul" in dir(tf.raw_ops) and "IncrementBelow" not in dir(tf.raw_ops)
    with pytest.raises(AttributeError, match="has no attribute 'Matmul'"):
        tf.raw_ops.Matmul  # noqa: B018

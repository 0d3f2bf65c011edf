"""What a program is told that asks for a name that is not there."""
import os
import subprocess
import sys

import pytest

import minitf as tf
from minitf import missing

ABSENT = "TensorFlow 1.15 has it, minitf has not (yet)."


def said(expression):
    with pytest.raises(AttributeError) as raised:
        eval(expression, {"tf": tf})
    return str(raised.value)


@pytest.mark.parametrize(("expression", "near"), [
    ("tf.placeholdr", "tf.placeholder"),
    ("tf.reduce_men", "tf.reduce_mean"),
    ("tf.train.AdamOptimiser", "tf.train.AdamOptimizer"),
    ("tf.nn.rellu", "tf.nn.relu"),
    ("tf.contrib.layers.xavier_initialiser", "tf.contrib.layers.xavier_initializer"),
    ("tf.contrib.learn.datasets.load_dataset2", "tf.contrib.learn.datasets.load_dataset"),
    ("tf.losses.mean_square_error", "tf.losses.mean_squared_error"),
    ("tf.python.framework.ops.name_scop", "tf.python.framework.ops.name_scope"),
])
def test_the_nearest_name(expression, near):
    assert f"The nearest it has: {near}" in said(expression)


@pytest.mark.parametrize(("expression", "elsewhere"), [
    ("tf.AdamOptimizer", "tf.train.AdamOptimizer"),
    ("tf.relu", "tf.nn.relu"),
    ("tf.nn.reduce_mean", "tf.reduce_mean"),
    ("tf.layers.mean_squared_error", "tf.losses.mean_squared_error"),
])
def test_the_same_name_elsewhere(expression, elsewhere):
    assert said(expression).endswith(f"The nearest it has: {elsewhere}.") or elsewhere in said(
        expression
    )


def test_what_tensorflow_has_and_minitf_has_not():
    assert missing.about("", "no_such_namespace") == (
        "Neither has TensorFlow 1.15: tf.no_such_namespace."
    )
    assert missing.about("tpu", "rewrite").startswith(f"tf.tpu.rewrite: {ABSENT}")
    assert missing.about("", "tpu").startswith("tf.tpu (")
    assert said("tf.contrib.rpc").endswith(f"names): {ABSENT}")
    assert missing.about("contrib", "boosted_trees").endswith(
        f"{ABSENT} The nearest it has: tf.estimator.BoostedTreesClassifier."
    )
    assert said("tf.lite").startswith("module 'minitf' has no attribute 'lite'. tf.lite (")


def test_tensorflow_2_within_1_15():
    assert "tf.compat.v2 has what TensorFlow 1.15 knew of" in said("tf.compat.v2.nn.nothing")
    assert "The nearest it has: tf.Session" in said("tf.compat.v2.Session")


def test_the_error_is_the_usual_one():
    with pytest.raises(AttributeError) as raised:
        tf.train.no_such_thing  # noqa: B018
    assert raised.value.name == "no_such_thing"
    assert str(raised.value).startswith("module 'minitf.train' has no attribute 'no_such_thing'. ")
    assert not hasattr(tf, "no_such_thing") and getattr(tf.nn, "no_such_thing", 5) == 5


def test_private_names_are_not_looked_for():
    assert said("tf._no") == "module 'minitf' has no attribute '_no'"
    assert said("tf.nn.__no__") == "module 'minitf.nn' has no attribute '__no__'"


def test_namespaces_on_demand_are_still_on_demand():
    assert tf.compat.v1 is tf
    assert tf.test.TestCase and tf.contrib.learn.datasets.mnist
    assert "tf.test.main" in said("tf.test.mainn")


COST = """
import sys
import minitf as tf
read = {"minitf.former_names"} & set(sys.modules)
import minitf.missing
print(read, minitf.missing.recorded.cache_info().currsize)
hasattr(tf, "no_such_name")
print(minitf.missing.recorded.cache_info().currsize)
"""


def test_nothing_is_read_before_an_error():
    result = subprocess.run([sys.executable, "-c", COST], capture_output=True, text=True)
    assert result.stdout.splitlines() == ["set() 0", "1"], result.stderr
    assert os.path.getsize(missing.RECORDED) < 150_000


@pytest.mark.parametrize(("statement", "told"), [
    ("import tensorflow.contrib.rpc",
     f"tensorflow.contrib.rpc (2 names): {ABSENT}"),
    ("from tensorflow.contrib import rpc",
     f"tensorflow.contrib.rpc (2 names): {ABSENT}"),
    ("from tensorflow.contrib.nowhere import x", "Neither has TensorFlow 1.15"),
    ("from tensorflow.contrib.boosted_trees.lib import x", f"boosted_trees: {ABSENT}"),
    ("from tensorflow.tools.graph_transforms import TransformGraph", "tf.graph_util has those"),
    ("import tensorflow.contrib.layers.python.nowhere", "TensorFlow kept it to itself"),
    ("from tensorflow.train import AdamOptimiser", "nearest it has: tensorflow.train.AdamOptimi"),
    ("from tensorflow import relu", "The nearest it has: tensorflow.nn.relu, "
     "tensorflow.contrib.layers.relu, tensorflow.keras.activations.relu."),
])
def test_imports_tell_it_too(statement, told):
    code = f"import minitf.as_tensorflow as a\na.install()\n{statement}"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told in result.stderr.splitlines()[-1]
    assert result.stderr.splitlines()[-1].startswith("ModuleNotFoundError: No module named 'tensor")

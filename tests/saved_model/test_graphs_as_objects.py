"""tf.saved_model.load_v2 of SavedModels of graphs: signatures as functions."""
import numpy as np
import pytest
from either_mode import run
from goldens.saved_models import golden, unpacked

import minitf as tf

X = np.linspace(-1, 1, 12).reshape(4, 3).astype(np.float32)


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def saved(path):
    """A small graph with two variables, saved by simple_save."""
    with tf.Graph().as_default(), tf.Session() as sess:
        x, y = tf.placeholder(tf.float32, [None], name="x"), tf.placeholder(tf.float32, name="y")
        a, b = tf.get_variable("a", initializer=2.0), tf.get_variable("b", initializer=1.0)
        scaled = tf.multiply(a, x, name="scaled")
        sess.run(tf.global_variables_initializer())
        tf.saved_model.simple_save(sess, path, {"x": x, "y": y}, {"z": scaled + b * y})
    return path


def test_an_exported_model(mode, tmp_path):
    path = unpacked("exported", str(tmp_path))
    loaded = tf.saved_model.load_v2(path, tags=["serve"])
    assert list(loaded.signatures) == ["serving_default"] and len(loaded.variables) == 2
    (found,) = run(loaded.signatures["serving_default"](tf.constant(X))).values()
    np.testing.assert_allclose(found, golden()["exported"]["predicted"], rtol=1e-5)
    with pytest.raises(ValueError, match=r"requires a 'tags=' argument if there is more than one"):
        tf.saved_model.load_v2(path)
    with pytest.raises(RuntimeError, match="could not be found in SavedModel"):
        tf.saved_model.load_v2(path, tags=["none"])


def test_parts_of_a_graph(mode, tmp_path):
    loaded = tf.saved_model.load_v2(saved(str(tmp_path / "m")))
    served = loaded.signatures["serving_default"]
    assert served.structured_input_signature[1]["y"].dtype is tf.float32
    x, y = tf.constant([1.0, 2.0]), tf.constant(5.0)
    np.testing.assert_array_equal(run(served(x=x, y=y)["z"]), [7, 9])
    with pytest.raises(TypeError, match="Expected at most 0 positional arguments"):
        served(x, y)
    part = loaded.prune("x:0", {"s": "scaled:0"})
    np.testing.assert_array_equal(run(part(x)["s"]), [2, 4])
    inside = loaded.prune([loaded.graph.get_tensor_by_name("scaled:0"), "y:0"], ["add:0"])
    np.testing.assert_array_equal(run(inside(x, y))[0], [6, 7])
    both = loaded.prune(["y:0", "x:0"], "add:0")
    np.testing.assert_array_equal(run(both(y, x)), [7, 9])
    np.testing.assert_array_equal(run(both(x=x, y=y)), [7, 9])


def test_its_variables_are_trained(mode, tmp_path):
    loaded = tf.saved_model.load_v2(saved(str(tmp_path / "m")))
    variables = sorted(loaded.variables, key=lambda variable: variable.name)
    served, x, y = loaded.signatures["serving_default"], tf.constant([1.0, 2.0]), tf.constant(5.0)
    if mode == "graph":
        gradients = tf.gradients(served(x=x, y=y)["z"], variables)
        assert run(gradients) == [3.0, 10.0]
        return
    with tf.GradientTape() as tape:
        z = served(x=x, y=y)["z"]
    assert run(tape.gradient(z, variables)) == [3.0, 10.0]
    variables[0].assign(0.0)
    np.testing.assert_array_equal(served(x=x, y=y)["z"].numpy(), [5, 5])


def test_tables_are_refused(mode, tmp_path):
    with tf.Graph().as_default(), tf.Session() as sess:
        keys = tf.lookup.KeyValueTensorInitializer([1], [2])
        table, x = tf.lookup.StaticHashTable(keys, 0), tf.placeholder(tf.int32, [])
        sess.run(tf.tables_initializer())
        tf.saved_model.simple_save(sess, str(tmp_path / "m"), {"x": x}, {"y": table.lookup(x)},
                                   tf.tables_initializer())
    with pytest.raises(NotImplementedError, match="the graph has tables"):
        tf.saved_model.load_v2(str(tmp_path / "m"))

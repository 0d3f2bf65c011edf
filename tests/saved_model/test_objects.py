"""SavedModels of objects: those of TensorFlow loaded, as it loads them."""
import numpy as np
import pytest
from either_mode import run
from goldens.saved_models import golden, unpacked

import minitf as tf
from minitf.core.proto.meta_graph import SavedModel

c = tf.constant


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


@pytest.fixture
def module(mode, tmp_path):
    return tf.saved_model.load_v2(unpacked("module", str(tmp_path)))


def test_the_message_is_written_as_it_was_read(tmp_path):
    with open(unpacked("module", str(tmp_path)) + "/saved_model.pb", "rb") as file:
        content = file.read()
    found = SavedModel.FromString(content)
    assert sorted(found.SerializeToString()) == sorted(content)
    node = found.meta_graphs[0].object_graph_def.nodes[0]
    assert {child.local_name for child in node.children} >= {"v", "branch", "signatures"}


def test_functions(module):
    assert run([module.branch(3.0), module.branch(c(-3.0))]) == [6.0, 3.0]
    assert run(module.loop(c(3.0), n=3)) == 24.0
    given = module.scaled(c([1.0, 1.0]))
    assert given["b"][1] is None
    np.testing.assert_array_equal(run(given["a"]), [2, 3])
    np.testing.assert_array_equal(run(given["b"][0]), [1, 1])
    np.testing.assert_array_equal(run(module.scaled(c([4.0, 5.0]), 3.0, flag=False)), [4, 5])
    sparse = tf.SparseTensor([[0, 1]], [5.0], [2, 3])
    np.testing.assert_array_equal(run(module.dense(sparse)), [[0, 5, 0], [0, 0, 0]])


def test_functions_that_do_not_fit(module):
    with pytest.raises(ValueError, match="Could not find matching function to call loaded from"):
        module.scaled(c([1.0, 1.0]), 4.0)
    with pytest.raises(ValueError, match="2 option"):
        module.scaled(c([1, 1]))
    with pytest.raises(ValueError, match="incompatible with input_signature"):
        module.branch(c([1.0]))


def test_a_function_changes_a_variable(module):
    if tf.executing_eagerly():
        assert [module.count().numpy() for _ in range(2)] == [1, 2]
        assert module.n.numpy() == 2
        return
    counted = module.count()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert [sess.run(counted) for _ in range(2)] == [1, 2]
        assert sess.run(module.n) == 2


def test_signatures(module):
    assert sorted(module.signatures) == ["branch", "loop"]
    loop = module.signatures["loop"]
    assert loop.structured_input_signature == (
        (), {"n": tf.TensorSpec([], tf.int32, "n"), "x": tf.TensorSpec([], tf.float32, "x")}
    )  # fmt: skip
    assert list(loop.structured_outputs) == ["output_0"]
    assert run(loop(x=c(2.0), n=c(3))) == {"output_0": 16.0}
    assert run(module.signatures["branch"](c(2.0))) == {"output_0": 4.0}
    with pytest.raises(TypeError, match="Expected at most 0 positional arguments"):
        loop(c(2.0), c(3))
    with pytest.raises(TypeError, match="missing"):
        loop(x=c(2.0))


def test_objects(module):
    assert isinstance(module.parts, list) and isinstance(module.parts[1], dict)
    assert module.v.trainable and not module.n.trainable
    assert [module.v.name, module.n.name] == ["v:0", "Variable:0"]
    values = [module.v, module.parts[0], module.parts[1]["z"], module.sub.w]
    assert [np.ravel(value).tolist() for value in run([v.read_value() for v in values])] == [
        [2.0], [3.0], [4], [5.0],
    ]  # fmt: skip
    assert module.tensorflow_version == "1.15.5"
    if not tf.executing_eagerly():
        assert len(tf.global_variables()) == 6 and not tf.trainable_variables()


def test_gradients_come_to_the_variables(module):
    if tf.executing_eagerly():
        with tf.GradientTape() as tape:
            y = module.loop(c(3.0), c(2)) * module.branch(c(2.0))  # 3 v² * 2 v
        assert tape.gradient(y, module.v).numpy() == 72.0
        module.v.assign(1.0)
        assert module.branch(5.0).numpy() == 5.0
    else:
        y = module.loop(c(3.0), c(2)) * module.branch(c(2.0))
        assert run(tf.gradients(y, module.v)) == [72.0]


def test_there_are_no_gradients_through_lists(module):
    assert run(module.listed(2.0)).tolist() == [4.0, 4.0, 4.0]
    with pytest.raises(LookupError, match="TensorListStack"):
        if tf.executing_eagerly():
            with tf.GradientTape() as tape:
                y = module.listed(2.0)
            tape.gradient(y, module.v)
        else:
            tf.gradients(module.listed(2.0), module.v)


def test_a_table_and_its_file(mode, tmp_path):
    loaded = tf.saved_model.load_v2(unpacked("table", str(tmp_path)), tags=["serve"])
    found = run([loaded(c(["c", "a", "z"])), loaded.signatures["serving_default"](c(["b"]))])
    assert found[0].tolist() == [2, 0, 3] and found[1]["output_0"].tolist() == [1]


@pytest.mark.parametrize("name", ["module", "table", "sequential"])
def test_a_session_serves_them(name, tmp_path):
    with tf.Session(graph=tf.Graph()) as sess:
        loaded = tf.saved_model.load(sess, ["serve"], unpacked(name, str(tmp_path)))
        key = "loop" if name == "module" else "serving_default"
        signature = loaded.signature_def[key]
        x = np.linspace(-1, 1, 12).reshape(4, 3)
        fed = {"loop": {"x": 2.0, "n": 3}}.get(key) or {
            name: ["c", "a", "z"] if info.dtype == tf.string.as_datatype_enum else x
            for name, info in signature.inputs.items()
        }
        feeds = {signature.inputs[name].name: value for name, value in fed.items()}
        (output,) = signature.outputs.values()
        wanted = {"module": 16.0, "table": [2, 0, 3]}.get(name) or golden()[name]["predicted"]
        np.testing.assert_allclose(sess.run(output.name, feeds), wanted, rtol=1e-5)


def test_what_is_refused(mode, tmp_path):
    path = unpacked("module", str(tmp_path))
    with pytest.raises(ValueError, match=r"has one MetaGraph with tags \['serve'\], but got"):
        tf.saved_model.load_v2(path, tags="train")
    with pytest.raises(OSError, match="SavedModel file does not exist"):
        tf.saved_model.load_v2(str(tmp_path / "none"))

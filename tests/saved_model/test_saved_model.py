"""SavedModels written and read, and what is refused."""
import numpy as np
import pytest

import minitf as tf
from minitf.tools.freeze_graph import freeze_graph

CONSTANTS = tf.saved_model.signature_constants
X = np.float32([[1, 2], [3, 4]])


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


@pytest.fixture
def model():
    """(session, input, output, value) of a small model."""
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", [2, 1], initializer=tf.constant_initializer(0.5))
    y = tf.matmul(x, w, name="y")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        yield sess, x, y, sess.run(y, {x: X})


def info(tensor):
    return tf.saved_model.utils.build_tensor_info(tensor)


def served(x, y):
    build = tf.saved_model.signature_def_utils.build_signature_def
    return {"serving_default": build({"x": info(x)}, {"y": info(y)}, CONSTANTS.PREDICT_METHOD_NAME)}


@pytest.mark.parametrize("as_text", [False, True])
def test_a_model_with_two_graphs(model, tmp_path, as_text):
    sess, x, y, value = model
    builder = tf.saved_model.builder.SavedModelBuilder(str(tmp_path / "m"))
    builder.add_meta_graph_and_variables(sess, ["serve", "gpu"], served(x, y))
    builder.add_meta_graph(["train"], served(x, y), strip_default_attrs=True, clear_devices=True)
    path = builder.save(as_text)
    assert path.decode() == str(tmp_path / "m" / f"saved_model.pb{'txt' * as_text}")
    for tags in (["gpu", "serve"], {"train"}):
        with tf.Session(graph=tf.Graph()) as again:
            found = tf.saved_model.loader.load(again, tags, str(tmp_path / "m"))
            assert set(found.meta_info_def.tags) == set(tags)
            outputs = found.signature_def["serving_default"].outputs
            assert (again.run(outputs["y"].name, {"x:0": X}) == value).all()
    with pytest.raises(RuntimeError, match="available_tags"), tf.Session() as other:
        tf.saved_model.loader.load(other, ["serve"], str(tmp_path / "m"))


def test_simple_save_keeps_files_and_runs_an_operation(model, tmp_path):
    sess, x, y, _ = model
    (tmp_path / "words.txt").write_text("hello")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "words.txt").write_text("other")
    files = [tf.constant(str(tmp_path / name)) for name in ("words.txt", "b/words.txt")]
    read = [tf.read_file(file) for file in files]
    for file in files:
        tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, file)
    v = tf.get_variable("v", initializer=3.0, collections=[tf.GraphKeys.LOCAL_VARIABLES])
    tf.saved_model.simple_save(sess, str(tmp_path / "m"), {"x": x}, {"y": y}, v.initializer)
    assert sorted(path.name for path in (tmp_path / "m" / "assets").iterdir()) == [
        "words.txt", "words.txt_1",
    ]  # fmt: skip
    with tf.Session(graph=tf.Graph()) as again:
        tf.saved_model.loader.load(again, [tf.saved_model.tag_constants.SERVING], tmp_path / "m")
        assert again.run("v:0") == 3.0
        assert again.run([tensor.name for tensor in read]) == [b"hello", b"other"]


def test_a_model_without_variables(tmp_path):
    x = tf.placeholder(tf.float32, name="x")
    y = x * 2.0
    with tf.Session() as sess:
        tf.saved_model.simple_save(sess, str(tmp_path / "m"), {"x": x}, {"y": y})
    with tf.Session(graph=tf.Graph()) as sess:
        tf.saved_model.loader.load(sess, ["serve"], str(tmp_path / "m"))
        assert sess.run(y.name, {"x:0": 3.0}) == 6.0


def test_signatures():
    utils = tf.saved_model.signature_def_utils
    text, x = tf.placeholder(tf.string), tf.placeholder(tf.float32)
    sparse = tf.sparse_placeholder(tf.float32, [2, 3])
    assert utils.is_valid_signature(utils.predict_signature_def({"x": x}, {"y": sparse}))
    assert utils.is_valid_signature(utils.regression_signature_def(text, x))
    assert utils.is_valid_signature(utils.classification_signature_def(text, text, x))
    assert not utils.is_valid_signature(utils.build_signature_def({"x": info(x)}, {}, "other"))
    for wrong in (
        lambda: utils.predict_signature_def({}, {"y": x}),
        lambda: utils.predict_signature_def({"x": x}, None),
        lambda: utils.regression_signature_def(x, x),
        lambda: utils.regression_signature_def(text, text),
        lambda: utils.regression_signature_def(None, x),
        lambda: utils.classification_signature_def(text, None, None),
        lambda: utils.classification_signature_def(text, x, None),
    ):
        with pytest.raises(ValueError, match=r"Prediction|Regression|Classification"):
            wrong()
    found = tf.saved_model.utils.get_tensor_from_tensor_info(info(sparse))
    assert isinstance(found, tf.SparseTensor) and found.values is sparse.values
    with pytest.raises(KeyError, match=r"not in the graph|does not exist"):
        tf.saved_model.utils.get_tensor_from_tensor_info(info(x), tf.Graph())
    with pytest.raises(ValueError, match="Invalid TensorInfo"):
        tf.saved_model.utils.get_tensor_from_tensor_info(type(info(x))())


def test_what_a_builder_refuses(model, tmp_path):
    sess, x, y, _ = model
    builder = tf.saved_model.Builder(str(tmp_path / "m"))
    with pytest.raises(AssertionError, match="has not been saved yet"):
        builder.add_meta_graph(["a"])
    nameless = served(x, y)
    nameless["serving_default"].inputs["x"].Clear()
    with pytest.raises(AssertionError, match="one of the 'encoding' fields"):
        builder.add_meta_graph_and_variables(sess, ["a"], nameless)
    reserved = {"__saved_model_init_op": served(x, y)["serving_default"]}
    with pytest.raises(KeyError, match="reserved for initialization"):
        builder.add_meta_graph_and_variables(sess, ["a"], reserved)
    with pytest.raises(TypeError, match="main_op needs to be an Operation"):
        builder.add_meta_graph_and_variables(sess, ["a"], main_op=y)
    with pytest.raises(TypeError, match="must be of type constant"):
        builder.add_meta_graph_and_variables(sess, ["a"], assets_collection=[y])
    builder.add_meta_graph_and_variables(sess, ["a"], main_op=tf.no_op())
    with pytest.raises(AssertionError, match="has already been saved"):
        builder.add_meta_graph_and_variables(sess, ["a"])
    with pytest.raises(ValueError, match="already contains one or more main ops"):
        builder.add_meta_graph(["b"], main_op=tf.no_op())
    with pytest.raises(AssertionError, match="isn't empty"):
        tf.saved_model.Builder(str(tmp_path / "m"))


def test_what_is_no_saved_model(tmp_path):
    assert not tf.saved_model.contains_saved_model(str(tmp_path))
    with pytest.raises(OSError, match=r"does not exist at: .*saved_model.pbtxt\|saved_model.pb"):
        tf.saved_model.loader.load(tf.Session(), ["a"], str(tmp_path))
    (tmp_path / "saved_model.pb").write_bytes(b"\x0a")
    with pytest.raises(OSError, match="Cannot parse file"):
        tf.saved_model.loader.load(tf.Session(), ["a"], str(tmp_path))


@pytest.mark.parametrize("source", ["graph", "meta", "saved_model"])
def test_a_graph_is_frozen_from_files(model, tmp_path, source):
    sess, x, y, value = model
    prefix = tf.train.Saver().save(sess, str(tmp_path / "model"))
    tf.train.write_graph(sess.graph, str(tmp_path), "g.pbtxt")
    tf.saved_model.simple_save(sess, str(tmp_path / "m"), {"x": x}, {"y": y})
    given = {
        "graph": {"input_graph": str(tmp_path / "g.pbtxt"), "input_binary": False},
        "meta": {"input_graph": "", "input_binary": True, "input_meta_graph": f"{prefix}.meta"},
        "saved_model": {"input_graph": "", "input_binary": True, "input_checkpoint": None,
                        "input_saved_model_dir": str(tmp_path / "m")},
    }[source]  # fmt: skip
    arguments = {"input_saver": "", "input_checkpoint": prefix, "output_node_names": "y",
                 "restore_op_name": "", "filename_tensor_name": "", "clear_devices": True,
                 "output_graph": str(tmp_path / "frozen.pb"), "initializer_nodes": ""}  # fmt: skip
    freeze_graph(**(arguments | given))
    graph_def = tf.GraphDef.FromString((tmp_path / "frozen.pb").read_bytes())
    assert {node.op for node in graph_def.node} == {"Placeholder", "Const", "Identity", "MatMul"}
    with tf.Graph().as_default(), tf.Session() as again:
        found = tf.import_graph_def(graph_def, {"x": X}, ["y:0"])
        assert (again.run(found[0]) == value).all()
    assert freeze_graph(**(arguments | given | {"output_node_names": ""})) == -1

"""Graphs, checkpoints and SavedModels that TensorFlow 1.15 has written give its values here (see
goldens/record_graphs.py)."""
import base64
import json
import zlib

import numpy as np
import pytest
from goldens.collect import HERE

import minitf as tf
from minitf.graph_util import unavailable
from minitf.graph_util.rules import RULES

with open(f"{HERE}/graphs.json") as file:
    GOLDEN = json.load(file)
GRAPHS = sorted(name for name in GOLDEN if "graph" in GOLDEN[name])
X = np.linspace(-1, 1, 12).reshape(4, 3).astype(np.float32)


def unpacked(text):
    return zlib.decompress(base64.b64decode(text))


def close(got, want):
    np.testing.assert_allclose(got, want, rtol=2e-5, atol=2e-6)


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


@pytest.fixture
def folder(tmp_path, request):
    """Where the files are that were recorded under this name."""
    for name, content in GOLDEN[request.param]["files"].items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(unpacked(content))
    return tmp_path


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_gives_tensorflows_values(name):
    golden = GOLDEN[name]
    graph_def = tf.GraphDef.FromString(unpacked(golden["graph"]))
    tf.import_graph_def(graph_def, name="")
    feeds = golden["feeds"]
    with tf.Session() as sess:
        if "init" in golden:
            sess.run(golden["init"])
        for got, want in zip(sess.run(golden["fetches"], feeds), golden["values"], strict=True):
            close(got, want)
        for loss in golden.get("losses", ()):
            close(sess.run(golden["fetches"][0], feeds), loss)
            sess.run(golden["train"], feeds)


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_that_was_read_can_be_written_and_read_again(name):
    golden = GOLDEN[name]
    tf.import_graph_def(tf.GraphDef.FromString(unpacked(golden["graph"])), name="")
    written = tf.get_default_graph().as_graph_def().SerializeToString()
    tf.reset_default_graph()
    tf.import_graph_def(tf.GraphDef.FromString(written), name="")
    with tf.Session() as sess:
        if "init" in golden:
            sess.run(golden["init"])
        for got, want in zip(sess.run(golden["fetches"], golden["feeds"]), golden["values"]):
            close(got, want)


@pytest.mark.parametrize("name", ["loop_and_gradient", "nested_loops", "branch_and_gradient"])
def test_a_loop_that_was_read_has_a_gradient(name):
    golden = GOLDEN[name]
    (placeholder, value), = golden["feeds"].items()
    graph_def = tf.GraphDef.FromString(unpacked(golden["graph"]))
    y, x = tf.import_graph_def(graph_def, return_elements=[golden["fetches"][0], placeholder])
    with tf.Session() as sess:
        close(sess.run(tf.gradients(y, x)[0], {x: value}), golden["values"][1])


@pytest.mark.parametrize("folder", ["checkpoint"], indirect=True)
def test_a_checkpoint_with_its_graph_goes_on_training(folder):
    saver = tf.train.import_meta_graph(str(folder / "model-3.meta"))
    before, after = GOLDEN["checkpoint"]["values"]
    with tf.Session() as sess:
        saver.restore(sess, str(folder / "model-3"))
        graph = tf.get_default_graph()
        y, feeds = graph.get_tensor_by_name("y:0"), {"x:0": X}
        close(sess.run(y, feeds), before)
        sess.run("train", feeds)
        close(sess.run(tf.get_collection("outputs")[0], feeds), after)
        assert tf.train.global_step(sess, tf.train.get_global_step()) == 4
        assert [v.name for v in tf.trainable_variables()] == ["w:0", "b:0"]
        saver.save(sess, str(folder / "again"))
        sess.run(tf.global_variables_initializer())
        tf.train.import_meta_graph(str(folder / "again.meta"), import_scope="in").restore(
            sess, str(folder / "again")
        )
        close(sess.run("in/y:0", {"in/x:0": X}), after)


@pytest.mark.parametrize("folder", ["saved_model"], indirect=True)
@pytest.mark.parametrize("scope", [None, "in"])
def test_a_saved_model_gives_tensorflows_values(folder, scope):
    assert tf.saved_model.loader.maybe_saved_model_directory(str(folder))
    with tf.Session(graph=tf.Graph()) as sess:
        found = tf.saved_model.loader.load(sess, ["serve"], str(folder), import_scope=scope)
        signature = found.signature_def["serving_default"]
        assert tf.saved_model.is_valid_signature(signature)
        x, y = (tf.saved_model.utils.get_tensor_from_tensor_info(info, import_scope=scope)
                for info in (signature.inputs["x"], signature.outputs["y"]))  # fmt: skip
        close(sess.run(y, {x: X}), GOLDEN["saved_model"]["values"][0])
        below = f"{scope}/" if scope else ""
        asset = next(op for op in sess.graph.get_operations() if op.type == "ReadFile").inputs[0]
        words = str(folder / "assets" / "words.txt")
        assert sess.run(f"{below}words:0", {asset: words}) == b"hello"
        assert sess.run(f"{below}count:0") == 7  # its main operation has been run


# -- what minitf has not --------------------------------------------------------------------------


def test_a_node_that_minitf_lacks_raises_only_where_it_is_needed():
    graph_def = tf.GraphDef()
    graph_def.node.add(name="a", op="Placeholder").attr["dtype"].type = 1
    node = graph_def.node.add(name="b", op="FixedLengthRecordReaderV2")
    node.attr["record_bytes"].i = 3
    graph_def.node.add(name="c", op="Neg", input=["a"]).attr["T"].type = 1
    b, c = tf.import_graph_def(graph_def, name="", return_elements=["b", "c:0"])
    if not b.definition.as_found:
        pytest.skip("minitf has it by now")
    with tf.Session() as sess:
        assert sess.run(c, {"a:0": 2.0}) == -2
        with pytest.raises(tf.errors.UnimplementedError, match="no op FixedLengthRecordReaderV2"):
            sess.run(b)
    assert b.node_def.attr["record_bytes"].i == 3
    assert b.outputs[0].dtype == tf.resource
    tf.reset_default_graph()
    again = tf.import_graph_def(graph_def, return_elements=["b"], name="")[0]
    assert again.node_def == b.node_def


def test_rules_are_for_ops_that_minitf_has_not_itself():
    from minitf.core.op import REGISTRY

    assert RULES.keys() & REGISTRY.keys() == {
        "Enter", "ParseExample", "ParseSingleSequenceExample", "Switch",
    }  # fmt: skip
    assert unavailable.definition("X").as_found


def test_a_branch_that_reads_a_variable_without_a_value_is_not_taken():
    v = tf.Variable([1.0, 2.0], name="v")
    known, asked = tf.is_variable_initialized(v), tf.placeholder(tf.bool, [])
    safe = tf.cond(known, lambda: v.read_value() * 1.0, lambda: tf.constant([5.0, 6.0]))
    unsafe = tf.cond(asked, lambda: v.read_value(), lambda: tf.constant([5.0, 6.0]))
    with tf.Session() as sess:
        assert sess.run(safe).tolist() == sess.run(unsafe, {asked: False}).tolist() == [5, 6]
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
            sess.run(unsafe, {asked: True})
        sess.run(v.initializer)
        assert sess.run(safe).tolist() == sess.run(unsafe, {asked: True}).tolist() == [1, 2]

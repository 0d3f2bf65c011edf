"""tf.saved_model.save: objects written and loaded again. (TensorFlow 1.15.5 reads them as well.)"""
import contextlib

import numpy as np
import pytest
from either_mode import run
from goldens.saved_models import unpacked

import minitf as tf
from minitf.core.eager import eager_mode

c, Spec = tf.constant, tf.TensorSpec


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def variable(value, **options):
    return tf.Variable(value, use_resource=True, **options)


class Module(tf.Module):
    def __init__(self):
        super().__init__()
        self.v, self.n = variable(2.0, name="v"), variable(0, trainable=False)
        self.rows = variable(np.eye(3, dtype=np.float32))
        self.k, self.parts = c([1.0, 2.0]), [variable(3.0), {"z": variable(4)}]

    @tf.function(input_signature=[Spec([], tf.float32)])
    def branch(self, x):
        return x * self.v if x > 0 else -x

    @tf.function(input_signature=[Spec([], tf.float32), Spec([], tf.int32)])
    def loop(self, x, n):
        for _ in tf.range(n):
            x = x * self.v
        return x

    @tf.function(input_signature=[])
    def count(self):
        before = self.n + 0
        self.n.assign_add(1)
        if before > 0:
            self.n.assign(self.n * 10)
        return before, self.n + 0

    @tf.function(input_signature=[Spec([None], tf.int32)])
    def replaced(self, at):
        self.rows.scatter_update(tf.IndexedSlices(tf.ones([tf.size(at), 3]), at))
        return tf.reduce_sum(tf.gather(self.rows, at))

    @tf.function(input_signature=[tf.SparseTensorSpec([None, 3], tf.float32)])
    def dense(self, x):
        return {"d": tf.sparse.to_dense(x), "s": x}

    @tf.function
    def scaled(self, x, scale=1.0, *, flag=True):
        return {"a": x * scale + self.k, "b": (x, None)} if flag else x


@pytest.fixture
def saved(mode, tmp_path):
    """(mode, path of a saved Module)."""
    made, path = Module(), str(tmp_path / "m")
    if mode == "eager":
        made.scaled(c([1.0, 1.0]))
        made.scaled(c([1.0, 1.0]), 3.0, flag=False)
    signatures = {"branch": made.branch, "loop": made.loop}
    with contextlib.nullcontext() if mode == "eager" else tf.Session() as sess:
        if sess is not None:
            sess.run(tf.global_variables_initializer())
        tf.saved_model.save(made, path, signatures)
    if mode == "graph":
        tf.reset_default_graph()
    return mode, path


def test_an_object_is_as_it_was(saved):
    _mode, path = saved
    found = tf.saved_model.load_v2(path)
    assert run([found.branch(3.0), found.branch(c(-3.0)), found.loop(3.0, 3)]) == [6.0, 3.0, 24.0]
    values = [found.v, found.parts[0], found.parts[1]["z"]]
    assert run([each.read_value() for each in values]) == [2.0, 3.0, 4]
    assert [each.trainable for each in (found.v, found.n)] == [True, False]
    dense = found.dense(tf.SparseTensor([[0, 1]], [5.0], [2, 3]))
    np.testing.assert_array_equal(run(dense["d"]), [[0, 5, 0], [0, 0, 0]])
    assert isinstance(dense["s"], tf.SparseTensor)
    assert run(found.signatures["loop"](x=c(2.0), n=c(3))) == {"output_0": 16.0}


def test_what_a_function_writes_is_written_in_order(saved):
    mode, path = saved
    found = tf.saved_model.load_v2(path)
    if mode == "eager":
        assert [run(found.count()) for _ in range(3)] == [(0, 1), (1, 20), (20, 210)]
        assert found.replaced(c([0, 2])).numpy() == 6.0
        np.testing.assert_array_equal(found.rows.numpy(), [[1, 1, 1], [0, 1, 0], [1, 1, 1]])
        return
    counted = found.count()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert [tuple(sess.run(counted)) for _ in range(3)] == [(0, 1), (1, 20), (20, 210)]


def test_traces_of_calls(mode, tmp_path):
    if mode == "graph":
        pytest.skip("where a graph is built, a call leaves no trace")
    made, path = Module(), str(tmp_path / "m")
    made.scaled(c([1.0, 1.0]))
    made.scaled(c([1.0, 1.0]), 3.0, flag=False)
    tf.saved_model.save(made, path)
    found = tf.saved_model.load_v2(path)
    np.testing.assert_array_equal(found.scaled(c([1.0, 1.0]))["a"].numpy(), [2, 3])
    np.testing.assert_array_equal(found.scaled(c([4.0, 5.0]), 3.0, flag=False).numpy(), [4, 5])
    with pytest.raises(ValueError, match="Could not find matching function"):
        found.scaled(c([4.0, 5.0]), 3.0)


def test_a_session_serves_it_and_saves_it(saved, tmp_path):
    _mode, path = saved
    with tf.Graph().as_default(), tf.Session() as sess:
        loaded = tf.saved_model.load(sess, ["serve"], path)
        signature = loaded.signature_def["loop"]
        feeds = {signature.inputs["x"].name: 2.0, signature.inputs["n"].name: 3}
        assert sess.run(signature.outputs["output_0"].name, feeds) == 16.0
        other = str(tmp_path / "again")
        sess.run(loaded.saver_def.save_tensor_name, {"saver_filename:0": other})
    reader = tf.train.NewCheckpointReader(other)
    assert reader.get_tensor("v/.ATTRIBUTES/VARIABLE_VALUE") == 2.0


def test_the_folder_has_a_checkpoint(saved):
    _mode, path = saved
    value = variable(0.0)
    status = tf.train.Checkpoint(v=value).restore(f"{path}/variables/variables")
    status.assert_nontrivial_match()
    if not tf.executing_eagerly():
        with tf.Session() as sess:
            status.run_restore_ops(sess)
            assert sess.run(value) == 2.0
    else:
        assert value.numpy() == 2.0


def test_what_was_loaded_is_saved_again(mode, tmp_path):
    if mode == "graph":
        pytest.skip("its variables have no values yet")
    found = tf.saved_model.load_v2(unpacked("module", str(tmp_path)))
    found.v.assign(3.0)
    path = str(tmp_path / "again")
    tf.saved_model.save(found, path, found.signatures["loop"])
    again = tf.saved_model.load_v2(path)
    assert again.loop(c(2.0), c(2)).numpy() == 18.0
    np.testing.assert_array_equal(again.scaled(c([1.0, 1.0]))["a"].numpy(), [2, 3])
    outputs = again.signatures["serving_default"](x=c(2.0), n=c(1))
    assert outputs["output_0"].numpy() == 6.0


@pytest.mark.parametrize("make", [
    lambda: tf.train.AdamOptimizer(0.1), lambda: tf.keras.optimizers.SGD(0.1, momentum=0.9),
])  # fmt: skip
def test_a_step_of_training(make, tmp_path):
    with eager_mode():
        made = tf.train.Checkpoint(v=tf.Variable([1.0, 2.0]), optimizer=make())

        @tf.function(input_signature=[])
        def step():
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(made.v**2)
            made.optimizer.apply_gradients([(tape.gradient(loss, made.v), made.v)])
            return loss

        made.step = step
        step()
        tf.saved_model.save(made, str(tmp_path / "m"))
        loaded = tf.saved_model.load_v2(str(tmp_path / "m"))
        assert [loaded.step().numpy() for _ in range(3)] == [step().numpy() for _ in range(3)]
        np.testing.assert_array_equal(loaded.v.numpy(), made.v.numpy())


def test_the_signature_that_is_found(mode, tmp_path):
    class One(tf.Module):
        @tf.function(input_signature=[Spec([None], tf.float32)])
        def twice(self, x):
            return [x, 2 * x]

        @tf.function
        def other(self, x):
            return x

    tf.saved_model.save(One(), str(tmp_path / "m"))
    found = tf.saved_model.load_v2(str(tmp_path / "m"))
    outputs = run(found.signatures["serving_default"](c([1.0])))
    assert {key: value.tolist() for key, value in outputs.items()} == {
        "output_0": [1.0], "output_1": [2.0],
    }  # fmt: skip
    assert run(found.twice([3.0]))[1].tolist() == [6.0]


def test_what_is_refused(mode, tmp_path):
    save, path = tf.saved_model.save, str(tmp_path / "m")
    made = tf.train.Checkpoint()
    with pytest.raises(ValueError, match="Expected a Trackable object"):
        save([1], path)
    with pytest.raises(ValueError, match="with an input signature"):
        save(made, path, tf.function(lambda x: x))
    nested = tf.function(lambda x: [[x], x], input_signature=[Spec([], tf.float32)])
    with pytest.raises(ValueError, match="Got non-flat outputs"):
        save(made, path, nested)
    other = tf.function(lambda x: {"a": [x]}, input_signature=[Spec([], tf.float32)])
    with pytest.raises(ValueError, match="non-Tensor value"):
        save(made, path, other)
    outside = variable(1.0)
    times = tf.function(lambda x: x * outside, input_signature=[Spec([], tf.float32)])
    made = tf.train.Checkpoint(f=times)
    with pytest.raises(AssertionError, match="references untracked object"):
        save(made, path)
    with pytest.raises(KeyError, match="not reachable from root"):
        save(made, path, {})
    reserved = tf.train.Checkpoint(signatures=tf.train.Checkpoint())
    with pytest.raises(ValueError, match="reserved attribute"):
        save(reserved, path)
    tables = tf.train.Checkpoint()
    tables.t = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer([1], [2]), 0)
    tables.f = tf.function(tables.t.lookup, input_signature=[Spec([], tf.int32)])
    with pytest.raises(NotImplementedError, match="variables alone"):
        save(tables, path)
    loaded = tf.saved_model.load_v2(unpacked("table", str(tmp_path)))
    with pytest.raises(NotImplementedError, match="variables alone"):
        save(loaded, path, {})
    with pytest.raises(AssertionError, match="not supported inside a traced"):
        tf.function(lambda: save(made, path)).get_concrete_function()


def test_results_are_called_as_their_place_in_the_structure(tmp_path):
    class Several(tf.Module):
        @tf.function(input_signature=[Spec([None], tf.float32, "x")])
        def call(self, x):
            return {"a": x + 1, "b": (x, x * 2)}

    with eager_mode():
        tf.saved_model.save(Several(), str(tmp_path))
        loaded = tf.saved_model.load_v2(str(tmp_path))
        [found] = loaded.call.concrete_functions
    names = tf.nest.map_structure(lambda spec: spec.name, found.structured_outputs)
    assert names == {"a": "a", "b": ("b/0", "b/1")}  # as TensorFlow 1.15.5 has them

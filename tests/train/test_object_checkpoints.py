"""tf.train.Checkpoint: what is restored, what is restored later, what is said of the rest.

The names and keys themselves are in tests/goldens/snippets/object_checkpoints.py.
"""
import contextlib
import gc
import os

import numpy as np
import pytest
from goldens.checkpoints import HERE, INPUTS, objects, optimizers, train

import minitf as tf
from minitf.core import trackable
from minitf.core.eager import eager_mode
from minitf.train import object_restore


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(trackable, "waiting", [])  # other tests' restores
    tf.keras.backend.clear_session()
    forget()
    yield
    tf.keras.backend.clear_session()


def forget():
    """Restores of objects that are no more are over."""
    gc.collect()
    trackable.changed()


@pytest.fixture
def eager():
    with eager_mode():
        yield


@pytest.fixture
def warned(monkeypatch):
    said = []
    monkeypatch.setattr(
        object_restore.logging, "warning", lambda text, *values: said.append(text % values)
    )
    return said


def path(folder, name="c"):
    return os.path.join(str(folder), name)


# -- what TensorFlow has written ------------------------------------------------------------------


def stepped(sess, found):
    sess.run(found["train"])
    net = found["net"]
    return sess.run([*net.weights, found["step"]])


def built(name):
    found = objects(tf, optimizers(tf)[name])
    return found | {"train": train(tf, found)}


def restored(name, found):
    checkpoint = tf.train.Checkpoint(**{key: found[key] for key in ("net", "optimizer", "step")})
    return checkpoint, checkpoint.restore(path(HERE, f"objects-{name}"))


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_a_checkpoint_of_tensorflow_goes_on_where_it_was_left(name):
    found = built(name)
    _, status = restored(name, found)
    status.assert_consumed()
    with tf.Session() as sess:
        status.run_restore_ops()
        assert sess.run(found["step"]) == 1
        after = stepped(sess, found)
    tf.reset_default_graph()
    found = built(name)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        tf.train.Checkpoint(**found | {"train": found["step"]}).restore(
            None).initialize_or_restore()  # fmt: skip
        sess.run(found["train"])
        want = stepped(sess, found)
    for one, other in zip(after, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_what_tensorflow_has_written_is_written_again(name, tmp_path):
    found = built(name)
    checkpoint, status = restored(name, found)
    with tf.Session() as sess:
        status.initialize_or_restore(sess)
        written = checkpoint.write(path(tmp_path))
    ours, theirs = (tf.train.load_checkpoint(each) for each in
                    (written, path(HERE, f"objects-{name}")))  # fmt: skip
    shapes = theirs.get_variable_to_shape_map()
    assert ours.get_variable_to_shape_map() == shapes
    for key in shapes.keys() - {"_CHECKPOINTABLE_OBJECT_GRAPH"}:
        np.testing.assert_array_equal(ours.get_tensor(key), theirs.get_tensor(key))


def run_step(found):
    net = found["net"]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(net(tf.constant(INPUTS)) - 1.0))
    variables = net.trainable_variables
    found["optimizer"].apply_gradients(zip(tape.gradient(loss, variables), variables))
    found["step"].assign_add(1)
    return loss.numpy()


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_what_is_made_later_gets_its_value_when_it_is_made(name, eager):
    found = objects(tf, optimizers(tf)[name])
    checkpoint, status = restored(name, found)
    assert found["step"].numpy() == 1
    assert found["net"].named["scale"].numpy()[0] != 2.0
    with pytest.raises(AssertionError, match=r"Unresolved object in checkpoint \(root\)\."):
        status.assert_consumed()
    status.assert_existing_objects_matched().assert_nontrivial_match()
    losses = [run_step(found), run_step(found)]
    status.assert_consumed()
    checkpoint.restore(path(HERE, f"objects-{name}")).assert_consumed()
    assert [run_step(found), run_step(found)] == losses
    stored = tf.train.load_checkpoint(path(HERE, f"objects-{name}"))
    checkpoint.restore(path(HERE, f"objects-{name}"))
    kernel = found["net"].more[0].kernel
    key = "net/more/0/kernel/.ATTRIBUTES/VARIABLE_VALUE"
    np.testing.assert_array_equal(kernel.numpy(), stored.get_tensor(key))


# -- saving ---------------------------------------------------------------------------------------


def test_saves_are_numbered_and_found(tmp_path):
    checkpoint = tf.train.Checkpoint(v=tf.Variable([1.0, 2.0]))
    with tf.Session() as sess:
        checkpoint.restore(None).initialize_or_restore()
        assert checkpoint.save(path(tmp_path)) == path(tmp_path, "c-1")
        nodes = len(sess.graph.get_operations())
        assert checkpoint.save(path(tmp_path), session=sess) == path(tmp_path, "c-2")
        assert sess.run(checkpoint.save_counter) == 2
        assert len(sess.graph.get_operations()) == nodes
    assert tf.train.latest_checkpoint(str(tmp_path)) == path(tmp_path, "c-2")
    value = tf.train.load_variable(path(tmp_path, "c-2"), "v/.ATTRIBUTES/VARIABLE_VALUE")
    np.testing.assert_array_equal(value, [1.0, 2.0])


def test_strings_and_small_numbers(tmp_path, eager):
    values = [np.array([b"a", b"bcd\0"], object), np.float16([1.5]), True, np.uint8(3), 2 + 1j]
    found = [tf.Variable(value) for value in values]
    checkpoint = tf.train.Checkpoint()
    checkpoint.all = found
    saved = checkpoint.save(path(tmp_path, "new/folder/c"))
    for variable in found:
        variable.assign(tf.zeros_like(variable))
    checkpoint.restore(saved).assert_consumed()
    for variable, value in zip(found, values):
        np.testing.assert_array_equal(variable.numpy(), value)


def test_what_cannot_be_saved():
    with pytest.raises(ValueError, match=r"was expecting a trackable object.* got 3 for 'a'"):
        tf.train.Checkpoint(a=3)
    checkpoint = tf.train.Checkpoint()
    checkpoint.named = {1: tf.Variable(0.0)}
    with pytest.raises(ValueError, match="the key 1, which is not a string"):
        checkpoint.save("/nowhere/c", tf.Session())
    with pytest.raises(ValueError, match="no session is the default one"):
        tf.keras.backend.clear_session()
        fallback, object_restore.object_values._fallback[:] = (
            object_restore.object_values._fallback[:], [])  # fmt: skip
        try:
            tf.train.Checkpoint(v=tf.Variable(0.0)).save("/nowhere/c")
        finally:
            object_restore.object_values._fallback[:] = fallback
    with tf.Session() as sess, pytest.raises(tf.errors.FailedPreconditionError, match="Variable"):
        tf.train.Checkpoint(v=tf.Variable(0.0)).write("/nowhere/c", sess)


def test_a_traced_function_writes_nothing(eager, tmp_path):
    checkpoint = tf.train.Checkpoint(v=tf.Variable(0.0))

    @tf.contrib.eager.defun
    def save():
        checkpoint.save(path(tmp_path))

    with pytest.raises(NotImplementedError, match=r"Checkpoint\.save\(\) from a function"):
        save()


# -- what does not fit ----------------------------------------------------------------------------


def pair(folder):
    """A checkpoint of the variables a and b, and what it was made of."""
    checkpoint = tf.train.Checkpoint(a=tf.Variable(1.0), b=tf.Variable([2.0, 3.0]))
    with contextlib.ExitStack() as stack:
        if not tf.executing_eagerly():
            stack.enter_context(tf.Session())
            checkpoint.restore(None).initialize_or_restore()
        return checkpoint.write(path(folder)) if checkpoint.save_counter is None else (
            checkpoint.save(path(folder)))  # fmt: skip


def test_shapes_and_types_have_to_fit(tmp_path, eager):
    saved = pair(tmp_path)
    with pytest.raises(ValueError, match=r"Shapes \(3,\) and \(2,\) are incompatible: .*'b/.ATTR"):
        tf.train.Checkpoint(b=tf.Variable([0.0, 0.0, 0.0])).restore(saved)
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected dtype int32 does not equal"):
        tf.train.Checkpoint(a=tf.Variable(0)).restore(saved)
    with pytest.raises(tf.errors.NotFoundError):
        tf.train.Checkpoint().restore(path(tmp_path, "other"))


def test_what_is_missing_on_either_side(tmp_path, eager, warned):
    saved = pair(tmp_path)
    status = tf.train.Checkpoint(a=tf.Variable(0.0)).restore(saved)
    status.assert_existing_objects_matched()
    with pytest.raises(AssertionError, match=r"Unresolved object in checkpoint \(root\)\.b: attr"):
        status.assert_consumed()
    more = tf.train.Checkpoint(a=tf.Variable(0.0), b=tf.Variable([0.0, 0.0]), c=tf.Variable(7.0))
    other = more.restore(saved)
    with pytest.raises(AssertionError, match="Some Python objects were not bound to checkpointed"):
        other.assert_existing_objects_matched()
    other.expect_partial()
    status.expect_partial()
    del status, other, more
    warned.clear()
    forget()
    assert warned == []


def test_what_was_not_restored_is_told_when_all_is_over(tmp_path, eager, warned):
    saved = pair(tmp_path)
    status = tf.train.Checkpoint(a=tf.Variable(0.0)).restore(saved)
    del status
    forget()
    assert warned[0] == "Unresolved object in checkpoint: (root).b"
    assert "Use expect_partial()" in warned[-1]
    assert not trackable.waiting


def test_the_later_of_two_restores_counts(tmp_path, eager):
    first = tf.train.Checkpoint(v=tf.Variable(1.0)).save(path(tmp_path, "a"))
    second = tf.train.Checkpoint(v=tf.Variable(2.0)).save(path(tmp_path, "b"))
    checkpoint = tf.train.Checkpoint()
    status = checkpoint.restore(first)
    checkpoint.restore(second)
    checkpoint.v = tf.Variable(0.0)
    assert checkpoint.v.numpy() == 2.0
    status.assert_consumed()


def test_restoring_through_an_object_that_is_gone(tmp_path, eager):
    dense = tf.keras.layers.Dense(2)
    dense(tf.ones([1, 3]))
    saved = tf.train.Checkpoint(layer=dense).save(path(tmp_path))
    other = tf.keras.layers.Dense(2)
    tf.train.Checkpoint(layer=other).restore(saved).expect_partial()
    gc.collect()
    other(tf.ones([1, 3]))
    np.testing.assert_array_equal(other.kernel.numpy(), dense.kernel.numpy())


def test_lists_to_which_layers_are_added_later(tmp_path, eager):
    def make():
        whole = tf.contrib.checkpoint.Checkpointable()
        whole.layers, whole.own = [], tf.contrib.checkpoint.List()
        return whole

    def fill(whole):
        for _ in range(2):
            whole.layers.append(tf.keras.layers.Dense(2))
            whole.own.append(tf.keras.layers.Dense(1))
        return [layer(tf.ones([1, 3])).numpy() for layer in [*whole.layers, *whole.own]]

    first, second = make(), make()
    want = fill(first)
    saved = tf.train.Checkpoint(whole=first).save(path(tmp_path))
    tf.train.Checkpoint(whole=second).restore(saved)
    np.testing.assert_array_equal(np.concatenate(fill(second), 1), np.concatenate(want, 1))


# -- graphs ---------------------------------------------------------------------------------------


def test_in_a_graph_restoring_waits_for_a_session(tmp_path):
    saved = pair(tmp_path)
    tf.reset_default_graph()
    a, b, c = tf.Variable(0.0), tf.Variable([0.0, 0.0]), tf.Variable(5.0)
    checkpoint = tf.train.Checkpoint(a=a, b=b, c=c)
    status = checkpoint.restore(saved)
    nodes = len(tf.get_default_graph().get_operations())
    with tf.Session() as sess:
        status.initialize_or_restore(sess)
        assert [each.tolist() for each in sess.run([a, b, c])] == [1.0, [2.0, 3.0], 5.0]
        sess.run(a.assign(9.0))
        status.run_restore_ops()
        assert sess.run(a) == 1.0
        assert sess.run(checkpoint.save_counter) == 1
    assert len(tf.get_default_graph().get_operations()) == nodes + 2  # the assignment of 9
    with pytest.raises(AssertionError, match="No checkpoint specified"):
        checkpoint.restore(None).assert_consumed()


def test_two_variables_that_start_from_one_tensor(tmp_path):
    start = tf.constant(0.0)
    a, b = tf.Variable(start), tf.Variable(start)
    checkpoint = tf.train.Checkpoint(a=a, b=b)
    with tf.Session() as sess:
        checkpoint.restore(None).initialize_or_restore()
        sess.run([a.assign(1.0), b.assign(2.0)])
        saved = checkpoint.save(path(tmp_path))
        sess.run([a.initializer, b.initializer])
        checkpoint.restore(saved).assert_consumed().run_restore_ops()
        assert sess.run([a, b]) == [1.0, 2.0]


@pytest.mark.parametrize("at_once", [False, True])
def test_a_checkpoint_of_names(tmp_path, at_once):
    a = tf.Variable(1.0, name="a")
    with tf.Session() as sess:
        sess.run(a.initializer)
        saved = tf.train.Saver([a]).save(sess, path(tmp_path))
    if at_once:
        with eager_mode():
            checkpoint = tf.train.Checkpoint(v=tf.Variable(0.0, name="a"))
            status = checkpoint.restore(saved)
            checkpoint.w = tf.Variable(0.0, name="b")
            assert checkpoint.v.numpy() == 1.0
            with pytest.raises(AssertionError, match=r"attributes which were not restored(.|\n)*b"):
                status.assert_consumed()
        return
    tf.reset_default_graph()
    v = tf.Variable(0.0, name="a")
    holder = tf.contrib.checkpoint.Checkpointable()
    holder.v = v
    checkpoint = tf.train.Checkpoint(holder=holder)
    status = checkpoint.restore(saved)
    with tf.Session() as sess, pytest.raises(tf.errors.NotFoundError, match="save_counter"):
        status.run_restore_ops()
    layer = tf.keras.layers.Layer()
    layer.v = v
    with tf.Session() as sess:
        layer_status = tf.train.load_status.NameBasedSaverStatus(saved, layer)
        layer_status.initialize_or_restore(sess)
        layer_status.assert_consumed()
        assert sess.run(v) == 1.0


def test_a_saver_of_names_reads_a_checkpoint_of_objects(tmp_path):
    a = tf.Variable(3.0, name="a")
    checkpoint = tf.train.Checkpoint(v=a)
    with tf.Session() as sess:
        checkpoint.restore(None).initialize_or_restore()
        saved = checkpoint.save(path(tmp_path))
        sess.run(a.assign(0.0))
        tf.train.Saver([a]).restore(sess, saved)
        assert sess.run(a) == 3.0
        b = tf.Variable(0.0, name="b")
        with pytest.raises(tf.errors.NotFoundError, match=r"checkpoint: b\n(.|\n)*1 var"):
            tf.train.Saver([a, b]).restore(sess, saved)
        tf.train.Saver({"a": b}).restore(sess, saved)
        assert sess.run(b) == 3.0


def test_restoring_again_and_again_keeps_the_last_alone(tmp_path, eager):
    saved = pair(tmp_path)
    checkpoint = tf.train.Checkpoint(a=tf.Variable(0.0))
    for _ in range(5):
        checkpoint.restore(saved).expect_partial()
    assert len(trackable.waiting) == 1
    checkpoint.b = tf.Variable([0.0, 0.0])
    assert checkpoint.b.numpy().tolist() == [2.0, 3.0] and not trackable.waiting

"""tf.train.Saver where things go wrong, and what TensorFlow does not say (its nodes, and what it
keeps: goldens/snippets/savers.py)."""
import builtins
import errno
import threading
from pathlib import Path

import numpy as np
import pytest

import minitf as tf
from minitf.lib import whole_files
from minitf.train.saver import _get_saver_or_default
from minitf.train.saver_builder import BaseSaverBuilder


@pytest.fixture(autouse=True)
def _fresh_graph(tmp_path, monkeypatch):
    tf.reset_default_graph()
    monkeypatch.chdir(tmp_path)


def contents():
    return {path.name: path.read_bytes() for path in Path(".").iterdir()}


class Full:
    """A file on a disk that is full after four bytes."""

    def __init__(self, file):
        self.file, self.left = file, 4

    def write(self, data):
        self.left -= len(data)
        if self.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.file.write(data)

    def close(self):
        self.file.close()


@pytest.mark.parametrize("part", [".data-", ".index", "checkpoint"])
@pytest.mark.parametrize("step", [None, 1])
def test_a_full_disk_leaves_what_was_there(monkeypatch, part, step):
    v = tf.Variable([1.0, 2.0], name="v")
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(v.initializer)
        saver.save(sess, "m", step, write_meta_graph=False)
        before = contents()
        sess.run(v.assign([3.0, 4.0]))

        def opened(path, mode):
            file = builtins.open(path, mode)  # noqa: SIM115
            return Full(file) if part in path else file

        with monkeypatch.context() as patch:
            patch.setattr(whole_files, "open", opened, raising=False)
            with pytest.raises(tf.errors.ResourceExhaustedError, match="No space left on device"):
                saver.save(sess, "m", None if step is None else step + 1, write_meta_graph=False)
        after = contents()
        assert not [name for name in after if "tempstate" in name]
        if part != "checkpoint":
            assert after == before
        elif step is not None:
            assert all(after[name] == before[name] for name in before)
        latest = tf.train.latest_checkpoint(".")
        saver.restore(sess, latest)
        new = part == "checkpoint" and step is None  # all was written but which is the newest
        assert sess.run(v).tolist() == ([3.0, 4.0] if new else [1.0, 2.0])


def test_a_folder_that_may_not_be_written(monkeypatch):
    v = tf.Variable(1.0, name="v")
    saver = tf.train.Saver()

    def refuse(path, mode):
        raise PermissionError(errno.EACCES, "Permission denied", path)

    with tf.Session() as sess:
        sess.run(v.initializer)
        monkeypatch.setattr(whole_files, "open", refuse, raising=False)
        with pytest.raises(tf.errors.PermissionDeniedError, match=r"m.data-00000-of-00001; Perm"):
            saver.save(sess, "m")
    assert contents() == {}


def test_a_shape_that_does_not_fit_changes_nothing():
    made = [tf.Variable(np.full(i + 1, 7.0, np.float32), name=f"v{i}") for i in range(3)]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        tf.train.Saver().save(sess, "./m")
    tf.reset_default_graph()
    made = [tf.Variable(np.ones([1, 5, 6][i], np.float32), name=f"v{i}") for i in range(3)]
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError) as raised:
            saver.restore(sess, "./m")
        assert all((value == 1).all() for value in sess.run(made))
    said = str(raised.value)
    assert "variable 'v1' has the shape [5], 'v1' [2]" in said and "'v2' has the shape [6]" in said
    assert "(of ./m; nothing has been restored)" in said and "built at test_saver.py" in said


def test_a_name_that_is_not_there():
    v = tf.Variable(1.0, name="layer1/w")
    with tf.Session() as sess:
        sess.run(v.initializer)
        tf.train.Saver().save(sess, "./m")
    tf.reset_default_graph()
    tf.Variable(1.0, name="layer_1/w")
    tf.Variable(1.0, name="other")
    saver = tf.train.Saver()
    with tf.Session() as sess, pytest.raises(tf.errors.NotFoundError) as raised:
        saver.restore(sess, "./m")
    said = str(raised.value)
    assert "Key layer_1/w not found in checkpoint; nor are 1 more: other" in said
    assert "m.index has 1 keys; much like it: layer1/w" in said


def test_damaged_data_change_nothing():
    a, b = (tf.Variable(np.zeros(4, np.float32), name=name) for name in "ab")
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        saver.save(sess, "./m")
        with open("m.data-00000-of-00001", "r+b") as file:
            file.seek(20)
            file.write(b"!")
        sess.run([a.assign(tf.ones([4])), b.assign(tf.ones([4]))])
        with pytest.raises(tf.errors.DataLossError, match="tensor 'b', 16 bytes at 16: Checksum"):
            saver.restore(sess, "./m")
        assert sess.run([a, b])[0].tolist() == [1, 1, 1, 1]


def test_the_nodes_can_be_run_by_name():
    v = tf.Variable([1.0, 2.0], name="v")
    tf.train.Saver()
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run("save/control_dependency:0", {"save/Const:0": "./m"})
        sess.run(v.assign([0.0, 0.0]))
        sess.run("save/restore_all", {"save/filename:0": "./m"})
        assert sess.run(v).tolist() == [1.0, 2.0]


def test_what_is_saved_is_whole_while_another_thread_trains():
    v = tf.Variable(tf.zeros([300_000]), name="v")
    more = v.assign_add(tf.ones([300_000]))
    saver, done = tf.train.Saver(max_to_keep=1), threading.Event()
    with tf.Session() as sess:
        sess.run(v.initializer)

        def train():
            while not done.is_set():
                sess.run(more.op)

        thread = threading.Thread(target=train)
        thread.start()
        try:
            for step in range(10):
                saver.restore(sess, saver.save(sess, "./m", step, write_meta_graph=False))
        finally:
            done.set()
            thread.join()


def test_a_restored_variable_is_its_own(tmp_path):
    v = tf.Variable([1.0, 2.0], name="v")
    saver = tf.train.Saver()
    with tf.Session() as one, tf.Session() as other:
        one.run(v.initializer)
        saver.save(one, "./m")
        saver.restore(one, "./m")
        saver.restore(other, "./m")
        one.run(v.assign_add([1.0, 1.0]))
        assert other.run(v).tolist() == [1.0, 2.0]


def test_the_default_saver():
    tf.Variable(1.0)
    saver = _get_saver_or_default()
    assert _get_saver_or_default() is saver and saver.saver_def.sharded
    tf.add_to_collection(tf.GraphKeys.SAVERS, saver)
    with pytest.raises(RuntimeError, match="More than one item in collection savers"):
        _get_saver_or_default()


def test_other_objects_are_saved():
    hidden = tf.Variable(3.0, collections=[], name="hidden")

    class Saveable(BaseSaverBuilder.SaveableObject):
        def __init__(self):
            spec = BaseSaverBuilder.SaveSpec(hidden, "", "count", dtype=tf.float32)
            super().__init__(self, [spec], "counter")

        def restore(self, restored_tensors, restored_shapes):
            return hidden.assign(restored_tensors[0] * 2.0)

    tf.add_to_collection(tf.GraphKeys.SAVEABLE_OBJECTS, Saveable())
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(hidden.initializer)
        saver.save(sess, "./m")
        assert tf.train.list_variables("./m") == [("count", [])]
        saver.restore(sess, "./m")
        assert sess.run(hidden) == 6

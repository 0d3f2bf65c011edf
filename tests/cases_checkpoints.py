"""The rows of tests/cases.py for the ops that save and restore."""
import os
import tempfile

import numpy as np
import pytest
from cases import raw, scene

import minitf as tf
from minitf.ops.io import checkpoints


def in_a_folder(play):
    def within(run):
        with tempfile.TemporaryDirectory() as folder:
            return play(run, os.path.join(folder, "model"))

    return within


ROWS = np.arange(6.0, dtype=np.float32).reshape(3, 2)
NAMES, WHOLE, TYPES = ["w", "s"], ["", ""], [tf.float32, tf.string]


def saved(path):
    return checkpoints.save_v2(path, NAMES, WHOLE, [tf.constant(ROWS), tf.constant([b"a"])])


@scene("SaveV2")
@in_a_folder
def save_v2(run, path):
    run(saved(path))
    found = tf.train.load_checkpoint(path)
    return [(found.get_tensor("w"), ROWS), (found.get_tensor("s")[0] == b"a", True)]


@scene("RestoreV2")
@in_a_folder
def restore_v2(run, path):
    run(saved(path))
    w, s = run(checkpoints.restore_v2(path, NAMES, WHOLE, TYPES))
    part, = run(checkpoints.restore_v2(path, ["w"], ["3 2 1,2:-"], [tf.float32]))
    with pytest.raises(tf.errors.NotFoundError, match="Key v not found in checkpoint"):
        run(checkpoints.restore_v2(path, ["v"], [""], [tf.float32]))
    return [(w, ROWS), (s[0] == b"a", True), (part, ROWS[1:])]


@scene("MergeV2Checkpoints")
@in_a_folder
def merge_v2_checkpoints(run, path):
    folder = f"{path}_temp"
    for number, name in enumerate("ab"):
        run(checkpoints.save_v2(f"{folder}/{name}", [name], [""], [tf.constant(number)]))
    run(checkpoints.merge_v2_checkpoints([f"{folder}/a", f"{folder}/b"], path))
    found = [tf.train.load_variable(path, name) for name in "ab"]
    files = sorted(os.listdir(os.path.dirname(path)))
    return [(found, [0, 1]), (files == [
        "model.data-00000-of-00002", "model.data-00001-of-00002", "model.index"
    ], True)]  # fmt: skip


@scene("ShardedFilename")
def sharded_filename(run):
    return [(run(checkpoints.sharded_filename("a", 1, 2)) == b"a-00001-of-00002", True)]


@scene("ShardedFilespec")
def sharded_filespec(run):
    return [(run(checkpoints.sharded_filespec("a", 2)) == b"a-?????-of-00002", True)]


@scene("Save")
@in_a_folder
def save(run, path):
    run(checkpoints.save_v1(path, NAMES, [tf.constant(ROWS), tf.constant([b"a"])]))
    return [(tf.train.load_variable(path, "w"), ROWS)]


@scene("SaveSlices")
@in_a_folder
def save_slices(run, path):
    specs = ["3 2 0,1:-", "3 2 1,2:-"]
    run(checkpoints.save_v1(path, ["w", "w"], [tf.constant(ROWS[:1]), tf.constant(ROWS[1:])],
                            specs))  # fmt: skip
    with pytest.raises(tf.errors.InvalidArgumentError, match="does not match the shape"):
        run(checkpoints.save_v1(path, ["w"], [tf.constant(ROWS)], specs[:1]))
    return [(tf.train.load_variable(path, "w"), ROWS)]


@scene("Restore")
@in_a_folder
def restore(run, path):
    run(checkpoints.save_v1(path, ["w"], [tf.constant(ROWS)]))
    return [(run(raw("Restore")(path, "w", dt=tf.float32)), ROWS)]


@scene("RestoreSlice")
@in_a_folder
def restore_slice(run, path):
    run(checkpoints.save_v1(path, ["w"], [tf.constant(ROWS)]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected dtype int32"):
        run(raw("RestoreSlice")(path, "w", "3 2 1,1:0,2", dt=tf.int32))
    return [(run(raw("RestoreSlice")(path, "w", "3 2 1,1:0,2", dt=tf.float32)), ROWS[1:2])]

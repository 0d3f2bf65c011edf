"""tf.train.CheckpointManager: which checkpoints it keeps."""
import os

import pytest

import minitf as tf
from minitf.core.eager import eager_mode
from minitf.train import checkpoint_manager


@pytest.fixture(autouse=True)
def at_once():
    with eager_mode():
        yield


@pytest.fixture
def clock(monkeypatch):
    """Seconds that the test lets pass."""
    now = [1000.0]
    monkeypatch.setattr(checkpoint_manager.time, "time", lambda: now[0])
    return now


def names(manager):
    return [os.path.basename(name) for name in manager.checkpoints]


def managed(folder, **options):
    checkpoint = tf.train.Checkpoint(v=tf.Variable(1.0))
    return tf.train.CheckpointManager(checkpoint, str(folder), **options)


def test_the_last_ones_are_kept(tmp_path, clock):
    manager = managed(tmp_path, max_to_keep=2)
    assert manager.latest_checkpoint is None and manager.checkpoints == []
    for _ in range(4):
        clock[0] += 10
        path = manager.save()
    assert names(manager) == ["ckpt-3", "ckpt-4"]
    assert manager.latest_checkpoint == path == tf.train.latest_checkpoint(str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == [
        "checkpoint", "ckpt-3.data-00000-of-00001", "ckpt-3.index", "ckpt-4.data-00000-of-00001",
        "ckpt-4.index",
    ]  # fmt: skip
    again = managed(tmp_path, max_to_keep=1)
    assert names(again) == ["ckpt-3", "ckpt-4"]
    again.save(checkpoint_number=tf.Variable(17))
    assert names(again) == ["ckpt-17"]


def test_one_each_few_hours_stays(tmp_path, clock):
    manager = managed(tmp_path, max_to_keep=1, keep_checkpoint_every_n_hours=1, checkpoint_name="m")
    for _ in range(5):
        clock[0] += 2000
        manager.save()
    assert names(manager) == ["m-5"]
    stayed = {name.split(".")[0] for name in os.listdir(tmp_path)} - {"checkpoint", "m-5"}
    assert stayed == {"m-2", "m-4"}


def test_in_a_graph_the_default_session_has_the_values(tmp_path):
    with tf.Graph().as_default(), tf.Session():
        manager = managed(tmp_path, max_to_keep=None)
        manager._checkpoint.restore(None).initialize_or_restore()
        manager.save()
        assert names(manager) == ["ckpt-1"]


def test_none_cannot_be_kept(tmp_path):
    with pytest.raises(ValueError, match=r"Expected a positive integer or `None`.*got 0"):
        managed(tmp_path, max_to_keep=0)

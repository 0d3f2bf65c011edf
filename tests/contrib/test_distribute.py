"""Strategies: what would need several devices or processes is refused, and says so."""
import json

import pytest

import minitf as tf
from minitf.core.eager import eager_mode

SEVERAL = {
    "devices": lambda: tf.distribute.MirroredStrategy(["/gpu:0", "/gpu:1"]),
    "central storage": lambda: tf.distribute.experimental.CentralStorageStrategy(
        ["/cpu:0", "/cpu:1"]
    ),
    "GPUs": lambda: tf.contrib.distribute.MirroredStrategy(num_gpus=2),
    "GPUs of each worker": lambda: tf.contrib.distribute.CollectiveAllReduceStrategy(2),
    "GPUs of servers": lambda: tf.contrib.distribute.ParameterServerStrategy(2),
}


@pytest.mark.parametrize("made", SEVERAL)
def test_several_devices_are_refused(made):
    with pytest.raises(NotImplementedError, match=r"one replica, on one device .* Horovod"):
        SEVERAL[made]()


def test_clusters_are_refused(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": {"worker": ["a:1", "b:2"]}}))
    with pytest.raises(NotImplementedError, match=r"a cluster of 2 tasks: .* leave the cluster"):
        tf.distribute.experimental.MultiWorkerMirroredStrategy()
    with pytest.raises(NotImplementedError, match="remote_cluster"):
        tf.estimator.RunConfig(
            experimental_distribute=tf.contrib.distribute.DistributeConfig(remote_cluster={"a": 1})
        )


def test_what_is_no_strategy_is_refused():
    with pytest.raises(TypeError, match=r"train_distribute must be a tf\.distribute\.Strategy"):
        tf.estimator.RunConfig(train_distribute="mirrored")


def test_datasets_in_eager_execution_are_iterated():
    with eager_mode():
        strategy = tf.distribute.MirroredStrategy()
        shared = strategy.experimental_distribute_dataset(tf.data.Dataset.range(3))
        found = [int(strategy.experimental_run_v2(lambda x: x * 2, (x,))) for x in shared]
        assert found == [0, 2, 4]
        assert int(strategy.make_dataset_iterator(tf.data.Dataset.range(3)).get_next()) == 0

"""`tf.contrib.distribute.DistributeConfig`, which an Estimator's RunConfig takes."""
from typing import Any, NamedTuple


class DistributeConfig(NamedTuple):
    """The strategies to train and to evaluate by, and a cluster to do it in."""

    train_distribute: Any = None
    eval_distribute: Any = None
    remote_cluster: Any = None

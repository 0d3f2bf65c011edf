"""`tf.contrib.distribute`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.distribute.strategies import (
    CollectiveAllReduceStrategy,
    MirroredStrategy,
    ParameterServerStrategy,
)
from minitf.distribute.config import DistributeConfig
from minitf.distribute.contexts import (
    get_cross_replica_context,
    get_loss_reduction,
    get_replica_context,
    get_strategy,
    has_strategy,
    in_cross_replica_context,
    require_replica_context,
)
from minitf.distribute.contexts import get_strategy as get_distribution_strategy
from minitf.distribute.contexts import has_strategy as has_distribution_strategy
from minitf.distribute.cross_device_ops import CrossDeviceOps
from minitf.distribute.strategies import OneDeviceStrategy, TPUStrategy
from minitf.distribute.strategy import ReplicaContext
from minitf.distribute.strategy import Strategy as DistributionStrategy

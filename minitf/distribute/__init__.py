"""`tf.distribute`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.distribute import cluster_resolver, experimental
from minitf.distribute.contexts import (
    get_loss_reduction,
    get_replica_context,
    get_strategy,
    has_strategy,
    in_cross_replica_context,
)
from minitf.distribute.cross_device_ops import (
    CrossDeviceOps,
    HierarchicalCopyAllReduce,
    NcclAllReduce,
    ReductionToOneDevice,
)
from minitf.distribute.inputs import InputContext, InputReplicationMode
from minitf.distribute.strategies import MirroredStrategy, OneDeviceStrategy
from minitf.distribute.strategy import ReduceOp, ReplicaContext, Strategy, StrategyExtended
from minitf.train.distributed import Server

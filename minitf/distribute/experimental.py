"""`tf.distribute.experimental`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.distribute.strategies import (
    CentralStorageStrategy,
    CollectiveCommunication,
    MultiWorkerMirroredStrategy,
    ParameterServerStrategy,
    TPUStrategy,
)

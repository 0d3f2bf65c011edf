"""Where the program is building: `tf.distribute.get_strategy()` and its kin."""
from __future__ import annotations

from typing import Any

from minitf.distribute import modes
from minitf.distribute.strategy import DEFAULT, ReduceOp, ReplicaContext, Strategy

_DEFAULT_REPLICA = ReplicaContext(DEFAULT, 0)


def get_strategy() -> Strategy:
    """The strategy whose scope this is in; the default one, of one replica, outside all scopes."""
    mode = modes.current()
    return DEFAULT if mode is None else mode.strategy


def has_strategy() -> bool:
    """Whether this is in the scope of a strategy."""
    return get_strategy() is not DEFAULT


def in_cross_replica_context() -> bool:
    """Whether this is in a scope, and builds for all replicas at once."""
    mode = modes.current()
    return mode is not None and mode.replica is None


def get_replica_context() -> ReplicaContext | None:
    """That of the replica which this builds for: None in a scope, where it is for all at once."""
    mode = modes.current()
    return _DEFAULT_REPLICA if mode is None else mode.replica


def get_cross_replica_context() -> Strategy | None:
    """The strategy, where this builds for all replicas at once, else None."""
    mode = modes.current()
    return mode.strategy if mode is not None and mode.replica is None else None


def require_replica_context(replica_ctx: Any) -> None:
    """RuntimeError unless this builds for that replica."""
    if get_replica_context() is not replica_ctx:
        raise RuntimeError("Need to be inside the replica context of `replica_ctx`")


def get_loss_reduction() -> ReduceOp:
    """How the losses of replicas become one: by their sum."""
    return ReduceOp.SUM

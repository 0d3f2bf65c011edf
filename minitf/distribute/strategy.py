"""tf.distribute.Strategy: here with one replica, on one device.

A program that was written for several replicas builds the same graph as one that was not: what a
strategy would gather from its replicas is what there is of the one.
"""
from __future__ import annotations

import contextlib
import enum
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import colocate_with
from minitf.core.tensor import Tensor
from minitf.data.dataset import Dataset
from minitf.distribute import modes
from minitf.distribute.inputs import (
    DistributedDataset,
    DistributedIterator,
    InputContext,
    InputReplicationMode,
    iterator,
)
from minitf.distribute.modes import Mode
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.control import group as group_op
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum


class ReduceOp(enum.Enum):
    """How the values of replicas become one."""

    SUM = "SUM"
    MEAN = "MEAN"

    @staticmethod
    def from_variable_aggregation(aggregation: Any) -> ReduceOp:
        """ValueError for an aggregation that is neither a sum nor a mean."""
        if aggregation.name not in ("SUM", "MEAN"):
            raise ValueError(f"Could not convert from `tf.VariableAggregation` {aggregation} to "
                             "`tf.distribute.ReduceOp` type")  # fmt: skip
        return ReduceOp[aggregation.name]


def _reduce_op(given: Any) -> ReduceOp:
    """ValueError for what is neither a ReduceOp nor its name."""
    return ReduceOp(given.upper() if isinstance(given, str) else given)


class ReplicaContext:
    """What a function that runs in each replica may ask: `tf.distribute.get_replica_context()`."""

    def __init__(self, strategy: Strategy, replica_id_in_sync_group: Any) -> None:
        self._strategy, self._replica = strategy, replica_id_in_sync_group

    strategy = property(lambda self: self._strategy)
    num_replicas_in_sync = property(lambda self: self._strategy.num_replicas_in_sync)
    replica_id_in_sync_group = property(lambda self: self._replica)
    devices = property(lambda self: list(self._strategy.extended.worker_devices))

    def merge_call(
        self, merge_fn: Callable[..., Any], args: Any = (), kwargs: Any = None
    ) -> Any:
        """What `merge_fn(strategy, *args, **kwargs)` gives, called for all replicas at once."""
        with modes.entered(Mode(self._strategy)):
            return merge_fn(self._strategy, *args, **kwargs or {})

    def all_reduce(self, reduce_op: Any, value: Any) -> Any:
        """The sum or the mean, over all replicas, of the tensors in a structure."""
        _reduce_op(reduce_op)
        return nest.map_structure(identity, value)


class StrategyExtended:
    """What libraries, and few programs, ask of a strategy: `strategy.extended`."""

    experimental_between_graph = False
    experimental_should_init = True
    should_checkpoint = True
    should_save_summary = True
    experimental_require_static_shapes = False

    def __init__(self, container_strategy: Strategy) -> None:
        self._container_strategy = container_strategy

    def _devices(self) -> tuple[str, ...]:
        strategy = self._container_strategy
        if not strategy.devices:
            raise RuntimeError("the default tf.distribute.Strategy has no devices")
        return strategy.devices

    worker_devices = property(_devices)
    parameter_devices = property(_devices)

    def non_slot_devices(self, var_list: Any) -> tuple[str, ...]:
        """Where what belongs to no variable is kept."""
        return self._devices()

    def call_for_each_replica(
        self, fn: Callable[..., Any], args: Any = (), kwargs: Any = None
    ) -> Any:
        """What `fn(*args, **kwargs)` gives in the replica. RuntimeError within a replica."""
        strategy = self._container_strategy
        strategy.check_cross_replica()
        with strategy.replica_scope():
            return fn(*args, **kwargs or {})

    def reduce_to(self, reduce_op: Any, value: Any, destinations: Any) -> Any:
        """The sum or the mean over the replicas."""
        self._container_strategy.check_cross_replica()
        _reduce_op(reduce_op)
        return value

    def batch_reduce_to(self, reduce_op: Any, value_destination_pairs: Iterable[Any]) -> list[Any]:
        """`reduce_to` of each pair of a value and where it goes."""
        return [self.reduce_to(reduce_op, *pair) for pair in value_destination_pairs]

    def broadcast_to(self, tensor: Any, destinations: Any) -> Any:
        """The same tensor in each replica."""
        return tensor

    def update(
        self, var: Any, fn: Callable[..., Any], args: Any = (), kwargs: Any = None,
        group: bool = True,
    ) -> Any:  # fmt: skip
        """`fn(variable, *args, **kwargs)` of each copy of a variable: an operation, or, without
        `group`, what it returns."""
        self._container_strategy.check_cross_replica()
        updated = fn(var, *args, **kwargs or {})
        return self._container_strategy.group(updated) if group else (updated,)

    def update_non_slot(
        self, colocate_with: Any, fn: Callable[..., Any], args: Any = (), kwargs: Any = None,
        group: bool = True,
    ) -> Any:  # fmt: skip
        """The same of what belongs to no variable."""
        updated = fn(*args, **kwargs or {})
        return self._container_strategy.group(updated) if group else (updated,)

    def read_var(self, v: Any) -> Any:
        """The value of a variable."""
        return convert_to_tensor(v)

    def value_container(self, value: Any) -> Any:
        """What the copies of a value are kept in: here there is one."""
        return value

    def colocate_vars_with(self, colocate_with_variable: Any) -> AbstractContextManager[Any]:
        """Variables made within are where that one is."""
        return colocate_with(colocate_with_variable)


class Strategy:
    """One replica, on one device: what is built in `scope()` is what would be built without it.

    `extended` is a StrategyExtended, or what makes one of the strategy.
    """

    devices: tuple[str, ...] = ()
    num_replicas_in_sync = 1

    def __init__(self, extended: Any) -> None:
        self._extended = extended

    extended = property(lambda self: self._extended)

    def __deepcopy__(self, memo: Any) -> Strategy:
        return self  # RunConfigs are copied, and scopes tell strategies by their identity

    # -- building --------------------------------------------------------------------------------

    def scope(self) -> AbstractContextManager[Any]:
        """`with strategy.scope():` variables made here are the strategy's. RuntimeError in the
        scope of another, and within a replica."""
        self.check_cross_replica()
        return modes.entered(Mode(self))

    def replica_scope(self) -> AbstractContextManager[Any]:
        """What is built within is built for the replica."""
        return modes.entered(Mode(self, ReplicaContext(self, constant(0, int32))))

    def check_cross_replica(self) -> None:
        """RuntimeError within a replica."""
        mode = modes.current()
        if mode is not None and mode.replica is not None:
            raise RuntimeError("Method requires being in cross-replica context, use "
                               "get_replica_context().merge_call()")  # fmt: skip

    def experimental_run_v2(
        self, fn: Callable[..., Any], args: Any = (), kwargs: Any = None
    ) -> Any:
        """What `fn(*args, **kwargs)` gives in the replica. RuntimeError within a replica."""
        with self.scope():
            return self.extended.call_for_each_replica(fn, args, kwargs)

    def experimental_run(
        self, fn: Callable[..., Any], input_iterator: DistributedIterator | None = None
    ) -> Any:
        """The same of the next element of an iterator."""
        args = () if input_iterator is None else (input_iterator.get_next(),)
        return self.experimental_run_v2(fn, args)

    def colocate_vars_with(self, colocate_with_variable: Any) -> AbstractContextManager[Any]:
        """Variables made within are where that one is."""
        return self.extended.colocate_vars_with(colocate_with_variable)

    # -- input -----------------------------------------------------------------------------------

    def experimental_distribute_dataset(self, dataset: Dataset) -> DistributedDataset:
        """The dataset for the replicas: one gets whole batches."""
        return DistributedDataset(dataset)

    def experimental_distribute_datasets_from_function(
        self, dataset_fn: Callable[[InputContext], Dataset]
    ) -> DistributedDataset:
        """The dataset that `dataset_fn(input_context)` makes."""
        return DistributedDataset(dataset_fn(InputContext()))

    def make_dataset_iterator(self, dataset: Dataset) -> DistributedIterator:
        """An iterator, to be initialised. ValueError for what is no dataset."""
        return iterator(dataset)

    def make_input_fn_iterator(
        self, input_fn: Callable[[InputContext], Any],
        replication_mode: Any = InputReplicationMode.PER_WORKER,
    ) -> DistributedIterator:  # fmt: skip
        """The same of the dataset that `input_fn(input_context)` makes."""
        if replication_mode is not InputReplicationMode.PER_WORKER:
            raise ValueError(
                "Input replication mode not supported: use InputReplicationMode.PER_WORKER"
            )
        return iterator(input_fn(InputContext()))

    def experimental_make_numpy_dataset(self, numpy_input: Any, session: Any = None) -> Dataset:
        """The rows of arrays, or of structures of them."""
        return Dataset.from_tensor_slices(numpy_input)

    # -- results ---------------------------------------------------------------------------------

    def reduce(self, reduce_op: Any, value: Any, axis: int | None = None) -> Any:
        """The sum or the mean over the replicas and, if given, along an axis of each, of the
        tensors in a structure. RuntimeError within a replica."""
        self.check_cross_replica()
        reduction = reduce_mean if _reduce_op(reduce_op) is ReduceOp.MEAN else reduce_sum
        if axis is None:
            return value
        return nest.map_structure(lambda tensor: reduction(tensor, axis), value)

    def experimental_local_results(self, value: Any) -> tuple[Any, ...]:
        """The value of each replica."""
        return (value,)

    def unwrap(self, value: Any) -> tuple[Any, ...]:
        """`experimental_local_results` under its former name."""
        return self.experimental_local_results(value)

    def group(self, value: Any, name: str | None = None) -> Any:
        """One operation that does what those in a structure do."""
        parts = nest.flatten(value)
        if len(parts) != 1 or name is not None:
            return group_op(*parts, name=name)
        return parts[0].op if isinstance(parts[0], Tensor) else parts[0]

    # -- sessions --------------------------------------------------------------------------------

    def configure(
        self, session_config: Any = None, cluster_spec: Any = None, task_type: Any = None,
        task_id: Any = None,
    ) -> None:  # fmt: skip
        """NotImplementedError for a cluster; nothing else has to be set."""
        if cluster_spec:
            raise NotImplementedError(f"{type(self).__name__}.configure(cluster_spec=...): a "
                                      "strategy of minitf has one replica, in this process.")

    def update_config_proto(self, config_proto: Any) -> Any:
        """A copy of the configuration: the strategy wants no other."""
        copy = type(config_proto)()
        copy.CopyFrom(config_proto)
        return copy


class Default(Strategy):
    """What there is outside all scopes."""

    def __init__(self) -> None:
        super().__init__(StrategyExtended(self))

    def scope(self) -> AbstractContextManager[Any]:
        return contextlib.nullcontext(self)

    def replica_scope(self) -> AbstractContextManager[Any]:
        return contextlib.nullcontext()


DEFAULT = Default()

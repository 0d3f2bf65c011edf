"""Datasets of a strategy: all of one goes to the one replica."""
from __future__ import annotations

import enum
from typing import Any

from minitf.core.eager import executing_eagerly
from minitf.data.dataset import (
    Dataset,
    get_output_classes,
    get_output_shapes,
    get_output_types,
    get_structure,
    make_initializable_iterator,
    make_one_shot_iterator,
)


class InputReplicationMode(enum.Enum):
    """How often the function that makes the input is called: once in each worker."""

    PER_WORKER = "PER_WORKER"


class InputContext:
    """What a function that makes a dataset is told: which of how many pipelines it is for."""

    def __init__(self, num_input_pipelines=1, input_pipeline_id=0, num_replicas_in_sync=1):
        self._num_input_pipelines = num_input_pipelines
        self._input_pipeline_id = input_pipeline_id
        self._num_replicas_in_sync = num_replicas_in_sync

    num_replicas_in_sync = property(lambda self: self._num_replicas_in_sync)
    input_pipeline_id = property(lambda self: self._input_pipeline_id)
    num_input_pipelines = property(lambda self: self._num_input_pipelines)

    def get_per_replica_batch_size(self, global_batch_size):
        """What each replica gets of a batch. ValueError where that is no whole number."""
        if global_batch_size % self._num_replicas_in_sync:
            raise ValueError(
                f"The `global_batch_size` {global_batch_size!r} is not divisible by "
                f"`num_replicas_in_sync` {self._num_replicas_in_sync!r} "
            )
        return global_batch_size // self._num_replicas_in_sync


class DistributedIterator:
    """A way through a dataset of a strategy: `initialize()` is the operation that lets it begin."""

    def __init__(self, iterator: Any) -> None:
        self._iterator = iterator

    element_spec = property(lambda self: get_structure(self._iterator))
    output_types = property(lambda self: get_output_types(self._iterator))
    output_shapes = property(lambda self: get_output_shapes(self._iterator))
    output_classes = property(lambda self: get_output_classes(self._iterator))
    initializer = property(lambda self: self._iterator.initializer)

    def initialize(self) -> Any:
        """`initializer`; in eager execution, where it has begun, nothing."""
        return None if executing_eagerly() else self._iterator.initializer

    def get_next(self, name: str | None = None) -> Any:
        """The next element."""
        return self._iterator.get_next(name)

    next = get_next

    def __iter__(self) -> DistributedIterator:
        return self

    def __next__(self) -> Any:
        return next(self._iterator)


class DistributedDataset:
    """A dataset of a strategy, which a program makes iterators of."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    element_spec = property(lambda self: get_structure(self._dataset))

    def make_initializable_iterator(self) -> DistributedIterator:
        return DistributedIterator(make_initializable_iterator(self._dataset))

    def make_one_shot_iterator(self) -> DistributedIterator:
        return DistributedIterator(make_one_shot_iterator(self._dataset))

    def reduce(self, initial_state: Any, reduce_fn: Any) -> Any:
        """As a dataset's."""
        return self._dataset.reduce(initial_state, reduce_fn)

    def __iter__(self) -> DistributedIterator:
        return DistributedIterator(iter(self._dataset))


def iterator(dataset: Any) -> DistributedIterator:
    """One of a dataset, to be initialised. ValueError for what is none."""
    if not isinstance(dataset, Dataset):
        raise ValueError(f"a strategy's input is a tf.data.Dataset, got {dataset!r}")
    if executing_eagerly():
        return DistributedIterator(iter(dataset))
    return DistributedIterator(make_initializable_iterator(dataset))

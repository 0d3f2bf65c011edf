"""What modules of `tensorflow.python.data` have, and tf.data has not."""
from __future__ import annotations

import re
from typing import Any

import minitf as tf

get_legacy_output_classes = tf.data.get_output_classes
get_legacy_output_shapes = tf.data.get_output_shapes
get_legacy_output_types = tf.data.get_output_types
_VERSION = re.compile("_?v[12]$", re.IGNORECASE)


def __getattr__(name: str) -> Any:
    """`DatasetV1`, `CsvDatasetV2`, `choose_from_datasets_v1`: both versions are one."""
    for home in (tf.data, tf.data.experimental) if _VERSION.search(name) else ():
        found = getattr(home, _VERSION.sub("", name), None)
        if found is not None:
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)


class PrivateThreadPool:
    """So many threads for one dataset."""

    def __init__(
        self, num_threads: int, display_name: str | None = None, max_intra_op_parallelism: int = 1
    ) -> None:
        self._options = tf.data.Options()
        self._options.experimental_threading.private_threadpool_size = num_threads


def override_threadpool(dataset: Any, thread_pool: PrivateThreadPool) -> Any:
    """The dataset, whose functions run in the threads of the pool."""
    return dataset.with_options(thread_pool._options)


class MultiDeviceIterator:
    """Elements of a dataset for several devices, to each the next in turn.

    A run takes one for each device, whichever of them it asks for.
    """

    def __init__(
        self, dataset: Any, devices: Any, max_buffer_size: int = 1, prefetch_buffer_size: int = 1,
        source_device: str = "/cpu:0",
    ) -> None:  # fmt: skip
        self._devices = list(devices)
        with tf.device(source_device):
            make = tf.data.make_one_shot_iterator if tf.executing_eagerly() else (
                tf.data.make_initializable_iterator)  # fmt: skip
            self._iterator = make(dataset)

    @property
    def initializer(self) -> Any:
        """What begins at the first element."""
        return tf.no_op() if tf.executing_eagerly() else self._iterator.initializer

    def get_next(self, device: str | None = None) -> Any:
        """The next elements, one for each device, or that of one of them."""
        found = self._in_turn(lambda: self._iterator.get_next())
        return found if device is None else found[self._devices.index(device)]

    def get_next_as_optional(self) -> list[Any]:
        """The same, which tell themselves whether there are any."""
        return self._in_turn(lambda: tf.data.experimental.get_next_as_optional(self._iterator))

    def _in_turn(self, taken: Any) -> list[Any]:
        found: list[Any] = []
        for device in self._devices:
            last = [getattr(each, "_variant_tensor", each) for each in found[-1:]]
            before = [] if tf.executing_eagerly() else tf.nest.flatten(last)[:1]
            with tf.device(device), tf.control_dependencies(before):
                found.append(taken())
        return found

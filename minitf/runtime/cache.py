"""A bounded cache: the least recently used goes first."""
from __future__ import annotations

from collections import OrderedDict
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class LRU(Generic[V]):
    """At most `capacity` values. Of the plans in it only the `warm` latest keep their frames."""

    def __init__(self, capacity: int, warm: int | None = None) -> None:
        self.capacity, self.warm = capacity, warm
        self.items: OrderedDict[Any, V] = OrderedDict()

    def get(self, key: Any) -> V | None:
        value = self.items.get(key)
        if value is not None:
            self.items.move_to_end(key)
            if self.warm is not None:
                self._cool()
        return value

    def put(self, key: Any, value: V) -> V:
        self.items[key] = value
        if len(self.items) > self.capacity:
            self.items.popitem(last=False)
        self._cool()
        return value

    def _cool(self) -> None:
        """Give back the buffers of the plan that has just left the warm ones."""
        if self.warm is None or len(self.items) <= self.warm:
            return
        order = reversed(self.items.values())
        for _ in range(self.warm):
            next(order)
        next(order).frames.clear()  # type: ignore[attr-defined]

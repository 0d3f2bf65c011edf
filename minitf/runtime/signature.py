"""What `Session.run` is called with again and again: fetches, and the tensors that are fed."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core.bfloat16 import narrowed
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.feeds import Feed, echoed, echoes, parts, tensors_of
from minitf.runtime.fetches import FetchMap, handed
from minitf.runtime.halves import in_halves
from minitf.runtime.intake import Intake
from minitf.runtime.plan import Plan
from minitf.runtime.plans import Plans


class Signature(Plans):
    """One pair of fetches and fed tensors, and its plans by feed shapes."""

    def __init__(self, session: Any, fetches: Any, feed_dict: Any) -> None:
        self.fetch_map = FetchMap(session.graph, fetches)
        groups = [tensors_of(session.graph, key) for key in feed_dict]
        self.given = [Feed(tensor) for group in groups for tensor in group]
        self.flat = all(len(group) == 1 for group in groups)
        self.single = isinstance(fetches, Tensor)
        self.nothing = isinstance(fetches, Operation)
        elements, shared = list(self.fetch_map.elements), (session._in_c, session._lock)
        self.intake = Intake(elements, self.given, session.compiled, session.state, *shared)
        self.takes_in = bool(self.intake.feeds)
        self.echoes, self.halves = echoes(elements, self.given), in_halves(elements)
        feeds = [*self.given, *self.intake.feeds]
        super().__init__(elements, feeds, session.compiled, *shared)

    def let_in(self, tensors: list[Tensor]) -> None:
        """Take values of any shapes for these tensors."""
        for feed in self.given:
            if any(feed.tensor is tensor for tensor in tensors):
                feed.checked = False

    def run(self, feed_dict: Any) -> Any:
        return self.handed(self.values(self.arrays(feed_dict)), feed_dict)

    def handed(self, values: tuple[Any, ...], feed_dict: Any) -> Any:
        """Fetched values as the structure that was asked for; what is fed as it was given."""
        if self.nothing:
            return None
        if self.halves:
            values = tuple(narrowed(v) if k in self.halves else v for k, v in enumerate(values))
        values = tuple([handed(value) for value in values])
        if self.echoes:
            given = feed_dict.values() if self.flat else parts(feed_dict)
            values = echoed(values, self.echoes, list(given))
        return values[0] if self.single else self.fetch_map(values)

    def arrays(self, feed_dict: Any, done: Any = None) -> list[np.ndarray]:
        """What the plan is given; `done` is told of each operation that has taken in something."""
        values = feed_dict.values() if self.flat else parts(feed_dict)
        arrays = [feed(value) for feed, value in zip(self.given, values)]
        return arrays + self.intake(arrays, done) if self.takes_in else arrays

    def plan_for(self, feed_dict: Any, arrays: list[np.ndarray] | None = None) -> Plan:
        arrays = self.arrays(feed_dict) if arrays is None else arrays
        return self.plan([array.shape for array in arrays], arrays)

"""What `Session._make_callable_from_options` makes: Keras of its own runs its models so."""
from __future__ import annotations

from typing import Any

import numpy as np


class FromOptions:
    """A function of the values of `options.feed` that gives the list of those of `options.fetch`.

    A connected tensor has the value that the other one has in a run before: what both compute, it
    computes twice.
    """

    def __init__(self, session: Any, options: Any) -> None:
        joined = {each.to_tensor: each.from_tensor for each in options.tensor_connection}
        self._feeds, self._joined = list(options.feed), list(joined)
        self._number = len(options.fetch)
        self._options = options.run_options if options.HasField("run_options") else None
        fetches = [*options.fetch, *options.target]
        self._call = session.make_callable(fetches, [*self._feeds, *joined], accept_options=True)
        sources = list(joined.values())
        self._sources = session.make_callable(sources, self._feeds) if sources else None

    def __call__(self, *values: Any, run_metadata: Any = None) -> list[np.ndarray]:
        given = [*values, *(self._sources(*values) if self._sources else ())]
        found = self._call(*given, options=self._options, run_metadata=run_metadata)
        return [np.asarray(value) for value in found[: self._number]]

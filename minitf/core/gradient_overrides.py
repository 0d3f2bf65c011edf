"""`graph.gradient_override_map`: another gradient for the nodes of some types."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_WANTED = "op_type_map must be a dictionary mapping strings to strings"


class GradientOverrides:
    """The part of Graph that says which gradients new nodes get in place of their own."""

    def __init__(self) -> None:
        self._gradient_overrides: dict[str, str] = {}

    @contextmanager
    def gradient_override_map(self, op_type_map: dict[str, str]) -> Iterator[None]:
        """Nodes built inside have the gradient registered under another name.

        `op_type_map` maps op types, such as "Sign", to the names of gradients: those given to
        `tf.RegisterGradient`, or other op types. TypeError for anything but a dict of strings.
        """
        if not isinstance(op_type_map, dict):
            raise TypeError(f"{_WANTED}, got {op_type_map!r}")
        if not all(isinstance(name, str) for pair in op_type_map.items() for name in pair):
            raise TypeError(f"{_WANTED}, got {op_type_map!r}")
        outer = self._gradient_overrides
        self._gradient_overrides = {**outer, **op_type_map}
        try:
            yield
        finally:
            self._gradient_overrides = outer

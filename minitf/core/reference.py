"""What `tensor.experimental_ref()` gives: something to be a key by identity."""
from __future__ import annotations

from typing import Any


class Reference:
    """Stands for an object, in a dict or a set: two are equal where they stand for the same one.

    TypeError when it is compared with anything else.
    """

    __slots__ = ("__weakref__", "_wrapped")

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def deref(self) -> Any:
        """The object."""
        return self._wrapped

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reference):
            raise TypeError("Cannot compare wrapped object with unwrapped object")
        return self._wrapped is other._wrapped

    def __hash__(self) -> int:
        return id(self._wrapped)

    def __repr__(self) -> str:
        return f"<Reference wrapping {self._wrapped!r}>"

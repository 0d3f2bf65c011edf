"""Names of nodes: unique in their graph, and under those of the scopes around."""
from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

_OP_NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\-/]*$")
_SCOPE_NAME = re.compile(r"^[A-Za-z0-9_.\-/]*$")


class Naming:
    """The part of Graph that says what its nodes are called."""

    def __init__(self) -> None:
        self._names_in_use: dict[str, int] = {}
        self._name_stack = ""

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """`name` in the current scope, with `_1`, `_2` ... when it is taken."""
        if self._name_stack:
            name = f"{self._name_stack}/{name}"
        key = name.lower()  # names that differ in case alone clash in files and TensorBoard
        used = self._names_in_use
        count = used.get(key, 0)
        if mark_as_used:
            used[key] = count + 1
        if count == 0:
            return name
        unique = key
        while unique in used:
            unique = f"{key}_{count}"
            count += 1
        if mark_as_used:
            used[unique] = 1
        return f"{name}_{count - 1}"

    def op_name(self, name: str | bytes) -> str:
        """The full name of a new node; a name that ends in `/` is taken as it stands."""
        name = name.decode() if isinstance(name, bytes) else name
        if name[-1] == "/":
            return name[:-1]
        if not (_SCOPE_NAME if self._name_stack else _OP_NAME).match(name):
            raise ValueError(f"'{name}' is not a valid node name: letters, digits, _ . - / only")
        return self.unique_name(name)

    @contextmanager
    def name_scope(self, name: str | None) -> Iterator[str]:
        """Put new nodes under `name/`; `name` ending in `/` re-enters it, None is the root."""
        if name and not (_SCOPE_NAME if self._name_stack else _OP_NAME).match(name):
            raise ValueError(f"'{name}' is not a valid scope name")
        outer = self._name_stack
        if not name:
            self._name_stack = ""
        else:
            self._name_stack = name[:-1] if name[-1] == "/" else self.unique_name(name)
        try:
            yield self._name_stack + "/" if self._name_stack else ""
        finally:
            self._name_stack = outer

    def get_name_scope(self) -> str:
        return self._name_stack

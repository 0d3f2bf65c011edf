"""What has variables and other such objects in its attributes: `tf.Module`, and layers."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class ModuleTree:
    """Finds what is in its attributes, also in lists and dictionaries, and in the modules there."""

    _TF_MODULE_IGNORED_PROPERTIES = frozenset({"_edges"})

    @property
    def submodules(self) -> tuple[Any, ...]:
        """All modules in it, nearest first."""
        return tuple(self._flatten(predicate=lambda leaf: isinstance(leaf, ModuleTree)))

    def _flatten(
        self,
        recursive: bool = True,
        predicate: Callable[[Any], bool] | None = None,
        attribute_traversal_key: Callable[[str], Any] | None = None,
        with_path: bool = False,
    ) -> Iterator[Any]:
        """What its attributes have in them, by their names: the leaves that `predicate` is true of,
        or (path, leaf); with `recursive` then those of each module among them. Each leaf once,
        unless with its paths."""
        found = _leaves(self, (), recursive, attribute_traversal_key, None if with_path else set())
        for path, leaf in found:
            if predicate is None or predicate(leaf):
                yield (path, leaf) if with_path else leaf


def _leaves(
    module: ModuleTree,
    path: tuple[Any, ...],
    recursive: bool,
    key: Callable[[str], Any] | None,
    seen: set[int] | None,
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """(path, leaf) of a module's attributes, then of those of the modules among them; without what
    was `seen`, a set of ids."""
    if seen is not None:
        seen.add(id(module))
    below: list[Any] = []
    for name in sorted(vars(module), key=key):
        inside = () if name in module._TF_MODULE_IGNORED_PROPERTIES else vars(module)[name]
        for rest, leaf in _with_paths(inside):
            if seen is None or id(leaf) not in seen:
                if seen is not None:
                    seen.add(id(leaf))
                yield (*path, name, *rest), leaf
                below += [((*path, name, *rest), leaf)] if isinstance(leaf, ModuleTree) else []
    for place, leaf in below if recursive else ():
        yield from _leaves(leaf, place, recursive, key, seen)


def _with_paths(value: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """(path, leaf) of lists, tuples and dictionaries, these by the order of their keys."""
    if isinstance(value, Mapping):
        items = [(key, value[key]) for key in sorted(value)]
    elif hasattr(value, "_fields"):
        items = list(zip(value._fields, value))
    elif isinstance(value, (list, tuple)):
        items = list(enumerate(value))
    else:
        yield (), value
        return
    for key, part in items:
        yield from (((key, *path), leaf) for path, leaf in _with_paths(part))

"""Structures of elements: any nesting of tuples, named tuples and dicts. A list is no structure
here but a value, which becomes a tensor. Dicts are taken in the order of their sorted keys.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from minitf.core.sparse_tensor import SparseTensorValue


def is_nested(value: Any) -> bool:
    """Whether it is a structure, not a leaf."""
    if isinstance(value, SparseTensorValue):
        return False
    return isinstance(value, (tuple, Mapping))


def flatten(structure: Any) -> list[Any]:
    """The leaves in order; a leaf alone gives a list of one."""
    if not is_nested(structure):
        return [structure]
    return [leaf for _, part in _items(structure) for leaf in flatten(part)]


def pack_sequence_as(structure: Any, flat_sequence: Any) -> Any:
    """`structure` with the elements of a list in place of its leaves. ValueError when there are
    more or fewer."""
    flat = list(flat_sequence)
    count = len(flatten(structure))
    if count != len(flat):
        raise ValueError(
            f"Could not pack sequence. Structure had {count} elements, but flat_sequence had "
            f"{len(flat)} elements. Structure: {structure}, flat_sequence: {flat}."
        )
    return _packed(structure, iter(flat))


def map_structure(function: Callable[..., Any], *structures: Any) -> Any:
    """The structure of what `function` gives for the leaves of one, or of several alike."""
    for other in structures[1:]:
        assert_same_structure(structures[0], other)
    leaves = zip(*map(flatten, structures))
    return pack_sequence_as(structures[0], [function(*each) for each in leaves])


def flatten_up_to(shallow: Any, structure: Any) -> list[Any]:
    """The parts of `structure` at the places where `shallow` has its leaves.

    TypeError when it is no structure there, or one of another type; ValueError for another length
    or other keys.
    """
    if not is_nested(shallow):
        return [structure]
    if not is_nested(structure):
        raise TypeError(
            "If shallow structure is a sequence, input must also be a sequence. Input has type: "
            f"'{type(structure).__name__}'."
        )
    if not _alike(shallow, structure):
        raise TypeError(
            "The two structures don't have the same sequence type. Input structure has type "
            f"'{type(structure).__name__}', while shallow structure has type "
            f"'{type(shallow).__name__}'."
        )
    if len(shallow) != len(structure):
        raise ValueError(
            "The two structures don't have the same sequence length. Input structure has length "
            f"{len(structure)}, while shallow structure has length {len(shallow)}."
        )
    _check_keys(shallow, structure)
    pairs = zip(_items(shallow), _items(structure))
    return [leaf for (_, a), (_, b) in pairs for leaf in flatten_up_to(a, b)]


def map_structure_up_to(shallow: Any, function: Callable[..., Any], *structures: Any) -> Any:
    """The structure of `shallow`, of what `function` gives for the parts at its leaves."""
    parts = zip(*(flatten_up_to(shallow, structure) for structure in structures))
    return pack_sequence_as(shallow, [function(*each) for each in parts])


def assert_same_structure(first: Any, second: Any) -> None:
    """ValueError unless both nest alike, TypeError when the types of their nests differ."""
    if is_nested(first) != is_nested(second) or len(flatten(first)) != len(flatten(second)):
        raise ValueError(
            "The two structures don't have the same nested structure.\n\nFirst structure: "
            f"{first}\n\nSecond structure: {second}"
        )
    if not is_nested(first):
        return
    if not _alike(first, second):
        raise TypeError(
            "The two structures don't have the same sequence type. First structure has type "
            f"{type(first)}, while second structure has type {type(second)}."
        )
    _check_keys(first, second)
    for (_, one), (_, other) in zip(_items(first), _items(second)):
        assert_same_structure(one, other)


def _check_keys(first: Any, second: Any) -> None:
    if isinstance(first, Mapping) and set(first) != set(second):
        raise ValueError(
            "The two dictionaries don't have the same set of keys. First structure has keys "
            f"{sorted(first)}, while second structure has keys {sorted(second)}"
        )


def _alike(first: Any, second: Any) -> bool:
    if isinstance(first, Mapping) or isinstance(second, Mapping):
        return isinstance(first, Mapping) and isinstance(second, Mapping)
    fields = [getattr(each, "_fields", None) for each in (first, second)]
    return fields[0] == fields[1]


def _items(structure: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(structure, Mapping):
        try:
            keys = sorted(structure)
        except TypeError:
            raise TypeError("nest only supports dicts with sortable keys.") from None
        return iter([(key, structure[key]) for key in keys])
    return iter(enumerate(structure))


def _packed(structure: Any, leaves: Iterator[Any]) -> Any:
    if not is_nested(structure):
        return next(leaves)
    parts = {key: _packed(part, leaves) for key, part in _items(structure)}
    kind: Any = type(structure)
    if isinstance(structure, Mapping):
        return kind((key, parts[key]) for key in structure)
    return kind(*parts.values()) if hasattr(structure, "_fields") else kind(parts.values())

"""Structures taken apart only as deep as another one goes: `nest.map_structure_up_to` and more."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from minitf.core import nest


def assert_shallow_structure(
    shallow_tree: Any, input_tree: Any, check_types: bool = True
) -> None:
    """ValueError unless `input_tree` nests as `shallow_tree` does, as deep as that one goes.

    TypeError when types differ, or there is a leaf where `shallow_tree` has a structure.
    """
    if not nest.is_nested(shallow_tree):
        return
    if not nest.is_nested(input_tree):
        raise TypeError("If shallow structure is a sequence, input must also be a sequence. Input "
                        f"has type: {type(input_tree)}.")  # fmt: skip
    if check_types and not nest._same_type(shallow_tree, input_tree):
        raise TypeError(
            "The two structures don't have the same sequence type. Input structure has type "
            f"{type(input_tree)}, while shallow structure has type {type(shallow_tree)}."
        )
    if len(shallow_tree) != len(input_tree):
        raise ValueError(
            "The two structures don't have the same sequence length. Input structure has length "
            f"{len(input_tree)}, while shallow structure has length {len(shallow_tree)}."
        )
    if isinstance(shallow_tree, Mapping) and set(input_tree) != set(shallow_tree):
        raise ValueError(
            "The two structures don't have the same keys. Input structure has keys "
            f"{list(input_tree)}, while shallow structure has keys {list(shallow_tree)}."
        )
    for shallow, deep in _pairs(shallow_tree, input_tree):
        assert_shallow_structure(shallow, deep, check_types)


def flatten_up_to(shallow_tree: Any, input_tree: Any, check_types: bool = True) -> list[Any]:
    """What `input_tree` has at the leaves of `shallow_tree`, in order."""
    assert_shallow_structure(shallow_tree, input_tree, check_types)
    return _flat(shallow_tree, input_tree)


def map_structure_up_to(
    shallow_tree: Any, func: Callable[..., Any], *inputs: Any, check_types: bool = True
) -> Any:
    """`shallow_tree` with, at each leaf, `func` of what the `inputs` have there."""
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    flat = [flatten_up_to(shallow_tree, each, check_types) for each in inputs]
    return nest.pack_sequence_as(shallow_tree, [func(*each) for each in zip(*flat)])


def flatten_dict_items(dictionary: Mapping[Any, Any]) -> dict[Any, Any]:
    """A dict of the leaves of the keys, with those of the values, which nest as their keys do.

    TypeError for what is no dict, ValueError for a key and a value of different numbers of leaves,
    and for a leaf that is in two keys.
    """
    if not isinstance(dictionary, Mapping):
        raise TypeError("input must be a dictionary")
    found: dict[Any, Any] = {}
    for key, value in dictionary.items():
        keys, values = ([key], [value]) if not nest.is_nested(key) else (
            nest.flatten(key), nest.flatten(value))  # fmt: skip
        if len(keys) != len(values):
            raise ValueError(
                f"Could not flatten dictionary. Key had {len(keys)} elements, but value had "
                f"{len(values)} elements. Key: {keys}, value: {values}."
            )
        for leaf, of_leaf in zip(keys, values):
            if leaf in found:
                raise ValueError(f"Could not flatten dictionary: key {leaf} is not unique.")
            found[leaf] = of_leaf
    return found


def get_traverse_shallow_structure(traverse_fn: Callable[[Any], Any], structure: Any) -> Any:
    """`structure` with bools as leaves: whether to go on, as `traverse_fn` says of each part.

    `traverse_fn` returns one bool for a part, or for a nested one bools in its structure. TypeError
    for anything else, or for True for a leaf inside what it says bools of.
    """
    traverse = traverse_fn(structure)
    if not nest.is_nested(structure):
        if not isinstance(traverse, bool):
            raise TypeError(f"traverse_fn returned structure: {traverse} for non-structure: "
                            f"{structure}")  # fmt: skip
        return traverse
    if isinstance(traverse, bool):
        if not traverse:
            return False
        return nest._like(structure, [get_traverse_shallow_structure(traverse_fn, part)
                                      for part in nest._parts(structure)])  # fmt: skip
    assert_shallow_structure(traverse, structure)
    return nest._like(traverse, [_level(traverse_fn, each, part)
                                 for each, part in _pairs(traverse, structure)])  # fmt: skip


def _level(traverse_fn: Callable[[Any], Any], traverse: Any, part: Any) -> Any:
    if not isinstance(traverse, bool):
        raise TypeError("traverse_fn didn't return a depth=1 structure of bools.  saw: "
                        f"{traverse} for structure: {part}")  # fmt: skip
    return get_traverse_shallow_structure(traverse_fn, part) if traverse else False


def _pairs(shallow: Any, deep: Any) -> Any:
    return zip(nest._parts(shallow), nest._parts(deep))


def _flat(shallow: Any, deep: Any) -> list[Any]:
    if not nest.is_nested(shallow):
        return [deep]
    return [leaf for pair in _pairs(shallow, deep) for leaf in _flat(*pair)]


def paths_up_to(shallow: Any, deep: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """(path, what `deep` has there) for the leaves of `shallow`; a path is keys and numbers."""
    if not nest.is_nested(shallow):
        yield path, deep
        return
    for (key, part), (_, below) in zip(_items(shallow), _items(deep)):
        yield from paths_up_to(part, below, (*path, key))


def _items(structure: Any) -> Any:
    """The parts of a structure with what each is called in it."""
    parts = nest._parts(structure)
    if isinstance(structure, Mapping):
        return zip(nest._sorted(structure), parts)
    return zip(structure._fields, parts) if hasattr(structure, "_fields") else enumerate(parts)

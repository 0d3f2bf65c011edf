"""`tf.nest`: any nesting of lists, tuples and dicts as a flat list, and back.

Dicts are taken in the order of their sorted keys. Strings, arrays and tensors are leaves; with
`expand_composites` an IndexedSlices is a structure of its tensors.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, MappingView, Sequence
from typing import Any

LEAF, ROW, MAP = range(3)  # what a value is: a leaf, or parts in order, or parts by keys
_known: dict[type, int] = {}  # by type: collections.abc takes a microsecond to tell


def is_nested(seq: Any) -> bool:
    """Whether `seq` is a structure, not a leaf."""
    return _kind(seq) != LEAF


def _kind(value: Any) -> int:
    kind = type(value)
    known = _known.get(kind)
    if known is None or value.__class__ is not kind:  # one that stands for another
        known = _found_kind(value)
        if value.__class__ is kind:
            if len(_known) > 1000:
                _known.clear()
            _known[kind] = known
    return known


def _found_kind(value: Any) -> int:
    if isinstance(value, Mapping):
        return MAP
    is_row = isinstance(value, (MappingView, Sequence))
    return ROW if is_row and not isinstance(value, (str, bytes, bytearray)) else LEAF


is_sequence = is_nested


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """The leaves in order; a leaf alone gives a list of one."""
    if not _is_structure(structure, expand_composites):
        return [structure]
    return [leaf for part in _parts(structure) for leaf in flatten(part, expand_composites)]


def pack_sequence_as(
    structure: Any, flat_sequence: Any, expand_composites: bool = False
) -> Any:
    """`structure` with the elements of `flat_sequence` in place of its leaves.

    TypeError when `flat_sequence` is no sequence, ValueError when it has another length.
    """
    if not is_nested(flat_sequence):
        raise TypeError(f"flat_sequence must be a sequence, got {flat_sequence!r}")
    flat = list(flat_sequence)
    count = len(flatten(structure, expand_composites))
    if count == 1 < len(flat) and not is_nested(structure):
        raise ValueError(f"Structure is a scalar but len(flat_sequence) == {len(flat)} > 1")
    if len(flat) != count:
        raise ValueError(
            f"Could not pack sequence. Structure had {count} elements, but flat_sequence had "
            f"{len(flat)} elements.  Structure: {structure}, flat_sequence: {flat}."
        )
    return _packed(structure, iter(flat), expand_composites)


def map_structure(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """The structure of what `func` gives for the leaves of one structure, or of several alike.

    Keywords: `check_types` (True) and `expand_composites` (False). TypeError when `func` cannot
    be called or types differ, ValueError when there is no structure or they differ.
    """
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structure:
        raise ValueError("Must provide at least one structure")
    check_types = kwargs.pop("check_types", True)
    expand = kwargs.pop("expand_composites", False)
    if kwargs:
        raise ValueError(
            "Only valid keyword arguments are `check_types` and `expand_composites`, not: "
            f"`{'`, `'.join(kwargs)}`"
        )
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types, expand)
    leaves = zip(*(flatten(each, expand) for each in structure))
    return pack_sequence_as(structure[0], [func(*each) for each in leaves], expand)


def assert_same_structure(
    nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False
) -> None:
    """ValueError unless both nest alike, TypeError when `check_types` and their types differ."""
    error = _difference(nest1, nest2, check_types, expand_composites)
    if error is not None:
        raise type(error)(
            f"The two structures don't have the same nested structure.\n\nFirst structure: "
            f"{nest1}\n\nSecond structure: {nest2}\n\nMore specifically: {error}"
        )


def _difference(first: Any, second: Any, check_types: bool, expand: bool) -> Exception | None:
    nested = [_is_structure(each, expand) for each in (first, second)]
    if not any(nested):
        return None
    if not all(nested):
        one, other = (first, second) if nested[0] else (second, first)
        return ValueError(f'Substructure "{one}" is a sequence, while substructure "{other}" '
                          "is not")  # fmt: skip
    if check_types and not _same_type(first, second):
        return TypeError(
            "The two structures don't have the same sequence type. First structure has type "
            f"{type(first)}, while second has type {type(second)}."
        )
    if _keys(first) != _keys(second):
        return ValueError("The two dictionaries don't have the same set of keys: "
                          f"{_keys(first)} and {_keys(second)}.")  # fmt: skip
    ours, theirs = list(_parts(first)), list(_parts(second))
    if len(ours) != len(theirs):
        return ValueError("The two structures don't have the same number of elements: "
                          f"{len(ours)} and {len(theirs)}.")  # fmt: skip
    found = (_difference(a, b, check_types, expand) for a, b in zip(ours, theirs))
    return next((error for error in found if error is not None), None)


def _same_type(first: Any, second: Any) -> bool:
    if _kind(first) == _kind(second) == MAP:
        return True
    if hasattr(first, "_fields") and hasattr(second, "_fields"):
        same_name = type(first).__name__ == type(second).__name__
        return same_name and first._fields == second._fields
    return type(first) is type(second)


def _keys(structure: Any) -> set[Any] | None:
    return set(structure) if _kind(structure) == MAP else None


def _is_structure(value: Any, expand_composites: bool) -> bool:
    return is_nested(value) or (expand_composites and hasattr(value, "_components"))


def _sorted(structure: Mapping[Any, Any]) -> list[Any]:
    try:
        return sorted(structure)
    except TypeError:
        raise TypeError("nest only supports dicts with sortable keys.") from None


def _parts(structure: Any) -> Iterator[Any]:
    kind = _kind(structure)
    if kind == MAP:
        return iter([structure[key] for key in _sorted(structure)])
    return iter(structure if kind == ROW else structure._components())


def _packed(structure: Any, leaves: Iterator[Any], expand: bool) -> Any:
    if not _is_structure(structure, expand):
        return next(leaves)
    return _like(structure, [_packed(part, leaves, expand) for part in _parts(structure)])


def _like(structure: Any, parts: list[Any]) -> Any:
    """The parts in a structure of the same type."""
    kind: Any = type(structure)
    if _kind(structure) == MAP:
        found = dict(zip(_sorted(structure), parts))
        ordered = ((key, found[key]) for key in structure)
        if isinstance(structure, defaultdict):
            return kind(structure.default_factory, ordered)
        return kind(ordered)
    if isinstance(structure, (MappingView, range)):
        return parts
    if hasattr(structure, "_fields"):
        return kind(*parts)
    if hasattr(structure, "_with_components"):
        return structure._with_components(parts)
    return kind(parts) if is_nested(structure) else kind(*parts)

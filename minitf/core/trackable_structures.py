"""Lists and dictionaries that are objects of a checkpoint themselves: tf.contrib.checkpoint's."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from typing import Any

from minitf.core import nest
from minitf.core.trackable import (
    CONTAINERS,
    NoDependency,
    Trackable,
    changed,
    edges_of,
    is_trackable,
    note,
    values,
)


class Structure(Trackable):
    """The base: what it holds belongs to the layer or model that has it as an attribute."""

    trainable = True

    def _values(self) -> Iterable[Any]:
        return edges_of(self).values()

    def _put(self, name: str, value: Any) -> Any:
        """Note a value by this name, which is returned. ValueError for what no checkpoint holds."""
        if isinstance(value, NoDependency):
            return value.value
        if not is_trackable(value) and type(value) not in CONTAINERS:
            raise ValueError(
                "Only trackable objects (such as Layers or Optimizers) may be stored in a List "
                f"object. Got {value}, which does not inherit from Trackable."
            )
        note(self, name, value)
        changed()
        return value

    def _flat(self) -> list[Any]:
        return [each for value in self._values() for each in nest.flatten(value)]

    def _gathered(self, attribute: str) -> list[Any]:
        return [each for item in self._flat() for each in getattr(item, attribute, ())]

    def _variables(self, trainable: bool) -> list[Any]:
        return [
            each for each in self._flat()
            if "VARIABLE_VALUE" in values(each) and each.trainable == trainable
        ]  # fmt: skip

    @property
    def layers(self) -> list[Any]:
        """The layers inside, those in structures inside among them."""
        found: list[Any] = []
        for each in self._flat():
            if isinstance(each, Structure):
                found += each.layers
            elif hasattr(type(each), "trainable_weights"):
                found.append(each)
        return list({id(each): each for each in found}.values())

    @property
    def trainable_weights(self) -> list[Any]:
        if not self.trainable:
            return []
        return self._gathered("trainable_weights") + self._variables(True)

    @property
    def non_trainable_weights(self) -> list[Any]:
        kept = self._gathered("non_trainable_weights") + self._variables(False)
        if self.trainable:
            return kept
        return self._gathered("trainable_weights") + self._variables(True) + kept

    @property
    def weights(self) -> list[Any]:
        return self.trainable_weights + self.non_trainable_weights

    variables = weights
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    @property
    def updates(self) -> list[Any]:
        return self._gathered("updates")

    @property
    def losses(self) -> list[Any]:
        return self._gathered("losses")

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: Any) -> bool:
        return self is other


class List(Structure, Sequence[Any]):
    """A list for attributes, to which things can be added: `List([layer, variable])`.

    The arguments are those of `list`. ValueError for what no checkpoint can hold.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._storage: list[Any] = []
        self.extend(list(*args, **kwargs))

    def _values(self) -> Iterable[Any]:
        return self._storage

    def append(self, value: Any) -> None:
        """Add one more."""
        self._storage.append(self._put(str(len(self._storage)), value))

    def extend(self, values: Iterable[Any]) -> None:
        """Add several."""
        for value in values:
            self.append(value)

    def copy(self) -> List:
        return type(self)(self._storage)

    def __getitem__(self, key: Any) -> Any:
        return self._storage[key]

    def __len__(self) -> int:
        return len(self._storage)

    def __add__(self, other: Any) -> List:
        return type(self)(self._storage + list(other))

    def __radd__(self, other: Any) -> List:
        return type(self)(list(other) + self._storage)

    def __iadd__(self, other: Any) -> List:
        self.extend(other)
        return self

    def __mul__(self, count: int) -> List:
        return type(self)(self._storage * count)

    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"List({self._storage!r})"


class Mapping(Structure, AnyMapping[str, Any]):
    """A dictionary for attributes, whose keys are strings; none can be assigned twice.

    The arguments are those of `dict`. TypeError for other keys, ValueError for a key that is there
    and for what no checkpoint can hold.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._storage: dict[str, Any] = {}
        self.update(*args, **kwargs)

    def _values(self) -> Iterable[Any]:
        return [value for _, value in sorted(self._storage.items())]

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Add several."""
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def __setitem__(self, key: str, value: Any) -> None:
        if not isinstance(key, str):
            raise TypeError(f"Mapping accepts only string keys, but got a key {key!r}.")
        known = self._storage.get(key, value)
        if known is not value:
            raise ValueError(
                "Mappings are an append-only data structure. Tried to overwrite the key "
                f"'{key}' with value {value}, but it already contains {known}"
            )
        self._storage[key] = self._put(key, value)

    def __getitem__(self, key: str) -> Any:
        return self._storage[key]

    def __len__(self) -> int:
        return len(self._storage)

    def __iter__(self) -> Iterator[str]:
        return iter(self._storage)

    def __repr__(self) -> str:
        return f"Mapping({self._storage!r})"

    __hash__, __eq__ = Structure.__hash__, Structure.__eq__


class UniqueNameTracker(Structure):
    """Objects by names that are made unique: `track(variable, "x")` names it "x", "x_1", ..."""

    def track(self, trackable: Any, base_name: str) -> Any:
        """Add an object, which is returned. ValueError for what no checkpoint can hold."""
        if not is_trackable(trackable):
            raise ValueError(
                f"Expected a trackable value, got {trackable} which does not inherit from "
                "tf.track.Trackable."
            )
        name, count = base_name, 0
        while name in edges_of(self):
            count += 1
            name = f"{base_name}_{count}"
        return self._put(name, trackable)

"""What a checkpoint of objects can hold: objects, the names by which they have each other, values.

Each kind of object says by a function of its own what is below it, registered beside its class:
`@children.register(Layer)`. A checkpoint is a walk along these names (see train/object_graph.py).
"""
from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

Edges = Iterable[tuple[str, Any]]


@functools.singledispatch
def children(item: Any) -> Edges:
    """(name, object) of each object below one. TypeError for what no checkpoint can hold."""
    raise TypeError(f"No checkpoint can hold {item!r}, of the type {type(item).__name__}.")


@functools.singledispatch
def values(item: Any) -> dict[str, Any]:
    """{name: what holds a value}: a Variable, a PythonState, or a Gathered."""
    return {}


_UNKNOWN = children.dispatch(object)


def is_trackable(value: Any) -> bool:
    """Whether a checkpoint can hold it."""
    return children.dispatch(type(value)) is not _UNKNOWN


class Gathered:
    """Holds several values under one name of an object, as a table its keys and its values.

    `factory(name=key)` makes a SaveableObject: its `specs` have tensors and their keys, its
    `restore` takes arrays for them.
    """

    def __init__(self, factory: Callable[..., Any]) -> None:
        self._factory = factory

    def specs(self, key: str) -> Any:
        self._saveable = self._factory(name=key)
        return self._saveable.specs

    def restore(self, arrays: list[Any]) -> Any:
        return self._saveable.restore(arrays, None)


# -- attributes that are noted --------------------------------------------------------------------


class NoDependency:
    """`item.name = NoDependency(value)`: the attribute is `value`, which checkpoints leave out."""

    def __init__(self, value: Any) -> None:
        self.value = value


@contextmanager
def no_automatic_dependency_tracking_scope(obj: Any) -> Iterator[None]:
    """What is set as an attribute of the object inside is left out of checkpoints, and of the
    layers and variables of a Keras model."""
    before, obj._setattr_tracking = obj._setattr_tracking, False
    try:
        yield
    finally:
        obj._setattr_tracking = before


def no_automatic_dependency_tracking(method: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator of methods: the same for the attributes of `self` that the method sets."""

    @functools.wraps(method)
    def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        with no_automatic_dependency_tracking_scope(self):
            return method(self, *args, **kwargs)

    return run


class Contents:
    """A list or dictionary that is an attribute: what can be in a checkpoint is below it, by index
    or key. What is put in later counts as well."""

    def __init__(self, value: Any) -> None:
        self.value, self._inside = value, {}  # type: Any, dict[Any, Contents]

    def children(self) -> Edges:
        pairs = self.value.items() if isinstance(self.value, dict) else enumerate(self.value)
        found = ((key, self._below(key, each)) for key, each in list(pairs))
        is_list = isinstance(self.value, list)
        return [(str(key) if is_list else key, each) for key, each in found if each is not None]

    def _below(self, key: Any, value: Any) -> Any:
        if isinstance(value, Contents):
            return value if value.children() else None
        if is_trackable(value):
            return value
        if type(value) not in CONTAINERS:
            return None
        known = self._inside.get(key)
        if known is None or known.value is not value:
            known = self._inside[key] = Contents(value)
        return known if known.children() else None


CONTAINERS = (list, dict, OrderedDict)
children.register(Contents, Contents.children)


def edges_of(item: Any) -> dict[str, Any]:
    """{name: object} that were noted of an object."""
    found: dict[str, Any] = vars(item).setdefault("_edges", {})
    return found


def noted(item: Any) -> Edges:
    """The same as `children` has it: without lists that hold nothing for a checkpoint."""
    return [
        (name, each) for name, each in edges_of(item).items()
        if not isinstance(each, Contents) or each.children()
    ]  # fmt: skip


def note(item: Any, name: str, value: Any) -> None:
    """Let the object have another below it by this name, if `value` can be in a checkpoint."""
    if is_trackable(value):
        edges_of(item)[name] = value
    elif type(value) in CONTAINERS:
        known = edges_of(item).get(name)
        if not (isinstance(known, Contents) and known.value is value):
            edges_of(item)[name] = Contents(value)


class TrackableReference(NamedTuple):
    """An object below another, and by which name."""

    name: str
    ref: Any


class Trackable:
    """The base of objects of one's own that a checkpoint can hold, with what was noted below."""

    _setattr_tracking = True  # whether attributes that are set are noted

    def _track_trackable(self, trackable: Any, name: str, overwrite: bool = False) -> Any:
        """Note an object below, which is returned. TypeError for what no checkpoint can hold,
        ValueError where another one has the name, unless `overwrite`."""
        if not is_trackable(trackable):
            raise TypeError(
                f"Trackable._track_trackable() passed type {type(trackable)}, not a Trackable."
            )
        known = self._lookup_dependency(name)
        if known is not None and known is not trackable and not overwrite:
            raise ValueError(
                f"Called Trackable._track_trackable() with name='{name}', but a Trackable with "
                "this name is already declared as a dependency. Names must be unique (or "
                "overwrite=True)."
            )
        edges_of(self)[name] = trackable
        changed()
        return trackable

    def _lookup_dependency(self, name: str) -> Any:
        """What is below by this name. A class of one's own may make it: what is restored asks."""
        return edges_of(self).get(name)

    @property
    def _unconditional_dependency_names(self) -> dict[str, Any]:
        """{name: object} of those below; what is put in is noted."""
        return edges_of(self)

    @property
    def _unconditional_checkpoint_dependencies(self) -> list[TrackableReference]:
        """The same as a list of now."""
        return [TrackableReference(*each) for each in edges_of(self).items()]

    _checkpoint_dependencies = _unconditional_checkpoint_dependencies

    def _no_dependency(self, value: Any) -> Any:
        """What to set as an attribute so that `value` is there, and not noted."""
        return value


@values.register(Trackable)
def _gathered(item: Trackable) -> dict[str, Any]:
    """What the object's own method says: variables, or functions that make SaveableObjects."""
    gather = getattr(item, "_gather_saveables_for_checkpoint", dict)
    known = vars(item).setdefault("_gathered", {})
    for name, holder in gather().items():
        known.setdefault(name, Gathered(holder) if callable(holder) else holder)
    return dict(known)


class AutoTrackable(Trackable):
    """An object whose attributes are in a checkpoint with it: variables, layers, optimizers, lists
    and dictionaries of these, and other such objects."""

    def __setattr__(self, name: str, value: Any) -> None:
        if getattr(self, name, NoDependency) is value:
            return  # nothing to set, though it be a property
        if isinstance(value, NoDependency):
            value = value.value
        elif name != "_edges" and self._setattr_tracking:
            note(self, name, value)
        object.__setattr__(self, name, value)
        changed()

    def __delattr__(self, name: str) -> None:
        edges_of(self).pop(name, None)
        object.__delattr__(self, name)

    def _no_dependency(self, value: Any) -> Any:
        return NoDependency(value)


children.register(Trackable, noted)


# -- restoring what is made later -----------------------------------------------------------------

waiting: list[Callable[[], None]] = []  # restores of objects that are not there yet, newest first
_going_on = False


def changed() -> None:
    """An object has got another below it: restores that wait for it go on."""
    global _going_on
    if not waiting or _going_on:
        return
    _going_on = True
    try:
        for restore in tuple(waiting):  # those that are done leave it
            restore()
    finally:
        _going_on = False

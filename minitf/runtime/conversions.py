"""Types of a program's own that `Session.run` fetches and takes as keys of a feed_dict."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple


class Conversion(NamedTuple):
    """How an object stands for tensors: when it is fetched, and when it is fed."""

    fetch: Callable[[Any], tuple[list[Any], Callable[[list[Any]], Any]]]
    feed: Callable[[Any, Any], list[tuple[Any, Any]]] | None
    feed_of_partial_run: Callable[[Any], list[Any]] | None


_REGISTERED: list[tuple[type, Conversion]] = []  # the last one first
FEEDS: list[type] = []  # those of them that can be fed


def register_session_run_conversion_functions(
    tensor_type: type,
    fetch_function: Callable[[Any], tuple[list[Any], Callable[[list[Any]], Any]]],
    feed_function: Callable[[Any, Any], list[tuple[Any, Any]]] | None = None,
    feed_function_for_partial_run: Callable[[Any], list[Any]] | None = None,
) -> None:
    """Let objects of `tensor_type` be fetched, and be keys of a feed_dict.

    `fetch_function(object)` gives the tensors to fetch and a function of the list of their values
    that makes what `run` returns; `feed_function(object, value)` gives pairs of a tensor and its
    value, `feed_function_for_partial_run(object)` the tensors to announce to
    `partial_run_setup`. ValueError when a type that is registered is this one or derived from it.
    """
    for known, _ in _REGISTERED:
        if issubclass(known, tensor_type):
            raise ValueError(
                f"{tensor_type} has already been registered: Session.run knows what to do with "
                f"{known}."
            )
    made = Conversion(fetch_function, feed_function, feed_function_for_partial_run)
    _REGISTERED.insert(0, (tensor_type, made))
    if feed_function is not None:
        FEEDS.append(tensor_type)


def conversion_of(item: Any) -> Conversion | None:
    """What is registered for the type of `item`."""
    return next((made for kind, made in _REGISTERED if isinstance(item, kind)), None)


def expanded(feed_dict: Mapping[Any, Any]) -> dict[Any, Any]:
    """The feeds, with the tensors that a key of a registered type stands for in its place."""
    pairs: list[tuple[Any, Any]] = []
    for key, value in feed_dict.items():
        made = conversion_of(key)
        pairs += [(key, value)] if made is None or made.feed is None else made.feed(key, value)
    return dict(pairs)


def announced(keys: Iterable[Any]) -> list[Any]:
    """The feeds of a run in parts, with the tensors that a key of a registered type stands for."""
    found: list[Any] = []
    for key in keys:
        made = conversion_of(key)
        listed = None if made is None else made.feed_of_partial_run
        found += [key] if listed is None else listed(key)
    return found

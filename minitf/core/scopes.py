"""Names below a name scope, with and without it, and how collections become messages."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple


def strip_name_scope(name: str, export_scope: str | None) -> str:
    """`^a/b` without the scope `a`; a name that is not below it stays what it is."""
    if not export_scope:
        return name
    scope = re.escape(export_scope.rstrip("/"))
    return re.sub(rf"([\^]|loc:@|^){scope}[\/]+(.*)", r"\1\2", name, count=1)


def prepend_name_scope(name: str, import_scope: str | None) -> str:
    """`^a/b` for `^b`, of the scope `a`."""
    if not import_scope:
        return name
    scope = import_scope.rstrip("/")
    return re.sub(r"([\^]|loc:@|^)(.*)", lambda m: f"{m[1]}{scope}/{m[2]}", name, count=1)


class ProtoFunctions(NamedTuple):
    """How the items of a collection become messages of `proto_type`, and what these become."""

    proto_type: Any
    to_proto: Callable[..., Any] | None
    from_proto: Callable[..., Any] | None


_REGISTERED: dict[str, ProtoFunctions] = {}
_NONE = ProtoFunctions(None, None, None)


def register_proto_function(
    collection_name: str,
    proto_type: Any = None,
    to_proto: Callable[..., Any] | None = None,
    from_proto: Callable[..., Any] | None = None,
) -> None:
    """Say how the items of a collection are written into a MetaGraphDef, and read.

    `to_proto(item, export_scope=)` gives a message of `proto_type`, or None for an item outside of
    the scope; `from_proto(message, import_scope=)` gives the item. TypeError for what is no
    function.
    """
    for what, function in (("to_proto", to_proto), ("from_proto", from_proto)):
        if function is not None and not callable(function):
            raise TypeError(f"{what} must be callable.")
    _REGISTERED[collection_name] = ProtoFunctions(proto_type, to_proto, from_proto)


def proto_functions(collection_name: str) -> ProtoFunctions:
    """Those that are registered; all None when none are."""
    return _REGISTERED.get(collection_name, _NONE)


def get_collection_proto_type(collection_name: str) -> Any:
    return proto_functions(collection_name).proto_type


def get_to_proto_function(collection_name: str) -> Any:
    return proto_functions(collection_name).to_proto


def get_from_proto_function(collection_name: str) -> Any:
    return proto_functions(collection_name).from_proto

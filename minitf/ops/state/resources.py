"""What a session keeps beside variables, and how it begins: `tensorflow.python.ops.resources`."""
from __future__ import annotations

from typing import Any, NamedTuple

from minitf.core.constant import constant
from minitf.core.dtypes import string
from minitf.core.graph import add_to_collection, device, get_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.joining import stack
from minitf.ops.array.masks import boolean_mask
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import logical_not


class Resource(NamedTuple):
    """A handle, the operation that makes the thing, and a tensor that tells whether it is there."""

    handle: Any
    create: Any
    is_initialized: Any


def register_resource(
    handle: Any, create_op: Any, is_initialized_op: Any, is_shared: bool = True
) -> None:
    """Add a resource to the collection of those that are shared, or local to a session."""
    key = GraphKeys.RESOURCES if is_shared else GraphKeys.LOCAL_RESOURCES
    add_to_collection(key, Resource(handle, create_op, is_initialized_op))


def shared_resources() -> list[Any]:
    return get_collection(GraphKeys.RESOURCES)


def local_resources() -> list[Any]:
    return get_collection(GraphKeys.LOCAL_RESOURCES)


def report_uninitialized_resources(
    resource_list: Any = None, name: str = "report_uninitialized_resources"
) -> Any:
    """The names of those that are not there yet, all resources by default: a string vector."""
    if resource_list is None:
        resource_list = shared_resources() + local_resources()
    with name_scope(name), device("/cpu:0"):
        if not resource_list:
            return constant([], dtype=string)
        absent = logical_not(stack([each.is_initialized for each in resource_list]))
        names = constant([each.handle.name for each in resource_list])
        return boolean_mask(names, absent)


def initialize_resources(resource_list: Any, name: str = "init") -> Any:
    """An operation that makes them all."""
    if not resource_list:
        return no_op(name=name)
    return group(*(each.create for each in resource_list), name=name)

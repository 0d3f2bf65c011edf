"""`tensorflow.python.ops.resources`: what a session keeps beside variables, and how it begins."""
from __future__ import annotations

from typing import Any, NamedTuple

import minitf as tf


class Resource(NamedTuple):
    """A handle, the operation that makes the thing, and a tensor that tells whether it is there."""

    handle: Any
    create: Any
    is_initialized: Any


def register_resource(
    handle: Any, create_op: Any, is_initialized_op: Any, is_shared: bool = True
) -> None:
    """Add a resource to the collection of those that are shared, or local to a session."""
    keys = tf.GraphKeys
    key = keys.RESOURCES if is_shared else keys.LOCAL_RESOURCES
    tf.add_to_collection(key, Resource(handle, create_op, is_initialized_op))


def shared_resources() -> list[Any]:
    return tf.get_collection(tf.GraphKeys.RESOURCES)


def local_resources() -> list[Any]:
    return tf.get_collection(tf.GraphKeys.LOCAL_RESOURCES)


def report_uninitialized_resources(
    resource_list: Any = None, name: str = "report_uninitialized_resources"
) -> Any:
    """The names of those that are not there yet, all resources by default: a string vector."""
    if resource_list is None:
        resource_list = shared_resources() + local_resources()
    with tf.name_scope(name), tf.device("/cpu:0"):
        if not resource_list:
            return tf.constant([], dtype=tf.string)
        absent = tf.logical_not(tf.stack([each.is_initialized for each in resource_list]))
        names = tf.constant([each.handle.name for each in resource_list])
        return tf.boolean_mask(names, absent)


def initialize_resources(resource_list: Any, name: str = "init") -> Any:
    """An operation that makes them all."""
    if not resource_list:
        return tf.no_op(name=name)
    return tf.group(*(each.create for each in resource_list), name=name)

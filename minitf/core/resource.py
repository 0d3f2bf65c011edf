"""What a Session keeps for a node that stands for something outside the graph."""
from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minitf.core.operation import Operation

_numbers = itertools.count()


class Resource:
    """A queue, a table, an iterator, a reader: the node's output, its handle, is this object.

    The op that makes it has the trait `state`, which is a subclass of this one, and hands the state
    out; ops that are given the handle call its methods. Several threads may do so at once, and may
    wait there for one another: no lock of the Session is held while an op runs. Nodes of one type
    with the same `container` and `shared_name`, if they have one, share it.
    """

    shape = ()  # a handle is a scalar, where it is fed

    def __init__(self, operation: Operation) -> None:
        self.name = operation.attrs.get("shared_name") or operation.name

    def cancel(self) -> None:
        """The Session is closed: whoever waits here raises `tf.errors.CancelledError`."""


def resource_key(operation: Operation) -> Any:
    """What tells the state of this node from others in a Session.

    A kind of state whose nodes have different types says what they share, as `family`; where it is
    `named`, a node without a shared name goes by its own, and where it is `whole`, all share one.
    """
    kind: Any = operation.definition.state
    if getattr(kind, "whole", False):
        return kind
    shared = operation.attrs.get("shared_name")
    if not shared and getattr(kind, "named", False):
        shared = operation.name
    family = getattr(kind, "family", operation.type)
    return (family, operation.attrs.get("container"), shared) if shared else operation


def unique_name(operation: Operation) -> str:
    """A name for messages that nothing else in this process has, as TensorFlow gives it."""
    return f"_{next(_numbers)}_{operation.name}"

"""`tensorflow.python.eager.context`: which of graph and eager mode holds. It is always the graph's.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from minitf.core.eager import executing_eagerly  # noqa: F401  a name of this module

GRAPH_MODE, EAGER_MODE = 0, 1


class EagerTensor:
    """What no tensor is an instance of: tensors have no values before a session runs."""

    def __new__(cls) -> NoReturn:
        raise NotImplementedError("EagerTensor: minitf has no eager mode; a session gives values.")


class Context:
    """The one mode there is."""

    scope_name, device_name, summary_writer = "", None, None

    def executing_eagerly(self) -> bool:
        return False

    def in_graph_mode(self) -> bool:
        return True

    def in_eager_mode(self) -> bool:
        return False


_CONTEXT = Context()


def context() -> Context:
    return _CONTEXT


def in_eager_mode() -> bool:
    """False: operations are run by a session."""
    return False


def in_graph_mode() -> bool:
    """True: operations are nodes of a graph."""
    return True


@contextmanager
def graph_mode() -> Iterator[None]:
    """Changes nothing: operations are nodes of a graph in any case."""
    yield


def eager_mode() -> NoReturn:
    """NotImplementedError: operations are run by a session."""
    raise NotImplementedError(
        "context.eager_mode(): minitf has no eager mode; build a graph and run it in a session."
    )

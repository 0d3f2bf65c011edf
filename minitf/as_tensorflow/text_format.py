"""`google.protobuf.text_format` for the messages of minitf, which are not those of protobuf.

Where protobuf is installed it is asked for all other messages, and for all other names.
"""
from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from typing import Any

from minitf.core.proto.message import Message
from minitf.core.proto.text import lines
from minitf.core.proto.text_parse import ParseError as ParseError
from minitf.core.proto.text_parse import merge


def MessageToString(message: Any, as_utf8: bool = False, as_one_line: bool = False,
                    **options: Any) -> str:  # fmt: skip
    """The message as text, in one line if asked. NotImplementedError for other options."""
    if not isinstance(message, Message):
        return _other("MessageToString")(message, as_utf8=as_utf8, as_one_line=as_one_line,
                                         **options)  # fmt: skip
    odd = sorted(name for name, value in options.items() if value)
    if odd or as_utf8:
        raise NotImplementedError(f"text_format.MessageToString({', '.join(odd or ['as_utf8'])}="
                                  "...): minitf prints messages in one way")  # fmt: skip
    if as_one_line:
        return "".join(f"{line.strip()} " for line in lines(message)).strip()
    return "".join(f"{line}\n" for line in lines(message))


def PrintMessage(message: Any, out: Any, **options: Any) -> None:
    """Write the message as text."""
    out.write(MessageToString(message, **options))


def Merge(text: Any, message: Any, **options: Any) -> Any:
    """Add what the text says to the message, and return that. ParseError where it cannot be."""
    if not isinstance(message, Message):
        return _other("Merge")(text, message, **options)
    return merge(text, message)


def Parse(text: Any, message: Any, **options: Any) -> Any:
    """Make the message what the text says, and return that. ParseError where it cannot be."""
    if not isinstance(message, Message):
        return _other("Parse")(text, message, **options)
    message.Clear()
    return merge(text, message)


def MergeLines(lines: Iterable[Any], message: Any, **options: Any) -> Any:
    return Merge(_joined(lines), message, **options)


def ParseLines(lines: Iterable[Any], message: Any, **options: Any) -> Any:
    return Parse(_joined(lines), message, **options)


def _joined(lines: Iterable[Any]) -> str:
    return "\n".join(line.decode() if isinstance(line, bytes) else line for line in lines)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _other(name)


def _other(name: str) -> Any:
    """What protobuf has under this name. TypeError where it is not installed."""
    found = _installed()
    if found is None:
        raise TypeError(f"text_format.{name}: minitf knows its own messages only, and protobuf is "
                        "not installed")  # fmt: skip
    return getattr(found, name)


@functools.cache
def _installed() -> Any:
    """The module of this name that is installed, None when there is none."""
    package = sys.modules.get("google.protobuf")
    spec = PathFinder.find_spec("google.protobuf.text_format", getattr(package, "__path__", []))
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

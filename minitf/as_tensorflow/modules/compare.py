"""`tensorflow.python.util.protobuf.compare`: messages in tests."""
from __future__ import annotations

from typing import Any

from minitf.core.proto.text_parse import merge


def assertProtoEqual(
    self: Any, a: Any, b: Any, check_initialized: bool = True, normalize_numbers: bool = False,
    msg: str | None = None,
) -> None:
    """Fail the test `self` unless two messages are equal; the first one may be given as text."""
    if isinstance(a, str):
        a = merge(a, type(b)())
    self.assertMultiLineEqual(str(a), str(b), msg=msg)


def ProtoEq(a: Any, b: Any) -> bool:
    """Whether two messages, or two values of fields, are equal."""
    return bool(a == b)


class ProtoAssertions:
    """What a test case derives from to have `assertProtoEqual`."""

    def assertProtoEqual(self, *args: Any, **kwargs: Any) -> None:
        assertProtoEqual(self, *args, **kwargs)

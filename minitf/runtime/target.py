"""What a session connects to: here nothing but this process."""
from __future__ import annotations

from typing import Any

from minitf.core import errors

# The jobs of which this process is task 0: that of every session, and those of its servers.
jobs = {"localhost"}


def check_target(target: Any) -> None:
    """TypeError unless it is a string, UnimplementedError for another process, NotFoundError for
    what names none."""
    if not isinstance(target, (str, bytes)):
        raise TypeError(f"target must be a string, but got {type(target)}")
    text = target.decode() if isinstance(target, bytes) else target
    if text.startswith("grpc://"):
        raise errors.UnimplementedError(
            None, None, f"tf.Session('{text}'): there are no remote sessions in minitf."
        )
    if text:
        raise errors.NotFoundError(
            None, None, "No session factory registered for the given session options: target is "
            f"'{text}'. Leave it out, tf.Session(), for a session in this process."
        )  # fmt: skip

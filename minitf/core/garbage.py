"""A pause of Python's search for garbage."""
from __future__ import annotations

import gc
import threading

_lock = threading.Lock()


class _Pause:
    """No search for garbage from the first thread that enters until the last one leaves."""

    def __init__(self) -> None:
        self.inside = 0
        self.was_enabled = False

    def __enter__(self) -> None:
        with _lock:
            if not self.inside:
                self.was_enabled = gc.isenabled()
                gc.disable()
            self.inside += 1

    def __exit__(self, *error: object) -> None:
        with _lock:
            self.inside -= 1
            if not self.inside and self.was_enabled:
                gc.enable()


no_garbage_collection = _Pause()

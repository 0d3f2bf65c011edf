"""`tensorflow.python.pywrap_tensorflow`: what loggers of programs write with, constants."""
from __future__ import annotations

import os
from typing import Any

import minitf as tf
from minitf.core.static import constant_value
from minitf.summary.event_file import EventFile


def TF_TryEvaluateConstant_wrapper(graph: Any, output: Any) -> Any:
    """What a tensor is known to be, given its graph's `_c_graph` and its `_as_tf_output()`."""
    return constant_value(output)


class EventsWriter:
    """Writes events to `<file_prefix>.out.tfevents.<seconds>.<host>`."""

    def __init__(self, file_prefix: str | bytes) -> None:
        folder, prefix = os.path.split(tf.compat.as_str_any(file_prefix))
        self._file = EventFile(folder, prefix=prefix)

    def FileName(self) -> bytes:
        return tf.compat.as_bytes(self._file.path)

    def WriteEvent(self, event: Any) -> None:
        self._file.add(event)

    def Flush(self) -> None:
        self._file.flush()

    def Close(self) -> None:
        self._file.close()

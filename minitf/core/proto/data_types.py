"""The numbers of types in messages: `types_pb2.DT_FLOAT`."""
from __future__ import annotations

from minitf.core.proto.fields import ENUMS
from minitf.core.proto.graph_def import GraphDef as _declares_them  # noqa: F401

DataType = ENUMS["DataType"]
globals().update(DataType.numbers)

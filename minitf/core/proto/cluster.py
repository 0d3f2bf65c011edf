"""The protocol messages of clusters: jobs, their tasks and the addresses of these."""
from __future__ import annotations

from minitf.core.proto.message import Message


class JobDef(Message):
    PROTO = "string name = 1; map<int32, string> tasks = 2;"


class ClusterDef(Message):
    PROTO = "repeated JobDef job = 1;"

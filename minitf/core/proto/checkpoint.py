"""The protocol messages inside the files of checkpoints."""
from __future__ import annotations

from minitf.core.proto import graph_def  # noqa: F401  its messages are fields of these
from minitf.core.proto.message import Message


class TensorSliceProto(Message):
    """A part of a tensor: an extent of each axis, the whole axis where it has no length."""

    PROTO = "repeated TensorSliceProto.Extent extent = 1;"

    class Extent(Message):
        PROTO = "int64 start = 1; oneof has_length { int64 length = 2; }"


class BundleHeaderProto(Message):
    """The first value of an index: in how many files the data are."""

    PROTO = """
        int32 num_shards = 1;
        enum Endianness {
            LITTLE = 0;
            BIG = 1;
        }
        Endianness endianness = 2;
        VersionDef version = 3;
    """


class BundleEntryProto(Message):
    """Where a tensor is; or, of one in parts, which parts there are."""

    PROTO = """
        DataType dtype = 1;
        TensorShapeProto shape = 2;
        int32 shard_id = 3;
        int64 offset = 4;
        int64 size = 5;
        fixed32 crc32c = 6;
        repeated TensorSliceProto slices = 7;
    """


class SavedSliceMeta(Message):
    """In the format of before 2016: a tensor, and which parts of it there are."""

    PROTO = """
        string name = 1;
        TensorShapeProto shape = 2;
        DataType type = 3;
        repeated TensorSliceProto slice = 4;
    """


class SavedTensorSliceMeta(Message):
    PROTO = "repeated SavedSliceMeta tensor = 1; VersionDef versions = 2;"


class SavedSlice(Message):
    PROTO = "string name = 1; TensorSliceProto slice = 2; TensorProto data = 3;"


class SavedTensorSlices(Message):
    """A value in a file of that format."""

    PROTO = "SavedTensorSliceMeta meta = 1; SavedSlice data = 2;"


class TrackableObjectGraph(Message):
    """The objects whose values a checkpoint has: the first is the one that was saved."""

    PROTO = "repeated TrackableObjectGraph.TrackableObject nodes = 1;"

    class TrackableObject(Message):
        PROTO = """
            repeated TrackableObjectGraph.TrackableObject.ObjectReference children = 1;
            repeated TrackableObjectGraph.TrackableObject.SerializedTensor attributes = 2;
            repeated TrackableObjectGraph.TrackableObject.SlotVariableReference slot_variables = 3;
        """

        class ObjectReference(Message):
            PROTO = "int32 node_id = 1; string local_name = 2;"

        class SerializedTensor(Message):
            PROTO = """
                string name = 1;
                string full_name = 2;
                string checkpoint_key = 3;
                bool optional_restore = 4;
            """

        class SlotVariableReference(Message):
            PROTO = """
                int32 original_variable_node_id = 1;
                string slot_name = 2;
                int32 slot_variable_node_id = 3;
            """

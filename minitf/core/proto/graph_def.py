"""The protocol messages that describe a graph: `tf.GraphDef`, `tf.NodeDef`, `tf.AttrValue`, ..."""
from __future__ import annotations

from minitf.core.proto.fields import ENUMS, Enum
from minitf.core.proto.message import Message

ENUMS["DataType"] = Enum({
    "DT_INVALID": 0, "DT_FLOAT": 1, "DT_DOUBLE": 2, "DT_INT32": 3, "DT_UINT8": 4, "DT_INT16": 5,
    "DT_INT8": 6, "DT_STRING": 7, "DT_COMPLEX64": 8, "DT_INT64": 9, "DT_BOOL": 10, "DT_QINT8": 11,
    "DT_QUINT8": 12, "DT_QINT32": 13, "DT_BFLOAT16": 14, "DT_QINT16": 15, "DT_QUINT16": 16,
    "DT_UINT16": 17, "DT_COMPLEX128": 18, "DT_HALF": 19, "DT_RESOURCE": 20, "DT_VARIANT": 21,
    "DT_UINT32": 22, "DT_UINT64": 23,
})  # fmt: skip
for _name, _number in ENUMS["DataType"].items()[1:]:
    ENUMS["DataType"].names[_number + 100] = f"{_name}_REF"
    ENUMS["DataType"].numbers[f"{_name}_REF"] = _number + 100


class TensorShapeProto(Message):
    """A shape: `dim` of each axis, with size -1 where it is unknown."""

    PROTO = "repeated TensorShapeProto.Dim dim = 2; bool unknown_rank = 3;"

    class Dim(Message):
        PROTO = "int64 size = 1; string name = 2;"


class TensorProto(Message):
    """An array: its bytes as `tensor_content`, or values in the list of its type, the last of
    which stands for all that follow."""

    PROTO = """
        DataType dtype = 1;
        TensorShapeProto tensor_shape = 2;
        int32 version_number = 3;
        bytes tensor_content = 4;
        repeated float float_val = 5;
        repeated double double_val = 6;
        repeated int32 int_val = 7;
        repeated bytes string_val = 8;
        repeated float scomplex_val = 9;
        repeated int64 int64_val = 10;
        repeated bool bool_val = 11;
        repeated double dcomplex_val = 12;
        repeated int32 half_val = 13;
        repeated uint32 uint32_val = 16;
        repeated uint64 uint64_val = 17;
    """


class AttrValue(Message):
    """An attribute of a node."""

    PROTO = """
        oneof value {
            AttrValue.ListValue list = 1;
            bytes s = 2;
            int64 i = 3;
            float f = 4;
            bool b = 5;
            DataType type = 6;
            TensorShapeProto shape = 7;
            TensorProto tensor = 8;
            string placeholder = 9;
            NameAttrList func = 10;
        }
    """

    class ListValue(Message):
        PROTO = """
            repeated bytes s = 2;
            repeated int64 i = 3;
            repeated float f = 4;
            repeated bool b = 5;
            repeated DataType type = 6;
            repeated TensorShapeProto shape = 7;
            repeated TensorProto tensor = 8;
            repeated NameAttrList func = 9;
        """


class NameAttrList(Message):
    """A function by name, with its attributes."""

    PROTO = "string name = 1; map<string, AttrValue> attr = 2;"


class NodeDef(Message):
    """A node: its name, its op, the names of what it reads, the device it asks for, attributes."""

    PROTO = """
        string name = 1;
        string op = 2;
        repeated string input = 3;
        string device = 4;
        map<string, AttrValue> attr = 5;
    """


class VersionDef(Message):
    PROTO = "int32 producer = 1; int32 min_consumer = 2; repeated int32 bad_consumers = 3;"


class OpDef(Message):
    """The signature of an op, or of a function."""

    PROTO = """
        string name = 1;
        repeated OpDef.ArgDef input_arg = 2;
        repeated OpDef.ArgDef output_arg = 3;
        repeated OpDef.AttrDef attr = 4;
        string summary = 5;
        string description = 6;
        OpDeprecation deprecation = 8;
        bool is_aggregate = 16;
        bool is_stateful = 17;
        bool is_commutative = 18;
        bool allows_uninitialized_input = 19;
        repeated string control_output = 20;
    """

    class ArgDef(Message):
        PROTO = """
            string name = 1;
            string description = 2;
            DataType type = 3;
            string type_attr = 4;
            string number_attr = 5;
            string type_list_attr = 6;
            bool is_ref = 16;
        """

    class AttrDef(Message):
        PROTO = """
            string name = 1;
            string type = 2;
            AttrValue default_value = 3;
            string description = 4;
            bool has_minimum = 5;
            int64 minimum = 6;
            AttrValue allowed_values = 7;
        """


class OpDeprecation(Message):
    PROTO = "int32 version = 1; string explanation = 2;"


class OpList(Message):
    PROTO = "repeated OpDef op = 1;"


class FunctionDef(Message):
    """A function: its signature, its nodes, and which of their outputs it returns."""

    PROTO = """
        OpDef signature = 1;
        repeated NodeDef node_def = 3;
        map<string, string> ret = 4;
        map<string, AttrValue> attr = 5;
        map<string, string> control_ret = 6;
        map<uint32, FunctionDef.ArgAttrs> arg_attr = 7;
    """

    class ArgAttrs(Message):
        """Attributes of an argument, by its number."""

        PROTO = "map<string, AttrValue> attr = 1;"


class GradientDef(Message):
    PROTO = "string function_name = 1; string gradient_func = 2;"


class FunctionDefLibrary(Message):
    PROTO = "repeated FunctionDef function = 1; repeated GradientDef gradient = 2;"


class GraphDef(Message):
    """The nodes of a graph, in the order of building, and the version of the format."""

    PROTO = """
        repeated NodeDef node = 1;
        FunctionDefLibrary library = 2;
        int32 version = 3;
        VersionDef versions = 4;
    """

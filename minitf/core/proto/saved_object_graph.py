"""The protocol messages of a SavedModel of objects: what it holds beside a graph."""
from __future__ import annotations

from minitf.core.proto import checkpoint, graph_def  # noqa: F401  fields are messages of these
from minitf.core.proto.message import Message


class StructuredValue(Message):
    """A value of Python's: None, a number, text, a shape, a spec, or a structure of such values."""

    PROTO = """
        oneof kind {
            NoneValue none_value = 1;
            double float64_value = 11;
            sint64 int64_value = 12;
            string string_value = 13;
            bool bool_value = 14;
            TensorShapeProto tensor_shape_value = 31;
            DataType tensor_dtype_value = 32;
            TensorSpecProto tensor_spec_value = 33;
            TypeSpecProto type_spec_value = 34;
            ListValue list_value = 51;
            TupleValue tuple_value = 52;
            DictValue dict_value = 53;
            NamedTupleValue named_tuple_value = 54;
        }
    """


class NoneValue(Message):
    """None."""


class ListValue(Message):
    PROTO = "repeated StructuredValue values = 1;"


class TupleValue(Message):
    PROTO = "repeated StructuredValue values = 1;"


class DictValue(Message):
    PROTO = "map<string, StructuredValue> fields = 1;"


class PairValue(Message):
    PROTO = "string key = 1; StructuredValue value = 2;"


class NamedTupleValue(Message):
    PROTO = "string name = 1; repeated PairValue values = 2;"


class TensorSpecProto(Message):
    PROTO = "string name = 1; TensorShapeProto shape = 2; DataType dtype = 3;"


class TypeSpecProto(Message):
    """A spec of another kind: the arguments of its class."""

    PROTO = """
        enum TypeSpecClass {
            UNKNOWN = 0;
            SPARSE_TENSOR_SPEC = 1;
            INDEXED_SLICES_SPEC = 2;
            RAGGED_TENSOR_SPEC = 3;
            TENSOR_ARRAY_SPEC = 4;
            DATA_DATASET_SPEC = 5;
            DATA_ITERATOR_SPEC = 6;
            OPTIONAL_SPEC = 7;
            PER_REPLICA_SPEC = 8;
        }
        TypeSpecClass type_spec_class = 1;
        StructuredValue type_state = 2;
        string type_spec_class_name = 3;
    """


class FunctionSpec(Message):
    """The arguments of a function, as Python's inspect names them, and its input_signature."""

    PROTO = """
        StructuredValue fullargspec = 1;
        bool is_method = 2;
        StructuredValue input_signature = 5;
    """


class SavedUserObject(Message):
    """An object that has others; which kind of object says `identifier`."""

    PROTO = "string identifier = 1; VersionDef version = 2; string metadata = 3;"


class SavedAsset(Message):
    """A file."""

    PROTO = "int32 asset_file_def_index = 1;"


class SavedFunction(Message):
    """A tf.function: the names of what it was traced to."""

    PROTO = "repeated string concrete_functions = 1; FunctionSpec function_spec = 2;"


class SavedConcreteFunction(Message):
    """What a function of the library is called with: the numbers of the objects that it has
    captured, and arguments and results with specs in place of tensors."""

    PROTO = """
        repeated int32 bound_inputs = 2;
        StructuredValue canonicalized_input_signature = 3;
        StructuredValue output_signature = 4;
    """


class SavedBareConcreteFunction(Message):
    """A function of the library that is an object itself, as those of signatures are."""

    PROTO = """
        string concrete_function_name = 1;
        repeated string argument_keywords = 2;
        int64 allowed_positional_arguments = 3;
    """


class SavedConstant(Message):
    """A tensor: the name of its node."""

    PROTO = "string operation = 1;"


class SavedVariable(Message):
    """A variable, whose value is in the checkpoint."""

    PROTO = """
        DataType dtype = 1;
        TensorShapeProto shape = 2;
        bool trainable = 3;
        int32 synchronization = 4;
        int32 aggregation = 5;
        string name = 6;
    """


class SavedResource(Message):
    """A table, say, which functions create and fill."""

    PROTO = "string device = 1;"


class SavedObject(Message):
    """An object: those that it has by name, as in a checkpoint, and what it is."""

    PROTO = """
        repeated TrackableObjectGraph.TrackableObject.ObjectReference children = 1;
        repeated TrackableObjectGraph.TrackableObject.SlotVariableReference slot_variables = 3;
        oneof kind {
            SavedUserObject user_object = 4;
            SavedAsset asset = 5;
            SavedFunction function = 6;
            SavedVariable variable = 7;
            SavedBareConcreteFunction bare_concrete_function = 8;
            SavedConstant constant = 9;
            SavedResource resource = 10;
        }
    """


class SavedObjectGraph(Message):
    """All objects, of which the first is the one that was saved, and their functions."""

    PROTO = """
        repeated SavedObject nodes = 1;
        map<string, SavedConcreteFunction> concrete_functions = 2;
    """

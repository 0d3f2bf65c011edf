"""The protocol messages of graphs with their collections: `tf.MetaGraphDef`, SavedModels."""
from __future__ import annotations

from minitf.core.proto import saved_object_graph  # noqa: F401  which a MetaGraphDef may have
from minitf.core.proto.message import Message


class Any(Message):
    """A message of a type that is named."""

    PROTO = "string type_url = 1; bytes value = 2;"


class CollectionDef(Message):
    """A collection: names of nodes, serialized messages, or numbers."""

    PROTO = """
        oneof kind {
            CollectionDef.NodeList node_list = 1;
            CollectionDef.BytesList bytes_list = 2;
            CollectionDef.Int64List int64_list = 3;
            CollectionDef.FloatList float_list = 4;
            CollectionDef.AnyList any_list = 5;
        }
    """

    class NodeList(Message):
        PROTO = "repeated string value = 1;"

    class BytesList(Message):
        PROTO = "repeated bytes value = 1;"

    class Int64List(Message):
        PROTO = "repeated int64 value = 1;"

    class FloatList(Message):
        PROTO = "repeated float value = 1;"

    class AnyList(Message):
        PROTO = "repeated Any value = 1;"


class TensorInfo(Message):
    """A tensor of a graph: its name (of a sparse one, the names of its parts), type and shape."""

    PROTO = """
        oneof encoding {
            string name = 1;
            TensorInfo.CooSparse coo_sparse = 4;
            TensorInfo.CompositeTensor composite_tensor = 5;
        }
        DataType dtype = 2;
        TensorShapeProto tensor_shape = 3;
    """

    class CooSparse(Message):
        PROTO = """
            string values_tensor_name = 1;
            string indices_tensor_name = 2;
            string dense_shape_tensor_name = 3;
        """

    class CompositeTensor(Message):
        PROTO = "bytes type_spec = 1; repeated TensorInfo components = 2;"


class SignatureDef(Message):
    """What can be asked of a model: inputs and outputs by their names, and by which method."""

    PROTO = """
        map<string, TensorInfo> inputs = 1;
        map<string, TensorInfo> outputs = 2;
        string method_name = 3;
    """


class AssetFileDef(Message):
    """A file that a graph reads, and the tensor that says its name."""

    PROTO = "TensorInfo tensor_info = 1; string filename = 2;"


class MetaGraphDef(Message):
    """A graph with what belongs to it: collections, how to save it, signatures."""

    PROTO = """
        MetaGraphDef.MetaInfoDef meta_info_def = 1;
        GraphDef graph_def = 2;
        SaverDef saver_def = 3;
        map<string, CollectionDef> collection_def = 4;
        map<string, SignatureDef> signature_def = 5;
        repeated AssetFileDef asset_file_def = 6;
        SavedObjectGraph object_graph_def = 7;
    """

    class MetaInfoDef(Message):
        PROTO = """
            string meta_graph_version = 1;
            OpList stripped_op_list = 2;
            Any any_info = 3;
            repeated string tags = 4;
            string tensorflow_version = 5;
            string tensorflow_git_version = 6;
            bool stripped_default_attrs = 7;
        """


class SavedModel(Message):
    """The file of a SavedModel: a MetaGraphDef for each way to use it."""

    PROTO = """
        int64 saved_model_schema_version = 1;
        repeated MetaGraphDef meta_graphs = 2;
    """


class SaveSliceInfoDef(Message):
    """Which part of a whole a variable is."""

    PROTO = """
        string full_name = 1;
        repeated int64 full_shape = 2;
        repeated int64 var_offset = 3;
        repeated int64 var_shape = 4;
    """


class VariableDef(Message):
    """A variable: the names of its nodes."""

    PROTO = """
        string variable_name = 1;
        string initializer_name = 2;
        string snapshot_name = 3;
        SaveSliceInfoDef save_slice_info_def = 4;
        bool is_resource = 5;
        string initial_value_name = 6;
        bool trainable = 7;
        int32 synchronization = 8;
        int32 aggregation = 9;
    """


class ValuesDef(Message):
    """The tensors of a branch or loop, and those that stand for tensors of outside."""

    PROTO = "repeated string values = 1; map<string, string> external_values = 2;"


class ControlFlowContextDef(Message):
    PROTO = """
        oneof ctxt {
            CondContextDef cond_ctxt = 1;
            WhileContextDef while_ctxt = 2;
        }
    """


class CondContextDef(Message):
    """A branch of a cond."""

    PROTO = """
        string context_name = 1;
        string pred_name = 2;
        string pivot_name = 3;
        int32 branch = 4;
        ValuesDef values_def = 5;
        repeated ControlFlowContextDef nested_contexts = 6;
    """


class WhileContextDef(Message):
    """A loop."""

    PROTO = """
        string context_name = 1;
        int32 parallel_iterations = 2;
        bool back_prop = 3;
        bool swap_memory = 4;
        string pivot_name = 5;
        string pivot_for_pred_name = 6;
        string pivot_for_body_name = 7;
        repeated string loop_exit_names = 8;
        ValuesDef values_def = 9;
        repeated string loop_enter_names = 10;
        string maximum_iterations_name = 11;
        repeated ControlFlowContextDef nested_contexts = 12;
    """

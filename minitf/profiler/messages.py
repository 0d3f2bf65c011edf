"""The protocol messages of profiles: `tf.profiler.GraphNodeProto` and its kin."""
from __future__ import annotations

from minitf.core.proto import graph_def  # noqa: F401  its messages are fields
from minitf.core.proto.message import Message


class TFProfTensorProto(Message):
    PROTO = """
        DataType dtype = 1;
        repeated double value_double = 2;
        repeated int64 value_int64 = 3;
        repeated string value_str = 4;
    """


class GraphNodeProto(Message):
    """A node, or a name scope, with what it costs itself and with all below it (`total_...`)."""

    PROTO = """
        string name = 1;
        int64 exec_micros = 2;
        int64 requested_bytes = 3;
        int64 parameters = 4;
        int64 total_exec_micros = 6;
        int64 total_requested_bytes = 7;
        int64 total_parameters = 8;
        repeated string devices = 10;
        repeated TensorShapeProto shapes = 11;
        repeated GraphNodeProto children = 12;
        int64 float_ops = 13;
        int64 total_float_ops = 14;
        TFProfTensorProto tensor_value = 15;
        map<int32, TensorShapeProto> input_shapes = 16;
        int64 accelerator_exec_micros = 17;
        int64 cpu_exec_micros = 18;
        int64 total_accelerator_exec_micros = 19;
        int64 total_cpu_exec_micros = 20;
        int64 run_count = 21;
        int64 total_run_count = 22;
        int64 total_definition_count = 23;
        int64 peak_bytes = 24;
        int64 residual_bytes = 25;
        int64 output_bytes = 26;
        int64 total_peak_bytes = 27;
        int64 total_residual_bytes = 28;
        int64 total_output_bytes = 29;
    """


class MultiGraphNodeProto(Message):
    """Several nodes together: those of a type, say."""

    PROTO = """
        string name = 1;
        int64 exec_micros = 2;
        int64 requested_bytes = 3;
        int64 parameters = 4;
        int64 float_ops = 5;
        int64 total_exec_micros = 6;
        int64 total_requested_bytes = 7;
        int64 total_parameters = 8;
        int64 total_float_ops = 9;
        repeated GraphNodeProto graph_nodes = 10;
        repeated MultiGraphNodeProto children = 11;
        int64 accelerator_exec_micros = 12;
        int64 cpu_exec_micros = 13;
        int64 total_accelerator_exec_micros = 14;
        int64 total_cpu_exec_micros = 15;
        int64 peak_bytes = 16;
        int64 residual_bytes = 17;
        int64 output_bytes = 18;
        int64 total_peak_bytes = 19;
        int64 total_residual_bytes = 20;
        int64 total_output_bytes = 21;
    """


class OpLogEntry(Message):
    """What a program knows of a node: float operations, types of its own."""

    PROTO = """
        string name = 1;
        int64 float_ops = 2;
        repeated string types = 3;
        CodeDef code_def = 4;
    """


class CodeDef(Message):
    """The lines that built a node; files, functions and texts are numbers in `id_to_string`."""

    PROTO = "repeated CodeDef.Trace traces = 1;"

    class Trace(Message):
        PROTO = """
            int32 lineno = 2;
            int32 func_start_line = 5;
            int64 file_id = 6;
            int64 function_id = 7;
            int64 line_id = 8;
        """


class OpLogProto(Message):
    PROTO = "repeated OpLogEntry log_entries = 1; map<int64, string> id_to_string = 2;"


class AdviceProto(Message):
    PROTO = "map<string, AdviceProto.Checker> checkers = 1;"

    class Checker(Message):
        PROTO = "repeated string reports = 2;"

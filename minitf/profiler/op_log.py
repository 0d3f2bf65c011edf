"""`tf.profiler.write_op_log`: what is known of the nodes of a graph, in a file."""
import os

from minitf.core.graph import get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.profiler.messages import OpLogEntry, OpLogProto
from minitf.profiler.model import shape_teller
from minitf.profiler.options import TRAINABLE_VARIABLES
from minitf.profiler.statistics import counted


def write_op_log(graph, log_dir, op_log=None, run_meta=None, add_trace=True):
    """Write an OpLogProto into the file `tfprof_log` of a folder: of the nodes of a graph the float
    operations, whether they are trainable variables, and, with `add_trace`, the lines of the
    program that built them; beside what an `op_log` says, which comes first. `run_meta`, of a
    traced run, tells shapes that the graph leaves open."""
    graph = graph or get_default_graph()
    made, entries = OpLogProto(), {}
    for entry in op_log.log_entries if op_log is not None else ():
        entries[entry.name] = made.log_entries.add()
        entries[entry.name].MergeFrom(entry)
    texts = {"none": 0}
    for found in _entries(graph, run_meta, texts if add_trace else None):
        if found.name not in entries:
            made.log_entries.add().MergeFrom(found)
            continue
        known = entries[found.name]
        known.types.extend(found.types)
        known.float_ops = known.float_ops or found.float_ops
        if not known.code_def.traces:
            known.code_def.MergeFrom(found.code_def)
    for text, number in texts.items():
        made.id_to_string[number] = text
    with open(os.path.join(log_dir, "tfprof_log"), "wb") as file:
        file.write(made.SerializeToString())


def _entries(graph, run_meta, texts):
    """What is known of each node; nothing is said of those of which nothing is."""
    shape_of = shape_teller([] if run_meta is None else [run_meta])
    variables = {each.op.name for each in graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)}
    for operation in graph.get_operations():
        entry = OpLogEntry(name=operation.name, float_ops=counted(operation, shape_of))
        if operation.name in variables:
            entry.types.append(TRAINABLE_VARIABLES)
        if texts is not None:
            _trace(entry, operation.line, texts)
        if entry.float_ops or entry.types or texts is not None:
            yield entry


def _trace(entry, line, texts):
    """The line of the program; its texts are said by numbers."""
    numbers = [texts.setdefault(text, len(texts)) if text else 0
               for text in (line.filename, line.function, line.text)]  # fmt: skip
    entry.code_def.traces.add(file_id=numbers[0], lineno=line.lineno, function_id=numbers[1],
                              line_id=numbers[2], func_start_line=-1)  # fmt: skip

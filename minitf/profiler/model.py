"""What the nodes of a graph cost: parameters, float operations, and what traced runs took."""
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor_shape import as_shape, is_static, num_elements
from minitf.profiler.options import TRAINABLE_VARIABLES
from minitf.profiler.statistics import counted
from minitf.profiler.tree import Node


def nodes_of(graph, op_log=None, runs=()):
    """{name: Node} of the operations of a graph; `runs` are RunMetadata of traced runs."""
    shape_of = shape_teller(runs)
    trainable = {v.op.name for v in graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)}
    nodes = {}
    for operation in graph.get_operations():
        shape = as_shape(operation.attrs.get("shape")) if "shape" in operation.attrs else None
        node = nodes[operation.name] = Node(operation.name, {operation.type})
        node.own["float_ops"] = counted(operation, shape_of)
        if shape is not None and is_static(shape):
            node.shape = tuple(shape) or (1,)
            node.own["parameters"] = num_elements(shape)
        if operation.name in trainable:
            node.types.add(TRAINABLE_VARIABLES)
        if operation.device:
            node.types.add(operation.device)
            node.devices = [operation.device]
        if node.own["float_ops"]:
            shapes = ((i, shape_of(t)) for i, t in enumerate(operation.inputs))
            node.input_shapes = {i: shape or (1,) for i, shape in shapes if shape is not None}
    _add_log(nodes, op_log)
    _add_runs(nodes, runs)
    return nodes


def shape_teller(runs):
    """A function of a tensor: its shape, which a run may have told, or None."""
    told = _told_shapes(runs)
    return lambda tensor: tensor._shape if is_static(tensor._shape) else told.get(tensor.name)


def _told_shapes(runs):
    """The shapes that runs have told of tensors, by name."""
    found = {}
    for _, node in _records(runs):
        for output in node.output:
            shape = as_shape(output.tensor_description.shape)
            if shape is not None and is_static(shape):
                found[f"{node.node_name}:{output.slot}"] = shape
    return found


def _records(runs):
    return ((device.device, node) for run in runs for device in run.step_stats.dev_stats
            for node in device.node_stats)  # fmt: skip


def _add_log(nodes, op_log):
    for entry in op_log.log_entries if op_log is not None else ():
        if entry.name in nodes:
            node = nodes[entry.name]
            node.types.update(entry.types)
            node.own["float_ops"] = entry.float_ops or node.own["float_ops"]


def _add_runs(nodes, runs):
    """Time and memory, in a run on average."""
    sums = {}
    for device, record in _records(runs):
        if record.node_name not in nodes:
            continue
        own = sums.setdefault(record.node_name, dict.fromkeys(
            ("exec_micros", "accelerator_exec_micros", "cpu_exec_micros", "requested_bytes",
             "output_bytes", "run_count"), 0))  # fmt: skip
        kind = "accelerator_exec_micros" if "GPU" in device.upper() else "cpu_exec_micros"
        own[kind] += record.op_end_rel_micros - record.op_start_rel_micros
        own["exec_micros"] += record.op_end_rel_micros - record.op_start_rel_micros
        own["requested_bytes"] += sum(memory.total_bytes for memory in record.memory)
        own["output_bytes"] += sum(
            output.tensor_description.allocation_description.requested_bytes
            for output in record.output
        )
        own["run_count"] += 1
        nodes[record.node_name].types.add(device)
        if device not in nodes[record.node_name].devices:
            nodes[record.node_name].devices.append(device)
    for name, own in sums.items():
        nodes[name].own.update({k: v if k == "run_count" else v // len(runs)
                                for k, v in own.items()})  # fmt: skip

"""What a traced run tells: `RunMetadata.step_stats`, `cost_graph`, `partition_graphs`.

The run is the usual one with a look at the clock after each step. Steps that run as one loop are
one record, under the name of the last of them; its label names the ops of all.
"""
from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from minitf.core import errors
from minitf.core.dtypes import as_dtype
from minitf.core.operation import Operation
from minitf.core.proto.export import graph_def
from minitf.core.proto.graph_def import GraphDef
from minitf.core.proto.step_stats import (
    AllocatorMemoryUsed,
    CostGraphDef,
    NodeExecStats,
    NodeOutput,
    StepStats,
    TensorDescription,
)
from minitf.core.slot import Slot
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape, num_elements
from minitf.runtime.arranged import Arranged
from minitf.runtime.clocked import Clocked
from minitf.runtime.local_devices import HERE
from minitf.runtime.plan import Plan
from minitf.runtime.program import COPY, SAME, Step, Value

CPU = "/device:CPU:0"
ALLOCATORS = {True: "GPU_0_bfc", False: "cpu"}


def check_options(options: Any) -> None:
    """UnimplementedError for RunOptions that ask for what no run tells here."""
    if options.debug_options.debug_tensor_watch_opts:
        raise errors.UnimplementedError(
            None, None, "RunOptions.debug_options: no debugger is told of tensors here; fetch "
            "them, or put pdb into the program that sess.source(fetches) shows."
        )  # fmt: skip


class Record(NamedTuple):
    """That something ran: what, on which device, from when to when (seconds of perf_counter)."""

    name: str
    label: str
    device: str
    start: float
    end: float
    outputs: list[Value]
    makes: bool = True  # whether the outputs are memory of their own


class Trace:
    """The records of one run, to be told as messages."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.since_1970 = time.time() - time.perf_counter()
        self.last = time.perf_counter()

    def taken_in(self, operation: Operation) -> None:
        """That an operation has brought in something from outside."""
        now = time.perf_counter()
        label = _label(operation.name, [operation], operation.type)
        outputs = [Value(t.name, t._shape, t.dtype.numpy) for t in operation.outputs]
        self.records.append(Record(operation.name, label, CPU, self.last, now, outputs))
        self.last = now

    def run(
        self, plan: Plan, slots: Callable[[Operation], Slot], arrays: list[Any]
    ) -> tuple[Any, ...]:
        """The values that a plan fetches; its steps are noted."""
        clocked = Clocked(plan, slots)
        values = clocked(arrays)
        of = {step: arranged for arranged, step in _steps(plan.arranged)}
        for number, start, end in clocked.clock.runs[-1]:
            steps = [step for step in clocked.steps_on(number) if step in of]
            if steps:
                self.records.append(_record(steps, of[steps[-1]], plan, start, end))
        return values

    def step_stats(self) -> StepStats:
        """The records, by device."""
        made, by_device = StepStats(), defaultdict(list)
        for record in self.records:
            by_device[record.device].append(record)
        for device, records in sorted(by_device.items()):
            stats = made.dev_stats.add(device=HERE + device)
            stats.node_stats.extend(self._node(record) for record in records)
        return made

    def _node(self, record: Record) -> NodeExecStats:
        start = round(1e9 * (record.start + self.since_1970))
        taken = round(1e9 * (record.end - record.start))
        micros = (start + taken) // 1000 - start // 1000
        node = NodeExecStats(
            node_name=record.name, timeline_label=record.label,
            all_start_micros=start // 1000, all_start_nanos=start,
            op_end_rel_micros=micros, op_end_rel_nanos=taken,
            all_end_rel_micros=micros, all_end_rel_nanos=taken,
            scheduled_micros=start // 1000, scheduled_nanos=start,
            thread_id=threading.get_ident() % (1 << 32),
        )  # fmt: skip
        sizes = [_bytes(value) for value in record.outputs]
        allocator = ALLOCATORS[record.device != CPU]
        for slot, (value, size) in enumerate(zip(record.outputs, sizes)):
            node.output._put(NodeOutput(slot=slot, tensor_description=_described(value)))
            memory = node.output[-1].tensor_description.allocation_description
            memory.requested_bytes = memory.allocated_bytes = size
            memory.allocator_name = allocator
        total = sum(sizes)
        if record.makes and total:
            node.memory._put(AllocatorMemoryUsed(
                allocator_name=allocator, total_bytes=total, peak_bytes=total, live_bytes=total
            ))  # fmt: skip
        return node

    def cost_graph(self, operations: list[Operation], places: dict[Operation, str]) -> CostGraphDef:
        """The operations of the run; the microseconds are those of the records of their names."""
        taken: defaultdict[str, float] = defaultdict(float)
        for record in self.records:
            taken[record.name] += record.end - record.start
        made, numbers = CostGraphDef(), {op: n for n, op in enumerate(operations)}
        for op, number in numbers.items():
            node = made.node.add(name=op.name, id=number, device=HERE + places.get(op, CPU))
            for tensor in op.inputs:
                if tensor.op in numbers:
                    node.input_info.add(preceding_node=numbers[tensor.op],
                                        preceding_port=tensor.value_index)  # fmt: skip
            for tensor in op.outputs:
                size = num_elements(tensor._shape)
                node.output_info.add(
                    size=-1 if size is None else size * tensor.dtype.size, alias_input_port=-1,
                    shape=tensor.shape.as_proto(), dtype=tensor.dtype.as_datatype_enum,
                )  # fmt: skip
            node.control_input.extend(numbers[c] for c in op._control_inputs if c in numbers)
            node.compute_cost = node.compute_time = round(1e6 * taken[op.name])
        return made


def partition_graph(operations: Iterable[Operation], places: dict[Operation, str]) -> GraphDef:
    """What is run of a graph, with the devices."""
    operations = list(operations)
    made = graph_def(operations)
    for operation, node in zip(operations, made.node):
        node.device = HERE + places.get(operation, CPU)
    return made


def _steps(arranged: Arranged) -> Iterator[tuple[Arranged, Step]]:
    yield from ((arranged, step) for step in arranged.program.steps)
    for loop in arranged.loops.values():
        yield from _steps(loop)


def _record(
    steps: list[Step], arranged: Arranged, plan: Plan, start: float, end: float
) -> Record:
    """What ran on one line: one step, or those of a region of a GPU."""
    last = steps[-1]
    definition, name = last.definition, last.operation.name
    operations = [op for step in steps for op in step.operations]
    kinds = [op.type for op in operations] if len(operations) > 1 else [definition.type]
    if definition in (COPY, SAME):
        name, kinds = f"_retval_{name}_0", ["_Retval"]
        label = f"{name} = _Retval({_named(last.operation.outputs[0])})"
    else:
        label = _label(name, operations, "+".join(kinds))
    device = CPU if last.host or not plan.backend.is_gpu else plan.backend.name
    outputs = [arranged.program.values[i] for i in last.outputs]
    makes = not (definition.view or definition.written or definition.token)
    return Record(name, label, device, start, end, outputs, makes)


def _label(name: str, operations: Iterable[Operation], kind: str) -> str:
    """`sum = Mul+Sum(x, y:1)`: what is computed, of which tensors."""
    inside = set(operations)
    read = [t for op in operations for t in op.inputs if t.op not in inside or len(inside) == 1]
    return f"{name} = {kind}({', '.join(dict.fromkeys(map(_named, read)))})"


def _named(tensor: Tensor) -> str:
    return tensor.op.name if tensor.value_index == 0 else tensor.name


def _described(value: Value) -> TensorDescription:
    found = TensorDescription(shape=TensorShape(value.shape).as_proto())
    if value.dtype.kind != "V":
        found.dtype = as_dtype(value.dtype).as_datatype_enum
    return found


def _bytes(value: Value) -> int:
    """What a value takes; 0 where that is not known before the run."""
    return (num_elements(value.shape) or 0) * value.dtype.itemsize

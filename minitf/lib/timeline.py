"""`Timeline`: a traced run as chrome://tracing and Perfetto show it."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from minitf.core.proto.step_stats import DeviceStepStats, NodeExecStats, StepStats

_LABEL = re.compile(r"(.*) = (.*)\((.*)\)")


class AllocationMaximum(NamedTuple):
    """The most that an allocator gave at one time, when that was, and the names of the tensors."""

    timestamp: int
    num_bytes: int
    tensors: set[str]


class StepStatsAnalysis(NamedTuple):
    """What `Timeline.analyze_step_stats` finds."""

    chrome_trace: Any
    allocator_maximums: dict[str, AllocationMaximum]


class _ChromeTrace:
    """The events of a trace, in the order in which they are written."""

    def __init__(self) -> None:
        self.names: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []

    def process(self, name: str, pid: int) -> None:
        """Name a row of the picture."""
        args = {"name": name}
        self.names.append({"name": "process_name", "ph": "M", "pid": pid, "args": args})

    def event(
        self, kind: str, category: str, name: str, pid: int, tid: int, when: int, **more: Any
    ) -> None:
        head = {"ph": kind, "cat": category, "name": name, "pid": pid, "tid": tid, "ts": when}
        self.events.append(head | more)

    def format_to_string(self, pretty: bool = False) -> str:
        """The trace as JSON."""
        trace = {"traceEvents": self.names + self.events}
        if pretty:
            return json.dumps(trace, indent=4, separators=(",", ": "))
        return json.dumps(trace, separators=(",", ":"))


class _Made(NamedTuple):
    """A tensor: its number, by what and when it was made, and every time when it was let go."""

    number: int
    name: str
    row: int
    allocator: str
    size: int
    start: int
    let_go: list[int]


class Timeline:
    """The steps of a run (`run_metadata.step_stats`) in time, for the trace viewer of Chrome.

    >>> sess.run(fetches, options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE),
    ...          run_metadata=run_metadata)
    >>> trace = Timeline(run_metadata.step_stats).generate_chrome_trace_format()
    """

    def __init__(self, step_stats: StepStats, graph: Any = None) -> None:
        self._step_stats = step_stats
        self._trace = _ChromeTrace()
        self._rows: dict[str, tuple[int, int]] = {}  # by device: of its steps, of its tensors
        self._made: dict[str, _Made] = {}
        self._from: dict[str, tuple[int, int, int]] = {}  # where arrows begin: time, row, lane
        self._arrows = 0

    def generate_chrome_trace_format(
        self, show_dataflow: bool = True, show_memory: bool = False
    ) -> str:
        """The trace as text: what to write into the file that chrome://tracing opens.

        `show_dataflow` draws arrows from what makes a tensor to what reads it, `show_memory` tells
        of the tensors and of the memory that is taken.
        """
        found = self.analyze_step_stats(show_dataflow, show_memory)
        text: str = found.chrome_trace.format_to_string(pretty=True)
        return text

    def analyze_step_stats(
        self, show_dataflow: bool = True, show_memory: bool = True
    ) -> StepStatsAnalysis:
        """The trace, and the most that each allocator gave."""
        devices: Any = self._step_stats
        self._name_rows(devices.dev_stats)
        for device in devices.dev_stats:
            _assign_lanes(device)
        for device, node in self._nodes():
            self._note_outputs(device, node, show_memory)
        for device, node in self._nodes():
            self._show_step(device, node, show_dataflow)
        return StepStatsAnalysis(self._trace, self._memory() if show_memory else {})

    def _nodes(self) -> Iterator[tuple[str, Any]]:
        devices: Any = self._step_stats
        return ((each.device, node) for each in devices.dev_stats for node in each.node_stats)

    def _name_rows(self, devices: Any) -> None:
        self._trace.process("Allocators", 0)
        for n, device in enumerate(devices):
            rows = self._rows[device.device] = 2 * n + 1, 2 * n + 2
            self._trace.process(f"{device.device} Compute", rows[0])
            self._trace.process(f"{device.device} Tensors", rows[1])

    def _note_outputs(self, device: str, node: Any, show: bool) -> None:
        start, end = _when(node)
        row, tensors = self._rows[device]
        for index, output in enumerate(node.output):
            name = f"{node.node_name}:{index}" if index else node.node_name
            memory = output.tensor_description.allocation_description
            made = _Made(len(self._made), name, tensors, memory.allocator_name,
                         memory.requested_bytes, start, [end])  # fmt: skip
            self._made[name], self._from[name] = made, (end, row, node.thread_id)
            if show:
                what = str(output.tensor_description).replace('"', "")
                place = name, tensors, node.thread_id
                self._trace.event("N", "Tensor", *place, start, id=made.number)
                self._trace.event("O", "Tensor", *place, end - 1, id=made.number,
                                  args={"snapshot": {"tensor_description": what}})  # fmt: skip

    def _show_step(self, device: str, node: Any, show_dataflow: bool) -> None:
        start, end = _when(node)
        row = self._rows[device][0]
        name, op, inputs = node.node_name, *_parsed(node.timeline_label)
        of_a_gpu = "/stream:" in device or "/memcpy" in device
        if of_a_gpu:  # such names are "name:op"
            name, op, inputs = *[*name.split(":"), "unknown"][:2], []
        elif name == "RecvTensor":
            op, inputs = name, []
        args = {"name": name, "op": op} | {f"input{n}": each for n, each in enumerate(inputs)}
        self._trace.event("X", "Op", op, row, node.thread_id, start, dur=end - start, args=args)
        for each in inputs:
            self._show_read(each, start, end, (row, node.thread_id), show_dataflow)

    def _show_read(
        self, name: str, start: int, end: int, place: tuple[int, int], show: bool
    ) -> None:
        if name not in self._made and name.rfind("/_") > 0:
            name = name[: name.rfind("/_")]  # copied from elsewhere: from there the arrow goes
        if name not in self._made:
            return
        self._made[name].let_go.append(end - 1)
        when, *origin = self._from[name]
        if show and tuple(origin) != place:  # along a row an arrow would say nothing
            number, self._arrows = self._arrows, self._arrows + 1
            self._trace.event("s", "DataFlow", name, *origin, when, id=number)
            self._trace.event("t", "DataFlow", name, *place, start, id=number)

    def _memory(self) -> dict[str, AllocationMaximum]:
        """The memory of each allocator in time, and its maximum."""
        changes: dict[str, list[tuple[int, int, str]]] = {}
        for name, made in self._made.items():
            last = max(made.let_go)
            self._trace.event("D", "Tensor", name, made.row, 0, last, id=made.number)
            changes.setdefault(made.allocator, []).extend(
                [(made.start, made.size, name), (last, -made.size, name)]
            )
        return {name: self._counted(name, sorted(each)) for name, each in changes.items()}

    def _counted(self, allocator: str, changes: list[tuple[int, int, str]]) -> AllocationMaximum:
        total, there = 0, set()
        most = AllocationMaximum(0, 0, set())
        for when, size, name in changes:
            total += size
            (there.discard if size < 0 else there.add)(name)
            if total > most.num_bytes:
                most = AllocationMaximum(when, total, set(there))
            counted = {allocator: total}
            self._trace.event("C", "Memory", allocator, 0, 0, when, args=counted)
        return most


def _assign_lanes(device: DeviceStepStats) -> None:
    """Give the steps of a device lanes in which they do not overlap."""
    ends = [0]
    nodes: Any = device
    for node in nodes.node_stats:
        start, end = _when(node)
        lane = next((n for n, last in enumerate(ends) if start > last), len(ends))
        ends[lane : lane + 1] = [end]
        node.thread_id = lane


def _when(node: NodeExecStats) -> tuple[int, int]:
    stats: Any = node
    return stats.all_start_micros, stats.all_start_micros + stats.all_end_rel_micros


def _parsed(label: str) -> tuple[str, list[str]]:
    """The op and the inputs of `name = op(input, input)`."""
    match = _LABEL.match(label)
    if match is None:
        return "unknown", []
    return match[2], match[3].split(", ") if match[3] else []

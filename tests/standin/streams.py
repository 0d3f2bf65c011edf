"""Streams, events and graphs that run as late as they may.

What is submitted to a stream runs only when something waits for it: a synchronisation, an event, an
array function on the same stream. So a buffer that is overwritten or read too early shows wrong
values, as on a device that happens to be slow.
"""
from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, fields
from typing import NamedTuple

from standin import emulator

LONGEST_QUEUE = 1024  # launches that a device accepts before the host has to wait


class CUDARuntimeError(RuntimeError):
    """What CuPy raises for an error of CUDA's."""


@dataclass
class Ledger:
    """What happened on the stand-in; all counts can be set back with `reset()`."""

    launches: int = 0  # of kernels, one by one
    graph_launches: int = 0
    graph_nodes: int = 0  # kernels, copies and fills run as parts of graphs
    captures: int = 0
    to_device: int = 0  # copies
    to_device_bytes: int = 0
    to_host: int = 0
    to_host_bytes: int = 0
    on_device: int = 0  # copies and fills within the device
    syncs: int = 0  # times that the host waited
    calls: int = 0  # of CuPy's array functions, operators and methods
    allocations: int = 0
    live_bytes: int = 0
    peak_bytes: int = 0

    def reset(self) -> None:
        """Zero for all but the memory in use."""
        for field in fields(self):
            if field.name != "live_bytes":
                setattr(self, field.name, 0)
        self.peak_bytes = self.live_bytes


ledger = Ledger()


class Capture:
    """Work that is recorded and not run."""

    def __init__(self, stream: Stream):
        self.stream, self.nodes, self.broken = stream, [], ""


class Machine:
    """What streams share."""

    def __init__(self):
        self.streams: list[Stream] = []
        self.local = threading.local()
        self.lock = threading.RLock()
        self.seed = 0

    @property
    def capture(self) -> Capture | None:
        """What this thread records: others go on meanwhile, as in the mode that CuPy records in."""
        return getattr(self.local, "capture", None)

    @capture.setter
    def capture(self, capture: Capture | None) -> None:
        self.local.capture = capture

    def stack(self) -> list[Stream]:
        """The streams that `with` and `use` made current in this thread."""
        if not hasattr(self.local, "stack"):
            self.local.stack = [Stream.null]
        return self.local.stack

    def refuse(self, what: str) -> None:
        """Raise where a capture is under way: it breaks off, as on a device."""
        if self.capture:
            self.capture.broken = what
            raise CUDARuntimeError(
                f"cudaErrorStreamCaptureUnsupported: {what} while a stream is capturing"
            )

    def next_seed(self) -> int:
        """A seed for the order of blocks and threads, another for each launch."""
        self.seed += 1
        return self.seed

    def drop(self) -> None:
        """Forget what was submitted and not run, and any capture."""
        self.capture = None
        for stream in self.streams:
            stream.work.clear()
            stream.done_to = stream.made


machine = Machine()


class Work(NamedTuple):
    """A piece of a stream's work and what must have run before, on other streams."""

    run: object
    after: list


class Stream:
    """cupy.cuda.Stream."""

    null: Stream
    ptds: Stream
    _next = 0x5000

    def __init__(self, null=False, non_blocking=False, ptds=False, priority=None):
        if null or ptds:
            raise NotImplementedError("the stand-in has Stream.null, and streams of their own")
        Stream._next += 16
        self._set_up(Stream._next, non_blocking, priority or 0)

    def _set_up(self, ptr, non_blocking, priority=0):
        self.ptr, self.device_id, self.priority = ptr, 0, priority
        self.is_non_blocking = non_blocking
        self.work: deque[Work] = deque()
        self.made = self.done_to = 0
        machine.streams.append(self)
        return self

    def __repr__(self):
        return f"<Stream {self.ptr} (device 0)>"

    def __eq__(self, other):
        return isinstance(other, Stream) and other.ptr == self.ptr

    def __hash__(self):
        return self.ptr

    def __cuda_stream__(self):
        return (0, self.ptr)

    def __enter__(self):
        machine.stack().append(self)
        return self

    def __exit__(self, *args):
        machine.stack().pop()

    def use(self):
        """Make it current in this thread."""
        machine.stack()[-1] = self
        return self

    # -- work

    def submit(self, run) -> None:
        """Run it when its turn comes, or record it while this stream captures."""
        if machine.capture and machine.capture.stream is self:
            machine.capture.nodes.append(run)
        else:
            self.enqueue(run)

    def enqueue(self, run) -> None:
        """Run it when its turn comes."""
        with machine.lock:
            self.work.append(Work(run, self._before()))
            self.made += 1
        if len(self.work) > LONGEST_QUEUE:
            self.run_until(self.done_to + 1)

    def _before(self) -> list[tuple[Stream, int]]:
        """Work of other streams: the null stream and blocking ones wait for each other."""
        if self.is_non_blocking:
            return []
        others = [self.null] if self.ptr else [s for s in machine.streams if not s.is_non_blocking]
        return [(other, other.made) for other in others if other is not self and other.work]

    def run_until(self, position: int) -> None:
        """Run the first so many pieces that were ever submitted."""
        with machine.lock:
            while self.done_to < position and self.work:
                piece = self.work.popleft()
                for stream, to in piece.after:
                    stream.run_until(to)
                self.done_to += 1
                piece.run()

    def catch_up(self, what: str) -> None:
        """Run all that was submitted to it: what an array function does first, on its stream."""
        machine.refuse(what)
        self.enqueue(_nothing)
        self.run_until(self.made)

    def synchronize(self):
        """Wait for all that was submitted to it."""
        ledger.syncs += 1
        self.catch_up("Stream.synchronize")

    @property
    def done(self):
        """Whether all has run; asking lets the device do one more piece."""
        machine.refuse("Stream.done")
        return _asked(self, self.made)

    # -- events

    def record(self, event=None):
        """Record the event, or a new one, after what was submitted so far."""
        event = Event() if event is None else event
        event.record(self)
        return event

    def wait_event(self, event):
        """Let what is submitted from now on wait for the event."""
        capture = machine.capture
        if capture and (capture.stream is self or event.capture is capture):
            if capture.stream is self and event.capture is capture:
                return
            machine.refuse("waiting for an event across a capture (the stand-in has no forks)")
        if event.stream is not None:
            stream, position = event.stream, event.position
            self.enqueue(lambda: stream.run_until(position))

    # -- graphs

    def begin_capture(self, mode=None):
        """Record what is submitted from now on."""
        if self.ptr == 0:
            raise RuntimeError("cannot capture on the default (legacy) stream")
        machine.refuse("begin_capture")
        machine.capture = Capture(self)
        ledger.captures += 1

    def end_capture(self):
        """The graph of what was recorded; raises where the capture broke off."""
        capture = machine.capture
        if capture is None or capture.stream is not self:
            raise CUDARuntimeError("cudaErrorIllegalState: the stream is not capturing")
        machine.capture = None
        if capture.broken:
            raise CUDARuntimeError(f"cudaErrorStreamCaptureInvalidated: by {capture.broken}")
        return Graph._of(capture.nodes)

    def is_capturing(self):
        """Whether it records."""
        return machine.capture is not None and machine.capture.stream is self

    # -- the host's part

    def launch_host_func(self, callback, arg):
        """Call callback(arg) in its turn."""
        self.submit(lambda: callback(arg))

    def add_callback(self, callback, arg):
        """Call callback(stream, 0, arg) in its turn."""
        self.submit(lambda: callback(self, 0, arg))


Stream.null = Stream.__new__(Stream)._set_up(0, non_blocking=False)
Stream.ptds = Stream.null


def _nothing():
    pass


def _asked(stream: Stream, position: int) -> bool:
    if stream.done_to >= position:
        return True
    stream.run_until(stream.done_to + 1)
    return False


def get_current_stream(device_id=-1):
    """The stream that this thread made current."""
    return machine.stack()[-1]


def stream_of(ptr: int) -> Stream:
    """The stream with this handle."""
    for stream in machine.streams:
        if stream.ptr == ptr:
            return stream
    raise CUDARuntimeError(f"cudaErrorInvalidResourceHandle: no stream {ptr!r}")


def chosen(stream) -> Stream:
    """The stream given, or the current one."""
    return get_current_stream() if stream is None else stream_of(stream.ptr)


class Event:
    """cupy.cuda.Event."""

    _next = 0x9000

    def __init__(self, block=False, disable_timing=False, interprocess=False):
        Event._next += 16
        self.ptr = Event._next
        self.timing = not disable_timing
        self.stream, self.position, self.capture = None, 0, None

    def record(self, stream=None):
        """Stand for what was submitted to the stream so far."""
        stream = chosen(stream)
        capture = machine.capture
        self.capture = capture if capture and capture.stream is stream else None
        if self.capture is None:
            stream.enqueue(_nothing)
            self.stream, self.position = stream, stream.made

    def synchronize(self):
        """Wait for it."""
        ledger.syncs += 1
        machine.refuse("Event.synchronize")
        if self.stream is not None:
            self.stream.run_until(self.position)

    @property
    def done(self):
        """Whether it has come; asking lets the device do one more piece."""
        machine.refuse("Event.done")
        return self.stream is None or _asked(self.stream, self.position)


def get_elapsed_time(start_event, end_event):
    """Milliseconds, a made-up number; raises unless both events take times."""
    if not (start_event.timing and end_event.timing):
        raise CUDARuntimeError("cudaErrorInvalidResourceHandle: an event takes no time")
    return 0.001 * max(1, end_event.position - start_event.position)


class Graph:
    """cupy.cuda.Graph: recorded work, run anew at each launch on what memory holds then."""

    __slots__ = ("_nodes",)

    def __init__(self, *args, **kwargs):
        raise NotImplementedError("a graph is made by capturing a stream")

    @classmethod
    def _of(cls, nodes):
        graph = cls.__new__(cls)
        graph._nodes = nodes
        return graph

    def launch(self, stream=None):
        """Run it on the stream, or the current one."""
        stream = chosen(stream)
        if machine.capture and machine.capture.stream is stream:
            machine.refuse("Graph.launch")
        ledger.graph_launches += 1
        ledger.graph_nodes += len(self._nodes)
        stream.enqueue(self._run)

    def _run(self):
        for node in self._nodes:
            node()

    def upload(self, stream=None):
        """Prepare a launch."""
        chosen(stream)


def synchronize_device() -> None:
    """Wait for all streams, and look at the red zones."""
    machine.refuse("deviceSynchronize")
    ledger.syncs += 1
    for stream in list(machine.streams):
        stream.run_until(stream.made)
    emulator.check_red_zones()


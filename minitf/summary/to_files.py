"""Summaries that a run writes itself: what `tf.contrib.summary` is made of."""
import contextlib
import functools
import threading
import time

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32, int32, int64, resource, string, uint8
from minitf.core.errors import InvalidArgumentError, NotFoundError
from minitf.core.graph import (
    Graph,
    add_to_collection,
    control_dependencies,
    device,
    get_collection,
    get_default_session,
)
from minitf.core.graph_keys import GraphKeys
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.proto.tensor import tensor_proto
from minitf.core.resource import Resource
from minitf.core.schema import Real, T
from minitf.ops.state.placeholder import placeholder
from minitf.summary.event_file import EventFile
from minitf.summary.media import audio_summary, image_summary
from minitf.summary.messages import Event, Summary
from minitf.summary.numeric import histogram_summary

INITIALIZERS = "_SUMMARY_WRITER_V2"  # the collection of the ops that open files


# -- what a session keeps -------------------------------------------------------------------------


class Writer(Resource):
    """An event file, once it has been opened."""

    def __init__(self, operation):
        super().__init__(operation)
        self.file, self.lock = None, threading.Lock()

    def open(self, logdir, max_queue, flush_millis, suffix):
        """Open a new file, unless one is open."""
        with self.lock:
            if self.file is None:
                # As in TensorFlow, unlike those of a FileWriter, one more may wait.
                self.file = EventFile(logdir, max_queue + 1, flush_millis / 1000.0, suffix)

    def add(self, step, **what):
        """Write an event. NotFoundError before the file is opened."""
        self.import_event(Event(wall_time=time.time(), step=int(step), **what))

    def import_event(self, event):
        if self.file is None:
            raise NotFoundError(
                None, None, f"Container localhost does not exist: the summary writer '{self.name}' "
                "has no file yet; run tf.contrib.summary.summary_writer_initializer_op(), or call "
                "tf.contrib.summary.initialize()."
            )  # fmt: skip
        self.file.add(event)

    def flush(self):
        if self.file is not None:
            self.file.flush()

    def close(self):
        with self.lock:
            if self.file is not None:
                self.file.close()
            self.file = None

    cancel = close  # the session is closed


# -- ops ------------------------------------------------------------------------------------------


def _effect(type, **traits):
    return op(type, shape=lambda *_, **__: (), grad=NOT_DIFFERENTIABLE, stateful=True, host=True,
              **traits)  # fmt: skip


def _writer(handle):
    return handle.item() if type(handle) is np.ndarray else handle


def _text(value):
    return np.asarray(value, object).item().decode()


@_effect("SummaryWriter", state=Writer)
def summary_writer(xp, state, *, shared_name="", container="") -> resource:
    """What stands for an event file."""
    return state


@_effect("CreateSummaryFileWriter")
def create_summary_file_writer_op(
    xp, writer: resource, logdir: string, max_queue: int32, flush_millis: int32,
    filename_suffix: string
) -> None:  # fmt: skip
    """Open the file."""
    _writer(writer).open(_text(logdir), int(max_queue), int(flush_millis), _text(filename_suffix))


@_effect("FlushSummaryWriter")
def flush_summary_writer(xp, writer: resource) -> None:
    """See to it that all is on the disk."""
    _writer(writer).flush()


@_effect("CloseSummaryWriter")
def close_summary_writer(xp, writer: resource) -> None:
    """Close the file."""
    _writer(writer).close()


@_effect("WriteScalarSummary")
def write_scalar_summary(xp, writer: resource, step: int64, tag: string, value: Real) -> None:
    """Write a number: the first, when there are several."""
    if not np.size(value):
        raise InvalidArgumentError(None, None, f"The value of the summary '{_text(tag)}' must be a "
                                   f"scalar, got shape {list(np.shape(value))}")  # fmt: skip
    found = Summary.Value(tag=_text(tag), simple_value=float(np.ravel(value)[0]))
    _writer(writer).add(step, summary=Summary(value=[found]))


@_effect("WriteHistogramSummary")
def write_histogram_summary(xp, writer: resource, step: int64, tag: string, values: Real) -> None:
    """Write how often which values are there."""
    _add_bytes(writer, step, histogram_summary.kernel(xp, np.asarray(tag), np.asarray(values)))


@_effect("WriteImageSummary")
def write_image_summary(
    xp, writer: resource, step: int64, tag: string, tensor, bad_color: uint8, *, max_images=3
) -> None:
    """Write pictures."""
    _add_bytes(writer, step, image_summary.kernel(
        xp, np.asarray(tag), tensor, max_images=max_images, bad_color=bad_color
    ))  # fmt: skip


@_effect("WriteAudioSummary")
def write_audio_summary(
    xp, writer: resource, step: int64, tag: string, tensor: float32, sample_rate: float32, *,
    max_outputs=3
) -> None:  # fmt: skip
    """Write sound."""
    _add_bytes(writer, step, audio_summary.kernel(
        xp, np.asarray(tag), tensor, sample_rate, max_outputs=max_outputs
    ))  # fmt: skip


@_effect("WriteSummary")
def write_summary(
    xp, writer: resource, step: int64, tensor: T, tag: string, summary_metadata: string
) -> None:
    """Write a tensor as it is."""
    array = np.asarray(tensor)
    value = Summary.Value(tag=_text(tag))
    value.tensor.CopyFrom(tensor_proto(array, as_dtype(array.dtype), as_bytes=True))
    metadata = np.asarray(summary_metadata, object).item()
    if metadata:
        value.metadata.ParseFromString(metadata)
    _writer(writer).add(step, summary=Summary(value=[value]))


@_effect("WriteGraphSummary")
def write_graph_summary(xp, writer: resource, step: int64, tensor: string) -> None:
    """Write a serialized GraphDef."""
    _writer(writer).add(step, graph_def=np.asarray(tensor, object).item())


@_effect("ImportEvent")
def import_event_op(xp, writer: resource, event: string) -> None:
    """Write a serialized Event."""
    _writer(writer).import_event(Event.FromString(np.asarray(event, object).item()))


def _add_bytes(writer, step, summary):
    _writer(writer).add(step, summary=Summary.FromString(summary.item()))


# -- which writer, and whether it writes ----------------------------------------------------------


class _Context(threading.local):
    writer = None
    recording = None
    step = None


context = _Context()


class SummaryWriter:
    """What writes summaries: the default one within `with writer.as_default():`."""

    def set_as_default(self):
        """Be the default writer of this thread."""
        raise NotImplementedError

    def as_default(self):
        """A context manager in which this is the default writer."""
        raise NotImplementedError

    def init(self):
        """The operation that opens the file."""
        raise NotImplementedError

    def flush(self):
        """An operation that sees to it that all is on the disk."""
        raise NotImplementedError

    def close(self):
        """An operation that flushes and closes the file."""
        raise NotImplementedError


class ResourceSummaryWriter(SummaryWriter):
    """A writer whose file a session keeps. `open` builds the operation that opens it."""

    def __init__(self, shared_name, open, name=None):
        self._resource = summary_writer(shared_name=shared_name, name=name)
        self._open = functools.partial(open, self._resource)
        add_to_collection(INITIALIZERS, self._open())

    def set_as_default(self):
        """Be the default writer of this thread."""
        context.writer = self

    @contextlib.contextmanager
    def as_default(self):
        """A context manager in which this is the default writer."""
        before = context.writer
        try:
            context.writer = self
            yield self
            self.flush()
        finally:
            context.writer = before

    def init(self):
        """An operation that opens the file."""
        return self._open()

    def flush(self):
        """An operation that sees to it that all is on the disk."""
        with device("cpu:0"):
            return flush_summary_writer(self._resource)

    def close(self):
        """An operation that flushes and closes the file."""
        with control_dependencies([self.flush()]), device("cpu:0"):
            return close_summary_writer(self._resource)


class NoopSummaryWriter(SummaryWriter):
    """A writer that writes nothing."""

    def set_as_default(self):
        """Nothing."""

    @contextlib.contextmanager
    def as_default(self):
        """A context manager that changes nothing."""
        yield

    def init(self):
        """Nothing."""

    def flush(self):
        """Nothing."""

    def close(self):
        """Nothing."""


@contextlib.contextmanager
def record_if(condition):
    """Write summaries inside only where `condition` is true: a bool, a bool tensor, or a function
    that gives one for each summary."""
    before = context.recording
    try:
        context.recording = condition
        yield
    finally:
        context.recording = before


def all_v2_summary_ops():
    """The summaries of the default graph that a run writes itself when it computes them."""
    return get_collection(GraphKeys._SUMMARY_COLLECTION)


def summary_writer_initializer_op():
    """The operations that open the files of all writers of the default graph."""
    return get_collection(INITIALIZERS)


def initialize(graph=None, session=None):
    """Open the files of all writers, in `session` or the default one, and write `graph`, a Graph
    or a GraphDef. RuntimeError without a default writer, ValueError without a session."""
    if context.writer is None:
        raise RuntimeError("No default tf.contrib.summary.SummaryWriter found")
    session = get_default_session() if session is None else session
    if session is None:
        raise ValueError("session must be passed if no default session exists")
    session.run(summary_writer_initializer_op())
    if graph is None:
        return
    if isinstance(graph, Graph):
        graph = graph.as_graph_def(add_shapes=True)
    given = placeholder(string)
    with device("cpu:0"):
        step = convert_to_tensor(0, int64)
        write = write_graph_summary(context.writer._resource, step, given)
    session.run(write, {given: graph.SerializeToString()})

"""`tf.summary.FileWriter`, and the cache of one for each folder."""
import threading
import time
import warnings

from minitf import logging
from minitf.core.eager import executing_eagerly
from minitf.core.graph import Graph, get_default_graph
from minitf.core.proto.graph_def import GraphDef
from minitf.core.proto.meta_graph import MetaGraphDef
from minitf.core.proto.wire import parts, sized
from minitf.graph_util.meta_graph import create_meta_graph_def
from minitf.summary.event_file import EventFile
from minitf.summary.messages import Event, Summary, TaggedRunMetadata


class FileWriter:
    """Writes summaries, and the graph, into a new event file in `logdir`, for TensorBoard to show.

    Events go to the disk when `max_queue` of them wait, or the first has waited `flush_secs`
    seconds, and when the writer is closed or the program ends. `filename_suffix` ends the name of
    the file. `graph_def` is the older name of `graph`. NotImplementedError for a `session`, which
    would make ops of the writing, RuntimeError where operations run at once.
    """

    def __init__(
        self,
        logdir,
        graph=None,
        max_queue=10,
        flush_secs=120,
        graph_def=None,
        filename_suffix=None,
        session=None,
    ):
        if executing_eagerly():
            raise RuntimeError("tf.summary.FileWriter is not compatible with eager execution. Use "
                               "tf.contrib.summary instead.")  # fmt: skip
        if session is not None:
            raise NotImplementedError(
                "FileWriter(session=...) would write by operations of the session: leave it out "
                "and give its graph as `graph`, or use tf.contrib.summary.create_file_writer"
            )
        self._file = EventFile(logdir, max_queue, flush_secs, filename_suffix)
        self._tags, self._described = set(), set()
        if graph is not None or graph_def is not None:
            message = _message(graph, graph_def)
            self._add_graph(message)
            given = {"graph": graph} if isinstance(graph, Graph) else {"graph_def": message}
            self.add_meta_graph(create_meta_graph_def(**given))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def get_logdir(self):
        """The folder of the event file."""
        return self._file.logdir

    def add_summary(self, summary, global_step=None):
        """Write a `tf.Summary`, or the bytes that a run of a summary op gives."""
        if isinstance(summary, bytes) and not _describes(summary):
            self._add(Event(), global_step, sized(Event.FIELDS["summary"], summary))
            return
        if isinstance(summary, bytes):
            summary = Summary.FromString(summary)
        event = Event(summary=summary)
        for value in event.summary.value:
            self._describe_once(value)
        self._add(event, global_step)

    def _describe_once(self, value):
        """The metadata of a tag are written with its first value alone, to save space."""
        if value.tag in self._described:
            value.ClearField("metadata")
        elif value.HasField("metadata"):
            self._described.add(value.tag)

    def add_graph(self, graph, global_step=None, graph_def=None):
        """Write a Graph or a GraphDef. ValueError for both, TypeError for anything else."""
        self._add_graph(_message(graph, graph_def), global_step)

    def _add_graph(self, message, global_step=None):
        self._add(Event(graph_def=message.SerializeToString()), global_step)

    def add_meta_graph(self, meta_graph_def, global_step=None):
        """Write a `tf.MetaGraphDef`. TypeError for anything else."""
        if not isinstance(meta_graph_def, MetaGraphDef):
            raise TypeError(
                f"meta_graph_def must be type MetaGraphDef, saw type: {type(meta_graph_def)}"
            )
        self._add(Event(meta_graph_def=meta_graph_def.SerializeToString()), global_step)

    def add_session_log(self, session_log, global_step=None):
        """Write a `tf.SessionLog`."""
        self._add(Event(session_log=session_log), global_step)

    def add_run_metadata(self, run_metadata, tag, global_step=None):
        """Write a `tf.RunMetadata`. ValueError for a tag that had one before."""
        if tag in self._tags:
            raise ValueError("The provided tag was already used for this event type")
        self._tags.add(tag)
        content = run_metadata.SerializeToString()
        metadata = TaggedRunMetadata(tag=tag, run_metadata=content)
        self._add(Event(tagged_run_metadata=metadata), global_step)

    def _add(self, event, step, rest=b""):
        event.wall_time = time.time()
        if step is not None:
            event.step = int(step)
        self._warn_if_closed()
        self._file.add(event, rest)

    def add_event(self, event):
        """Write a `tf.Event` as it is."""
        self._warn_if_closed()
        self._file.add(event)

    def flush(self):
        """See to it that all events are on the disk."""
        self._warn_if_closed()
        self._file.flush()

    def close(self):
        """Write what waits, and close the file."""
        self._file.close()

    def reopen(self):
        """Go on, in a new file of the same folder; nothing when the writer is not closed."""
        self._file.reopen()

    def _warn_if_closed(self):
        if self._file.closed:
            warnings.warn(
                "Attempting to use a closed FileWriter. The operation will be a noop unless the "
                "FileWriter is explicitly reopened.",
                stacklevel=3,
            )


def _describes(summary):
    """Whether a value of a serialized Summary has metadata; or it is none, which is seen later."""
    metadata = Summary.Value.FIELDS["metadata"].number
    try:
        return any(
            field == metadata
            for number, _, value in parts(summary)
            if number == 1
            for field, _, _ in parts(value)
        )
    except (LookupError, TypeError):
        return True


class FileWriterCache:
    """The FileWriters that `get` has made, one for each folder."""

    _writers: dict = {}  # noqa: RUF012  of the class, as in TensorFlow
    _lock = threading.RLock()

    @staticmethod
    def get(logdir):
        """The writer of a folder, made with the default graph when there is none."""
        with FileWriterCache._lock:
            if logdir not in FileWriterCache._writers:
                FileWriterCache._writers[logdir] = FileWriter(logdir, graph=get_default_graph())
            return FileWriterCache._writers[logdir]

    @staticmethod
    def clear():
        """Close and forget all of them."""
        with FileWriterCache._lock:
            for writer in FileWriterCache._writers.values():
                writer.close()
            FileWriterCache._writers.clear()


def _message(graph, graph_def):
    if graph is not None and graph_def is not None:
        raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
    given = graph_def if graph is None else graph
    if isinstance(given, Graph):
        return given.as_graph_def(add_shapes=True)
    if not isinstance(given, GraphDef):
        raise TypeError(
            "The passed graph must be an instance of `Graph` or the deprecated `GraphDef`, "
            f"got {given!r}"
        )
    logging.warning("Passing a `GraphDef` to the SummaryWriter is deprecated. Pass a `Graph` "
                    "object instead, such as `sess.graph`.")  # fmt: skip
    return given

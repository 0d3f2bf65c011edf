"""`tf.compat.v2.summary.experimental`: the step, and what other kinds of summaries are made of."""
import contextlib
import re

from minitf.compat.v2.later import public
from minitf.core.graph import device, get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.summary import to_files

_INVALID_SCOPE_CHARACTERS = re.compile(r"[^-_/.A-Za-z0-9]")  # AdaNet imports it


def get_step():
    """The step of summaries that are given none; None where none has been set."""
    return to_files.context.step


def set_step(step):
    """Let summaries that are given no step be of this one: a number, a tensor or a variable."""
    to_files.context.step = step


@contextlib.contextmanager
def summary_scope(name, default_name="summary", values=None):
    """(tag, scope) of a summary: the tag is the name within the names around it, as it is."""
    name = name or default_name
    outer = get_default_graph().get_name_scope()
    legal = _INVALID_SCOPE_CHARACTERS.sub("", name) or None
    with name_scope(legal, default_name, values) as scope:
        yield f"{outer}/{name}" if outer else name, scope


def write(tag, tensor, step=None, metadata=None, name=None):
    """Writes a tensor as it is: true when it has been written, false without a default writer.

    `metadata`, a SummaryMetadata or its bytes, says what shows it. ValueError without a step.
    """
    tf = public("compat.v1")
    told = metadata.SerializeToString() if hasattr(metadata, "SerializeToString") else metadata
    with name_scope(name, "write_summary") as scope:
        writer = to_files.context.writer
        if writer is None:
            return tf.constant(False)
        step = get_step() if step is None else step
        if step is None:
            raise ValueError("No step set via 'step' argument or "
                             "tf.summary.experimental.set_step()")  # fmt: skip

        def record():
            with device("cpu:0"):
                written = to_files.write_summary(
                    writer._resource, tf.cast(step, tf.int64), tf.identity(tensor), tag,
                    told or b"", name=scope,
                )  # fmt: skip
                with tf.control_dependencies([written]):
                    return tf.constant(True)

        with device("cpu:0"):
            made = _chosen(tf, record)
        if not tf.executing_eagerly():
            tf.add_to_collection(GraphKeys._SUMMARY_COLLECTION, made)
        return made


def _chosen(tf, record):
    """What `record` gives, where summaries are to be written."""
    found = to_files.context.recording
    found = found() if callable(found) else found
    if found is None or isinstance(found, bool):
        return tf.constant(False) if found is False else record()
    return tf.cond(found, record, lambda: tf.constant(False), name="summary_cond")

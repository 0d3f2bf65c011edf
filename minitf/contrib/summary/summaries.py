"""`tf.contrib.summary.scalar` and its kin: tensors that are true once they have written."""
from minitf.contrib.summary.recording import known_condition, should_record_summaries
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64, uint8
from minitf.core.graph import (
    add_to_collection,
    control_dependencies,
    device,
    get_default_graph,
)
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import no_op
from minitf.ops.state.variables import Variable
from minitf.summary import naming, to_files
from minitf.train.global_step import get_or_create_global_step


def _step(step):
    if step is None:
        return get_or_create_global_step()
    return step if isinstance(step, (Tensor, Variable)) else convert_to_tensor(step, int64)


def _written(name, tensor, write, family):
    """What `write(writer, tag, scope)` builds, where summaries are to be written."""
    writer = to_files.context.writer
    if writer is None:
        return no_op()
    outer = get_default_graph().get_name_scope()

    def record():
        around = get_default_graph().name_scope(f"{outer}/" if outer else None)
        named = naming.summary_scope(name, family, values=[tensor])
        with (
            around,
            named as (tag, scope),
            control_dependencies([write(writer._resource, tag, scope)]),
        ):
            return constant(True)

    with device("cpu:0"):
        made = _chosen(record)
        add_to_collection(GraphKeys._SUMMARY_COLLECTION, made)
    return made


def _chosen(record):
    should, known = should_record_summaries(), known_condition()
    if known is None:
        return cond(should, record, lambda: constant(False), name="")
    return record() if known else constant(False)


def scalar(name, tensor, family=None, step=None):
    """Writes a number, of step `step`, by default the global one: true when it has been written.

    An operation that does nothing where there is no default writer.
    """
    return _written(name, tensor, lambda writer, tag, scope: to_files.write_scalar_summary(
        writer, _step(step), tag, identity(tensor), name=scope
    ), family)  # fmt: skip


def histogram(name, tensor, family=None, step=None):
    """As `scalar`: how often which values are there."""
    return _written(name, tensor, lambda writer, tag, scope: to_files.write_histogram_summary(
        writer, _step(step), tag, identity(tensor), name=scope
    ), family)  # fmt: skip


def image(name, tensor, bad_color=None, max_images=3, family=None, step=None):
    """As `scalar`: the first pictures of a batch [batch, height, width, 1, 3 or 4]."""

    def write(writer, tag, scope):
        color = constant([255, 0, 0, 255], dtype=uint8) if bad_color is None else bad_color
        return to_files.write_image_summary(writer, _step(step), tag, identity(tensor), color,
                                            max_images=max_images, name=scope)  # fmt: skip

    return _written(name, tensor, write, family)


def audio(name, tensor, sample_rate, max_outputs, family=None, step=None):
    """As `scalar`: the first recordings of a batch [batch, frames, channels]."""
    return _written(name, tensor, lambda writer, tag, scope: to_files.write_audio_summary(
        writer, _step(step), tag, identity(tensor), sample_rate, max_outputs=max_outputs,
        name=scope,
    ), family)  # fmt: skip


def generic(name, tensor, metadata=None, family=None, step=None):
    """As `scalar`: a tensor as it is; `metadata`, a SummaryMetadata, says what shows it."""

    def write(writer, tag, scope):
        told = "" if metadata is None else metadata
        if hasattr(told, "SerializeToString"):
            told = told.SerializeToString()
        told = told if isinstance(told, Tensor) else constant(told)
        return to_files.write_summary(writer, _step(step), identity(tensor), tag, told,
                                      name=scope)  # fmt: skip

    return _written(name, tensor, write, family)


def graph(param, step=None, name=None):
    """An operation that writes a graph, a string tensor with the bytes of a GraphDef. TypeError for
    anything else: `initialize` takes a graph itself."""
    if not isinstance(param, Tensor):
        raise TypeError("graph() needs a tf.Tensor (e.g. tf.placeholder) in graph mode, but was: "
                        f"{type(param)}")  # fmt: skip
    writer = to_files.context.writer
    if writer is None:
        return no_op()
    with device("cpu:0"):
        given = identity(param)
        return to_files.write_graph_summary(writer._resource, _step(step), given, name=name)


def import_event(tensor, name=None):
    """An operation that writes a serialized `tf.Event` as it is."""
    return to_files.import_event_op(to_files.context.writer._resource, tensor, name=name)


def flush(writer=None, name=None):
    """An operation that sees to it that all a writer has is on the disk."""
    writer = to_files.context.writer if writer is None else writer
    if writer is None:
        return no_op()
    with device("cpu:0"):
        handle = getattr(writer, "_resource", writer)
        return to_files.flush_summary_writer(handle, name=name)

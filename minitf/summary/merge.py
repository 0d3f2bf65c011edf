"""Many summaries as one: `tf.summary.merge`, `tf.summary.merge_all`."""
import numpy as np

from minitf.core.dtypes import string
from minitf.core.eager import executing_eagerly
from minitf.core.graph import get_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.proto.wire import parts
from minitf.core.shape_rules import scalar as one
from minitf.summary.naming import clean_tag, collect


@op("MergeSummary", shape=one, grad=NOT_DIFFERENTIABLE, host=True)
def merge_summary(xp, *inputs: string) -> string:
    """All values of all summaries: as bytes, one behind the other."""
    merged, tags = b"".join(data for texts in inputs for data in np.ravel(texts)), set()
    for tag in _tags(merged):
        if tag in tags:
            raise ValueError(f"Duplicate tag {tag} found in summary inputs")
        tags.add(tag)
    found = np.empty((), object)
    found[()] = merged
    return found


def _tags(summary):
    """The tags of the values of a serialized Summary; ValueError where it is none."""
    try:
        for number, _, value in parts(summary):
            if number == 1:
                yield b"".join(content for field, _, content in parts(value) if field == 1).decode()
    except (LookupError, TypeError):
        raise ValueError("Could not parse one of the summary inputs") from None


def _refuse_eager():
    if executing_eagerly():
        raise RuntimeError("Merging tf.summary.* ops is not compatible with eager execution. Use "
                           "tf.contrib.summary instead.")  # fmt: skip


def merge(inputs, collections=None, name=None):
    """The values of all the summaries `inputs` as one. InvalidArgumentError in a run where two have
    one tag; ValueError for none, RuntimeError where operations run at once."""
    _refuse_eager()
    if not inputs:
        raise ValueError("Value for attr 'N' of 0 must be at least minimum 1")
    name = clean_tag(name)
    with name_scope(name, "Merge", inputs):
        return collect(merge_summary(*inputs, name=name or "MergeSummary"), collections, ())


def merge_all(key=GraphKeys.SUMMARIES, scope=None, name=None):
    """All summaries of the collection `key` as one, those in `scope` alone when it is given; None
    when there are none. RuntimeError where operations run at once."""
    _refuse_eager()
    found = get_collection(key, scope=scope)
    return merge(found, name=name) if found else None

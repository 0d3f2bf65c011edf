"""Many summaries as one: `tf.summary.merge`, `tf.summary.merge_all`."""
import numpy as np

from minitf.core.dtypes import string
from minitf.core.graph import get_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.shape_rules import scalar as one
from minitf.summary.messages import Summary
from minitf.summary.naming import clean_tag, collect
from minitf.summary.numeric import as_bytes


@op("MergeSummary", shape=one, grad=NOT_DIFFERENTIABLE, host=True)
def merge_summary(xp, *inputs: string) -> string:
    """All values of all summaries."""
    made, tags = Summary(), set()
    for data in (data for texts in inputs for data in np.ravel(texts)):
        for value in Summary.FromString(data).value:
            if value.tag in tags:
                raise ValueError(f"Duplicate tag {value.tag} found in summary inputs")
            tags.add(value.tag)
            made.value.append(value)
    return as_bytes(made)


def merge(inputs, collections=None, name=None):
    """The values of all the summaries `inputs` as one. InvalidArgumentError in a run where two have
    one tag; ValueError for none."""
    if not inputs:
        raise ValueError("Value for attr 'N' of 0 must be at least minimum 1")
    name = clean_tag(name)
    with name_scope(name, "Merge", inputs):
        return collect(merge_summary(*inputs, name=name or "MergeSummary"), collections, ())


def merge_all(key=GraphKeys.SUMMARIES, scope=None, name=None):
    """All summaries of the collection `key` as one, those in `scope` alone when it is given; None
    when there are none."""
    found = get_collection(key, scope=scope)
    return merge(found, name=name) if found else None

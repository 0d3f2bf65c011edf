"""Summaries of numbers: `tf.summary.scalar`, `tf.summary.histogram`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, string
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Real
from minitf.core.shape_rules import scalar as one
from minitf.summary import naming
from minitf.summary.histogram import histogram_proto
from minitf.summary.messages import Summary
from minitf.summary.naming import collect


def as_bytes(summary):
    """A Summary as what an op gives: a string of rank 0."""
    found = np.empty((), object)
    found[()] = summary.SerializeToString()
    return found


@op("ScalarSummary", shape=one, grad=NOT_DIFFERENTIABLE, host=True)
def scalar_summary(xp, tags: string, values: Real) -> string:
    """A value for each tag."""
    if np.shape(tags) != values.shape:
        raise ValueError("tags and values not the same shape: "
                         f"{list(np.shape(tags))} != {list(values.shape)}")  # fmt: skip
    pairs = zip(np.ravel(tags).tolist(), values.ravel().tolist())
    values = [Summary.Value(tag=tag, simple_value=value) for tag, value in pairs]
    return as_bytes(Summary(value=values))


@op("HistogramSummary", shape=one, grad=NOT_DIFFERENTIABLE, host=True)
def histogram_summary(xp, tag: string, values: Real) -> string:
    """How often which values are there."""
    tag = tag.item().decode()
    if not np.isfinite(values).all():
        what = "Nan" if np.isnan(values).any() else "Infinity"
        raise ValueError(f"{what} in summary histogram for: {tag}")
    made = Summary()
    made.value.add(tag=tag)._put(Summary.Value.FIELDS["histo"], histogram_proto(values))
    return as_bytes(made)


def scalar(name, tensor, collections=None, family=None):
    """A tensor of type string and rank 0, a serialized `tf.Summary` with the number `tensor`.

    Its tag is the name of the op, `family` before it. It is put into `collections`, by default
    into the one that `tf.summary.merge_all` merges.
    """
    with naming.summary_scope(name, family, values=[tensor]) as (tag, scope):
        return collect(scalar_summary(tag, tensor, name=scope), collections)


def histogram(name, values, collections=None, family=None):
    """As `tf.summary.scalar`: how often which `values`, of any shape, are there.
    InvalidArgumentError in a run where any is not finite."""
    with naming.summary_scope(name, family, "HistogramSummary", [values]) as (tag, scope):
        values = convert_to_tensor(values, preferred_dtype=float32)
        return collect(histogram_summary(tag, values, name=scope), collections)

"""Probabilities of which many are 0, after Martins and Astudillo 2016."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.nn.top import top_k
from minitf.ops.array.basics import fill, shape, zeros_like
from minitf.ops.array.indexing import gather_nd
from minitf.ops.array.joining import stack
from minitf.ops.array.masks import where
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import (
    cast,
    equal,
    is_inf,
    is_nan,
    logical_and,
    logical_or,
    maximum,
)
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import cumsum


def sparsemax(logits, name=None):
    """For each row of `logits` [batch, classes] the nearest point at which all numbers are 0 or
    more and sum to 1; NaN for a row with a NaN, or all of it infinite."""
    with name_scope(name, "sparsemax", [logits]):
        logits = convert_to_tensor(logits, name="logits")
        rows, classes = shape(logits)[0], shape(logits)[1]
        ordered, _ = top_k(logits, k=classes)
        sums = cumsum(ordered, axis=1)
        ranks = range_(1, cast(classes, logits.dtype) + 1, dtype=logits.dtype)
        count = reduce_sum(cast(1 + ranks * ordered > sums, int32), axis=1)
        last = stack([range_(0, rows), maximum(count, 1) - 1], axis=1)
        level = (gather_nd(sums, last) - 1) / cast(count, logits.dtype)
        found = maximum(cast(0, logits.dtype), logits - level[:, None])
        none = logical_or(equal(count, 0), is_nan(sums[:, -1]))
        return where(none, fill([rows, classes], cast(float("nan"), logits.dtype)), found)


def sparsemax_loss(logits, sparsemax, labels, name=None):
    """The loss [batch] that goes with it, whose gradient by `logits` is `sparsemax` - `labels`:
    0 where these probabilities are the labels, all [batch, classes]."""
    with name_scope(name, "sparsemax_loss", [logits, sparsemax, labels]):
        logits = convert_to_tensor(logits, name="logits")
        sparsemax = convert_to_tensor(sparsemax, name="sparsemax")
        labels = convert_to_tensor(labels, name="labels")
        counts = logical_or(sparsemax > 0, is_nan(sparsemax))
        found = where(counts, sparsemax * (logits - 0.5 * sparsemax), zeros_like(sparsemax))
        wanted = labels * (0.5 * labels - logits)
        nothing = logical_and(equal(labels, 0), is_inf(logits))
        wanted = where(nothing, zeros_like(logits), wanted)
        return reduce_sum(found + wanted, axis=1)

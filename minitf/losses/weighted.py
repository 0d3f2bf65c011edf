"""What every loss function ends with: weights, a reduction, the collection."""
from contextlib import contextmanager

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.losses.collection import add_loss
from minitf.ops.array.basics import ones_like, rank, size, zeros_like
from minitf.ops.array.masks import where
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast, equal, mul
from minitf.ops.math.operators import div_no_nan
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.weights import assert_broadcastable, broadcast_weights


class Reduction:
    """How the losses of the elements become one."""

    NONE = "none"  # they do not: the result has their shape
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"  # divided by how many there are
    MEAN = "weighted_mean"  # divided by the sum of the weights
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"  # by how many weights are not 0
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls):
        return (cls.NONE, cls.SUM, cls.MEAN, cls.SUM_OVER_BATCH_SIZE,
                cls.SUM_OVER_NONZERO_WEIGHTS, cls.SUM_BY_NONZERO_WEIGHTS)  # fmt: skip

    @classmethod
    def validate(cls, key):
        """ValueError unless `key` is one of these."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}. It must be one of {cls.all()}.")


def compute_weighted_loss(
    losses,
    weights=1.0,
    scope=None,
    loss_collection=GraphKeys.LOSSES,
    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
):
    """`losses * weights`, reduced to a scalar as `reduction` says and added to the collection.

    `weights` are a number, or of the rank of `losses` with each axis 1 or equal. Computed as
    float32, returned in the type of `losses`; what would be divided by 0 is 0. ValueError for
    weights that do not fit or an unknown reduction.
    """
    Reduction.validate(reduction)
    with name_scope(scope, "weighted_loss", (losses, weights)), control_dependencies(
        (assert_broadcastable(weights, losses),)
    ):
        losses = convert_to_tensor(losses)
        dtype = losses.dtype
        losses, weights = cast(losses, float32), cast(weights, float32)
        loss = cast(_reduced(losses, weights, reduction), dtype)
        add_loss(loss, loss_collection)
        return loss


def _reduced(losses, weights, reduction):
    weighted = mul(losses, weights)
    if reduction == Reduction.NONE:
        return weighted
    total = reduce_sum(weighted)
    if reduction == Reduction.MEAN:
        return safe_mean(total, reduce_sum(ones_like(losses) * weights))
    if reduction == Reduction.SUM_BY_NONZERO_WEIGHTS:
        return safe_mean(total, num_present(losses, weights))
    if reduction == Reduction.SUM_OVER_BATCH_SIZE:
        return safe_mean(total, _num_elements(losses))
    return total


def safe_mean(losses, count):
    """The sum of `losses` divided by `count`; 0 where that is 0."""
    return div_no_nan(reduce_sum(losses), count, name="value")


def num_present(losses, weights, per_batch=False):
    """How many elements of `losses` have a weight other than 0; `per_batch`, in each row."""
    with name_scope(None, "num_present", (losses, weights)) as scope:
        weights = cast(weights, float32)
        present = where(equal(weights, 0.0), zeros_like(weights), ones_like(weights))
        present = broadcast_weights(present, losses)
        if not per_batch:
            return reduce_sum(present, name=scope)
        axes = range_(1, rank(present))
        return reduce_sum(present, axes, keepdims=True, name=scope)


def _num_elements(losses):
    with name_scope(None, "num_elements", (losses,)) as scope:
        return cast(size(losses, name=scope), losses.dtype)


@contextmanager
def loss_scope(scope, default_name, weights, **pair):
    """The name scope of a loss of the two tensors in `pair`. ValueError when one is None."""
    for name, value in pair.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")
    with name_scope(scope, default_name, (*reversed(pair.values()), weights)) as path:
        yield path


def as_floats(labels, predictions):
    """(labels, predictions) as float32. ValueError when the shapes differ."""
    predictions, labels = cast(predictions, float32), cast(labels, float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    return labels, predictions

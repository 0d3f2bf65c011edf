"""`tf.contrib.losses.compute_weighted_loss`, and the collection of losses."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import add_to_collection, get_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import ones, reshape, shape, size
from minitf.ops.array.masks import where
from minitf.ops.array.slicing import slice_
from minitf.ops.math.elementwise import cast, equal, mul, not_equal
from minitf.ops.math.operators import div, div_no_nan
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.reduce import reduce_prod, reduce_sum
from minitf.ops.reduction.scan import add_n


def compute_weighted_loss(losses, weights=1.0, scope=None):
    """The sum of losses times weights / the number of losses whose weight is not 0; added to the
    collection "losses".

    `weights` are a scalar, or have the first axes of the losses. ValueError for an unknown rank.
    """
    with name_scope(scope, "weighted_loss", [losses, weights]):
        losses = convert_to_tensor(losses)
        dtype, losses = losses.dtype, cast(losses, float32)
        weights = cast(convert_to_tensor(weights), float32)
        for name, tensor in (("losses", losses), ("weights", weights)):
            if tensor.shape.ndims is None:
                raise ValueError(f"{name}.get_shape().ndims cannot be None")
        if weights.shape.ndims > 1 and weights.shape[-1].is_compatible_with(1):
            weights = squeeze(weights, [-1])
        total = scale_losses(losses, weights)
        count = num_present(losses, weights)
        mean = cast(div_no_nan(reduce_sum(total), count, name="value"), dtype)
        add_loss(mean)
        return mean


def scale_losses(losses, weights):
    """The sum of losses times weights, which have its first axes."""
    axes = list(range(weights.shape.ndims, losses.shape.ndims))
    return reduce_sum(mul(reduce_sum(losses, axis=axes), weights))


def num_present(losses, weights, per_batch=False):
    """How many losses have a weight that is not 0; for each example, if `per_batch`."""
    rank = weights.shape.ndims
    if rank == 0:
        batch = reshape(slice_(shape(losses), [0], [1]), [])
        count = div(cast(size(losses), float32), cast(batch, float32))
        count = where(equal(weights, 0), 0.0, count)
        count = mul(ones(reshape(batch, [1])), count)
    else:
        axes = list(range(1, rank))
        present = reduce_sum(cast(not_equal(weights, 0), float32), axis=axes)
        each = cast(reduce_prod(slice_(shape(losses), [rank], [-1])), float32)
        count = mul(present, each)
    return count if per_batch else reduce_sum(count)


@add_arg_scope
def add_loss(loss, loss_collection=GraphKeys.LOSSES):
    """Add a loss to the collection, unless that is None."""
    if loss_collection:
        add_to_collection(loss_collection, loss)


def get_losses(scope=None, loss_collection=GraphKeys.LOSSES):
    """The losses of the collection whose names begin with `scope`."""
    return get_collection(loss_collection, scope)


def get_regularization_losses(scope=None):
    """The penalties of regularizers."""
    return get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_total_loss(add_regularization_losses=True, name="total_loss"):
    """The sum of all losses and penalties."""
    penalties = get_regularization_losses() if add_regularization_losses else []
    return add_n(get_losses() + penalties, name=name)

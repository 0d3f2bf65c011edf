"""The losses of a graph: each loss function adds its result to a collection."""
from minitf.core.constant import constant
from minitf.core.graph import add_to_collection, get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.ops.reduction.scan import add_n


def add_loss(loss, loss_collection=GraphKeys.LOSSES):
    """Add `loss` to the collection; to none when `loss_collection` is None."""
    if loss_collection:
        add_to_collection(loss_collection, loss)


def get_losses(scope=None, loss_collection=GraphKeys.LOSSES):
    """The losses of the graph; with `scope`, those whose names match it at the start."""
    return get_collection(loss_collection, scope)


def get_regularization_losses(scope=None):
    """The penalties that regularizers made; with `scope`, those whose names match it."""
    return get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(scope=None, name="total_regularization_loss"):
    """The sum of the penalties, a scalar; 0.0 when there are none."""
    losses = get_regularization_losses(scope)
    return add_n(losses, name=name) if losses else constant(0.0)


def get_total_loss(add_regularization_losses=True, name="total_loss", scope=None):
    """The sum of all losses, the penalties included unless told not to.

    ValueError when there is no loss.
    """
    losses = get_losses(scope)
    if add_regularization_losses:
        losses += get_regularization_losses(scope)
    return add_n(losses, name=name)

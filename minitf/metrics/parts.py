"""What all metrics are made of: their variables, their shapes, the collections they go to."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import add_to_collections
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import identity, rank, zeros
from minitf.ops.control_flow.branches import cond
from minitf.ops.math.elementwise import equal
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.confusion import remove_squeezable_dimensions
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.variables import Variable


def metric_variable(shape, dtype, validate_shape=True, name=None):
    """A variable that starts at zero, in the collections of local and of metric variables."""
    return Variable(
        lambda: zeros(shape, dtype),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES],
        validate_shape=validate_shape,
        name=name,
        synchronization=VariableSynchronization.ON_READ,
        aggregation=VariableAggregation.SUM,
    )


def published(value, update, metrics_collections, updates_collections):
    """(value, update), each added to its collections."""
    if metrics_collections:
        add_to_collections(metrics_collections, value)
    if updates_collections:
        add_to_collections(updates_collections, update)
    return value, update


def read(variable):
    return identity(variable)


def adjusted(predictions, labels, weights):
    """The three as tensors, where one has an axis too many, of size 1 at the end, without it.

    Weights with an axis too few get one, scalars stay as they are; labels and weights may be None.
    ValueError when the static shapes of predictions and labels differ.
    """
    predictions = convert_to_tensor(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
    if weights is not None:
        weights = _of_rank_of(predictions, convert_to_tensor(weights))
    return predictions, labels, weights


def _of_rank_of(predictions, weights):
    if weights.shape.ndims == 0:
        return weights
    if predictions.shape.ndims is None or weights.shape.ndims is None:
        return _of_rank_in_run(predictions, weights)
    surplus = weights.shape.ndims - predictions.shape.ndims
    if surplus == 1:
        return squeeze(weights, [-1])
    return expand_dims(weights, [-1]) if surplus == -1 else weights


def _of_rank_in_run(predictions, weights):
    own_rank = rank(weights)
    surplus = own_rank - rank(predictions)
    shape = weights._shape
    can_squeeze = shape is None or shape[-1] in (1, None)

    def squeezed():
        return squeeze(weights, [-1]) if can_squeeze else weights

    def expanded():
        return cond(equal(surplus, -1), lambda: expand_dims(weights, [-1]), lambda: weights)

    def fitted():
        return cond(equal(surplus, 1), squeezed, expanded)

    return cond(equal(own_rank, 0), lambda: weights, fitted)

"""What TensorFlow's distribution strategies divide losses by; here there is one replica."""
from minitf.core.convert import convert_to_tensor
from minitf.ops.array.basics import shape
from minitf.ops.math.elementwise import cast, mul
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.reduce import reduce_sum


def compute_average_loss(per_example_loss, sample_weight=None, global_batch_size=None):
    """The sum of the losses, times `sample_weight`, divided by `global_batch_size`: by default
    how many there are. ValueError for a scalar."""
    losses = convert_to_tensor(per_example_loss)
    if losses._shape == ():
        raise ValueError("Invalid value passed for `per_example_loss`. Expected a tensor with at "
                         f"least rank 1, got {losses!r}")  # fmt: skip
    if sample_weight is not None:
        losses = mul(losses, _weights(sample_weight, losses))
    if global_batch_size is None:
        global_batch_size = cast(shape(losses)[0], losses.dtype)
    return reduce_sum(losses) / global_batch_size


def _weights(sample_weight, losses):
    """In the type of the losses; an axis of size 1 at the end is left out or put on."""
    weights = cast(convert_to_tensor(sample_weight), losses.dtype)
    if weights._shape is None or losses._shape is None:
        return weights
    difference = len(weights._shape) - len(losses._shape)
    if difference == 1 and weights._shape[-1] == 1:
        return squeeze(weights, [-1])
    return expand_dims(weights, -1) if difference == -1 and weights._shape else weights


def scale_regularization_loss(regularization_loss):
    """The sum of the losses."""
    return reduce_sum(regularization_loss)

"""`tf.contrib.seq2seq.sequence_loss`."""
from minitf.core.graph import name_scope
from minitf.nn.loss import sparse_softmax_cross_entropy_with_logits
from minitf.ops.array.basics import reshape, shape
from minitf.ops.math.elementwise import cast
from minitf.ops.math.operators import div_no_nan
from minitf.ops.reduction.reduce import count_nonzero, reduce_sum


def sequence_loss(
    logits, targets, weights, average_across_timesteps=True, average_across_batch=True,
    sum_over_timesteps=False, sum_over_batch=False, softmax_loss_function=None, name=None,
):  # fmt: skip
    """The weighted cross entropy of logits [batch, time, classes], class numbers [batch, time].

    `weights` [batch, time] are 0 for what does not count. Over each axis losses are averaged,
    divided by the weights, or summed, divided by the number of weights that are not 0, or neither:
    then the axis stays. `softmax_loss_function(labels=, logits=)` may take the place of the
    softmax's. ValueError for other ranks, and for an axis that is to be both.
    """
    for what, tensor, rank, axes in (
        ("Logits", logits, 3, "[batch_size x sequence_length x logits]"),
        ("Targets", targets, 2, "[batch_size x sequence_length]"),
        ("Weights", weights, 2, "[batch_size x sequence_length]"),
    ):
        if len(tensor.shape) != rank:
            raise ValueError(f"{what} must be a {axes} tensor, got shape {tensor.shape}")
    if average_across_timesteps and sum_over_timesteps:
        raise ValueError("average_across_timesteps and sum_over_timesteps cannot be set to True at "
                         "same time.")  # fmt: skip
    if average_across_batch and sum_over_batch:
        raise ValueError("average_across_batch and sum_over_batch cannot be set to True at same "
                         "time.")  # fmt: skip
    with name_scope(name, "sequence_loss", [logits, targets, weights]):
        losses = _cross_entropy(logits, targets, softmax_loss_function)
        losses *= reshape(weights, [-1])
        if average_across_timesteps and average_across_batch:
            return div_no_nan(reduce_sum(losses), reduce_sum(weights))
        if sum_over_timesteps and sum_over_batch:
            total = reduce_sum(losses)
            return div_no_nan(total, cast(count_nonzero(weights), total.dtype))
        losses = reshape(losses, shape(logits)[0:2])
        if average_across_timesteps or average_across_batch:
            axis = [0] if average_across_batch else [1]
            return div_no_nan(reduce_sum(losses, axis), reduce_sum(weights, axis))
        if sum_over_timesteps or sum_over_batch:
            axis = [0] if sum_over_batch else [1]
            total = reduce_sum(losses, axis)
            return div_no_nan(total, cast(count_nonzero(weights, axis), total.dtype))
        return losses


def _cross_entropy(logits, targets, softmax_loss_function):
    classes = shape(logits)[2]
    logits = reshape(logits, [-1, classes])
    targets = reshape(targets, [-1])
    compute = softmax_loss_function or sparse_softmax_cross_entropy_with_logits
    return compute(labels=targets, logits=logits)

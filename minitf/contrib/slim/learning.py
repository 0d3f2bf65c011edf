"""`slim.learning`: a training step from a loss."""
from minitf.contrib.slim import train_op as steps
from minitf.contrib.slim.train_op import clip_gradient_norms, multiply_gradients
from minitf.core.graph import name_scope
from minitf.train.optimizer import Optimizer


def add_gradients_summaries(grads_and_vars):
    """A histogram and the norm of each gradient."""
    return steps.add_gradients_summaries(grads_and_vars)


def create_train_op(
    total_loss,
    optimizer,
    global_step=steps.USE_GLOBAL_STEP,
    update_ops=None,
    variables_to_train=None,
    clip_gradient_norm=0,
    summarize_gradients=False,
    gate_gradients=Optimizer.GATE_OP,
    aggregation_method=None,
    colocate_gradients_with_ops=False,
    gradient_multipliers=None,
    check_numerics=True,
):
    """The loss, as a tensor whose run also makes a training step; in the collection "train_op".

    The update_ops (those of the collection "update_ops" by default) run before the gradients, which
    are multiplied (`gradient_multipliers`, a dictionary by variables or their names), then each
    made no longer than `clip_gradient_norm` if that is above 0. `global_step` is the graph's by
    default, none for None. `check_numerics` raises InvalidArgumentError for a loss that is infinite
    or nan.
    """

    def changed(gradients):
        if gradient_multipliers:
            with name_scope("multiply_grads"):
                gradients = multiply_gradients(gradients, gradient_multipliers)
        if clip_gradient_norm > 0:
            with name_scope("clip_grads"):
                gradients = clip_gradient_norms(gradients, clip_gradient_norm)
        return gradients

    return steps.create_train_op(
        total_loss,
        optimizer,
        global_step,
        update_ops,
        variables_to_train,
        changed,
        summarize_gradients,
        gate_gradients,
        aggregation_method,
        colocate_gradients_with_ops,
        check_numerics,
    )

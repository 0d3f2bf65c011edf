"""`tf.contrib.training.create_train_op`, what changes gradients on the way, and `train`."""
from minitf import logging, summary
from minitf.core.constant import constant
from minitf.core.graph import control_dependencies, get_collection, get_collection_ref, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.control import check_numerics as checked
from minitf.ops.control_flow.control import no_op, with_dependencies
from minitf.ops.math.clip import clip_by_norm
from minitf.ops.reduction.norms import global_norm
from minitf.ops.state.variable_lists import trainable_variables
from minitf.train.global_step import get_or_create_global_step
from minitf.train.monitored_session import MonitoredTrainingSession
from minitf.train.optimizer import Optimizer

USE_GLOBAL_STEP = 0


def _with_values(gradient, change):
    """A gradient whose values `change` has changed; None stays None."""
    if isinstance(gradient, IndexedSlices):
        values = change(gradient.values)
        return IndexedSlices(values, gradient.indices, gradient.dense_shape)
    return None if gradient is None else change(gradient)


def clip_gradient_norms(gradients_to_variables, max_norm):
    """The (gradient, variable) pairs, each gradient made no longer than `max_norm`."""
    return [
        (_with_values(gradient, lambda values: clip_by_norm(values, max_norm)), var)
        for gradient, var in gradients_to_variables
    ]


def multiply_gradients(grads_and_vars, gradient_multipliers):
    """The (gradient, variable) pairs, multiplied as the dictionary says for variables or their
    names. ValueError for what is no list, no or an empty dictionary, or a gradient that is None.
    """
    if not isinstance(grads_and_vars, list):
        raise ValueError("`grads_and_vars` must be a list.")
    if not gradient_multipliers:
        raise ValueError("`gradient_multipliers` is empty.")
    if not isinstance(gradient_multipliers, dict):
        raise ValueError("`gradient_multipliers` must be a dict.")
    return [(_multiplied(*each, gradient_multipliers), each[1]) for each in grads_and_vars]


def _multiplied(gradient, var, multipliers):
    key = var if var in multipliers else var.op.name
    if key not in multipliers:
        return gradient
    if gradient is None:
        raise ValueError(f"Requested multiple of `None` gradient, of the variable {var.op.name}.")
    factor = multipliers[key]
    if not isinstance(factor, Tensor):
        factor = constant(factor, dtype=gradient.dtype)
    return _with_values(gradient, lambda values: values * factor)


def clip_gradient_norms_fn(max_norm):
    """`clip_gradient_norms` as a function of the pairs alone."""
    return lambda gradients_to_variables: clip_gradient_norms(gradients_to_variables, max_norm)


def gradients_summaries(grads_and_vars, between):
    """A histogram and the norm of each gradient, named after the variable."""
    summaries = []
    for gradient, var in grads_and_vars:
        if gradient is None:
            logging.info("Var %s has no gradient", var.op.name)
            continue
        values = gradient.values if isinstance(gradient, IndexedSlices) else gradient
        name = f"{var.op.name}{between}gradient"
        summaries.append(summary.histogram(name, values))
        summaries.append(summary.scalar(f"{name}_norm", global_norm([values])))
    return summaries


def add_gradients_summaries(grads_and_vars):
    """A histogram and the norm of each gradient."""
    return gradients_summaries(grads_and_vars, "_")


def create_train_op(
    total_loss, optimizer, global_step=USE_GLOBAL_STEP, update_ops=None, variables_to_train=None,
    transform_grads_fn=None, summarize_gradients=False, gate_gradients=Optimizer.GATE_OP,
    aggregation_method=None, colocate_gradients_with_ops=False, check_numerics=True,
):  # fmt: skip
    """The loss, as a tensor whose run also makes a training step; in the collection "train_op".

    The update_ops (those of the collection "update_ops" by default) run before the gradients, which
    `transform_grads_fn` may change. `global_step` is the graph's by default, none for None.
    `check_numerics` raises InvalidArgumentError for a loss that is infinite or nan.
    """
    if global_step is USE_GLOBAL_STEP:
        global_step = get_or_create_global_step()
    total_loss = _after_updates(total_loss, update_ops)
    variables = _to_train(variables_to_train)
    gradients = optimizer.compute_gradients(
        total_loss,
        variables,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if transform_grads_fn:
        gradients = transform_grads_fn(gradients)
    if summarize_gradients:
        with name_scope("summarize_grads"):
            add_gradients_summaries(gradients)
    updates = optimizer.apply_gradients(gradients, global_step=global_step)
    with name_scope("train_op"):
        if check_numerics:
            total_loss = checked(total_loss, "LossTensor is inf or nan")
        train_op = with_dependencies([updates], total_loss)
    known = get_collection_ref(GraphKeys.TRAIN_OP)
    if not any(train_op is other for other in known):
        known.append(train_op)
    return train_op


def _after_updates(total_loss, update_ops):
    usual = get_collection(GraphKeys.UPDATE_OPS)
    update_ops = list(dict.fromkeys(usual if update_ops is None else update_ops))
    if not set(usual) <= set(update_ops):
        logging.warning("update_ops in create_train_op does not contain all the update_ops in "
                        "GraphKeys.UPDATE_OPS")  # fmt: skip
    if not update_ops:
        return total_loss
    with control_dependencies(update_ops):
        barrier = no_op(name="update_barrier")
    return with_dependencies([barrier], total_loss)


def _to_train(variables):
    trained = trainable_variables()
    variables = trained if variables is None else variables
    for var in variables:
        assert var.trainable or any(var is other for other in trained), (
            f"{var.name} is not trainable"
        )
    assert variables, "There are no variables to train."
    return variables


def train(
    train_op, logdir, master="", is_chief=True, scaffold=None, hooks=None, chief_only_hooks=None,
    save_checkpoint_secs=600, save_summaries_steps=100, config=None, max_wait_secs=7200,
    run_metadata=None,
):  # fmt: skip
    """Run `train_op` in a `tf.train.MonitoredTrainingSession` until a hook, or the end of the data,
    stops it; returns the last loss.

    ValueError where `logdir` is None but something is to be written there.
    """
    if logdir is None and is_chief:
        for name, wanted in (("save_summaries_steps", save_summaries_steps),
                             ("save_checkpoint_secs", save_checkpoint_secs)):  # fmt: skip
            if wanted:
                raise ValueError(f"logdir cannot be None when {name} is not None")
    with MonitoredTrainingSession(
        master=master,
        is_chief=is_chief,
        checkpoint_dir=logdir,
        scaffold=scaffold,
        hooks=hooks,
        chief_only_hooks=chief_only_hooks,
        save_checkpoint_secs=save_checkpoint_secs,
        save_summaries_steps=save_summaries_steps,
        config=config,
        max_wait_secs=max_wait_secs,
    ) as session:
        loss = None
        while not session.should_stop():
            loss = session.run(train_op, run_metadata=run_metadata)
    return loss

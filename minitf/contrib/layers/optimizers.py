"""`tf.contrib.layers.optimize_loss`: a whole training step from a loss."""
from minitf import summary
from minitf.contrib.layers.clipping import adaptive_clipping_fn  # noqa: F401  a public name
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.check_static import assert_scalar
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.clip import clip_by_global_norm
from minitf.ops.math.elementwise import cast
from minitf.ops.random.draws import truncated_normal
from minitf.ops.reduction.norms import global_norm
from minitf.ops.state.initializers import Constant
from minitf.ops.state.variable_lists import trainable_variables
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.train.adagrad import AdagradOptimizer
from minitf.train.adam import AdamOptimizer
from minitf.train.ftrl import FtrlOptimizer
from minitf.train.global_step import assert_global_step, get_global_step
from minitf.train.gradient_descent import GradientDescentOptimizer
from minitf.train.momentum import MomentumOptimizer
from minitf.train.optimizer import Optimizer
from minitf.train.rmsprop import RMSPropOptimizer

OPTIMIZER_CLS_NAMES = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "Momentum": lambda learning_rate: MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}
OPTIMIZER_SUMMARIES = [
    "learning_rate",
    "loss",
    "gradients",
    "gradient_norm",
    "global_gradient_norm",
]


def optimize_loss(
    loss, global_step, learning_rate, optimizer, gradient_noise_scale=None,
    gradient_multipliers=None, clip_gradients=None, learning_rate_decay_fn=None, update_ops=None,
    variables=None, name=None, summaries=None, colocate_gradients_with_ops=False,
    increment_global_step=True,
):  # fmt: skip
    """The loss, as a tensor whose run also makes a training step with `optimizer`.

    The optimizer is an Optimizer, one of its classes, a function of the learning rate, or a name of
    `OPTIMIZER_CLS_NAMES`. A `learning_rate` that is a float becomes the variable learning_rate;
    `learning_rate_decay_fn(learning_rate, global_step)` gives the one that is used. Gradients get
    noise (times `gradient_noise_scale`), are multiplied (`gradient_multipliers`, a dictionary by
    variables or their names) and clipped (`clip_gradients`: the greatest global norm, a float, or a
    function of (gradient, variable) pairs). `update_ops` (the collection "update_ops") run before
    the gradients. `summaries` are those of `OPTIMIZER_SUMMARIES` to make. ValueError for what does
    not fit.
    """
    loss = convert_to_tensor(loss)
    assert_scalar(loss)
    if global_step is None:
        global_step = get_global_step()
    else:
        assert_global_step(global_step)
    with variable_scope(name, "OptimizeLoss", [loss, global_step]):
        if update_ops is None:
            update_ops = dict.fromkeys(get_collection(GraphKeys.UPDATE_OPS))
        if update_ops:
            loss = with_dependencies(list(update_ops), loss)
        rate = _learning_rate(learning_rate)
        summaries = _chosen(summaries)
        if learning_rate is not None and learning_rate_decay_fn is not None:
            if global_step is None:
                raise ValueError("global_step is required for learning_rate_decay_fn.")
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in summaries:
                summary.scalar("learning_rate", rate)
        optimizer = _optimizer(optimizer, rate, learning_rate)
        gradients = optimizer.compute_gradients(
            loss,
            trainable_variables() if variables is None else variables,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        gradients = _changed(gradients, gradient_noise_scale, gradient_multipliers)
        _summarize_norm("global_norm/gradient_norm", gradients, summaries)
        gradients = _clipped(gradients, clip_gradients)
        if "loss" in summaries:
            summary.scalar("loss", loss)
        _summarize_each(gradients, summaries)
        if clip_gradients is not None:
            _summarize_norm("global_norm/clipped_gradient_norm", gradients, summaries)
        step = global_step if increment_global_step else None
        updates = optimizer.apply_gradients(gradients, global_step=step, name="train")
        return with_dependencies([updates], loss)


def _learning_rate(given):
    """The learning rate as a tensor; None for None."""
    if given is None or (isinstance(given, Tensor) and given.get_shape().ndims == 0):
        return given
    if not isinstance(given, float):
        raise ValueError(
            f"Learning rate should be 0d Tensor or float. Got {given} of type {type(given)}"
        )
    if given < 0.0:
        raise ValueError("Invalid learning_rate %s.", given)
    return get_variable("learning_rate", [], trainable=False, initializer=Constant(given))


def _chosen(summaries):
    if summaries is None:
        return ["loss", "learning_rate", "global_gradient_norm"]
    for each in summaries:
        if each not in OPTIMIZER_SUMMARIES:
            raise ValueError(
                f"Summaries should be one of [{', '.join(OPTIMIZER_SUMMARIES)}], you provided "
                f"{each}."
            )
    return summaries


# -- the optimizer --------------------------------------------------------------------------------


def _optimizer(given, rate, learning_rate):
    """The Optimizer that is meant. ValueError for anything else."""
    if isinstance(given, str):
        _check_rate(rate, f"string ({given})")
        if given not in OPTIMIZER_CLS_NAMES:
            raise ValueError(
                f"Optimizer name should be one of [{', '.join(OPTIMIZER_CLS_NAMES)}], you provided "
                f"{given}."
            )
        return OPTIMIZER_CLS_NAMES[given](learning_rate=rate)
    if isinstance(given, type) and issubclass(given, Optimizer):
        _check_rate(rate, f"class ({given})")
        return given(learning_rate=rate)
    if isinstance(given, Optimizer):
        return given
    if not callable(given):
        raise ValueError(
            "Unrecognized optimizer: should be string, subclass of Optimizer, instance of subclass "
            f"of Optimizer or function with one argument. Got {given}."
        )
    made = given() if learning_rate is None else given(rate)
    if not isinstance(made, Optimizer):
        raise ValueError(
            f"Unrecognized optimizer: function should return subclass of Optimizer. Got {made}."
        )
    return made


def _check_rate(rate, what):
    if rate is None:
        raise ValueError(f"Learning rate is None, but should be specified if optimizer is {what}.")


# -- gradients ------------------------------------------------------------------------------------


def _changed(gradients, noise_scale, multipliers):
    """The (gradient, variable) pairs with noise, multiplied."""
    if noise_scale is not None:
        gradients = [(_noisy(gradient, noise_scale), var) for gradient, var in gradients]
    if multipliers is None:
        return gradients
    gradients = [(_multiplied(gradient, var, multipliers), var) for gradient, var in gradients]
    if not gradients:
        raise ValueError(
            "Empty list of (gradient, var) pairs encountered. This is most likely to be caused by "
            "an improper value of gradient_multipliers."
        )
    return gradients


def _noisy(gradient, scale):
    if gradient is None:
        return None
    sparse = isinstance(gradient, IndexedSlices)
    shape = gradient.dense_shape if sparse else gradient.get_shape()
    return gradient + truncated_normal(shape) * scale


def _multiplied(gradient, var, multipliers):
    key = var if var in multipliers else var.name
    if gradient is None or key not in multipliers:
        return gradient
    if isinstance(gradient, IndexedSlices):
        values = gradient.values * multipliers[key]
        return IndexedSlices(values, gradient.indices, gradient.dense_shape)
    return gradient * cast(multipliers[key], gradient.dtype)


def _clipped(gradients, limit):
    if limit is None:
        return gradients
    if isinstance(limit, float):
        values, variables = zip(*gradients)
        return list(zip(clip_by_global_norm(values, limit)[0], variables))
    if callable(limit):
        return limit(gradients)
    raise ValueError(f"Unknown type {type(limit)} for clip_gradients")


# -- summaries ------------------------------------------------------------------------------------


def _summarize_norm(tag, gradients, summaries):
    if "global_gradient_norm" in summaries or "gradient_norm" in summaries:
        summary.scalar(tag, global_norm([gradient for gradient, _ in gradients]))


def _summarize_each(gradients, summaries):
    for gradient, var in gradients:
        values = gradient.values if isinstance(gradient, IndexedSlices) else gradient
        if values is None:
            continue
        name = var.name.replace(":", "_")
        if "gradients" in summaries:
            summary.histogram(f"gradients/{name}", values)
        if "gradient_norm" in summaries:
            summary.scalar(f"gradient_norm/{name}", global_norm([values]))

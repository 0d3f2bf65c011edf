"""Models nobody wrote: random networks, losses and optimizers train as the interpreter says."""
import contextlib
from dataclasses import dataclass
from functools import partial

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from interpreter import interpret

import minitf as tf
from minitf.backend import compiler
from minitf.runtime import tiles

STEPS = 3
CLASSES = 3

# -- what a model is made of ----------------------------------------------------------------------

ACTIVATIONS = {
    **{name: getattr(tf.nn, name) for name in (
        "relu", "relu6", "leaky_relu", "elu", "selu", "crelu", "sigmoid", "tanh", "softplus",
        "softsign", "swish", "softmax", "log_softmax")},
    "linear": tf.identity,
    "dropout": partial(tf.nn.dropout, keep_prob=0.75, seed=3),
    "l2_normalize": partial(tf.nn.l2_normalize, axis=-1),
}  # fmt: skip


def by_moments(x):
    mean, variance = tf.nn.moments(x, [-1], keep_dims=True)
    return (x - mean) * tf.rsqrt(variance + 1e-3)


def by_means(x):
    mean = tf.reduce_mean(x, axis=-1, keepdims=True)
    variance = tf.reduce_mean(tf.square(x - mean), axis=-1, keepdims=True)
    return (x - mean) / tf.sqrt(variance + 1e-3)


def by_batch(x):
    mean, variance = tf.nn.moments(x, [0])
    return tf.nn.batch_normalization(x, mean, variance, mean * 0.1, variance + 0.5, 1e-3)


NORMS = {"none": tf.identity, "moments": by_moments, "means": by_means, "batch": by_batch}


def mean_of(loss):
    return lambda z, y: tf.reduce_mean(loss(labels=y, logits=z))


def sparse(loss):
    return lambda z, y: tf.reduce_mean(loss(labels=tf.argmax(y, 1), logits=z))


LOSSES = {
    "softmax": mean_of(tf.nn.softmax_cross_entropy_with_logits_v2),
    "sparse": sparse(tf.nn.sparse_softmax_cross_entropy_with_logits),
    "sigmoid": mean_of(tf.nn.sigmoid_cross_entropy_with_logits),
    "weighted": lambda z, y: tf.reduce_mean(tf.nn.weighted_cross_entropy_with_logits(y, z, 2.0)),
    "poisson": lambda z, y: tf.reduce_mean(tf.nn.log_poisson_loss(y, z, True)),
    "l2": lambda z, y: tf.nn.l2_loss(z - y),
    "squared": lambda z, y: tf.losses.mean_squared_error(y, z),
    "absolute": lambda z, y: tf.losses.absolute_difference(y, z),
    "huber": lambda z, y: tf.losses.huber_loss(y, z, delta=0.7),
    "hinge": lambda z, y: tf.losses.hinge_loss(y, z),
    "log": lambda z, y: tf.losses.log_loss(y, tf.nn.sigmoid(z)),
    "cosine": lambda z, y: tf.losses.cosine_distance(y, tf.nn.l2_normalize(z, 1), axis=1),
    "pairwise": lambda z, y: tf.losses.mean_pairwise_squared_error(y, z),
    "smoothed": lambda z, y: tf.losses.softmax_cross_entropy(y, z, label_smoothing=0.1),
    "logits": lambda z, y: tf.losses.sigmoid_cross_entropy(y, z, weights=0.5),
}

OPTIMIZERS = {
    "sgd": lambda: tf.train.GradientDescentOptimizer(0.1),
    "momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
    "nesterov": lambda: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "adam": lambda: tf.train.AdamOptimizer(0.01),
    "adagrad": lambda: tf.train.AdagradOptimizer(0.1),
    "adadelta": lambda: tf.train.AdadeltaOptimizer(0.5),
    "rmsprop": lambda: tf.train.RMSPropOptimizer(0.01),
    "centered": lambda: tf.train.RMSPropOptimizer(0.01, momentum=0.5, centered=True),
    "ftrl": lambda: tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.001),
    "proximal": lambda: tf.train.ProximalGradientDescentOptimizer(0.1, 0.001, 0.001),
    "proximal adagrad": lambda: tf.train.ProximalAdagradOptimizer(0.1, 0.1, 0.001),
}

CLIPPINGS = {
    "none": lambda grads: grads,
    "value": lambda grads: [tf.clip_by_value(g, -0.05, 0.05) for g in grads],
    "norm": lambda grads: [tf.clip_by_norm(g, 0.1) for g in grads],
    "global": lambda grads: tf.clip_by_global_norm(grads, 0.1)[0],
}


@dataclass(frozen=True)
class Model:
    dtype: str
    batch: int
    widths: tuple
    activations: tuple
    norm: str
    loss: str
    optimizer: str
    clipping: str
    odd: float  # a value among the inputs


@st.composite
def models(draw):
    def of(table):
        return draw(st.sampled_from(sorted(table)))

    depth = draw(st.integers(1, 4))
    return Model(
        dtype=draw(st.sampled_from(["float32", "float64"])),
        batch=draw(st.sampled_from([0, 1, 2, 7, 64])),
        widths=tuple(draw(st.sampled_from([1, 5, 70])) for _ in range(depth)),
        activations=tuple(of(ACTIVATIONS) for _ in range(depth - 1)),
        norm=of(NORMS),
        loss=of(LOSSES),
        optimizer=of(OPTIMIZERS),
        clipping=of(CLIPPINGS),
        odd=draw(st.sampled_from([0.5, 0.5, 0.5, np.nan, np.inf, -np.inf])),
    )


class Training:
    """The model's graph, and the arrays that it is fed with."""

    def __init__(self, model):
        tf.reset_default_graph()
        random = np.random.default_rng(len(model.loss) + 10 * model.batch)
        x = tf.placeholder(model.dtype, [None, model.widths[0]])
        y = tf.placeholder(model.dtype, [None, CLASSES])
        layer = x
        for width, name in zip(model.widths[1:], model.activations):
            layer = ACTIVATIONS[name](dense(random, NORMS[model.norm](layer), width))
        self.loss = LOSSES[model.loss](dense(random, layer, CLASSES), y)
        optimizer = OPTIMIZERS[model.optimizer]()
        pairs = optimizer.compute_gradients(self.loss)
        gradients = CLIPPINGS[model.clipping]([gradient for gradient, _ in pairs])
        self.train = optimizer.apply_gradients(zip(gradients, [variable for _, variable in pairs]))
        self.initialise, self.variables = tf.global_variables_initializer(), tf.global_variables()
        inputs = random.standard_normal((model.batch, model.widths[0])).astype(model.dtype)
        inputs.flat[:1] = model.odd
        labels = np.eye(CLASSES, dtype=model.dtype)[random.integers(0, CLASSES, model.batch)]
        self.feeds = {x: inputs, y: labels}


def dense(random, layer, width):
    inputs = layer.shape[-1].value
    start = random.standard_normal((inputs, width)) / np.sqrt(inputs)
    weights = tf.Variable(start.astype(layer.dtype.as_numpy_dtype))
    bias = tf.Variable(np.linspace(-0.1, 0.1, width).astype(layer.dtype.as_numpy_dtype))
    return tf.matmul(layer, weights) + bias


# -- how it is run --------------------------------------------------------------------------------


def interpreted(training, moved=1.0):
    """The loss before each step, and the variables' values at the end.

    `moved` is a factor of what is fed and of the first weights.
    """
    slots, states = {}, {}
    feeds = {x: (v * moved).astype(v.dtype) for x, v in training.feeds.items()}
    with np.errstate(all="ignore"):
        interpret([training.initialise], None, slots, states)
        for variable in tf.trainable_variables():
            slots[variable.op].value *= slots[variable.op].value.dtype.type(moved)
        losses = [interpret([training.loss, training.train], feeds, slots, states)[0]
                  for _ in range(STEPS)]  # fmt: skip
    return [*losses, *(slots[variable.op].value for variable in training.variables)]


def run(training, *levels):
    config = tf.ConfigProto()
    options = config.graph_options.optimizer_options
    options.global_jit_level, options.opt_level = levels
    with tf.Session(config=config) as sess:
        sess.run(training.initialise)
        losses = [sess.run([training.loss, training.train], training.feeds)[0]
                  for _ in range(STEPS)]  # fmt: skip
        return [*losses, *sess.run(training.variables)]


@contextlib.contextmanager
def lowered(module, **limits):
    """The sizes from which a lowering sets in, as small as can be."""
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in limits.items():
            patch.setattr(module, name, limit)
        yield


ON, OFF, L1, L0 = 1, -1, 0, -1


def settings_of_a_session(training):
    """The results of the plan op by op, in tiles, and in C."""
    yield "op by op", run(training, OFF, L0)
    with lowered(tiles, TILE=160, SMALL=100, LARGE=100):
        yield "tiles", run(training, OFF, L1)
    if compiler.compiler() is not None:
        yield "C", run(training, ON, L1)


@settings(max_examples=60, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(models())
def test_a_random_model_trains_as_the_interpreter_says(model):
    training = Training(model)
    expected = interpreted(training)
    nearby = interpreted(training, 1 + 4 * np.finfo(model.dtype).eps)
    for name, found in settings_of_a_session(training):
        for value, want, other in zip(found, expected, nearby, strict=True):
            assert_close(np.asarray(value), np.asarray(want), np.asarray(other), name)


def assert_close(found, want, nearby, name):
    """`found` is `want`, as exactly as the model is: `nearby` is what becomes of weights and
    inputs that differ in the last digits. Losses of `tf.losses` are rounded to float32."""
    assert (found.dtype, found.shape) == (want.dtype, want.shape)
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(want), name)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(want), name)
    sure = np.isfinite(want)
    found, want, nearby = found[sure], want[sure], nearby[sure]
    scale = np.abs(want).max(initial=0) + 1e-3
    rounded = (want.astype(np.float32) == want).all()
    exact = np.finfo(np.float32 if rounded else want.dtype).eps
    slack = 20 * np.abs(nearby - want).max(initial=0) + 100 * exact * scale
    assert (np.abs(found - want) <= slack).all(), (name, np.abs(found - want).max(), slack)

"""The rows in JAX: one jitted step, whose parameters are donated, on arrays that JAX holds."""
import jax
import jax.numpy as jnp

from benchmarks import rows
from benchmarks.training import Training

VERSION = "JAX " + jax.__version__


def build(row):
    arrays = [jnp.asarray(array) for array in rows.batch(row)]
    state = start(row, [jnp.array(value) for value in rows.weights(row)])

    def cost(parameters):
        return MODELS[row.model](row, parameters, *arrays)

    @jax.jit
    def loss(state):
        return cost(state[0])

    def update(state, *fed):
        gradients = jax.grad(lambda parameters: MODELS[row.model](row, parameters, *fed))(state[0])
        return UPDATES[row.optimizer](row, state, gradients)

    update = jax.jit(update, donate_argnums=0)

    def step():
        nonlocal state
        state = update(state, *arrays)

    return Training(step, lambda: loss(state), lambda: jax.block_until_ready(state))


def start(row, parameters):
    if row.optimizer == "sgd":
        return (parameters,)
    zeros = [jnp.zeros_like(parameter) for parameter in parameters]
    return parameters, zeros, [jnp.zeros_like(zero) for zero in zeros], jnp.float32(0)


def sgd(row, state, gradients):
    return ([p - row.rate * g for p, g in zip(state[0], gradients)],)


def adam(row, state, gradients):
    """As TensorFlow has it: epsilon outside the root, both corrections in the rate."""
    parameters, means, squares, count = state
    count += 1
    rate = row.rate * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
    means = [0.9 * m + 0.1 * g for m, g in zip(means, gradients)]
    squares = [0.999 * v + 0.001 * g * g for v, g in zip(squares, gradients)]
    moved = [
        p - rate * m / (jnp.sqrt(v) + 1e-8) for p, m, v in zip(parameters, means, squares)
    ]
    return moved, means, squares, count


UPDATES = {"sgd": sgd, "adam": adam}


def dense(row, parameters, x, y):
    activation = {"relu": jax.nn.relu, "tanh": jnp.tanh}[row.activation]
    layer = x
    for W, b in zip(parameters[::2], parameters[1::2]):
        layer = (layer if layer is x else activation(layer)) @ W + b
    if rows.is_regression(row):
        return jnp.mean(jnp.square(layer - y))
    cost = cross_entropy(layer, y)
    if row.l2:
        cost += row.l2 / 2 * sum(jnp.sum(W * W) for W in parameters[::2])
    return cost


def chain(row, parameters):
    (x,) = parameters
    return jnp.sum(jnp.tanh(1.5 * x + 0.5) * jnp.exp(-0.5 * x * x) + 0.1 * jnp.square(x))


def cnn(row, parameters, x, y):
    K1, b1, K2, b2, W1, c1, W2, c2 = parameters
    layer = x
    for K, b in ((K1, b1), (K2, b2)):
        layer = jax.lax.conv_general_dilated(
            layer, K, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )
        layer = jax.lax.reduce_window(
            jax.nn.relu(layer + b), -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "SAME"
        )
    hidden = jax.nn.relu(layer.reshape(len(x), -1) @ W1 + c1)
    return cross_entropy(hidden @ W2 + c2, y)


def lstm(row, parameters, x, y):
    W, b, V, d = parameters
    h = c = jnp.zeros((len(x), row.sizes[2]), jnp.float32)
    for t in range(row.sizes[0]):
        i, j, f, o = jnp.split(jnp.concatenate([x[:, t], h], axis=1) @ W + b, 4, axis=1)
        c = jax.nn.sigmoid(f + 1) * c + jax.nn.sigmoid(i) * jnp.tanh(j)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return cross_entropy(h @ V + d, y)


def cross_entropy(logits, labels):
    return -jnp.mean(jnp.sum(labels * jax.nn.log_softmax(logits), axis=1))


MODELS = {"dense": dense, "chain": chain, "cnn": cnn, "lstm": lstm}

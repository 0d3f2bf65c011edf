"""The rows in JAX on a GPU: one jitted step in float32 without TF32, fed with NumPy arrays.

BENCHMARKS_DEVICE=cpu runs it on the CPU, to see whether it runs.
"""
import os

import jax
import jax.numpy as jnp

from benchmarks import rows
from benchmarks.peers.jax_jit import MODELS, UPDATES, start
from benchmarks.training import Training

jax.config.update("jax_default_matmul_precision", "highest")
WANTED = os.environ.get("BENCHMARKS_DEVICE", "gpu")
if jax.default_backend() != WANTED:
    raise ImportError(f"JAX {jax.__version__} runs on {jax.default_backend()}, not on a GPU")
VERSION = "JAX " + jax.__version__


def build(row):
    feeds = rows.batch(row)
    state = start(row, [jnp.array(value) for value in rows.weights(row)])

    def cost(parameters, fed):
        return MODELS[row.model](row, parameters, *fed)

    def update(state, *fed):
        return UPDATES[row.optimizer](row, state, jax.grad(cost)(state[0], fed))

    update = jax.jit(update, donate_argnums=0)
    loss = jax.jit(cost)

    def step():
        nonlocal state
        state = update(state, *feeds)

    return Training(step, lambda: loss(state[0], feeds), lambda: jax.block_until_ready(state))

"""Random models, fused and not: `python -m benchmarks.unseen`.

Nobody tunes for these: chains of element-wise ops, networks with every optimizer, layer norm, Adam
with clipping, always the same ones. Each runs as minitf would run it, with groups of ops in C and
in NumPy's tiles, and op by op, by turns in one process. A ratio says how long a step takes,
compared with op by op.
"""
from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

import minitf as tf

UNFUSED = "op by op"
OPTIONS = tf.OptimizerOptions
WAYS = {
    "C": OPTIONS(global_jit_level=OPTIONS.ON_1),
    "tiles": OPTIONS(global_jit_level=OPTIONS.OFF),
    UNFUSED: OPTIONS(global_jit_level=OPTIONS.OFF, opt_level=OPTIONS.L0),
}
SLOWER = 1.05  # from here on a model is listed
BLOCK = 0.02  # seconds of steps between two turns
PAUSE = 0.04  # seconds: until the BLAS's threads of the last turn have stopped spinning

# What keeps numbers of about 1 there: neither infinities nor denormal numbers take part.
UNARY = [tf.tanh, tf.sigmoid, tf.sin, tf.cos, tf.abs, tf.nn.softplus, tf.nn.relu, tf.nn.softsign]
BINARY = [tf.add, tf.subtract, tf.multiply, tf.maximum, tf.minimum, tf.squared_difference]
ACTIVATIONS = [tf.nn.relu, tf.nn.elu, tf.nn.selu, tf.nn.leaky_relu, tf.tanh, tf.sigmoid,
               tf.nn.softplus, tf.nn.swish]  # fmt: skip
OPTIMIZERS = [
    partial(tf.train.GradientDescentOptimizer, 0.01),
    partial(tf.train.MomentumOptimizer, 0.01, 0.9),
    partial(tf.train.AdamOptimizer, 0.001),
    partial(tf.train.AdagradOptimizer, 0.01),
    partial(tf.train.AdadeltaOptimizer, 0.01),
    partial(tf.train.RMSPropOptimizer, 0.001),
    partial(tf.train.FtrlOptimizer, 0.01),
    partial(tf.train.ProximalGradientDescentOptimizer, 0.01, 1e-4),
    partial(tf.train.ProximalAdagradOptimizer, 0.01, 0.1, 1e-4),
]


@dataclass
class Model:
    """What is run in each step, and the seconds of a step, one number a round."""

    name: str
    fetches: Any
    feeds: dict[Any, np.ndarray]
    times: dict[str, list[float]] = field(default_factory=dict)

    def ratio(self, way: str) -> float:
        return statistics.median(
            one / other for one, other in zip(self.times[way], self.times[UNFUSED])
        )


# -- the models -----------------------------------------------------------------------------------


def models(count: int, seed: int) -> Iterator[Callable[[], Model]]:
    """As many builders: of five two are chains, one is a plain network, one normed, one clipped."""
    kinds = [chain, network, chain, normed, clipped]
    for k in range(count):
        yield partial(kinds[k % len(kinds)], k, random.Random(f"{seed} {k}"))


def values(chosen: random.Random, *shape: int) -> np.ndarray:
    return np.random.default_rng(chosen.randrange(1 << 30)).uniform(-1, 1, shape).astype("float32")


def chain(k: int, chosen: random.Random) -> Model:
    rows, columns = 10 ** chosen.randint(1, 4), 10**2
    length = chosen.randint(5, 50)
    shapes = [(rows, columns), (rows, columns), (columns,), (rows, 1)]
    feeds = {tf.placeholder(tf.float32, shape): values(chosen, *shape) for shape in shapes}
    x, *others = feeds
    y = x
    for _ in range(length):
        y = chosen.choice(UNARY)(y) if chosen.random() < 0.4 else chosen.choice(BINARY)(
            y, chosen.choice(others))  # fmt: skip
    cost = tf.reduce_mean(y)
    gradient = chosen.random() < 0.5
    name = f"chain of {length} ops{' and its gradient' * gradient}, {rows * columns:,} elements"
    return Model(name, [cost, *(tf.gradients(cost, [x]) if gradient else [])], feeds)


def network(k: int, chosen: random.Random) -> Model:
    optimizer = OPTIMIZERS[k // 5 % len(OPTIMIZERS)]()
    sizes, cost, feeds = layers(chosen, lambda x: x)
    name = f"{sizes}, {type(optimizer).__name__}"
    return Model(name, optimizer.minimize(cost), feeds)


def normed(k: int, chosen: random.Random) -> Model:
    sizes, cost, feeds = layers(chosen, layer_norm)
    train = tf.train.GradientDescentOptimizer(0.01).minimize(cost)
    return Model(f"{sizes}, layer norm", train, feeds)


def clipped(k: int, chosen: random.Random) -> Model:
    sizes, cost, feeds = layers(chosen, lambda x: x)
    optimizer = tf.train.AdamOptimizer(0.001)
    gradients, variables = zip(*optimizer.compute_gradients(cost))
    gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
    train = optimizer.apply_gradients(zip(gradients, variables))
    return Model(f"{sizes}, Adam with clipping", train, feeds)


def layers(chosen: random.Random, norm: Callable) -> tuple[str, Any, dict[Any, np.ndarray]]:
    """A random network: its sizes, its loss, what it is fed."""
    batch = chosen.choice([1, 16, 64, 256])
    sizes = [chosen.choice([8, 64, 256, 784]) for _ in range(chosen.randint(2, 4))] + [10]
    x, y = tf.placeholder(tf.float32, [None, sizes[0]]), tf.placeholder(tf.float32, [None, 10])
    layer = x
    for inputs, units in pairwise(sizes):
        layer = layer if layer is x else chosen.choice(ACTIVATIONS)(norm(layer))
        start = values(chosen, inputs, units) * np.float32((3 / inputs) ** 0.5)
        layer = tf.matmul(layer, tf.Variable(start)) + tf.Variable(tf.zeros([units]))
    cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=layer))
    labels = np.eye(10, dtype=np.float32)[[chosen.randrange(10) for _ in range(batch)]]
    return f"{'-'.join(map(str, sizes))}, batch {batch}", cost, {
        x: values(chosen, batch, sizes[0]), y: labels,
    }  # fmt: skip


def layer_norm(x: Any) -> Any:
    mean, variance = tf.nn.moments(x, [-1], keep_dims=True)
    return (x - mean) * tf.rsqrt(variance + 1e-3)


# -- measuring ------------------------------------------------------------------------------------


def measured(build: Callable[[], Model], rounds: int) -> Model:
    """The model with its times; one that seems slower is looked at more closely."""
    tf.reset_default_graph()
    model = build()
    steps = {way: step(model, options) for way, options in WAYS.items()}
    counts = {way: max(1, round(BLOCK / seconds(run, 3))) for way, run in steps.items()}
    turns(model, steps, counts, rounds)
    if any(model.ratio(way) > SLOWER for way in WAYS):
        model.times.clear()
        turns(model, steps, counts, 4 * rounds)
    return model


def step(model: Model, options: Any) -> Callable[[], Any]:
    config = tf.ConfigProto(graph_options=tf.GraphOptions(optimizer_options=options))
    session = tf.Session(config=config)
    session.run(tf.global_variables_initializer())
    run = partial(session.run, model.fetches, model.feeds)
    run()
    return run


def turns(
    model: Model, steps: dict[str, Callable], counts: dict[str, int], rounds: int
) -> None:
    order = list(steps)
    for _ in range(rounds):
        for way in order:
            time.sleep(PAUSE)
            model.times.setdefault(way, []).append(seconds(steps[way], counts[way]))
        order = order[1:] + order[:1]


def seconds(run: Callable[[], Any], count: int) -> float:
    """Of one run, the mean of so many."""
    start = time.perf_counter()
    for _ in range(count):
        run()
    return (time.perf_counter() - start) / count


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.unseen", description=__doc__)
    parser.add_argument("--count", type=int, default=30, help="of models")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    fused = [way for way in WAYS if way != UNFUSED]
    print(f"| model | {UNFUSED}, us | {' | '.join(fused)} |\n|---|---{'|---' * len(fused)}|")
    done = []
    for build in models(options.count, options.seed):
        done.append(model := measured(build, options.rounds))
        ratios = " | ".join(f"{model.ratio(way):.2f}" for way in fused)
        alone = statistics.median(model.times[UNFUSED]) * 1e6
        print(f"| {model.name} | {alone:,.0f} | {ratios} |", flush=True)
    sys.exit(summary(done, fused))


def summary(done: list[Model], fused: list[str]) -> bool:
    """Print what the ratios come to; whether a model is slower fused than op by op."""
    slow = []
    for way in fused:
        ratios = sorted(model.ratio(way) for model in done)
        middle = statistics.median(ratios)
        print(f"\n{way}: min {ratios[0]:.2f}, median {middle:.2f}, max {ratios[-1]:.2f}")
        slow += [(way, model) for model in done if model.ratio(way) > SLOWER]
    for way, model in slow:
        print(f"slower with {way}: {model.name}: {model.ratio(way):.2f}")
    return bool(slow)


if __name__ == "__main__":
    main()

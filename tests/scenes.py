"""The rows of tests/cases.py for ops that live on a Session: state, random numbers, effects.

`play(run)` builds, runs and returns pairs (got, expected).
"""
import io
import sys
import time

import numpy as np
import pytest
from cases import raw, scene

import minitf as tf
from minitf.ops.random.truncated import parameterized_truncated_normal


def variable(*values):
    return tf.Variable(np.array(values, np.float32))


# -- random numbers -------------------------------------------------------------------------------


def moments(values):
    """Mean and standard deviation, rounded to what 100,000 draws can tell."""
    return np.round([values.mean(), values.std()], 1)


def draws(build, mean, deviation, low, high):
    """The right moments and limits; other numbers in each run; the same again in a new graph."""

    def play(run):
        first = run(build(7))
        again, third = run(build(7)), run(build(8))
        return [
            (moments(first), np.round([mean, deviation], 1)),
            (bool(low <= first.min() and first.max() <= high), True),
            (np.array_equal(first, again), True),
            (np.array_equal(first, third), False),
        ]

    return play


MANY = [100_000]
scene("RandomUniform")(draws(lambda seed: tf.random_uniform(MANY, seed=seed), 0.5, 0.2887, 0, 1))
scene("RandomUniformInt")(
    draws(lambda seed: tf.random_uniform(MANY, 0, 4, tf.int32, seed=seed), 1.5, 1.118, 0, 3)
)
scene("RandomStandardNormal")(draws(lambda seed: tf.random_normal(MANY, seed=seed), 0, 1, -9, 9))
scene("TruncatedNormal")(draws(lambda seed: tf.truncated_normal(MANY, seed=seed), 0, 0.88, -2, 2))
scene("ParameterizedTruncatedNormal")(draws(
    lambda seed: parameterized_truncated_normal(MANY[:1], 1.0, 2.0, 0.0, 3.0, seed=seed),
    1.41, 0.83, 0, 3,
))  # fmt: skip
scene("RandomGamma")(draws(lambda seed: tf.random_gamma(MANY, 2.0, seed=seed), 2, 1.41, 0, 99))
scene("RandomPoissonV2")(draws(lambda seed: tf.random_poisson(4.0, MANY, seed=seed), 4, 2, 0, 99))
COIN, BENT = np.log(np.float32([[0.25, 0.75]])), np.log(np.float32([[0.3, 0.7]]))
scene("Multinomial")(
    draws(lambda seed: tf.multinomial(COIN, MANY[0], seed=seed), 0.75, 0.433, 0, 1)
)


scene("StatelessRandomUniform")(
    draws(lambda seed: tf.random.stateless_uniform(MANY, [seed, 1]), 0.5, 0.2887, 0, 1)
)
scene("StatelessRandomUniformInt")(
    draws(lambda seed: tf.random.stateless_uniform(MANY, [1, seed], 0, 4, tf.int32), 1.5, 1.1, 0, 3)
)
scene("StatelessRandomNormal")(
    draws(lambda seed: tf.random.stateless_normal(MANY, [seed, 1]), 0, 1, -9, 9)
)
scene("StatelessTruncatedNormal")(
    draws(lambda seed: tf.random.stateless_truncated_normal(MANY, [seed, 1]), 0, 0.88, -2, 2)
)
scene("StatelessMultinomial")(
    draws(lambda seed: tf.random.stateless_categorical(BENT, MANY[0], [seed, 1]), 0.7, 0.458, 0, 1)
)


@scene("MultinomialOfSeeds")
def multinomial_of_seeds(run):
    seeds, logits = np.array([[1, 2], [-3, 4], [2**62, -(2**40)], [0, 0]]), [[0.1, 1.0, 0.5]]
    each = [tf.random.stateless_categorical(logits, 1, seed) for seed in seeds]
    return [(run(raw("MultinomialOfSeeds")(logits, seeds)), np.ravel(run(each)))]


@scene("Timestamp")
def timestamp(run):
    first, before = run(tf.timestamp()), time.time()
    return [(0 <= before - first < 100, True)]


@scene("RandomShuffle")
def shuffle(run):
    rows = np.arange(200).reshape(100, 2)
    shuffled = run(tf.random_shuffle(rows, seed=1))
    return [(np.sort(shuffled, 0), rows), (np.array_equal(shuffled, rows), False),
            (shuffled[:, 1] - shuffled[:, 0], np.ones(100))]  # fmt: skip


# -- effects --------------------------------------------------------------------------------------


@scene("NoOp")
def no_op(run):
    return [(run(tf.no_op()) is None, True)]


@scene("Print")
def prints(run):
    return [(run(tf.Print([1.0, 2.0], [[1, 2]], "here: ")), [1.0, 2.0])]


@scene("Assert")
def asserts(run):
    x = tf.placeholder(tf.bool)
    check = tf.Assert(x, ["x is", x])
    run(check, {x: True})
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"assertion failed: \[x is\] \[0\]"):
        run(check, {x: False})
    return []


@scene("PyFunc")
def py_func(run):
    calls = []
    doubled = tf.py_func(lambda x: calls.append(1) or 2 * x, [tf.constant([1.0, 2.0])], tf.float32)
    return [(run(doubled), [2.0, 4.0]), (run(doubled), [2.0, 4.0]), (len(calls), 2)]


@scene("PyFuncStateless")
def py_func_stateless(run):
    both = tf.py_func(lambda x: (x, x + 1), [np.int64(3)], [tf.int64, tf.int64], stateful=False)
    return [(run(both), [3, 4])]


@scene("PrintV2")
def print_v2(run):
    out, sys.stdout = sys.stdout, io.StringIO()
    try:
        run(tf.print("x", tf.range(8), [1, tf.constant("a")], output_stream=sys.stdout, sep=" | "))
        return [(sys.stdout.getvalue() == 'x | [0 1 2 ... 5 6 7] | [1, "a"]\n', True)]
    finally:
        sys.stdout = out


@scene("EagerPyFunc")
def eager_py_func(run):
    x = tf.constant([1.0, 2.0])
    y = tf.py_function(lambda x: tf.square(x) * x.numpy().sum(), [x], tf.float32)
    (dx,) = tf.gradients(y, x)
    return [(run(y), [3.0, 12.0]), (run(dx), [6.0, 12.0])]


# -- variables ------------------------------------------------------------------------------------


@scene("VariableV2")
def variables(run):
    return [(run(variable(1.0, 2.0)), [1.0, 2.0])]


@scene("VariableRank")
def variable_rank(run):
    return [(run(raw("VariableRank")(variable(1.0, 2.0))), 1)]


@scene("IsVariableInitialized")
def is_initialized(run):
    return [(run(tf.is_variable_initialized(variable(1.0))), True)]


@scene("InitializedValue")
def initialized_value(run):
    return [(run(raw("InitializedValue")(variable(1.0), np.float32([5.0]))), [1.0])]


def changes(change, expected):
    """The op returns the variable afterwards, and the variable keeps it."""

    def play(run):
        v = variable(1.0, 2.0, 3.0)
        return [(run(change(v)), expected), (run(v), expected)]

    return play


scene("Assign")(changes(lambda v: tf.assign(v, [7.0, 8.0, 9.0]), [7.0, 8.0, 9.0]))
scene("AssignAdd")(changes(lambda v: tf.assign_add(v, [1.0, 1.0, 1.0]), [2.0, 3.0, 4.0]))
scene("AssignSub")(changes(lambda v: tf.assign_sub(v, [1.0, 1.0, 1.0]), [0.0, 1.0, 2.0]))
ROWS, UPDATES = [0, 2, 0], np.float32([2.0, 4.0, 5.0])
scene("ScatterAdd")(changes(lambda v: tf.scatter_add(v, ROWS, UPDATES), [8.0, 2.0, 7.0]))
scene("ScatterSub")(changes(lambda v: tf.scatter_sub(v, ROWS, UPDATES), [-6.0, 2.0, -1.0]))
scene("ScatterMul")(changes(lambda v: tf.scatter_mul(v, ROWS, UPDATES), [10.0, 2.0, 12.0]))
scene("ScatterDiv")(changes(lambda v: tf.scatter_div(v, ROWS, UPDATES), [0.1, 2.0, 0.75]))
scene("ScatterMax")(changes(lambda v: tf.scatter_max(v, ROWS, UPDATES), [5.0, 2.0, 4.0]))
scene("ScatterMin")(changes(lambda v: tf.scatter_min(v, ROWS, -UPDATES), [-5.0, 2.0, -4.0]))
scene("ScatterUpdate")(changes(lambda v: tf.scatter_update(v, [0, 2], [2.0, 4.0]), [2.0, 2.0, 4.0]))
PLACES = [[0], [2]]
TWO = [2.0, 4.0]
scene("ScatterNdAdd")(changes(lambda v: tf.scatter_nd_add(v, PLACES, TWO), [3.0, 2.0, 7.0]))
scene("ScatterNdSub")(changes(lambda v: tf.scatter_nd_sub(v, PLACES, TWO), [-1.0, 2.0, -1.0]))
scene("ScatterNdUpdate")(changes(lambda v: tf.scatter_nd_update(v, PLACES, TWO), [2.0, 2.0, 4.0]))


@scene("IncrementBelow")
def increment_below(run):
    v = tf.Variable(3)
    counting = tf.count_up_to(v, 4)
    pairs = [(run(counting), 3), (run(v), 4)]
    with pytest.raises(tf.errors.OutOfRangeError):
        run(counting)
    return pairs

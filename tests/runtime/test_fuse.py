"""Fused groups: one compiled loop gives what the ops give one by one."""
import logging
import os
import subprocess
import sys

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from interpreter import interpret

import minitf as tf
from minitf.backend import compiler

pytestmark = [
    pytest.mark.usefixtures("cpu"),
    pytest.mark.skipif(compiler.compiler() is None, reason="no C compiler"),
]

UNARY = ["exp", "tanh", "sigmoid", "square", "negative", "abs", "sqrt", "sign", "floor", "log1p"]
BINARY = ["add", "subtract", "multiply", "divide", "maximum", "minimum", "squared_difference"]
VALUES = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e-40, 3e38, np.inf, -np.inf, np.nan]


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def session(jit):
    """With all that can be in C at once, or all in NumPy."""
    config, levels = tf.ConfigProto(), tf.OptimizerOptions
    config.graph_options.optimizer_options.global_jit_level = levels.ON_1 if jit else levels.OFF
    return tf.Session(config=config)


@st.composite
def chains(draw):
    """A shape, the shapes of two more operands that broadcast to it, and the ops of a chain."""
    shape = tuple(draw(st.lists(st.sampled_from([0, 1, 2, 3, 40]), min_size=1, max_size=4)))
    others = [
        tuple(draw(st.sampled_from([1, n])) for n in shape[draw(st.integers(0, len(shape))) :])
        for _ in range(2)
    ]
    ops = draw(st.lists(st.sampled_from(UNARY + BINARY), min_size=6, max_size=30))
    return shape, others, ops, draw(st.sampled_from([np.float32, np.float64]))


def filled(shape, dtype, seed):
    random = np.random.default_rng(seed)
    values = random.standard_normal(shape).astype(dtype)
    odd = random.random(shape) < 0.2
    return np.where(odd, random.choice(np.array(VALUES), shape), values).astype(dtype)


@settings(max_examples=60, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(chains())
def test_a_random_chain_is_the_same_compiled_in_numpy_and_interpreted(chain):
    shape, others, ops, dtype = chain
    tf.reset_default_graph()
    operands = [tf.placeholder(dtype, list(shape)), *(tf.placeholder(dtype) for _ in others)]
    x = y = operands[0]
    for k, name in enumerate(ops):
        y = getattr(tf, name)(y) if name in UNARY else getattr(tf, name)(y, operands[1 + k % 2])
    feeds = {p: filled(s, dtype, k) for k, (p, s) in enumerate(zip(operands, [shape, *others]))}
    fetches = [y, tf.gradients(y, [x])[0]] if "sign" not in ops and "floor" not in ops else [y]
    fetches = [fetch for fetch in fetches if fetch is not None]
    moved = {p: (v * dtype(1 + 8 * np.finfo(dtype).eps)).astype(dtype) for p, v in feeds.items()}
    with np.errstate(all="ignore"):
        expected, nearby = interpret(fetches, feeds), interpret(fetches, moved)
    for jit in (True, False):
        for value, other, found in zip(expected, nearby, session(jit).run(fetches, feeds)):
            assert found.dtype == dtype
            assert_close(found, value, other)


WHOLE = ["add", "subtract", "multiply", "maximum", "minimum", "floordiv", "floormod",
         "squared_difference", "truediv", "negative", "abs", "square", "sign"]  # fmt: skip


@settings(max_examples=40, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(st.lists(st.sampled_from(WHOLE), min_size=3, max_size=12),
       st.sampled_from([np.int32, np.int64]), st.booleans())  # fmt: skip
def test_a_random_chain_of_integers(ops, dtype, zero):
    """Overflow wraps, division by zero is refused, whatever the lowering."""
    tf.reset_default_graph()
    x, z = tf.placeholder(dtype, [3, 40]), tf.placeholder(dtype, [40])
    random = np.random.default_rng(len(ops))
    divisors = np.where(random.random(40) < 0.5, -3, 7).astype(dtype)
    divisors[5] = 0 if zero else 1
    feeds = {x: random.integers(-(1 << 20), 1 << 20, (3, 40)).astype(dtype), z: divisors}
    y = x
    for name in ops:
        one = name in ("negative", "abs", "square", "sign")
        y = tf.cast(getattr(tf, name)(*([y] if one else [y, z])), dtype)
    with np.errstate(all="ignore"):
        try:
            expected = interpret([y], feeds)[0]
        except ZeroDivisionError:
            expected = None
    for jit in (True, False):
        if expected is None:
            with pytest.raises(tf.errors.InvalidArgumentError, match="division by zero"):
                session(jit).run(y, feeds)
        else:
            np.testing.assert_array_equal(session(jit).run(y, feeds), expected)


def assert_close(found, value, nearby):
    """`found` is `value`, as exactly as the chain is: `nearby` is what it makes of inputs that
    differ in the last digits."""
    with np.errstate(all="ignore"):
        slack = 20 * np.abs(nearby - value) + 200 * np.finfo(value.dtype).eps * np.abs(value)
        sure = np.isfinite(value) & np.isfinite(nearby) & (np.abs(value) < 1e30)
        wrong = sure & ~(np.abs(found - value) <= slack + 1e-37)
    assert not wrong.any(), (found[wrong], value[wrong])
    same = np.isnan(value) & np.isnan(nearby)
    assert np.isnan(found[same]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", [*UNARY, *BINARY, "sin", "cos", "log", "rsqrt", "softplus", "elu"])
def test_one_op_on_odd_values(name, dtype):
    function = getattr(tf, name, None) or getattr(tf.nn, name)
    values = np.resize(np.array([*VALUES, 0.1, 20.0, -20.0], dtype), (300, 400))
    x = tf.placeholder(dtype, [300, 400])
    arguments = [x] if name not in BINARY else [x, tf.reverse(x, [1])]
    y = function(*arguments)
    assert "loop(" in session(True).source(y, {x: values})
    compiled, numpy = (session(jit).run(y, {x: values}) for jit in (True, False))
    np.testing.assert_allclose(compiled, numpy, rtol=1e-6, atol=1e-45)


def test_nan_comes_through_the_gradient_of_relu():
    x, weights = (tf.placeholder(tf.float32, [300, 300]) for _ in range(2))
    slope = tf.gradients(tf.nn.relu(tf.tanh(x)) * weights, x)[0]
    feeds = {x: -np.ones((300, 300)), weights: np.resize([np.nan, np.inf, 1.0], (300, 300))}
    compiled, numpy = (session(jit).run(slope, feeds) for jit in (True, False))
    np.testing.assert_array_equal(np.isnan(compiled), np.resize([True, True, False], (300, 300)))
    np.testing.assert_array_equal(compiled, numpy)


def test_updates_of_variables_take_part():
    """Adam of a large variable is one loop, and the same numbers as op by op."""
    start = np.random.default_rng(0).standard_normal((300, 300)).astype(np.float32)
    W = tf.Variable(start)
    train = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(tf.square(W) * 0.5 + tf.sin(W)))
    weights = []
    for jit in (True, False):
        with session(jit) as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(5):
                sess.run(train)
            weights.append(sess.run(W))
            big = [line for line in sess.source(train).splitlines() if "(300, 300)" in line
                   and not line.startswith("#")]  # fmt: skip
            assert len(big) == 1 if jit else len(big) > 10
    np.testing.assert_allclose(*weights, rtol=1e-5, atol=1e-6)


def test_reads_come_before_writes_in_a_loop_too():
    v, w = tf.Variable(tf.ones([300, 300])), tf.Variable(tf.ones([300, 300]) * 2.0)
    step = tf.group(tf.assign_add(v, w * 3.0), tf.assign_add(w, v * 5.0))
    with session(True) as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        assert (sess.run(v)[0, 0], sess.run(w)[0, 0]) == (7.0, 7.0)


def test_a_group_that_waits_for_another_reads_the_old_value():
    """A schedule of the step's number, as copies of Adam have it: one step of the second loop reads
    the number, another waits for what the first computes of the next number."""
    number, large = tf.Variable(0.0, trainable=False), tf.Variable(tf.ones([300, 300]))
    following = number + 1.0
    count = number.assign(following)
    correction = 1.0 - 0.9**following
    scaled = tf.sin(large) * correction  # of another shape: closes the loop of the numbers
    rate = correction * (number / 100.0)
    train = tf.group(count, large.assign(large - rate * scaled))
    with session(True) as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        assert sess.run(number) == 1.0
        np.testing.assert_array_equal(sess.run(large), np.ones([300, 300]))


def test_a_feed_that_is_not_contiguous():
    x = tf.placeholder(tf.float32, [300, 300])
    y = tf.exp(x) - x * 2.0
    fed = np.random.default_rng(0).standard_normal((300, 300)).astype(np.float32).T
    compiled, numpy = (session(jit).run(y, {x: fed}) for jit in (True, False))
    np.testing.assert_allclose(compiled, numpy, rtol=1e-6, atol=1e-6)


def test_a_variable_that_was_assigned_a_transposed_array():
    x, W = tf.placeholder(tf.float32, [300, 300]), tf.get_variable("W", [300, 300])
    fed = np.random.default_rng(0).standard_normal((300, 300)).astype(np.float32)
    with session(True) as sess:
        sess.run(tf.assign(W, x), {x: fed.T})
        np.testing.assert_array_equal(sess.run(W * 2.0 + W), fed.T * 2 + fed.T)


def test_the_loop_is_shown_as_text():
    x = tf.placeholder(tf.float32, [300, 300], name="x")
    source = session(True).source(tf.tanh(x) * 0.5 + x, {x: np.zeros((300, 300))})
    assert "native((x, t0))" in source and "# loop(x, t0)" in source
    assert "#     float v1 = tanhf(v0);" in source and "v1 * 0.5f;" in source


def test_it_can_be_turned_off(monkeypatch):
    x = tf.placeholder(tf.float32, [300, 300])
    y = tf.exp(x) - x * 2.0
    feeds = {x: np.zeros((300, 300))}
    assert "loop(" not in session(False).source(y, feeds)
    monkeypatch.setenv("MINITF_JIT", "0")
    assert "loop(" not in session(True).source(y, feeds)
    monkeypatch.delenv("MINITF_JIT")


# -- the cache of kernels --------------------------------------------------------------------------

PROGRAM = """
import numpy as np, minitf as tf
x = tf.placeholder(tf.float32, [300, 300])
y = tf.reduce_sum(tf.exp(x) * {scale} + x)
print(tf.Session().run(y, {{x: np.zeros((300, 300))}}))
"""


def run(scale, **environment):
    """The program in a process of its own: what it prints and logs."""
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(scale=scale)],
        capture_output=True, text=True, env=os.environ | {"MINITF_JIT": "1"} | environment,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return float(result.stdout), result.stderr


def test_a_damaged_kernel_is_made_again(tmp_path):
    run(1.25, MINITF_CACHE_DIR=str(tmp_path))
    base_and_plan = list(tmp_path.glob("*.so"))
    assert len(base_and_plan) == 2
    for kernel in base_and_plan:
        kernel.write_bytes(b"not a library")
    value, log = run(1.25, MINITF_CACHE_DIR=str(tmp_path))
    assert value == 90_000 * 1.25
    assert log.count("is damaged") == 2
    assert run(1.25, MINITF_CACHE_DIR=str(tmp_path)) == (90_000 * 1.25, "")


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    value, log = run(1.5, MINITF_CACHE_DIR=str(tmp_path / "file" / "kernels"))
    assert value == 90_000 * 1.5
    assert log.count("cannot be written") == 1


def test_a_compiler_that_fails(tmp_path):
    bad = tmp_path / "cc"
    bad.write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    bad.chmod(0o755)
    value, log = run(1.75, MINITF_CACHE_DIR=str(tmp_path), CC=str(bad))
    assert value == 90_000 * 1.75
    assert log.count("NumPy runs in their place") == 1 and "broken" in log


def test_no_compiler(tmp_path):
    value, log = run(2.0, MINITF_CACHE_DIR=str(tmp_path), PATH=str(tmp_path), CC="")
    assert value == 90_000 * 2.0
    assert log.count("no C compiler") == 1


def test_processes_that_compile_the_same_at_once(tmp_path):
    command = [sys.executable, "-c", PROGRAM.format(scale=2.5)]
    environment = os.environ | {"MINITF_CACHE_DIR": str(tmp_path), "MINITF_JIT": "1"}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in running:
        out, err = process.communicate()
        assert (process.returncode, float(out), err) == (0, 90_000 * 2.5, b"")
    assert len(list(tmp_path.iterdir())) == 2  # the base library and the plan's


def test_what_goes_wrong_is_said_once_in_a_process(caplog, monkeypatch):
    monkeypatch.setattr(compiler, "compiler", lambda: None)
    with caplog.at_level(logging.WARNING, "minitf"):
        assert compiler.library("int x;") is None

"""Random numbers: known answers, the same in NumPy, C and CUDA, run after run."""
import threading

import numpy as np
import pytest
from cuda_kernels.launching import refused, text_of
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf.core.kernel import Array
from minitf.ops.random import philox, philox_kernel

often = settings(max_examples=40, derandomize=True)


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


# -- blocks ---------------------------------------------------------------------------------------

ONES = 2**64 - 1
# Of Random123, the library of those who made Philox: counter's halves, key, block.
KNOWN = [
    (0, 0, 0, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    (ONES, ONES, ONES, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (0x85A308D3243F6A88, 0x0370734413198A2E, 0x299F31D0A4093822,
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]  # fmt: skip


@pytest.mark.parametrize("low, high, key, block", KNOWN)
def test_blocks_are_those_of_random123(low, high, key, block):
    state = np.array([low, high, key], np.uint64)
    words = philox.blocks(state[:1], state)[0]
    assert " ".join(f"{word:08x}" for word in words) == block


def test_a_counter_goes_beyond_32_bits():
    state = np.array([2**32 - 2, 5, 7], np.uint64)
    together = np.empty(16, np.float32)
    philox.uniform(together, state.copy())
    apart = [np.empty(4, np.float32) for _ in range(4)]
    for i, part in enumerate(apart):
        philox.uniform(part, state + np.array([i, 0, 0], np.uint64))
    np.testing.assert_array_equal(together, np.concatenate(apart))


def test_what_is_drawn_at_once_is_what_is_drawn_in_chunks(monkeypatch):
    whole, parts = np.empty(5001), np.empty(5001)
    for draw in (philox.uniform, philox.truncated_normal):
        draw(whole, philox.seeded(1, 2))
        monkeypatch.setattr(philox, "CHUNK", 100)
        draw(parts, philox.seeded(1, 2))
        np.testing.assert_array_equal(whole, parts)


def test_no_seed_means_other_numbers_each_time():
    first, second = philox.seeded(0, 0), philox.seeded(0, 0)
    assert first[1] != second[1] and first[2] != second[2]
    a, b = tf.random_normal([4]), tf.random_normal([4])
    with tf.Session() as sess:
        values = sess.run([a, b, a, b]) + sess.run([a, b])
    assert len({value.tobytes() for value in values}) == 4


# -- the same everywhere --------------------------------------------------------------------------

DRAWS = {
    "uniform": lambda shape, dtype, seed: tf.random_uniform(shape, dtype=dtype, seed=seed),
    "normal": lambda shape, dtype, seed: tf.random_normal(shape, dtype=dtype, seed=seed),
    "truncated": lambda shape, dtype, seed: tf.truncated_normal(shape, dtype=dtype, seed=seed),
}
ops = st.tuples(
    st.sampled_from(sorted(DRAWS)),
    st.one_of(st.tuples(), st.tuples(st.integers(0, 9)), st.tuples(st.integers(0, 40),
              st.integers(0, 40)), st.just((9001,))),
    st.sampled_from(["float16", "float32", "float64"]),
    st.integers(0, 2**31),
)  # fmt: skip


def runs(made, monkeypatch, jit, times=3):
    """The values of several runs of a session of its own."""
    monkeypatch.setenv("MINITF_JIT", jit)
    with tf.Session() as sess:
        return [sess.run(made) for _ in range(times)]


def check(kind, got, want):
    if kind == "uniform":
        np.testing.assert_array_equal(got, want)
    else:
        half = np.asarray(want).dtype == np.float16
        np.testing.assert_allclose(got, want, rtol=1e-3 if half else 1e-6, atol=0)


@often
@given(st.lists(ops, min_size=1, max_size=4), st.one_of(st.none(), st.integers(-5, 2**40)))
def test_c_draws_what_numpy_draws(chosen, graph_seed):
    tf.reset_default_graph()
    tf.set_random_seed(graph_seed)
    made = [DRAWS[kind](shape, dtype, seed) for kind, shape, dtype, seed in chosen]
    with pytest.MonkeyPatch.context() as monkeypatch:
        numpys, cs = (runs(made, monkeypatch, jit) for jit in "01")
    for got, want in zip(cs, numpys):
        for (kind, *_), one, other in zip(chosen, got, want):
            check(kind, one, other)


@pytest.mark.parametrize("seed", [None, 3])
def test_a_gpu_draws_what_the_cpu_draws(gpu, monkeypatch, seed):
    tf.set_random_seed(7)
    kinds = [(kind, dtype) for kind in DRAWS for dtype in ("float16", "float32", "float64")]
    made = [DRAWS[kind]([5, 7], dtype, seed) for kind, dtype in kinds]
    made += [tf.random_uniform([9], d.min, d.max, d, seed) for d in (tf.int32, tf.int64)]
    made += [tf.random_uniform([9], -3, 6, tf.int32, seed), tf.random_shuffle(np.arange(20), seed),
             tf.multinomial([[0.0, 1.0]], 9, seed), tf.random_gamma([3], [0.5, 2.0], seed=seed),
             tf.random_poisson([3.0, 30.0], [3], seed=seed)]  # fmt: skip
    kinds += [("uniform", None)] * 2 + [("uniform", None)] * 5
    here = runs(made, monkeypatch, "0", times=4)
    monkeypatch.setenv("MINITF_DEVICE", "cpu")
    for got, want in zip(here, runs(made, monkeypatch, "0", times=4)):
        for (kind, _), one, other in zip(kinds, got, want):
            check(kind, one, other)


def test_a_sequence_goes_on_when_its_plan_is_compiled(monkeypatch):
    monkeypatch.delenv("MINITF_JIT", raising=False)
    made = tf.random_uniform([5], seed=1)
    other = made * 2.0
    with tf.Session() as sess:  # of them some run in NumPy, some in C, for two plans
        got = [sess.run(made if i % 3 else other) for i in range(200)]
    want = [value[0] for value in runs([made], monkeypatch, "0", times=200)]
    for i, (one, expected) in enumerate(zip(got, want)):
        np.testing.assert_array_equal(one, expected if i % 3 else expected * np.float32(2))


def test_an_empty_draw_leaves_the_sequence(monkeypatch):
    n = tf.placeholder(tf.int32, [])
    made = tf.random_uniform([n], seed=1)
    with tf.Session() as sess:
        first = sess.run(made, {n: 4})
        assert sess.run(made, {n: 0}).shape == (0,)
        second = sess.run(made, {n: 4})
    want = runs(tf.random_uniform([4], seed=1), monkeypatch, "0")
    np.testing.assert_array_equal([first, second], want[:2])


def test_threads_share_a_sequence():
    state, drawn = philox.seeded(1, 2), []

    def draw():
        values = np.empty(10, np.float32)
        for _ in range(200):
            philox.uniform(values, state)
            drawn.append(values.tobytes())

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(drawn)) == 800 and state[0] == 800 * 10 * philox.RESERVED


# -- kernels --------------------------------------------------------------------------------------


def described(dtype, size):
    return Array((size,), np.dtype(dtype), (1,))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", sorted(DRAWS))
def test_texts_are_compiled_once_for_all_sizes(kind, dtype):
    for make in (philox_kernel.native, lambda *a: philox_kernel.cuda(*a)[0]):
        assert len({make(kind, described(dtype, n)).source for n in (1, 7, 1000)}) == 1


def test_nvidias_compiler_takes_the_kernels():
    pytest.importorskip("cuda.bindings.nvrtc")
    made = [philox_kernel.integers_in_cuda(0, 9, described(d, 9)) for d in ("int32", "int64")]
    made += [philox_kernel.cuda(kind, described(dtype, 9))
             for kind in DRAWS for dtype in ("float32", "float64")]  # fmt: skip
    for text in {text_of(launch) for launches in made for launch in launches}:
        assert refused(text, "compute_90") == ""


def test_no_limits_in_the_wrong_order():
    made = tf.random_uniform([3], 5, 5, tf.int32)
    with tf.Session() as sess, pytest.raises(
        tf.errors.InvalidArgumentError, match="Need minval < maxval, got 5 >= 5"
    ):
        sess.run(made)
    assert philox_kernel.integers_in_cuda(5, 5, described("int32", 3)) is None


# -- distributions --------------------------------------------------------------------------------


def moments(sampled):
    with tf.Session() as sess:
        values = sess.run(sampled)
    return values.mean(0), values.var(0)


def test_gamma_has_its_moments():
    alpha, beta = np.array([0.2, 1.0, 1.5, 30.0]), np.array([1.0, 2.0, 3.0, 0.5])
    mean, variance = moments(tf.random_gamma([100_000], alpha, beta, tf.float64, 1))
    np.testing.assert_allclose(mean, alpha / beta, rtol=0.02)
    np.testing.assert_allclose(variance, alpha / beta**2, rtol=0.05)


def test_poisson_has_its_moments():
    rates = np.array([0.1, 1.0, 9.9, 10.0, 25.0, 4000.0])
    mean, variance = moments(tf.random_poisson(rates, [50_000], tf.float64, 1))
    np.testing.assert_allclose(mean, rates, rtol=0.03)
    np.testing.assert_allclose(variance, rates, rtol=0.05)


def test_gradients_flow_to_the_rate_of_gamma():
    alpha, beta = tf.constant(2.0), tf.constant(3.0)
    drawn = tf.random_gamma([4], alpha, beta, seed=1)
    (slope,) = tf.gradients(drawn, beta)
    with tf.Session() as sess:
        got = sess.run(slope)
    np.testing.assert_allclose(got, -runs_sum(drawn) / 3.0, rtol=1e-5)


def test_gradients_of_gamma_are_those_of_its_mean():
    alpha = tf.constant([[0.3], [2.0], [50.0]])
    drawn = tf.random_gamma([20000], alpha, seed=1)
    (slope,) = tf.gradients(tf.reduce_mean(drawn, axis=0), alpha)
    with tf.Session() as sess:
        np.testing.assert_allclose(sess.run(slope), np.ones([3, 1]), rtol=0.05)


def runs_sum(tensor):
    with tf.Session() as sess:
        return sess.run(tf.reduce_sum(tensor))


def test_rates_have_to_be_finite():
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="finite"):
        sess.run(tf.random_poisson([1.0, np.nan], [2]))


def test_seeds_of_two_numbers():
    seed = tf.placeholder(tf.int32, [None])
    made = tf.random.stateless_uniform([3], seed)
    with tf.Session() as sess:
        a, b, c = (sess.run(made, {seed: value}) for value in ([1, 2], [1, 2], [2, 1]))
        np.testing.assert_array_equal(a, b)
        assert not np.array_equal(a, c)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"must have shape \[2\]"):
            sess.run(made, {seed: [1, 2, 3]})

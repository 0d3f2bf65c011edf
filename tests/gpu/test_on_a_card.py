"""On a real GPU, where there is one: what an emulated one cannot show. It takes half a minute."""
import gc
import logging
import threading

import numpy as np
import pytest

import minitf as tf
from gpu.networks import OPTIMIZERS
from gpu.test_training import CPU, check, trained
from minitf.backend import devices
from minitf.backend import log as minitf_log
from minitf.backend.gpu import gpu as tf_gpu

pytestmark = pytest.mark.skipif(not devices.find().cards, reason="needs an NVIDIA GPU")


@pytest.fixture(autouse=True)
def nothing_is_done_in_a_slower_way(caplog):
    tf.reset_default_graph()
    minitf_log._said.clear()
    with caplog.at_level(logging.WARNING, "minitf"):
        yield
    assert not [text for text in caplog.messages if "not captured" in text or "own kernels" in text]


def test_products_are_those_of_cublaslt():
    with tf.Session() as sess:
        assert type(sess._backend.blas).__name__ == "CublasLt"


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64", "complex128"])
def test_products_of_all_types_and_layouts(dtype):
    random = np.random.default_rng(0)
    pairs = []
    for batch in ((), (3,)):
        for sizes in ((64, 32, 128), (7, 5, 3), (1, 9, 1)):
            m, n, k = sizes
            for turned_a in (False, True):
                for turned_b in (False, True):
                    a, b = ((*batch, *((k, m) if turned_a else (m, k))),
                            (*batch, *((n, k) if turned_b else (k, n))))  # fmt: skip
                    x, y = (random.normal(size=shape).astype(dtype) for shape in (a, b))
                    left, right = (v.swapaxes(-1, -2) if t else v
                                   for v, t in ((x, turned_a), (y, turned_b)))  # fmt: skip
                    wide = np.complex128 if dtype.startswith("complex") else np.float64
                    want = left.astype(wide) @ right.astype(wide)
                    feeds = tf.placeholder(dtype, a), tf.placeholder(dtype, b)
                    made = tf.matmul(*feeds, transpose_a=turned_a, transpose_b=turned_b)
                    pairs.append((made, dict(zip(feeds, (x, y))), want))
    tolerance = {"float16": 2e-2, "float32": 1e-4, "complex64": 1e-4}.get(dtype, 1e-10)
    with tf.Session() as sess:
        for made, feeds, want in pairs:
            for _ in range(3):  # piece by piece, captured, launched
                found = sess.run(made, feeds)
                assert np.abs(found - want).max() <= tolerance * np.abs(want).max()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_gives_what_the_cpu_does(optimizer):
    losses, variables = trained(optimizer)
    want = trained(optimizer, CPU)
    check(losses, want[0])
    check(variables, want[1])


@pytest.mark.parametrize("rows", [100, 1000])
def test_feeds_of_both_ways_arrive(rows):
    x = tf.placeholder(tf.float32, [None, 1000])
    total = tf.Variable(tf.zeros(1000))
    add = tf.assign_add(total, tf.reduce_sum(x, 0)).op
    value = np.empty((rows, 1000), np.float32)
    with tf.Session() as sess:
        sess.run(total.initializer)
        for number in range(200):
            value[...] = number % 7
            sess.run(add, {x: value})
        want = rows * sum(number % 7 for number in range(200))
        np.testing.assert_array_equal(sess.run(total), np.full(1000, want))


@pytest.mark.parametrize("shape", [
    (3, 5), (4097, 33), (100_003, 7), (5, 1_000_001), (2048, 2048), (1, 30_000_001),
])  # fmt: skip
def test_sums_of_all_shapes(shape):
    random = np.random.default_rng(1)
    value = random.normal(size=shape).astype(np.float32)
    x = tf.placeholder(tf.float32, [None, None])
    y = x * x + 1.0
    made = [tf.reduce_sum(y, axis) for axis in (None, 0, 1)] + [tf.reduce_max(x, 0)]
    made += [tf.reduce_mean(y, 1), tf.reduce_min(x)]
    with tf.Session() as sess:
        for _ in range(3):
            found = sess.run(made, {x: value})
    wide = value.astype(np.float64) ** 2 + 1.0
    want = [wide.sum(), wide.sum(0), wide.sum(1), value.max(0), wide.mean(1), value.min()]
    for one, other in zip(found, want):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_a_convolutional_network_gives_what_the_cpu_does():
    def steps(config):
        tf.reset_default_graph()
        random = np.random.default_rng(2)
        x, y = tf.placeholder(tf.float32, [None, 28, 28, 1]), tf.placeholder(tf.int64, [None])
        layer = x
        for depth, count in ((1, 32), (32, 64)):
            kernel = random.normal(size=(5, 5, depth, count)) / (5 * depth**0.5)
            layer = tf.nn.conv2d(layer, tf.Variable(kernel.astype(np.float32)), [1] * 4, "SAME")
            layer = tf.nn.relu(layer + tf.Variable(tf.zeros(count)))
            layer = tf.nn.max_pool(layer, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
        flat = tf.reshape(layer, [-1, 7 * 7 * 64])
        last = tf.Variable(random.normal(size=(7 * 7 * 64, 10)).astype(np.float32) / 56)
        logits = flat @ last
        loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
        step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
        images = random.normal(size=(50, 28, 28, 1)).astype(np.float32)
        with tf.Session(config=config) as sess:
            sess.run(tf.global_variables_initializer())
            return [sess.run([loss, step], {x: images, y: np.arange(50) % 10})[0]
                    for _ in range(5)]  # fmt: skip

    np.testing.assert_allclose(steps(None), steps(CPU), rtol=1e-3)


def test_threads_share_the_device():
    x = tf.placeholder(tf.float32, [1000])
    y = tf.reduce_sum(tf.exp(x) * 2.0)
    found = {}

    def work(number):
        for _ in range(200):
            found[number] = sess.run(y, {x: np.full(1000, number, np.float32)})

    with tf.Session() as sess:
        threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for number, value in found.items():
        np.testing.assert_allclose(value, 2000 * np.exp(number), rtol=1e-5)


def test_memory_stays_flat_and_what_is_too_much_is_an_error():
    x = tf.placeholder(tf.float32, [None, 1])
    largest = tf.reduce_max(tf.matmul(x, x, transpose_b=True))
    with tf.Session() as sess:
        device = sess._backend
        for size in (3, 5, 3, 5, 3):
            value = np.full((size, 1), size, np.float32)
            assert sess.run(largest, {x: value}) == size**2
        total = device.xp.cuda.runtime.memGetInfo()[1]
        side = int((1.5 * total / 4) ** 0.5)
        with pytest.raises(tf.errors.ResourceExhaustedError, match=rf"shape\[{side}, {side}\]"):
            sess.run(largest, {x: np.ones((side, 1), np.float32)})
        for step in range(2010):
            assert sess.run(largest, {x: value}) == 9
            if step == 9:
                free = device.xp.cuda.runtime.memGetInfo()[0]
        assert device.xp.cuda.runtime.memGetInfo()[0] >= free


def test_a_session_that_is_dropped_gives_its_memory_back():
    pool = tf_gpu(0).xp.get_default_memory_pool()
    gc.collect()
    before = pool.used_bytes()
    for _ in range(3):
        tf.reset_default_graph()
        v = tf.Variable(tf.zeros([1 << 20]))
        step = tf.assign_add(v, tf.ones([1 << 20])).op
        with tf.Session() as sess:
            sess.run(v.initializer)
            for _ in range(5):
                sess.run(step)
        del v, step, sess
        tf.reset_default_graph()
        gc.collect()
    assert pool.used_bytes() <= before + (1 << 20)

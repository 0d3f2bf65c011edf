"""Training on a GPU, here one that is emulated: captured steps, what is copied, what is kept."""
import gc
import threading

import numpy as np
import pytest
from standin import machine

import minitf as tf
from gpu.networks import OPTIMIZERS, network
from minitf.backend import log as minitf_log
from minitf.backend.gpu import gpu as tf_gpu
from minitf.runtime.cuda.staging import fill

CPU = tf.ConfigProto(device_count={"GPU": 0})


@pytest.fixture(autouse=True)
def fresh_graph(gpu):
    tf.reset_default_graph()


def batches(count, size=5):
    random = np.random.default_rng(1)
    for _ in range(count):
        yield (random.normal(size=(size, 6)).astype(np.float32),
               np.eye(3, dtype=np.float32)[random.integers(0, 3, size)])  # fmt: skip


def trained(optimizer, config=None, count=6, fetch=True):
    tf.reset_default_graph()
    x, y, loss, step = network(OPTIMIZERS[optimizer]())
    losses = []
    with tf.Session(config=config) as sess:
        sess.run(tf.global_variables_initializer())
        for a, b in batches(count):
            found = sess.run([loss, step] if fetch else [step], {x: a, y: b})
            losses.append(found[0])
        return losses, sess.run(tf.global_variables())


def check(got, want):
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_is_one_graph_and_computes_what_the_cpu_does(gpu, optimizer):
    losses, variables = trained(optimizer)
    assert gpu.captures == 1 and gpu.graph_launches == 5  # the first step runs piece by piece
    want = trained(optimizer, CPU)
    check(losses, want[0])
    check(variables, want[1])


def test_steps_that_fetch_nothing_do_not_wait_for_the_device(gpu):
    _, variables = trained("momentum", fetch=False)
    check(variables, trained("momentum", CPU)[1])


def test_only_what_is_fetched_is_copied_back(gpu):
    x, y, loss, step = network(OPTIMIZERS["sgd"]())
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for a, b in batches(3):
            sess.run([loss, step], {x: a, y: b})
        gpu.reset()
        for a, b in batches(4):
            sess.run([loss, step], {x: a, y: b})
        assert gpu.graph_launches == 4 and gpu.launches == gpu.calls == gpu.allocations == 0
        assert gpu.to_host == 4 and gpu.to_host_bytes == 16
        assert gpu.to_device == 4  # both feeds as one copy
        assert gpu.graph_nodes <= 4 * 15  # the variables' updates are one launch


def test_python_enters_the_device_only_where_it_calls_cupy(gpu, monkeypatch):
    x, y, loss, step = network(OPTIMIZERS["sgd"]())
    sizes = tf.shape(tf.unique(tf.to_int32(x[:, 0] * 3))[0])
    entered = []
    device = type(tf_gpu(0).device)
    monkeypatch.setattr(device, "__enter__", lambda self: entered.append(self) or self)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for fetches, count in (([loss, step], 0), (sizes, 1)):
            for a, b in batches(4):
                entered.clear()
                sess.run(fetches, {x: a, y: b})
            assert len(entered) == count


def test_memory_stays_flat(gpu):
    x, y, loss, step = network(OPTIMIZERS["adam"]())
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feeds = [{x: a, y: b} for a, b in batches(5)]
        for feed in feeds:
            sess.run([loss, step], feed)
        before, _ = gpu.live_bytes, gpu.reset()
        for _ in range(40):
            for feed in feeds:
                sess.run([loss, step], feed)
        assert gpu.live_bytes == before and gpu.allocations == 0


def test_each_feed_shape_has_its_graph(gpu):
    x, y, loss, step = network(OPTIMIZERS["sgd"]())
    losses = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for size in (5, 5, 3, 3, 5, 3):
            a, b = next(batches(1, size))
            losses.append(sess.run([loss, step], {x: a, y: b})[0])
        assert gpu.captures == 2
    tf.reset_default_graph()
    x, y, loss, step = network(OPTIMIZERS["sgd"]())
    with tf.Session(config=CPU) as sess:
        sess.run(tf.global_variables_initializer())
        for size, found in zip((5, 5, 3, 3, 5, 3), losses):
            a, b = next(batches(1, size))
            check([found], [sess.run([loss, step], {x: a, y: b})[0]])


def test_no_garbage_is_looked_for_while_a_step_is_captured(gpu, monkeypatch):
    """What is found may have copies under way, and waiting for them would break the capture off."""
    trained("sgd", count=3)
    circle = [tf.get_default_graph()]
    circle.append(circle)
    del circle
    tf.reset_default_graph()
    stream = type(tf_gpu(0).stream)
    begin = stream.begin_capture

    def begin_and_look(self, mode=None):
        begin(self, mode)
        gc.set_threshold(1)

    monkeypatch.setattr(stream, "begin_capture", begin_and_look)
    threshold = gc.get_threshold()
    try:
        trained("sgd", count=3)
    finally:
        gc.set_threshold(*threshold)
    assert gpu.captures == 2


def refusing(kind, text):
    def refuse(*arguments):
        raise kind(text)

    return refuse


@pytest.mark.parametrize("error", [RuntimeError, OSError])
def test_a_step_that_is_not_captured_runs_piece_by_piece(gpu, monkeypatch, caplog, error):
    end = type(tf_gpu(0).stream).end_capture
    monkeypatch.setattr("minitf.backend.log._said", set())
    monkeypatch.setattr(type(tf_gpu(0).stream), "end_capture",
                        lambda self: (end(self), refusing(error, "no")())[1])  # fmt: skip
    losses, variables = trained("momentum")
    assert gpu.captures == 1 and gpu.graph_launches == 0
    assert [text for text in caplog.messages if "not captured: no" in text]
    minitf_log._said.clear()
    want = trained("momentum", CPU)
    check(losses, want[0])
    check(variables, want[1])


def test_a_capture_that_breaks_off_is_ended(gpu, monkeypatch):
    launch = type(tf_gpu(0)).launch

    def launched(self, *arguments):
        if machine.capture:
            raise RuntimeError("no")
        launch(self, *arguments)

    monkeypatch.setattr(type(tf_gpu(0)), "launch", launched)
    trained("sgd")
    assert machine.capture is None and gpu.captures == 1
    minitf_log._said.clear()


def test_no_more_pinned_memory_is_an_error_that_tensorflow_has(gpu, monkeypatch):
    cuda = tf_gpu(0).xp.cuda
    x = tf.placeholder(tf.float32, [None])
    y = x * 2.0
    with tf.Session() as sess:
        sess.run(y, {x: [1.0]})
        refuse = refusing(cuda.runtime.CUDARuntimeError, "cudaErrorMemoryAllocation")
        with monkeypatch.context() as patched:
            patched.setitem(vars(cuda), "alloc_pinned_memory", refuse)
            with pytest.raises(tf.errors.ResourceExhaustedError, match="256 bytes of pinned"):
                sess.run(y, {x: [1.0]})
        for _ in range(3):
            assert sess.run(y, {x: [1.0]}).tolist() == [2.0]


@pytest.mark.parametrize("staged", [1 << 28, 1 << 19])
def test_large_feeds_are_copied_while_the_run_before_computes(gpu, monkeypatch, staged):
    monkeypatch.setattr("minitf.runtime.cuda.graphs.STAGED", staged)
    x = tf.placeholder(tf.float32, [None, 256])
    total = tf.Variable(tf.zeros(256))
    add = tf.assign_add(total, tf.reduce_sum(x, 0)).op
    with tf.Session() as sess:
        sess.run(total.initializer)
        want = np.zeros(256)
        for number in range(8):
            value = np.full((600, 256), number, np.float32)
            sess.run(add, {x: value})
            want += 600 * number
            value[...] = np.nan  # it belongs to the user again
        np.testing.assert_array_equal(sess.run(total), want)
    if staged > 600 * 256 * 4:
        assert gpu.captures == 2  # while one graph computes, the other's feeds are on their way


@pytest.mark.parametrize("shape", [(7, 300_001), (2_500_000,), (1, 1200, 1200)])
def test_long_feeds_are_copied_by_several_threads(shape):
    random = np.random.default_rng(0)
    value, wide = random.normal(size=shape), random.normal(size=(*shape, 2))[..., 0]
    for source in (value, wide):
        to = np.zeros(shape, np.float32)
        fill(to, source)
        np.testing.assert_array_equal(to, source.astype(np.float32))


def test_feeds_that_several_parts_of_a_plan_read_are_where_all_look(gpu):
    x = tf.placeholder(tf.complex64, [5, 3000])
    total = tf.Variable(tf.zeros([5, 5], tf.complex64))
    add = tf.assign_add(total, tf.matmul(x, tf.conj(x), transpose_b=True)).op  # CuPy conjugates
    with tf.Session() as sess:
        sess.run(total.initializer)
        want = np.zeros([5, 5], complex)
        for number in range(8):
            value = np.full((5, 3000), number + 1j, np.complex64)
            sess.run(add, {x: value})
            want += value @ value.conj().T
            value[...] = np.nan
        np.testing.assert_array_equal(sess.run(total), want)
        assert gpu.graph_launches and gpu.captures == 1


def test_a_step_whose_variable_moves_keeps_its_feeds(gpu):
    x = tf.placeholder(tf.float32, [10_000])
    v = tf.Variable(tf.zeros(10_000), validate_shape=False)
    step = tf.assign_add(v, x)
    size = tf.placeholder_with_default(10_000, [])
    renew = tf.assign(v, tf.zeros([size]), validate_shape=False).op
    with tf.Session() as sess:
        for round_ in range(30):
            sess.run(renew)
            for number in range(round_ % 4 + 1):
                sess.run(step.op, {x: np.full(10_000, number + 1.0, np.float32)})
            total = sum(range(1, round_ % 4 + 2))
            np.testing.assert_array_equal(sess.run(v), np.full(10_000, total))


def test_many_small_variables_are_updated_by_few_launches(gpu):
    variables = [tf.Variable(tf.zeros(3 + k % 5)) for k in range(260)]
    step = tf.group(*(tf.assign(v, v * 0.5 + float(k)) for k, v in enumerate(variables)))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(step)
        assert gpu.captures == 1 and gpu.graph_nodes <= 2 * 4
        for k, found in enumerate(sess.run(variables)):
            np.testing.assert_allclose(found, np.full(3 + k % 5, 1.75 * k))


def test_variables_that_move_are_found_again(gpu):
    v = tf.Variable([1.0, 2.0], validate_shape=False)
    doubled = v * 2.0
    grown = tf.placeholder(tf.float32)
    change = tf.assign(v, grown, validate_shape=False)
    with tf.Session() as sess:
        sess.run(v.initializer)
        for _ in range(3):
            np.testing.assert_array_equal(sess.run(doubled), [2.0, 4.0])
        sess.run(change, {grown: [5.0, 6.0, 7.0]})
        np.testing.assert_array_equal(sess.run(doubled), [10.0, 12.0, 14.0])
        for values in ([1.0], [2.0, 3.0], [4.0]):
            sess.run(change, {grown: values})
            np.testing.assert_array_equal(sess.run(doubled), 2 * np.array(values))


def test_threads_share_a_session(gpu):
    x = tf.placeholder(tf.float32, [4])
    y = tf.reduce_sum(tf.exp(x) * 2.0)
    found = {}

    def work(number):
        for _ in range(10):
            found[number] = sess.run(y, {x: np.full(4, number, np.float32)})

    with tf.Session() as sess:
        threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for number, value in found.items():
        np.testing.assert_allclose(value, 8 * np.exp(number), rtol=1e-6)


def test_dropout_draws_the_same_numbers_as_on_the_cpu(gpu):
    def drawn(config):
        tf.reset_default_graph()
        tf.set_random_seed(7)
        masks = tf.nn.dropout(tf.ones([50]), 0.5), tf.random_normal([9]), tf.random_uniform([5])
        with tf.Session(config=config) as sess:
            return [value for _ in range(3) for value in sess.run(masks)]

    check(drawn(None), drawn(CPU))


def test_a_loss_that_is_not_finite_comes_back_as_it_is(gpu):
    x = tf.placeholder(tf.float32, [2])
    with tf.Session() as sess:
        for _ in range(3):
            found = sess.run(tf.log(x) / x, {x: [0.0, -1.0]})
            np.testing.assert_array_equal(found, [-np.inf, np.nan])


def test_transposed_arrays_are_copied_by_tiles(gpu):
    x = tf.placeholder(tf.float32, [40, 50])
    turned = tf.transpose(x)
    y = [tf.nn.softmax(turned), tf.concat([turned, turned * 2.0], 1)]
    value = np.random.default_rng(0).normal(size=(40, 50)).astype(np.float32)
    with tf.Session() as sess, tf.Session(config=CPU) as cpu:
        for _ in range(3):
            check(sess.run(y, {x: value}), cpu.run(y, {x: value}))


@pytest.mark.parametrize("shape", [(3, 20_000), (1, 9_000), (2, 3, 10_007), (20_000, 3), (30_011,)])
def test_few_long_rows_are_summed_by_many_blocks(gpu, shape):
    x = tf.placeholder(tf.float32, shape)
    y = tf.exp(x)
    made = [y, *(f(y, -1) for f in (tf.reduce_sum, tf.reduce_max, tf.reduce_mean)),
            tf.reduce_sum(tf.cast(x * 10, tf.int32), -1), tf.reduce_sum(y)]  # fmt: skip
    value = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    with tf.Session() as sess, tf.Session(config=CPU) as cpu:
        for _ in range(3):
            check(sess.run(made, {x: value}), cpu.run(made, {x: value}))


def test_products_of_what_runs_backwards(gpu):
    x = tf.placeholder(tf.float32, [3])
    back = tf.reverse(x * 2.0, [0])
    products = [tf.matmul(back[:, None], x[None]), tf.matmul(x[:, None], back[None]),
                tf.matmul(back[None], x[:, None]), tf.matmul(x[None], back[:, None])]  # fmt: skip
    with tf.Session() as sess, tf.Session(config=CPU) as cpu:
        for _ in range(3):
            check(sess.run(products, {x: [1, 2, 3]}), cpu.run(products, {x: [1, 2, 3]}))


def test_what_is_refused_is_refused_in_each_run(gpu):
    x, times = tf.placeholder(tf.float32, [0, 0]), tf.placeholder(tf.int32, [2])
    y = tf.tile(x, times)
    with tf.Session() as sess:
        for _ in range(4):  # from the third on, the plan knows how often
            with pytest.raises(tf.errors.InvalidArgumentError, match="multiples >= 0"):
                sess.run(y, {x: np.zeros((0, 0)), times: [0, -1]})

"""NVRTC compiles every kernel that the case table, and models of every kind, need."""
import numpy as np
import pytest
from cases import CASES
from standin import nvrtc
from test_cases import fed, floats, projected

import minitf as tf
from gpu.networks import OPTIMIZERS, network
from minitf.backend.gpu import Gpu, module_text

TOGETHER = 100  # kernels in a module


@pytest.fixture
def sources(gpu, monkeypatch):
    """The texts of the kernels that plans would compile, in place of compiling them."""
    found = {}

    def collect(self, launches):
        found.update((launch.source, None) for launch in launches)

    monkeypatch.setattr(Gpu, "compile", collect)
    return found


def compile_all(sources, architecture="sm_75"):
    nvrtc.importorskip()
    texts = list(sources)
    assert texts
    for start in range(0, len(texts), TOGETHER):
        nvrtc.nvrtc(module_text(texts[start : start + TOGETHER]), (architecture,))


def plan_row(case, dtype):
    """Plan a row's outputs and gradients, its floats as `dtype`."""
    tf.reset_default_graph()
    narrow = [v.astype(dtype) if v.dtype == np.float64 else v for v in map(np.asarray, case.inputs)]
    outputs, feeds = fed(case._replace(inputs=tuple(narrow)))
    wanted = list(outputs)
    if case.grad and dtype == np.float64 and floats(feeds):
        scalar = projected(outputs, 1)
        dxs = [] if scalar is None else tf.gradients(scalar, floats(feeds))
        wanted += [tf.convert_to_tensor(dx) for dx in dxs if dx is not None]
    with tf.Session() as sess:
        sess.source(wanted, feeds)


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
def test_the_kernels_of_the_case_table(sources, dtype):
    for case in CASES:
        plan_row(case, dtype)
    compile_all(sources, "compute_75")  # to PTX: the assembler, half of the time, sees the others


@pytest.mark.parametrize("size", [5, 4096, 100_000])
def test_the_kernels_of_training(sources, size):
    for optimizer in OPTIMIZERS.values():
        tf.reset_default_graph()
        x, y, loss, step = network(optimizer())
        feeds = {x: np.zeros((size, 6), np.float32), y: np.zeros((size, 3), np.float32)}
        with tf.Session() as sess:
            sess.source([loss, step], feeds)
    compile_all(sources)


def test_the_kernels_of_sums(sources):
    with tf.Session() as sess:
        for shape in ((3, 20_000), (2, 3, 10_007), (20_000, 3), (300, 50), (1 << 16, 1 << 16)):
            x = tf.placeholder(tf.float32, shape)
            whole = tf.cast(x, tf.int32)
            sums = [f(y, axis) for y in (tf.exp(x), whole) for axis in (None, 0, -1)
                    for f in (tf.reduce_sum, tf.reduce_max)]  # fmt: skip
            signature = sess._signature([*sums, tf.reduce_mean(x, -1)], {x: None})
            signature.plan([shape], [None])
    compile_all(sources)

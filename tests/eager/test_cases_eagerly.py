"""Every op of the table, run as it is called: the values and gradients that a graph gives."""
import numpy as np
import pytest
from test_cases import CASES, fed, floats

import minitf as tf
from minitf.core.eager import eager_mode
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.sparse_tensor import SparseTensor
from minitf.eager import replay


def flat(built):
    return list(built) if isinstance(built, (list, tuple)) else [built]


def value(found):
    if isinstance(found, SparseTensor):
        return [value(found.indices), value(found.values), value(found.dense_shape)]
    return found.numpy() if hasattr(found, "numpy") else found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_runs_at_once_is_what_a_session_runs(case):
    with tf.Graph().as_default():
        outputs, feeds = fed(case)
        with tf.Session() as sess:
            want = sess.run(outputs, feeds)
    with eager_mode():
        got = flat(case.build(*map(tf.constant, case.inputs)))
        for one, other in zip(got, want, strict=True):
            np.testing.assert_allclose(value(one), other, rtol=1e-6, atol=1e-6)


def dense(grad):
    return tf.convert_to_tensor(grad) if isinstance(grad, IndexedSlices) else grad


@pytest.mark.parametrize("case", [case for case in CASES if case.grad], ids=lambda case: case.name)
def test_what_a_tape_gives_is_what_tf_gradients_gives(monkeypatch, case):
    """Operation by operation, and compiled when it comes again."""
    monkeypatch.setattr(replay, "REPEATS", 2)
    monkeypatch.setattr(replay, "FEW", 1)
    with tf.Graph().as_default():
        outputs, feeds = fed(case)
        outputs = [y for y in outputs if y.dtype.is_floating]
        wanted = [x for x in floats(feeds)]
        if not outputs or not wanted:
            return
        grads = [dense(g) for g in tf.gradients(outputs, wanted)]
        with tf.Session() as sess:
            want = [None if g is None else sess.run(g, feeds) for g in grads]
    with eager_mode():
        inputs = [tf.constant(each) for each in case.inputs]
        sources = [x for x in inputs if x.dtype == tf.float64]
        for _ in range(2):
            with tf.GradientTape() as tape:
                tape.watch(sources)
                built = [y for y in flat(case.build(*inputs)) if y.dtype.is_floating]
            got = [dense(g) for g in tape.gradient(built, sources)]
            check(got, want)


def check(got, want):
    for one, other in zip(got, want, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_allclose(one.numpy(), other, rtol=1e-6, atol=1e-6)

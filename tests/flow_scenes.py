"""The rows of tests/cases.py for the nodes of branches and loops, and for TensorArrays.

`play(run)` builds, runs and returns pairs (got, expected).
"""
import numpy as np
from cases import raw, scene

import minitf as tf

X = np.float32([1.0, 2.0, 3.0])


def branches(run):
    x, pred = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.bool, [])
    y = tf.cond(pred, lambda: x * 2.0, lambda: x + 10.0)
    dx = tf.gradients(y * y, x)[0]
    return [
        (run(y, {x: X, pred: True}), X * 2),
        (run(y, {x: X, pred: False}), X + 10),
        (run(dx, {x: X, pred: True}), X * 8),
        (run(dx, {x: X, pred: False}), 2 * (X + 10)),
    ]


scene("Switch")(branches)
scene("Merge")(branches)


@scene("RefSwitch")
def ref_switch(run):
    v, pred = tf.Variable(X), tf.placeholder(tf.bool, [])
    changed = tf.cond(pred, lambda: tf.assign_add(v, X), lambda: tf.identity(v))
    return [(run(changed, {pred: False}), X), (run(changed, {pred: True}), 2 * X), (run(v), 2 * X)]


def loop(run):
    x, n = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.int32, [])
    i, y = tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, y * x), [0, x])
    dx = tf.gradients(y, x)[0]
    pairs = []
    for count in (0, 1, 3):
        want = [count, X ** (count + 1), (count + 1) * X**count]
        pairs += zip(run([i, y, dx], {x: X, n: count}), want)
    return pairs


for op in ("Enter", "Exit", "NextIteration", "LoopCond"):
    scene(op)(loop)


@scene("RefEnter")
def ref_enter(run):
    v = tf.Variable(X)

    def body(i):
        with tf.control_dependencies([tf.assign_add(v, X)]):
            return i + 1

    done = tf.while_loop(lambda i: i < 3, body, [0])
    return [(run(done), 3), (run(v), 4 * X)]


def elements(run):
    array = tf.TensorArray(tf.float32, 3, clear_after_read=False)
    x = tf.placeholder(tf.float32, [3])
    array = array.write(0, x).write(2, x + 1.0).write(1, 2.0 * x)
    y = array.read(0) * array.read(2) + array.gather([1, 1])[0]
    dx = tf.gradients([y, array.stack()], x)[0]
    whole = [X, 2 * X, X + 1]
    return list(zip(
        run([y, array.stack(), array.size(), dx], {x: X}),
        [X * (X + 1) + 2 * X, whole, 3, 2 * X + 1 + 2 + 4],
        strict=True,
    ))  # fmt: skip


for op in ("TensorArrayV3", "TensorArrayWriteV3", "TensorArrayReadV3", "TensorArrayGatherV3",
           "TensorArraySizeV3", "TensorArrayGradV3"):  # fmt: skip
    scene(op)(elements)


def parts(run):
    x = tf.placeholder(tf.float32, [3])
    rows = tf.TensorArray(tf.float32, 3).unstack(x)
    ragged = tf.TensorArray(tf.float32, 2, infer_shape=False).split(x, [1, 2])
    y = rows.read(1) * ragged.read(0) + tf.reduce_sum(ragged.read(1))
    joined = tf.TensorArray(tf.float32, 2, infer_shape=False).split(x, [2, 1]).concat()
    dx = tf.gradients([y, joined * joined], x)[0]
    return list(zip(
        run([y, joined, dx], {x: X}),
        [X[1] * X[0] + X[1] + X[2], X, [X[1] + 2 * X[0], X[0] + 1 + 2 * X[1], 1 + 2 * X[2]]],
        strict=True,
    ))  # fmt: skip


for op in ("TensorArrayScatterV3", "TensorArraySplitV3", "TensorArrayConcatV3"):
    scene(op)(parts)


@scene("TensorArrayCloseV3")
def closes(run):
    array = tf.TensorArray(tf.float32, 2).unstack([1.0, 2.0])
    first = array.read(0)
    with tf.control_dependencies([first]):
        closed = array.close()
    return [(run([first, closed])[0], 1.0)]


def stacks(run):
    handle = raw("StackV2")(-1, elem_type=tf.float32)
    first = raw("StackPushV2")(handle, tf.constant(X))
    with tf.control_dependencies([first]):
        second = raw("StackPushV2")(handle, 2 * X)
    with tf.control_dependencies([second]):
        last = raw("StackPopV2")(handle, elem_type=tf.float32)
    with tf.control_dependencies([last]):
        rest = raw("StackPopV2")(handle, elem_type=tf.float32)
    with tf.control_dependencies([rest]):
        closed = raw("StackCloseV2")(handle)
    with tf.control_dependencies([closed]):
        end = tf.identity(last + rest)
    return [(run(last), 2 * X), (run(rest), X), (run(end), 3 * X)]


for op in ("StackV2", "StackPushV2", "StackPopV2", "StackCloseV2"):
    scene(op)(stacks)

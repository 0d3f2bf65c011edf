"""tf.io.gfile, and which behaviors hold where a program has turned those of version 2 off."""

import os
import tempfile

from goldens.kit import error


def folders_and_files(tf, np):
    g = tf.io.gfile
    with tempfile.TemporaryDirectory() as folder:
        inside, a = os.path.join(folder, "a", "b"), os.path.join(folder, "a.txt")
        g.makedirs(inside)
        g.mkdir(os.path.join(folder, "c"))
        with g.GFile(a, "w") as file:
            file.write("12345")
        g.copy(a, a + "2")
        g.rename(a + "2", os.path.join(inside, "a.txt"))
        size = len(folder) + 1
        found = [
            [g.exists(a), g.exists(a + "2"), g.isdir(inside), g.stat(a).length],
            sorted(g.listdir(folder)),
            [path[size:] for path in g.glob(os.path.join(folder, "*.txt"))],
            [[top[size:], sorted(d), sorted(f)] for top, d, f in g.walk(os.path.join(folder, "a"))],
            [top[size:] for top, _, _ in g.walk(top=os.path.join(folder, "a"), topdown=False)],
            [error(lambda: g.copy(a, os.path.join(inside, "a.txt"))), error(lambda: g.remove("x"))],
        ]
        g.remove(a)
        g.rmtree(os.path.join(folder, "a"))
        return found + [g.listdir(folder), list(g.walk(os.path.join(folder, "none")))]


def a_walk_tells_of_its_error(tf, np):
    def told(handed):
        raise ValueError(type(handed).__name__)

    walked = tf.io.gfile.walk("there is no such folder", onerror=told)
    return error(lambda: list(walked))


def version_2_is_turned_off(tf, np):
    tf.enable_resource_variables()
    enabled = tf.resource_variables_enabled()
    none = [
        tf.compat.v1.disable_v2_behavior(),
        tf.disable_eager_execution(),
        tf.disable_v2_tensorshape(),
        tf.disable_resource_variables(),
        tf.disable_tensor_equality(),
        tf.disable_control_flow_v2(),
    ]
    return [
        [enabled, tf.resource_variables_enabled(), none],
        [tf.executing_eagerly(), tf.control_flow_v2_enabled()],
    ]


def functions_of_arrays(tf, np):
    x = tf.placeholder(tf.float32, [2])
    y = tf.numpy_function(lambda a: np.sinh(a), [x], tf.float32, name="sinh")
    pair = tf.numpy_function(lambda a, b: (a + b, a.shape), [x, x], (tf.float32, tf.int64))
    with tf.Session() as sess:
        return [y.op.name, y.op.type, str(y.shape), sess.run([y, pair], {x: [1.0, 2.0]})]

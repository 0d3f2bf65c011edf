"""tf.TensorArray: what it gives, what it refuses, gradients, names."""

from goldens.kit import attempt, error, names, run, said, shape, shapes


def _new(tf, *args, **kwargs):
    return tf.TensorArray(tf.float32, *args, **kwargs)


def written_and_read(tf, np):
    array = _new(tf, 3).write(0, [1.0, 2.0]).write(1, [3.0, 4.0]).write(2, [5.0, 6.0])
    return run(tf, [array.read(1), array.size(), array.stack()][:2]) + [shape(array.read(0))]


def stacked(tf, np):
    array = _new(tf, 3).unstack([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    return run(tf, [array.stack()]) + shapes(array.stack(), array.gather([0, 1]), array.read(0))


def gathered(tf, np):
    array = _new(tf, 4, clear_after_read=False).scatter([3, 0, 1, 2], [1.0, 2.0, 3.0, 4.0])
    return run(tf, [array.gather([0, 3]), array.stack(), array.read(2)])


def split_and_joined(tf, np):
    array = _new(tf, 2, infer_shape=False).split([1.0, 2.0, 3.0], [1, 2])
    return run(tf, [array.concat()]) + [shape(array.concat())]


def refused_in_the_run(tf, np):
    def twice(index):
        return run(tf, _new(tf, 2).write(0, 1.0).write(0, 2.0).read(index))

    cleared = _new(tf, 2).unstack([1.0, 2.0])
    first = cleared.read(0)
    with tf.control_dependencies([first]):
        again = cleared.read(0)
    keeps = _new(tf, 2, clear_after_read=False).unstack([1.0, 2.0])
    return [
        error(lambda: twice(0)),
        error(lambda: run(tf, _new(tf, 2).write(2, 1.0).size())),
        error(lambda: run(tf, _new(tf, 2).write(-1, 1.0).size())),
        error(lambda: run(tf, _new(tf, 2).write(0, 1.0).read(1))),
        error(lambda: run(tf, _new(tf, 2).write(0, 1.0).read(5))),
        error(lambda: run(tf, again)),
        error(lambda: run(tf, [keeps.read(0), keeps.read(0)])),
        error(lambda: run(tf, _new(tf, 3).unstack([1.0, 2.0]).stack())),
        error(lambda: run(tf, _new(tf, 2).unstack([1.0, 2.0, 3.0]).stack())),
        error(lambda: run(tf, _new(tf, 3).split([1.0, 2.0, 3.0], [1, 2]).concat())),
    ]


def refused_when_built(tf, np):
    array = _new(tf, 2)
    handle, flow = array.handle, array.flow
    return [
        error(lambda: tf.TensorArray(tf.float32)),
        error(lambda: tf.TensorArray(tf.float32, handle=1)),
        error(lambda: tf.TensorArray(tf.float32, handle=handle)),
        error(lambda: tf.TensorArray(tf.float32, handle=handle, flow=flow, size=2)),
        error(lambda: tf.TensorArray(tf.float32, handle=handle, flow=flow, element_shape=[2])),
        error(lambda: array.write(0, 1)),
        said(lambda: array.write(0, [1.0]).write(1, [1.0, 2.0]), "Inconsistent shapes"),
    ]


def grows(tf, np):
    array = _new(tf, 0, dynamic_size=True)

    def body(i, array):
        return i + 1, array.write(i, tf.cast(i, tf.float32) * 2.0)

    _, array = tf.while_loop(lambda i, _: i < 40, body, [0, array])
    return run(tf, [array.stack(), array.size()][:1]), type(array).__name__


def unwritten_of_known_shape(tf, np):
    array = _new(tf, 3, element_shape=[2]).write(1, [1.0, 2.0])
    return run(tf, array.stack())


def gradient_of_reads(tf, np):
    x = tf.placeholder(tf.float32, [2])
    array = _new(tf, 3, clear_after_read=False).write(0, x).write(1, x * x).write(2, 3.0 * x)
    y = array.read(0) * array.read(1) + array.read(1)
    return run(tf, [y, tf.gradients(y, x)[0], tf.gradients(array.stack(), x)[0]], {x: [1.0, 2.0]})


def gradient_of_parts(tf, np):
    x = tf.placeholder(tf.float32, [3, 2])
    rows = _new(tf, 3, clear_after_read=False).unstack(x)
    y = rows.read(0) * rows.read(2)
    joined = _new(tf, 2, infer_shape=False).split(x * x, [1, 2]).concat()
    value = np.arange(6, dtype=np.float32).reshape(3, 2)
    dxs = [tf.gradients(each, x)[0] for each in (y, joined, rows.gather([1, 1]))]
    return run(tf, [y, joined, dxs], {x: value})


def op_names(tf, np):
    array = _new(tf, 3)
    array = array.write(0, 1.0).unstack([1.0, 2.0, 3.0]).identity()
    array.read(1)
    array.stack()
    array.gather([0])
    array.concat()
    array.close()
    _new(tf, 2, name="mine").write(1, 2.0, name="w").size(name="n")
    return sorted(names(tf))


def other_types(tf, np):
    words = tf.TensorArray(tf.string, 2).unstack(["a", "b"])
    numbers = tf.TensorArray(tf.int64, 2).write(0, np.int64(3)).write(1, np.int64(4))
    return run(tf, [words.stack(), numbers.stack()])


def properties(tf, np):
    array = tf.TensorArray(tf.int32, 3, dynamic_size=True, element_shape=[2, None])
    return [array.dtype.name, str(array.element_shape), array.dynamic_size, array.flow.dtype.name,
            array.handle.dtype.name, shapes(array.flow)]  # fmt: skip


def in_a_cond(tf, np):
    p = tf.placeholder(tf.bool, [])
    array = _new(tf, 2).write(0, 1.0)
    array = tf.cond(p, lambda: array.write(1, 2.0), lambda: array.write(1, 3.0))
    y = array.stack()
    return [attempt(lambda value=value: run(tf, y, {p: value})) for value in (True, False)]


def no_elements(tf, np):
    x = tf.placeholder(tf.float32, [None, 2])
    found = [tf.map_fn(lambda row: row * 2.0, x), tf.scan(lambda a, row: a + row, x, tf.zeros([2]))]
    fold = tf.foldl(lambda a, row: a + row, x, tf.zeros([2]))
    return [
        attempt(lambda: run(tf, [*found, fold], {x: np.zeros([0, 2])})),
        attempt(lambda: run(tf, tf.TensorArray(tf.float32, 0).stack())),
        attempt(lambda: run(tf, tf.TensorArray(tf.float32, 0, element_shape=[3]).stack())),
        attempt(lambda: run(tf, tf.TensorArray(tf.float32, 0, element_shape=[3]).concat())),
    ]

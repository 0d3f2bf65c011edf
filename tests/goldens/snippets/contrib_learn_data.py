"""The data sets of tf.contrib.learn, tables from files, arrays as input."""

import os
import tempfile

from goldens.kit import error


def irises(tf, np):
    learn = tf.contrib.learn
    iris = learn.datasets.load_dataset("iris")
    again = learn.datasets.base.load_iris()
    data, target = iris.data, iris.target
    return [data.shape, str(data.dtype), target.tolist(), str(target.dtype), data.sum(axis=0),
            data[::37], type(iris).__name__, bool((again.data == data).all()),
            error(lambda: learn.datasets.load_dataset("none"))]  # fmt: skip


def tables(tf, np):
    base = tf.contrib.learn.datasets.base
    with tempfile.TemporaryDirectory() as folder:
        plain, headed = os.path.join(folder, "a.csv"), os.path.join(folder, "b.csv")
        rows = "1.5,2,0\n3,4.5,1\n-1,0.5,2\n"
        for path, text in ((plain, rows), (headed, "3,2,a,b\n" + rows)):
            with open(path, "w") as file:
                file.write(text)
        base.shrink_csv(plain, 2)
        with open(os.path.join(folder, "a_small.csv")) as file:
            small = file.read()
        a = base.load_csv_without_header(plain, np.int32, np.float32)
        b = base.load_csv_with_header(headed, target_dtype=np.int64, features_dtype=np.float64)
        c = base.load_csv_without_header(plain, np.float32, np.float32, target_column=0)
        there = base.maybe_download("a.csv", folder, "http://no.such.address/") == plain
        return [small, *a, *b, *c, there,
                error(lambda: base.load_csv_with_header(plain, np.int32, np.float32)),
                error(lambda: base.load_csv_with_header("none.csv", int, float))]  # fmt: skip


def tries_again(tf, np):
    base = tf.contrib.learn.datasets.base
    calls = []

    def failing(what):
        calls.append(what)
        if len(calls) % 3:
            raise ValueError("not yet")
        return what

    return [
        base.retry(0.001, 0.01)(failing)("a"),
        base.retry(0.001, 0.01, is_retriable=lambda e: "yet" in str(e))(failing)("b"),
        error(lambda: base.retry(0.001, 0.01, is_retriable=lambda e: False)(failing)("c")),
        error(lambda: base.retry(1.0, 2.0, factor=0.5)),
        error(lambda: base.retry(1.0, 2.0, jitter=1.0)),
        calls,
    ]


def arrays_as_input(tf, np):
    make = tf.contrib.learn.io.numpy_input_fn
    x, y = np.arange(6.0).reshape(6, 1), np.arange(6)
    ordered = make({"x": x}, y, batch_size=4, shuffle=False)
    features, labels = ordered()
    with tf.train.MonitoredSession() as sess:
        return [sess.run([features["x"], labels]) for _ in range(2)]


def _taken(tf, input_fn, count):
    """The batches of an input function, up to the end."""
    batch, found = input_fn(), []
    with tf.Session() as session:
        threads = tf.train.Coordinator()
        started = tf.train.start_queue_runners(session, threads)
        try:
            for _ in range(count):
                found.append(session.run(batch))
        except tf.errors.OutOfRangeError:
            found.append("end")
        threads.request_stop()
        threads.join(started)
    return found


def of_generators(tf, np):
    of = tf.contrib.learn.io.generator_input_fn

    def rows():
        for i in range(5):
            yield {"a": np.array(i, np.float32), "b": np.array([i, i + 1]), "c": np.ones(1) * i}

    def lengths():
        for i in range(3):
            yield {"a": np.arange(i + 1), "b": np.ones([2, 3 - i])}

    plain = {"batch_size": 3, "shuffle": False}
    made = [of(rows, None, **plain), of(rows, "b", num_epochs=None, **plain),
            of(rows, ["b", "c"], num_epochs=2, **plain), of(lengths, pad_value=7, **plain,
    )]  # fmt: skip
    found = []
    for input_fn in made:
        tf.reset_default_graph()
        found.append(_taken(tf, input_fn, 4))
    tf.reset_default_graph()
    shuffled = _taken(tf, of(rows, num_epochs=None, batch_size=4), 2)
    kinds = [lambda: of([]), lambda: of(lambda: 3), lambda: of(rows, 3), lambda: of(rows, [3]),
             lambda: of(rows, ["none"]), lambda: of(lengths, pad_value=7)()]  # fmt: skip
    return [found, [sorted(each) for each in shuffled], [error(build) for build in kinds]]

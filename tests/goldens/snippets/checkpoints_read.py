"""Reading checkpoints: tf.train.load_checkpoint, init_from_checkpoint, tf.contrib.framework."""

import os
import tempfile

from goldens.kit import names, said


def _saved(tf, np, test):
    """What test() gives in a folder with a checkpoint `./m` of a/w, a/b, c, p (two parts), text."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            tf.Variable([[1.0, 2.0]], name="a/w")
            tf.Variable(3, name="a/b")
            tf.Variable([4.0, 5.0, 6.0], name="c")
            tf.Variable([b"x"], name="text")
            tf.get_variable("p", initializer=tf.constant([1.0, 2.0, 3.0, 4.0, 5.0]),
                            partitioner=tf.fixed_size_partitioner(2))  # fmt: skip
            with tf.Session() as sess:
                sess.run(tf.global_variables_initializer())
                tf.train.Saver().save(sess, "./m")
            tf.reset_default_graph()
            return test()
        finally:
            os.chdir(before)


def _values(tf, *variables):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return sess.run(list(variables))


def reader(tf, np):
    def test():
        found = tf.train.NewCheckpointReader("./m")
        types = found.get_variable_to_dtype_map()
        return [
            sorted(found.get_variable_to_shape_map().items()),
            sorted((name, dtype.name) for name, dtype in types.items()),
            found.debug_string(), found.get_tensor("c"), found.get_tensor("a/b"),
            found.get_tensor("p"), found.get_tensor("text"), found.get_tensor(b"a/w"),
            type(found.get_tensor("a/b")).__name__, found.has_tensor("a/w"), found.has_tensor("w"),
            said(lambda: found.get_tensor("w"), "Key w not found in checkpoint"),
        ]  # fmt: skip

    return _saved(tf, np, test)


def loading(tf, np):
    def test():
        return [
            tf.train.list_variables("./m"), tf.train.list_variables("."),
            tf.train.load_variable(".", "c:0"), tf.train.load_checkpoint("./m").has_tensor("c"),
            tf.contrib.framework.load_variable("./m", "a/b"),
            tf.contrib.framework.list_variables("."),
            said(lambda: tf.train.load_checkpoint("./none"), "Failed to find any matching files"),
            said(lambda: tf.train.load_checkpoint("/"), "Couldn't find 'checkpoint' file"),
        ]  # fmt: skip

    return _saved(tf, np, test)


def iterating(tf, np):
    def test():
        calls = []
        again = lambda: calls.append(1) or len(calls) > 1  # noqa: E731
        return [
            list(tf.train.checkpoints_iterator(".", timeout=0)),
            list(tf.train.checkpoints_iterator(".", timeout=0, timeout_fn=again)), len(calls),
        ]  # fmt: skip

    return _saved(tf, np, test)


def starting_variables(tf, np):
    def test():
        w = tf.get_variable("w", [1, 2])
        c = tf.get_variable("s/c", [3])
        tf.train.init_from_checkpoint("./m", {"a/w": w, "c": "s/c"})
        return names(tf), str(w.initial_value.shape), _values(tf, w, c)

    return _saved(tf, np, test)


def starting_scopes(tf, np):
    def test():
        with tf.variable_scope("other"):
            w = tf.get_variable("w", [1, 2])
            b = tf.get_variable("b", [], tf.int32)
        tf.train.init_from_checkpoint(".", {"a/": "other/"})
        with tf.variable_scope("root"):
            c = tf.get_variable("c", [3])
        tf.train.init_from_checkpoint(".", {"/": "root/"})
        return _values(tf, w, b, c)

    return _saved(tf, np, test)


def starting_all(tf, np):
    def test():
        c = tf.get_variable("c", [3])
        tf.train.init_from_checkpoint(".", {"/": "/"})
        return _values(tf, c)

    return _saved(tf, np, test)


def starting_parts(tf, np):
    def test():
        part = tf.fixed_size_partitioner(3)
        p = tf.get_variable("p", [5], partitioner=part)
        q = tf.get_variable("q", [5], partitioner=part)
        tf.train.init_from_checkpoint("./m", {"p": "p"})
        tf.train.init_from_checkpoint("./m", {"p": q._get_variable_list()})
        return _values(tf, *p, *q)

    return _saved(tf, np, test)


def starting_is_refused(tf, np):
    def test():
        w = tf.get_variable("w", [2, 2])
        tf.get_variable("s/none", [3])

        def start(wanted):
            return lambda: tf.train.init_from_checkpoint("./m", wanted)

        return [
            said(start({"none": w}), "Tensor none is not found in ./m checkpoint"),
            said(start({"a/w": w}), "Shape of variable w:0 ((2, 2)) doesn't match with shape of "
                 "tensor a/w ([1, 2]) from checkpoint reader."),
            said(start({"a": "s/"}), "Assignment map with scope only name s should map to scope "
                 "only a. Should be 'scope/': 'other_scope/'."),
            said(start({"a/": "s/"}), "Tensor a/none (none in a/) is not found in ./m checkpoint"),
        ]  # fmt: skip

    return _saved(tf, np, test)


def assigning(tf, np):
    def test():
        w, b = tf.get_variable("a/w", [1, 2]), tf.get_variable("a/b", [], tf.int32)
        p = tf.get_variable("p", [5], partitioner=tf.fixed_size_partitioner(3))
        other = tf.get_variable("other", [3])
        assign = tf.contrib.framework.assign_from_checkpoint
        first, fed = assign("./m", [w, b, *p])
        second, also_fed = assign("./m", {"c": other, "none": w}, ignore_missing_vars=True)
        with tf.Session() as sess:
            sess.run(first, fed)
            sess.run(second, also_fed)
            found = sess.run([w, b, *p, other])
        wrong = tf.get_variable("c", [2])
        return names(tf), found, [
            said(lambda: assign("./m", {"none": w}), "Checkpoint is missing variable [none]"),
            said(lambda: assign("./m", [wrong]), "Total size of new array must be unchanged for c "
                 "lh_shape: [(3,)], rh_shape: [(2,)]"),
        ]  # fmt: skip

    return _saved(tf, np, test)


def assigning_by_functions(tf, np):
    def test():
        w, c = tf.get_variable("a/w", [1, 2]), tf.get_variable("c", [3, 1])
        none = tf.get_variable("none", [])
        make = tf.contrib.framework.assign_from_checkpoint_fn
        first = make("./m", {"a/w": w})
        second = make("./m", [c, none], ignore_missing_vars=True, reshape_variables=True)
        with tf.Session() as sess:
            first(sess)
            second(sess)
            found = sess.run([w, c])
        nothing = make("./m", [none], ignore_missing_vars=True)
        return names(tf), found, nothing, [
            said(lambda: make("./m", []), "var_list cannot be empty"),
            said(lambda: make("./m", [none])(tf.Session()), "Key none not found in checkpoint"),
        ]  # fmt: skip

    return _saved(tf, np, test)


def choosing(tf, np):
    made = [tf.Variable(1.0, name=name) for name in ("Conv/weights", "Conv/biases", "fc/weights")]
    choose = tf.contrib.framework.filter_variables
    found = [
        choose(made, ["Conv"]), choose(made, None, ["biases"]), choose(made, ["weights"]),
        choose(made, ["weights"], reg_search=False), choose(made, ["C", "fc"], ["fc"]),
    ]  # fmt: skip
    chooser = tf.contrib.framework.VariableDeviceChooser(2)
    devices = [chooser(None) for _ in range(3)]
    return [[v.name for v in each] for each in found], devices

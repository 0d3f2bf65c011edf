"""Python functions as operations: `tf.py_func`, `tf.py_function`, `tf.numpy_function`."""

from goldens.kit import error, run, said


def run_for_what_they_do(tf, np):
    """With no output it is an operation, which has to be run."""
    seen, found = [], []
    x = tf.placeholder(tf.int32, [])
    for make in (tf.py_func, tf.numpy_function, tf.py_function):
        operation = make(lambda value: seen.append(int(value)), [x], [])
        with tf.control_dependencies([operation]):
            after = x + 1
        found += [type(operation).__name__, run(tf, operation, {x: 3}), run(tf, after, {x: 4})]
    stateless = tf.py_func(seen.append, [x], [], stateful=False)
    refused = tf.py_func(lambda value: value, [x], ())
    nothing = tf.py_func(lambda value: None, [x], tf.int32)
    return [found, sorted(seen), stateless,
            said(lambda: run(tf, refused, {x: 1}), "returns 1 values"),
            said(lambda: run(tf, nothing, {x: 1}), "returns 0 values")]  # fmt: skip


def checks_of_all_numbers(tf, np):
    x = tf.placeholder(tf.float32, [])
    check = tf.add_check_numerics_ops()
    seen = [run(tf, check, {x: 1.0}), error(lambda: run(tf, check, {x: np.nan}))]
    tf.cond(x > 0, lambda: x * 2, lambda: x)
    return [*seen, said(tf.add_check_numerics_ops, "not compatible with TensorFlow control flow")]


def no_such_element(tf, np):
    n = tf.placeholder(tf.int32)
    x = np.float32([[3, 1, 2]])
    found = tf.contrib.nn.nth_element(x, n)
    return [
        run(tf, found, {n: 2}), error(lambda: run(tf, found, {n: -1})),
        error(lambda: run(tf, found, {n: 3})),
        said(lambda: tf.contrib.nn.nth_element(x, -1), "non-negative but is -1"),
        said(lambda: tf.contrib.nn.nth_element(1.0, 0), "at least rank 1 but is rank 0"),
    ]  # fmt: skip


def texts_in_arrays_of_objects(tf, np):
    texts = np.array([b"ab", "c"], dtype=object)
    found = [make(lambda: texts, [], tf.string)
             for make in (tf.py_func, tf.numpy_function, tf.py_function)]  # fmt: skip
    return run(tf, [found, [tf.string_join([each, "x"]) for each in found]])

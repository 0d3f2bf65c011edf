"""What making, sharing and assigning variables refuses."""

from goldens.kit import accepted, error, said


def _names(variables):
    return [v.name for v in variables]


def exists_already(tf, np):
    tf.get_variable("w", [1])
    return said(
        lambda: tf.get_variable("w", [1]),
        "Variable w already exists, disallowed.",
        "Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in VarScope?",
    )


def exists_already_in_a_scope(tf, np):
    def layer():
        with tf.variable_scope("layer"):
            return tf.get_variable("w", [1])

    layer()
    return said(layer, "Variable layer/w already exists, disallowed.")


def does_not_exist(tf, np):
    with tf.variable_scope("layer", reuse=True):
        return said(
            lambda: tf.get_variable("w", [1]),
            "Variable layer/w does not exist",
            "or was not created with tf.get_variable()",
            "Did you mean to set reuse=tf.AUTO_REUSE in VarScope?",
        )


def made_by_variable_is_not_shared(tf, np):
    tf.Variable(1.0, name="w")
    with tf.variable_scope("", reuse=True):
        return error(lambda: tf.get_variable("w", []))


def shared_with_another_shape(tf, np):
    with tf.variable_scope("layer"):
        tf.get_variable("w", [2])
    with tf.variable_scope("layer", reuse=True):
        return said(
            lambda: tf.get_variable("w", [3]),
            "Trying to share variable layer/w, but specified shape (3,)",
            "found shape (2,).",
        )


def shared_with_another_dtype(tf, np):
    with tf.variable_scope("layer"):
        tf.get_variable("w", [2])
    with tf.variable_scope("layer", reuse=True):
        return said(lambda: tf.get_variable("w", [2], tf.int32), "Trying to share variable layer/w")


def shape_needed(tf, np):
    return [
        said(lambda: tf.get_variable("w"), "fully defined"),
        error(lambda: tf.get_variable("u", [None, 2])),
    ]


def shape_and_tensor(tf, np):
    return [
        said(
            lambda: tf.get_variable("w", [2], initializer=tf.zeros([2])),
            "If initializer is a constant, do not specify shape.",
        ),
        tf.get_variable("u", initializer=tf.zeros([2])).shape.as_list(),
        tf.get_variable("v", [], initializer=tf.zeros_initializer()).shape.as_list(),
        tf.get_variable("x", 3).shape.as_list(),
        tf.get_variable("y", initializer=5).dtype.name,
    ]


def variable_needs_a_value(tf, np):
    return [
        said(lambda: tf.Variable(), "initial_value must be specified."),
        error(lambda: tf.Variable(None)),
        error(lambda: tf.Variable([[1], [1, 2]])),
        error(lambda: tf.Variable(object())),
    ]


def dtype_refused(tf, np):
    return [
        error(lambda: tf.Variable(1.5, dtype=tf.int32)),
        error(lambda: tf.Variable(tf.constant(1.0), dtype=tf.int32)),
        error(lambda: tf.get_variable("w", initializer=tf.constant(1.0), dtype=tf.int32)),
    ]


def assign_of_another_shape(tf, np):
    v = tf.Variable([1.0, 2.0])
    return [
        error(lambda: v.assign([1.0])),
        error(lambda: v.assign(1.0)),
        error(lambda: tf.assign(v, [[1.0, 2.0]])),
        error(lambda: v.assign_add([1.0, 2.0, 3.0])),
        error(lambda: tf.assign(v, [1.0], validate_shape=False)),
    ]


def assign_of_another_dtype(tf, np):
    v = tf.Variable([1.0, 2.0])
    return [
        error(lambda: v.assign(tf.constant([1, 2]))),
        error(lambda: v.assign(np.array([1.0, 2.0]))),
        error(lambda: v.assign(["a", "b"])),
        error(lambda: v.assign([1, 2])),
    ]


def assign_to_what_is_no_variable(tf, np):
    return [
        accepted(tf, lambda: tf.assign(tf.constant(1.0), 2.0)),
        accepted(tf, lambda: tf.assign(3.0, 2.0)),
        accepted(tf, lambda: tf.assign_add(tf.placeholder(tf.float32), 1.0)),
    ]


def assign_at_run_of_another_shape(tf, np):
    v, x = tf.Variable([1.0, 2.0]), tf.placeholder(tf.float32)
    step = v.assign(x)
    with tf.Session() as sess:
        sess.run(v.initializer)
        return [error(lambda: sess.run(step, {x: [1, 2, 3]})), sess.run(step, {x: [5, 6]})]


def unknown_initial_shape(tf, np):
    x = tf.placeholder(tf.float32)
    return [
        said(lambda: tf.Variable(x), "initial_value must have a shape specified"),
        str(tf.Variable(x, validate_shape=False).shape),
    ]


def variables_are_not_iterable(tf, np):
    v = tf.Variable([1.0, 2.0])
    return [
        said(lambda: list(v), "'Variable' object is not iterable."),
        error(lambda: len(v)),
        error(lambda: float(v)),
    ]


def bad_names(tf, np):
    return [
        error(lambda: tf.Variable(1.0, name="two words")),
        error(lambda: tf.get_variable("two words", [1])),
        error(lambda: tf.get_variable("", [1])),
        error(lambda: tf.get_variable(3, [1])),
    ]

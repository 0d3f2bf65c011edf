"""name_scope and variable_scope: what they do to names, alone and together."""

from goldens.kit import error, names


def name_scope(tf, np):
    with tf.name_scope("layer") as scope:
        a = tf.constant(1.0, name="a")
    return [scope, a.name]


def name_scope_twice(tf, np):
    with tf.name_scope("layer") as first:
        tf.constant(1.0)
    with tf.name_scope("layer") as second:
        tf.constant(1.0)
    return [first, second] + names(tf)


def name_scope_nested(tf, np):
    with tf.name_scope("outer"), tf.name_scope("inner") as scope:
        tf.constant(1.0)
    return [scope] + names(tf)


def name_scope_reentered(tf, np):
    with tf.name_scope("layer") as scope:
        tf.constant(1.0)
    with tf.name_scope(scope):
        tf.constant(1.0)
    with tf.name_scope("layer/"):
        tf.constant(1.0)
    return names(tf)


def name_scope_left_by_none(tf, np):
    with tf.name_scope("outer"):
        with tf.name_scope(None) as scope:
            tf.constant(1.0, name="a")
        tf.constant(1.0, name="b")
    return [scope] + names(tf)


def name_scope_default_name(tf, np):
    with tf.name_scope(None, "default") as first:
        tf.constant(1.0)
    with tf.name_scope("given", "default", []) as second:
        tf.constant(1.0)
    return [first, second] + names(tf)


def name_scope_and_op_of_that_name(tf, np):
    tf.constant(1.0, name="layer")
    with tf.name_scope("layer") as scope:
        tf.constant(1.0, name="a")
    tf.constant(1.0, name="layer")
    return [scope] + names(tf)


def name_ends_with_slash(tf, np):
    tf.constant(1.0, name="exact/")
    return names(tf)


def scoped_op_name(tf, np):
    tf.constant(1.0, name="a/b")
    tf.constant(1.0, name="a")
    tf.constant(1.0, name="a/b")
    with tf.name_scope("a") as scope:
        tf.constant(1.0, name="b")
    return [scope] + names(tf)


def names_differ_by_case_only(tf, np):
    tf.constant(1.0, name="A")
    tf.constant(1.0, name="a")
    tf.constant(1.0, name="a")
    return names(tf)


def bad_op_names(tf, np):
    return [
        error(lambda name=name: tf.constant(1.0, name=name))
        for name in ("two words", "_private", "a:0", "-a", "a.b", "ok-dash", "a>b", "ä", ".a")
    ]


def bad_scope_names(tf, np):
    def enter(name):
        with tf.name_scope(name):
            tf.constant(1.0)

    return [
        error(lambda name=name: enter(name))
        for name in ("two words", "_private", "a:0", "", "a.b", 3)
    ]


def inner_scope_may_start_with_underscore(tf, np):
    with tf.name_scope("outer"), tf.name_scope("_inner"):
        return tf.constant(1.0).name


def variable_in_name_scope(tf, np):
    with tf.name_scope("layer"):
        v = tf.Variable(1.0, name="v")
        w = tf.get_variable("w", [1])
    return [v.name, w.name]


def variable_in_variable_scope(tf, np):
    with tf.variable_scope("layer"):
        v = tf.Variable(1.0, name="v")
        w = tf.get_variable("w", [1])
        a = tf.constant(1.0, name="a")
    return [v.name, w.name, a.name]


def variable_scope_twice(tf, np):
    with tf.variable_scope("layer"):
        tf.constant(1.0, name="a")
        v = tf.Variable(1.0, name="v")
    with tf.variable_scope("layer"):
        b = tf.constant(1.0, name="a")
        w = tf.Variable(1.0, name="v")
        u = tf.get_variable("u", [1])
    return [v.name, w.name, b.name, u.name]


def variable_scope_nested(tf, np):
    with tf.variable_scope("a"), tf.variable_scope("b") as scope:
        w = tf.get_variable("w", [1])
    return [w.name, scope.name, scope.original_name_scope]


def variable_scope_object(tf, np):
    with tf.variable_scope("layer") as scope:
        tf.get_variable("w", [1])
        a = tf.constant(1.0, name="a")
    with tf.variable_scope(scope, reuse=True):
        w = tf.get_variable("w", [1])
        b = tf.constant(1.0, name="a")
    return [w.name, a.name, b.name, scope.original_name_scope]


def variable_scope_object_inside_another(tf, np):
    with tf.variable_scope("layer") as scope:
        pass
    with tf.variable_scope("other"), tf.variable_scope(scope):
        w = tf.get_variable("w", [1])
        a = tf.constant(1.0, name="a")
    return [w.name, a.name]


def variable_scope_without_auxiliary_name_scope(tf, np):
    with tf.variable_scope("layer") as scope:
        tf.constant(1.0, name="a")
    with tf.variable_scope(scope, auxiliary_name_scope=False):
        a = tf.constant(1.0, name="a")
        w = tf.get_variable("w", [1])
    return [a.name, w.name]


def variable_scope_default_name(tf, np):
    found = []
    for _ in range(3):
        with tf.variable_scope(None, "dense") as scope:
            w = tf.get_variable("w", [1])
            found += [scope.name, w.name, tf.constant(1.0, name="a").name]
    return found


def variable_scope_default_name_nested(tf, np):
    found = []
    with tf.variable_scope("net"):
        for _ in range(2):
            with tf.variable_scope(None, default_name="dense"):
                found.append(tf.get_variable("w", [1]).name)
    return found


def default_name_with_reuse(tf, np):
    def enter():
        with tf.variable_scope(None, default_name="dense", reuse=True):
            pass

    return error(enter)


def variable_scope_reuse(tf, np):
    with tf.variable_scope("layer"):
        first = tf.get_variable("w", [1])
    with tf.variable_scope("layer", reuse=True):
        second = tf.get_variable("w", [1])
    return [first is second, names(tf)]


def variable_scope_reuse_variables(tf, np):
    with tf.variable_scope("layer") as scope:
        first = tf.get_variable("w", [1])
        before = scope.reuse
        scope.reuse_variables()
        second = tf.get_variable("w", [1])
    return [first is second, before, scope.reuse]


def reuse_through_get_variable_scope(tf, np):
    first = tf.get_variable("w", [1])
    tf.get_variable_scope().reuse_variables()
    return first is tf.get_variable("w", [1])


def reuse_is_inherited(tf, np):
    with tf.variable_scope("a"), tf.variable_scope("b"):
        first = tf.get_variable("w", [1])
    with tf.variable_scope("a", reuse=True), tf.variable_scope("b") as scope:
        return [first is tf.get_variable("w"), scope.reuse]


def reuse_cannot_be_unset_inside(tf, np):
    with tf.variable_scope("a", reuse=True), tf.variable_scope("b", reuse=False) as scope:
        return bool(scope.reuse)


def auto_reuse(tf, np):
    found = []
    for _ in range(2):
        with tf.variable_scope("layer", reuse=tf.AUTO_REUSE):
            found.append(tf.get_variable("w", [1]))
    return [found[0] is found[1], found[0].name]


def auto_reuse_function(tf, np):
    def layer(x):
        with tf.variable_scope("layer", reuse=tf.AUTO_REUSE):
            return x * tf.get_variable("w", [1])

    layer(1.0)
    layer(1.0)
    return [v.name for v in tf.global_variables()] + names(tf)


def variable_reuse_makes_new_variables_of_class(tf, np):
    with tf.variable_scope("layer"):
        first = tf.Variable(1.0, name="w")
    with tf.variable_scope("layer", reuse=True):
        second = tf.Variable(1.0, name="w")
    return [first.name, second.name]


def get_variable_after_variable(tf, np):
    first = tf.Variable(1.0, name="w")
    second = tf.get_variable("w", initializer=1.0)
    return [first.name, second.name]


def variable_after_get_variable(tf, np):
    first = tf.get_variable("w", initializer=1.0)
    second = tf.Variable(1.0, name="w")
    return [first.name, second.name]


def get_variable_with_slashes(tf, np):
    first = tf.get_variable("a/b/w", [1])
    with tf.variable_scope("a", reuse=True), tf.variable_scope("b"):
        return [first.name, first is tf.get_variable("w")]


def variable_scope_inside_name_scope(tf, np):
    with tf.name_scope("outer"), tf.variable_scope("layer") as scope:
        w = tf.get_variable("w", [1])
        a = tf.constant(1.0, name="a")
    return [w.name, a.name, scope.name, scope.original_name_scope]


def name_scope_inside_variable_scope(tf, np):
    with tf.variable_scope("layer"), tf.name_scope("inner"):
        w = tf.get_variable("w", [1])
        v = tf.Variable(1.0, name="v")
        a = tf.constant(1.0, name="a")
    return [w.name, v.name, a.name]


def root_scope(tf, np):
    scope = tf.get_variable_scope()
    return [scope.name, bool(scope.reuse), scope.original_name_scope, scope.dtype.name]


def empty_variable_scope(tf, np):
    with tf.variable_scope(""):
        w = tf.get_variable("w", [1])
        a = tf.constant(1.0, name="a")
    return [w.name, a.name]


def variable_scope_with_slash(tf, np):
    with tf.variable_scope("a/b") as scope:
        w = tf.get_variable("w", [1])
    return [scope.name, w.name]


def scope_default_initializer(tf, np):
    with tf.variable_scope("layer", initializer=tf.constant_initializer(3.0)):
        w = tf.get_variable("w", [2])
        with tf.variable_scope("inner"):
            v = tf.get_variable("v", [1])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(w), sess.run(v)]


def scope_default_regularizer(tf, np):
    regularizer = tf.contrib.layers.l2_regularizer(0.5)
    with tf.variable_scope("layer", regularizer=regularizer):
        tf.get_variable("w", [2], initializer=tf.ones_initializer())
        tf.get_variable("b", [2], regularizer=tf.no_regularizer)
    return [t.name for t in tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)]


def scope_default_dtype(tf, np):
    with tf.variable_scope("layer", dtype=tf.float64):
        return tf.get_variable("w", [2]).dtype.name


def scope_setters(tf, np):
    with tf.variable_scope("layer") as scope:
        scope.set_initializer(tf.zeros_initializer())
        w = tf.get_variable("w", [2])
    return [w.initial_value.op.type, type(scope.initializer).__name__]


def variable_scope_of_a_bad_kind(tf, np):
    def enter(name):
        with tf.variable_scope(name):
            pass

    return [error(lambda: enter(None)), error(lambda: enter(3))]


def variable_op_scope(tf, np):
    with tf.variable_op_scope([], None, "dense"):
        return tf.get_variable("w", [1]).name


def get_variable_scope_name(tf, np):
    with tf.variable_scope("a"), tf.variable_scope("b"):
        return tf.get_variable_scope().name


def slots_of_one_layer_called_twice(tf, np):
    def dense(x, name):
        with tf.variable_scope(name):
            w = tf.get_variable("kernel", [2, 2])
            return tf.matmul(x, w)

    dense(dense(tf.ones([1, 2]), "one"), "two")
    return [v.name for v in tf.trainable_variables()] + names(tf)

"""The operations behind a variable, and what is built on it."""

from goldens.kit import names, typed


def variable_from_number(tf, np):
    tf.Variable(1.0)
    tf.Variable(1.0, name="w")
    tf.Variable(2, name="w")
    return typed(tf)


def variable_from_tensor(tf, np):
    tf.Variable(tf.zeros([2]), name="w")
    return typed(tf)


def variable_from_random(tf, np):
    tf.Variable(tf.random_normal([2, 2]), name="w")
    return typed(tf)


def variable_from_callable(tf, np):
    tf.Variable(lambda: tf.zeros([2]), name="w")
    return typed(tf)


def get_variable_default(tf, np):
    tf.get_variable("w", [2, 3])
    return typed(tf)


def get_variable_default_integer(tf, np):
    tf.get_variable("w", [2], dtype=tf.int32)
    return typed(tf)


def get_variable_from_tensor(tf, np):
    tf.get_variable("w", initializer=tf.constant([1.0, 2.0]))
    return typed(tf)


def get_variable_from_array(tf, np):
    tf.get_variable("w", initializer=np.zeros([2], np.float32))
    return typed(tf)


def get_variable_zeros(tf, np):
    tf.get_variable("w", [2], initializer=tf.zeros_initializer())
    return typed(tf)


def get_variable_large_zeros(tf, np):
    tf.get_variable("w", [2000], initializer=tf.zeros_initializer)
    return typed(tf)


def get_variable_ones(tf, np):
    tf.get_variable("w", [2], initializer=tf.ones_initializer())
    return typed(tf)


def get_variable_constant(tf, np):
    tf.get_variable("w", [2], initializer=tf.constant_initializer(0))
    return typed(tf)


def get_variable_random_normal(tf, np):
    tf.get_variable("w", [2], initializer=tf.random_normal_initializer())
    return typed(tf)


def get_variable_random_uniform(tf, np):
    tf.get_variable("w", [2], initializer=tf.random_uniform_initializer(-1, 1))
    return typed(tf)


def get_variable_truncated_normal(tf, np):
    tf.get_variable("w", [2], initializer=tf.truncated_normal_initializer(stddev=0.1))
    return typed(tf)


def get_variable_xavier(tf, np):
    tf.get_variable("w", [2, 3], initializer=tf.contrib.layers.xavier_initializer())
    return typed(tf)


def get_variable_glorot_normal(tf, np):
    tf.get_variable("w", [2, 3], initializer=tf.glorot_normal_initializer())
    return typed(tf)


def get_variable_variance_scaling(tf, np):
    tf.get_variable("w", [2, 3], initializer=tf.variance_scaling_initializer())
    return typed(tf)


def get_variable_regularized(tf, np):
    regularizer = tf.contrib.layers.l2_regularizer(scale=0.01)
    tf.get_variable("w", [2], initializer=tf.zeros_initializer(), regularizer=regularizer)
    return typed(tf)


def assignments(tf, np):
    w = tf.Variable(1.0, name="w")
    tf.assign(w, 2.0)
    tf.assign_add(w, 2.0)
    tf.assign_sub(w, 2.0)
    w.assign(3.0)
    w.assign_add(3.0)
    w.assign_sub(3.0)
    return typed(tf)


def arithmetic_reads(tf, np):
    w = tf.Variable(1.0, name="w")
    _ = w + 1.0
    tf.identity(w)
    w.read_value()
    return names(tf)


def variable_slice(tf, np):
    w = tf.Variable([1.0, 2.0], name="w")
    _ = w[0]
    return names(tf)


def scatter(tf, np):
    w = tf.Variable([1.0, 2.0], name="w")
    tf.scatter_update(w, [0], [5.0])
    tf.scatter_add(w, [0], [5.0])
    tf.scatter_sub(w, [0], [5.0])
    return typed(tf)


def initializers_of_all(tf, np):
    tf.Variable(1.0, name="w")
    first = tf.global_variables_initializer()
    second = tf.initialize_all_variables()
    third = tf.local_variables_initializer()
    some = tf.variables_initializer([], name="none")
    return [first.name, first.type, second.name, third.name, some.name]


def names_of_parts(tf, np):
    w = tf.get_variable("w", [2], initializer=tf.zeros_initializer())
    return [
        w.name,
        w.op.name,
        w.op.type,
        w.initializer.name,
        w.initializer.type,
        w.initial_value.name,
        w.value().name,
        w.dtype.name,
        str(w.get_shape()),
    ]


def variable_read_is_its_snapshot(tf, np):
    w = tf.Variable(1.0, name="w")
    product = w * 2.0
    return [tensor.name for tensor in product.op.inputs]


def assign_inputs(tf, np):
    w = tf.Variable(1.0, name="w")
    op = w.assign(2.0).op
    return [[tensor.name for tensor in op.inputs], op.outputs[0].name, str(w.assign(2.0).dtype)]


def minimise_forward_names(tf, np):
    w = tf.get_variable("w", initializer=1.0)
    loss = tf.square(w)
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    return [step.name, step.type, [op.name for op in step.control_inputs]]


def gradient_tensor_names(tf, np):
    a = tf.constant(2.0, name="a")
    b = tf.constant(3.0, name="b")
    return [tensor.name for tensor in tf.gradients(a * b + a, [a, b])]


def gradients_twice(tf, np):
    a = tf.constant(2.0, name="a")
    loss = tf.square(a)
    return [tf.gradients(loss, a)[0].name, tf.gradients(loss, a)[0].name]


def gradients_in_a_scope(tf, np):
    a = tf.constant(2.0, name="a")
    with tf.name_scope("train"):
        return tf.gradients(tf.square(a), a)[0].name

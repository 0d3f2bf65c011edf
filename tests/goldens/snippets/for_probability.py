"""What TensorFlow Probability asks of modules that TensorFlow kept to itself."""
from goldens.kit import error, inside, names, run


def linear_operator_util(tf, np):
    util = inside(tf, "python.ops.linalg.linear_operator_util")
    a = tf.constant([[[2.0, 0.0], [1.0, 3.0]]])
    b = tf.constant(np.arange(12.0).reshape(3, 2, 2), tf.float32)
    column = tf.constant([[1.0], [2.0]])
    unknown = tf.placeholder_with_default(b, None)
    with tf.Session() as session:
        return session.run([
            util.broadcast_matrix_batch_dims([a, b, column]),
            util.broadcast_matrix_batch_dims([a, unknown]),
            util.matrix_solve_with_broadcast(a, b, adjoint=True),
            util.matrix_triangular_solve_with_broadcast(a, column),
            util.matrix_triangular_solve_with_broadcast(a[0], b, adjoint=True),
            util.cholesky_solve_with_broadcast(a, b),
            util.shape_tensor([]), util.shape_tensor([2, 3]),
        ])  # fmt: skip


def linear_operator_hints(tf, np):
    util = inside(tf, "python.ops.linalg.linear_operator_util")
    given = tf.linalg.LinearOperatorIdentity(2, is_square=True)
    full = tf.linalg.LinearOperatorFullMatrix([[1.0]], is_self_adjoint=False)
    variable = tf.Variable(1.0)
    hint = util.use_operator_or_provided_hint_unless_contradicting
    return [
        hint(given, "is_non_singular", None, "no"), hint(full, "is_non_singular", False, "no"),
        hint(full, "is_self_adjoint", None, "no"),
        error(lambda: hint(full, "is_self_adjoint", True, "no")),
        util.convert_nonref_to_tensor(variable) is variable, util.is_ref(1.0),
        util.convert_nonref_to_tensor(None), util.convert_nonref_to_tensor(1).dtype.name,
        error(lambda: util.convert_nonref_to_tensor(variable, tf.float64)),
        error(lambda: util.assert_not_ref_type(variable, "x")),
        error(lambda: util.broadcast_matrix_batch_dims([tf.ones([2]), tf.ones([2, 2])])),
        error(lambda: run(tf, util.assert_no_entries_with_modulus_zero([1.0, 0.0]))),
        error(lambda: run(tf, util.assert_zero_imag_part([1.0 + 2.0j]))),
        util.assert_zero_imag_part([1.0]).type,
        error(lambda: run(tf, util.assert_compatible_matrix_dimensions(given, tf.ones([3, 1])))),
    ]


def sums_of_operators(tf, np):
    add = inside(tf, "python.ops.linalg.linear_operator_addition").add_operators
    one = tf.linalg.LinearOperatorIdentity(2, batch_shape=[2], name="one")
    scaled = tf.linalg.LinearOperatorScaledIdentity(2, 3.0, name="scaled")
    diag = tf.linalg.LinearOperatorDiag([1.0, 2.0], is_positive_definite=True, name="diag")
    lower = tf.linalg.LinearOperatorLowerTriangular([[1.0, 0.0], [5.0, 1.0]], name="lower")
    full = tf.linalg.LinearOperatorFullMatrix([[1.0, 2.0], [3.0, 4.0]], name="full")
    found = []
    for each in ([one, scaled], [diag, scaled], [scaled, one, diag], [diag, lower, scaled],
                 [full, lower, diag], [full]):  # fmt: skip
        (total,) = add(each)
        found.append([type(total).__name__, total.name, total.is_positive_definite,
                      total.is_self_adjoint, total.is_non_singular, run(tf, total.to_dense())])
    wide = tf.linalg.LinearOperatorFullMatrix(tf.ones([2, 3]))
    return [*found, error(lambda: add([])), error(lambda: add([full, wide])),
            error(lambda: add([full, 1.0]))]  # fmt: skip


def sizes_of_operators_that_are_known(tf, np):
    operator = tf.linalg.LinearOperatorDiag(tf.ones([2, 3], name="d"), name="o")
    for each in (operator.batch_shape_tensor, operator.range_dimension_tensor,
                 operator.domain_dimension_tensor, operator.tensor_rank_tensor):  # fmt: skip
        each()
    operator.matvec(tf.ones([2, 3], name="x"))
    operator.solvevec(tf.ones([2, 3], name="y"))
    return names(tf)


def unique_slices(tf, np):
    ops = inside(tf, "python.ops.gen_array_ops")
    x = np.array([[1, 1, 2], [1, 1, 3], [1, 1, 2]])
    real = np.array([[0.0, np.nan], [0.0, np.nan], [-0.0, 1.0], [0.0, 1.0]])
    text = np.array(["a", "b", "a"])
    counted = ops.unique_with_counts_v2(x, axis=tf.constant([0], tf.int32))
    cases = [(x, [1]), (x, [-1]), (x[0], []), (np.zeros([0, 3]), [0]), (np.zeros([3, 0]), [0]),
             (real, [0]), (text, [0])]  # fmt: skip
    with tf.Session() as session:
        return [
            list(counted._fields), list(session.run(counted)),
            *(list(session.run(ops.unique_v2(value, axis=tf.constant(axis, tf.int64))))
              for value, axis in cases),
            *(error(lambda axis=axis: session.run(ops.unique_v2(x, tf.constant(axis, tf.int64))))
              for axis in ([], [2], [0, 1])),
        ]  # fmt: skip


def parameterized_truncated_normal(tf, np):
    draw = inside(tf, "python.ops.random_ops").parameterized_truncated_normal
    low, high = [-1.0, 0.5, 3.0, -np.inf, -0.1], [1.0, 4.0, np.inf, -2.0, 0.2]
    found = []
    for dtype in (tf.float32, tf.float64):
        found += [draw([5, 7], [0.0] * 5, [1.0, 2.0, 0.5, 1.0, 3.0], low, high, dtype, seed=3),
                  draw([150], 1.0, 2.0, 0.0, 2.0, dtype, seed=4), draw([2, 3], dtype=dtype, seed=5)]
    with tf.Session() as session:
        again = session.run(found)
        return [*again, session.run(found[0]),
                error(lambda: session.run(draw([3], 0.0, 1.0, 2.0, 1.0))),
                error(lambda: session.run(draw([3], [0.0] * 2, 1.0, 0.0, [1.0] * 2)))]  # fmt: skip


def gradients_that_there_are_not(tf, np):
    def refused(make):
        with tf.Graph().as_default():
            x = tf.constant([1.0, 2.0])
            old = tf.Variable([1.0, 2.0], use_resource=False)
            return error(lambda: tf.gradients(make(x, old), x))

    return [
        refused(lambda x, old: tf.random_shuffle(x)),
        refused(lambda x, old: tf.random_poisson(x, [2])),
        refused(lambda x, old: tf.scatter_update(old, [0, 1], x)),
        refused(lambda x, old: tf.scatter_min(old, [0, 1], x)),
        refused(lambda x, old: old[:].assign(x)),
        refused(lambda x, old: x + tf.stop_gradient(tf.random_poisson(x, [2])[0])),
    ]


def attributes_that_are_none(tf, np):
    found = tf.searchsorted([1.0, 2.0], [1.5], side="right", out_type=None)
    return [found.dtype.name, run(tf, found)]


def band_part_nodes(tf, np):
    made = tf.linalg.band_part(tf.ones([3, 3], name="x"), -1, 0)
    return [made.op.inputs[1].dtype.name, names(tf)]


def convolution_nodes(tf, np):
    Convolution = inside(tf, "python.ops.nn_ops").Convolution
    x = tf.placeholder(tf.float32, [None, 5, 5, 2], name="x")
    kernel = tf.ones([3, 3, 2, 4], name="kernel")
    plain = Convolution(x.shape, kernel.shape, "SAME", strides=(2, 1))
    wide = Convolution(x.shape, kernel.shape, "VALID", dilation_rate=[2, 2])
    values = np.arange(50.0).reshape(1, 5, 5, 2)
    with tf.Session() as session:
        found = session.run([plain(x, kernel), wide(x, kernel)], {x: values})
    return [*found, error(lambda: Convolution(x.shape, tf.TensorShape([3, 3, 3, 4]), "SAME")),
            error(lambda: Convolution(x.shape, tf.TensorShape([3, 2, 4]), "SAME"))]  # fmt: skip


def initializers_of_v2(tf, np):
    made, shape = tf.compat.v2.initializers, [3, 4]
    found = [made.TruncatedNormal(seed=1), made.VarianceScaling(2.0, seed=2),
             made.GlorotUniform(seed=3), made.glorot_normal(seed=4), made.Orthogonal(seed=5),
             made.Identity(2.0), made.he_normal(6), made.lecun_uniform(7), made.zeros(),
             made.constant(2.0)]  # fmt: skip
    return [*(run(tf, each(shape)) for each in found), [each.get_config() for each in found],
            error(lambda: made.GlorotUniform()(shape, tf.int32)),
            tf.compat.v2.losses.Huber is tf.keras.losses.Huber,
            tf.compat.v2.optimizers.Adam.__name__, tf.compat.v2.newaxis]  # fmt: skip


def modules_are_of_no_class_of_their_own(tf, np):
    class Meta(type):
        pass

    class Own(tf.Module, metaclass=Meta):
        pass

    layer = tf.keras.layers.Dense(1)
    return [isinstance(Own(), tf.Module), isinstance(layer, tf.Module),
            isinstance(tf.layers.Dense(1), tf.Module), issubclass(tf.keras.Model, tf.Module)]


def attributes_set_to_what_they_are(tf, np):
    class Own(tf.Module):
        size = property(lambda self: self.value.shape)

    own, value = Own(), tf.ones([2, 3])
    own.value = value
    own.size = value.shape  # TensorFlow has nothing to set: it is the same object
    own._kept = own._no_dependency([tf.Variable(1.0)])

    def other():
        own.size = tf.TensorShape([4])

    return [own.size.as_list(), value.shape is value.get_shape(), type(own._kept).__name__,
            error(other)]  # fmt: skip


def a_tape_in_a_function_of_a_graph(tf, np):
    v = tf.Variable(2.0, use_resource=True, name="v")

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = v * v
        watched = tape.watched_variables()
        return tape.gradient(loss, watched), [each is v for each in watched]

    grads, same = step()
    with tf.Session() as session:
        session.run(v.initializer)
        return [session.run(grads), session.run(same)]

"""tf.gradients: its arguments, structure and the values of its common cases."""

from goldens.kit import error, names, run, said, shapes


def _is_none(gradients):
    return [gradient is None for gradient in gradients]


def of_a_square(tf, np):
    x = tf.constant(3.0)
    return run(tf, tf.gradients(tf.square(x), x))


def returns_a_list(tf, np):
    x, y = tf.constant(3.0), tf.constant(2.0)
    found = tf.gradients(x * y, [x, y])
    return [type(found).__name__, len(found), run(tf, found), run(tf, tf.gradients([x * y], x))]


def fan_out(tf, np):
    x = tf.constant(3.0)
    y = x * x + 2.0 * x + tf.exp(x) - x
    return run(tf, tf.gradients(y, x))


def several_losses_are_summed(tf, np):
    x = tf.constant([1.0, 2.0])
    return run(tf, tf.gradients([x * x, 3.0 * x], x))


def non_scalar_losses_are_summed(tf, np):
    x = tf.constant([1.0, 2.0, 3.0])
    return run(tf, tf.gradients(tf.square(x), x))


def grad_ys(tf, np):
    x = tf.constant([1.0, 2.0])
    return run(
        tf,
        [
            tf.gradients(x * x, x, grad_ys=[tf.constant([10.0, 1.0])]),
            tf.gradients(x * x, x, grad_ys=tf.constant([1.0, 0.0])),
            tf.gradients([x * x, x], x, grad_ys=[None, tf.constant([5.0, 5.0])]),
        ],
    )


def grad_ys_of_other_shapes(tf, np):
    x = tf.constant([1.0, 2.0])
    y = tf.reshape(x * x, [2, 1])
    return run(
        tf,
        [
            tf.gradients(y, x, grad_ys=[[[[3.0], [4.0]]]]),
            tf.gradients(x * x, x, grad_ys=[[5.0]]),
        ],
    )


def grad_ys_refused(tf, np):
    x = tf.constant([1.0, 2.0])
    return [
        error(lambda: tf.gradients(x * x, x, grad_ys=[1.0, 2.0, 3.0])),
        error(lambda: tf.gradients(x * x, x, grad_ys=[tf.constant([1, 2])])),
    ]


def of_itself(tf, np):
    x = tf.constant([1.0, 2.0])
    return run(tf, tf.gradients(x, x))


def unconnected(tf, np):
    x, y = tf.constant(1.0), tf.constant(2.0)
    return _is_none(tf.gradients(x * 2.0, [x, y]))


def unconnected_gradients_zero(tf, np):
    x, y = tf.constant(1.0), tf.constant([2.0, 3.0])
    found = tf.gradients(x * 2.0, [x, y], unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return run(tf, found) + run(tf, tf.gradients(x, y, unconnected_gradients="zero"))


def unconnected_gradients_of_nonsense(tf, np):
    x = tf.constant(1.0)
    return error(lambda: tf.gradients(x, x, unconnected_gradients="nonsense"))


def through_stop_gradient(tf, np):
    x = tf.constant(3.0)
    return [
        run(tf, tf.gradients(x * tf.stop_gradient(x), x)),
        _is_none(tf.gradients(tf.stop_gradient(x * x), x)),
    ]


def stop_gradients_argument(tf, np):
    a = tf.constant(2.0)
    b = 3.0 * a
    return [
        run(tf, tf.gradients(a + b, [a, b], stop_gradients=[a, b])),
        run(tf, tf.gradients(a + b, [a, b])),
        run(tf, tf.gradients(a * b, a, stop_gradients=b)),
    ]


def of_an_inner_tensor(tf, np):
    x = tf.constant(2.0)
    y = x * 3.0
    z = tf.square(y)
    return run(tf, tf.gradients(z, [x, y, z]))


def second_order(tf, np):
    x = tf.constant(2.0)
    first = tf.gradients(x * x * x, x)[0]
    second = tf.gradients(first, x)[0]
    third = tf.gradients(second, x)[0]
    return run(tf, [first, second, third])


def second_order_of_functions(tf, np):
    x = tf.constant([0.5, 1.5])
    found = []
    for function in (
        tf.exp,
        tf.log,
        tf.sqrt,
        tf.sigmoid,
        tf.tanh,
        tf.sin,
        tf.square,
        tf.nn.softplus,
        tf.reciprocal,
        tf.rsqrt,
    ):
        found.append(tf.gradients(tf.gradients(function(x), x)[0], x)[0])
    return run(tf, found)


def hessian_vector(tf, np):
    x = tf.constant([1.0, 2.0])
    loss = x[0] * x[0] * x[1]
    gradient = tf.gradients(loss, x)[0]
    return run(tf, tf.gradients(gradient, x, grad_ys=tf.constant([1.0, 1.0])))


def hessians(tf, np):
    x = tf.constant([1.0, 2.0])
    return run(tf, tf.hessians(tf.reduce_sum(x * x * x), x))


def of_variables(tf, np):
    v, u = tf.Variable(3.0), tf.Variable(2.0)
    found = tf.gradients(v * v * u, [v, u, v.value()])
    return [_is_none(found), run(tf, found[:2])]


def of_a_variable_used_twice(tf, np):
    v = tf.Variable([1.0, 2.0])
    loss = tf.reduce_sum(v * v) + tf.reduce_sum(3.0 * v)
    return run(tf, tf.gradients(loss, v))


def of_placeholders(tf, np):
    x = tf.placeholder(tf.float32, [None, 2])
    found = tf.gradients(tf.reduce_sum(x * x), x)[0]
    return [str(found.shape), run(tf, found, {x: [[1, 2], [3, 4]]})]


def of_integers(tf, np):
    i = tf.constant(2)
    return [
        _is_none(tf.gradients(tf.cast(i, tf.float32) * 2.0, i)),
        error(lambda: tf.gradients(i * i, i)),
    ]


def through_integers_and_comparisons(tf, np):
    x = tf.constant([1.0, -2.0])
    mask = tf.cast(x > 0.0, tf.float32)
    return [
        _is_none(tf.gradients(mask, x)),
        run(tf, tf.gradients(mask * x, x)),
        _is_none(tf.gradients(tf.cast(tf.argmax(x, 0), tf.float32), x)),
        _is_none(tf.gradients(tf.to_float(tf.shape(x)), x)),
    ]


def through_a_cast(tf, np):
    x = tf.constant([1.0, 2.0])
    found = tf.gradients(tf.cast(x, tf.float64) * 3.0, x)[0]
    return [found.dtype.name, run(tf, found)]


def of_bad_arguments(tf, np):
    x = tf.constant(1.0)
    return [error(lambda: tf.gradients("a", x)), tf.gradients(x, []), _is_none(tf.gradients([], x))]


def of_an_op_without_a_rule(tf, np):
    x = tf.constant([3.0, 1.0])
    return said(
        lambda: tf.gradients(tf.cast(tf.unique(x)[0], tf.float32), x),
        "No gradient defined for operation",
        "Unique",
    )


def gradients_of_gather_are_slices(tf, np):
    table = tf.constant([[1.0], [2.0], [3.0]])
    found = tf.gradients(tf.gather(table, [2, 0, 2]), table)[0]
    return [
        type(found).__name__,
        found.dense_shape is None,
        run(tf, found),
        run(tf, tf.convert_to_tensor(found)),
    ]


def slices_of_a_variable(tf, np):
    table = tf.Variable([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    rows = tf.nn.embedding_lookup(table, [[0, 2], [2, 2]])
    found = tf.gradients(tf.reduce_sum(rows * rows), table)[0]
    values = run(tf, found)
    return [type(found).__name__, values.values, values.indices, values.dense_shape]


def slices_from_two_gathers(tf, np):
    table = tf.Variable([1.0, 2.0, 3.0])
    loss = tf.reduce_sum(tf.gather(table, [0])) + 2.0 * tf.reduce_sum(tf.gather(table, [0, 1]))
    found = tf.gradients(loss, table)[0]
    return [type(found).__name__, run(tf, tf.convert_to_tensor(found))]


def slices_and_dense_add_to_dense(tf, np):
    table = tf.Variable([1.0, 2.0, 3.0])
    loss = tf.reduce_sum(tf.gather(table, [0])) + tf.reduce_sum(table * table)
    found = tf.gradients(loss, table)[0]
    return [type(found).__name__, run(tf, found)]


def gather_with_an_axis(tf, np):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    found = tf.gradients(tf.square(tf.gather(x, [2, 2, 0], axis=1)), x)[0]
    return [type(found).__name__, run(tf, tf.convert_to_tensor(found))]


def aggregation_methods(tf, np):
    x = tf.constant(2.0)
    y = x * x + x + 3.0 * x
    methods = (
        tf.AggregationMethod.ADD_N,
        tf.AggregationMethod.DEFAULT,
        tf.AggregationMethod.EXPERIMENTAL_ACCUMULATE_N,
    )
    return [run(tf, tf.gradients(y, x, aggregation_method=method)[0]) for method in methods]


def colocation_and_gates_are_accepted(tf, np):
    x = tf.constant(2.0)
    return run(tf, tf.gradients(x * x, x, colocate_gradients_with_ops=True, gate_gradients=True))


def name_argument(tf, np):
    x = tf.constant(2.0, name="x")
    tf.gradients(tf.square(x, name="y"), x, name="backprop")
    return [name for name in names(tf) if name.startswith("backprop/y")]


def gradients_do_not_change_the_forward_graph(tf, np):
    x = tf.constant(2.0)
    y = tf.square(x)
    before = names(tf)
    tf.gradients(y, x)
    return names(tf)[: len(before)] == before


def figure_of_the_talk(tf, np):
    w, x = tf.constant([4.0, 5.0, -2.0]), tf.constant([-2.0, 1.0, -3.0])
    b, y = tf.constant(8.0), tf.constant(9.0)
    products = w * x
    estimate = tf.reduce_sum(products) + b
    delta = y - estimate
    error_squared = tf.square(delta)
    edges = [error_squared, delta, estimate, b, products, w, x, y]
    return run(tf, [edges, tf.gradients(error_squared, edges)])


def partial_derivative_shapes(tf, np):
    x, w = tf.placeholder(tf.float32, [None, 3]), tf.zeros([3, 2])
    b = tf.zeros([2])
    return shapes(*tf.gradients(tf.matmul(x, w) + b, [x, w, b]))


def custom_gradient(tf, np):
    @tf.custom_gradient
    def clipped(x):
        return x * x, lambda dy: dy * 100.0

    x = tf.constant(3.0)
    y = clipped(x)
    return run(tf, [y, tf.gradients(y, x)])


def gradient_override(tf, np):
    with tf.get_default_graph().gradient_override_map({"Square": "Exp"}):
        x = tf.constant(2.0)
        y = tf.square(x)
    return run(tf, tf.gradients(y, x))


def tensors_of_long_chains(tf, np):
    x = tf.constant(1.0)
    y = x
    for _ in range(2000):
        y = y + x
    return run(tf, [y, tf.gradients(y, x)[0]])

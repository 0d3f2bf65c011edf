"""Gradients that a program defines: custom_gradient, RegisterGradient, gradient_override_map."""

from goldens.kit import attempt, error, inside, run, said, typed


def _unique(tf, name):
    """A name that no earlier run in this process has registered."""
    _unique.count = getattr(_unique, "count", 0) + 1
    return "Own%s%d" % (name, _unique.count)


def custom_of_two(tf, np):
    @tf.custom_gradient
    def product(x, y):
        return x * y, lambda dy: (dy * 10.0, dy * y)

    x, y = tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0])
    z = product(x, y)
    return run(tf, [z, tf.gradients(z, [x, y])]) + [z.name, str(z.shape)]


def custom_names(tf, np):
    @tf.custom_gradient
    def f(x):
        return x * x, lambda dy: dy * 100.0

    x = tf.constant(3.0)
    tf.gradients(f(x), x)
    return typed(tf)


def custom_of_several_results(tf, np):
    @tf.custom_gradient
    def both(x):
        return {"b": x + 1.0, "a": [x * 2.0]}, lambda da, db: da * 3.0 + db * 5.0

    x = tf.constant([1.0, 2.0])
    made = both(x)
    return [sorted(made), type(made["a"]).__name__] + run(
        tf,
        [
            made,
            tf.gradients(made["a"][0], x),
            tf.gradients(made["b"], x),
            tf.gradients([made["a"][0], made["b"]], x),
        ],
    )


def custom_of_arrays_and_none(tf, np):
    @tf.custom_gradient
    def f(x, y):
        return x + y, lambda dy: (dy, None)

    x, y = tf.constant([1.0]), tf.constant([2.0])
    z = f(x, y)
    return [tf.gradients(z, y)[0] is None] + run(tf, [tf.gradients(z, x), f([1.0], [5.0])])


def custom_of_second_order(tf, np):
    @tf.custom_gradient
    def log1pexp(x):
        e = tf.exp(x)
        return tf.log(1 + e), lambda dy: dy * (1 - 1 / (1 + e))

    x = tf.constant([0.0, 100.0])
    y = log1pexp(x)
    first = tf.gradients(y, x)[0]
    return run(tf, [first, tf.gradients(first, x)[0]])


def custom_with_variables(tf, np):
    def layer(x):
        w = tf.get_variable("w", initializer=tf.constant([2.0, 3.0]), use_resource=True)

        def grad(dy, variables=None):
            return dy * 7.0, [dy * 11.0 for _ in variables]

        return x * w, grad

    x = tf.constant([1.0, 1.0])
    y = tf.custom_gradient(layer)(x)
    w = tf.global_variables()[0]
    return run(tf, [y, tf.gradients(y, [x, w])])


def custom_refused(tf, np):
    x = tf.constant([1.0, 1.0])

    def takes_none(x):
        w = tf.get_variable("w", initializer=tf.constant([2.0, 3.0]), use_resource=True)
        return x * w, lambda dy: dy

    def takes_in_vain(x):
        return x * 2.0, lambda dy, variables=None: dy

    @tf.custom_gradient
    def few(x, y):
        return x * y, lambda dy: dy

    return [
        error(lambda: tf.custom_gradient(takes_none)(x)),
        said(lambda: tf.custom_gradient(takes_in_vain)(x), "use_resource=True"),
        error(lambda: few(x, y=x)),
        error(lambda: tf.gradients(few(x, x), x)),
    ]


def registered(tf, np):
    name = _unique(tf, "Square")
    seen = []

    @tf.RegisterGradient(name)
    def gradient(op, dy):
        seen.append([op.type, op.name, len(op.inputs), len(op.outputs)])
        return dy * op.inputs[0] * op.outputs[0]

    x = tf.constant([2.0, 3.0])
    with tf.get_default_graph().gradient_override_map({"Square": name}):
        y = tf.square(x)
    other = tf.square(x)
    found = run(tf, [tf.gradients(y, x), tf.gradients(other, x)])
    attr = y.op.get_attr("_gradient_op_type").decode() == name
    return found + [seen, attr, error(lambda: other.op.get_attr("_gradient_op_type"))]


def straight_through(tf, np):
    x = tf.constant([0.3, -1.6])
    with tf.get_default_graph().gradient_override_map({"Sign": "Identity", "Round": "Identity"}):
        y, z = tf.sign(x), tf.round(x)
    return run(tf, [tf.gradients(y, x), tf.gradients(z, x)])


def of_a_python_function(tf, np):
    name = _unique(tf, "PyFunc")

    @tf.RegisterGradient(name)
    def gradient(op, dy, _):
        return dy * 2.0 * op.inputs[0], None

    x, i = tf.constant([1.0, 2.0]), tf.constant([1, 2])
    with tf.get_default_graph().gradient_override_map({"PyFunc": name}):
        y, j = tf.py_func(lambda v, k: (v * v, k), [x, i], [tf.float32, tf.int32])
    found = tf.gradients(y, x)[0]
    return run(tf, [y, j, found]) + [str(found.shape)]


def guided_relu(tf, np):
    name = _unique(tf, "Relu")

    @tf.RegisterGradient(name)
    def gradient(op, dy):
        gate = tf.cast(op.outputs[0] > 0, tf.float32) * tf.cast(dy > 0, tf.float32)
        return gate * dy

    x = tf.constant([-1.0, 2.0, 3.0])
    with tf.get_default_graph().gradient_override_map({"Relu": name}):
        y = tf.nn.relu(x)
    return run(tf, tf.gradients(y, x, tf.constant([1.0, -1.0, 5.0])))


def nested_overrides(tf, np):
    graph, x = tf.get_default_graph(), tf.constant(2.0)
    with graph.gradient_override_map({"Square": "Exp"}):
        with graph.gradient_override_map({"Square": "Identity"}):
            inner = tf.square(x)
        middle = tf.square(x)
    outer = tf.square(x)
    return run(tf, [tf.gradients(y, x)[0] for y in (inner, middle, outer)])


def not_differentiable(tf, np):
    name = _unique(tf, "Stop")
    tf.NotDifferentiable(name)
    x = tf.constant(2.0)
    with tf.get_default_graph().gradient_override_map({"Square": name}):
        y = tf.square(x)
    return [tf.gradients(y, x)[0] is None, error(lambda: tf.NoGradient(name))]


def refused(tf, np):
    graph, x, name = tf.get_default_graph(), tf.constant([2.0, 3.0]), _unique(tf, "Bad")

    @tf.RegisterGradient(name)
    def gradient(op, dy):
        return dy, dy

    wrong = _unique(tf, "Wrong")

    @tf.RegisterGradient(wrong)
    def wrong_shape(op, dy):
        return tf.constant([1.0, 2.0, 3.0])

    with graph.gradient_override_map({"Square": name, "Exp": "NoSuchGradient", "Log": wrong}):
        y, z, w = tf.square(x), tf.exp(x), tf.log(x)
    with_list = attempt(lambda: graph.gradient_override_map(["Square"]).__enter__())
    return [
        error(lambda: tf.gradients(y, x)),
        error(lambda: tf.gradients(z, x)),
        error(lambda: tf.gradients(w, x)),
        error(lambda: tf.RegisterGradient(3)),
        error(lambda: tf.RegisterGradient("Square")(gradient)),
        error(lambda: tf.RegisterGradient(name)(gradient)),
        error(lambda: tf.NotDifferentiable(3)),
        with_list,
        attempt(lambda: graph.gradient_override_map({"Square": 3}).__enter__()),
    ]


def hessians_of_several(tf, np):
    x, v = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.Variable([5.0])
    y = tf.reduce_sum(x * x * x) * v[0] * v[0]
    found = tf.hessians(y, [x, v])
    return run(tf, found) + [
        error(lambda: tf.hessians(y, tf.constant(1.0))),
        error(lambda: tf.hessians(tf.reduce_sum(x * 2.0), x)),
    ]


def compute_gradient(tf, np):
    x = tf.constant([[1.0, 2.0]])
    y = tf.exp(x) * 2.0
    value = np.float32([[0.5, 0.25]])
    with tf.Session():
        exact, numeric = tf.test.compute_gradient(x, [1, 2], y, [1, 2], x_init_value=value)
        small = tf.test.compute_gradient_error(x, [1, 2], y, [1, 2], x_init_value=value)
    return [exact, bool(np.allclose(exact, numeric, atol=1e-2)), 0 < small < 1e-2]


def compute_gradient_of_several(tf, np):
    x, v = tf.constant([1.0, 2.0], tf.float64), tf.placeholder(tf.float64, [])
    w = tf.Variable(np.float64(3.0))
    y = x * w * v
    feed = {v: 2.0}
    with tf.Session():
        pairs = tf.test.compute_gradient(
            [x, w],
            [[2], []],
            y,
            [2],
            x_init_value=[np.float64([1, 2]), np.float64(3.0)],
            init_targets=[w.initializer],
            extra_feed_dict=feed,
        )
        worst = tf.test.compute_gradient_error(
            x, [2], y, [2], extra_feed_dict=feed, delta=1e-4, init_targets=[w.initializer]
        )
    return [pairs[0][0], pairs[1][0], bool(worst < 1e-6)]


def compute_gradient_of_rows(tf, np):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    y = tf.square(tf.gather(x, [2, 0]))
    value = np.float32([[1, 2], [3, 4], [5, 6]])
    with tf.Session():
        return tf.test.compute_gradient(x, [3, 2], y, [2, 2], x_init_value=value)[0]


def compute_gradient_refused(tf, np):
    x = tf.constant([1.0, 2.0])
    whole = tf.constant([1, 2])
    with tf.Session():
        return [
            error(lambda: tf.test.compute_gradient(x, [3], x * x, [2], np.zeros(2, np.float32))),
            error(lambda: tf.test.compute_gradient(whole, [2], tf.to_float(whole), [2])),
        ]


def decorated_gradients_of_what_variables_made(tf, np):
    """As StyleGAN writes its layers: each gradient has one of its own again."""
    def leaky(x):
        alpha = tf.constant(0.2)

        @tf.custom_gradient
        def function(x):
            y = tf.maximum(x, x * alpha)

            @tf.custom_gradient
            def gradient(dy):
                dx = tf.where(y >= 0.0, dy, dy * alpha)
                return dx, lambda ddx: tf.where(y >= 0.0, ddx, ddx * alpha)

            return y, gradient

        return function(x)

    w = tf.Variable([2.0, -3.0, 0.5])
    x = tf.constant([1.0, 2.0, -4.0])
    y = leaky(leaky(w * x) + 0.1)
    (first,) = tf.gradients(tf.square(y), x)
    second = tf.gradients(tf.square(first), [w, x])
    return run(tf, [y, first, *second])


def functions_of_types(tf, np):
    """`function.Defun`: with a gradient in Python, by another function, or that of its nodes."""
    function = inside(tf, "python.framework.function")

    @function.Defun(
        python_grad_func=lambda op, dy: tf.convert_to_tensor(dy),
        shape_func=lambda op: [op.inputs[0].get_shape()],
    )
    def whole(x):
        return x

    @function.Defun(tf.float32, tf.float32, tf.float32, tf.float32)
    def of_two(x, y, dz, dw):
        return dz * 3.0 + dw, dw * y

    @function.Defun(tf.float32, tf.float32, grad_func=of_two, func_name=_unique(tf, "two"))
    def two(x, y):
        return x * y, x + y

    @function.Defun(tf.float32, noinline=True)
    def plain(x):
        return tf.square(x)

    tf.set_random_seed(5)
    table = tf.placeholder(tf.float32, [2, 2])
    picked = tf.gather(whole(table), [0, 0])
    z, w = two(table[0], table[1], name="named")
    square = plain(table)
    drawn = tf.random_uniform([])
    gradients = [tf.gradients(each, table) for each in (picked, z, [z, w], square)]
    return [
        str(whole(table).shape), z.name.split(":")[0].split("/")[0],
        run(tf, [picked, z, w, square, drawn, gradients], {table: [[1.0, 2.0], [3.0, 4.0]]}),
        error(lambda: two(1.0)), error(lambda: function.Defun(tf.float32)(lambda: 1)),
        error(lambda: function.Defun()(lambda x=1: x)),
        error(lambda: function.Defun(tf.float32, grad_func=of_two, python_grad_func=of_two)(
            lambda x: x)(tf.constant(1.0))),
    ]  # fmt: skip


def within_a_function(tf, np):
    """Gradients within a Defun end at its arguments, of what these were made."""
    function = inside(tf, "python.framework.function")

    @function.Defun(tf.float32, tf.float32)
    def slope(a, b):
        return tf.gradients(a * b * b, a)[0]

    x = tf.constant([3.0, -1.0])
    return run(tf, slope(x, 2 * x))


def calls_of_functions(tf, np):
    """A call of a Defun bears its name, and all calls share the variables."""
    function = inside(tf, "python.framework.function")

    @function.Defun(tf.float32, func_name=_unique(tf, "scaled"))
    def scaled(x):
        w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
        return x * w, x - w

    @function.Defun()
    def nothing():
        return tf.constant(1.0)

    x = tf.constant([3.0, 4.0])
    with tf.variable_scope("first"):
        y, z = scaled(x, name="y")
    with tf.variable_scope("second"):
        again = scaled(x, name="again")[0]
    with tf.name_scope("scope"):
        inner = nothing(name="inner")
    gradients = tf.gradients(y + again, [x, *tf.global_variables()])
    return [
        [t.name for t in (y, z, again, inner)], [v.name for v in tf.global_variables()],
        run(tf, [y, z, again, inner, *gradients]),
        error(lambda: nothing(1.0)), error(lambda: scaled()),
        error(lambda: scaled(x, device="/cpu:0")),
    ]  # fmt: skip

"""Functions that are traced where operations run at once: gradients of gradients, signatures."""

from goldens.kit import attempt, eagerly, run, said


def _values(tf, found):
    return [None if x is None else tf.convert_to_tensor(x).numpy() for x in found]


def _functions(tf):
    v = tf.Variable(2.0)
    return v, [
        tf.function(lambda x: tf.sin(x) * v),
        tf.function(lambda x: tf.reduce_sum(v * v * v * x * x)),
        tf.function(lambda x: tf.exp(x * tf.function(lambda y: v * y * y)(x))),
        tf.contrib.eager.defun(lambda x: x / v),
    ]


def gradients_of_gradients(tf, np):
    with eagerly(tf):
        v, functions = _functions(tf)
        x, found = tf.constant(0.75), []
        for f in functions:
            with tf.GradientTape() as third:
                third.watch(x)
                with tf.GradientTape() as second:
                    second.watch(x)
                    with tf.GradientTape() as first:
                        first.watch(x)
                        y = f(x) * x
                    one = first.gradient(y, [x, v])
                two = second.gradient(one[0], [x, v])
            found.append(_values(tf, [*one, *two, *third.gradient(two[0], [x, v])]))
        return found


def gradients_of_what_gradients_begin_with(tf, np):
    with eagerly(tf):
        v, functions = _functions(tf)
        x, found = tf.constant(0.75), []
        for f in functions:
            with tf.GradientTape(persistent=True) as tape:
                tape.watch(x)
                y = f(x)
                inside = tape.gradient(y, [x, v])
            with tf.GradientTape() as after:
                dy = tf.constant(2.0)
                after.watch(dy)
                g = tape.gradient(y, x, dy)
            found.append(_values(tf, [g, after.gradient(g, dy), *tape.gradient(inside[0], [x, v]),
                                      *tape.gradient(inside[1], [x, v])]))  # fmt: skip
        return found


def variables_that_change(tf, np):
    with eagerly(tf):
        v, x = tf.Variable([2.0, 3.0]), tf.constant([3.0, 5.0])

        @tf.function
        def step(x):
            before = v * x
            v.assign_add([1.0, 1.0])
            return before * v

        with tf.GradientTape() as tape:
            tape.watch(x)
            y = step(x)
        v.assign([9.0, 9.0])
        return _values(tf, [y, *tape.gradient(y, [v, x])])


def own_gradients_in_functions(tf, np):
    with eagerly(tf):
        v, x = tf.Variable(3.0), tf.constant(2.0)

        @tf.custom_gradient
        def scaled(x):
            return v * x, lambda dy, variables=None: (dy * 10.0, [dy * 100.0] * len(variables))

        @tf.custom_gradient
        def forgotten(x):
            return v * x, lambda dy: dy

        f = tf.function(lambda x: scaled(x) * 2.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return [_values(tf, tape.gradient(y, [x, v])),
                said(lambda: tf.function(forgotten)(x), "uses variables")]  # fmt: skip


def variables_are_made_once(tf, np):
    with eagerly(tf):
        made = []

        @tf.function
        def once(x):
            if not made:
                made.append(tf.Variable(2.0))
            return x * made[0]

        def anew(x):
            return tf.Variable(1.0) + x

        one = tf.constant(1.0)
        return [
            _values(tf, [once(one), once(tf.constant([3.0]))]), len(made),
            said(lambda: tf.function(anew)(one), "tried to create variables on non-first call"),
        ]


def variables_are_made_once_in_graphs(tf, np):
    made = []

    @tf.function
    def once(x):
        if not made:
            made.append(tf.get_variable("v", [], initializer=tf.ones_initializer()))
        return x * made[0]

    @tf.function
    def anew(x):
        return tf.Variable(1.0, use_resource=True) + x

    found = run(tf, [once(tf.constant(2.0)), once(tf.constant([3.0]))])
    said_so = said(lambda: anew(1.0), "tried to create variables on non-first call")
    return [found, len(made), said_so]


def signatures(tf, np):
    with eagerly(tf):
        sums = tf.function(tf.reduce_sum, input_signature=[tf.TensorSpec([None, None])])
        whats = [[[0], [1.0], [1]], tf.ones([2, 2]), tf.ones([2]), tf.ones([2, 2], tf.float64),
                 np.ones([2, 2]), "a"]  # fmt: skip
        found = [attempt(lambda what=what: sums(what).numpy()) for what in whats]
        pair = tf.TensorSpec([None]), {"b": tf.TensorSpec([], tf.int32, "size")}

        @tf.function(input_signature=pair)
        def scaled(x, other, factor=2.0):
            return x * tf.cast(other["b"], tf.float32) * factor

        found += [
            attempt(lambda: scaled(tf.ones([2]), {"b": 3}).numpy()),
            attempt(lambda: scaled(tf.ones([2]), other={"b": 3}).numpy()),
            attempt(lambda: scaled(tf.ones([2]), {"c": 3})),
            said(lambda: scaled(tf.ones([2]), {"b": 3}, 3.0), "only pass arguments covered by it"),
            said(lambda: scaled(tf.ones([2]), {"b": 3}, factor=3.0), "only pass arguments"),
            said(lambda: tf.function(sums, input_signature=[1])(1.0), "Invalid input_signature"),
            said(lambda: tf.function(sums, input_signature=tf.TensorSpec([])), "tuple or a list"),
        ]
        return found


def concrete_functions(tf, np):
    with eagerly(tf):
        @tf.function(input_signature=[tf.TensorSpec([None]), tf.TensorSpec([], name="by")])
        def scaled(x, factor):
            return {"a": x * factor, "b": [None, factor]}

        difference = tf.function(lambda a, *rest, c: a - rest[0]["k"] - c)
        signed = scaled.get_concrete_function()
        one = tf.constant(1.0)
        given = difference.get_concrete_function(one, {"k": one}, c=one)
        concrete = signed, given
        return [
            [[x.op.name for x in each.inputs] for each in concrete],
            [str(shape) for shape in tf.nest.flatten(signed.output_shapes)],
            [dtype.name for dtype in tf.nest.flatten(signed.output_dtypes) if dtype],
            signed(tf.ones([2]), by=tf.constant(3.0))["a"].numpy(),
            signed(x=tf.ones([2]), by=tf.constant(3.0))["a"].numpy(),
            attempt(lambda: signed(tf.ones([2]), factor=one)),
            attempt(lambda: signed(tf.ones([2]), one, one)),
        ]


def arguments_that_are_several_tensors(tf, np):
    with eagerly(tf):
        traced = []

        @tf.function
        def total(sparse):
            traced.append(str(sparse.values.shape))
            return tf.sparse.reduce_sum(sparse)

        found = []
        for i in range(3):
            found.append(total(tf.SparseTensor([[0, 0], [1, 1]], [1.0 + i, 2.0], [2, 2])).numpy())
        return [found, len(traced)]


def what_functions_return(tf, np):
    with eagerly(tf):
        changed = tf.function(lambda x: x.append(1) or 1.0)
        return [
            tf.function(lambda x: None)(1), tf.function(lambda: [1.0, None])()[1],
            said(lambda: changed([1.0]), "should not modify structure of input"),
        ]


def what_is_made_outside(tf, np):
    with eagerly(tf):
        made = []

        @tf.function
        def scoped(x):
            with tf.name_scope("outer"):
                if not made:
                    made.append(tf.Variable(2.0, name="v"))
                return x * made[0]

        scoped(tf.constant(1.0))
        with tf.GradientTape() as tape:
            with tf.init_scope():
                y = made[0] * 3.0
        return [made[0].name, tape.gradient(y, made[0])]


def variables_as_targets(tf, np):
    with eagerly(tf):
        v, w = tf.Variable(2.0), tf.Variable(3.0)
        with tf.GradientTape() as tape:
            larger = max(v, w)
        return _values(tf, tape.gradient(larger, [v, w]))


def effects_in_a_graph(tf, np):
    v = tf.get_variable("v", [], initializer=tf.zeros_initializer(), use_resource=True)

    @tf.contrib.eager.defun
    def counted():
        v.assign_add(1.0)
        return 5.0, {"text": "done"}

    number, texts = counted()
    return [run(tf, [number, v.read_value()])[0], run(tf, texts["text"]), _after(tf, number, v)]


def _after(tf, fetch, variable):
    with tf.Session() as session:
        session.run(variable.initializer)
        session.run([fetch, fetch])
        return session.run(variable)


def derived_in_a_graph(tf, np):
    w = tf.get_variable("w", [], initializer=tf.ones_initializer(), use_resource=True)
    x, inside = tf.constant(3.0), []
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x * w
        z = y * y

    def body(i):
        read = w + 1.0
        with tf.GradientTape() as in_loop:
            product = w * 2.0
        inside.append(in_loop.gradient(product, w))
        return i + inside[0] * read

    last = tf.while_loop(lambda i: i < 4.0, body, [1.0])
    return run(tf, [*tape.gradient(z, [x, y, z, w]), tape.gradient(y, [y])[0], last])


def what_a_function_refuses(tf, np):
    """Arguments that are taken apart, and specs that the signature does not allow."""
    with eagerly(tf):
        a, b, c = (tf.constant(float(i)) for i in range(3))

        @tf.function
        def moving(n):
            n[0].append(n[1].pop(0))

        signed = tf.function(lambda x: x * 2.0, input_signature=[tf.TensorSpec([2], tf.float32)])
        wrong = [tf.TensorSpec([3], tf.float32), tf.TensorSpec([2], tf.int32), tf.ones([2, 1])]
        right = [tf.TensorSpec([2], tf.float32), tf.ones([2])]
        return [
            said(lambda: moving([[a], [b, c]]), "should not modify structure of input arguments"),
            [said(lambda each=each: signed.get_concrete_function(each),
                  "Python inputs incompatible") for each in wrong],
            [signed.get_concrete_function(each)(tf.constant([1.0, 2.0])).numpy()
             for each in right],
        ]  # fmt: skip

"""What programs written for TensorFlow 1 were found to rely on."""

from goldens.kit import error, inside, run, said, shapes, typed


def indices_of_unknown_rank(tf, np):
    i, x = tf.placeholder(tf.int32), tf.constant([[1, 2], [3, 4]])
    picked = [x[0, i], x[i:], x[i], x[i, :1]]
    return [
        shapes(*picked[:3]), run(tf, picked, {i: 1}),  # of the last minitf knows more
        error(lambda: x[tf.constant([0])]), error(lambda: x[tf.placeholder(tf.float32)]),
    ]  # fmt: skip


def views_of_dicts_as_variables(tf, np):
    held = {"b": tf.Variable(2.0, name="first"), "a": tf.Variable([3.0], name="second")}
    loss = held["a"] * held["b"]
    optimizer = tf.train.GradientDescentOptimizer(0.5)
    found = [
        [variable.name for _, variable in optimizer.compute_gradients(loss, given)]
        for given in (held.values(), held, [held.values()], (held["a"], [held["b"]]))
    ]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(optimizer.minimize(loss, var_list=held.values()))
        return [found, session.run(held)]


def names_of_sparse_products(tf, np):
    matrix = tf.SparseTensor([[0, 1]], [2.0], [2, 3])
    tf.sparse_tensor_dense_matmul(matrix, np.float32([[1], [2], [3]]))
    tf.sparse_tensor_dense_matmul(matrix, tf.ones([2, 1]), adjoint_a=True, name="turned")
    return typed(tf)


def sparse_products(tf, np):
    """Of rows that stand in any order, some of them twice or not at all."""
    rows, columns = np.int64([3, 0, 3, 1, 3]), np.int64([1, 2, 0, 2, 1])
    matrix = tf.SparseTensor(
        np.stack([rows, columns], 1), tf.constant([1.0, 2.0, 3.0, 4.0, 5.0]), [5, 3]
    )
    b, c = tf.constant(np.float32([[1, 2], [3, 4], [5, 6]])), tf.ones([5, 2])
    products = [
        tf.sparse_tensor_dense_matmul(matrix, b),
        tf.sparse_tensor_dense_matmul(matrix, c, adjoint_a=True),
        tf.sparse_tensor_dense_matmul(matrix, b[:, :0]),
    ]
    weights = np.float32([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]])
    loss = tf.reduce_sum(products[0] * weights)
    return run(tf, products + tf.gradients(loss, [b, matrix.values]))


def _layer(tf, x, size=2):
    w = tf.get_variable("w", [3, size], initializer=tf.ones_initializer())
    tf.get_variable("steps", [], trainable=False, initializer=tf.zeros_initializer())
    return tf.matmul(x, w, name="product")


def templates(tf, np):
    x = tf.ones([1, 3])
    layer = tf.make_template("layer", lambda *args, **kwargs: _layer(tf, *args, **kwargs), size=4)
    before = [layer.name, layer.variable_scope, layer.variable_scope_name]
    results = [layer(x), layer(x), layer(x=2 * x)]
    with tf.variable_scope("outer"):
        other = tf.make_template("layer", lambda y: _layer(tf, y), create_scope_now_=True)
        results.append(other(x))
    results.append(other(x))
    third = tf.make_template("layer", lambda y: _layer(tf, y), unique_name_="own")
    results += [third(x), third(x)]
    return [
        before, [result.name for result in results], run(tf, results),
        [[template.variable_scope.name, template.variable_scope_name,
          [v.name for v in template.variables], [v.name for v in template.trainable_variables],
          [v.name for v in template.non_trainable_variables], [v.name for v in template.weights],
          template.local_variables] for template in (layer, other, third)],
        [v.name for v in tf.global_variables()],
    ]  # fmt: skip


def templates_that_fail(tf, np):
    fresh = tf.make_template("fresh", lambda: tf.Variable(1.0))
    fresh()
    kept = tf.make_template("kept", lambda trainable: tf.Variable(1.0, trainable=trainable))
    kept(False)
    kept(False)
    again = tf.make_template("again", lambda: tf.get_variable("v", []), unique_name_="again")
    again()
    twin = tf.make_template("again", lambda: tf.get_variable("v", []), unique_name_="again")
    with tf.variable_scope("outer"):
        nameless = tf.make_template("", lambda: 1, create_scope_now_=True)
    wrong = tf.make_template("wrong", lambda: tf.ones([2]) + tf.ones([3]))
    return [
        error(fresh), error(lambda: kept(True)), error(twin), error(wrong), error(wrong),
        error(lambda: tf.make_template(None, lambda: 1)),
        tf.make_template("two", lambda a, b: [a, b], b=2)(1), nameless.variable_scope_name,
    ]


def templates_with_a_getter(tf, np):
    asked = []

    def getter(get, name, *args, **kwargs):
        asked.append(name)
        return get(name, *args, **kwargs)

    layer = tf.make_template("layer", lambda y: _layer(tf, y), custom_getter_=getter)
    layer(tf.ones([1, 3])), layer(tf.ones([1, 3]))
    return asked


def none_among_tensors(tf, np):
    x = tf.placeholder(tf.float32, [None, 4])
    return [
        error(lambda: tf.stack([1, None, 2])), error(lambda: tf.stack([None, 1])),
        error(lambda: tf.stack([x, None], axis=1)), error(lambda: tf.concat([x, None], 1)),
        error(lambda: tf.add_n([x, None])), error(lambda: tf.reshape(x, [None, 2])),
        error(lambda: tf.zeros([None, 2])), error(lambda: tf.tile(x, [None, 1])),
        error(lambda: x + None), error(lambda: tf.identity(None)),
    ]  # fmt: skip


def names_of_choices(tf, np):
    x = tf.placeholder(tf.float32, [2])
    tf.where(x > 0, x, [1.0, 2.0])
    tf.where([True, False], [1.0, 2.0], x, name="picked")
    return typed(tf)


def a_list_of_outputs_is_changed(tf, np):
    columns = tf.decode_csv("3.5,Present,1", [[1.0], [""], [0]])
    columns[1] = tf.cond(tf.equal(columns[1], "Present"), lambda: tf.ones([]), lambda: tf.zeros([]))
    parts = tf.split([1.0, 2.0, 3.0], 3)
    parts.reverse()
    rows = tf.unstack(tf.constant([[1.0], [2.0]]))
    del rows[0]
    return run(tf, [tf.stack(columns[:2]), columns[2], tf.concat(parts, 0), rows])


def strings_from_loops(tf, np):
    letters = tf.constant(["T", "e", "n"])
    return run(tf, [
        tf.scan(lambda a, x: a + x, letters),
        tf.foldr(lambda a, x: tf.string_join([x, a], "-"), letters),
        tf.map_fn(lambda x: tf.string_join([x, x]), letters),
        tf.map_fn(lambda x: tf.as_string(x), tf.constant([1, 2]), tf.string),
    ])  # fmt: skip


def the_graph_of_a_session(tf, np):
    with tf.Session() as sess:
        a = tf.constant(1.0, name="a")
        before = [node.name for node in sess.graph_def.node]
        tf.identity(a, name="b")
        later = [[node.name, node.op, list(node.input)] for node in sess.graph_def.node]
        return [before, later, type(sess.graph_def).__name__]


def numbers_after_moving_averages(tf, np):
    """Those of the graph's seed count the nodes that guard an initial value."""
    tf.set_random_seed(3)
    w = tf.get_variable("w", [2, 3], initializer=tf.ones_initializer())
    v = tf.Variable(tf.zeros([3]), name="v")
    averages = tf.train.ExponentialMovingAverage(0.9)
    averages.apply([w, v])
    drawn = [tf.random_uniform([2])]
    u = tf.Variable(w.initialized_value() * 2.0, name="u")
    drawn.append(tf.random_uniform([2]))
    initial = [x.initializer.inputs[1].name for x in (averages.average(w), averages.average(v), u)]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [initial, session.run(u), session.run(drawn)]


def descriptions_of_ops(tf, np):
    v, x = tf.get_variable("v", [2]), tf.placeholder(tf.float32)
    queue = tf.FIFOQueue(3, tf.float32)
    element = tf.data.Dataset.range(3).make_one_shot_iterator().get_next()
    made = [
        v.op, v.initializer, x.op, queue.queue_ref.op, queue.dequeue().op, queue.enqueue(1.0),
        tf.random_uniform([2]).op, tf.py_func(lambda: 1, [], tf.int64).op, element.op, tf.no_op(),
        tf.assign_add(v, [1.0, 1.0]).op, tf.Assert(True, [1]), tf.Print(x, [x]).op,
        tf.summary.scalar("a", 1.0).op, tf.where(x > 0).op, tf.random_shuffle([1]).op,
        tf.TensorArray(tf.float32, 3).handle.op, (x + 1.0).op,
    ]  # fmt: skip
    return [[op.op_def.name, op.op_def.is_stateful] for op in made]


def arguments_of_generators(tf, np):
    seen = []

    def generator(*args):
        seen.extend([isinstance(arg, bytes), getattr(arg, "shape", "none"), arg] for arg in args)
        yield 1

    dataset = tf.data.Dataset.from_generator(
        generator, tf.int32, args=("path", 1, 2.5, np.array([1, 2]), ["a", "b"], True)
    )
    with tf.Session() as session:
        session.run(dataset.make_one_shot_iterator().get_next())
    return [[a, str(shape), isinstance(arg, np.generic), arg] for a, shape, arg in seen]


def sizes_of_unknown_rank(tf, np):
    """A batch size fed by a placeholder that says no shape."""
    x, size = tf.placeholder(tf.float32, [None, 16]), tf.placeholder(tf.int32)
    made = [
        tf.reshape(x, [size * 25, 10, 16]), tf.reshape(x, tf.stack([size, 10, 16])),
        tf.reshape(x, [-1, size, 16]), tf.zeros([size, 3]), tf.fill([size, 3], 1.0),
        tf.random_uniform([size, 3]), tf.tile(x, [size, 2]), tf.slice(x, [0, 0], [size, 3]),
        tf.image.resize_images(tf.zeros([1, 2, 2, 1]), [size, 5]),
    ]  # fmt: skip
    return [shapes(*made), run(tf, made[3], {size: 2})]


def names_imported_by_programs(tf, np):
    """Modules that programs import at their head; sizes as copies of dynamic_rnn join them."""
    resolver, jit = inside(tf, "contrib.cluster_resolver"), inside(tf, "contrib.compiler.jit")
    monitored = inside(tf, "contrib.learn.python.learn.monitored_session")
    shape_of = inside(tf, "python.ops.rnn")._maybe_tensor_shape_from_tensor
    cells = inside(tf, "python.ops.rnn_cell_impl")
    _concat, zeros = cells._concat, cells._zero_state_tensors((2, [3]), 4, tf.float32)
    fn_args = inside(tf, "python.util.function_utils").fn_args

    with jit.experimental_jit_scope(), tf.contrib.compiler.jit.experimental_jit_scope(bool):
        joined = _concat(tf.constant(3), tf.TensorShape([4]))
    size = tf.placeholder(tf.int32, [])
    return [
        run(tf, [joined, _concat(size, 5)], {size: 2}), _concat(3, [4, None], static=True),
        _concat(size, 5, static=True), error(lambda: _concat(None, 2)),
        error(lambda: _concat(tf.ones([1, 1], tf.int32), 2)),
        str(shape_of(tf.constant([1, 2]))), shape_of(7), shapes(zeros[0], zeros[1][0]),
        [cells._BIAS_VARIABLE_NAME, cells._WEIGHTS_VARIABLE_NAME],
        list(fn_args(lambda a, b: a)), monitored.MonitoredSession.__name__,
        resolver.__name__.split(".")[-1],
        tf.contrib.framework.nest.flatten_up_to([1, 2], [[3], 4]),
    ]  # fmt: skip


def dicts_of_nested_keys(tf, np):
    flatten = tf.contrib.framework.nest.flatten_dict_items
    found = flatten({(4, (6, 8)): ("a", ("c", "d")), 7: ["e", "g"]})
    return [
        sorted([key, value] for key, value in found.items()), error(lambda: flatten([1])),
        error(lambda: flatten({(1, 2): "a"})), error(lambda: flatten({(1, 2): "ab", 2: "c"})),
        error(lambda: flatten({(1, 2): ["a", "b"], 2: "c"})),
    ]  # fmt: skip


def types_that_differ(tf, np):
    """It is the first argument of the type that is named, not the first one."""
    matrix, dense = tf.SparseTensor([[0, 1]], np.array([2.0]), [2, 3]), tf.ones([3, 2])
    return [
        said(lambda: tf.sparse_tensor_dense_matmul(matrix, dense),
             "Input 'b' of 'SparseTensorDenseMatMul' Op has type float32 that does not match type "
             "float64 of argument 'a_values'"),
        said(lambda: tf.raw_ops.MatMul(a=dense, b=tf.constant([[1, 2]])), "of argument 'a'"),
    ]  # fmt: skip


def rows_in_place(tf, np):
    inplace = inside(tf, "python.ops.inplace_ops")
    kinds = [inplace.inplace_update, inplace.inplace_add, inplace.inplace_sub]
    x, i = tf.reshape(tf.range(6.0), [3, 2]), tf.placeholder(tf.int32, [])
    row, rows = tf.constant([10.0, 20.0]), tf.constant([[1.0, 2.0], [3.0, 4.0]])
    found = [[kind(x, i, row), kind(x, [2, 0], rows), kind(x, None, x * 2)] for kind in kinds]
    return [run(tf, found, {i: 1}), run(tf, found[0][0], {i: -1}),
            str(inplace.alias_inplace_add(x, i, row).shape),
            str(inplace.empty_like(x).shape)]  # fmt: skip

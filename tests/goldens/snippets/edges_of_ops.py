"""What ops make of sizes of zero, of axes said twice, and of other edges."""

from goldens.kit import accepted, attempt, error, inside, run, said, shape


def axes_said_twice(tf, np):
    x = tf.constant(np.arange(24.0).reshape(2, 3, 4))
    fed, axes = tf.placeholder(tf.float64), tf.placeholder(tf.int32)
    sums = [tf.reduce_sum, tf.reduce_mean, tf.reduce_max, tf.reduce_prod, tf.reduce_logsumexp]
    known = [reduce(x, axis, keepdims=keep) for reduce in sums for axis in ([0, 0], [1, -2, 0])
             for keep in (False, True)]  # fmt: skip
    known += [tf.reduce_all(x > 3, [2, 2]), tf.count_nonzero(x, [0, -3])]
    gradients = [tf.gradients(reduce(x, [1, 1]), x)[0] for reduce in sums[:3]]
    late = [reduce(fed, axes) for reduce in sums]
    with tf.Session() as sess:
        return [
            [shape(t) for t in known], sess.run(known), sess.run(gradients),
            [sess.run(late, {fed: np.ones([2, 3]), axes: said}) for said in ([1, 1], [0, -2])],
            error(lambda: tf.reduce_sum(x, [0, 3])),
        ]  # fmt: skip


def quotients_of_integers(tf, np):
    def divided(dtype):
        x = tf.placeholder(dtype)
        return run(tf, tf.realdiv(x, x - x + 2), {x: np.array([7, 249, 1]).astype(dtype)})

    ragged = tf.ragged.constant([[1.0, 2.0], [3.0]])
    return [
        [divided(dtype) for dtype in ("int8", "uint8", "int32", "int64", "float32")],
        tf.realdiv(3, 2, name="quotient").name, tf.realdiv(3, 2).name,
        run(tf, tf.realdiv(ragged, 2.0).flat_values), error(lambda: tf.realdiv(1, 2.5)),
        attempt(lambda: tf.realdiv(tf.constant(1), tf.constant(2.5))),
        error(lambda: tf.realdiv(True, False)), error(lambda: tf.realdiv([1, 2], [1, 2, 3])),
    ]  # fmt: skip


def base64_refused(tf, np):
    texts = ("YQ==", "YQ=", "Y", "=", "==", "====", "YWI==", "YWI====", "YWJj====", "Y=WI", "Y+==",
             "YWJj", "YWJj==", "YQ=Q", "YWJjZA==")  # fmt: skip
    return [attempt(lambda text=text: run(tf, tf.decode_base64(text))) for text in texts]


def one_hot_types_and_sizes(tf, np):
    depth = tf.placeholder(tf.int32)
    made = [
        lambda: tf.one_hot([0], 3, np.float64(1), np.float32(0)),
        lambda: tf.one_hot([0], 3, 1.5, 0), lambda: tf.one_hot([0], 3, None, 0.5),
        lambda: tf.one_hot([0], 3, 2, dtype=tf.float32), lambda: tf.one_hot([0], 3, "a", "b"),
        lambda: tf.one_hot([0], 0), lambda: tf.one_hot(np.int8([0]), 2),
        lambda: tf.one_hot(tf.constant([0], tf.int8), 2),
    ]  # fmt: skip
    return [
        [attempt(lambda build=build: run(tf, build())) for build in made],
        attempt(lambda: run(tf, tf.one_hot([0, 1], depth), {depth: -3})),
    ]


def scattered_into_nothing(tf, np):
    zeros, of_two = tf.zeros([2, 2, 2]), tf.zeros([2, 2, 2], tf.int32)
    empty = tf.placeholder(tf.float32)
    late = tf.tensor_scatter_add(empty, tf.zeros([0, 2], tf.int32), tf.zeros([0, 2]))
    return [
        error(lambda: tf.scatter_nd(of_two, zeros, [0, 3, 2])),
        error(lambda: tf.tensor_scatter_add(tf.zeros([0, 3, 2]), of_two, zeros)),
        error(lambda: tf.tensor_scatter_update(tf.zeros([0, 3, 2]), of_two, zeros)),
        error(lambda: tf.scatter_nd(0, [1.0], [4])),
        run(tf, late, {empty: np.zeros([0, 3, 2])}),
        run(tf, tf.scatter_nd(tf.zeros([0, 1], tf.int32), tf.zeros([0, 3]), [4, 3])),
    ]


def softmax_along_an_axis_of_the_run(tf, np):
    logits, axis = tf.constant([[1.0, 2.0, 3.0], [1.0, 1.0, 0.0]]), tf.placeholder(tf.int32, [])
    made = [tf.nn.softmax(logits, axis=axis), tf.nn.log_softmax(logits, axis=axis)]
    return [
        run(tf, [*made, tf.gradients(made, logits)], {axis: 0}), run(tf, made, {axis: -2}),
        [shape(each) for each in made],
        error(lambda: tf.nn.softmax(logits, axis=tf.constant(5))),
    ]  # fmt: skip


def gradients_through_first_values_of_a_loop(tf, np):
    x = tf.placeholder(tf.float32, [])
    y = x + 1

    def slope(of, by):
        def body(i, v):
            return i + 1, tf.gradients(of(v), v if by is None else by)[0]

        return attempt(
            lambda: run(tf, tf.while_loop(lambda i, _: i < 3, body, [0, y])[1], {x: 2.0})
        )

    return [slope(lambda v: v * 2, x), slope(lambda v: v * x, y), slope(lambda v: v * x, None)]


def readers_refused(tf, np):
    reader, queue = tf.IdentityReader(), tf.FIFOQueue(3, [tf.string])
    return [error(lambda: reader.restore_state([])), error(lambda: reader.restore_state(["a"])),
            error(lambda: reader.read_up_to(queue, [1, 2]))]  # fmt: skip


def barriers_refused(tf, np):
    data_flow_ops = inside(tf, "python.ops.data_flow_ops")
    barrier = data_flow_ops.Barrier(tf.float32, shapes=())
    unknown = data_flow_ops.Barrier((tf.float32, tf.float32), name="B")
    keys, values = tf.placeholder(tf.string, [None]), tf.placeholder(tf.float32, [None])
    insert, take = barrier.insert_many(0, keys, values), barrier.take_many(2)
    close = barrier.close(cancel_pending_enqueues=True)
    with tf.Session() as sess:
        sess.run(insert, {keys: ["a", "b"], values: [1.0, 2.0]})
        found = sess.run([take.keys, take.values[0]])
        sess.run(insert, {keys: [], values: []})
        empty = error(lambda: sess.run(unknown.insert_many(0, ["a", "b"], np.zeros([2, 0]))))
        sess.run(close)
        closed = error(lambda: sess.run(insert, {keys: [], values: []}))
    return [*found, empty, closed]


def ctc_of_nothing(tf, np):
    labels = tf.SparseTensor(np.zeros([0, 2], np.int64), tf.constant([], tf.int32), [5, 5])
    return error(lambda: run(tf, tf.nn.ctc_loss(labels, np.zeros([1, 0, 2], np.float32),
                                                tf.constant([], tf.int32))))  # fmt: skip


def types_that_would_overflow(tf, np):
    def refused(*types):
        made = [tf.negative, tf.sign, tf.square, lambda x: tf.squared_difference(x, x),
                lambda x: tf.pow(x, x), lambda x: tf.maximum(x, x), lambda x: tf.floormod(x, x),
                lambda x: tf.truncatemod(x, x), tf.abs, lambda x: x + x, lambda x: tf.equal(x, x),
                tf.diag, lambda x: tf.matmul([x], [x], transpose_b=True), tf.round]  # fmt: skip
        return [[error(lambda f=build, kind=kind: f(tf.constant([1, 2], kind))) for build in made]
                for kind in types]  # fmt: skip

    with tf.Session() as sess:
        signs = sess.run(tf.sign([float("nan"), -2.0, 0.0, float("inf")]))
    return [
        refused("uint8", "int8", "uint16", "int16", "int32"), signs,
        error(lambda: tf.add(True, False)), error(lambda: tf.ones_like(["a"])),
        error(lambda: tf.ones([2], tf.string)), run(tf, tf.zeros([2], tf.string)),
        run(tf, tf.truncatediv(-7, 2)),
    ]  # fmt: skip


def shapes_refused_early(tf, np):
    x, scalar, size = tf.placeholder(tf.float32), tf.constant(1.0), tf.placeholder(tf.int32)
    return [
        error(lambda: tf.pad(x, [1, 1])), error(lambda: tf.pad(x, [1, 1], "REFLECT")),
        error(lambda: tf.stack([x, x], axis=[0])), error(lambda: tf.stack([x, x], axis=size)),
        error(lambda: tf.slice(scalar, [0, 0, 0], size)),
        error(lambda: tf.nn.bias_add(tf.zeros([2, 3]), [1.0, 2.0, 3.0], data_format="NCHW")),
        shape(tf.tile(x, [0, 1])), shape(tf.tile(tf.zeros([2, 0, 3]), size)),
        shape(tf.tile(tf.placeholder(tf.float32, [None, 3]), [0, 2])),
        shape(tf.reverse_sequence(tf.placeholder(tf.float32, [None, 3]), [1, 2], seq_axis=1)),
        run(tf, tf.math.reduce_euclidean_norm([[3.0, 4.0]], [1, 1])),
    ]  # fmt: skip


def strings_and_their_hashes(tf, np):
    words, placed = tf.constant(["abc\u00e9", "x"]), tf.placeholder(tf.string)
    parts = [tf.strings.substr(words, at, size) for at, size in ((0, -1), (1, -2), (-1, -1))]
    parts.append(tf.strings.substr(words, 0, -1, unit="UTF8_CHAR"))
    hashed = [
        ["abc", "", "longer than others" * 9], [["a", "b"], ["c", "d"]], [["abc"], ["d"]],
        np.arange(6, dtype=np.int32).reshape(2, 3), np.arange(2.0), [True, False],
        np.zeros([2, 0], np.float32),
    ]  # fmt: skip
    return [
        run(tf, parts), run(tf, tf.zeros_like(placed), {placed: ["a", "b"]}),
        [run(tf, tf.fingerprint(data)) for data in hashed],
        shape(tf.fingerprint(placed)), error(lambda: tf.fingerprint("abc")),
        error(lambda: tf.fingerprint([1], method="x")), error(lambda: tf.fingerprint([1], ["x"])),
    ]  # fmt: skip


def sparse_ranks_refused(tf, np):
    sparse = tf.SparseTensor([[0, 1, 0]], [1.0], [2, 2, 2])
    vector = tf.SparseTensor([[1]], [5], [4])
    return [
        error(lambda: tf.sparse.transpose(sparse, [1, 0])),
        accepted(tf, lambda: tf.edit_distance(vector, vector)),
        run(tf, tf.sparse.transpose(sparse, [1, 0, 2]).indices),
    ]  # fmt: skip


def confusion_of_columns(tf, np):
    column, vector, unknown = [[0], [1]], [0, 1], tf.placeholder(tf.int32)
    late = tf.confusion_matrix(unknown, vector)
    return [
        run(tf, [tf.confusion_matrix(column, vector), tf.confusion_matrix(vector, column)]),
        run(tf, late, {unknown: column}), run(tf, late, {unknown: vector}), shape(late),
        error(lambda: tf.confusion_matrix(column, column)),
        error(lambda: tf.confusion_matrix(0, 1)),
    ]  # fmt: skip


def arrays_become_the_usual_type(tf, np):
    made = [tf.nn.lrn(np.ones([1, 2, 2, 3])), tf.nn.lrn(np.ones([1, 2, 2, 3], np.int32)),
            tf.math.nextafter(np.ones(2), 2), tf.math.nextafter(1, 2)]  # fmt: skip
    png = tf.image.decode_png(tf.image.encode_png(np.full([2, 2, 3], 7.0)))
    return run(tf, [*made, png])


def matrices_with_nan(tf, np):
    matrix, right = tf.constant([[float("nan"), 1.0], [1.0, 3.0]]), tf.ones([2, 1])
    corner = tf.constant([[2.0, float("nan")], [1.0, 3.0]])
    made = [
        tf.matrix_inverse(matrix), tf.matrix_solve(matrix, right), tf.self_adjoint_eig(matrix)[0],
        tf.self_adjoint_eigvals(matrix), tf.matrix_triangular_solve(matrix, right),
        tf.linalg.lu(matrix)[0], tf.cholesky(matrix), tf.self_adjoint_eigvals(corner),
        tf.matrix_triangular_solve(corner, right),
    ]  # fmt: skip
    unknown = tf.placeholder(tf.float32)
    return [
        [attempt(lambda t=t: run(tf, t)) for t in made],
        shape(tf.matrix_set_diag(unknown, tf.ones([2, 3]))),
        error(lambda: tf.random_normal([2.0, 3.0])), error(lambda: tf.random_uniform((2.7,))),
    ]  # fmt: skip


def gradients_of_numbers(tf, np):
    x = tf.placeholder(tf.float32)
    scalars = [tf.gradients(y, x)[0] for y in (tf.nn.relu(x), tf.nn.relu(x) * 2.0, tf.nn.relu6(x))]
    (slope,) = tf.gradients(tf.nn.softsign(x), x)
    return [run(tf, scalars, {x: 1.5}), run(tf, scalars, {x: [1.5, -1.0]}),
            run(tf, slope, {x: [np.inf, -np.inf, 0.0, 1e30, np.nan]})]  # fmt: skip


def nothing_given(tf, np):
    variable = tf.Variable(np.zeros([2, 3]))
    return [
        error(lambda: tf.identity_n([])), error(lambda: tf.strings.join([])),
        error(lambda: tf.shape_n([])), error(lambda: tf.FIFOQueue(3, [])),
        error(lambda: tf.scatter_nd_update(variable, [0, 1], 9.0)),
        error(lambda: tf.Assert(True, "x")), error(lambda: tf.Assert(True, tf.constant([1]))),
        accepted(tf, lambda: tf.TensorArray(tf.float32, -1).size()),
    ]  # fmt: skip


def sections_that_return_operations(tf, np):
    section = tf.CriticalSection()
    v = tf.Variable(0.0, use_resource=True)

    def step():
        with tf.control_dependencies([v.assign_add(2.0)]):
            return tf.no_op()

    steps = [section.execute(step) for _ in range(3)]
    both = section.execute(lambda: (step(), v.read_value() * 0.0))
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run(steps)
        return [sess.run(v), sess.run(both), sess.run(v), [op.type for op in steps]]


def sections_in_branches(tf, np):
    section = tf.CriticalSection()
    v = tf.Variable(0.0, use_resource=True)
    inner, outer = tf.placeholder(tf.bool, []), tf.placeholder(tf.bool, [])

    def added():
        with tf.control_dependencies([v.assign_add(2.0)]):
            return tf.constant(1.0)

    def inside_it():
        return tf.cond(inner, added, lambda: tf.constant(0.0))

    made = [tf.cond(outer, lambda: section.execute(inside_it), lambda: tf.constant(-1.0))
            for _ in range(3)]  # fmt: skip
    with tf.Session() as sess:
        sess.run(v.initializer)
        return [[sess.run(made, {inner: a, outer: b}), sess.run(v)]
                for a in (True, False) for b in (True, False)]  # fmt: skip


def circles_refused(tf, np):
    first, second, third = (tf.constant(i) for i in range(3))
    for waits, after in ((second, first), (second, third), (third, second)):
        waits.op._add_control_input(after.op)
    with tf.Session() as sess:
        return [said(lambda: sess.run(third), "Graph is invalid, contains a cycle with 2 nodes")]

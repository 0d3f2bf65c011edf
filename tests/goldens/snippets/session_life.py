"""Sessions: entering, closing, defaults, own variable values, callables."""

from goldens.kit import error, said


def uninitialised(tf, np):
    v = tf.Variable(1.0, name="v")
    with tf.Session() as sess:
        return [
            said(lambda: sess.run(v), "Attempting to use uninitialized value v"),
            error(lambda: sess.run(v + 1.0)),
            error(lambda: sess.run(v.assign_add(1.0))),
            error(lambda: sess.run(v.assign(2.0))),
            sess.run(v),
        ]


def closed(tf, np):
    a = tf.constant(1)
    sess = tf.Session()
    sess.run(a)
    sess.close()
    return [said(lambda: sess.run(a), "Attempted to use a closed Session."), error(sess.close)]


def closed_by_with(tf, np):
    a = tf.constant(1)
    with tf.Session() as sess:
        pass
    return error(lambda: sess.run(a))


def values_belong_to_the_session(tf, np):
    v = tf.Variable(1.0)
    step = v.assign_add(1.0)
    with tf.Session() as one, tf.Session() as two:
        for sess in (one, two):
            sess.run(v.initializer)
        one.run(step)
        one.run(step)
        return [one.run(v), two.run(v)]


def values_end_with_the_session(tf, np):
    v = tf.Variable(1.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
    with tf.Session() as sess:
        return error(lambda: sess.run(v))


def default_session(tf, np):
    before = tf.get_default_session()
    with tf.Session() as sess:
        inside = tf.get_default_session() is sess
    return [before is None, inside, tf.get_default_session() is None]


def default_session_nested(tf, np):
    with tf.Session() as outer, tf.Session() as inner:
        found = [tf.get_default_session() is inner]
        with outer.as_default():
            found.append(tf.get_default_session() is outer)
        found.append(tf.get_default_session() is inner)
    return found


def as_default_does_not_close(tf, np):
    a = tf.constant(1)
    sess = tf.Session()
    with sess.as_default():
        first = a.eval()
    second = sess.run(a)
    sess.close()
    return [first, second]


def eval_and_run(tf, np):
    v = tf.Variable(1.0)
    x = tf.placeholder(tf.float32)
    with tf.Session() as sess:
        v.initializer.run()
        tf.global_variables_initializer().run()
        v.assign(5.0).op.run()
        return [
            v.eval(),
            (x * 2.0).eval({x: 3.0}),
            (x * 2.0).eval(feed_dict={x: 4.0}),
            v.assign(x).op.run(feed_dict={x: 7.0}),
            v.eval(),
            v.eval(session=sess),
        ]


def eval_without_session(tf, np):
    a, v = tf.constant(1), tf.Variable(1.0)
    text = "Cannot evaluate tensor using `eval()`: No default session is registered."
    return [
        said(lambda: a.eval(), text),
        error(lambda: v.eval()),
        said(lambda: tf.no_op().run(), "Cannot execute operation using `run()`"),
    ]


def eval_with_session_given(tf, np):
    a = tf.constant(1)
    sess = tf.Session()
    value = a.eval(session=sess)
    sess.close()
    return value


def interactive_session(tf, np):
    sess = tf.InteractiveSession()
    value = tf.constant(3).eval()
    is_default = tf.get_default_session() is sess
    sess.close()
    return [value, is_default, tf.get_default_session() is None]


def graph_of_a_session(tf, np):
    graph = tf.Graph()
    with graph.as_default():
        a = tf.constant(1, name="a")
    with tf.Session(graph=graph) as sess:
        inside = tf.get_default_graph() is graph
        return [inside, sess.graph is graph, sess.run(a), sess.run("a:0")]


def session_enters_its_graph(tf, np):
    outer = tf.get_default_graph()
    with tf.Session(graph=tf.Graph()) as sess:
        b = tf.constant(1)
        found = [b.graph is sess.graph, b.graph is outer]
    return found + [tf.get_default_graph() is outer]


def eval_in_a_session_of_another_graph(tf, np):
    a = tf.constant(1)
    with tf.Session(graph=tf.Graph()) as sess:
        return [
            said(lambda: a.eval(), "Cannot use the default session to evaluate tensor"),
            error(lambda: a.eval(session=sess)),
        ]


def session_graph_is_taken_at_creation(tf, np):
    sess = tf.Session()
    before = sess.graph is tf.get_default_graph()
    sess.close()
    return before


def configuration(tf, np):
    config = tf.ConfigProto(
        allow_soft_placement=True, log_device_placement=False, intra_op_parallelism_threads=1
    )
    config.gpu_options.allow_growth = True
    config.gpu_options.per_process_gpu_memory_fraction = 0.5
    with tf.Session(config=config) as sess:
        return [
            sess.run(tf.constant(1)),
            config.allow_soft_placement,
            config.gpu_options.allow_growth,
            tf.ConfigProto().log_device_placement,
            tf.ConfigProto(gpu_options=tf.GPUOptions(allow_growth=True)).gpu_options.allow_growth,
            tf.ConfigProto(device_count={"GPU": 0}).device_count["GPU"],
        ]


def configuration_of_a_wrong_field(tf, np):
    return [
        error(lambda: tf.ConfigProto(no_such_field=1)),
        error(lambda: setattr(tf.ConfigProto(), "no_such_field", 1)),
    ]


def graph_grows_while_running(tf, np):
    v = tf.Variable(1.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        found = [sess.run(v)]
        doubled = v * 2.0
        found.append(sess.run(doubled))
        found.append(sess.run(doubled + v))
        return found


def late_variable_needs_its_initialiser(tf, np):
    tf.Variable(1.0, name="first")
    init = tf.global_variables_initializer()
    late = tf.Variable(2.0, name="late")
    with tf.Session() as sess:
        sess.run(init)
        return error(lambda: sess.run(late))


def make_callable(tf, np):
    x = tf.placeholder(tf.float32, [])
    y = x * 2.0
    v = tf.Variable(1.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        double = sess.make_callable(y, [x])
        both = sess.make_callable([y, v], feed_list=[x])
        bump = sess.make_callable(v.assign_add(1.0).op)
        fixed = sess.make_callable(v)
        return [double(3.0), both(4.0), bump(), fixed()]


def make_callable_of_structures(tf, np):
    a = tf.constant(1)
    with tf.Session() as sess:
        return sess.make_callable({"a": a, "b": [a, a]})()


def partial_run_of_duplicates(tf, np):
    a = tf.constant(1)
    with tf.Session() as sess:
        return sess.run([a, [a, {"a": a}], (a,)])


def error_objects(tf, np):
    v = tf.Variable(1.0, name="v")
    with tf.Session() as sess:
        try:
            sess.run(v.value())
        except tf.errors.OpError as raised:
            return [
                type(raised).__name__,
                raised.error_code,
                isinstance(raised, tf.errors.FailedPreconditionError),
            ]


def error_codes(tf, np):
    errors = tf.errors
    return [
        errors.INVALID_ARGUMENT,
        errors.FAILED_PRECONDITION,
        errors.OUT_OF_RANGE,
        errors.NOT_FOUND,
        errors.UNIMPLEMENTED,
        errors.CANCELLED,
        errors.OK,
        errors.InvalidArgumentError.__bases__[0].__name__,
        errors.OpError.__bases__[0].__name__,
    ]


def error_of_a_placeholder(tf, np):
    x = tf.placeholder(tf.float32, [], name="x")
    with tf.Session() as sess:
        try:
            sess.run(x + 1.0)
        except tf.errors.InvalidArgumentError as raised:
            return [raised.op.name, raised.error_code, isinstance(raised, Exception)]


def shape_errors_at_run(tf, np):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    with tf.Session() as sess:
        return [
            error(lambda: sess.run(x + y, {x: [1, 2], y: [1, 2, 3]})),
            error(lambda: sess.run(tf.matmul(x, y), {x: np.ones([2, 3]), y: np.ones([2, 3])})),
            error(lambda: sess.run(tf.reshape(x, [2, -1]), {x: [1, 2, 3]})),
            error(lambda: sess.run(tf.concat([x, y], 0), {x: [[1]], y: [[1, 2]]})),
            error(lambda: sess.run(tf.gather(x, 5), {x: [1.0, 2.0]})),
            error(lambda: sess.run(tf.stack([x, y]), {x: [1], y: [1, 2]})),
            error(lambda: sess.run(tf.reduce_sum(x, 3), {x: [1]})),
            error(lambda: sess.run(tf.transpose(x, [1, 0]), {x: [1]})),
            error(lambda: sess.run(x[3], {x: [1, 2]})),
        ]


def shape_errors_name_the_op(tf, np):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    product = tf.matmul(x, y, name="product")
    with tf.Session() as sess:
        return said(lambda: sess.run(product, {x: np.ones([2, 3]), y: np.ones([2, 3])}), "product")


def reset_of_the_graph_under_a_session(tf, np):
    sess = tf.Session()
    a = tf.constant(1)
    tf.reset_default_graph()
    value = sess.run(a)
    sess.close()
    return value


def interactive_sessions_eval_their_own_graph(tf, np):
    graph = tf.Graph()
    sess = tf.InteractiveSession(graph=graph)
    a = tf.constant(2)
    found = [a.graph is graph, a.eval()]
    sess.close()
    return found

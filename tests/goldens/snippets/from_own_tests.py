"""What the tests of TensorFlow itself ask, beyond the other snippets."""

import warnings

from goldens.kit import attempt, eagerly, error, run, shape


def assigned_parts(tf, np):
    def assigned(value, index):
        tf.reset_default_graph()
        variable = tf.Variable(tf.zeros([4]))
        written = tf.assign(variable[index], value)
        return run(tf, written), written.op.type, written.name

    tf.reset_default_graph()
    return [
        assigned(3.0, 1), assigned([1.0, 2.0], slice(1, 3)),
        tf.assign(tf.Variable(tf.zeros([4]))[1], 2.0, name="own").name,
        error(lambda: tf.assign(tf.zeros([3])[1], 2.0)),
    ]  # fmt: skip


def gathered_in_batches(tf, np):
    x = np.arange(6).reshape(2, 3)
    p, q = tf.placeholder(tf.int32), tf.placeholder(tf.int32, [None, None, None])
    y = tf.gather_nd(q, p, batch_dims=1)
    return [
        run(tf, tf.gather_nd(x, [[1], [2]], batch_dims=np.array([1]))),
        run(tf, tf.gather_nd(x, [[1], [2]], batch_dims=tf.constant([1]))),
        error(lambda: tf.gather_nd(x, [[1], [2]], batch_dims=[1])),
        shape(y), run(tf, y, {p: [[[1]], [[2]]], q: np.arange(12).reshape(2, 3, 2)}),
        run(tf, y, {p: [[1], [2]], q: np.arange(12).reshape(2, 3, 2)}),
    ]  # fmt: skip


def feeds_of_parts(tf, np):
    sparse = tf.sparse_placeholder(tf.float32, shape=[7, 9, 2])
    slices = tf.IndexedSlices(tf.placeholder(tf.float32), tf.placeholder(tf.int64), None)
    indices, values = np.array([[3, 2, 0], [4, 5, 1]]), np.array([1.0, 2.0])
    parts = [tf.identity(t) for t in (sparse.indices, sparse.values, sparse.dense_shape)]
    rows = [tf.identity(slices.values), tf.identity(slices.indices)]
    return [
        run(tf, parts, {sparse: (indices, values)}),
        run(tf, parts, {sparse: (indices, values, [8, 9, 2])}),
        run(tf, rows, {slices: (values, indices, None)}),
        run(tf, rows, {slices: (values, indices)}),
    ]  # fmt: skip


def fed_strings(tf, np):
    text = tf.placeholder(tf.string)
    feeds = [{text: value} for value in (1, True, ["a"], b"a")]
    return [error(lambda feed=feed: run(tf, text, feed)) for feed in feeds]


def bytes_as_names(tf, np):
    constant = tf.constant(2.0, name=b"a")
    return [constant.name, run(tf, [b"a:0", "a:0"])]


def sessions_entered(tf, np):
    def twice():
        with tf.Session() as session, session:
            pass

    def default():
        with tf.Session() as session, session.as_default():
            return tf.constant(1.0).eval()

    first = tf.InteractiveSession()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        tf.InteractiveSession().close()
    first.close()
    return [error(twice), default(), [warning.category.__name__ for warning in told]]


def branch_that_changes_its_predicate(tf, np):
    flag = tf.Variable(True)
    calls, others = tf.Variable(0), tf.Variable(0)
    chosen = tf.cond(flag, lambda: tf.assign(flag, False), lambda: True)

    def first():
        with tf.control_dependencies([tf.assign(flag, False)]):
            return tf.group(tf.assign_add(calls, 1))

    def body(i):
        with tf.control_dependencies([tf.cond(flag, first, lambda: tf.assign_add(others, 1).op)]):
            return i + 1

    loop = tf.while_loop(lambda i: i < 5, body, [0], parallel_iterations=1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        once = [session.run(chosen), session.run(chosen)]
        session.run(flag.initializer)
        return [once, session.run(loop), session.run([flag, calls, others])]


def writes_in_order_inside_a_loop(tf, np):
    a, b = tf.Variable(0), tf.Variable(0)

    def body(i):
        i = i + 1
        with tf.control_dependencies([tf.assign_add(a, 1)]):
            second = tf.assign_add(b, a)
        with tf.control_dependencies([second]):
            return tf.identity(i)

    loop = tf.while_loop(lambda i: i < 10, body, [0], parallel_iterations=1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [session.run(loop), session.run([a, b])]


def shapes_that_do_not_fit(tf, np):
    scalar = tf.placeholder(tf.float32, [])
    return [
        error(lambda: tf.diag(0.0)), error(lambda: tf.diag(scalar)),
        error(lambda: tf.matrix_set_diag([1.0], [1.0])),
        error(lambda: tf.matrix_set_diag([[1.0]], 1.0)),
        error(lambda: tf.matrix_set_diag([[1.0]], [1.0, 2.0])),
        error(lambda: tf.matrix_set_diag(tf.ones([2, 3]), [1.0, 2.0])),
        error(lambda: tf.reduce_sum([1, 2], axis=[[0], [0]])),
        error(lambda: tf.reduce_mean([[1.0, 2.0]], axis=np.array([[0, 1]]))),
        error(lambda: tf.conj(["a"])), error(lambda: tf.conj([True])),
        error(lambda: tf.Dimension(tf.string)),
    ]  # fmt: skip


def shapes_that_are_known(tf, np):
    axis, two = tf.placeholder(tf.int32, []), tf.placeholder(tf.int32, [2, 3])
    found = [
        tf.range(0, 2, 0.5), tf.range(0, 2.0, 0.5), tf.range(5, 0, -1), tf.range(axis, 2.0),
        tf.gather(two, two, axis=axis), tf.gather(two, 1, axis=axis),
        tf.gather(two, tf.placeholder(tf.int32), axis=axis),
    ]  # fmt: skip
    picked = tf.gather([[10, 11, 12], [13, 14, 15]], [1, 0], axis=1, batch_dims=None)
    return [[shape(tensor) for tensor in found], run(tf, picked), run(tf, found[0])]


def gradients_of_one_number(tf, np):
    x, one = tf.constant([1.0, 2.0]), tf.constant([3.0])
    total, norm = tf.reduce_sum(x * x), tf.nn.l2_loss(x)
    return run(tf, [tf.gradients(total, x, one)[0], tf.gradients(norm, x, one)[0]])


def parts_once(tf, np):
    sparse = tf.SparseTensor([[0, 0]], [1.0], [3, 4])
    tf.sparse_tensor_to_dense(sparse)
    layer = tf.layers.Dense(2)
    layer.build((None, 3))
    spread = tf.layers.SeparableConv2D(2, 3, depthwise_constraint=tf.nn.relu)
    return [
        len(sparse.consumers()), layer.dtype, layer.count_params(),
        spread.depthwise_constraint is tf.nn.relu, spread.pointwise_constraint is None,
        spread.depthwise_regularizer is None,
    ]  # fmt: skip


def sparse_tensors_in_loops(tf, np):
    def looped(rank, invariant=None):
        dense = tf.constant([10] * rank, tf.int64)
        x = tf.SparseTensor([[0] * rank, [3] * rank], tf.constant([2.0, 4.0]), dense)

        def body(i, x):
            other = tf.SparseTensor([[1] * rank], [1.0], dense)
            return [i + 1, tf.sparse_add(x, other)]

        shapes = None if invariant is None else [tf.TensorShape([]), tf.TensorShape(invariant)]
        _, result = tf.while_loop(lambda i, _: i < 2, body, [0, x], shape_invariants=shapes)
        static = [shape(t) for t in (result.indices, result.values, result.dense_shape)]
        return static, run(tf, [result.indices, result.values])

    cases = [(1,), (2,), (1, [None]), (2, [None, None]), (3, [10, 10, 10]), (2, [2])]
    return [attempt(lambda case=case: looped(*case)) for case in cases]


def empty_tensors(tf, np):
    text = tf.constant([], tf.string, shape=[0, 1])
    whole, wanted = np.zeros([0, 6]), np.int32([0, -1, 3])
    feed = tf.placeholder_with_default(whole, None), tf.placeholder_with_default(wanted, None)
    nobody = tf.constant([], tf.string, shape=[0]), tf.constant([], tf.int32, shape=[0])
    found = [
        tf.reshape(*feed), tf.reshape(whole, wanted), tf.reshape(whole, [0, -1]),
        tf.reshape(whole, [-1, 3]), tf.reduce_join(text, 1), tf.reduce_join(text, 0),
        tf.strings.unsorted_segment_join(*nobody, num_segments=0),
        tf.strings.unsorted_segment_join(*nobody, num_segments=2),
    ]  # fmt: skip
    return [[shape(tensor) for tensor in found], run(tf, found)]


def parts_that_do_not_fit(tf, np):
    marks = tf.placeholder(tf.string, [2])
    return [
        error(lambda: tf.split(tf.zeros([4]), 0)),
        error(lambda: tf.split([1, 2, 3], [1, 2], num=3)),
        error(lambda: tf.string_split(["a b"], delimiter=["|", ""])),
        error(lambda: tf.string_split(["a b"], delimiter=marks)),
        run(tf, tf.segment_mean(np.complex64([1, 2, 3j]), [0, 0, 1])),
    ]  # fmt: skip


def dense_times_sparse(tf, np):
    sparse = tf.SparseTensor([[0, 0], [0, 1]], [1.0, 2.0], [1, 2])
    product = tf.constant([[2.0, 4.0]]) * sparse
    return [run(tf, product.values), run(tf, (sparse * [[2.0, 4.0]]).values)]


def ctc_ignores_what_is_late(tf, np):
    inputs = np.float32([[[1, 2, 3], [3, 2, 1]], [[2, 1, 0], [np.nan] * 3], [[np.nan] * 3] * 2])
    labels = tf.SparseTensor([[0, 0], [1, 0]], np.int32([0, 1]), [2, 1])
    logits = tf.constant(inputs)
    loss = tf.nn.ctc_loss(labels, logits, [2, 1])
    return run(tf, [loss, tf.gradients(loss, logits)[0]])


def evaluated_in_a_test_case(tf, np):
    case = tf.test.TestCase()
    sparse = tf.SparseTensorValue([[1]], [2.0], [3])
    with eagerly(tf):
        slices = tf.IndexedSlices(tf.ones([1]), tf.constant([2]), tf.constant([4]))
        return [
            case.evaluate(tf.constant([1, 2])), case.evaluate({"a": [tf.constant(1)], "b": None}),
            case.evaluate(lambda: tf.constant(3)),
            list(case.evaluate(tf.convert_to_tensor_or_sparse_tensor(sparse))),
            case.evaluate(slices).values, error(lambda: case.evaluate("text")),
        ]  # fmt: skip


def signatures_of_layers(tf, np):
    layers, spec = tf.keras.layers, tf.TensorSpec([None, 3, 4], tf.int64)
    typed, many = layers.Dense(2, dtype="float32"), layers.Concatenate(axis=1)
    return [
        str(layers.Flatten().compute_output_signature(spec)),
        str(typed.compute_output_signature(spec)), str(many.compute_output_signature([spec, spec])),
        error(lambda: layers.Flatten().compute_output_signature(spec.shape)),
    ]  # fmt: skip


def whole_numbers_into_dense(tf, np):
    layer = tf.keras.layers.Dense(2, dtype="float32", kernel_initializer="ones")
    flat = tf.layers.Dense(2, dtype=tf.float64, kernel_initializer=tf.ones_initializer())
    return run(tf, [layer(tf.constant([[1, 2]])), flat(tf.constant([[1, 2]]))])


def events_of_supervised_training(tf, np):
    import glob
    import tempfile

    def kinds(folder):
        (path,) = glob.glob(f"{folder}/events*")
        return [event.WhichOneof("what") for event in tf.train.summary_iterator(path)]

    def counted(shape, train):
        tf.reset_default_graph()
        step = tf.get_variable("global_step", shape, tf.int64, tf.zeros_initializer(),
                               collections=["global_step", "variables"])  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            train(folder, tf.assign_add(step, tf.ones(shape, tf.int64)))
            tf.summary.FileWriterCache.clear()  # what was written is in the file now
            return kinds(folder)

    def supervised(folder, up):
        supervisor = tf.train.Supervisor(logdir=folder, save_model_secs=0, save_summaries_secs=0)
        with supervisor.managed_session() as sess:
            sess.run(up)
        supervisor.stop()

    def monitored(folder, up):
        with tf.train.MonitoredTrainingSession(
            checkpoint_dir=folder, save_summaries_steps=None, save_summaries_secs=None,
            log_step_count_steps=None,
        ) as sess:  # fmt: skip
            sess.run(up)

    return [counted([], supervised), counted([1], supervised), counted([], monitored)]


def warm_start_from_objects(tf, np):
    import tempfile

    def started(names):
        tf.reset_default_graph()
        for name in names:
            tf.get_variable(name, initializer=[0.0, 0.0])
        tf.train.warm_start(folder)
        return run(tf, tf.global_variables())

    with tempfile.TemporaryDirectory() as folder:
        kept = tf.get_variable("fruit", initializer=[0.5, 1.0])
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            tf.train.Checkpoint(v=kept).save(f"{folder}/ckpt", session=sess)
        return [started(["fruit"]), error(lambda: started(["fruit", "other"]))]


def threads_that_are_preempted(tf, np):
    made = []

    class Creator(tf.train.SessionCreator):
        def create_session(self):
            made.append(tf.Session())
            return made[-1]

    class Stopping(tf.train.SessionRunHook):
        def __init__(self, kind):
            self.runs, self.kind = 0, kind

        def after_create_session(self, session, coord):
            self.coord = coord

        def after_run(self, run_context, run_values):
            self.runs += 1
            if self.runs != 2:
                return
            try:
                raise self.kind(None, None, "stopped")
            except tf.errors.OpError as raised:
                self.coord.request_stop(raised)

    def course(kind):
        del made[:]
        one = tf.constant(1)
        session = tf.train.MonitoredSession(Creator(), [Stopping(kind)])
        found = []
        for _ in range(3):
            found += [session.run(one), session.should_stop(), len(made)]
            if found[-2]:
                break
        return found, error(session.close)

    kinds = tf.errors.AbortedError, tf.errors.UnavailableError, tf.errors.UnknownError
    return [course(kind) for kind in kinds]


def profiles_into_the_folder_of_the_program(tf, np):
    import os
    import tempfile

    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return [error(lambda: tf.train.ProfilerHook(save_secs=10, save_steps=20)),
                    error(lambda: tf.train.ProfilerHook(save_steps=20))]  # fmt: skip
        finally:
            os.chdir(here)


def tables_in_checkpoints_of_objects(tf, np):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
        model = tf.keras.Model()
        model.words = table
        checkpoint = tf.train.Checkpoint(table=table, model=model)
        asked = table.lookup(tf.constant(["a", "b", "c"]))
        with tf.Session() as sess:
            sess.run(table.insert(["a", "b"], [1, 2]))
            path = checkpoint.save(f"{folder}/ckpt", session=sess)
        with tf.Session() as sess:
            status = checkpoint.restore(path).assert_consumed()
            before = sess.run(asked)
            status.initialize_or_restore(sess)
            return [tf.train.list_variables(path), before, sess.run(asked)]


def objects_that_gather_what_is_saved(tf, np):
    import tempfile

    if tf.__name__ == "minitf":
        from minitf.core.trackable import Trackable
        from minitf.train.saveables import SaveableObject, SaveSpec
    else:
        from tensorflow.python.training.saver import BaseSaverBuilder
        from tensorflow.python.training.tracking.base import Trackable

        SaveableObject = BaseSaverBuilder.SaveableObject
        SaveSpec = BaseSaverBuilder.SaveSpec

    class Both(SaveableObject):
        def __init__(self, one, other, name):
            self.one, self.other = one, other
            tensor = one.read_value()
            super().__init__(tensor, [SaveSpec(tensor, "", name)], name)

        def restore(self, restored_tensors, restored_shapes):
            return tf.group(self.one.assign(restored_tensors[0]),
                            self.other.assign(restored_tensors[0]))  # fmt: skip

    class Mirrored(Trackable):
        def __init__(self):
            self.one, self.other = (
                tf.get_variable(name, initializer=6.0, use_resource=True) for name in ("a", "b")
            )

        def _gather_saveables_for_checkpoint(self):
            return {"VARIABLE_VALUE": lambda name="a": Both(self.one, self.other, name)}

    made = Mirrored()
    checkpoint = tf.train.Checkpoint(v=made)
    with tempfile.TemporaryDirectory() as folder, tf.Session() as sess:
        sess.run([made.one.assign(42.0), made.other.assign(1.0)])
        path = checkpoint.save(f"{folder}/ckpt", session=sess)
        sess.run([made.one.assign(43.0), made.other.assign(44.0)])
        checkpoint.restore(path).assert_consumed().initialize_or_restore(sess)
        return [tf.train.list_variables(path), sess.run([made.one, made.other])]

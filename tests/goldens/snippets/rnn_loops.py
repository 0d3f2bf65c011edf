"""tf.nn.dynamic_rnn, static_rnn and their kind: values, gradients, names, training, refusals."""

from goldens.kit import error, names, run, said, shapes

_N = [3, 5]


def _seeded(tf):
    tf.set_random_seed(11)
    return tf.nn.rnn_cell


def _values(np, *shape):
    return np.sin(np.arange(np.prod(shape), dtype=np.float32)).reshape(shape)


def _flat(tf, value):
    return tf.contrib.framework.nest.flatten(value)


def _learned(tf, x, outputs, states):
    """Values, gradients, losses of some steps, the variables' names."""
    loss = tf.add_n([tf.reduce_sum(tf.square(each)) for each in _flat(tf, (outputs, states))])
    weights = tf.trainable_variables()
    grads = tf.gradients(loss, [x] + weights)
    step = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        values = sess.run([outputs, states, grads])
        losses = []
        for _ in range(4):
            losses.append(sess.run([loss, step])[0])
        return [values, losses, [v.name for v in weights], shapes(*_flat(tf, (outputs, states)))]


def dynamic(tf, np):
    x = tf.constant(_values(np, 2, 5, 3))
    outputs, state = tf.nn.dynamic_rnn(_seeded(tf).BasicLSTMCell(4), x, dtype=tf.float32)
    return _learned(tf, x, outputs, state)


def dynamic_with_lengths(tf, np):
    x = tf.constant(_values(np, 2, 5, 3))
    c = _seeded(tf)
    cell = c.MultiRNNCell([c.GRUCell(4), c.LSTMCell(3, use_peepholes=True, num_proj=2)])
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=[3, 4], dtype=tf.float32)
    return _learned(tf, x, outputs, state)


def dynamic_time_major(tf, np):
    x = tf.constant(_values(np, 4, 2, 3))
    c = _seeded(tf)
    start = c.LSTMStateTuple(tf.ones([2, 2]), tf.constant(_values(np, 2, 2)))
    outputs, state = tf.nn.dynamic_rnn(c.BasicLSTMCell(2), x, initial_state=start, time_major=True,
                                       sequence_length=tf.constant([2, 3], tf.int64),
                                       swap_memory=True, parallel_iterations=1)  # fmt: skip
    return _learned(tf, x, outputs, state)


def dynamic_joined_state(tf, np):
    x = tf.constant(_values(np, 2, 3, 3))
    c = _seeded(tf)
    cell = c.MultiRNNCell([c.BasicLSTMCell(2, state_is_tuple=False)] * 1, state_is_tuple=False)
    outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state=cell.zero_state(2, tf.float32))
    return _learned(tf, x, outputs, state)


def dynamic_of_unknown_sizes(tf, np):
    x = tf.placeholder(tf.float32, [None, None, 3])
    n = tf.placeholder(tf.int32, [None])
    outputs, state = tf.nn.dynamic_rnn(_seeded(tf).GRUCell(2), x, n, dtype=tf.float32)
    grads = tf.gradients([outputs, state], [x] + tf.trainable_variables())
    found = [shapes(outputs, state)]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for batch, steps, lengths in ((2, 4, [4, 1]), (1, 6, [3]), (3, 2, [0, 1, 2]),
                                      (2, 3, [0, 0])):
            feed = {x: _values(np, batch, steps, 3), n: lengths}
            found.append(sess.run([outputs, state, grads], feed))
    return found


def dynamic_of_no_steps(tf, np):
    x = tf.placeholder(tf.float32, [2, None, 3])
    outputs, state = tf.nn.dynamic_rnn(_seeded(tf).GRUCell(2), x, dtype=tf.float32)
    return run(tf, [outputs, state], {x: np.zeros((2, 0, 3))})


def dynamic_of_nested_inputs(tf, np):
    class Pair(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = (2, tf.TensorShape([2, 3]))

        def call(self, inputs, state):
            a, b = inputs
            return (a + state[0], b * 2.0), (state[0] + 1.0, state[1] + b)

    a, b = tf.constant(_values(np, 2, 3, 2)), tf.constant(_values(np, 2, 3, 2, 3))
    outputs, state = tf.nn.dynamic_rnn(Pair(), (a, b), [2, 3], dtype=tf.float32)
    grads = tf.gradients(_flat(tf, (outputs, state)), [a, b])
    return [type(outputs).__name__, shapes(*_flat(tf, (outputs, state)))] + run(
        tf, [outputs, state, grads])  # fmt: skip


def dynamic_names(tf, np):
    x = tf.placeholder(tf.float32, [None, 7, 3], name="x")
    n = tf.placeholder(tf.int32, [None], name="n")
    c = tf.nn.rnn_cell
    cell = c.MultiRNNCell([c.DropoutWrapper(c.BasicLSTMCell(4), 0.5, 0.5), c.GRUCell(4)])
    tf.nn.dynamic_rnn(cell, x, n, dtype=tf.float32)
    return sorted(names(tf))


def dynamic_names_of_known_sizes(tf, np):
    x = tf.placeholder(tf.float32, [7, 2, 3], name="x")
    cell = tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, num_proj=2, cell_clip=1.0)
    with tf.variable_scope("net"):
        tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, time_major=True)
    return sorted(names(tf))


def dynamic_twice(tf, np):
    x = tf.placeholder(tf.float32, [2, 4, 3])
    c = _seeded(tf)
    tf.nn.dynamic_rnn(c.GRUCell(3), x, dtype=tf.float32)
    again = said(lambda: tf.nn.dynamic_rnn(c.GRUCell(3), x, dtype=tf.float32),
                 "rnn/gru_cell/gates/kernel already exists")  # fmt: skip
    tf.nn.dynamic_rnn(c.GRUCell(3), x, dtype=tf.float32, scope="second")
    with tf.variable_scope("rnn", reuse=True) as scope:
        pass
    tf.nn.dynamic_rnn(c.GRUCell(3), x, dtype=tf.float32, scope=scope)
    return again, [v.name for v in tf.global_variables()]


def seeds(tf, np):
    """What is drawn depends on how many nodes there are before."""
    x = tf.placeholder(tf.float32, [None, 4, 3])
    n = tf.placeholder(tf.int32, [None])
    c = _seeded(tf)
    cell = c.MultiRNNCell([c.DropoutWrapper(c.BasicLSTMCell(2), 0.5), c.LSTMCell(2)])
    tf.nn.dynamic_rnn(cell, x, n, dtype=tf.float32)
    tf.nn.static_rnn(c.GRUCell(2), tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=n,
                     scope="static")  # fmt: skip
    tf.nn.bidirectional_dynamic_rnn(c.GRUCell(2), c.BasicRNNCell(2), x, n, dtype=tf.float32)
    tf.get_variable("after", [3])
    return run(tf, tf.global_variables())


def bidirectional_dynamic(tf, np):
    x = tf.constant(_values(np, 2, 4, 3))
    c = _seeded(tf)
    outputs, states = tf.nn.bidirectional_dynamic_rnn(
        c.BasicLSTMCell(3), c.GRUCell(2), x, sequence_length=[2, 4], dtype=tf.float32)
    return [type(outputs).__name__, type(states).__name__] + _learned(tf, x, outputs, states)


def bidirectional_dynamic_whole(tf, np):
    x = tf.constant(_values(np, 4, 2, 3))
    c = _seeded(tf)
    outputs, states = tf.nn.bidirectional_dynamic_rnn(
        c.GRUCell(3), c.GRUCell(2), x, initial_state_fw=tf.ones([2, 3]), dtype=tf.float32,
        time_major=True, scope="both")
    return _learned(tf, x, outputs, states)


def static(tf, np):
    x = tf.constant(_values(np, 2, 4, 3))
    outputs, state = tf.nn.static_rnn(_seeded(tf).BasicLSTMCell(3), tf.unstack(x, axis=1),
                                      dtype=tf.float32)  # fmt: skip
    return _learned(tf, x, outputs, state)


def static_with_lengths(tf, np):
    x = tf.constant(_values(np, 3, 4, 3))
    c = _seeded(tf)
    cell = c.MultiRNNCell([c.GRUCell(3), c.LSTMCell(2)])
    outputs, state = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32,
                                      sequence_length=[2, 1, 3])  # fmt: skip
    return _learned(tf, x, outputs, state)


def static_names(tf, np):
    x = [tf.placeholder(tf.float32, [None, 3], name="x")] * 3
    n = tf.placeholder(tf.int64, [None], name="n")
    tf.nn.static_rnn(tf.nn.rnn_cell.BasicLSTMCell(2), x, dtype=tf.float32)
    tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(2), x, dtype=tf.float32, sequence_length=n,
                     scope="ends")  # fmt: skip
    return sorted(names(tf))


def static_bidirectional(tf, np):
    x = tf.constant(_values(np, 2, 4, 3))
    c = _seeded(tf)
    outputs, forward, backward = tf.nn.static_bidirectional_rnn(
        c.BasicLSTMCell(3), c.GRUCell(2), tf.unstack(x, axis=1), dtype=tf.float32)
    return _learned(tf, x, outputs, (forward, backward))


def static_bidirectional_with_lengths(tf, np):
    x = tf.constant(_values(np, 2, 4, 3))
    c = _seeded(tf)
    outputs, forward, backward = tf.nn.static_bidirectional_rnn(
        c.BasicRNNCell(3), c.GRUCell(2), tf.unstack(x, axis=1), dtype=tf.float32,
        sequence_length=tf.constant([4, 2], tf.int64))
    return _learned(tf, x, outputs, (forward, backward))


def state_saving(tf, np):
    class Saver:
        def __init__(self):
            half = tf.constant_initializer(0.5)
            self.kept = {name: tf.get_variable(name, [2, 3], tf.float32, half, trainable=False)
                         for name in "ch"}  # fmt: skip

        def state(self, name):
            return self.kept[name] * 1.0

        def save_state(self, name, state):
            return tf.assign(self.kept[name], state)

    x = [tf.constant(_values(np, 2, 3))] * 2
    c = _seeded(tf)
    saver = Saver()
    outputs, state = tf.nn.static_state_saving_rnn(c.LSTMCell(3), x, saver, ("c", "h"))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [sess.run(outputs[-1]), sess.run(saver.kept["c"]), sess.run(state.h)]
    return found + [error(lambda: tf.nn.static_state_saving_rnn(c.LSTMCell(3), x, saver, "c"))]


def raw(tf, np):
    x = tf.constant(_values(np, 4, 2, 3))
    rows = tf.TensorArray(tf.float32, 4).unstack(x)
    n = tf.constant([2, 4])
    cell = _seeded(tf).LSTMCell(3)

    def loop_fn(time, output, state, loop_state):
        state = cell.zero_state(2, tf.float32) if output is None else state
        finished = time >= n
        over = tf.reduce_all(finished)
        now = tf.cond(over, lambda: tf.zeros([2, 3]), lambda: rows.read(time))
        now.set_shape([2, 3])
        return finished, now, state, output, None

    emitted, state, loop_state = tf.nn.raw_rnn(cell, loop_fn)
    outputs = emitted.stack()
    grads = tf.gradients([outputs, state.c], [x] + tf.trainable_variables())
    return [loop_state is None, emitted.element_shape.as_list()] + run(tf, [outputs, state, grads])


def raw_with_a_loop_state(tf, np):
    cell = _seeded(tf).GRUCell(2)

    def loop_fn(time, output, state, loop_state):
        if output is None:
            structure = (tf.zeros([1], tf.float32), tf.zeros([], tf.int32))
            return (tf.zeros([3], tf.bool), tf.ones([3, 2]), cell.zero_state(3, tf.float32),
                    structure, tf.constant(1))  # fmt: skip
        emitted = (tf.reduce_sum(output, 1, keepdims=True), tf.tile([time], [3]))
        return time >= [1, 2, 4], output, state, emitted, loop_state * 2

    emitted, state, loop_state = tf.nn.raw_rnn(cell, loop_fn, scope="mine")
    return run(tf, [emitted[0].stack(), emitted[1].stack(), state, loop_state])


def states_fed_and_fetched(tf, np):
    x = tf.placeholder(tf.float32, [2, 3, 3])
    c = _seeded(tf)
    cell = c.MultiRNNCell([c.BasicLSTMCell(2), c.GRUCell(2)])
    start = cell.zero_state(2, tf.float32)
    outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state=start)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {x: _values(np, 2, 3, 3)}
        first = sess.run(state, feed)
        second = sess.run([state, outputs], {x: _values(np, 2, 3, 3), start: first})
        part = sess.run(state[0].h, {x: _values(np, 2, 3, 3), start[0]: first[0]})
    return [type(first).__name__, type(first[0]).__name__, first, second, part]


def trained_by_adam(tf, np):
    x, y = tf.placeholder(tf.float32, [4, 6, 3]), tf.placeholder(tf.int32, [4])
    c = _seeded(tf)
    outputs, _ = tf.nn.dynamic_rnn(c.MultiRNNCell([c.BasicLSTMCell(5), c.BasicLSTMCell(4)]), x,
                                   dtype=tf.float32)  # fmt: skip
    logits = tf.layers.dense(outputs[:, -1], 3)
    loss = tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    variables = tf.trainable_variables()
    clipped, norm = tf.clip_by_global_norm(tf.gradients(loss, variables), 0.5)
    step = tf.train.AdamOptimizer(0.01).apply_gradients(zip(clipped, variables))
    feed = {x: _values(np, 4, 6, 3), y: [0, 2, 1, 2]}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run([loss, norm, step], feed)[:2] for _ in range(8)]


def a_step_in_each_run(tf, np):
    """A loop of a loop: training with the gradient of an RNN inside tf.while_loop."""
    x = tf.constant(_values(np, 2, 3, 3))
    cell = _seeded(tf).GRUCell(3)
    _, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)

    def body(i, start):
        return i + 1, tf.nn.dynamic_rnn(cell, x, initial_state=start)[1]

    last = tf.while_loop(lambda i, s: i < 3, body, [0, state])[1]
    return run(tf, [state, last, tf.gradients(last, tf.trainable_variables())])


def second_derivatives(tf, np):
    x = tf.constant(_values(np, 2, 3, 2))
    outputs, _ = tf.nn.static_rnn(_seeded(tf).GRUCell(2), tf.unstack(x, axis=1), dtype=tf.float32)
    first = tf.gradients(outputs[-1], x)[0]
    return run(tf, [first, tf.gradients(first * first, x)[0]])


def refused(tf, np):
    c = tf.nn.rnn_cell
    x, loose = tf.zeros([2, 3, 4]), tf.placeholder(tf.float32, [2, 3, None])
    gru = c.GRUCell(2)
    dynamic, static = tf.nn.dynamic_rnn, tf.nn.static_rnn
    return [
        said(lambda: dynamic(gru, x), "you must give a dtype"),
        said(lambda: dynamic(3, x, dtype=tf.float32), "is not an RNNCell"),
        said(lambda: dynamic(gru, loose, dtype=tf.float32, scope="a"), "Input size"),
        said(lambda: dynamic(gru, x, [[1, 2]], dtype=tf.float32, scope="b"), "must be a vector"),
        error(lambda: dynamic(gru, tf.zeros([2, 3]), dtype=tf.float32, scope="c")),
        error(lambda: dynamic(gru, tf.zeros([3]), dtype=tf.float32, scope="d")),
        error(lambda: dynamic(gru, (x, tf.zeros([2, 4, 4])), dtype=tf.float32, scope="e")),
        said(lambda: static(gru, x, dtype=tf.float32), "inputs must be a sequence"),
        said(lambda: static(gru, [], dtype=tf.float32), "must not be empty"),
        said(lambda: static(gru, [tf.zeros([2, 4])]), "dtype must be specified"),
        error(lambda: static(gru, [tf.placeholder(tf.float32, [2, None])], dtype=tf.float32)),
        error(lambda: static(gru, [tf.zeros([2, 4]), tf.zeros([3, 4])], dtype=tf.float32)),
        said(lambda: static(gru, [tf.zeros([2, 4])], sequence_length=[[1]], dtype=tf.float32),
             "must be a vector"),
        said(lambda: tf.nn.static_bidirectional_rnn(gru, 4, [x], dtype=tf.float32),
             "'cell_bw'"),
        error(lambda: tf.nn.raw_rnn(gru, None)),
        error(lambda: dynamic(c.MultiRNNCell([gru, c.GRUCell(2, dtype=tf.float64)]), x,
                              initial_state=(tf.zeros([2, 2]), tf.zeros([2, 2], tf.float64)),
                              scope="g")),
    ]  # fmt: skip


def wrong_lengths_in_the_run(tf, np):
    x, n = tf.zeros([2, 3, 4]), tf.placeholder(tf.int32, [None])
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), x, n, dtype=tf.float32)
    return error(lambda: run(tf, outputs, {n: [1, 2, 3]}))


def of_variables(tf, np):
    """Inputs, states and lengths may be variables."""
    cells, x = _seeded(tf), tf.Variable(_values(np, 2, 3, 4))
    now, state = tf.Variable(_values(np, 2, 4)), tf.Variable(_values(np, 2, 2))
    lengths = tf.Variable([2, 1])

    def cell():
        return cells.BasicRNNCell(2)

    with tf.variable_scope("", initializer=tf.constant_initializer(0.3)):
        made = [
            tf.nn.dynamic_rnn(cell(), x, lengths, state, scope="a"),
            tf.nn.dynamic_rnn(cell(), x, dtype=tf.float32, time_major=True, scope="b"),
            tf.nn.static_rnn(cell(), [now, now], state, sequence_length=lengths, scope="c"),
            tf.contrib.legacy_seq2seq.basic_rnn_seq2seq([now], [now, now], cell()),
        ]
    return run(tf, [*made, tf.contrib.rnn.transpose_batch_time(x)])

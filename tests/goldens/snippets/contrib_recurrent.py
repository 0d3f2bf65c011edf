"""tf.contrib.recurrent: states, outputs, gradients."""

from goldens.kit import run


def _wave(np, *shape):
    return np.sin(np.arange(np.prod(shape), dtype=np.float32) * 1.3).reshape(shape)


def steps(tf, np):
    found = []
    weight, inputs = tf.constant(_wave(np, 2, 2)), tf.constant(_wave(np, 4, 3, 2))
    start = tf.zeros([3, 2])

    def cell(theta, state, now):
        return {"s": tf.tanh(tf.matmul(state["s"], theta["w"]) + now["x"])}, {"e": now["x"]}

    def gradient(theta, state, now, extras, d):
        twice = 2 * d["s"] + 0 * extras["e"]
        return {"w": theta["w"] * 0.5}, {"s": twice}, {"x": twice}

    for options in ({}, {"max_input_length": 3}, {"max_input_length": 2, "aligned_end": True},
                    {"cell_grad": gradient}):  # fmt: skip
        options = {k: tf.constant(v) if k == "max_input_length" else v for k, v in options.items()}
        states, last = tf.contrib.recurrent.Recurrent(
            {"w": weight}, {"s": start}, {"x": inputs}, cell, **options)
        loss = tf.reduce_sum(states["s"] ** 2) + tf.reduce_sum(last["s"])
        found += run(tf, [states, last, tf.gradients(loss, [weight, start, inputs])])
    return found


def _cell(tf, units=2):
    return tf.nn.rnn_cell.LSTMCell(units, initializer=tf.constant_initializer(0.3))


def functional(tf, np):
    found, run_cell = [], tf.contrib.recurrent.functional_rnn
    for options in ({}, {"sequence_length": [4, 2]}, {"time_major": True}, {"reverse": True}):
        tf.reset_default_graph()
        x = tf.constant(_wave(np, 2, 4, 3))
        outputs, state = run_cell(_cell(tf), x, dtype=tf.float32, **options)
        variables = tf.trainable_variables()
        slopes = tf.gradients(tf.reduce_sum(outputs**2), variables)
        found.append([[v.name for v in variables], str(outputs.shape),
                      *run(tf, [outputs, state, slopes])])  # fmt: skip
    return found


def functional_both_ways(tf, np):
    found, run_cells = [], tf.contrib.recurrent.bidirectional_functional_rnn
    for options in ({}, {"sequence_length": [4, 2]}, {"fast_reverse": True}):
        tf.reset_default_graph()
        x = tf.constant(_wave(np, 2, 4, 3))
        outputs, states = run_cells(_cell(tf), _cell(tf), x, dtype=tf.float32, **options)
        found.append([[v.name for v in tf.trainable_variables()], *run(tf, [outputs, states])])
    return found


def gradients_within(tf, np):
    """What `cell_grad` gets is where the gradients that it asks for end."""
    weight, inputs, start = (tf.constant(_wave(np, *sizes))
                             for sizes in ((2, 2), (4, 3, 2), (3, 2)))  # fmt: skip

    def product(theta, state, now):
        return tf.matmul(state, theta) + now * state

    def cell(theta, state, now):
        new = tf.tanh(product(theta, state, now))
        return new, new

    def gradient(theta, state, now, new, d):
        return tf.gradients(product(theta, state, now), [theta, state, now], d * (1 - new * new))

    found = []
    for cell_grad in (gradient, None):
        states, _ = tf.contrib.recurrent.Recurrent(weight, start, inputs, cell, cell_grad)
        found.append(tf.gradients(states * states, [weight, start, inputs]))
    return run(tf, found)

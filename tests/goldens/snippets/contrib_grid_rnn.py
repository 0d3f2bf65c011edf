"""tf.contrib.grid_rnn: outputs, states, names."""

from goldens.kit import error


def _step(tf, np, make, width=3):
    tf.reset_default_graph()
    flatten = tf.contrib.framework.nest.flatten
    cell = make(tf.contrib.grid_rnn)
    x = tf.constant(np.cos(np.arange(2 * width, dtype=np.float32)).reshape(2, width))
    with tf.variable_scope("it", initializer=tf.zeros_initializer()) as scope:
        output, state = cell(x, cell.zero_state(2, tf.float32))
    with tf.variable_scope(scope, reuse=True):
        again, _ = cell(x, state)
    variables = tf.global_variables()
    values = [np.sin(np.arange(v.shape.num_elements()) * 0.7).reshape(v.shape.as_list())
              for v in variables]  # fmt: skip
    with tf.Session() as sess:
        sess.run([v.assign(value) for v, value in zip(variables, values)])
        found = sess.run([flatten(output), flatten(state), flatten(again)])
    sizes = [flatten(cell.output_size), flatten(cell.state_size)]
    return [sizes, [[v.name, str(v.shape)] for v in variables], *found]


def one_axis(tf, np):
    return [_step(tf, np, lambda grid: grid.Grid1BasicRNNCell(2)),
            _step(tf, np, lambda grid: grid.Grid1BasicLSTMCell(2)),
            _step(tf, np, lambda grid: grid.Grid1LSTMCell(2, use_peepholes=True))]  # fmt: skip


def two_axes(tf, np):
    return [_step(tf, np, lambda grid: grid.Grid2BasicLSTMCell(2)),
            _step(tf, np, lambda grid: grid.Grid2LSTMCell(2, tied=True)),
            _step(tf, np, lambda grid: grid.Grid2GRUCell(2, non_recurrent_fn=tf.nn.relu)),
            _step(tf, np, lambda grid: grid.Grid2BasicRNNCell(2, tied=True, state_is_tuple=True,
                                                             output_is_tuple=False)),
            _step(tf, np, lambda grid: grid.Grid2LSTMCell(2, non_recurrent_fn=tf.tanh,
                                                         state_is_tuple=False))]  # fmt: skip


def three_axes(tf, np):
    several = {"num_dims": 3, "input_dims": [0, 1], "output_dims": [1, 2], "priority_dims": [2]}
    return [_step(tf, np, lambda grid: grid.Grid3LSTMCell(2)),
            _step(tf, np, lambda grid: grid.GridRNNCell(2, **several), 4)]  # fmt: skip


def refused(tf, np):
    made = tf.contrib.grid_rnn.GridRNNCell
    return [error(lambda: made(2, 0)), error(lambda: made(2, 2, input_dims=2)),
            error(lambda: made(2, 2, cell_fn=lambda n: n))]  # fmt: skip

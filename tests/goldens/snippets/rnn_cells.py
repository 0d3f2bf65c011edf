"""tf.nn.rnn_cell: outputs, states, variables, gradients, and what is refused."""

from goldens.kit import attempt, error, names, run, said, shapes

_X = [[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]]


def _input(tf):
    return tf.constant(_X, name="x")


def _seeded(tf):
    tf.set_random_seed(7)
    return tf.nn.rnn_cell


def _structure(tf, value):
    """Tensors in tuples, with the names of the tuples' types."""
    if isinstance(value, (tuple, list)):
        return [type(value).__name__, [_structure(tf, part) for part in value]]
    return [value.name, str(value.shape)]


def _step(tf, cell, batch=2):
    """The values of a step from a drawn state, gradients, and what was made."""
    state = cell.zero_state(batch, tf.float32)
    flat = tf.contrib.framework.nest.flatten(state)
    drawn = [tf.random_uniform([batch, int(s.shape[1])], -1, 1, seed=i) for i, s in enumerate(flat)]
    given = tf.contrib.framework.nest.pack_sequence_as(state, drawn)
    x = _input(tf)
    output, after = cell(x, given)
    again, _ = cell(x, after)
    variables = tf.trainable_variables()
    grads = tf.gradients(tf.reduce_sum(again * again), [x] + variables)
    grads = [grad for grad in grads if grad is not None]
    return [
        _structure(tf, state), _structure(tf, (output, after)),
        [[v.name, str(v.shape)] for v in tf.global_variables()],
        [v.name for v in cell.trainable_weights], cell.name,
    ] + run(tf, [output, after, again, grads])  # fmt: skip


def basic_rnn(tf, np):
    return _step(tf, _seeded(tf).BasicRNNCell(4))


def basic_rnn_of_relu(tf, np):
    return _step(tf, _seeded(tf).BasicRNNCell(4, activation=tf.nn.relu, name="mine"))


def gru(tf, np):
    return _step(tf, _seeded(tf).GRUCell(4))


def gru_initialized(tf, np):
    cell = _seeded(tf).GRUCell(
        3, activation="relu", kernel_initializer=tf.random_uniform_initializer(-1, 1, seed=3),
        bias_initializer=tf.constant_initializer(0.5),
    )  # fmt: skip
    return _step(tf, cell)


def basic_lstm(tf, np):
    return _step(tf, _seeded(tf).BasicLSTMCell(4))


def basic_lstm_joined(tf, np):
    return _step(tf, _seeded(tf).BasicLSTMCell(3, forget_bias=0.0, state_is_tuple=False))


def lstm(tf, np):
    return _step(tf, _seeded(tf).LSTMCell(4))


def lstm_joined(tf, np):
    return _step(tf, _seeded(tf).LSTMCell(4, num_proj=2, state_is_tuple=False))


def lstm_with_all(tf, np):
    cell = _seeded(tf).LSTMCell(
        4, use_peepholes=True, cell_clip=0.4, num_proj=3, proj_clip=0.1, forget_bias=0.3,
        initializer=tf.random_normal_initializer(seed=2), activation=tf.sigmoid,
    )  # fmt: skip
    return _step(tf, cell)


def lstm_in_one_shard(tf, np):
    cell = _seeded(tf).LSTMCell(2, num_unit_shards=1, num_proj=2, num_proj_shards=1)
    return run(tf, cell(_input(tf), cell.zero_state(2, tf.float32)))


def multi(tf, np):
    c = _seeded(tf)
    return _step(tf, c.MultiRNNCell([c.BasicLSTMCell(4), c.GRUCell(3), c.BasicRNNCell(2)]))


def multi_joined(tf, np):
    c = _seeded(tf)
    cells = [c.BasicLSTMCell(2, state_is_tuple=False) for _ in range(2)]
    return _step(tf, c.MultiRNNCell(cells, state_is_tuple=False))


def dropout(tf, np):
    c = _seeded(tf)
    cell = c.DropoutWrapper(c.BasicLSTMCell(6), 0.7, 0.5, 0.6, seed=5)
    return _step(tf, cell)


def dropout_without_seed(tf, np):
    c = _seeded(tf)
    return _step(tf, c.DropoutWrapper(c.GRUCell(6), output_keep_prob=0.5))


def dropout_variational(tf, np):
    c = _seeded(tf)
    cell = c.DropoutWrapper(
        c.LSTMCell(5), 0.7, 0.5, 0.6, variational_recurrent=True, input_size=3, dtype=tf.float32,
        seed=5,
    )  # fmt: skip
    return _step(tf, cell)


def dropout_of_a_placeholder(tf, np):
    c = _seeded(tf)
    keep = tf.placeholder(tf.float32, [], name="keep")
    cell = c.DropoutWrapper(c.BasicRNNCell(6), keep, keep, seed=2)
    output, _ = cell(_input(tf), cell.zero_state(2, tf.float32))
    return [names(tf), run(tf, output, {keep: 0.5}), run(tf, output, {keep: 1.0})]


def dropout_of_chosen_states(tf, np):
    c = _seeded(tf)
    asked = []

    def visitor(state):
        asked.append(type(state).__name__)
        return c.LSTMStateTuple(c=True, h=False) if isinstance(state, c.LSTMStateTuple) else True

    inside = c.MultiRNNCell([c.LSTMCell(8), c.GRUCell(3)])
    cell = c.DropoutWrapper(inside, state_keep_prob=0.5, seed=3,
                            dropout_state_filter_visitor=visitor)  # fmt: skip
    values = _step(tf, cell)
    return [asked] + values


def residual(tf, np):
    c = _seeded(tf)
    cell = c.ResidualWrapper(c.GRUCell(3))
    other = c.ResidualWrapper(c.BasicRNNCell(3), residual_fn=lambda i, o: i * o)
    product = other(_input(tf), other.zero_state(2, tf.float32))
    return _step(tf, cell) + [run(tf, product)]


def on_a_device(tf, np):
    c = _seeded(tf)
    cell = c.DeviceWrapper(c.BasicLSTMCell(3), "/cpu:0")
    return _step(tf, cell) + [tf.get_default_graph().get_operations()[-1].device]


def own_cell(tf, np):
    class Own(tf.nn.rnn_cell.RNNCell):
        state_size = property(lambda self: 2)
        output_size = property(lambda self: 2)

        def call(self, inputs, state):
            w = tf.get_variable("w", [3, 2])
            state = tf.tanh(tf.matmul(inputs, w) + state)
            return state, state

    tf.set_random_seed(1)
    other = run(tf, tf.nn.static_rnn(Own(), [_input(tf)] * 2, dtype=tf.float32))
    return _step(tf, Own()) + [other]


def own_cell_of_old(tf, np):
    class Own(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = 2

        def __init__(self):
            pass

        def __call__(self, inputs, state, scope=None):
            with tf.variable_scope(scope or type(self).__name__):
                w = tf.get_variable("w", [3, 2])
                state = tf.tanh(tf.matmul(inputs, w) + state)
                return state, state

    tf.set_random_seed(1)
    outputs, state = tf.nn.static_rnn(Own(), [_input(tf)] * 2, dtype=tf.float32)
    dynamic, last = tf.nn.dynamic_rnn(Own(), tf.reshape(_input(tf), [2, 1, 3]), dtype=tf.float32,
                                      scope="other")  # fmt: skip
    return [[v.name for v in tf.global_variables()]] + run(tf, [outputs, state, dynamic, last])


def own_cell_with_scope(tf, np):
    class Own(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = 3

        def call(self, inputs, state, scope=None):
            with tf.variable_scope(scope or "none"):
                return inputs + tf.get_variable("b", [3]), state

    cell = Own()
    cell(_input(tf), cell.zero_state(2, tf.float32))
    cell(_input(tf), cell.zero_state(2, tf.float32))
    return names(tf), [v.name for v in cell.weights]


def scopes(tf, np):
    c = _seeded(tf)
    x, cell = _input(tf), c.GRUCell(2)
    state = cell.zero_state(2, tf.float32)
    with tf.variable_scope("outer"):
        first, _ = cell(x, state)
    second, _ = cell(x, state, scope="ignored")
    named = c.BasicRNNCell(2)
    third, _ = named(x, state, scope="given")
    own = c.MultiRNNCell([c.BasicRNNCell(2)])
    fourth, _ = own(x, (state,), scope="given_too")
    return [first.name, second.name, third.name, fourth.name, cell.scope_name,
            [v.name for v in tf.global_variables()]]  # fmt: skip


def reuse(tf, np):
    c = _seeded(tf)
    x = _input(tf)

    def step(cell):
        return cell(x, cell.zero_state(2, tf.float32))[0]

    with tf.variable_scope("a"):
        step(c.GRUCell(2, name="g"))
        twice = said(lambda: step(c.GRUCell(2, name="g")), "already exists", "a/g/gates/kernel")
    with tf.variable_scope("a", reuse=True):
        step(c.GRUCell(2, name="g"))
        other = said(lambda: step(c.GRUCell(5, name="g")), "Trying to share variable",
                     "a/g/gates/kernel")  # fmt: skip
        missing = said(lambda: step(c.GRUCell(5, name="h")), "does not exist")
    with tf.variable_scope("a"):
        step(c.GRUCell(2, name="g", reuse=True))
    return [twice, other, missing, [v.name for v in tf.global_variables()]]


def one_cell_for_two_layers(tf, np):
    c = _seeded(tf)
    cell = c.BasicLSTMCell(3)
    both = c.MultiRNNCell([cell] * 2)
    both(_input(tf), both.zero_state(2, tf.float32))
    wide = c.BasicLSTMCell(4)
    two = c.MultiRNNCell([wide] * 2)
    return [[v.name for v in tf.global_variables()],
            error(lambda: two(_input(tf), two.zero_state(2, tf.float32)))]  # fmt: skip


def other_types(tf, np):
    c = _seeded(tf)
    x = tf.constant(np.float64(_X))
    outputs = []
    for cell in (c.BasicLSTMCell(2), c.GRUCell(2), c.LSTMCell(2, use_peepholes=True)):
        outputs.append(cell(x, cell.zero_state(2, tf.float64))[0])
    return [[v.dtype.name for v in tf.global_variables()], run(tf, outputs)]


def states(tf, np):
    c = tf.nn.rnn_cell
    n = tf.placeholder(tf.int32, [], name="n")
    pair = c.LSTMCell(3, num_proj=2)
    return [
        shapes(*pair.zero_state(4, tf.float32)), shapes(*pair.zero_state(n, tf.float32)),
        shapes(*pair.get_initial_state(batch_size=2, dtype=tf.float64)),
        shapes(c.GRUCell(2).get_initial_state(inputs=tf.zeros([5, 2]))),
        str(pair.state_size), pair.output_size, c.BasicLSTMCell(2, state_is_tuple=False).state_size,
        c.LSTMStateTuple(tf.zeros([1]), tf.zeros([1])).dtype.name,
        error(lambda: c.LSTMStateTuple(tf.zeros([1]), tf.zeros([1], tf.float64)).dtype),
        run(tf, pair.zero_state(n, tf.float32), {n: 2}), names(tf),
    ]  # fmt: skip


def refused(tf, np):
    c = tf.nn.rnn_cell
    x, cell = _input(tf), c.GRUCell(2)
    zeros = cell.zero_state(2, tf.float32)
    loose = tf.placeholder(tf.float32, [None, None])
    return [
        said(lambda: c.GRUCell(2)(tf.zeros([2, 3, 4]), zeros), "expected ndim=2, found ndim=3"),
        said(lambda: c.BasicLSTMCell(2)(loose, (zeros, zeros)), "Expected inputs.shape[-1]"),
        said(lambda: c.GRUCell(2)(tf.zeros([2, 3], tf.int32), zeros), "only supports floating"),
        said(lambda: c.BasicRNNCell(2, dtype=tf.int32), "only supports floating"),
        said(lambda: c.MultiRNNCell([]), "at least one cell"),
        said(lambda: c.MultiRNNCell(c.GRUCell(2)), "cells must be a list"),
        said(lambda: c.MultiRNNCell([c.LSTMCell(2)], state_is_tuple=False), "state_is_tuple"),
        said(lambda: c.MultiRNNCell([c.GRUCell(2)])(x, zeros), "Expected state to be a tuple"),
        said(lambda: c.DropoutWrapper(5), "is not an RNNCell"),
        said(lambda: c.DropoutWrapper(c.GRUCell(2), 1.5), "input_keep_prob must be between 0 and"),
        said(lambda: c.DropoutWrapper(c.GRUCell(2), variational_recurrent=True), "dtype must be"),
        said(lambda: c.DropoutWrapper(c.GRUCell(2), 0.5, variational_recurrent=True,
                                      dtype=tf.float32), "input_size must be"),
        error(lambda: c.DropoutWrapper(c.GRUCell(2), dropout_state_filter_visitor=3)),
        said(lambda: cell.get_initial_state(), "cannot be None"),
        said(lambda: cell.get_initial_state(x, batch_size=7), "is different"),
        said(lambda: cell.get_initial_state(x, dtype=tf.float64), "is different"),
        error(lambda: c.RNNCell().state_size), error(lambda: c.RNNCell().output_size),
        attempt(lambda: c.ResidualWrapper(c.GRUCell(2))(x, zeros)),
    ]  # fmt: skip


def built_first(tf, np):
    cell = _seeded(tf).LSTMCell(2, dtype=tf.float32)
    cell.build((None, 3))
    output, _ = cell(_input(tf), cell.zero_state(2, tf.float32))
    return [[v.name for v in cell.variables], output.name, run(tf, output)]


def states_of_layers(tf, np):
    c = _seeded(tf)
    both = c.MultiRNNCell([c.BasicLSTMCell(2), c.GRUCell(2)])
    both(_input(tf), both.zero_state(2, tf.float32))
    wrapped = c.DropoutWrapper(c.GRUCell(2))
    wrapped(_input(tf), wrapped.zero_state(2, tf.float32))
    frozen = c.GRUCell(2, trainable=False)
    frozen(_input(tf), frozen.zero_state(2, tf.float32))
    return [[[v.name for v in group] for group in (
        cell.weights, cell.trainable_weights, cell.non_trainable_weights, cell.variables,
        cell.trainable_variables)] for cell in (both, wrapped, frozen)
    ] + [both.name, wrapped.name, frozen.name, len(tf.trainable_variables())]  # fmt: skip

"""Cells of Keras, called by themselves."""
import minitf as tf


def test_states_of_stacked_cells_nest_as_the_sizes_do():
    with tf.Graph().as_default():
        cells = tf.keras.layers.StackedRNNCells([tf.keras.layers.LSTMCell(n) for n in (3, 4)])
        x = tf.zeros([2, 5])
        states = cells.get_initial_state(inputs=x)
        _, after = cells(x, states)
        tf.nest.assert_same_structure(states, after)
        tf.nest.assert_same_structure(cells.state_size, after)
        assert [type(each) for each in after] == [list, list]

"""Tests that run once in a graph and once eagerly."""
import minitf as tf


def run(tensors):
    """The values of tensors, in a session where there is a graph."""
    if tf.executing_eagerly():
        return tf.nest.map_structure(lambda x: x.numpy(), tensors)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return sess.run(tensors)

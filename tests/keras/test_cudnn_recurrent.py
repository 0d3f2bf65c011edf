"""tf.keras.layers.CuDNNLSTM and CuDNNGRU compute what LSTM and GRU do with the same weights."""
import numpy as np
import pytest

import minitf as tf

UNITS, INPUTS = 3, 2


def turned(kernel, gates):
    """A kernel as cuDNN reads it: as [units, inputs] for each gate."""
    return np.concatenate([each.reshape(UNITS, -1).T for each in np.split(kernel, gates, 1)], 1)


@pytest.mark.parametrize("kwargs", [
    {"return_sequences": True}, {"return_state": True},
    {"go_backwards": True, "return_sequences": True},
])  # fmt: skip
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_the_weights_are_those_of_cudnn(kind, kwargs):
    gates, plain = {"LSTM": (4, {}), "GRU": (3, {"reset_after": True})}[kind]
    random = np.random.RandomState(0)
    x = random.randn(2, 4, INPUTS).astype(np.float32)
    sizes = (INPUTS, gates * UNITS), (UNITS, gates * UNITS), (2 * gates * UNITS,)
    kernel, recurrent, bias = (random.randn(*each) for each in sizes)
    bias_of_plain = bias.reshape(2, -1) if kind == "GRU" else bias.reshape(2, -1).sum(0)
    with tf.Graph().as_default(), tf.Session():
        fast = getattr(tf.keras.layers, f"CuDNN{kind}")(UNITS, **kwargs)
        slow = getattr(tf.keras.layers, kind)(UNITS, recurrent_activation="sigmoid", **plain,
                                              **kwargs)  # fmt: skip
        found, wanted = fast(tf.constant(x)), slow(tf.constant(x))
        fast.set_weights([kernel, recurrent, bias])
        slow.set_weights([turned(kernel, gates), turned(recurrent, gates), bias_of_plain])
        for one, other in zip(tf.nest.flatten(found), tf.nest.flatten(wanted)):
            np.testing.assert_allclose(*tf.keras.backend.get_session().run([one, other]),
                                       atol=1e-5)  # fmt: skip


def test_one_step():
    with tf.Graph().as_default(), tf.Session() as sess:
        layer = tf.keras.layers.CuDNNGRU(UNITS)
        x = tf.ones([2, 1, INPUTS])
        whole = layer(x)
        step, _ = layer.cell.call(x[:, 0], [tf.zeros([2, UNITS])])
        sess.run(tf.global_variables_initializer())
        np.testing.assert_allclose(*sess.run([step, whole]), atol=1e-6)

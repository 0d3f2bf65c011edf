"""tf.distributions.Multinomial: counts of a batch, which TensorFlow draws in any order."""
import numpy as np

import minitf as tf


def test_counts_of_a_batch_have_its_moments():
    tf.reset_default_graph()
    made = tf.distributions.Multinomial([4.0, 6.0], probs=[[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]])
    with tf.Session() as sess:
        drawn, mean, covariance = sess.run(
            [made.sample(20_000, seed=1), made.mean(), made.covariance()]
        )
    np.testing.assert_array_equal(drawn.sum(-1), np.broadcast_to([4.0, 6.0], (20_000, 2)))
    np.testing.assert_allclose(drawn.mean(0), mean, atol=0.03)
    for one in range(2):
        np.testing.assert_allclose(np.cov(drawn[:, one].T), covariance[one], atol=0.03)

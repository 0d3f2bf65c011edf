"""Where tf.distributions is more exact than TensorFlow, or takes what that fails at."""
import numpy as np
import pytest

import minitf as tf


def _entropy(p):
    return -(p * np.log(p) + (1 - p) * np.log1p(-p))


def test_the_entropy_of_what_is_nearly_certain_is_exact():
    probs = np.float32([1e-6, 0.3, 1 - 1e-6])
    with tf.Session() as session:
        found = session.run(tf.distributions.Bernoulli(probs=probs).entropy())
    np.testing.assert_allclose(found, _entropy(probs.astype(np.float64)), 1e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_counts_are_of_the_type_of_the_probabilities(dtype):
    made = tf.distributions.Multinomial(dtype(4), probs=dtype([0.25, 0.75]))
    with tf.Session() as session:
        drawn = session.run(made.sample(5, seed=1))
    assert drawn.dtype == dtype
    assert (drawn.sum(-1) == 4).all()


def test_a_seed_says_what_a_mixture_of_a_family_draws():
    d = tf.contrib.distributions
    made = d.MixtureSameFamily(d.Categorical(probs=[0.5, 0.5]), d.Normal([0.0, 9.0], 1.0))
    with tf.Session() as session:
        one, same, other = session.run([made.sample(8, seed=seed) for seed in (1, 1, 2)])
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_a_vector_that_is_not_one_hot_is_no_event():
    made = tf.contrib.distributions.OneHotCategorical(probs=[0.25, 0.75], validate_args=True)
    value = tf.placeholder(tf.int32, [2])
    found = made.prob(value)
    with tf.Session() as session:
        assert session.run(found, {value: [0, 1]}) == pytest.approx(0.75)
        for wrong in ([1, 1], [0, 0], [2, -1], [0, 2]):
            with pytest.raises(tf.errors.InvalidArgumentError):
                session.run(found, {value: wrong})

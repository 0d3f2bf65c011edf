"""Initializers: shapes, types, distributions, configurations and what they refuse."""

import math

import numpy as np
import pytest

import minitf as tf

CONTRIB = tf.contrib.layers


@pytest.fixture(autouse=True)
def _fresh_graph():
    tf.reset_default_graph()
    tf.set_random_seed(7)


def drawn(initializer, shape, **options):
    value = initializer(shape, **options)
    with tf.Session() as sess:
        return sess.run(value)


@pytest.mark.parametrize(
    "initializer, wanted",
    [
        (tf.zeros_initializer(), [[0, 0, 0], [0, 0, 0]]),
        (tf.ones_initializer(), [[1, 1, 1], [1, 1, 1]]),
        (tf.constant_initializer(2.5), [[2.5, 2.5, 2.5], [2.5, 2.5, 2.5]]),
        (tf.constant_initializer([1, 2, 3, 4]), [[1, 2, 3], [4, 4, 4]]),
        (tf.constant_initializer(np.arange(6)), [[0, 1, 2], [3, 4, 5]]),
        (tf.initializers.identity(2.0), [[2, 0, 0], [0, 2, 0]]),
    ],
)
def test_fixed_values(initializer, wanted):
    value = drawn(initializer, [2, 3])
    assert value.dtype == np.float32
    np.testing.assert_array_equal(value, wanted)
    assert drawn(initializer, [2, 3], dtype=tf.float64).dtype == np.float64


SHAPE = [60, 40, 5]  # of a convolution: inputs 40 * 60, outputs 5 * 60
IN, OUT = 40 * 60, 5 * 60
DISTRIBUTIONS = {
    "random_normal": (tf.random_normal_initializer(1.0, 0.5), 1.0, 0.5, None),
    "truncated_normal": (tf.truncated_normal_initializer(0.0, 0.5), 0.0, 0.5 * 0.8796, 1.0),
    "random_uniform": (tf.random_uniform_initializer(-1, 3), 1.0, 4 / math.sqrt(12), None),
    "unit": (tf.random_uniform_initializer(), 0.5, 1 / math.sqrt(12), None),
    "variance_scaling": (tf.variance_scaling_initializer(), 0.0, IN**-0.5, None),
    "fan_out": (tf.variance_scaling_initializer(2.0, "fan_out"), 0.0, (2 / OUT) ** 0.5, None),
    "untruncated": (
        tf.variance_scaling_initializer(distribution="untruncated_normal"), 0.0, IN**-0.5, None,
    ),
    "glorot_uniform": (
        tf.glorot_uniform_initializer(), 0.0, (2 / (IN + OUT)) ** 0.5, (6 / (IN + OUT)) ** 0.5,
    ),
    "glorot_normal": (tf.glorot_normal_initializer(), 0.0, (2 / (IN + OUT)) ** 0.5, None),
    "he_normal": (tf.initializers.he_normal(), 0.0, (2 / IN) ** 0.5, None),
    "he_uniform": (tf.initializers.he_uniform(), 0.0, (2 / IN) ** 0.5, (6 / IN) ** 0.5),
    "lecun_normal": (tf.initializers.lecun_normal(), 0.0, (1 / IN) ** 0.5, None),
    "lecun_uniform": (tf.initializers.lecun_uniform(), 0.0, (1 / IN) ** 0.5, (3 / IN) ** 0.5),
    "uniform_unit_scaling": (
        tf.uniform_unit_scaling_initializer(2.0), 0.0, 2 / IN**0.5, 2 * (3 / IN) ** 0.5,
    ),
    "xavier": (CONTRIB.xavier_initializer(), 0.0, (2 / (IN + OUT)) ** 0.5, None),
    "xavier_conv2d": (CONTRIB.xavier_initializer_conv2d(), 0.0, (2 / (IN + OUT)) ** 0.5, None),
    "contrib_normal": (
        CONTRIB.variance_scaling_initializer(), 0.0, (2.6 / IN) ** 0.5 * 0.8796, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_mean_deviation_and_bound(name):
    initializer, mean, deviation, bound = DISTRIBUTIONS[name]
    value = drawn(initializer, SHAPE)
    assert value.shape == (60, 40, 5) and value.dtype == np.float32
    assert abs(value.mean() - mean) < 5 * deviation / math.sqrt(value.size)
    assert abs(value.std() / deviation - 1) < 0.03
    if bound is not None:
        assert 0.97 * bound < np.abs(value).max() <= bound


def test_a_seed_draws_the_same():
    first, second, other = (drawn(tf.random_normal_initializer(seed=s), [5]) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


@pytest.mark.parametrize("shape", [(4, 4), (6, 3), (3, 6), (2, 3, 4)])
def test_orthogonal(shape):
    value = drawn(tf.orthogonal_initializer(2.0), shape)
    assert value.shape == shape
    flat = value.reshape(-1, shape[-1]) / 2.0
    product = flat @ flat.T if flat.shape[0] < flat.shape[1] else flat.T @ flat
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-5)


def test_configurations_make_the_same_again():
    for initializer in (
        tf.zeros_initializer(tf.int32), tf.ones_initializer(), tf.constant_initializer([1, 2]),
        tf.random_uniform_initializer(-1, 2, 3), tf.random_normal_initializer(1.0, 2.0, 3),
        tf.truncated_normal_initializer(1.0, 2.0, 3), tf.uniform_unit_scaling_initializer(2.0),
        tf.variance_scaling_initializer(2.0, "fan_out", "uniform", 5),
        tf.glorot_uniform_initializer(3), tf.glorot_normal_initializer(3),
        tf.orthogonal_initializer(2.0, 3), tf.initializers.identity(2.0),
    ):  # fmt: skip
        config = initializer.get_config()
        assert type(initializer).from_config(config).get_config() == config
    assert tf.random_normal_initializer(seed=3).get_config() == {
        "mean": 0.0, "stddev": 1.0, "seed": 3, "dtype": "float32",
    }  # fmt: skip


@pytest.mark.parametrize(
    "make, kind, said",
    [
        (lambda: tf.constant_initializer("a" * 3)([1]), TypeError, "Expected float32"),
        (lambda: tf.constant_initializer({}), TypeError, "Invalid type for initial value"),
        (lambda: tf.constant_initializer([1, 2, 3])([2]), ValueError, "Too many elements"),
        (
            lambda: tf.constant_initializer([1], verify_shape=True)([2]),
            TypeError,
            "Expected Tensor's shape",
        ),
        (lambda: tf.random_normal_initializer(dtype=tf.int32), ValueError, "floating point type"),
        (lambda: tf.variance_scaling_initializer(0.0), ValueError, "must be positive float"),
        (lambda: tf.variance_scaling_initializer(mode="fan"), ValueError, "`mode`"),
        (
            lambda: tf.variance_scaling_initializer(distribution="x"), ValueError, "`distribution`"
        ),
        (lambda: tf.orthogonal_initializer()([3]), ValueError, "at least two-dimensional"),
        (lambda: tf.initializers.identity()([3]), ValueError, "only be used for 2D matrices"),
        (lambda: CONTRIB.xavier_initializer(dtype=tf.int32), TypeError, "non-floating point"),
        (lambda: CONTRIB.variance_scaling_initializer(mode="x"), TypeError, "Unknown mode x"),
    ],
)  # fmt: skip
def test_refused(make, kind, said):
    with pytest.raises(kind, match=said):
        make()


# -- regularizers ---------------------------------------------------------------------------------

W = np.float32([[1, -2], [3, 0]])


@pytest.mark.parametrize(
    "make, wanted",
    [
        (lambda: CONTRIB.l1_regularizer(0.5), 3.0),
        (lambda: CONTRIB.l2_regularizer(0.5), 3.5),
        (lambda: CONTRIB.l1_l2_regularizer(0.5, 0.5), 6.5),
        (lambda: CONTRIB.l1_l2_regularizer(0.0, 0.5), 3.5),
        (lambda: CONTRIB.l1_l2_regularizer(0.5, 0.0), 3.0),
        (lambda: CONTRIB.sum_regularizer([CONTRIB.l1_regularizer(1.0), None]), 6.0),
        (lambda: CONTRIB.l2_regularizer(tf.constant(0.5)), 3.5),
    ],
)
def test_penalties(make, wanted):
    loss = make()(tf.constant(W))
    with tf.Session() as sess:
        assert sess.run(loss) == wanted


def test_penalties_that_are_off():
    assert CONTRIB.l1_regularizer(0.0)(W) is None
    assert CONTRIB.l2_regularizer(0.0)(W) is None
    assert CONTRIB.sum_regularizer([None]) is None
    assert CONTRIB.sum_regularizer([CONTRIB.l1_regularizer(0.0)])(tf.constant(W)) is None


def test_apply_regularization():
    tf.add_to_collection(tf.GraphKeys.WEIGHTS, tf.constant(W))
    total = CONTRIB.apply_regularization(CONTRIB.l1_regularizer(1.0))
    more = CONTRIB.apply_regularization(CONTRIB.l1_regularizer(1.0), [tf.constant(W)] * 2)
    assert tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES) == [total, more]
    with tf.Session() as sess:
        assert sess.run([total, more]) == [6.0, 12.0]
    with pytest.raises(ValueError, match=r"must return a scalar Tensor instead of .* rank 2"):
        CONTRIB.apply_regularization(lambda w: w, [tf.constant(W)])
    tf.reset_default_graph()
    with pytest.raises(ValueError, match="No weights to regularize"):
        CONTRIB.apply_regularization(CONTRIB.l1_regularizer(1.0))


@pytest.mark.parametrize("make", [CONTRIB.l1_regularizer, CONTRIB.l2_regularizer])
def test_scales_that_are_refused(make):
    with pytest.raises(ValueError, match="scale cannot be an integer: 1"):
        make(1)
    with pytest.raises(ValueError, match=r"on a regularizer: -0\.5"):
        make(-0.5)
    with pytest.raises(ValueError, match="scale_l1 cannot be an integer"):
        CONTRIB.l1_l2_regularizer(1, 0.5)

"""tf.contrib.resampler and periodic_resample: what TensorFlow ends in a crash for."""
import pytest

import minitf as tf


@pytest.mark.parametrize(("data", "warp"), [([2, 3, 4], [2, 5, 2]), ([2, 3, 4, 1], [2, 5, 3])])
def test_other_shapes_are_refused(data, warp):
    with tf.Graph().as_default(), pytest.raises(ValueError, match="should be"):
        tf.contrib.resampler.resampler(tf.zeros(data), tf.zeros(warp))


@pytest.mark.parametrize("shape", [[6, 4], [None, None], [2, None], [6, None, 2], [None, 13]])
def test_other_sizes_are_refused(shape):
    with tf.Graph().as_default(), pytest.raises(ValueError, match="periodic_resample"):
        tf.contrib.periodic_resample.periodic_resample(tf.zeros([3, 4]), shape)

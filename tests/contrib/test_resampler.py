"""tf.contrib.resampler: what TensorFlow reads beyond the end of memory for."""
import pytest

import minitf as tf


@pytest.mark.parametrize(("data", "warp"), [([2, 3, 4], [2, 5, 2]), ([2, 3, 4, 1], [2, 5, 3])])
def test_other_shapes_are_refused(data, warp):
    with tf.Graph().as_default(), pytest.raises(ValueError, match="should be"):
        tf.contrib.resampler.resampler(tf.zeros(data), tf.zeros(warp))

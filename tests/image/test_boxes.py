"""Boxes drawn by lot."""
import pytest

import minitf as tf


def test_a_part_drawn_by_lot_has_names():
    found = tf.image.sample_distorted_bounding_box([8, 9, 3], [[[0.1, 0.1, 0.8, 0.9]]])
    assert found._fields == ("begin", "size", "bboxes")
    assert type(found).__name__ == "SampleDistortedBoundingBoxV2"


def test_the_size_of_several_images_is_refused():
    with pytest.raises(ValueError, match="Dimension must be 3 but is 4"):
        tf.image.sample_distorted_bounding_box([2, 8, 9, 3], [[[0.1, 0.1, 0.8, 0.9]]])

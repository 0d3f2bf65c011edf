"""Image files: JPEG against the pixels that TensorFlow decodes, and what is not installed."""
import builtins
import io
import json
import os

import numpy as np
import pytest
from goldens.pictures import HERE, picture
from goldens.record_jpeg import decoded
from PIL import Image

import minitf as tf

with open(os.path.join(HERE, "jpeg.json")) as file:
    JPEG = json.load(file)
LEVELS = 2  # Versions of libjpeg differ by so much.


def named(case):
    return f"{case['name']}-{case['channels']}-{case['ratio']}"


@pytest.mark.parametrize("case", JPEG, ids=named)
def test_pixels_are_those_that_tensorflow_decodes(case):
    image = decoded(case, tf)
    assert image.dtype == np.uint8 and list(image.shape) == case["shape"]
    assert np.abs(image.ravel().astype(int) - case["pixels"]).max() <= LEVELS


def run(fetches):
    with tf.Session() as sess:
        return sess.run(fetches)


def test_a_part_of_a_jpeg_file_is_that_of_the_whole():
    data = picture("rgb.jpg")
    part = tf.image.decode_and_crop_jpeg(data, [2, 3, 9, 12])
    np.testing.assert_array_equal(run(part), run(tf.image.decode_jpeg(data))[2:11, 3:15])


@pytest.mark.parametrize("options", [{}, {"chroma_downsampling": False}, {"progressive": True},
                                     {"optimize_size": True}, {"format": "rgb"}])  # fmt: skip
def test_a_jpeg_file_is_near_what_was_written(options):
    image = run(tf.image.decode_jpeg(picture("rgb.jpg")))
    again = run(tf.image.decode_jpeg(tf.image.encode_jpeg(image, quality=100, **options)))
    assert np.abs(again.astype(int) - image).mean() < 3


def test_a_lower_quality_takes_fewer_bytes():
    image = np.random.RandomState(0).randint(0, 256, (30, 30, 3)).astype(np.uint8)
    sizes = [len(run(tf.image.encode_jpeg(image, quality=quality))) for quality in (95, 50, 5)]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_png_file_is_read_by_others_and_small(channels):
    steps = np.add.outer(np.arange(40), np.arange(90))[..., None] * np.arange(1, channels + 1)
    noise = np.random.default_rng(0).integers(0, 256, steps.shape)
    image = np.where(np.arange(90)[:, None] < 50, steps, noise).astype(np.uint8)
    file = run(tf.image.encode_png(image))
    with Image.open(io.BytesIO(file)) as other:
        np.testing.assert_array_equal(np.asarray(other).reshape(image.shape), image)
    assert len(file) < 40 * 40 * channels + 800  # the noise, and next to nothing for the rest


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("shape", [(1, 1, 1), (9, 1, 4), (1, 9, 3), (6, 7, 1)])
def test_a_png_file_has_the_numbers_that_were_written(shape, dtype):
    most = np.iinfo(dtype).max + 1
    image = np.random.default_rng(1).integers(0, most, shape).astype(dtype)
    again = tf.image.decode_png(tf.image.encode_png(image), shape[2], dtype=dtype)
    np.testing.assert_array_equal(run(again), image)


def test_adjusting_the_quality_keeps_type_and_shape():
    image = np.full((16, 16, 3), 0.5, np.float32)
    adjusted = run(tf.image.adjust_jpeg_quality(image, 80))
    assert adjusted.dtype == np.float32 and adjusted.shape == image.shape
    np.testing.assert_allclose(adjusted, image, atol=0.02)


def test_a_random_quality_is_one_of_the_range():
    image = picture("rgb.jpg")
    adjusted = tf.image.random_jpeg_quality(tf.image.decode_jpeg(image), 10, 90, seed=1)
    assert run(adjusted).shape == (17, 20, 3)
    for limits in ((-1, 10), (10, 101), (20, 20)):
        with pytest.raises(ValueError):
            tf.image.random_jpeg_quality(np.zeros((8, 8, 3), np.uint8), *limits)


@pytest.mark.parametrize("options", [
    {"fancy_upscaling": False}, {"try_recover_truncated": True}, {"acceptable_fraction": 0.5},
])  # fmt: skip
def test_what_pillow_does_not_do_is_refused(options):
    with pytest.raises(NotImplementedError, match="Pillow"):
        tf.image.decode_jpeg(picture("rgb.jpg"), **options)


def test_without_pillow_the_error_says_how_to_get_it(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.split(".")[0] == "PIL":
            raise ModuleNotFoundError("No module named 'PIL'", name="PIL")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install minitf-tf1\[image\]"):
        run(tf.image.decode_jpeg(picture("rgb.jpg")))
    run(tf.image.decode_bmp(picture("rgb.bmp")))  # needs none


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()

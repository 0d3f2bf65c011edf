"""tf.keras.preprocessing and data sets, against what their documentation says."""
import gzip

import numpy as np
import pytest

import minitf as tf

image = tf.keras.preprocessing.image
sequence = tf.keras.preprocessing.sequence
text = tf.keras.preprocessing.text


def test_sequences_are_padded_and_cut_at_either_end():
    given = [[1], [2, 3], [4, 5, 6]]
    np.testing.assert_array_equal(sequence.pad_sequences(given), [[0, 0, 1], [0, 2, 3], [4, 5, 6]])
    found = sequence.pad_sequences(given, maxlen=2, padding="post", truncating="post", value=9)
    np.testing.assert_array_equal(found, [[1, 9], [2, 3], [4, 5]])
    with pytest.raises(ValueError, match='Padding type "middle" not understood'):
        sequence.pad_sequences(given, padding="middle")


def test_time_series_by_batches():
    series = np.arange(10)
    batches = sequence.TimeseriesGenerator(series, series, length=4, sampling_rate=2, batch_size=4)
    assert len(batches) == 2
    x, y = batches[0]
    np.testing.assert_array_equal(x, [[0, 2], [1, 3], [2, 4], [3, 5]])
    np.testing.assert_array_equal(y, [4, 5, 6, 7])


def test_words_are_numbered_by_how_common_they_are():
    tokens = text.Tokenizer(num_words=4, oov_token="?")
    tokens.fit_on_texts(["the cat and the dog", "The end, the cat!"])
    assert tokens.word_index == {"?": 1, "the": 2, "cat": 3, "and": 4, "dog": 5, "end": 6}
    assert tokens.texts_to_sequences(["the dog saw the cat"]) == [[2, 1, 1, 2, 3]]
    np.testing.assert_array_equal(tokens.texts_to_matrix(["the cat the"], "count"), [[0, 0, 2, 1]])
    assert tokens.sequences_to_texts([[2, 3]]) == ["the cat"]
    again = text.tokenizer_from_json(tokens.to_json())
    assert again.texts_to_sequences(["the cat"]) == [[2, 3]]


def test_md5_numbers_words_alike_in_every_process():
    found = text.hashing_trick("The cat sat on the mat", 10, "md5")
    assert found[0] == found[4] and all(1 <= number < 10 for number in found)


def test_an_image_moves_by_whole_pixels():
    x = np.arange(9.0).reshape(3, 3, 1)
    moved = image.apply_affine_transform(x, tx=1, fill_mode="constant", cval=-1)
    np.testing.assert_array_equal(moved[:, :, 0], [[3, 4, 5], [6, 7, 8], [-1, -1, -1]])
    nearest = image.apply_affine_transform(x, ty=1)
    np.testing.assert_array_equal(nearest[:, :, 0], [[1, 2, 2], [4, 5, 5], [7, 8, 8]])
    with pytest.raises(NotImplementedError, match="interpolation order 3"):
        image.apply_affine_transform(x, tx=0.5, order=3)


def test_generators_of_images_go_through_all_of_them():
    x = np.arange(10.0).reshape(5, 1, 2, 1)
    flow = image.ImageDataGenerator(rescale=0.5).flow(x, np.arange(5), batch_size=2, shuffle=False)
    batches = [next(flow) for _ in range(3)]
    np.testing.assert_array_equal(np.concatenate([b[0] for b in batches]), x / 2)
    np.testing.assert_array_equal(np.concatenate([b[1] for b in batches]), np.arange(5))


def test_features_are_centred_as_fitted():
    x = np.random.RandomState(0).rand(6, 2, 2, 3)
    maker = image.ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
    maker.fit(x)
    (batch,) = [next(maker.flow(x, batch_size=6, shuffle=False))]
    np.testing.assert_allclose(batch.mean(axis=(0, 1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(batch.std(axis=(0, 1, 2)), 1, atol=1e-4)


def test_folders_are_classes(tmp_path):
    pytest.importorskip("PIL")
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        for i in range(2):
            path = str(tmp_path / name / f"{i}.png")
            image.save_img(path, np.full((4, 5, 3), 60 * i), scale=False)
    flow = image.ImageDataGenerator().flow_from_directory(
        str(tmp_path), target_size=(3, 3), batch_size=4, shuffle=False
    )
    x, y = next(flow)
    assert x.shape == (4, 3, 3, 3) and flow.class_indices == {"cats": 0, "dogs": 1}
    np.testing.assert_array_equal(y, [[1, 0], [1, 0], [0, 1], [0, 1]])
    np.testing.assert_array_equal(x[:, 0, 0, 0], [0, 60, 0, 60])


def test_digits_come_from_files_at_hand(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".keras" / "datasets" / "mnist"
    folder.mkdir(parents=True)
    for name, count in (("train", 3), ("t10k", 2)):
        header = b"\0\0\x08\x03" + b"".join(n.to_bytes(4, "big") for n in (count, 28, 28))
        pixels = bytes(range(256)) * 20
        with gzip.open(folder / f"{name}-images-idx3-ubyte.gz", "wb") as file:
            file.write(header + pixels[: count * 784])
        with gzip.open(folder / f"{name}-labels-idx1-ubyte.gz", "wb") as file:
            file.write(b"\0\0\x08\x01" + count.to_bytes(4, "big") + bytes(range(count)))
    (x, y), (u, v) = tf.keras.datasets.mnist.load_data()
    assert x.shape == (3, 28, 28) and u.shape == (2, 28, 28) and x.dtype == np.uint8
    assert y.tolist() == [0, 1, 2] and v.tolist() == [0, 1]


def test_a_file_is_kept_and_its_hash_held_to(tmp_path):
    source = tmp_path / "source.txt"
    source.write_text("hello")
    get, options = tf.keras.utils.get_file, {"cache_dir": str(tmp_path)}
    path = get("kept.txt", source.as_uri(), **options)
    source.write_text("changed")
    with open(get("kept.txt", source.as_uri(), **options)) as file:
        assert file.read() == "hello"
    with pytest.raises(Exception, match="has another hash"):
        get("other.txt", source.as_uri(), file_hash="0" * 64, **options)
    assert path.endswith("datasets/kept.txt")


def test_recurrent_layers_are_built_with_a_tuple():
    layer = tf.keras.layers.GRU(3, stateful=True)
    layer.build((2, None, 4))
    layer.reset_states([np.ones((2, 3))])
    np.testing.assert_array_equal(tf.keras.backend.get_value(layer.states[0]), np.ones((2, 3)))


def test_layers_take_variables():
    layer = tf.keras.layers.SimpleRNN(3, kernel_regularizer="l2")
    layer(tf.keras.backend.variable(np.ones((2, 3, 2))))
    assert len(layer.losses) == 1


@pytest.mark.parametrize(("make", "count"), [
    ("VGG16", 138357544), ("ResNet50", 25636712), ("MobileNet", 4253864),
    ("MobileNetV2", 3538984), ("DenseNet121", 8062504), ("InceptionV3", 23851784),
    ("InceptionResNetV2", 55873736), ("Xception", 22910480),
])  # fmt: skip
def test_networks_have_as_many_numbers_as_published(make, count):
    tf.keras.backend.clear_session()
    with tf.Graph().as_default():
        assert getattr(tf.keras.applications, make)(weights=None).count_params() == count


def test_networks_are_made_for_images_of_other_sizes():
    tf.keras.backend.clear_session()
    networks = tf.keras.applications
    with tf.Graph().as_default():
        small = networks.MobileNetV2(
            weights=None, include_top=False, input_shape=(35, 32, 3), alpha=0.35, pooling="avg"
        )
        assert (small.name, small.count_params()) == ("mobilenetv2_0.35_35", 410208)
        assert small.predict(np.zeros((1, 35, 32, 3), np.float32)).shape == (1, 1280)
        with pytest.raises(ValueError, match="at least 71x71"):
            networks.Xception(weights=None, include_top=False, input_shape=(70, 71, 3))
        with pytest.raises(ValueError, match="alpha"):
            networks.MobileNetV2(alpha=0.4)

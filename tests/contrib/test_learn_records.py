"""tf.contrib.learn's readers of files: batches of examples, through queues."""
import pytest

import minitf as tf

learn = tf.contrib.learn
SPEC = {"x": tf.FixedLenFeature([], tf.float32), "s": tf.VarLenFeature(tf.int64)}


@pytest.fixture
def pattern(tmp_path):
    """Two files of three examples: x counts them, s has as many numbers as came before it."""
    feature = tf.train.Feature
    for file in range(2):
        with tf.python_io.TFRecordWriter(str(tmp_path / f"f{file}")) as writer:
            for i in range(3):
                made = {"x": feature(float_list=tf.train.FloatList(value=[3 * file + i])),
                        "s": feature(int64_list=tf.train.Int64List(value=range(i)))}  # fmt: skip
                features = tf.train.Features(feature=made)
                writer.write(tf.train.Example(features=features).SerializeToString())
    with tf.Graph().as_default():  # without the queues of other tests
        yield str(tmp_path / "f*")


def batches(fetches):
    found = []
    with tf.train.MonitoredSession() as sess:
        while not sess.should_stop():
            found.append(sess.run(fetches))
    return found


def test_features_in_order_the_last_batch_smaller(pattern):
    read = learn.read_batch_record_features(pattern, 4, SPEC, randomize_input=False, num_epochs=1)
    first, last = batches(read)
    assert first["x"].tolist() == [0, 1, 2, 3] and last["x"].tolist() == [4, 5]
    assert first["s"].indices.tolist() == [[1, 0], [2, 0], [2, 1]]
    assert last["s"].values.tolist() == [0, 0, 1] and last["s"].dense_shape.tolist() == [2, 2]


def test_each_example_once_an_epoch_where_they_are_shuffled(pattern):
    keys, read = learn.read_keyed_batch_features(
        pattern, 2, SPEC, tf.TFRecordReader, num_epochs=2, queue_capacity=20, num_enqueue_threads=1
    )
    found = batches([keys, read["x"]])
    assert sorted(x for _, batch in found for x in batch) == sorted([*range(6)] * 2)
    assert all(b"f0:" in key or b"f1:" in key for keys, _ in found for key in keys)


def test_what_the_program_parses_itself(pattern):
    read = learn.io.read_batch_examples(
        [pattern], 6, tf.TFRecordReader, randomize_input=False, num_epochs=1, read_batch_size=3,
        parse_fn=lambda examples: {"twice": 2 * tf.parse_example(examples, SPEC)["x"]},
    )  # fmt: skip
    (found,) = batches(read)
    assert found["twice"].tolist() == [0, 2, 4, 6, 8, 10]


@pytest.mark.parametrize("given, message", [
    ({"batch_size": 0}, "Invalid batch_size 0"), ({"num_epochs": 0}, "Invalid num_epochs 0"),
    ({"queue_capacity": 2}, "with queue_capacity 2"), ({"file_pattern": []}, "No files given"),
    ({"file_pattern": "nowhere/f*"}, "No files match nowhere"),
])  # fmt: skip
def test_refused(pattern, given, message):
    asked = {"file_pattern": pattern, "batch_size": 4, "reader": tf.TFRecordReader} | given
    with pytest.raises(ValueError, match=message):
        learn.read_batch_examples(**asked)

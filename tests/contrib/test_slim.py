"""slim's loops and inputs: from files through queues to a trained, evaluated checkpoint."""
import json
import logging
import re

import numpy as np
import pytest

import minitf as tf

slim = tf.contrib.slim


def test_modules_of_ops_that_programs_ask_it_for():
    assert slim.init_ops.ones_initializer is tf.ones_initializer


def example(image, label, boxes=2):
    def feature(kind, values):
        lists = {"bytes": tf.train.BytesList, "int64": tf.train.Int64List,
                 "float": tf.train.FloatList}  # fmt: skip
        return tf.train.Feature(**{f"{kind}_list": lists[kind](value=values)})

    features = {
        "image/encoded": feature("bytes", [image.tobytes()]),
        "image/format": feature("bytes", [b"raw"]),
        "label": feature("int64", [label]),
        **{f"box/{side}": feature("float", [0.5] * boxes) for side in BOX},
    }
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


BOX = ("ymin", "xmin", "ymax", "xmax")


@pytest.fixture
def files(tmp_path):
    """Two files of ten records each; an image's mean says its label."""
    random = np.random.RandomState(0)
    for number in range(2):
        with tf.python_io.TFRecordWriter(str(tmp_path / f"data-{number}")) as writer:
            for _ in range(10):
                label = int(random.randint(2))
                image = random.randint(100 * label, 100 * label + 100, (4, 4, 3), np.uint8)
                writer.write(example(image, label))
    return tmp_path


def dataset(files, **handlers):
    decoder = slim.tfexample_decoder
    features = {
        "image/encoded": tf.FixedLenFeature((), tf.string),
        "image/format": tf.FixedLenFeature((), tf.string, "raw"),
        "label": tf.FixedLenFeature([], tf.int64),
        **{f"box/{side}": tf.VarLenFeature(tf.float32) for side in BOX},
    }
    items = {
        "image": decoder.Image(shape=[4, 4, 3]),
        "label": decoder.Tensor("label"),
        "box": decoder.BoundingBox(prefix="box/"),
        **handlers,
    }
    return slim.dataset.Dataset(
        str(files / "data-*"), tf.TFRecordReader, decoder.TFExampleDecoder(features, items), 20, {},
        num_classes=2,
    )  # fmt: skip


def batches(files, **options):
    provider = slim.dataset_data_provider.DatasetDataProvider(dataset(files), **options)
    image, label = provider.get(["image", "label"])
    return tf.train.batch([tf.to_float(image) / 255.0, label], 5)


def network(images):
    net = slim.conv2d(images, 2, 3, normalizer_fn=slim.batch_norm)
    return slim.fully_connected(slim.flatten(net), 2, activation_fn=None)


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as made:
        yield made


def test_a_provider_gives_the_items_of_all_records(files):
    provider = slim.dataset_data_provider.DatasetDataProvider(
        dataset(files), num_readers=2, shuffle=False, num_epochs=1
    )
    assert sorted(provider.list_items()) == ["box", "image", "label", "record_key"]
    assert provider.num_samples() == 20
    image, label, box, key = provider.get(["image", "label", "box", "record_key"])
    assert image.shape.as_list() == [4, 4, 3]
    keys = set()
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        with slim.queues.QueueRunners(sess):
            with pytest.raises(slim.queues.NestedQueueRunnerError), slim.queues.QueueRunners(sess):
                pass
            for _ in range(20):
                found = sess.run([image, label, box, key])
                assert (found[0].mean() > 100) == found[1]
                np.testing.assert_array_equal(found[2], np.full((2, 4), 0.5, np.float32))
                keys.add(found[3])
            with pytest.raises(tf.errors.OutOfRangeError):
                sess.run(label)
    assert len(keys) == 20


def test_items_that_are_none(files):
    provider = slim.dataset_data_provider.DatasetDataProvider(dataset(files))
    with pytest.raises(ValueError, match=r"Item \[size\] is invalid"):
        provider.get(["size"])
    with pytest.raises(ValueError, match="must be a list"):
        provider.get("image")
    with pytest.raises(ValueError, match="record_key"):
        slim.dataset_data_provider.DatasetDataProvider(dataset(files), record_key="label")
    with pytest.raises(ValueError, match="No data files found in"):
        slim.parallel_reader.get_data_files(str(files / "none-*"))


def test_handlers():
    decoder = slim.tfexample_decoder
    table = tf.contrib.lookup.HashTable(
        tf.contrib.lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([7, 8], tf.int64)), -1
    )
    features = {key: tf.VarLenFeature(kind) for key, kind in
                {"values": tf.float32, "indices": tf.int64, "size": tf.int64, "word": tf.string,
                 "none": tf.float32}.items()}  # fmt: skip
    sparse = decoder.SparseTensor(shape=[5], densify=True)
    plain = decoder.Tensor("values", shape_keys="size")
    items = {
        "sparse": sparse,
        "plain": plain,
        "word": decoder.LookupTensor("word", table),
        "backup": decoder.BackupHandler(decoder.Tensor("none"), decoder.Tensor("values")),
        "own": decoder.ItemHandlerCallback(["values", "size"], lambda found: found["values"].values
                                           * tf.to_float(found["size"].values[0])),
    }  # fmt: skip
    made = tf.train.Features(feature={
        "values": tf.train.Feature(float_list=tf.train.FloatList(value=[1.5, 2.5])),
        "indices": tf.train.Feature(int64_list=tf.train.Int64List(value=[1, 3])),
        "size": tf.train.Feature(int64_list=tf.train.Int64List(value=[2, 1])),
        "word": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"b", b"z"])),
    })  # fmt: skip
    made = tf.train.Example(features=made).SerializeToString()
    tensors = decoder.TFExampleDecoder(features, items).decode(tf.constant(made))
    with tf.Session() as sess:
        sess.run(tf.tables_initializer())
        found = sess.run(tensors)
    assert found[0].tolist() == [0, 1.5, 0, 2.5, 0]
    assert found[1].tolist() == [[1.5], [2.5]]
    assert found[2].tolist() == [8, -1]
    assert found[3].tolist() == [1.5, 2.5]
    assert found[4].tolist() == [3.0, 5.0]
    with pytest.raises(ValueError, match="Cannot specify both"):
        decoder.Tensor("a", shape_keys="b", shape=[1])
    with pytest.raises(ValueError, match="expects 4 keys but got 1"):
        decoder.BoundingBox(["a"])
    with pytest.raises(ValueError, match="Backup handler is of type"):
        decoder.BackupHandler(plain, "x")


@pytest.mark.parametrize("encode", [tf.image.encode_png, tf.image.encode_jpeg])
def test_images_are_decoded_by_what_they_begin_with(encode):
    pixels = np.full((8, 8, 3), 100, np.uint8)
    image = slim.tfexample_decoder.Image("data", "kind").tensors_to_item(
        {"data": encode(pixels), "kind": tf.constant("whatever")}
    )
    assert image.shape.as_list() == [None, None, 3]
    with tf.Session() as sess:
        np.testing.assert_allclose(sess.run(image), pixels, atol=2)


def test_training_then_evaluation(files):
    log = str(files / "log")
    tf.set_random_seed(1)
    queue = slim.prefetch_queue.prefetch_queue(list(batches(files, num_readers=2)), capacity=2)
    images, labels = queue.dequeue()
    assert images.shape.as_list() == [5, 4, 4, 3]
    slim.losses.softmax_cross_entropy(network(images), slim.one_hot_encoding(labels, 2))
    total = slim.losses.get_total_loss()
    train_op = slim.learning.create_train_op(total, tf.train.GradientDescentOptimizer(0.1))
    called = []
    first = slim.learning.train(train_op, log, number_of_steps=3, init_fn=called.append)
    assert len(called) == 1
    assert first > 0
    assert tf.train.latest_checkpoint(log).endswith("model.ckpt-3")
    with tf.Graph().as_default():
        tf.train.get_or_create_global_step()
        images, labels = batches(files, shuffle=False)
        guesses = tf.argmax(network(images), 1)
        accuracy, update = slim.metrics.streaming_accuracy(guesses, labels)
        tf.summary.scalar("right", accuracy)
        value = slim.evaluation.evaluate_once(
            "", tf.train.latest_checkpoint(log), str(files / "eval"), 2, eval_op=update,
            final_op=accuracy, variables_to_restore=slim.get_variables_to_restore(),
        )  # fmt: skip
    assert 0 <= value <= 1
    events = [event for path in (files / "eval").iterdir()
              for event in tf.train.summary_iterator(str(path)) if event.summary.value]  # fmt: skip
    assert [event.step for event in events] == [3]
    written = {each.tag: each.simple_value for each in events[0].summary.value}
    assert written["right"] == pytest.approx(value)


def test_training_goes_on_from_the_checkpoint(tmp_path):
    def build():
        v = tf.get_variable("v", initializer=1.0)
        return slim.learning.create_train_op(v * 1.0, tf.train.GradientDescentOptimizer(0.25))

    for steps, loss in ((2, 0.75), (4, 0.25)):
        with tf.Graph().as_default():
            found = slim.learning.train(
                build(), str(tmp_path), number_of_steps=steps, save_interval_secs=0
            )  # no thread saves beside it, perhaps later
            assert found == loss
    with tf.Graph().as_default():
        build()
        found = slim.evaluation.evaluation_loop(
            "", str(tmp_path), str(tmp_path / "eval"), eval_op=tf.no_op(), eval_interval_secs=0,
            final_op=tf.trainable_variables()[0], max_number_of_evaluations=1,
        )  # fmt: skip
    assert found == 0.0


def test_training_without_a_folder_and_with_steps_of_its_own(caplog):
    v = tf.get_variable("v", initializer=1.0)
    train_op = slim.learning.create_train_op(v * 1.0, tf.train.GradientDescentOptimizer(0.25))
    seen = []

    def step(sess, train_op, global_step, kwargs):
        seen.append(sorted(kwargs))
        return slim.learning.train_step(sess, train_op, global_step, kwargs)

    tf.logging.set_verbosity(tf.logging.INFO)
    with caplog.at_level(logging.INFO, "tensorflow"):
        loss = slim.learning.train(train_op, None, step, number_of_steps=3, log_every_n_steps=2)
    assert loss == 0.5
    assert seen == [["should_log", "should_stop", "summary_writer"]] * 3
    logged = [each.getMessage() for each in caplog.records if "global step" in each.getMessage()]
    assert len(logged) == 1
    assert re.match(r"global step 2: loss = 0.7500 \(", logged[0])


@pytest.mark.parametrize(("options", "error", "message"), [
    ({"logdir": None, "summary_op": None}, ValueError, "Cannot provide summary_op"),
    ({"logdir": None, "saver": 1}, ValueError, "Cannot provide saver"),
    ({"logdir": "", "number_of_steps": 0}, ValueError, "positive number"),
    ({"logdir": "", "sync_optimizer": 1}, NotImplementedError, "sync_optimizer"),
    ({"logdir": None, "trace_every_n_steps": 1}, ValueError, "Cannot provide trace_every_n_steps"),
])  # fmt: skip
def test_what_train_refuses(options, error, message):
    with pytest.raises(error, match=message):
        slim.learning.train(tf.constant(1.0), **options)
    with pytest.raises(ValueError, match="train_op cannot be None"):
        slim.learning.train(None, "")


@pytest.mark.usefixtures("cpu")
def test_every_second_step_is_traced(tmp_path):
    v = tf.get_variable("v", initializer=1.0)
    train_op = slim.learning.create_train_op(v * 1.0, tf.train.GradientDescentOptimizer(0.25))
    slim.learning.train(train_op, str(tmp_path), number_of_steps=4, trace_every_n_steps=2)
    assert sorted(path.name for path in tmp_path.glob("tf_trace*")) == [
        "tf_trace-1.json", "tf_trace-3.json",
    ]  # fmt: skip
    told = json.loads((tmp_path / "tf_trace-1.json").read_text())["traceEvents"]
    assert any(event.get("name") == "AssignSub" for event in told)
    (events,) = tmp_path.glob("events*")
    tags = [event.tagged_run_metadata.tag for event in tf.train.summary_iterator(str(events))]
    assert [tag for tag in tags if tag] == ["run_metadata-1", "run_metadata-3"]


def test_steps_are_traced_into_a_folder():
    with tf.Session() as sess, pytest.raises(ValueError, match="logdir must be present"):
        slim.learning.train_step(sess, tf.constant(1.0), tf.constant(1), {"should_trace": True})


def test_a_loss_that_is_nan_is_refused():
    v = tf.get_variable("v", initializer=-1.0)
    train_op = slim.learning.create_train_op(tf.log(v), tf.train.GradientDescentOptimizer(0.1))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match="LossTensor is inf or nan"):
            sess.run(train_op)


def test_checkpoints_are_waited_for(tmp_path):
    training = tf.contrib.training
    assert training.wait_for_new_checkpoint(str(tmp_path), timeout=0) is None
    asked = []
    found = training.checkpoints_iterator(
        str(tmp_path), timeout=0, timeout_fn=lambda: asked.append(1) or len(asked) == 2
    )
    assert list(found) == []
    assert len(asked) == 2


def test_analyzed_variables_are_printed(capsys):
    slim.conv2d(tf.placeholder(tf.float32, [None, 4, 4, 3]), 2, 3)
    slim.model_analyzer.analyze_vars(slim.get_variables(), print_info=True)
    printed = capsys.readouterr().out
    assert "Conv/weights:0 (float32_ref 3x3x3x2) [54, bytes: 216]" in printed
    assert "Total size of variables: 56\nTotal bytes of variables: 224" in printed
    slim.model_analyzer.analyze_ops(tf.get_default_graph(), print_info=True)
    assert "Conv/biases/read \t-> (float32 2) [2]" in capsys.readouterr().out

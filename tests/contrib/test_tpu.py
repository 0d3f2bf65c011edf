"""tf.contrib.tpu: what needs a TPU is refused; what is told while a model trains."""
import glob

import numpy as np
import pytest

import minitf as tf


def inputs(params):
    x = np.ones([8, 2], np.float32)
    return tf.data.Dataset.from_tensor_slices({"x": x}).repeat().batch(params["batch_size"])


def model(features, labels, mode, params):
    loss = tf.reduce_mean(tf.square(tf.layers.dense(features["x"], 1) - 1))
    step = tf.train.get_or_create_global_step()
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=step)

    def host_call(losses, steps):
        writer = tf.contrib.summary.create_file_writer(params["folder"])
        with writer.as_default(), tf.contrib.summary.always_record_summaries():
            return tf.contrib.summary.scalar("by_host", losses[0], step=steps[0])

    called = (host_call, [tf.reshape(loss, [1]), tf.reshape(step, [1])]) if labels is None else None
    return tf.contrib.tpu.TPUEstimatorSpec(mode, loss=loss, train_op=train, host_call=called)


def estimator(folder, use_tpu=False, **options):
    loop = tf.contrib.tpu.TPUConfig(iterations_per_loop=1000)  # so that each step is told
    config = tf.contrib.tpu.RunConfig(loop, model_dir=str(folder), tf_random_seed=1)
    return tf.contrib.tpu.TPUEstimator(
        model, config=config, use_tpu=use_tpu, train_batch_size=4,
        params={"folder": str(folder / "host")}, **options,
    )  # fmt: skip


def test_there_are_no_tpus(tmp_path):
    with pytest.raises(tf.errors.UnimplementedError, match=r"use_tpu=True.*Give use_tpu=False"):
        estimator(tmp_path, use_tpu=True)
    with pytest.raises(tf.errors.UnimplementedError, match="knows no clusters of TPUs"):
        tf.contrib.tpu.RunConfig(cluster=object())
    made = estimator(tmp_path)
    made.train(inputs, steps=1)
    with pytest.raises(tf.errors.UnimplementedError, match="Give export_to_tpu=False"):
        made.export_saved_model(str(tmp_path), lambda: None)
    with pytest.raises(ValueError, match="One of export_to_cpu and export_to_tpu must be true"):
        estimator(tmp_path, export_to_cpu=False, export_to_tpu=False).export_saved_model(
            str(tmp_path), lambda: None
        )


def test_a_model_is_exported_for_batches_of_any_size(tmp_path):
    seen = []

    def served(features, labels, mode, params):
        seen.append((mode, params.get("batch_size"), params["use_tpu"]))
        y = tf.layers.dense(features["x"], 1, name="d")
        loss = tf.reduce_mean(y)
        step = tf.train.get_or_create_global_step()
        return tf.contrib.tpu.TPUEstimatorSpec(
            mode, predictions=y, loss=loss, train_op=tf.assign_add(step, 1)
        )

    config = tf.contrib.tpu.RunConfig(model_dir=str(tmp_path / "model"))
    made = tf.contrib.tpu.TPUEstimator(
        served, config=config, use_tpu=False, train_batch_size=4, export_to_tpu=False
    )
    made.train(inputs, steps=1)
    x = tf.placeholder(tf.float32, [None, 2])
    receiver = tf.estimator.export.build_raw_serving_input_receiver_fn({"x": x})
    path = made.export_saved_model(str(tmp_path / "exported"), receiver)
    assert seen == [("train", 4, False), ("infer", None, False)]
    assert glob.glob(f"{path.decode()}/saved_model.pb")


def test_speed_and_what_the_host_makes_are_written(tmp_path):
    estimator(tmp_path).train(inputs, steps=5)

    def tags(folder):
        (path,) = glob.glob(f"{folder}/events.out.tfevents.*")
        return {v.tag for e in tf.train.summary_iterator(path) for v in e.summary.value}

    assert {"global_step/sec", "examples/sec", "loss"} <= tags(tmp_path)
    assert tags(tmp_path / "host") == {"by_host"}

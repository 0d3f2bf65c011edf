"""tf.contrib.tpu without a TPU, as BERT's programs use it."""

import tempfile

from goldens.kit import attempt, said


def _input_fn(tf, np, seen):
    def input_fn(params):
        seen.append(params["batch_size"])
        x = np.arange(30).reshape(10, 3).astype(np.float32) / 30
        return tf.data.Dataset.from_tensor_slices({"x": x}).repeat().batch(params["batch_size"])

    return input_fn


def _model_fn(tf, seen, **more):
    def model_fn(features, labels, mode, params):
        seen.append([mode, sorted(params.items())])
        x = tf.nn.dropout(features["x"], 0.5) if mode == "train" else features["x"]
        y = tf.layers.dense(x, 1)[:, 0]
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.contrib.tpu.TPUEstimatorSpec(mode, predictions={"y": y})
        loss = tf.reduce_mean(tf.square(y - 1))
        step = tf.train.get_global_step()
        train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=step)
        return tf.contrib.tpu.TPUEstimatorSpec(
            mode, loss=loss, train_op=train,
            eval_metrics=(lambda y: {"mean": tf.metrics.mean(y)}, {"y": y}), **more
        )  # fmt: skip

    return model_fn


def _estimator(tf, model_fn, **options):
    config = tf.contrib.tpu.RunConfig(
        tf_random_seed=3, model_dir=tempfile.mkdtemp(), master=None,
        tpu_config=tf.contrib.tpu.TPUConfig(
            iterations_per_loop=1000, num_shards=8,
            per_host_input_for_training=tf.contrib.tpu.InputPipelineConfig.PER_HOST_V2,
        ),
    )  # fmt: skip
    options = dict({"train_batch_size": 2, "eval_batch_size": 5, "predict_batch_size": 4,
                    "use_tpu": False}, **options)  # fmt: skip
    return tf.contrib.tpu.TPUEstimator(model_fn=model_fn, config=config, **options)


def trained_evaluated_and_asked(tf, np):
    seen = []
    estimator = _estimator(tf, _model_fn(tf, seen), params={"units": 1})
    inputs = _input_fn(tf, np, seen)
    estimator.train(inputs, max_steps=3)
    found = estimator.evaluate(inputs, steps=2)
    predicted = [next(asked)["y"] for asked in [estimator.predict(inputs)] for _ in range(5)]
    return [seen, {name: found[name] for name in sorted(found)}, predicted]


def refused(tf, np):
    seen, tpu = [], tf.contrib.tpu
    plain = tf.estimator.RunConfig()
    without = _estimator(tf, lambda features: None)
    return [
        said(lambda: tpu.TPUEstimator(_model_fn(tf, seen), config=plain), "tpu_config.RunConfig"),
        said(lambda: _estimator(tf, _model_fn(tf, seen), params={"batch_size": 1}), "reserved"),
        said(lambda: without.train(lambda: None, steps=1), "include params argument"),
        said(lambda: without.train(_input_fn(tf, np, seen), steps=1), "include params argument"),
        said(lambda: tpu.TPUConfig(0), "Invalid TPUConfig"),
        said(lambda: tpu.TPUConfig("3d"), "Invalid TPUConfig"),
        said(lambda: tpu.TPUConfig(num_shards=0), "num_shards must be positive, got 0"),
        said(lambda: tpu.TPUConfig(num_shards="1"), "num_shards must be int"),
        said(lambda: tpu.TPUConfig(num_cores_per_replica=3), "128; got 3"),
        said(lambda: tpu.TPUConfig(input_partition_dims=[[1]] * 3), "one or two"),
        said(lambda: tpu.TPUConfig(input_partition_dims=[[1]]), "PER_HOST_V2"),
        said(lambda: tpu.TPUConfig(eval_training_input_configuration=1), "or SLICED; got 1"),
        said(lambda: tpu.TPUConfig(initial_infeed_sleep_secs=-1), "must be positive"),
    ]  # fmt: skip


def settings(tf, np):
    tpu = tf.contrib.tpu
    config = tpu.RunConfig(master="", save_summary_steps=7)
    made = config.replace(save_summary_steps=8)
    other = config.replace(tpu_config=tpu.TPUConfig("2m", 4, per_host_input_for_training=False))
    return [
        list(tpu.TPUConfig()), list(other.tpu_config), other.save_summary_steps,
        made.save_summary_steps, list(made.tpu_config), made.cluster, made.master,
        made.evaluation_master, tpu.RunConfig(evaluation_master="there").evaluation_master,
        [tpu.InputPipelineConfig.PER_SHARD_V1, tpu.InputPipelineConfig.SLICED],
        [getattr(tf.estimator.tpu, each) is getattr(tpu, each) for each in (
            "InputPipelineConfig", "RunConfig", "TPUConfig", "TPUEstimator", "TPUEstimatorSpec")],
    ]  # fmt: skip


def specs(tf, np):
    spec, loss = tf.contrib.tpu.TPUEstimatorSpec, tf.constant(1.0)

    def of(eval_metrics):
        return attempt(lambda: list(spec("eval", loss=loss, eval_metrics=eval_metrics)._fields))

    made = spec("eval", loss=loss, eval_metrics=(lambda a: {"m": tf.metrics.mean(a)}, [loss]),
                scaffold_fn=lambda: tf.train.Scaffold(init_fn=lambda *_: None))  # fmt: skip
    plain = made.as_estimator_spec()
    return [
        of(3), of((1,)), of((1, [])), of((len, 1)), of((lambda a: a, [loss, loss])),
        of((lambda *a: a, [loss, loss])), of((lambda a: a, {"b": loss})),
        attempt(lambda: spec("eval", training_hooks=[1])),
        sorted(plain.eval_metric_ops), plain.scaffold.init_fn is not None, plain.mode,
        type(plain).__name__,
    ]  # fmt: skip

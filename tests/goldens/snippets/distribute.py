"""Strategies on one device: programs for several replicas, with one."""

import os
import tempfile

from goldens.kit import error, run


def _strategies(tf):
    experimental, contrib = tf.distribute.experimental, tf.contrib.distribute
    return [
        tf.distribute.MirroredStrategy(), tf.distribute.MirroredStrategy(["/cpu:0"]),
        tf.distribute.MirroredStrategy(
            cross_device_ops=tf.distribute.HierarchicalCopyAllReduce(num_packs=2)),
        tf.distribute.MirroredStrategy(devices=["device:CPU:0"]),
        tf.distribute.OneDeviceStrategy("/cpu:0"), tf.distribute.OneDeviceStrategy("device:CPU:0"),
        experimental.MultiWorkerMirroredStrategy(), experimental.ParameterServerStrategy(),
        experimental.CentralStorageStrategy(), contrib.MirroredStrategy(),
        contrib.MirroredStrategy(num_gpus=0), contrib.OneDeviceStrategy("/device:CPU:0"),
        contrib.ParameterServerStrategy(), contrib.CollectiveAllReduceStrategy(),
    ]  # fmt: skip


def _where(tf):
    """What a program can ask about where it is."""
    asked = tf.distribute
    context = asked.get_replica_context()
    return [asked.has_strategy(), asked.in_cross_replica_context(),
            asked.get_strategy().num_replicas_in_sync,
            context and [context.num_replicas_in_sync, context.strategy is asked.get_strategy()]]


def strategies_of_one_device(tf, np):
    return [[made.num_replicas_in_sync, list(made.extended.worker_devices)]
            for made in _strategies(tf)]  # fmt: skip


def contexts(tf, np):
    found = [_where(tf)]
    for strategy in _strategies(tf)[::3]:
        with strategy.scope() as same:
            found += [same is strategy, tf.distribute.get_strategy() is strategy, _where(tf)]
            found.append(strategy.experimental_run_v2(lambda: _where(tf)))
            with strategy.scope():
                found.append(_where(tf))
        found += [_where(tf), strategy.experimental_run_v2(lambda: _where(tf))]
        found.append(strategy.extended.call_for_each_replica(lambda: _where(tf)))
        with strategy.scope(), tf.Graph().as_default():
            found.append(_where(tf))
    return found


def contexts_misused(tf, np):
    one, two = _strategies(tf)[:2]
    context = tf.distribute.get_replica_context

    def in_replica(function):
        return error(lambda: one.experimental_run_v2(function))

    with one.scope():
        mixed = error(lambda: two.scope().__enter__())
    return [
        mixed,
        in_replica(lambda: one.experimental_run_v2(lambda: 1)),
        in_replica(lambda: one.reduce("SUM", tf.constant(1.0), axis=None)),
        in_replica(lambda: one.extended.call_for_each_replica(lambda: 1)),
        in_replica(lambda: context().all_reduce("product", tf.constant(1.0))),
        error(lambda: one.reduce("product", tf.constant(1.0), axis=None)),
        error(lambda: tf.distribute.InputContext(2, 1, 3).get_per_replica_batch_size(4)),
        error(lambda: tf.contrib.distribute.MirroredStrategy(num_gpus=0, num_gpus_per_worker=0)),
        error(lambda: tf.contrib.distribute.MirroredStrategy(["/cpu:0"], num_gpus=1)),
        error(lambda: tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:0"])),
    ]


def replicas(tf, np):
    found = []
    for strategy in _strategies(tf)[::4]:
        tf.reset_default_graph()
        with strategy.scope():
            w = tf.get_variable("w", initializer=[1.0, 2.0])
            v = tf.Variable(3.0, name="v")

        def step(x, scale=1.0, w=w, v=v):
            context = tf.distribute.get_replica_context()
            y = x * w + v * scale
            total = context.all_reduce(tf.distribute.ReduceOp.SUM, y)
            merged = context.merge_call(lambda strategy, a, b: [
                tf.constant(tf.distribute.in_cross_replica_context()), a + b],
                args=(y,), kwargs={"b": y})  # fmt: skip
            return y, total, merged[0], merged[1], context.replica_id_in_sync_group

        with strategy.scope():
            results = strategy.experimental_run_v2(step, args=([5.0, 6.0],), kwargs={"scale": 2.0})
            y = results[0]
            reduced = [strategy.reduce(op, y, axis=axis) for op in ("SUM", "mean")
                       for axis in (None, 0)]
            local = [len(strategy.unwrap(y)), len(strategy.experimental_local_results(y))]
            grouped = strategy.group([y, tf.constant(1)])
            grouped = [type(grouped).__name__, type(strategy.group(y)).__name__]
            updated = strategy.extended.update(v, lambda v, by: v.assign_add(by), args=(1.0,))
        names = [w.name, v.name, [each.name for each in tf.trainable_variables()]]
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            found += [sess.run([results, reduced]), local, grouped, names]
            sess.run(updated)
            found.append(sess.run(v))
    return found  # fmt: skip


def inputs(tf, np):
    strategy, found = tf.distribute.MirroredStrategy(), []
    dataset = tf.data.Dataset.from_tensor_slices(np.arange(5, dtype=np.float32)).batch(2)

    def make(context):
        found.append([context.num_input_pipelines, context.input_pipeline_id,
                      context.num_replicas_in_sync, context.get_per_replica_batch_size(6)])
        return dataset.map(lambda x: x + 1)

    with strategy.scope():
        shared = strategy.experimental_distribute_dataset(dataset)
        iterators = [shared.make_initializable_iterator(), strategy.make_dataset_iterator(dataset),
                     strategy.make_input_fn_iterator(make)]
        ran = [strategy.experimental_run_v2(lambda x: x * 2, args=(iterators[0].get_next(),)),
               strategy.experimental_run(lambda x: x * 3, iterators[1]),
               strategy.experimental_run(lambda x: x * 4, iterators[2]),
               strategy.experimental_run(lambda: tf.constant(7))]
        sums = [strategy.reduce(tf.distribute.ReduceOp.SUM, each, axis=0) for each in ran[:3]]
    with tf.Session() as sess:
        sess.run([each.initialize() for each in iterators[:2]])
        sess.run(iterators[2].initializer)
        found += [sess.run([ran, sums]) for _ in range(3)]
        found.append(error(lambda: sess.run(ran)))
        sess.run([each.initialize() for each in iterators])
        found.append(sess.run(ran))
    return found, [str(each.output_shapes) for each in iterators], [
        str(each.output_types) for each in iterators]  # fmt: skip


def training(tf, np):
    strategy, values = tf.distribute.MirroredStrategy(), []
    x = np.linspace(-1, 1, 8).astype(np.float32).reshape(8, 1)
    dataset = tf.data.Dataset.from_tensor_slices((x, 3 * x + 1)).repeat().batch(4)
    with strategy.scope():
        optimizer = tf.train.AdamOptimizer(0.1)
        iterator = strategy.make_dataset_iterator(dataset)

        def step(batch):
            made = tf.layers.dense(batch[0], 1, kernel_initializer=tf.ones_initializer())
            loss = tf.losses.mean_squared_error(batch[1], made)
            done = optimizer.minimize(loss, tf.train.get_or_create_global_step())
            with tf.control_dependencies([done]):
                return tf.identity(loss)

        loss = strategy.reduce(tf.distribute.ReduceOp.MEAN, strategy.experimental_run(
            step, iterator), axis=None)  # fmt: skip
    with tf.Session() as sess:
        sess.run(iterator.initialize())
        sess.run(tf.global_variables_initializer())
        values += [sess.run(loss) for _ in range(5)]
        values += [sess.run(tf.global_variables()), sess.run(tf.train.get_global_step())]
    return values, sorted(each.name for each in tf.global_variables())


def keras(tf, np):
    x = np.linspace(-1, 1, 24).astype(np.float32).reshape(12, 2)
    y = x.sum(1, keepdims=True)
    tf.keras.backend.clear_session()
    strategy = tf.distribute.MirroredStrategy()
    with strategy.scope():
        model = tf.keras.Sequential([
            tf.keras.layers.Dense(3, "relu", input_shape=(2,), kernel_initializer="ones"),
            tf.keras.layers.Dense(1, kernel_initializer="ones")])
        model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(4).repeat()
    seen = model.fit(data, epochs=2, steps_per_epoch=3, verbose=0).history
    rows = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
    return [{name: [float(each) for each in seen[name]] for name in seen},
            [float(each) for each in model.evaluate(rows, steps=3, verbose=0)],
            model.predict(rows.map(lambda x, y: x), steps=3), model.get_weights()]  # fmt: skip


def _model(tf, seen):
    def model_fn(features, labels, mode):
        seen.append([str(mode), _where(tf)])
        made = tf.layers.dense(features, 1, kernel_initializer=tf.ones_initializer())
        loss = tf.losses.mean_squared_error(labels, made)
        optimizer = tf.train.GradientDescentOptimizer(0.1)
        return tf.estimator.EstimatorSpec(
            mode, {"made": made}, loss, optimizer.minimize(loss, tf.train.get_global_step()),
            eval_metric_ops={"error": tf.metrics.mean_absolute_error(labels, made)},
        )

    return model_fn


def estimators(tf, np):
    seen, strategy = [], tf.contrib.distribute.MirroredStrategy()
    x = np.linspace(-1, 1, 8).astype(np.float32).reshape(8, 1)

    def input_fn(input_context=None):
        seen.append(input_context and input_context.num_replicas_in_sync)
        return tf.data.Dataset.from_tensor_slices((x, 3 * x + 1)).batch(4)

    config = tf.estimator.RunConfig(
        tempfile.mkdtemp(), train_distribute=strategy, eval_distribute=strategy, tf_random_seed=1
    )
    estimator = tf.estimator.Estimator(_model(tf, seen), config=config)
    estimator.train(input_fn, steps=2)
    results = estimator.evaluate(input_fn)
    saved = os.listdir(estimator.model_dir)
    return [seen, {name: float(value) for name, value in results.items()},
            sorted(estimator.get_variable_names()),
            [estimator.get_variable_value(name) for name in ("dense/kernel", "dense/bias")],
            "model.ckpt-2.index" in saved, config.train_distribute is strategy]  # fmt: skip


def strategies_of_estimators(tf, np):
    make, strategy = tf.estimator.RunConfig, tf.distribute.OneDeviceStrategy("/cpu:0")
    both = tf.contrib.distribute.DistributeConfig(train_distribute=strategy)
    config = make(experimental_distribute=both)
    return [config.train_distribute is strategy, config.eval_distribute, tuple(both)[1:],
            make(eval_distribute=strategy).eval_distribute is strategy,
            error(lambda: make(train_distribute=strategy, experimental_distribute=both))]


def regularised_losses(tf, np):
    return [str(tf.distribute.get_loss_reduction()), [each.name for each in tf.distribute.ReduceOp],
            str(tf.distribute.ReduceOp.from_variable_aggregation(tf.VariableAggregation.MEAN)),
            error(lambda: tf.distribute.ReduceOp.from_variable_aggregation(
                tf.VariableAggregation.NONE)),
            run(tf, tf.distribute.get_strategy().reduce("SUM", tf.constant([1.0, 2.0]), axis=0)),
            tf.distribute.get_strategy().experimental_run_v2(lambda x: x + 1, args=(1,)),
            tf.distribute.get_replica_context().merge_call(lambda strategy, x: x, args=(3,))]

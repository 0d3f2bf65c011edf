"""tf.contrib.input_pipeline, and the files of tf.contrib.learn that workers share."""

import os
import tempfile

from goldens.kit import error, run


def one_after_another(tf, np):
    of = tf.contrib.input_pipeline.obtain_next
    counter = tf.Variable(-1, dtype=tf.int64)
    following = of(tf.constant(["a", "b", "c"]), counter)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = [session.run(following) for _ in range(5)]
        return [following.name, str(following.shape), found, session.run(counter),
                error(lambda: of(tf.constant(["a"]), tf.constant(1, tf.int64)))]  # fmt: skip


def files_that_workers_share(tf, np):
    learn, folder = tf.contrib.learn, tempfile.mkdtemp()
    for i in range(2):
        with tf.python_io.TFRecordWriter(os.path.join(folder, f"f{i}")) as writer:
            for j in range(3):
                feature = tf.train.Feature(int64_list=tf.train.Int64List(value=[10 * i + j]))
                example = tf.train.Example(features=tf.train.Features(feature={"x": feature}))
                writer.write(example.SerializeToString())
    given = os.path.join(folder, "f*"), 2
    how = {"reader": tf.TFRecordReader, "randomize_input": False, "num_epochs": 2}
    keys, examples = learn.read_keyed_batch_examples_shared_queue(*given, **how)
    x = tf.parse_example(examples, {"x": tf.FixedLenFeature([], tf.int64)})["x"]
    found, variables = [], sorted(v.name for v in tf.global_variables())
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        threads = tf.train.Coordinator()
        started = tf.train.start_queue_runners(session, threads)
        try:
            while True:
                found.append(session.run([keys, x]))
        except tf.errors.OutOfRangeError:
            pass
        threads.request_stop()
        threads.join(started)
    order = [int(each) for _, batch in found for each in batch]
    names = [os.path.basename(key.decode()) for batch, _ in found for key in batch]
    with tf.variable_scope("again"):
        _, features = learn.read_keyed_batch_features_shared_queue(
            *given, {"x": tf.FixedLenFeature([], tf.int64)}, num_queue_runners=1, **how,
        )  # fmt: skip
    return [order, names, variables, str(x.shape), str(features["x"].shape)]


def sums_where_the_parts_are(tf, np):
    of = tf.contrib.slim.embedding_lookup_sparse_with_distributed_aggregation
    table = tf.reshape(tf.sin(tf.range(12.0)), [4, 3])
    values = tf.constant([3, 0, 3, 1], tf.int64)
    ids = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [2, 2]], values, [3, 3])
    weights = tf.SparseTensor(ids.indices, [1.0, 0.5, 2.0, 3.0], [3, 3])
    parts = [table[::2], table[1::2]]
    made = [of(table, ids, None), of(table, ids, weights, combiner="sqrtn"),
            of(parts, ids, weights, combiner="sum"), of(table, ids, weights, max_norm=0.5,
    )]  # fmt: skip
    return [run(tf, made), error(lambda: of(table, table, None)),
            error(lambda: of(table, ids, None, combiner="none"))]  # fmt: skip

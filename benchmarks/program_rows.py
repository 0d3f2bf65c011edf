"""Pieces of programs as people write them: what `benchmarks.programs` measures.

A row is a function of `tf` and of an empty folder; it prepares, and returns what is timed.
"""
import os
import tempfile
from collections import OrderedDict

import numpy as np

from benchmarks.training import Training

PROGRAMS = OrderedDict()
KEPT = []  # the folders of the rows, until the process ends


def program(name):
    def keep(prepare):
        PROGRAMS[name] = prepare
        return prepare

    return keep


def build(tf, row):
    """The row of that name, ready to run."""
    tf.reset_default_graph()
    tf.set_random_seed(1)
    tf.keras.backend.clear_session()
    KEPT.append(tempfile.TemporaryDirectory())
    step = PROGRAMS[row.name](tf, KEPT[-1].name)
    return Training(step=step, loss=step)


# -- input ----------------------------------------------------------------------------------------

EXAMPLES, BATCH = 2000, 32


def records(tf, folder):
    """The name of a TFRecord file of small pictures, each with its label."""
    path = os.path.join(folder, "pictures.tfrecord")
    pictures = np.random.RandomState(0).randint(0, 256, (EXAMPLES, 784)).astype(np.uint8)
    with tf.python_io.TFRecordWriter(path) as writer:
        for number, picture in enumerate(pictures):
            writer.write(example(tf, number % 10, picture.tobytes()).SerializeToString())
    return path


def example(tf, label, picture):
    feature = {
        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[label])),
        "picture": tf.train.Feature(bytes_list=tf.train.BytesList(value=[picture])),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature))


def features(tf):
    return {
        "label": tf.FixedLenFeature([], tf.int64),
        "picture": tf.FixedLenFeature([], tf.string),
    }


def decoded(tf, record):
    found = tf.parse_single_example(record, features(tf))
    return pixels(tf, found["picture"], [784]), tf.cast(found["label"], tf.int32)


def pixels(tf, picture, shape):
    flat = tf.reshape(tf.decode_raw(picture, tf.uint8), shape)
    return tf.cast(flat, tf.float32) * (1.0 / 255) - 0.5


def next_of(tf, dataset):
    fetches = dataset.make_one_shot_iterator().get_next()
    session = tf.Session()
    return lambda: session.run(fetches)


@program("data: TFRecords, map of parse_single_example, shuffle, batch 32")
def mapped_records(tf, folder):
    data = tf.data.TFRecordDataset(records(tf, folder)).map(lambda record: decoded(tf, record))
    return next_of(tf, data.shuffle(1000).repeat().batch(BATCH))


@program("data: the same, 2 parallel calls and prefetch")
def parallel_records(tf, folder):
    data = tf.data.TFRecordDataset(records(tf, folder))
    data = data.map(lambda record: decoded(tf, record), num_parallel_calls=2)
    return next_of(tf, data.shuffle(1000).repeat().batch(BATCH).prefetch(1))


@program("data: TFRecords, shuffle, batch 32, map of parse_example")
def parsed_batches(tf, folder):
    def parsed(batch):
        found = tf.parse_example(batch, features(tf))
        return pixels(tf, found["picture"], [BATCH, 784]), found["label"]

    data = tf.data.TFRecordDataset(records(tf, folder)).shuffle(1000).repeat()
    return next_of(tf, data.batch(BATCH, drop_remainder=True).map(parsed))


@program("data: arrays, shuffle, batch 32")
def sliced(tf, folder):
    arrays = np.zeros((EXAMPLES, 784), np.float32), np.zeros(EXAMPLES, np.int64)
    return next_of(tf, tf.data.Dataset.from_tensor_slices(arrays).shuffle(1000).repeat().batch(32))


@program("data: lines of text, map of decode_csv, shuffle, batch 32")
def csv_lines(tf, folder):
    path = os.path.join(folder, "rows.csv")
    with open(path, "w") as file:
        file.writelines(f"{i},{i / 3},{i / 7},word\n" for i in range(EXAMPLES))
    data = tf.data.TextLineDataset(path)
    data = data.map(lambda line: tf.decode_csv(line, [[0], [0.0], [0.0], [""]]))
    return next_of(tf, data.map(lambda *row: row).shuffle(1000).repeat().batch(BATCH))


@program("data: lines of 39 index:value pairs, map of string_split, shuffle, batch 32")
def pair_lines(tf, folder):
    path = os.path.join(folder, "rows.libsvm")
    with open(path, "w") as file:
        for i in range(EXAMPLES):
            file.write("1 " + " ".join(f"{k * i}:{k / 7:.4f}" for k in range(39)) + "\n")

    def parsed(line):
        columns = tf.string_split([line], " ").values
        pairs = tf.string_split(columns[1:], ":")
        places, values = tf.split(tf.reshape(pairs.values, pairs.dense_shape), 2, axis=1)
        number = tf.string_to_number
        return number(columns[0]), number(places, tf.int32), number(values)

    data = tf.data.TextLineDataset(path).map(parsed).shuffle(1000).repeat()
    return next_of(tf, data.batch(BATCH))


@program("data: from_generator, batch 32")
def generated(tf, folder):
    def rows():
        while True:
            yield np.zeros(10, np.float32), 1

    data = tf.data.Dataset.from_generator(rows, (tf.float32, tf.int32), ([10], []))
    return next_of(tf, data.batch(BATCH))


def queued(tf, fetches):
    session = tf.Session()
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    tf.train.start_queue_runners(session)
    return lambda: session.run(fetches)


@program("queues: TFRecordReader, parse_single_example, shuffle_batch of 32")
def read_records(tf, folder):
    names = tf.train.string_input_producer([records(tf, folder)])
    _, record = tf.TFRecordReader().read(names)
    batch = tf.train.shuffle_batch(decoded(tf, record), BATCH, 2000, 1000)
    return queued(tf, batch)


@program("queues: the same, 2 threads")
def read_records_by_two(tf, folder):
    names = tf.train.string_input_producer([records(tf, folder)])
    _, record = tf.TFRecordReader().read(names)
    return queued(tf, tf.train.shuffle_batch(decoded(tf, record), BATCH, 2000, 1000, 2))


@program("queues: slice_input_producer, batch of 32")
def slices(tf, folder):
    arrays = [np.zeros((EXAMPLES, 784), np.float32), np.zeros(EXAMPLES, np.int64)]
    return queued(tf, tf.train.batch(tf.train.slice_input_producer(arrays), BATCH))


@program("queues: slice_input_producer, shuffle_batch of 32")
def shuffled_slices(tf, folder):
    arrays = [np.zeros((EXAMPLES, 784), np.float32), np.zeros(EXAMPLES, np.int64)]
    row = tf.train.slice_input_producer(arrays)
    return queued(tf, tf.train.shuffle_batch(row, BATCH, 2000, 1000))


# -- Keras ----------------------------------------------------------------------------------------


def pictures(count, *shape):
    random = np.random.RandomState(0)
    return random.rand(count, *shape).astype(np.float32), random.randint(0, 10, count)


def compiled(tf, layers):
    model = tf.keras.Sequential(layers)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def small_model(tf):
    keras = tf.keras.layers
    return compiled(tf, [keras.Dense(32, "relu"), keras.Dense(10, "softmax")])


@program("Keras: fit, 784-32-10, 100 batches of 32")
def fit_small(tf, folder):
    x, y = pictures(3200, 784)
    model = small_model(tf)
    return lambda: model.fit(x, y, epochs=1, verbose=0)


@program("Keras: fit by train_on_batch, 784-32-10")
def train_on_batch(tf, folder):
    x, y = pictures(32, 784)
    model = small_model(tf)
    return lambda: model.train_on_batch(x, y)


@program("Keras: evaluate, 784-32-10, 100 batches of 32")
def evaluate_small(tf, folder):
    x, y = pictures(3200, 784)
    model = small_model(tf)
    return lambda: model.evaluate(x, y, verbose=0)


@program("Keras: predict, 784-32-10, 100 batches of 32")
def predict_small(tf, folder):
    x, y = pictures(3200, 784)
    model = small_model(tf)
    model.train_on_batch(x[:32], y[:32])
    return lambda: model.predict(x)


@program("Keras: predict one row, 784-32-10")
def predict_one(tf, folder):
    x, y = pictures(32, 784)
    model = small_model(tf)
    model.train_on_batch(x, y)
    return lambda: model.predict(x[:1])


@program("Keras: fit, convolutions 16 and 32 of 28 x 28, 10 batches of 32")
def fit_convolutions(tf, folder):
    keras = tf.keras.layers
    x, y = pictures(320, 28, 28, 1)
    model = compiled(tf, [
        keras.Conv2D(16, 3, activation="relu"), keras.MaxPooling2D(),
        keras.Conv2D(32, 3, activation="relu"), keras.MaxPooling2D(), keras.BatchNormalization(),
        keras.Flatten(), keras.Dropout(0.5), keras.Dense(10, "softmax"),
    ])  # fmt: skip
    return lambda: model.fit(x, y, epochs=1, verbose=0)


def recurrent(tf, layer):
    x, y = pictures(320, 28, 28)
    model = compiled(tf, [layer, tf.keras.layers.Dense(10, "softmax")])
    return lambda: model.fit(x, y, epochs=1, verbose=0)


@program("Keras: fit, LSTM 64 over 28 rows of 28, 10 batches of 32")
def fit_lstm(tf, folder):
    return recurrent(tf, tf.keras.layers.LSTM(64))


@program("Keras: fit, GRU 64 over 28 rows of 28, 10 batches of 32")
def fit_gru(tf, folder):
    return recurrent(tf, tf.keras.layers.GRU(64))


@program("Keras: fit, Embedding and LSTM of 80 words, 10 batches of 32")
def fit_words(tf, folder):
    keras = tf.keras.layers
    random = np.random.RandomState(0)
    x, y = random.randint(0, 20000, (320, 80)), random.randint(0, 2, 320)
    layers = [keras.Embedding(20000, 64), keras.LSTM(64, dropout=0.2, recurrent_dropout=0.2)]
    model = tf.keras.Sequential([*layers, keras.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return lambda: model.fit(x, y, epochs=1, verbose=0)


# -- graphs ---------------------------------------------------------------------------------------


def deep(tf, layers=20, units=8):
    """A network of some 3,000 nodes, its training step included."""
    x = tf.placeholder(tf.float32, [None, units])
    for number in range(layers):
        with tf.variable_scope(f"layer{number}"):
            x = tf.layers.batch_normalization(tf.layers.dense(x, units), training=True)
            x = tf.nn.relu(x)
    tf.train.AdamOptimizer().minimize(tf.reduce_mean(x))


@program("graphs: build a network of 20 layers with Adam")
def build_deep(tf, folder):
    def step():
        with tf.Graph().as_default():
            deep(tf)

    return step


@program("graphs: build an unrolled LSTM of 30 steps, with its gradient")
def build_unrolled(tf, folder):
    def step():
        with tf.Graph().as_default():
            x = tf.placeholder(tf.float32, [32, 30, 28])
            cell = tf.nn.rnn_cell.BasicLSTMCell(64)
            outputs, _ = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
            tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_mean(outputs[-1]))

    return step


@program("graphs: as_graph_def")
def as_graph_def(tf, folder):
    deep(tf)
    graph = tf.get_default_graph()
    return graph.as_graph_def


@program("graphs: as_graph_def, SerializeToString")
def serialized(tf, folder):
    deep(tf)
    graph = tf.get_default_graph()
    return lambda: graph.as_graph_def().SerializeToString()


@program("graphs: FileWriter with the graph")
def graph_written(tf, folder):
    deep(tf)
    graph = tf.get_default_graph()
    return lambda: tf.summary.FileWriter(folder, graph).close()


@program("graphs: ParseFromString, import_graph_def")
def imported(tf, folder):
    deep(tf)
    content = tf.get_default_graph().as_graph_def().SerializeToString()

    def step():
        definition = tf.GraphDef()
        definition.ParseFromString(content)
        with tf.Graph().as_default():
            tf.import_graph_def(definition, name="")

    return step


@program("graphs: Saver, save with the meta graph")
def saved(tf, folder):
    deep(tf)
    saver, session = tf.train.Saver(), tf.Session()
    session.run(tf.global_variables_initializer())
    return lambda: saver.save(session, os.path.join(folder, "model"))


@program("graphs: import_meta_graph, restore")
def restored(tf, folder):
    deep(tf)
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    path = tf.train.Saver().save(session, os.path.join(folder, "model"))

    def step():
        with tf.Graph().as_default(), tf.Session() as restored:
            tf.train.import_meta_graph(path + ".meta").restore(restored, path)

    return step

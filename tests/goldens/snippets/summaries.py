"""`tf.summary`: what the ops give, their names and tags, what a writer writes."""

import glob
import os
import tempfile
from functools import partial

from goldens.kit import attempt, error, run


def _values(tf, found):
    summary = tf.Summary.FromString(found)
    return str(summary).split("\n")


def scalars(tf, np):
    built = [
        tf.summary.scalar("loss", 1.5), tf.summary.scalar("loss", tf.constant(2)),
        tf.summary.scalar("a b/c:0", 1.0), tf.summary.scalar("x", 0.0, family="fam"),
        tf.summary.scalar("/y", np.float64(0.1)), tf.summary.scalar("half", np.float16(0.1)),
        tf.summary.scalar("one", [3.0]), tf.summary.scalar("int", np.int64(1 << 40)),
        tf.summary.scalar("nan", np.nan),
    ]  # fmt: skip
    with tf.name_scope("scope"):
        built.append(tf.summary.scalar("inside", 1.0))
        built.append(tf.summary.scalar("inside", 1.0, family="fam"))
    built.append(tf.summary.scalar("elsewhere", 1.0, collections=["mine"]))
    return [
        [_values(tf, found) for found in run(tf, built)], run(tf, built),
        [op.name for op in built], built[0].dtype.name, built[0].shape.as_list(),
        [op.name for op in tf.get_collection(tf.GraphKeys.SUMMARIES)],
        [op.name for op in tf.get_collection("mine")],
        error(lambda: run(tf, tf.summary.scalar("v", [1.0, 2.0]))),
        error(lambda: tf.summary.scalar("v", "text")), error(lambda: tf.summary.scalar("v", True)),
        error(lambda: tf.summary.scalar("v", 1j)),
    ]  # fmt: skip


def histograms(tf, np):
    random = np.random.RandomState(0)
    given = [
        [1.0, 2.0, 2.0, -3.0], [0.0], [], [[1, 2], [3, 4]], random.normal(size=100),
        random.normal(size=(20, 3)).astype(np.float32), np.float16([0.5, 1e-3]),
        [1e30, -1e30, 1e-14], np.uint8([0, 255, 255]), 5.0, np.zeros(3),
    ]  # fmt: skip
    built = [tf.summary.histogram("h", values) for values in given]
    return [
        [_values(tf, found) for found in run(tf, built)], [op.name for op in built],
        error(lambda: run(tf, tf.summary.histogram("h", [np.nan]))),
        error(lambda: run(tf, tf.summary.histogram("h", [np.inf]))),
        error(lambda: tf.summary.histogram("h", ["a"])),
    ]  # fmt: skip


def _pictures(tf, found):
    summary = tf.Summary.FromString(found)
    images = [value.image for value in summary.value]
    decoded = [tf.image.decode_png(image.encoded_image_string) for image in images]
    return [
        [value.tag for value in summary.value],
        [(image.height, image.width, image.colorspace) for image in images],
        [pixels.tolist() for pixels in run(tf, decoded)] if decoded else [],
    ]


def images(tf, np):
    random = np.random.RandomState(0)
    given = [
        random.uniform(size=(2, 3, 2, 1)), random.uniform(size=(4, 2, 2, 3)),
        random.normal(size=(1, 2, 3, 4)), random.randint(0, 255, (1, 2, 2, 3)).astype(np.uint8),
        np.zeros((1, 2, 2, 1)), np.full((1, 2, 2, 1), -1e-9), np.zeros((0, 2, 2, 1)),
        np.array([[[[0.5, 1, np.nan], [2, 3, 4]]]]), np.full((1, 1, 1, 3), np.nan),
    ]  # fmt: skip
    given = [each if each.dtype == np.uint8 else each.astype(np.float32) for each in given]
    built = [tf.summary.image("pictures", each) for each in given]
    built.append(tf.summary.image("first", given[0], max_outputs=1))
    built.append(tf.summary.image("few", given[1], max_outputs=2, family="f"))
    built.append(tf.summary.image("half", given[1].astype(np.float16), 1))
    return [
        [_pictures(tf, found) for found in run(tf, built)], [op.name for op in built],
        error(lambda: run(tf, tf.summary.image("v", np.zeros((1, 2, 2, 2), np.float32)))),
        error(lambda: tf.summary.image("v", np.zeros((1, 2, 2, 1), np.float32), 0)),
        error(lambda: tf.summary.image("v", np.zeros((1, 2, 2, 1), np.int32))),
    ]  # fmt: skip


def sounds(tf, np):
    random = np.random.RandomState(0)
    mono = random.uniform(-1.2, 1.2, (2, 5)).astype(np.float32)
    stereo = random.uniform(-1, 1, (1, 3, 2)).astype(np.float32)
    built = [
        tf.summary.audio("mono", mono, 8000), tf.summary.audio("stereo", stereo, 44100.0, 1),
        tf.summary.audio("few", mono, tf.constant(22050.0), max_outputs=1, family="f"),
    ]  # fmt: skip
    return [
        run(tf, built), [op.name for op in built],
        error(lambda: run(tf, tf.summary.audio("v", mono, 0))),
    ]  # fmt: skip


def refused_in_the_run(tf, np):
    """Building them says nothing of ranks: a program may never write them."""
    built = [
        tf.summary.image("i", tf.zeros([3, 3])), tf.summary.image("i", 1.0),
        tf.summary.audio("a", tf.zeros([3]), 8000.0),
        tf.summary.audio("a", tf.zeros([1, 2, 3, 4]), 8000.0),
        tf.summary.audio("a", tf.zeros([2, 4]), -1.0), tf.summary.scalar("s", tf.zeros([2])),
    ]  # fmt: skip
    with tf.Session() as sess:
        return [[y.shape.as_list(), error(partial(sess.run, y))[0]] for y in built]


def texts(tf, np):
    built = [
        tf.summary.text("t", tf.constant("hello")), tf.summary.text("t", tf.constant(["a", "b"])),
        tf.summary.tensor_summary("numbers", [1.0, 2.0]),
        tf.summary.tensor_summary("one", 3, "what it is", display_name="One"),
        tf.summary.tensor_summary("words", ["a"], family="f"),
    ]  # fmt: skip
    return [
        [_values(tf, found) for found in run(tf, built)], [op.name for op in built],
        [op.op.type for op in built], error(lambda: tf.summary.text("t", tf.constant(1))),
    ]  # fmt: skip


def merged(tf, np):
    a = tf.summary.scalar("a", 1.0)
    tf.summary.scalar("b", 2.0)
    again = tf.summary.scalar("c", 3.0, collections=["mine"], family="a")
    everything = tf.summary.merge_all()
    some = tf.summary.merge([a, again], name="some")
    twice = tf.summary.merge([a, a])
    return [
        [_values(tf, found) for found in run(tf, [everything, some])],
        [everything.name, everything.op.type, some.name, twice.name],
        error(lambda: run(tf, twice)), tf.summary.merge_all("nothing") is None,
        [op.name for op in tf.get_collection(tf.GraphKeys.SUMMARIES)],
        tf.summary.merge_all(scope="b").op.inputs[0].name, error(lambda: tf.summary.merge([])),
        tf.summary.merge([a], collections=["m"]).op.name in
        [op.op.name for op in tf.get_collection("m")],
        _values(tf, run(tf, tf.summary.merge([tf.Summary(value=[
            tf.Summary.Value(tag="own", simple_value=0.0)]).SerializeToString()]))),
    ]  # fmt: skip


def messages(tf, np):
    summary = tf.Summary()
    summary.value.add(tag="x", simple_value=0)
    other = tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=0.1)])
    value = summary.value[0]
    histo = tf.HistogramProto(min=1, max=2.5, num=2)
    histo.bucket_limit.append(3)
    histo.bucket.extend([1, 2])
    event = tf.Event(wall_time=1.5, step=3, summary=other)
    return [
        summary.SerializeToString(), other.SerializeToString(), str(other).split("\n"),
        value.HasField("simple_value"), value.WhichOneof("value"), histo.SerializeToString(),
        event.SerializeToString(), event.WhichOneof("what"), str(event).split("\n"),
        tf.SessionLog.START, tf.SessionLog(status=tf.SessionLog.STOP).SerializeToString(),
        tf.Event.FromString(event.SerializeToString()) == event,
        error(lambda: tf.Summary(value=[1])), error(lambda: tf.Summary.Value(tag=1)),
        error(lambda: tf.Event.FromString(b"\x0a")),
    ]  # fmt: skip


def _told(event):
    what = event.WhichOneof("what")
    tags = [(value.tag, value.WhichOneof("value"), value.HasField("metadata"))
            for value in event.summary.value]  # fmt: skip
    return [event.step, what, tags, event.wall_time > 1.5e9, event.file_version]


def written(tf, np):
    folder = os.path.join(tempfile.mkdtemp(), "new", "logs")
    x = tf.placeholder(tf.float32, [], name="x")
    text = tf.summary.text("t", tf.constant("s"))
    everything = tf.summary.merge([tf.summary.scalar("x", x), text])
    writer = tf.summary.FileWriter(folder, filename_suffix=".mine")
    with tf.Session() as sess:
        for step in range(3):
            writer.add_summary(sess.run(everything, {x: step}), global_step=step)
    writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="own", simple_value=2)]))
    writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), np.int64(7))
    writer.add_run_metadata(tf.RunMetadata(), "run 1", 4)
    writer.add_event(tf.Event(step=9, wall_time=2e9))
    writer.add_graph(tf.get_default_graph())
    problems = [
        error(lambda: writer.add_run_metadata(tf.RunMetadata(), "run 1")),
        error(lambda: writer.add_graph(3)), error(lambda: writer.add_graph(None)),
        error(lambda: writer.add_graph(tf.get_default_graph(), graph_def=tf.GraphDef())),
    ]  # fmt: skip
    writer.close()
    files = glob.glob(os.path.join(folder, "*"))
    events = list(tf.train.summary_iterator(files[0]))
    graph = tf.GraphDef.FromString(events[-1].graph_def)
    return [
        [_told(event) for event in events], problems, len(files), files[0].endswith(".mine"),
        os.path.basename(files[0]).split(".")[:3], [node.name for node in graph.node],
        writer.get_logdir() == folder, "_output_shapes" in graph.node[0].attr,
    ]  # fmt: skip


def reopened(tf, np):
    folder = tempfile.mkdtemp()
    with tf.summary.FileWriter(folder) as writer:
        writer.add_summary(tf.Summary(), 1)
    writer.add_summary(tf.Summary(), 2)
    writer.reopen()
    writer.add_summary(tf.Summary(), 3)
    writer.flush()
    writer.close()
    files = glob.glob(os.path.join(folder, "*"))
    steps = [event.step for file in files for event in tf.train.summary_iterator(file)]
    cached = tf.summary.FileWriterCache.get(folder)
    same = tf.summary.FileWriterCache.get(folder) is cached
    tf.summary.FileWriterCache.clear()
    return [3 in steps, 2 in steps, same,
            tf.summary.FileWriterCache.get(folder) is cached]  # fmt: skip


def damaged(tf, np):
    folder = tempfile.mkdtemp()
    with tf.summary.FileWriter(folder) as writer:
        for step in range(2):
            writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="a" * 20)]), step)
    (path,) = glob.glob(os.path.join(folder, "*"))
    with open(path, "rb") as file:
        data = file.read()

    def read(changed):
        other = os.path.join(tempfile.mkdtemp(), "events")
        with open(other, "wb") as file:
            file.write(changed)
        return attempt(lambda: len(list(tf.train.summary_iterator(other))))

    spoiled = bytearray(data)
    spoiled[-10] ^= 1
    return [read(data), read(b""), read(bytes(spoiled)), read(data[:-1] + bytes([data[-1] ^ 1])),
            error(lambda: list(tf.train.summary_iterator(folder + "/none")))]  # fmt: skip

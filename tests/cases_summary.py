"""The rows of tests/cases.py for summaries, whose values are serialized messages: scenes."""
import glob
import tempfile

import numpy as np
from cases import scene

import minitf as tf


def tells(op, build, *want):
    """A row: the summary that `build()` gives has a value for each of `want`: its tag and, of the
    message, what `want` names."""

    def play(run):
        values = tf.Summary.FromString(run(build())).value
        pairs = [(len(values), len(want))]
        for value, (tag, kind, fields) in zip(values, want):
            found = getattr(value, kind)
            pairs += [(value.tag == tag, True), (value.WhichOneof("value") == kind, True)]
            pairs += [(getattr(found, name), field) for name, field in fields.items()]
        return pairs

    scene(op)(play)


def written(*ops):
    """Decorator: one scene that several ops play in."""

    def declare(play):
        for op in ops:
            scene(op)(play)
        return play

    return declare


tells("ScalarSummary", lambda: tf.summary.scalar("a", 2),
      ("a", "simple_value", {"real": 2.0}))  # fmt: skip
tells("HistogramSummary", lambda: tf.summary.histogram("h", [1.0, 3.0, 3.0]),
      ("h", "histo", {"num": 3.0, "min": 1.0, "max": 3.0, "sum": 7.0}))  # fmt: skip
tells("ImageSummary", lambda: tf.summary.image("i", np.ones((2, 3, 4, 1), np.float32), 2),
      ("i/image/0", "image", {"height": 3, "width": 4, "colorspace": 1}),
      ("i/image/1", "image", {"height": 3, "width": 4, "colorspace": 1}))  # fmt: skip
tells("AudioSummaryV2", lambda: tf.summary.audio("s", np.zeros((1, 5, 2), np.float32), 100, 1),
      ("s/audio", "audio", {"sample_rate": 100.0, "num_channels": 2}))  # fmt: skip
tells("TensorSummaryV2", lambda: tf.summary.tensor_summary("t", [1, 2]),
      ("t", "tensor", {"dtype": tf.int32.as_datatype_enum}))  # fmt: skip
tells("MergeSummary",
      lambda: tf.summary.merge([tf.summary.scalar("b", 1.0), tf.summary.scalar("c", 2.0)]),
      ("b", "simple_value", {"real": 1.0}), ("c", "simple_value", {"real": 2.0}))  # fmt: skip


@written("SummaryWriter", "CreateSummaryFileWriter", "FlushSummaryWriter", "CloseSummaryWriter",
         "WriteScalarSummary", "WriteHistogramSummary", "WriteImageSummary", "WriteAudioSummary",
         "WriteSummary", "WriteGraphSummary", "ImportEvent")  # fmt: skip
def by_the_run(run):
    """Each op writes one event, in the order of the runs."""
    folder = tempfile.mkdtemp()
    writer, summary = tf.contrib.summary.create_file_writer(folder), tf.contrib.summary
    event = tf.Event(step=9, wall_time=1.0).SerializeToString()
    step = tf.constant(4, tf.int64)
    with writer.as_default(), summary.always_record_summaries():
        ops = [
            writer.init(), summary.scalar("a", 2.5, step=step),
            summary.histogram("h", [1.0, 3.0], step=step),
            summary.image("i", np.ones((1, 2, 2, 1), np.float32), max_images=1, step=step),
            summary.audio("s", np.zeros((1, 5, 2), np.float32), 100.0, 1, step=step),
            summary.generic("t", [1, 2], step=step),
            summary.graph(tf.constant(b""), step=step), summary.import_event(event),
            summary.flush(),
        ]  # fmt: skip
    for each in ops:
        run(each)
    (path,) = glob.glob(folder + "/*")
    events = list(tf.train.summary_iterator(path))[1:]
    run(writer.close())
    tags = [[value.tag for value in event.summary.value] for event in events]
    steps = [event.step for event in events]
    return [(tags == [["a"], ["h"], ["i/image"], ["s/audio"], ["t"], [], []], True),
            (steps, [4] * 6 + [9]), (events[0].summary.value[0].simple_value, 2.5)]  # fmt: skip

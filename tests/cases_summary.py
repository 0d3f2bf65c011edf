"""The rows of tests/cases.py for summaries, whose values are serialized messages: scenes."""
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

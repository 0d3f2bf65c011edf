"""The rows of tests/cases.py for the ops that parse Examples: scenes."""
import numpy as np
from cases import scene

import minitf as tf

NUMBERS = tf.train.Feature(int64_list=tf.train.Int64List(value=[1, 2]))
WORDS = tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"a"]))
FEATURES = tf.train.Features(feature={"numbers": NUMBERS, "words": WORDS})
EXAMPLE = tf.train.Example(features=FEATURES).SerializeToString()
STEPS = tf.train.FeatureLists(feature_list={"steps": tf.train.FeatureList(feature=[NUMBERS] * 3)})
SEQUENCE = tf.train.SequenceExample(context=FEATURES, feature_lists=STEPS).SerializeToString()
ASKED = {"numbers": tf.FixedLenFeature([2], tf.int64), "words": tf.VarLenFeature(tf.string)}


def gives(op, build):
    """A row: `build()` is the pairs of tensors and what they are."""

    def play(run):
        pairs = build()
        got = run([tensor for tensor, _ in pairs])
        return [(np.array_equal(one, want), True) for one, (_, want) in zip(got, pairs)]

    scene(op)(play)


def batch():
    found = tf.parse_example([EXAMPLE, EXAMPLE], ASKED)
    words = found["words"]
    return [(found["numbers"], [[1, 2]] * 2), (words.indices, [[0, 0], [1, 0]]),
            (words.values, [b"a", b"a"]), (words.dense_shape, [2, 1])]  # fmt: skip


def single():
    found = tf.parse_single_example(EXAMPLE, ASKED)
    words = found["words"]
    return [(found["numbers"], [1, 2]), (words.indices, [[0]]), (words.values, [b"a"]),
            (words.dense_shape, [1])]  # fmt: skip


def sequence():
    steps = {"steps": tf.FixedLenSequenceFeature([2], tf.int64)}
    context, found = tf.parse_single_sequence_example(SEQUENCE, ASKED, steps)
    return [(context["numbers"], [1, 2]), (context["words"].values, [b"a"]),
            (found["steps"], [[1, 2]] * 3)]  # fmt: skip


def sequences():
    steps = {"steps": tf.FixedLenSequenceFeature([2], tf.int64)}
    context, found, lengths = tf.io.parse_sequence_example([SEQUENCE] * 2, ASKED, steps)
    return [(context["numbers"], [[1, 2]] * 2), (context["words"].values, [b"a", b"a"]),
            (found["steps"], [[[1, 2]] * 3] * 2), (lengths["steps"], [3, 3])]  # fmt: skip


gives("ParseExample", batch)
gives("ParseSingleExample", single)
gives("ParseSingleSequenceExample", sequence)
gives("ParseSequenceExample", sequences)

"""The rows of tests/cases.py for the ops on strings and files. Strings are compared in scenes."""
import numpy as np
from cases import scene

import minitf as tf


def says(op, build, want):
    """A row for an op that gives strings: `build()` gives `want`."""

    def play(run):
        got = run(build())
        return [(np.shape(got), np.shape(want)), (np.array_equal(got, want), True)]

    scene(op)(play)


TEXTS = [b"Some text", "\u00e9t\u00e9".encode(), b""]
says("Substr", lambda: tf.substr(TEXTS[:2], [1, 2], [3, 9]), [b"ome", "t\u00e9".encode()])
says("StringLength", lambda: tf.strings.length(TEXTS), [9, 5, 0])
says("StringLower", lambda: tf.strings.lower(TEXTS[0]), b"some text")
says("StringUpper", lambda: tf.strings.upper(TEXTS[0]), b"SOME TEXT")
says("StringStrip", lambda: tf.strings.strip([b" a b\n"]), [b"a b"])
says("StringJoin", lambda: tf.strings.join([["a", "b"], "c"], "-"), [b"a-c", b"b-c"])

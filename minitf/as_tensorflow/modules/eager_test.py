"""`tensorflow.python.eager.test`: the names of tf.test, for tests that run eagerly."""
from __future__ import annotations

from typing import Any

import minitf as tf


def main(argv: Any = None) -> None:
    """`tf.test.main`, with eager execution."""
    tf.enable_eager_execution()
    tf.test.main(argv)

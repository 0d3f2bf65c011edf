"""The rows of tests/cases.py for ops of tf.contrib."""
import numpy as np
from cases import raw, row
from domains import real

import minitf.contrib.image  # noqa: F401  registers the op

LEFT = np.float32([[1, 0, 1, 0, 1, 0, 0, 0]])  # by one pixel


def moved(x):
    return np.concatenate([x[:, :, 1:], np.zeros_like(x[:, :, :1])], 2)


for how in ("NEAREST", "BILINEAR"):
    row("ImageProjectiveTransformV2", lambda x, how=how: raw("ImageProjectiveTransformV2")(
        x, LEFT, [3, 4], interpolation=how), real(2, 3, 4, 2), want=moved)  # fmt: skip

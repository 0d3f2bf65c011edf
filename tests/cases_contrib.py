"""The rows of tests/cases.py for ops of tf.contrib."""
import numpy as np
from cases import raw, row
from domains import real

import minitf as tf
import minitf.contrib.image  # registers the ops
import minitf.contrib.periodic_resample

LEFT = np.float32([[1, 0, 1, 0, 1, 0, 0, 0]])  # by one pixel


def moved(x):
    return np.concatenate([x[:, :, 1:], np.zeros_like(x[:, :, :1])], 2)


for how in ("NEAREST", "BILINEAR"):
    row("ImageProjectiveTransformV2", lambda x, how=how: raw("ImageProjectiveTransformV2")(
        x, LEFT, [3, 4], interpolation=how), real(2, 3, 4, 2), want=moved)  # fmt: skip

FAR = np.float32([[0.5, 0.3, 0.9, 0.1], [0.2, 0.4, 0.6, 0.15], [0.7, 0.8, 0.05, 0.2]])
row("BipartiteMatch", lambda x: tf.contrib.image.bipartite_match(x, -1), FAR, grad=False,
    want=lambda _: (np.int32([3, 0, 2]), np.int32([1, -1, 2, 0])))  # fmt: skip
row("BipartiteMatch", lambda x: raw("BipartiteMatch")(x, np.float32([2]), top_k=1), FAR, grad=False,
    want=lambda _: (np.int32([3, -1, -1]), np.int32([-1, -1, -1, 0])))  # fmt: skip
SPOTS = np.array([[[1, 1, 0, 2], [0, 1, 2, 2], [3, 0, 0, 2]], [[0, 1, 0, 1], [1, 1, 0, 1],
                  [0, 0, 0, 1]]], np.int32)  # fmt: skip
row("ImageConnectedComponents", tf.contrib.image.connected_components, SPOTS, ranked=True,
    want=lambda _: [[[1, 1, 0, 2], [0, 1, 2, 2], [3, 0, 0, 2]],
                    [[0, 4, 0, 5], [4, 4, 0, 5], [0, 0, 0, 5]]])  # fmt: skip

DOTS = [[115, 103, 105, 198, 115, 103, 105, 198, 103, 105, 198, 103],
        [236, 81, 74, 255, 236, 81, 74, 255, 81, 74, 255, 81],
        [186, 205, 41, 186, 205, 41, 186, 205, 41, 186, 205, 41],
        [227, 251, 242, 171, 0, 251, 242, 171, 0, 251, 242, 171]]  # fmt: skip
row("SingleImageRandomDotStereograms",
    lambda x: tf.contrib.image.single_image_random_dot_stereograms(
        x, convergence_dots_size=1, eye_separation=0.1, output_image_shape=[12, 4, 1],
        output_data_window=[10, 3]), np.float32([[0, 1], [1, 3]]), grad=False,
    want=lambda x: np.uint8(DOTS)[..., None])  # fmt: skip

row("PeriodicResample", lambda x: tf.contrib.periodic_resample.periodic_resample(x, [6, None]),
    real(3, 4), sized=True, want=lambda x: x.reshape(6, 2))  # fmt: skip
row("PeriodicResampleOpGrad", lambda x: raw("PeriodicResampleOpGrad")(
        x, original_shape=(3, 4), desired_shape=(6, None)), real(6, 2),
    want=lambda x: x.reshape(3, 4))  # fmt: skip

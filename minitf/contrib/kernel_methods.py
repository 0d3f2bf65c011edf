"""`tf.contrib.kernel_methods`: a kernel's features, so that linear models do what kernels do."""
import math

import numpy as np

from minitf.core.constant import constant
from minitf.core.dtypes import float32
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cos


class InvalidShapeError(Exception):
    """A tensor of another shape than the mapper takes."""


class RandomFourierFeatureMapper:
    """Features whose products approach a Gaussian kernel's, after Rahimi and Recht 2007.

    `stddev` is the kernel's; the same `seed` gives the same features.
    """

    def __init__(self, input_dim, output_dim, stddev=1.0, seed=1, name=None):
        self._input_dim, self._output_dim = input_dim, output_dim
        self._stddev, self._seed, self._name = stddev, seed, name

    name = property(lambda self: self._name or str(id(self)), doc="Its name.")
    input_dim = property(lambda self: self._input_dim, doc="How many numbers go in.")
    output_dim = property(lambda self: self._output_dim, doc="How many come out.")

    def map(self, input_tensor):
        """[batch, output_dim] of [batch, input_dim]. InvalidShapeError for another shape."""
        shape = input_tensor.get_shape()
        if len(shape) != 2:
            raise InvalidShapeError(f"The shape of the tensor should be 2. Got {len(shape)} "
                                    "instead.")  # fmt: skip
        if shape[1] != self._input_dim:
            raise InvalidShapeError(f"Invalid dimension: expected {self._input_dim} input "
                                    f"features, got {shape[1]} instead.")  # fmt: skip
        draws = np.random.RandomState(self._seed)
        size = self._input_dim, self._output_dim
        omega = constant(draws.normal(scale=1.0 / self._stddev, size=size), float32)
        bias = constant(draws.uniform(0.0, 2 * np.pi, self._output_dim), float32)
        scale = math.sqrt(2.0 / self._output_dim)
        return scale * cos(matmul(input_tensor, omega) + bias)

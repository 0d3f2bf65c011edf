"""Initializers of convolutions that keep lengths:
`tf.contrib.framework.convolutional_orthogonal_2d` and its kin."""
import functools

import numpy as np

from minitf.core.dtypes import as_dtype, float32
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import stack
from minitf.ops.array.padding import pad
from minitf.ops.linalg.diagonal import diag_part, eye
from minitf.ops.linalg.factorise import qr
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, sign
from minitf.ops.random.draws import random_normal
from minitf.ops.reduction.axes import matrix_transpose
from minitf.ops.state.initializers import Initializer


class ConvolutionDeltaOrthogonal(Initializer):
    """A random orthogonal matrix times `gain` in the middle of the kernel, zeros around it (Xiao et
    al. 2018).

    ValueError when called for less than three or more than five axes, or for more channels that
    come in than go out.
    """

    def __init__(self, gain=1.0, seed=None, dtype=float32):
        self.gain, self.seed, self.dtype = gain, seed, as_dtype(dtype)
        if not self.dtype.is_floating:
            raise ValueError(f"Expected floating point type, got {self.dtype}.")

    def __call__(self, shape, dtype=None, partition_info=None):
        if not 3 <= len(shape) <= 5:
            raise ValueError("The tensor to initialize must be at least three-dimensional and at "
                             "most five-dimensional")  # fmt: skip
        *window, ins, outs = _sizes(shape)
        dtype = as_dtype(dtype or self.dtype)
        matrix = _orthogonal(outs, dtype, self.seed)[:ins] * cast(self.gain, dtype)
        around = [[(size - 1) // 2, size - 1 - (size - 1) // 2] for size in window]
        matrix = reshape(matrix, [*[1] * len(window), ins, outs])
        return pad(matrix, [*around, [0, 0], [0, 0]])

    def get_config(self):
        return {"gain": self.gain, "seed": self.seed, "dtype": self.dtype.name}


def _sizes(shape):
    """The sizes. ValueError for more channels that come in than go out."""
    sizes = [int(size) for size in shape]
    if sizes[-2] > sizes[-1]:
        raise ValueError("In_filters cannot be greater than out_filters.")
    return sizes


def _orthogonal(size, dtype, seed):
    """A random orthogonal matrix, all alike likely."""
    q, r = qr(random_normal([size, size], dtype=dtype, seed=seed))
    return q * sign(diag_part(r))


class _Orthogonal(ConvolutionDeltaOrthogonal):
    """A product of convolutions with windows of 2, each made of random projections p and 1 - p
    along each axis, by one random orthogonal matrix."""

    axes: int

    def __call__(self, shape, dtype=None, partition_info=None):
        if len(shape) != self.axes + 2:
            names = {1: "three", 2: "four", 3: "five"}
            raise ValueError(
                f"The tensor to initialize must be {names[self.axes]}-dimensional"
            )
        *window, ins, outs = _sizes(shape)
        if len(set(window)) > 1:
            raise ValueError("Kernel sizes must be equal.")
        self._seed = self.seed
        matrix = self._drawn(_orthogonal, outs, self.dtype)[:ins]
        parts = self._product(window[0], outs)
        rows = [matmul(matrix, each) if window[0] > 1 else matrix for each in parts.ravel()]
        return reshape(stack(rows), [*window, ins, outs]) * cast(self.gain, dtype or self.dtype)

    def _drawn(self, draw, *args):
        """What `draw` gives; the next one has another seed."""
        found = draw(*args, self._seed)
        self._seed = self._seed + 1 if self._seed else self._seed
        return found

    def _projection(self, size):
        """A random projection onto some of the directions."""
        matrix = self._drawn(_orthogonal, size, self.dtype)
        chosen = self._drawn(lambda seed: random_normal([size], seed=seed))
        kept = matrix * cast(chosen > 0, self.dtype)
        return matmul(kept, matrix_transpose(kept))

    def _product(self, window, size):
        """The kernel: an array of matrices, with as many axes as the convolution has."""
        found = np.empty((1,) * self.axes, object)
        for _ in range(window - 1):
            block = self._block(size)
            found = block if found.size == 1 else _convolved(found, block)
        return found

    def _block(self, size):
        projections = [self._projection(size) for _ in range(self.axes)]
        found, unit = np.empty((2,) * self.axes, object), eye(size, dtype=self.dtype)
        for place in np.ndindex(found.shape):
            factors = [p if self._takes(i) else unit - p for i, p in zip(place, projections)]
            found[place] = functools.reduce(matmul, factors)
        return found

    def _takes(self, i):
        """Whether the i-th of two places has the projection, or else what it leaves out."""
        return i == 0


def _convolved(one, other):
    """The kernel of two convolutions, one after the other."""
    found = np.empty([a + b - 1 for a, b in zip(one.shape, other.shape)], object)
    for i in np.ndindex(one.shape):
        for j in np.ndindex(other.shape):
            place = tuple(map(sum, zip(i, j)))
            part = matmul(one[i], other[j])
            found[place] = part if found[place] is None else found[place] + part
    return found


class ConvolutionOrthogonal1D(_Orthogonal):
    """An orthogonal convolution along one axis, times `gain` (Xiao et al. 2018).

    ValueError when called for another number of axes, or for more channels that come in than go
    out.
    """

    axes = 1


class ConvolutionOrthogonal2D(_Orthogonal):
    """The same along two axes, with a square window."""

    axes = 2


class ConvolutionOrthogonal3D(_Orthogonal):
    """The same along three axes, with a window as long on each."""

    axes = 3

    def _takes(self, i):
        return i == 1

"""InputSpec: what a layer asks of its inputs."""
from minitf.core.dtypes import as_dtype
from minitf.core.tensor_shape import TensorShape


class InputSpec:
    """What a layer asks of an input: its type, shape, rank, or the sizes of some axes."""

    def __init__(
        self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None
    ):
        self.dtype = None if dtype is None else as_dtype(dtype).name
        self.shape = shape
        self.ndim = ndim if shape is None else len(shape)
        self.max_ndim, self.min_ndim = max_ndim, min_ndim
        self.axes = {int(axis): size for axis, size in (axes or {}).items()}
        limit = self.ndim or max_ndim
        if self.axes and limit is not None and max(self.axes) >= limit:
            raise ValueError(
                f"Axis {max(self.axes)} is greater than the maximum allowed value: {limit - 1}"
            )

    def check(self, tensor, index, layer):
        """ValueError, naming the layer, when `tensor`, its input number `index`, differs."""
        problem = self._problem(tensor)
        if problem is not None:
            raise ValueError(
                f"Input {index} of layer {layer} is incompatible with the layer: {problem}"
            )

    def _problem(self, tensor):
        sizes = tensor.shape._sizes
        asks_rank = self.ndim is not None or self.min_ndim or self.max_ndim or self.axes
        if sizes is None:
            return "its rank is undefined, but the layer requires a defined rank." * bool(
                asks_rank
            ) or None
        if self.ndim is not None and len(sizes) != self.ndim:
            return _found(f"expected ndim={self.ndim}", sizes)
        if self.max_ndim is not None and len(sizes) > self.max_ndim:
            return f"expected max_ndim={self.max_ndim}, found ndim={len(sizes)}"
        if self.min_ndim is not None and len(sizes) < self.min_ndim:
            return ": " + _found(f"expected min_ndim={self.min_ndim}", sizes)
        if self.dtype is not None and tensor.dtype.base_dtype.name != self.dtype:
            return f"expected dtype={self.dtype}, found dtype={tensor.dtype.name}"
        return self._wrong_axis(sizes) or self._wrong_shape(sizes)

    def _wrong_axis(self, sizes):
        for axis, size in self.axes.items():
            if size is not None and sizes[axis] not in (size, None):
                return (f"expected axis {axis} of input shape to have value {size} but received "
                        f"input with shape {list(sizes)}")  # fmt: skip
        return None

    def _wrong_shape(self, sizes):
        wanted = TensorShape(self.shape)
        if wanted.is_compatible_with(TensorShape(sizes)):
            return None
        return f"expected shape={wanted}, found shape={list(sizes)}"


def _found(expected, sizes):
    return f"{expected}, found ndim={len(sizes)}. Full shape received: {list(sizes)}"

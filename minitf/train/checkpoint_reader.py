"""`tf.train.NewCheckpointReader`: what is in a checkpoint, without a graph."""
from minitf.core.bfloat16 import narrowed
from minitf.core.dtypes import bfloat16
from minitf.core.errors import NotFoundError
from minitf.core.file_errors import path_text
from minitf.core.proto.fields import ENUMS
from minitf.core.tensor_shape import printed
from minitf.lib.checkpoint import opened
from minitf.runtime.checksum import crc32c


class CheckpointReader:
    """The tensors of the checkpoint `filename`, of either format, by their names.

    NotFoundError when there is none, DataLossError when it is damaged.
    """

    def __init__(self, filename):
        self._stored = opened(path_text(filename), crc32c())

    def has_tensor(self, tensor_str):
        """Whether there is a tensor of this name."""
        return self._stored.has(_text(tensor_str))

    def get_tensor(self, tensor_str):
        """A tensor as an array, scalars as NumPy's. NotFoundError when there is none of this name;
        ImportError for bfloat16 without ml_dtypes."""
        name = _text(tensor_str)
        if not self._stored.has(name):
            near = ", ".join(self._stored.alike(name))
            text = f"Key {name} not found in checkpoint {self._stored.path}"
            raise NotFoundError(None, None, text + (f"; much like it: {near}" if near else ""))
        found, halves = self._stored.tensor(name), self._stored.described(name)[0] is bfloat16
        return (narrowed(found) if halves else found)[()]

    def get_variable_to_shape_map(self):
        """{name: shape, a list}."""
        return {name: list(self._stored.described(name)[1]) for name in self._stored.names}

    def get_variable_to_dtype_map(self):
        """{name: DType}."""
        return {name: self._stored.described(name)[0] for name in self._stored.names}

    def debug_string(self):
        """A line for each tensor: its name, type and shape; bytes."""
        return "".join(map(self._line, self._stored.every)).encode("utf-8", "surrogateescape")

    def _line(self, name):
        dtype, shape, parts = self._stored.described(name)
        kind = ENUMS["DataType"].Name(dtype.enum)
        tail = f", {parts} slices" if parts > 1 else ""
        return f"{name} ({kind}) {printed(shape).replace(' ', '')}{tail}\n"


def _text(name):
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name


def NewCheckpointReader(filepattern):
    """A CheckpointReader of the checkpoint of this name."""
    return CheckpointReader(filepattern)

"""Elements that are computed once: cache, in memory or in a file."""
import os

from minitf.core.dtypes import as_dtype, string, variant
from minitf.core.errors import AlreadyExistsError, InvalidArgumentError
from minitf.core.file_errors import translated
from minitf.core.proto.graph_def import TensorProto
from minitf.core.proto.tensor import stored_array, tensor_proto
from minitf.data.kernels.declare import dataset_op, text
from minitf.data.kernels.stream import Chosen, Derived
from minitf.lib import records


class Cache(Chosen):
    """The elements; from the second pass of a run on those that the first one gave."""

    def stream(self, run, path):
        memory = run.keep((path, "cache"), Memory)
        return iter(memory.tokens) if memory.whole else Remembering(self, run, path, memory)


class Memory:
    """The tokens of a whole pass, once there has been one."""

    def __init__(self):
        self.tokens, self.whole, self.writing = [], False, False


class Remembering:
    """The first pass of Cache. Only one at a time; what it has is of use when it has come to its
    end."""

    def __init__(self, source, run, path, memory):
        self.inner, self.memory, self.tokens = source.inner(run, path), memory, []

    def __iter__(self):
        return self

    def __next__(self):
        for token in self.inner:
            self.tokens.append(token)
            return token
        if not self.memory.whole:
            self.memory.tokens, self.memory.whole = self.tokens, True
        raise StopIteration


class FileCache(Derived):
    """The elements; once a pass has come to its end, those in a file, in later programs, too."""

    def __init__(self, input, path, types, shapes):
        super().__init__(input, types, shapes)
        self.name = path

    def stream(self, run, path):
        if os.path.exists(self.name + ".index"):
            return self._read()
        return Writing(self, self.inner(run, path))

    def _read(self):
        with translated(self.name), open(self.name + ".data-00000-of-00001", "rb") as file:
            pieces = records.read(file, self.name)
            for group in zip(*[pieces] * max(len(self.types), 1)):
                yield tuple(stored_array(TensorProto.FromString(piece)) for piece in group)


class Writing:
    """A pass that writes what it gives. InvalidArgumentError for what a file cannot have,
    AlreadyExistsError where another one is writing the same file."""

    def __init__(self, source, inner):
        self.source, self.inner, self.file = source, inner, None

    def __iter__(self):
        return self

    def __next__(self):
        if self.file is None:
            self._open()
        for token in self.inner:
            element = self.source.input.form.element(token)
            self.file.writelines(map(_written, element))
            return element
        self._finish()
        raise StopIteration

    def _open(self):
        name = self.source.name
        if variant in self.source.types:
            raise InvalidArgumentError(None, None, "Sparse tensors and datasets cannot be cached "
                                       "in a file: leave filename empty.")  # fmt: skip
        with translated(name):
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            try:
                open(name + ".lockfile", "xb").close()
            except FileExistsError:
                raise AlreadyExistsError(
                    None, None, f"There appears to be a concurrent caching iterator running - "
                    f"cache lockfile already exists ('{name}.lockfile'). If you are sure no other "
                    "running TF computations are using this cache prefix, delete the lockfile and "
                    "re-initialize the iterator."
                ) from None  # fmt: skip
            self.file = open(name + ".data-00000-of-00001", "wb")  # noqa: SIM115  see _finish

    def _finish(self):
        if self.file.closed:
            return
        self.file.close()
        name = self.source.name
        open(name + ".index", "wb").close()
        os.remove(name + ".lockfile")

    def __del__(self):
        if self.file is not None and not self.file.closed:  # it has not come to its end
            self.file.close()
            for ending in (".data-00000-of-00001", ".lockfile"):
                if os.path.exists(self.source.name + ending):
                    os.remove(self.source.name + ending)


def _written(array):
    return records.framed(tensor_proto(array, as_dtype(array.dtype)).SerializeToString())


@dataset_op("CacheDataset")
def cache_dataset(
    xp, input_dataset: variant, filename: string, *, output_types, output_shapes
) -> variant:
    """The elements, computed once: kept in a file of this name, in memory where it is empty."""
    name = text(filename)
    if name:
        return FileCache(input_dataset, name, output_types, output_shapes)
    return Cache(input_dataset, output_types, output_shapes)

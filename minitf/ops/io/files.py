"""Files as strings: `tf.read_file`, `tf.write_file`, `tf.matching_files`."""
import glob
import os

from minitf.core.dtypes import string
from minitf.core.file_errors import translated
from minitf.core.graph import name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor_shape import printed
from minitf.ops.state.variables import Variable
from minitf.ops.strings.text import filled, on_text, only


def _of_scalars(*inputs):
    for shape in inputs:
        if shape:
            raise ValueError(f"Shape must be rank 0 but is rank {len(shape)}: {printed(shape)}")
    return ()


@on_text("ReadFile", shape=_of_scalars, stateful=True)
def read_file(xp, filename: string) -> string:
    """The bytes of the file `filename`, a scalar.

    In the run NotFoundError when there is none, PermissionDeniedError when it may not be read.
    """
    path = only(filename, "Input filename tensor")
    with translated(path), open(path, "rb") as file:
        return filled((), [file.read()])


@on_text("WriteFile", shape=_of_scalars, stateful=True)
def write_file(xp, filename: string, contents: string) -> None:
    """An operation that writes `contents` into the file `filename`, both scalars.

    Folders that are not there are made.
    """
    path = only(filename, "Input filename tensor")
    with translated(path):
        os.makedirs(os.path.dirname(path) or b".", exist_ok=True)
        with open(path, "wb") as file:
            file.write(only(contents, "Contents tensor"))


@on_text("MatchingFiles", shape=lambda pattern: (None,), stateful=True)
def matching_files(xp, pattern: string) -> string:
    """The paths of the files that match `pattern`, a scalar or a vector, sorted.

    A pattern is a path with *, ? and [...] in the names.
    """
    found = [path for one in pattern.reshape(-1).tolist() for path in glob.glob(one)]
    return filled((len(found),), sorted(found))


def match_filenames_once(pattern, name=None):
    """A local variable with the paths of the files that match `pattern`, as of its initialisation.

    It keeps them when files come or go: tf.local_variables_initializer() looks.
    """
    with name_scope(name, "matching_filenames", [pattern]) as scope:
        return Variable(
            matching_files(pattern), trainable=False, validate_shape=False, name=scope,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )  # fmt: skip

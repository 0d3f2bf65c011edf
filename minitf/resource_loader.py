"""`tf.resource_loader`: files that lie beside the program that asks for them."""
from __future__ import annotations

import os
import sys

_ROOT = os.path.dirname(os.path.abspath(__file__))


def get_data_files_path() -> str:
    """The folder of the file that calls this."""
    return _folder_of_caller(2)


def get_root_dir_with_all_resources() -> str:
    """The folder below `*.runfiles` that the caller stands in, as Bazel lays programs out; where
    there is none, the folder of the file that calls this."""
    folder = here = _folder_of_caller(2)
    while os.path.dirname(folder) != folder:
        folder, below = os.path.dirname(folder), folder
        if ".runfiles" in os.path.basename(folder):
            return below
    return here


def get_path_to_datafile(path: str) -> str:
    """The path of a file that lies beside the one that calls this."""
    return os.path.join(_folder_of_caller(2), path)


def load_resource(path: str) -> bytes:
    """The content of a file of this package. OSError when there is none."""
    with open(os.path.join(_ROOT, path), "rb") as file:
        return file.read()


def readahead_file_path(path: str, readahead: str = "128M") -> str:
    """`path`: nothing is read ahead, as in TensorFlow."""
    return path


def _folder_of_caller(depth: int) -> str:
    return os.path.dirname(sys._getframe(depth).f_code.co_filename)

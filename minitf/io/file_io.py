"""What programs import from `tensorflow.python.lib.io.file_io`: files and folders by the names
that TensorFlow has for them within."""
from __future__ import annotations

import uuid
from typing import Any

from minitf import gfile
from minitf.gfile import Copy as copy  # noqa: F401  public
from minitf.gfile import DeleteRecursively as delete_recursively  # noqa: F401  public
from minitf.gfile import Exists as file_exists  # noqa: F401  public
from minitf.gfile import GFile as FileIO
from minitf.gfile import Glob as get_matching_files  # noqa: F401  public
from minitf.gfile import IsDirectory as is_directory  # noqa: F401  public
from minitf.gfile import ListDirectory as list_directory  # noqa: F401  public
from minitf.gfile import MakeDirs as recursive_create_dir  # noqa: F401  public
from minitf.gfile import MkDir as create_dir  # noqa: F401  public
from minitf.gfile import Remove as delete_file  # noqa: F401  public
from minitf.gfile import Rename as rename  # noqa: F401  public
from minitf.gfile import Stat as stat  # noqa: F401  public
from minitf.gfile import Walk as walk  # noqa: F401  public


def read_file_to_string(filename: Any, binary_mode: bool = False) -> Any:
    """The whole file as text, or as bytes in `binary_mode`."""
    with FileIO(filename, "rb" if binary_mode else "r") as file:
        return file.read()


def write_string_to_file(filename: Any, file_content: Any) -> None:
    """Write a file anew."""
    with FileIO(filename, "w") as file:
        file.write(file_content)


def atomic_write_string_to_file(filename: str, contents: Any, overwrite: bool = True) -> None:
    """Write a file whole or not at all. AlreadyExistsError when it is there, unless `overwrite`."""
    temporary = f"{filename}.tmp{uuid.uuid4().hex}"
    write_string_to_file(temporary, contents)
    try:
        gfile.Rename(temporary, filename, overwrite)
    except Exception:
        gfile.Remove(temporary)
        raise


def filecmp(filename_a: Any, filename_b: Any) -> bool:
    """Whether two files are of one content."""
    same = gfile.Stat(filename_a).length == gfile.Stat(filename_b).length
    return same and read_file_to_string(filename_a, True) == read_file_to_string(filename_b, True)

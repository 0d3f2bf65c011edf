"""A checkpoint of either format, opened for reading."""
import glob
import os

from minitf.core.file_errors import path_text
from minitf.lib import crc32c as checksums
from minitf.lib.saved_slices import SlicesReader
from minitf.lib.tensor_bundle import BundleReader, index_name


def is_bundle(prefix):
    """Whether there is a checkpoint of this name in the newer format."""
    return os.path.exists(index_name(prefix))


def stored_bytes(prefix):
    """How many bytes the data of a checkpoint have; 0 for one of the older format."""
    pattern = glob.escape(prefix) + ".data-?????-of-?????"
    return sum(os.path.getsize(path) for path in glob.glob(pattern))


def opened(prefix, crc32c=checksums.crc32c):
    """The tensors of the checkpoint of this name. NotFoundError where there is none."""
    prefix = path_text(prefix)
    return BundleReader(prefix, crc32c) if is_bundle(prefix) else SlicesReader(prefix)

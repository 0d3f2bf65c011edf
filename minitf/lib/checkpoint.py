"""A checkpoint of either format, opened for reading."""
import os

from minitf.lib import crc32c as checksums
from minitf.lib.saved_slices import SlicesReader
from minitf.lib.tensor_bundle import BundleReader, index_name


def is_bundle(prefix):
    """Whether there is a checkpoint of this name in the newer format."""
    return os.path.exists(index_name(prefix))


def opened(prefix, crc32c=checksums.crc32c):
    """The tensors of the checkpoint of this name. NotFoundError where there is none."""
    return BundleReader(prefix, crc32c) if is_bundle(prefix) else SlicesReader(prefix)

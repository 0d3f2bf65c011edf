"""A folder for what tests write."""
import atexit
import functools
import os
import shutil
import sys
import tempfile


@functools.cache
def get_temp_dir():
    """A folder of this process, in TEST_TMPDIR where that is set; it goes when the process ends."""
    program = os.path.splitext(os.path.basename(sys.argv[0] or "test"))[0]
    folder = tempfile.mkdtemp(prefix=program, dir=os.environ.get("TEST_TMPDIR"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def test_src_dir_path(relative_path):
    """A path below TensorFlow's folder in TEST_SRCDIR. KeyError where that is not set."""
    return os.path.join(os.environ["TEST_SRCDIR"], "org_tensorflow/tensorflow", relative_path)

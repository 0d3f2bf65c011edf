"""`distutils.spawn`, of which programs took this."""
import os
import shutil


def find_executable(executable, path=None):
    """The path of a program, None where there is none."""
    return executable if os.path.isfile(executable) else shutil.which(executable, path=path)

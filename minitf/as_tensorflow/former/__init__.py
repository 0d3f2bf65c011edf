"""What Python and its libraries have dropped since programs for TensorFlow 1 were written."""
from __future__ import annotations

import functools
import sys

import numpy as np

from minitf.as_tensorflow.after_import import AfterImport
from minitf.as_tensorflow.former import array_methods, finder, libraries, names, single_elements


@functools.lru_cache(maxsize=1)
def restore() -> None:
    """From now on names that are gone are there again, as far as programs used them, and numbers
    are printed as `3.0`, not `np.float32(3.0)`. What is still there stays as it is."""
    names.restore()
    array_methods.restore()
    single_elements.allow()
    AfterImport(libraries.RESTORED).install()
    sys.meta_path.insert(0, finder.REPLACED)
    sys.meta_path.append(finder.DROPPED)
    np.set_printoptions(legacy="1.25")

"""`import tensorflow`, where this folder is on sys.path: minitf (see `minitf.as_tensorflow`)."""
import sys

from minitf import as_tensorflow

del sys.modules[__name__]
as_tensorflow.install()

"""`tf.autograph.experimental`."""
# ruff: noqa: F401  the imports here are public names
from minitf.autograph.directives import set_loop_options
from minitf.autograph.options import Feature
from minitf.autograph.tracing import do_not_convert

"""`tf.contrib.autograph`: what became tf.autograph, and its parts."""
# ruff: noqa: F401  the imports here are public names

from minitf.autograph import api
from minitf.autograph.api import AutoGraphError, convert, converted_call
from minitf.autograph.directives import set_element_type, set_loop_options
from minitf.autograph.list_operators import stack
from minitf.autograph.options import ConversionOptions, Feature
from minitf.autograph.tracing import do_not_convert


def to_graph(entity, recursive=True, experimental_optional_features=None):
    """What `tf.autograph.to_graph` does."""
    return api.to_graph(entity, recursive, None, None, experimental_optional_features)


def to_code(entity, recursive=True, experimental_optional_features=None):
    """What `tf.autograph.to_code` does."""
    return api.to_code(entity, recursive, None, None, "  ", experimental_optional_features)

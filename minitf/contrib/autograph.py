"""`tf.contrib.autograph`: what became tf.autograph, and its parts."""
# ruff: noqa: F401  the imports here are public names

from minitf.autograph.api import AutoGraphError, convert, converted_call
from minitf.autograph.api import to_code as code_of
from minitf.autograph.api import to_graph as graph_of
from minitf.autograph.directives import set_element_type, set_loop_options
from minitf.autograph.list_operators import stack
from minitf.autograph.options import ConversionOptions, Feature
from minitf.autograph.tracing import do_not_convert


def to_graph(entity, recursive=True, experimental_optional_features=None):
    """What `tf.autograph.to_graph` does."""
    return graph_of(entity, recursive, None, None, experimental_optional_features)


def to_code(entity, recursive=True, experimental_optional_features=None):
    """What `tf.autograph.to_code` does."""
    return code_of(entity, recursive, None, None, "  ", experimental_optional_features)

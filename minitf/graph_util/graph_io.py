"""tf.train.write_graph: a graph as a file."""

import os

from minitf import gfile
from minitf.core.graph import Graph
from minitf.graph_util.portable import portable
from minitf.lib.whole_files import write_whole


def write_graph(graph_or_graph_def, logdir, name, as_text=True):
    """Write a graph, or a message, into the file `name` in the folder `logdir`, which is made; the
    path of the file. As text, or in the binary form that `GraphDef.ParseFromString` reads."""
    message = graph_or_graph_def
    if isinstance(message, Graph):
        message = portable(message.as_graph_def())
    gfile.MakeDirs(logdir)
    path = os.path.join(logdir, name)
    write_whole(path, repr(message).encode() if as_text else message.SerializeToString())
    return path

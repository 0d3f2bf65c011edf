"""Graphs to files, beside checkpoints: `saver.export_meta_graph`."""
from minitf.core.graph import get_default_graph
from minitf.core.proto.meta_graph import MetaGraphDef
from minitf.lib.whole_files import write_whole


def export_meta_graph(filename=None, saver_def=None, as_text=False, graph=None):
    """A MetaGraphDef of a graph, the default one if None; also written to a file of this name."""
    graph = graph or get_default_graph()
    made = MetaGraphDef(graph_def=graph.as_graph_def(add_shapes=True), saver_def=saver_def)
    made.meta_info_def.tensorflow_version = "1.15.5"
    if filename:
        write_whole(filename, repr(made).encode() if as_text else made.SerializeToString())
    return made

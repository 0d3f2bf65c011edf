"""tf.train.import_meta_graph: a graph, and the Saver that restores its variables."""

from minitf import logging
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.proto.meta_graph import MetaGraphDef
from minitf.graph_util.meta_graph import (
    import_scoped_meta_graph_with_return_elements,
    read_meta_graph_file,
)
from minitf.train.saver import Saver


def import_meta_graph(meta_graph_or_file, clear_devices=False, import_scope=None, **kwargs):
    """Add the nodes and collections of a MetaGraphDef, or of a file such as "model.ckpt.meta", to
    the default graph; the Saver that restores its variables, None when it has none.

        saver = tf.train.import_meta_graph("model.ckpt.meta")
        saver.restore(sess, "model.ckpt")

    `import_scope` is put before the names, `input_map` as in `tf.import_graph_def`. OSError for a
    file that is not there, or no MetaGraphDef; ValueError where the graph does not fit together.
    """
    return _imported(meta_graph_or_file, clear_devices, import_scope, **kwargs)[0]


def import_meta_graph_with_return_elements(
    meta_graph_or_file, clear_devices=False, import_scope=None, return_elements=None, **kwargs
):
    """(the Saver, the operations and tensors of these names)."""
    return _imported(meta_graph_or_file, clear_devices, import_scope,
                     return_elements=return_elements, **kwargs)  # fmt: skip


def _imported(meta_graph, clear_devices, import_scope, **kwargs):
    if not isinstance(meta_graph, MetaGraphDef):
        meta_graph = read_meta_graph_file(meta_graph)
    variables, found = import_scoped_meta_graph_with_return_elements(
        meta_graph, clear_devices=clear_devices, import_scope=import_scope, **kwargs
    )
    return _saver(meta_graph, import_scope, variables), found


def _saver(meta_graph, import_scope, variables):
    if meta_graph.HasField("saver_def"):
        name, variable = next(iter(variables.items()), ("", None))
        scope = import_scope or ("" if variable is None else variable.name.removesuffix(name))
        return Saver(saver_def=meta_graph.saver_def, name=scope)
    keys = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.SAVEABLE_OBJECTS)
    if any(get_collection(key, import_scope) for key in keys):
        return Saver()
    logging.info("Saver not created because there are no variables in the graph to restore")
    return None

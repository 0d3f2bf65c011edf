"""Graphs to files, beside checkpoints: `tf.train.export_meta_graph`."""

from minitf.graph_util.meta_graph import export_scoped_meta_graph


def export_meta_graph(
    filename=None,
    meta_info_def=None,
    graph_def=None,
    saver_def=None,
    collection_list=None,
    as_text=False,
    graph=None,
    export_scope=None,
    clear_devices=False,
    clear_extraneous_savers=False,
    strip_default_attrs=False,
    save_debug_info=False,
    **kwargs,
):
    """A MetaGraphDef of a graph, the default one if None, with its collections; also written to a
    file of this name, as text if `as_text`.

    Only what is in the scope `export_scope`, only the collections of `collection_list`, where these
    are given. `clear_devices` forgets which devices were asked for, `clear_extraneous_savers` the
    nodes of other Savers than `saver_def`, `strip_default_attrs` attributes that have defaults.
    """
    return export_scoped_meta_graph(
        filename, graph_def, graph, export_scope, as_text, clear_devices=clear_devices,
        saver_def=saver_def, clear_extraneous_savers=clear_extraneous_savers,
        strip_default_attrs=strip_default_attrs, save_debug_info=save_debug_info,
        meta_info_def=meta_info_def, collection_list=collection_list, **kwargs,
    )[0]  # fmt: skip

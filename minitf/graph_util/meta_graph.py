"""MetaGraphDefs: a graph with its collections, written and read."""

import copy
import os

from minitf import gfile, logging
from minitf.core.garbage import no_garbage_collection
from minitf.core.graph import Graph, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.proto.graph_def import GraphDef
from minitf.core.proto.meta_graph import Any, MetaGraphDef
from minitf.core.proto.saver import SaverDef
from minitf.core.proto.text_parse import ParseError, merge
from minitf.core.proto.wire import DecodeError
from minitf.core.scopes import (
    get_collection_proto_type,
    get_from_proto_function,
    get_to_proto_function,
    prepend_name_scope,
    strip_name_scope,
)
from minitf.graph_util.graph_io import write_graph
from minitf.graph_util.importer import import_graph_def
from minitf.graph_util.portable import own_ops, portable
from minitf.graph_util.scoped import scoped_graph_def, without_savers
from minitf.graph_util.used_ops import (  # noqa: F401  public in framework.meta_graph
    known_ops,
    ops_used_by_graph_def,
    stripped_op_list_for_graph,
)
from minitf.graph_util.without_defaults import strip_defaults
from minitf.ops.control_flow import context_protos  # noqa: F401  it says what contexts become

VERSION = "1.15.5"
UNBOUND = "unbound_inputs"

# -- writing --------------------------------------------------------------------------------------


def export_scoped_meta_graph(
    filename=None,
    graph_def=None,
    graph=None,
    export_scope=None,
    as_text=False,
    unbound_inputs_col_name=UNBOUND,
    clear_devices=False,
    saver_def=None,
    clear_extraneous_savers=False,
    strip_default_attrs=False,
    save_debug_info=False,
    meta_info_def=None,
    collection_list=None,
):
    """(MetaGraphDef, {name: Variable}) of a graph, or of what is in the scope `export_scope`; also
    written to a file of this name.

    Names lose the scope; tensors of outside are named in the collection `unbound_inputs_col_name`.
    `clear_devices` forgets which devices were asked for, `clear_extraneous_savers` the nodes of
    other Savers than `saver_def`, `strip_default_attrs` attributes that have their defaults. The
    graph is one that TensorFlow 1.15 can read, as far as it has the ops.
    """
    if save_debug_info:
        raise NotImplementedError("save_debug_info: minitf writes no GraphDebugInfo")
    graph = graph or get_default_graph()
    _check_graph(graph)
    excluded = set()
    whole = not (export_scope or clear_extraneous_savers or clear_devices)
    if not whole:
        source = graph_def or graph.as_graph_def(add_shapes=True)
        if clear_extraneous_savers:
            excluded = without_savers(source, saver_def)
        graph_def, unbound = scoped_graph_def(source, export_scope, clear_devices, excluded)
        if unbound_inputs_col_name:
            graph.clear_collection(unbound_inputs_col_name)
            for name in unbound:
                graph.add_to_collection(unbound_inputs_col_name, name)
    made = create_meta_graph_def(
        meta_info_def, graph_def, saver_def, collection_list, graph, export_scope, excluded,
        clear_extraneous_savers, strip_default_attrs,
    )  # fmt: skip
    variables = graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope=export_scope)
    kept = {strip_name_scope(v.name, export_scope): v for v in variables
            if _is_included(v, export_scope, excluded)}  # fmt: skip
    if filename:
        write_graph(made, *os.path.split(filename), as_text=as_text)
    return made, kept


def _check_graph(graph):
    if not isinstance(graph, Graph):
        raise TypeError(f"graph must be of type Graph, not {type(graph)}")


def create_meta_graph_def(
    meta_info_def=None,
    graph_def=None,
    saver_def=None,
    collection_list=None,
    graph=None,
    export_scope=None,
    exclude_nodes=None,
    clear_extraneous_savers=False,
    strip_default_attrs=False,
):
    """A MetaGraphDef of a graph and its collections, all of them or those of `collection_list`.

    TypeError for arguments that are no graph or messages.
    """
    graph = graph or get_default_graph()
    _check_graph(graph)
    for what, value, kind in (("meta_info_def", meta_info_def, MetaGraphDef.MetaInfoDef),
                              ("graph_def", graph_def, GraphDef),
                              ("saver_def", saver_def, SaverDef)):  # fmt: skip
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"{what} must be of type {kind.__name__}, not {type(value)}")
    made = MetaGraphDef()
    if meta_info_def is not None:
        made.meta_info_def.CopyFrom(meta_info_def)
    made.meta_info_def.tensorflow_version = VERSION
    made.meta_info_def.SetInParent()
    with no_garbage_collection:  # many objects, and nothing that they hold is let go
        if graph_def is None:
            own = portable(graph.as_graph_def(add_shapes=True))
            made._put(MetaGraphDef.FIELDS["graph_def"], own)  # nobody else has it
        else:
            made.graph_def.CopyFrom(portable(graph_def))
        _describe_ops(made)
    if strip_default_attrs:
        strip_defaults(made.graph_def)
        made.meta_info_def.stripped_default_attrs = True
    if saver_def is not None:
        made.saver_def.CopyFrom(saver_def)
    keys = graph.get_all_collection_keys() if collection_list is None else collection_list
    for key in keys:
        only = [saver_def] if key == GraphKeys.SAVERS and clear_extraneous_savers else None
        add_collection_def(made, key, graph, export_scope, exclude_nodes, only)
    return made


def _describe_ops(made):
    own = own_ops(made.graph_def)
    if own:
        logging.warning("TensorFlow has no op %s: it cannot read this graph, minitf can.",
                        ", ".join(own))  # fmt: skip
    ops = known_ops(made.graph_def)
    made.meta_info_def._put(MetaGraphDef.MetaInfoDef.FIELDS["stripped_op_list"], ops)


# -- collections ----------------------------------------------------------------------------------


def _is_included(item, export_scope, excluded):
    name = item if isinstance(item, str) else getattr(item, "name", None)
    if not isinstance(name, str):
        return True
    inside = not export_scope or name.startswith((export_scope, "$unbound_inputs_"))
    return inside and name not in (excluded or ())


def add_collection_def(
    meta_graph_def, key, graph=None, export_scope=None, exclude_nodes=None, override_contents=None
):
    """Write the collection `key` of a graph into a MetaGraphDef. What cannot be written is left
    out, with a warning."""
    graph = graph or get_default_graph()
    _check_graph(graph)
    if not isinstance(key, (str, bytes)):
        logging.warning("Only collections with string type keys will be serialized. This key has "
                        "%s", type(key))  # fmt: skip
        return
    items = override_contents or graph.get_collection(key)
    items = [item for item in items if _is_included(item, export_scope, exclude_nodes)]
    if not items:
        return
    try:
        made = _collection_def(key, items, export_scope)
    except (TypeError, ValueError, AttributeError) as error:
        logging.warning(
            "Issue encountered when serializing %s.\nType is unsupported, or the types of the "
            "items don't match field type in CollectionDef. Note this is a warning and probably "
            "safe to ignore.\n%s", key, error,
        )  # fmt: skip
        return
    meta_graph_def.collection_def[key].CopyFrom(made)


def _collection_def(key, items, scope):
    made = MetaGraphDef().collection_def[key]
    to_proto = get_to_proto_function(key)
    if to_proto is not None:
        protos = (item if isinstance(item, get_collection_proto_type(key)) else
                  to_proto(item, export_scope=scope) for item in items)  # fmt: skip
        made.bytes_list.value.extend(p.SerializeToString() for p in protos if p is not None)
        made.bytes_list.SetInParent()
        return made
    kind = _kind(items[0])
    values = items
    if kind == "node_list":
        values = [strip_name_scope(item.name, scope) for item in items
                  if not scope or item.name.startswith(scope)]  # fmt: skip
    elif kind == "bytes_list":
        values = [item.encode() if isinstance(item, str) else item for item in items]
    field = getattr(made, kind)
    field.value.extend(values)
    field.SetInParent()
    return made


def _kind(item):
    kinds = (((str, bytes), "bytes_list"), (int, "int64_list"), (float, "float_list"),
             (Any, "any_list"))  # fmt: skip
    return next((kind for types, kind in kinds if isinstance(item, types)), "node_list")


# -- reading --------------------------------------------------------------------------------------


def read_meta_graph_file(filename):
    """The MetaGraphDef of a file, binary or text. OSError when there is none, or it is none."""
    if not gfile.Exists(filename):
        raise OSError(f"File {filename} does not exist.")
    with gfile.GFile(filename, "rb") as file:
        content = file.read()
    made = MetaGraphDef()
    try:
        made.ParseFromString(content)
        return made
    except DecodeError:
        made.Clear()
    try:
        return merge(content, made)
    except (ParseError, UnicodeDecodeError) as error:
        raise OSError(f"Cannot parse file {filename}: {error}.") from None


def import_scoped_meta_graph(
    meta_graph_or_file,
    clear_devices=False,
    graph=None,
    import_scope=None,
    input_map=None,
    unbound_inputs_col_name=UNBOUND,
    restore_collections_predicate=lambda key: True,
):
    """{name: Variable} of what a MetaGraphDef, or a file of one, has added to a graph."""
    return import_scoped_meta_graph_with_return_elements(
        meta_graph_or_file, clear_devices, graph, import_scope, input_map,
        unbound_inputs_col_name, restore_collections_predicate,
    )[0]  # fmt: skip


def import_scoped_meta_graph_with_return_elements(
    meta_graph_or_file,
    clear_devices=False,
    graph=None,
    import_scope=None,
    input_map=None,
    unbound_inputs_col_name=UNBOUND,
    restore_collections_predicate=lambda key: True,
    return_elements=None,
):
    """The same, and what `import_graph_def` returns for `return_elements`.

    ValueError when the graph reads tensors of outside which `input_map` does not give.
    """
    meta_graph = meta_graph_or_file
    if not isinstance(meta_graph, MetaGraphDef):
        meta_graph = read_meta_graph_file(meta_graph_or_file)
    _check_unbound(meta_graph, unbound_inputs_col_name, input_map)
    graph = graph or get_default_graph()
    with graph.as_default():
        producers = None
        if meta_graph.meta_info_def.HasField("stripped_op_list"):
            producers = meta_graph.meta_info_def.stripped_op_list
        scope = graph.unique_name(import_scope or "", mark_as_used=False)
        found = import_graph_def(
            _without_devices(meta_graph.graph_def) if clear_devices else meta_graph.graph_def,
            name=import_scope or scope, input_map=input_map, producer_op_list=producers,
            return_elements=return_elements,
        )  # fmt: skip
        collections = {
            key: collection for key, collection in meta_graph.collection_def.items()
            if key != unbound_inputs_col_name and restore_collections_predicate(key)
        }  # fmt: skip
        _Restored(graph, scope, _knows_trainable(meta_graph)).add_all(collections)
    variables = graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope=scope)
    return {strip_name_scope(v.name, scope): v for v in variables}, found


def _check_unbound(meta_graph, name, input_map):
    if not name or name not in meta_graph.collection_def:
        return
    collection = meta_graph.collection_def[name]
    names = [_text(value) for value in getattr(collection, collection.WhichOneof("kind")).value]
    if names and (not input_map or sorted(names) != sorted(map(_text, input_map))):
        missing = [name for name in names if not input_map or name not in input_map]
        raise ValueError(f"Graph contains unbound inputs: {','.join(missing)}. Must provide these "
                         "inputs through input_map.")  # fmt: skip


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


def _without_devices(graph_def):
    made = copy.copy(graph_def)
    for node in made.node:
        node.device = ""
    return made


def _knows_trainable(meta_graph):
    """Whether its VariableDefs say what is trainable: TensorFlow has written so since 1.9."""
    version = meta_graph.meta_info_def.tensorflow_version.split(".")
    if len(version) < 2 or not (version[0].isdigit() and version[1].isdigit()):
        return True
    return (int(version[0]), int(version[1])) >= (1, 9)


class _Restored:
    """The collections of a MetaGraphDef, as they come into a graph."""

    def __init__(self, graph, scope, knows_trainable):
        self.graph, self.scope, self.knows_trainable = graph, scope, knows_trainable
        self.variables = {}  # by what was written: collections share them

    def add_all(self, collections):
        """Those that can be trained come first: older messages do not say it."""
        for key in sorted(collections, key=lambda k: (k != GraphKeys.TRAINABLE_VARIABLES, k)):
            self._add(key, collections[key])

    def _add(self, key, collection):
        kind = collection.WhichOneof("kind")
        if kind is None:
            logging.error("Cannot identify data type for collection %s. Skipping.", key)
            return
        values = getattr(collection, kind).value
        if kind == "bytes_list" and get_from_proto_function(key) is not None:
            items = [self._from_proto(key, value) for value in values]
        elif kind == "node_list":
            items = [self.graph.as_graph_element(prepend_name_scope(v, self.scope)) for v in values]
        elif kind == "bytes_list":
            items = [prepend_name_scope(_decoded(value), self.scope) if self.scope else value
                     for value in values]  # fmt: skip
        else:
            items = list(values)
        for item in items:
            self.graph.add_to_collection(key, item)

    def _from_proto(self, key, value):
        if value in self.variables:
            return self.variables[value]
        message = get_collection_proto_type(key)()
        message.ParseFromString(value)
        if hasattr(message, "trainable") and not self.knows_trainable:
            message.trainable = key == GraphKeys.TRAINABLE_VARIABLES
        made = get_from_proto_function(key)(message, import_scope=self.scope)
        if hasattr(made, "_ref"):
            self.variables[value] = made
        return made


def _decoded(value):
    """Text, of what can be text."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def copy_scoped_meta_graph(from_scope, to_scope, from_graph=None, to_graph=None):
    """{name: Variable} of a copy of what is in a scope, in another scope or graph."""
    from_graph, to_graph = from_graph or get_default_graph(), to_graph or get_default_graph()
    if from_graph is to_graph and from_scope == to_scope:
        raise ValueError("'from_scope' and 'to_scope' need to be different when performing copy in "
                         "the same graph.")  # fmt: skip
    made, _ = export_scoped_meta_graph(export_scope=from_scope, graph=from_graph)
    return import_scoped_meta_graph(made, graph=to_graph, import_scope=to_scope)

"""Which nodes of a GraphDef are exported: those of a scope, without other Savers'."""

import re

from minitf.core.proto.attributes import attr_value
from minitf.core.proto.graph_def import GraphDef, NodeDef
from minitf.core.scopes import strip_name_scope
from minitf.graph_util.order import node_name

SAVES = {"SaveV2", "Save", "SaveSlice", "SaveSlices", "LegacySave", "LegacySaveSlice", "RestoreV2",
         "Restore", "RestoreSlice", "LegacyRestore", "LegacyRestoreSlice"}  # fmt: skip
PREFIX = "$unbound_inputs_"


def scoped_graph_def(graph_def, scope, clear_devices, excluded):
    """(the nodes of a scope, their names without it; the names of inputs that are outside)."""
    made = GraphDef(versions=graph_def.versions, library=graph_def.library)
    unbound = []
    for node in graph_def.node:
        if node.name not in excluded and (not scope or node.name.startswith(scope)):
            made.node.extend([_scoped(node, scope, clear_devices, unbound)])
    return made, unbound


def _scoped(node, scope, clear_devices, unbound):
    made = NodeDef()
    made.CopyFrom(node)
    for index, name in enumerate(node.input):
        if scope and not name.lstrip("^").startswith(scope):
            made.input[index] = re.sub(r"([\^]|^)(.*)", rf"\g<1>{PREFIX}\2", name, count=1)
            unbound.append(made.input[index])
        else:
            made.input[index] = strip_name_scope(name, scope)
    made.name = strip_name_scope(node.name, scope)
    if "_class" in node.attr:
        names = [each.decode() for each in node.attr["_class"].list.s]
        names = [name for name in names if not scope or name.split("@")[1].startswith(scope)]
        names = [strip_name_scope(name, scope) for name in names]
        made.attr["_class"].CopyFrom(attr_value("list(string)", names))
    if node.op in ("Enter", "RefEnter"):
        frame = strip_name_scope(node.attr["frame_name"].s.decode(), scope)
        made.attr["frame_name"].s = frame.encode()
    if clear_devices:
        made.device = ""
    return made


def without_savers(graph_def, saver_def):
    """The names of the nodes of all Savers but this one."""
    kept = set()
    if saver_def is not None:
        kept = {_scope(node_name(saver_def.save_tensor_name)),
                _scope(node_name(saver_def.restore_op_name))}  # fmt: skip
    scopes = {_scope(node.name) for node in graph_def.node if node.op in SAVES} - kept
    return {node.name for node in graph_def.node if node.name.startswith(tuple(scopes))}


def _scope(name):
    return name.rpartition("/")[0] + "/"

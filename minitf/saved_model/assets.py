"""Files that a graph reads, in a SavedModel: vocabularies, say."""

import filecmp
import os
import shutil

from minitf import logging
from minitf.core.dtypes import string
from minitf.core.proto.meta_graph import Any, AssetFileDef
from minitf.core.tensor import Tensor
from minitf.saved_model import constants

_TYPE = "type.googleapis.com/tensorflow.AssetFileDef"


def chosen(tensors, write):
    """{name in the model: path} of the files that constant string tensors name; `write(name,
    tensor)` is called for each. TypeError for other tensors, ValueError for an empty path."""
    found = {}
    if tensors is None:
        logging.info("No assets to save.")
        return found
    for tensor in tensors:
        path = _path(tensor)
        if not path:
            raise ValueError(f"Invalid asset filepath tensor {tensor}")
        name = _unused(path, found)
        write(name, tensor)
        found[name] = path
    logging.info("Assets added to graph.")
    return found


def _path(tensor):
    if not isinstance(tensor, Tensor):
        raise TypeError("Asset path tensor must be a Tensor.")
    if tensor.op.type != "Const":
        raise TypeError("Asset path tensor must be of type constant.")
    if tensor.dtype is not string:
        raise TypeError("Asset path tensor must be of dtype string.")
    value = tensor.op.attrs["value"]
    if value.size != 1:
        raise TypeError("Asset path tensor must be a scalar.")
    return os.fsdecode(value.item())


def _unused(path, found):
    """The name of the file, with a number if another file has it."""
    base = name = os.path.basename(path)
    number = 0
    while name in found and not _alike(path, found[name]):
        number += 1
        name = f"{base}_{number}"
    return name


def _alike(path, other):
    return path == other or filecmp.cmp(path, other, shallow=False)


def copy(found, export_dir):
    """Copy the files into the folder of the model."""
    if not found:
        logging.info("No assets to write.")
        return
    folder = os.path.join(export_dir, constants.ASSETS_DIRECTORY)
    os.makedirs(folder, exist_ok=True)
    for name, path in found.items():
        target = os.path.join(folder, name)
        if not os.path.exists(target):
            shutil.copyfile(path, target)
    logging.info("Assets written to: %s", folder)


def asset(name, tensor):
    """The AssetFileDef of a file."""
    made = AssetFileDef(filename=name)
    made.tensor_info.name = tensor.name
    return made


def packed(name, tensor):
    """The same, as collections have it."""
    return Any(type_url=_TYPE, value=asset(name, tensor).SerializeToString())


def feeds(export_dir, meta_graph_def, import_scope=None):
    """{name of the tensor: path of the file} of the assets of a MetaGraphDef."""
    found = list(meta_graph_def.asset_file_def)
    if not found and constants.ASSETS_KEY in meta_graph_def.collection_def:
        values = meta_graph_def.collection_def[constants.ASSETS_KEY].any_list.value
        found = [AssetFileDef.FromString(each.value) for each in values]
    prefix = f"{import_scope}/" if import_scope else ""
    folder = os.path.join(export_dir, constants.ASSETS_DIRECTORY)
    return {prefix + each.tensor_info.name: os.path.join(folder, each.filename) for each in found}

"""tf.saved_model.builder: a graph, its variables and signatures into the folder of a SavedModel."""

import os

from minitf import logging
from minitf.core.graph import add_to_collection, get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.operation import Operation
from minitf.core.proto.meta_graph import SavedModel
from minitf.core.proto.saver import SaverDef
from minitf.lib.whole_files import write_whole
from minitf.saved_model import (
    assets,
    constants,
    signature_constants,
    signature_def_utils,
    tag_constants,
)
from minitf.train.saver import Saver


class SavedModelBuilder:
    """Writes a SavedModel into the folder `export_dir`, which has to be empty, or not there:
    AssertionError otherwise.

    Call `add_meta_graph_and_variables` once, `add_meta_graph` for more graphs with the same
    variables, then `save`.
    """

    def __init__(self, export_dir):
        self._export_dir = export_dir = os.fsdecode(export_dir)
        self._saved_model = SavedModel(
            saved_model_schema_version=constants.SAVED_MODEL_SCHEMA_VERSION
        )
        self._has_saved_variables = False
        if os.path.exists(export_dir) and os.listdir(export_dir):
            raise AssertionError(
                "Export directory already exists, and isn't empty. Please choose a different "
                "export directory, or delete all the contents of the specified directory: "
                f"{export_dir}"
            )
        os.makedirs(export_dir, exist_ok=True)

    def add_meta_graph(
        self,
        tags,
        signature_def_map=None,
        assets_collection=None,
        legacy_init_op=None,
        clear_devices=False,
        main_op=None,
        strip_default_attrs=False,
        saver=None,
    ):
        """Add the default graph, whose variables are those saved before: else AssertionError.

        See `add_meta_graph_and_variables`.
        """
        if not self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has not been saved yet. Please invoke "
                "`add_meta_graph_and_variables()` first."
            )
        main_op = legacy_init_op if main_op is None else main_op
        self._add(None, tags, signature_def_map, assets_collection, main_op, clear_devices,
                  strip_default_attrs, saver)  # fmt: skip

    def add_meta_graph_and_variables(
        self,
        sess,
        tags,
        signature_def_map=None,
        assets_collection=None,
        legacy_init_op=None,
        clear_devices=False,
        main_op=None,
        strip_default_attrs=False,
        saver=None,
    ):
        """Add the default graph and the values that its variables have in `sess`.

        `tags` say what it is for, `signature_def_map` what can be asked of it; `assets_collection`
        are constant tensors that name files, which are copied; `main_op` is run after loading.
        AssertionError the second time or for signatures that lack names or types, KeyError for
        reserved keys of signatures, TypeError for a main_op that is none, ValueError when the graph
        has one.
        """
        if self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has already been saved. Please invoke "
                "`add_meta_graph()` instead."
            )
        main_op = legacy_init_op if main_op is None else main_op
        self._add(sess, tags, signature_def_map, assets_collection, main_op, clear_devices,
                  strip_default_attrs, saver)  # fmt: skip
        self._has_saved_variables = True

    def _add(self, sess, tags, signatures, assets_collection, main_op, clear_devices, strip, saver):
        signatures = signatures or {}
        _check_signatures(signatures)
        found = assets.chosen(assets_collection, lambda name, tensor: add_to_collection(
            constants.ASSETS_KEY, assets.packed(name, tensor)))  # fmt: skip
        assets.copy(found, self._export_dir)
        _add_main_op(main_op)
        saver = saver or _sharded_saver()
        if sess is not None:
            folder = os.path.join(self._export_dir, constants.VARIABLES_DIRECTORY)
            os.makedirs(folder, exist_ok=True)
            path = os.path.join(folder, constants.VARIABLES_FILENAME)
            saver.save(sess, path, write_meta_graph=False, write_state=False)
        made = saver.export_meta_graph(clear_devices=clear_devices, strip_default_attrs=strip)
        self._put(made, tags, signatures)

    def _put(self, made, tags, signatures):
        made.meta_info_def.tags.extend(tags)
        for key, signature in signatures.items():
            made.signature_def[key].CopyFrom(signature)
        self._saved_model.meta_graphs.extend([made])

    def add_meta_graph_of_objects(self, tags, signature_def_map, saver, operations):
        """Add the default graph, whose variables are in a checkpoint of objects that is in the
        folder, where `saver` finds them; {key: operation} as signatures of their own."""
        signatures = dict(signature_def_map)
        for key, operation in operations.items():
            signatures[key] = signature_def_utils.op_signature_def(operation, key)
        self._has_saved_variables = True
        self._put(saver.export_meta_graph(), tags, signatures)

    def save(self, as_text=False):
        """Write the file of the SavedModel, as text if asked; its path."""
        name = constants.SAVED_MODEL_FILENAME_PB
        content = self._saved_model
        if as_text:
            name = constants.SAVED_MODEL_FILENAME_PBTXT
        path = os.path.join(self._export_dir, name)
        write_whole(path, repr(content).encode() if as_text else content.SerializeToString())
        logging.info("SavedModel written to: %s", path)
        return path.encode()


def _sharded_saver():
    keys = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.SAVEABLE_OBJECTS)
    items = [item for key in keys for item in get_collection(key)]
    return Saver(items, sharded=True, write_version=SaverDef.V2, allow_empty=True)


def _add_main_op(main_op):
    if main_op is None:
        return
    if not isinstance(main_op, Operation):
        raise TypeError(f"main_op needs to be an Operation: {main_op!r}")
    for key in (constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY):
        if get_collection(key):
            raise ValueError(
                f"Graph already contains one or more main ops under the collection {key}."
            )
    add_to_collection(constants.MAIN_OP_KEY, main_op)


def _check_signatures(signatures):
    for signature in signatures.values():
        for info in (*signature.inputs.values(), *signature.outputs.values()):
            _check_info(info)
    for key, what in ((constants.INIT_OP_SIGNATURE_KEY, "initialization"),
                      (constants.TRAIN_OP_SIGNATURE_KEY, "the train op")):  # fmt: skip
        if key in signatures:
            raise KeyError(f'SignatureDef map key "{key}" is reserved for {what}. Please use a '
                           "different key.")  # fmt: skip


def _check_info(info):
    encoding = info.WhichOneof("encoding")
    start = "All TensorInfo protos used in the SignatureDefs must have"
    if encoding is None:
        raise AssertionError(f"{start} one of the 'encoding' fields (e.g., name or coo_sparse) "
                             f"set: {info}")  # fmt: skip
    if encoding != "composite_tensor" and not info.dtype:
        raise AssertionError(f"{start} the dtype field set: {info}")


def simple_save(session, export_dir, inputs, outputs, legacy_init_op=None):
    """Save the graph and variables of a session as a SavedModel that can be served: from the
    tensors `inputs` to the tensors `outputs`, both by name."""
    signature = signature_def_utils.predict_signature_def(inputs, outputs)
    builder = SavedModelBuilder(export_dir)
    builder.add_meta_graph_and_variables(
        session, [tag_constants.SERVING],
        {signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature},
        get_collection(GraphKeys.ASSET_FILEPATHS), main_op=legacy_init_op, clear_devices=True,
    )  # fmt: skip
    builder.save()



"""tf.saved_model.loader: the graph and the variables of a SavedModel into a Session."""

import os

from minitf import logging
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.proto.meta_graph import SavedModel
from minitf.core.proto.text_parse import ParseError, merge
from minitf.core.proto.wire import DecodeError
from minitf.saved_model import assets, constants
from minitf.saved_model.signature_def_utils import load_op_from_signature_def
from minitf.train.import_meta_graph import import_meta_graph_with_return_elements


def maybe_saved_model_directory(export_dir):
    """Whether there is the file of a SavedModel in a folder."""
    return any(os.path.exists(path) for path in _paths(export_dir))


contains_saved_model = maybe_saved_model_directory


def _paths(export_dir):
    folder = os.fsdecode(export_dir)
    names = constants.SAVED_MODEL_FILENAME_PB, constants.SAVED_MODEL_FILENAME_PBTXT
    return [os.path.join(folder, name) for name in names]


def parse_saved_model(export_dir):
    """The SavedModel message of a folder. OSError when there is none, or it cannot be read."""
    for path, read in zip(_paths(export_dir), (SavedModel.FromString, _from_text)):
        if os.path.exists(path):
            try:
                with open(path, "rb") as file:
                    return read(file.read())
            except (DecodeError, ParseError) as error:
                raise OSError(f"Cannot parse file {path}: {error}.") from None
    raise OSError(
        f"SavedModel file does not exist at: {os.fsdecode(export_dir)}/"
        f"{{{constants.SAVED_MODEL_FILENAME_PBTXT}|{constants.SAVED_MODEL_FILENAME_PB}}}"
    )


def _from_text(content):
    return merge(content, SavedModel())


def load(sess, tags, export_dir, import_scope=None, **saver_kwargs):
    """Add the graph with these tags to that of `sess`, restore its variables there and run its main
    operation; the MetaGraphDef, whose signatures name the tensors.

    `import_scope` is put before names. RuntimeError when no graph has these tags, and no others;
    OSError for a folder that is no SavedModel.
    """
    return SavedModelLoader(export_dir).load(sess, tags, import_scope, **saver_kwargs)


class SavedModelLoader:
    """Loads what is in a folder, in steps."""

    def __init__(self, export_dir):
        self.export_dir = os.fsdecode(export_dir)
        self.variables_path = os.path.join(self.export_dir, constants.VARIABLES_DIRECTORY,
                                           constants.VARIABLES_FILENAME)  # fmt: skip
        self.saved_model = parse_saved_model(export_dir)

    def get_meta_graph_def_from_tags(self, tags):
        """The MetaGraphDef with exactly these tags. RuntimeError when there is none."""
        available = [set(each.meta_info_def.tags) for each in self.saved_model.meta_graphs]
        for meta_graph, found in zip(self.saved_model.meta_graphs, available):
            if found == set(tags):
                return meta_graph
        raise RuntimeError(
            "MetaGraphDef associated with tags " + str(tags).strip("[]") + " could not be found in "
            "SavedModel. To inspect available tag-sets in the SavedModel, please use the "
            f"SavedModel CLI: `saved_model_cli`\navailable_tags: {available}"
        )

    def load_graph(self, graph, tags, import_scope=None, **saver_kwargs):
        """(the Saver of the graph, the elements asked for) once it is added to `graph`."""
        meta_graph = self.get_meta_graph_def_from_tags(tags)
        with graph.as_default():
            return import_meta_graph_with_return_elements(
                meta_graph, import_scope=import_scope, **saver_kwargs
            )

    def restore_variables(self, sess, saver, import_scope=None):
        """Restore the variables. ValueError without a Saver, when there are some."""
        with sess.graph.as_default():
            keys = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.SAVEABLE_OBJECTS)
            if saver is not None:
                saver.restore(sess, self.variables_path)
            elif any(get_collection(key, import_scope) for key in keys):
                raise ValueError(
                    "No tf.train.Saver object was passed to the function "
                    "SavedModelLoader.restore_variables. Since there are variables in the graph, a "
                    "saver is required."
                )
            else:
                logging.info("The specified SavedModel has no variables; no checkpoints were "
                             "restored.")  # fmt: skip

    def run_init_ops(self, sess, tags, import_scope=None):
        """Run the main operation, the files of the model fed to the tensors that name them."""
        meta_graph = self.get_meta_graph_def_from_tags(tags)
        with sess.graph.as_default():
            feeds = assets.feeds(self.export_dir, meta_graph, import_scope)
            operation = main_op(meta_graph, import_scope)
            if operation is not None:
                sess.run([operation], feeds)

    def load(self, sess, tags, import_scope=None, **saver_kwargs):
        """All of it; the MetaGraphDef."""
        with sess.graph.as_default():
            saver, _ = self.load_graph(sess.graph, tags, import_scope, **saver_kwargs)
            self.restore_variables(sess, saver, import_scope)
            self.run_init_ops(sess, tags, import_scope)
        return self.get_meta_graph_def_from_tags(tags)


def main_op(meta_graph, import_scope):
    """What initializes the graph that was loaded, None where nothing does. RuntimeError for more.
    """
    key = constants.INIT_OP_SIGNATURE_KEY
    if key in meta_graph.signature_def:
        return load_op_from_signature_def(meta_graph.signature_def[key], key, import_scope)
    for key in (constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY):
        if key in meta_graph.collection_def:
            found = list(meta_graph.collection_def[key].node_list.value)
            if len(found) != 1:
                raise RuntimeError(f"Expected exactly one SavedModel init op. Found: {found}")
            return get_collection(key)[0]
    return None

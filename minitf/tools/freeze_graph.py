"""freeze_graph: a graph and a checkpoint as one graph of constants."""

from minitf import gfile, logging
from minitf.core.graph import Graph
from minitf.core.proto.graph_def import GraphDef
from minitf.core.proto.meta_graph import MetaGraphDef
from minitf.core.proto.saver import SaverDef
from minitf.core.proto.text_parse import merge
from minitf.graph_util.constants import convert_variables_to_constants
from minitf.graph_util.importer import import_graph_def
from minitf.saved_model import loader, tag_constants
from minitf.saved_model.loader import SavedModelLoader
from minitf.session import Session
from minitf.train.checkpoint_management import checkpoint_exists
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.import_meta_graph import import_meta_graph
from minitf.train.saver import Saver


def freeze_graph(
    input_graph,
    input_saver,
    input_binary,
    input_checkpoint,
    output_node_names,
    restore_op_name,
    filename_tensor_name,
    output_graph,
    clear_devices,
    initializer_nodes,
    variable_names_whitelist="",
    variable_names_blacklist="",
    input_meta_graph=None,
    input_saved_model_dir=None,
    saved_model_tags=tag_constants.SERVING,
    checkpoint_version=SaverDef.V2,
):
    """The GraphDef of a file, its variables constants with the values of a checkpoint, also written
    to the file `output_graph`; -1 when there is something wrong with the arguments.

    The graph is the file `input_graph`, binary or text by `input_binary`, or `input_meta_graph`, or
    that of a SavedModel. `output_node_names` is a text with commas, as are the lists of variables
    that do, or do not, become constants. `restore_op_name` and `filename_tensor_name` are not used.
    """
    graph_def = saver_def = meta_graph = None
    tags = saved_model_tags.replace(" ", "").split(",")
    if input_saved_model_dir:
        found = SavedModelLoader(input_saved_model_dir)
        graph_def = found.get_meta_graph_def_from_tags(tags).graph_def
    elif input_graph:
        graph_def = read_message(GraphDef, input_graph, input_binary)
    if input_meta_graph:
        meta_graph = read_message(MetaGraphDef, input_meta_graph, input_binary)
    if input_saver:
        saver_def = read_message(SaverDef, input_saver, input_binary)
    return freeze_graph_with_def_protos(
        graph_def, saver_def, input_checkpoint, output_node_names, restore_op_name,
        filename_tensor_name, output_graph, clear_devices, initializer_nodes,
        variable_names_whitelist, variable_names_blacklist, meta_graph, input_saved_model_dir, tags,
        checkpoint_version,
    )  # fmt: skip


def read_message(kind, path, binary):
    """A message of a file. OSError when it is not there."""
    if not gfile.Exists(path):
        raise OSError(f"Input file '{path}' does not exist!")
    with gfile.GFile(path, "rb") as file:
        content = file.read()
    return kind.FromString(content) if binary else merge(content, kind())


def freeze_graph_with_def_protos(
    input_graph_def,
    input_saver_def,
    input_checkpoint,
    output_node_names,
    restore_op_name,
    filename_tensor_name,
    output_graph,
    clear_devices,
    initializer_nodes,
    variable_names_whitelist="",
    variable_names_blacklist="",
    input_meta_graph_def=None,
    input_saved_model_dir=None,
    saved_model_tags=None,
    checkpoint_version=SaverDef.V2,
):
    """The same, given messages instead of files."""
    if not input_saved_model_dir and not checkpoint_exists(input_checkpoint):
        logging.error("Input checkpoint '%s' doesn't exist!", input_checkpoint)
        return -1
    if not output_node_names:
        logging.error("You need to supply the name of a node to --output_node_names.")
        return -1
    source = input_meta_graph_def.graph_def if input_meta_graph_def else input_graph_def
    if clear_devices:
        for node in source.node:
            node.device = ""
    with Graph().as_default(), Session() as sess:
        if input_meta_graph_def:
            import_meta_graph(input_meta_graph_def, True).restore(sess, input_checkpoint)
        elif input_saved_model_dir:
            loader.load(sess, saved_model_tags or [tag_constants.SERVING], input_saved_model_dir)
        else:
            import_graph_def(source, name="")
            _saver(sess, input_saver_def, input_checkpoint, checkpoint_version).restore(
                sess, input_checkpoint
            )
        if initializer_nodes:
            sess.run(_listed(initializer_nodes))
        frozen = convert_variables_to_constants(
            sess, source, _listed(output_node_names), _listed(variable_names_whitelist) or None,
            _listed(variable_names_blacklist) or None,
        )  # fmt: skip
    if output_graph:
        with gfile.GFile(output_graph, "wb") as file:
            file.write(frozen.SerializeToString())
    return frozen


def _listed(names):
    return [name for name in (names or "").replace(" ", "").split(",") if name]


def _saver(sess, saver_def, checkpoint, version):
    """The Saver that is described, or one of the variables that the checkpoint has."""
    if saver_def:
        return Saver(saver_def=saver_def, write_version=version)
    stored = NewCheckpointReader(checkpoint).get_variable_to_shape_map()
    operations = {op.name: op for op in sess.graph.get_operations() if op.definition.variable}
    found = {name: operations[name].outputs[0] for name in stored if name in operations}
    return Saver(var_list=found, write_version=version)

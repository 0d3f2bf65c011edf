"""A predictor of what is in the folder of a SavedModel."""
from minitf import logging
from minitf.contrib.predictor.predictor import Predictor
from minitf.core.graph import Graph
from minitf.saved_model.loader import load, parse_saved_model
from minitf.saved_model.signature_constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY
from minitf.session import Session

DEFAULT_TAGS = "serve"


def get_meta_graph_def(saved_model_dir, tags):
    """The MetaGraphDef of a SavedModel with these tags, between commas. ValueError without."""
    wanted = {tag.strip() for tag in tags.split(",")}
    for meta_graph in parse_saved_model(saved_model_dir).meta_graphs:
        if set(meta_graph.meta_info_def.tags) == wanted:
            return meta_graph
    raise ValueError(f"Could not find MetaGraphDef with tags {tags}")


class SavedModelPredictor(Predictor):
    """The model of a folder: see `tf.contrib.predictor.from_saved_model`."""

    def __init__(self, export_dir, signature_def_key=None, signature_def=None, input_names=None,
                 output_names=None, tags=None, graph=None, config=None):
        _check(signature_def_key, signature_def, input_names, output_names)
        tags = tags or DEFAULT_TAGS
        self._graph = graph or Graph()
        with self._graph.as_default():
            self._session = Session(config=config)
            load(self._session, tags.split(","), export_dir)
        if input_names is None:
            if signature_def is None:
                signature_def = _signature(signature_def_key, export_dir, tags)
            input_names = {key: info.name for key, info in signature_def.inputs.items()}
            output_names = {key: info.name for key, info in signature_def.outputs.items()}
        self._feed_tensors = self._tensors(input_names)
        self._fetch_tensors = self._tensors(output_names)

    def _tensors(self, names):
        return {key: self._graph.get_tensor_by_name(name) for key, name in names.items()}


def _check(signature_def_key, signature_def, input_names, output_names):
    if (input_names is None) != (output_names is None):
        raise ValueError("input_names and output_names must both be specified or both be "
                         "unspecified.")  # fmt: skip
    if sum(each is not None for each in (signature_def_key, signature_def, input_names)) > 1:
        raise ValueError("You must specify at most one of signature_def_key OR signature_def OR"
                         "(input_names AND output_names).")  # fmt: skip


def _signature(key, export_dir, tags):
    """The signature of this name, or of that which contrib's estimators gave it."""
    key = key or DEFAULT_SERVING_SIGNATURE_DEF_KEY
    found = get_meta_graph_def(export_dir, tags).signature_def
    if key in found:
        return found[key]
    formatted = f"default_input_alternative:{key}"
    if formatted not in found:
        raise ValueError(f'Got signature_def_key "{key}". Available signatures are {list(found)}. '
                         f"Original error:\n{key!r}")  # fmt: skip
    logging.warning('Could not find signature def "%s". Using "%s" instead', key, formatted)
    return found[formatted]

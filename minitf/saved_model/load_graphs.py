"""`tf.saved_model.load_v2` of a SavedModel of graphs: its signatures, and other parts, as
functions."""

from minitf.core import nest
from minitf.core.dtypes import as_dtype
from minitf.core.graph import Graph, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape
from minitf.core.tensor_spec import TensorSpec
from minitf.core.trackable import AutoTrackable
from minitf.graph_util.importer import import_graph_def
from minitf.graph_util.subgraph import extract_sub_graph
from minitf.ops.state.variables import Variable
from minitf.saved_model.constants import INIT_OP_SIGNATURE_KEY, TRAIN_OP_SIGNATURE_KEY
from minitf.saved_model.load_functions import Untraced, inside
from minitf.saved_model.loader import SavedModelLoader
from minitf.saved_model.signature_map import SignatureMap
from minitf.session import Session

_OPERATIONS = (INIT_OP_SIGNATURE_KEY, TRAIN_OP_SIGNATURE_KEY)


def load(export_dir, tags):
    """An object with `signatures`, `variables`, the `graph` and `prune(feeds, fetches)`, which
    makes a function of other tensors.

    ValueError without tags where there are several graphs, NotImplementedError for one that has
    tables.
    """
    loader = SavedModelLoader(export_dir)
    graphs = loader.saved_model.meta_graphs
    if tags is None and len(graphs) != 1:
        sets = [list(each.meta_info_def.tags) for each in graphs]
        raise ValueError(
            "Importing a SavedModel with tf.saved_model.load requires a 'tags=' argument if there "
            f"is more than one MetaGraph. Got 'tags=None', but there are {len(graphs)} MetaGraphs "
            f"in the SavedModel with tag sets {sets}. Pass a 'tags=' argument to load this "
            "SavedModel."
        )
    return _Loaded(loader, graphs[0].meta_info_def.tags if tags is None else tags).root


class _Loaded:
    def __init__(self, loader, tags):
        with Graph().as_default() as self.graph, Session(graph=self.graph) as session:
            meta_graph = loader.load(session, list(tags))
            found = _variables(self.graph)
            values = session.run([each._ref() for each in found])
        if self.graph.get_collection(GraphKeys.TABLE_INITIALIZERS):
            raise NotImplementedError(
                f"tf.saved_model.load_v2('{loader.export_dir}'): the graph has tables, which "
                "minitf fills in a session: tf.saved_model.load(session, tags, folder)."
            )
        self._graph_def = meta_graph.graph_def
        self.variables = {}  # by the names of those in the graph
        for variable, value in zip(found, values):
            self.variables[variable.name] = Variable(
                value, name=variable.op.name, trainable=variable.trainable, use_resource=True
            )
        self.root = root = AutoTrackable()
        root.signatures = SignatureMap()
        for key, signature in meta_graph.signature_def.items():
            if key not in _OPERATIONS:
                root.signatures.add(key, self._signature(key, signature))
        root.variables, root.graph, root.prune = [*self.variables.values()], self.graph, self.prune
        root.tensorflow_version = meta_graph.meta_info_def.tensorflow_version
        root.tensorflow_git_version = meta_graph.meta_info_def.tensorflow_git_version

    def _signature(self, key, signature):
        inputs = {name: _name(info) for name, info in signature.inputs.items()}
        outputs = {name: _name(info) for name, info in signature.outputs.items()}
        specs = {name: TensorSpec(TensorShape(info.tensor_shape), as_dtype(info.dtype), name)
                 for name, info in signature.inputs.items()}  # fmt: skip
        names = sorted(inputs)
        made = Pruned(self, key, ((), specs), names, [inputs[name] for name in names], outputs)
        made.allowed = 1 if len(inputs) == 1 else 0
        return made

    def prune(self, feeds, fetches, name="pruned"):
        """A function of the tensors `feeds` of the graph, or of those of these names, that gives
        `fetches`, a structure of such."""
        tensors = [self.graph.get_tensor_by_name(self._named(feed)) for feed in nest.flatten(feeds)]
        names = [tensor.op.name for tensor in tensors]
        specs = tuple(TensorSpec(tensor.shape, tensor.dtype.base_dtype, tensor.op.name)
                      for tensor in tensors)  # fmt: skip
        return Pruned(self, name, (specs, {}), names, [tensor.name for tensor in tensors],
                      nest.map_structure(self._named, fetches))  # fmt: skip

    def _named(self, element):
        return element.name if hasattr(element, "name") else str(element)

    def build(self, feeds, fetches):
        """Nodes of the default graph that compute the tensors of these names, from {name: tensor}.
        """
        graph = get_default_graph()
        wanted = [fetch.partition(":")[0] for fetch in fetches]
        part = extract_sub_graph(self._graph_def, wanted)
        there = {node.name for node in part.node}
        known = {name: inside(graph, variable._ref()) for name, variable in self.variables.items()
                 if name.partition(":")[0] in there}  # fmt: skip
        known |= {name: tensor for name, tensor in feeds.items() if name.partition(":")[0] in there}
        return import_graph_def(part, known, fetches, name="saved")


def _variables(graph):
    keys = GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES
    found = [each for key in keys for each in graph.get_collection(key)]
    return list({each.name: each for each in found}.values())


def _name(info):
    if info.WhichOneof("encoding") != "name":
        raise NotImplementedError("tf.saved_model.load_v2: of graphs minitf knows signatures of "
                                  "dense tensors alone.")  # fmt: skip
    return info.name


class Pruned(Untraced):
    """A part of a graph as a function: of the tensors `feeds`, which are called `names`, with the
    specs `given`, that gives the structure `outputs` of names."""

    def __init__(self, loaded, name, given, names, feeds, outputs):
        self._loaded, self._called, self._feeds, self._outputs = loaded, names, feeds, outputs
        super().__init__(self.now, name, *given)

    @property
    def _keywords(self):
        return self._called

    def now(self, *args, **kwargs):
        """What it gives by its operations in the default graph."""
        feeds = dict(zip(self._feeds, nest.flatten((args, kwargs))))
        made = self._loaded.build(feeds, nest.flatten(self._outputs))
        found = [each if isinstance(each, Tensor) else None for each in made]
        return nest.pack_sequence_as(self._outputs, found)

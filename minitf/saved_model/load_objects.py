"""`tf.saved_model.load_v2`: the objects of a SavedModel, as objects of the program."""

import functools
import os

from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.dtypes import as_dtype
from minitf.core.graph import get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.proto.checkpoint import TrackableObjectGraph
from minitf.core.proto.tensor import stored_array
from minitf.core.tensor_shape import TensorShape
from minitf.core.trackable import AutoTrackable, NoDependency
from minitf.ops.io.checkpoints import restore_v2
from minitf.ops.state.init_scope import in_init_scope, init_scope
from minitf.ops.state.variables import Variable
from minitf.saved_model import constants, load_graphs
from minitf.saved_model.kinds import described
from minitf.saved_model.load_functions import Library, RestoredFunction
from minitf.saved_model.loader import parse_saved_model
from minitf.saved_model.signature_map import SignatureMap
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.object_graph import OBJECT_GRAPH, VALUE


def load(export_dir, tags=None):
    """The object that was saved in a folder, with the attributes that it had: variables, lists and
    dictionaries, other objects, functions; and `signatures`.

    Where a graph is built, variables are given their values by their initializers. ValueError for
    tags that are not those of the SavedModel, OSError for a folder that is none.
    """
    return load_objects(export_dir, tags)


def load_objects(export_dir, tags=None, kinds=None):
    """The same; `kinds` makes the objects of further kinds, {identifier: function of the message
    that returns an object and a function that gives it another one by name}."""
    export_dir = os.fsdecode(export_dir)
    saved_model = parse_saved_model(export_dir)
    meta_graph = saved_model.meta_graphs[0] if len(saved_model.meta_graphs) == 1 else None
    if meta_graph is None or not meta_graph.HasField("object_graph_def"):
        with init_scope():
            return load_graphs.load(export_dir, tags)
    info = meta_graph.meta_info_def
    if tags is not None and set(nest.flatten(tags) if not isinstance(tags, set) else tags) != set(
        info.tags
    ):
        raise ValueError(
            f"The SavedModel at {export_dir} has one MetaGraph with tags {list(info.tags)}, but "
            f"got an incompatible argument tags={tags} to tf.saved_model.load. You may omit it, "
            "pass 'None', or pass matching tags."
        )
    with init_scope():
        loader = Loader(meta_graph, export_dir, kinds or {})
        loader.initialize()
        root = loader.objects[0]
    root.tensorflow_version = info.tensorflow_version
    root.tensorflow_git_version = info.tensorflow_git_version
    return root


class Loader:
    """Makes the `objects` of a MetaGraphDef, by their numbers."""

    def __init__(self, meta_graph, export_dir, kinds):
        self._meta_graph, self._export_dir = meta_graph, export_dir
        self._nodes = meta_graph.object_graph_def.nodes
        self._values = Values(self._nodes, export_dir)
        self._kinds = KINDS | kinds
        functions = meta_graph.object_graph_def.concrete_functions
        self._library = Library(meta_graph.graph_def.library, functions, self._tensor)
        self.objects, setters = [], []
        slots = {slot.slot_variable_node_id for node in self._nodes for slot in node.slot_variables}
        for number, node in enumerate(self._nodes):
            made = (None, setattr) if number in slots else self._made(number, node)
            self.objects.append(made[0])
            setters.append(made[1])
        self._add_slots()
        for item, node, setter in zip(self.objects, self._nodes, setters):
            for child in node.children:
                _give(item, child.local_name, self.objects[child.node_id], setter)

    def _made(self, number, node):
        """(an object, what gives it another one by name)."""
        kind = node.WhichOneof("kind")
        message = getattr(node, kind)
        if kind == "user_object":
            return self._kinds.get(message.identifier, _user_object)(message)
        return getattr(self, f"_{kind}")(message, number), setattr

    def _variable(self, message, number):
        return self._values.variable(message, number)

    def _constant(self, message, number):
        node = next(each for each in self._meta_graph.graph_def.node
                    if each.name == message.operation)  # fmt: skip
        value = node.attr["value"].tensor
        return constant(stored_array(value), as_dtype(value.dtype))

    def _asset(self, message, number):
        name = self._meta_graph.asset_file_def[message.asset_file_def_index].filename
        return Asset(os.path.join(self._export_dir, constants.ASSETS_DIRECTORY, name))

    def _function(self, message, number):
        return RestoredFunction(message, self._library)

    def _bare_concrete_function(self, message, number):
        function = self._library.concrete(message.concrete_function_name)
        function.allowed = message.allowed_positional_arguments
        return function

    def _resource(self, message, number):
        return Resource()

    def _add_slots(self):
        for optimizer, node in zip(self.objects, self._nodes):
            for slot in node.slot_variables:
                number = slot.slot_variable_node_id
                of = self.objects[slot.original_variable_node_id]
                name = f"{of.op.name}/{slot.slot_name}"
                variable = self._values.variable(self._nodes[number].variable, number, name)
                self.objects[number] = optimizer.add_slot(of, slot.slot_name, variable)

    def _tensor(self, number):
        """What a function that has captured an object reads."""
        item = self.objects[number]
        if isinstance(item, Variable):
            return item._ref()
        if isinstance(item, Resource):
            return item.resource_handle
        return item.asset_path if isinstance(item, Asset) else item

    def initialize(self):
        """Fill tables, or have their initializers do it."""
        for item in self.objects:
            if not isinstance(item, Resource):
                continue
            done = item._initialize.now()
            if not in_init_scope().eager:
                get_default_graph().add_to_collection(GraphKeys.TABLE_INITIALIZERS, done.op)


def _give(item, name, value, setter):
    setter(item, name, value)
    if name == "__call__" and not callable(item):
        type(item).__call__ = lambda self, *args, **kwargs: vars(self)["__call__"](*args, **kwargs)


# -- kinds of objects -----------------------------------------------------------------------------


class Asset(AutoTrackable):
    """A file of the SavedModel: `asset_path`, a string tensor, says where it is."""

    def __init__(self, path):
        self.asset_path = constant(path, name="asset_path")


class Resource(AutoTrackable):
    """A table, or what else a function creates, and another one fills."""

    @functools.cached_property
    def resource_handle(self):
        """The tensor that stands for it."""
        with init_scope():
            return self._create_resource.now()


@described.register(Asset)
@described.register(Resource)
def _(item):
    raise NotImplementedError(
        "tf.saved_model.save: the object has files or tables of a SavedModel that was loaded; "
        "minitf writes SavedModels of objects that have variables alone."
    )


class RestoredOptimizer(AutoTrackable):
    """What an optimizer had for each variable, and its numbers; it changes no variables."""

    def __init__(self):
        self._slots = NoDependency({})

    def add_slot(self, variable, name, slot):
        """Let `slot` be what the optimizer has for a variable; it is returned."""
        self._slots.setdefault(name, {})[id(variable)] = slot
        return slot

    def get_slot_names(self):
        """The names of what it has for variables."""
        return list(self._slots)

    def get_slot(self, variable, name):
        """What it has for a variable by this name. KeyError for none."""
        return self._slots[name][id(variable)]

    @property
    def weights(self):
        """Its numbers that are variables, and what it has for others."""
        return [slot for each in self._slots.values() for slot in each.values()]

    def variables(self):
        """The same."""
        return self.weights

    def get_config(self):
        raise NotImplementedError("Restoring functional Optimizers from SavedModels is not "
                                  "supported: compile the model anew.")  # fmt: skip


def _user_object(message):
    """An object of a class of its own, so that it can be called if it has `__call__`."""
    return type("_UserObject", (AutoTrackable,), {})(), setattr


def _put_in_list(items, index, value):
    items += [None] * (int(index) + 1 - len(items))
    items[int(index)] = value


KINDS = {
    "trackable_list_wrapper": lambda message: ([], _put_in_list),
    "trackable_dict_wrapper": lambda message: ({}, dict.__setitem__),
    "signature_map": lambda message: (SignatureMap(), SignatureMap.add),
    "optimizer": lambda message: (RestoredOptimizer(), setattr),
}


# -- the values of variables ----------------------------------------------------------------------


class Values:
    """The checkpoint of a SavedModel, whose keys are found by the names that lead to objects."""

    def __init__(self, nodes, export_dir):
        self._path = os.path.join(export_dir, constants.VARIABLES_DIRECTORY,
                                  constants.VARIABLES_FILENAME)  # fmt: skip
        self._keys, self._reader = {}, None
        if os.path.exists(f"{self._path}.index"):
            self._reader = NewCheckpointReader(self._path)
            self._find(nodes)

    def _find(self, nodes):
        stored = TrackableObjectGraph.FromString(self._reader.get_tensor(OBJECT_GRAPH)).nodes
        numbers, pending = {0: 0}, [0]
        for number in pending:
            node, other = nodes[number], stored[numbers[number]]
            there = {child.local_name: child.node_id for child in other.children}
            for child in node.children:
                if child.local_name in there and child.node_id not in numbers:
                    numbers[child.node_id] = there[child.local_name]
                    pending.append(child.node_id)
        for number, node in enumerate(nodes):
            if not node.slot_variables or number not in numbers:
                continue
            there = {(slot.original_variable_node_id, slot.slot_name): slot.slot_variable_node_id
                     for slot in stored[numbers[number]].slot_variables}  # fmt: skip
            for slot in node.slot_variables:
                of = numbers[slot.original_variable_node_id], slot.slot_name
                numbers[slot.slot_variable_node_id] = there[of]
        for number, other in numbers.items():
            found = {each.name: each.checkpoint_key for each in stored[other].attributes}
            if VALUE in found:
                self._keys[number] = found[VALUE]

    def variable(self, message, number, name=None):
        """A variable, which has its value, or whose initializer reads it in a graph."""
        dtype, shape = as_dtype(message.dtype), TensorShape(message.shape)
        made = Variable(
            self._initial(self._keys[number], dtype, shape), dtype=dtype, shape=shape,
            name=name or message.name or None, trainable=message.trainable, use_resource=True,
            synchronization=message.synchronization, aggregation=message.aggregation,
        )  # fmt: skip
        trainable = get_default_graph().get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)
        if trainable and trainable[-1] is made:  # TensorFlow does not list it there
            trainable.pop()
        return made

    def _initial(self, key, dtype, shape):
        if in_init_scope().eager:
            return self._reader.get_tensor(key)

        def read():
            (value,) = restore_v2(self._path, [key], [""], [dtype])
            value.set_shape(shape)
            return value

        return read

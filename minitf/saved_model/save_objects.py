"""`tf.saved_model.save`: an object with its variables and functions as SavedModel."""

import os
import re

from minitf import logging
from minitf.core.dtypes import HANDLES
from minitf.core.graph import get_default_graph
from minitf.core.proto.meta_graph import SavedModel
from minitf.core.proto.saved_object_graph import SavedObject
from minitf.core.trackable import children, is_trackable
from minitf.eager.concrete import ConcreteFunction
from minitf.eager.function import Function
from minitf.lib.whole_files import write_whole
from minitf.ops.function import FunctionGraph
from minitf.ops.state.variables import Variable
from minitf.saved_model import constants
from minitf.saved_model.kinds import extras, functions_of, user_object
from minitf.saved_model.save_functions import (
    Exported,
    optional_keywords,
    saved_function,
    saved_signature,
)
from minitf.saved_model.save_graph import MetaGraph
from minitf.saved_model.save_signatures import canonical, found_signature
from minitf.saved_model.signature_map import SignatureMap
from minitf.train import object_values
from minitf.train.object_graph import OBJECT_GRAPH, ObjectGraph


def save(obj, export_dir, signatures=None):
    """Write an object into a folder: the variables, lists and objects below it, and its
    tf.functions, as far as they have been called or have an input_signature.

    `signatures` are functions to be served, one or a dictionary: traced ones, or tf.functions with
    an input_signature; without any the only such function of the object. ValueError for what no
    checkpoint can hold and for other signatures, AssertionError inside a function and for
    signatures that use variables which are not below the object, KeyError for other such functions,
    NotImplementedError for functions that use tables, or change variables in ways that minitf
    cannot write.
    """
    if isinstance(get_default_graph(), FunctionGraph):
        raise AssertionError(
            "tf.saved_model.save is not supported inside a traced @tf.function. Move the call to "
            "the outer eagerly-executed context."
        )
    if not is_trackable(obj):
        raise ValueError(f"Expected a Trackable object for export, got {obj}.")
    View(obj, signatures).write(os.fsdecode(export_dir))


class View:
    """The objects below one, with their functions, as they are when it is saved."""

    def __init__(self, root, signatures):
        self.root, self._functions, self._extras, self._cache = root, {}, {}, {}
        named = dict(children(root)).get("signatures")
        if named is not None and not isinstance(named, SignatureMap):
            raise ValueError(
                f"Exporting an object {root} which has an attribute named 'signatures'. This is a "
                "reserved attribute used to store SavedModel signatures in objects which come from "
                "`tf.saved_model.load`. Delete this attribute (e.g. 'del obj.signatures') before "
                "saving if this shadowing is acceptable."
            )
        if signatures is None:
            signatures = found_signature(self._functions_of(root))
        self.signatures = canonical(signatures)
        self._map = SignatureMap()
        for key, function in self.signatures.items():
            self._map.add(key, function)
        for item in ObjectGraph(root, self._below).objects:
            for function in self._functions_of(item).values():
                _traces(function)  # which may make variables
        self.graph = ObjectGraph(root, self._below)
        self.objects = list(self.graph.objects)
        self._numbers = {id(item): number for number, item in enumerate(self.objects)}
        self.exported = {}  # by id of a traced function
        self._optional = {}
        for item in self.graph.objects:
            for function in self._functions_of(item).values():
                self._add(function)
        self.constants = []  # (number, name of the node, tensor)
        self._references = {
            id(item._ref()): number for number, item in enumerate(self.graph.objects)
            if isinstance(item, Variable)
        }  # fmt: skip

    def _functions_of(self, item):
        """The same each time, though attributes may make functions anew."""
        if id(item) not in self._functions:
            self._functions[id(item)] = item, functions_of(item, self._cache)
        return self._functions[id(item)][1]

    def _below(self, item):
        if id(item) not in self._extras:
            self._extras[id(item)] = item, dict(extras(item, self._cache))
        found = dict(children(item)) | self._extras[id(item)][1]
        if item is self.root:
            found["signatures"] = self._map
        return found.items()

    def _add(self, function):
        if id(function) not in self._numbers:
            self._numbers[id(function)] = len(self.objects)
            self.objects.append(function)
        for concrete in _traces(function):
            if id(concrete) not in self.exported:
                self.exported[id(concrete)] = Exported(concrete, _name(concrete))
                self._optional[id(concrete)] = (
                    optional_keywords(function) if isinstance(function, Function) else {}
                )

    # -- messages --------------------------------------------------------------------------------

    def write(self, export_dir):
        """Write all files."""
        stored, held = self.graph.message()
        saved_model = SavedModel(saved_model_schema_version=constants.SAVED_MODEL_SCHEMA_VERSION)
        made = saved_model.meta_graphs.add()
        self._fill_objects(made.object_graph_def)
        graph = MetaGraph(self, held, stored.SerializeToString())
        graph.fill(made)
        for name in (constants.ASSETS_DIRECTORY, constants.VARIABLES_DIRECTORY):
            os.makedirs(os.path.join(export_dir, name), exist_ok=True)
        prefix = os.path.join(export_dir, constants.VARIABLES_DIRECTORY,
                              constants.VARIABLES_FILENAME)  # fmt: skip
        object_values.write(prefix, held, None, {OBJECT_GRAPH: stored.SerializeToString()})
        path = os.path.join(export_dir, constants.SAVED_MODEL_FILENAME_PB)
        write_whole(path, saved_model.SerializeToString())
        logging.info("SavedModel written to: %s", path)

    def _fill_objects(self, made):
        count = len(self.graph.objects)
        for item in self.objects:
            made.nodes.append(self._node(item, self._numbers[id(item)] < count))
        self.graph.add_slots(made.nodes)
        for concrete in self.signatures.values():  # whose errors come first
            exported = self.exported[id(concrete)]
            for tensor in exported.captured:
                self.number_of(tensor, exported.name)
        for key, exported in self.exported.items():
            numbers = [self.number_of(tensor, exported.name) for tensor in exported.captured]
            described = exported.described(numbers, self._optional[key])
            made.concrete_functions[exported.name].CopyFrom(described)
        for _, name, _ in self.constants:
            made.nodes.add().constant.operation = name

    def _node(self, item, is_object):
        made = SavedObject()
        if not is_object:
            names = [self.exported[id(each)].name for each in _traces(item)]
            if isinstance(item, Function):
                made.function.CopyFrom(saved_function(item, names))
            else:
                made.bare_concrete_function.CopyFrom(saved_signature(item, names[0]))
            return made
        self.graph.add_children(made, item)
        for name, function in self._functions_of(item).items():
            made.children.add(node_id=self._numbers[id(function)], local_name=name)
        if isinstance(item, Variable):
            _describe_variable(item, made.variable)
        else:
            made.user_object.CopyFrom(user_object(item))
        return made

    def _lost(self, tensor, name):
        """The error for a variable that is not below the object that is saved."""
        if any(self.exported[id(each)].name == name for each in self.signatures.values()):
            return AssertionError(
                f"Tried to export a function which references untracked object {tensor!r}. "
                "TensorFlow objects (e.g. tf.Variable) captured by functions must be tracked by "
                "assigning them to an attribute of a tracked object or assigned to an attribute of "
                "the main object directly."
            )
        return KeyError(
            f"Failed to add concrete function {name} to object based saved model as it captures "
            f"tensor {tensor!r} which is unsupported or not reachable from root. One reason could "
            "be that a stateful object or a variable that the function depends on is not assigned "
            "to an attribute of the serialized trackable object."
        )

    def number_of(self, tensor, name):
        """The number of the object that a tensor is which a function has captured."""
        if id(tensor) in self._references:
            return self._references[id(tensor)]
        for number, _, known in self.constants:
            if known is tensor:
                return number
        if tensor.dtype._is_ref_dtype:
            raise self._lost(tensor, name)
        if tensor.dtype in HANDLES:
            raise NotImplementedError(
                f"The function {name} uses a table, or what else {tensor!r} stands for: minitf "
                "writes SavedModels of objects that have variables alone."
            )
        number = len(self.objects) + len(self.constants)
        node = f"Const_{len(self.constants)}" if self.constants else "Const"
        self.constants.append((number, node, tensor))
        return number


def _traces(function):
    """The functions of certain types and shapes that one is by now."""
    if isinstance(function, ConcreteFunction):
        return [function]
    found = getattr(function, "concrete_functions", None)
    if found is not None:
        return found
    if function.input_signature is not None and not function._concrete:
        function.get_concrete_function()
    return list(function._concrete.values())


def _name(concrete):
    """A name that no other function has; of one that was loaded without what was added then."""
    name = concrete.graph.name
    while match := re.match(r"__inference_(.*)_\d+_(\d+)$", name):
        name = f"{match[1]}_{match[2]}"
    return "__inference_" + re.sub(r"[^\w.\-/]", "_", name)


def _describe_variable(variable, made):
    made.name, made.trainable = variable.op.name, variable.trainable
    made.dtype = variable.dtype.base_dtype.enum
    made.shape.CopyFrom(variable.shape.as_proto())
    made.synchronization = variable.synchronization.value
    made.aggregation = variable.aggregation.value

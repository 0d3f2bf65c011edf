"""What trees and their statistics share: a thing that a session keeps, an op makes, and a
checkpoint has."""
from minitf.core.graph import add_to_collection, control_dependencies, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.state import resources
from minitf.train.saveables import SaveableObject, SaveSpec


class KeptSaveable(SaveableObject):
    """What a Saver keeps: a serialized message. It is made before it is restored."""

    def __init__(self, kept, name):
        super().__init__(kept.resource_handle, [SaveSpec(kept.serialized(), "", name)], name)
        self._kept = kept

    def restore(self, restored_tensors, restored_shapes):
        with control_dependencies([self._kept.initializer]):
            return self._kept.deserialized(restored_tensors[0])


class KeptVariable:
    """A handle, `initializer`, which makes the thing, and `is_initialized()`.

    A subclass has `_create_resource`, `_initialize`, `is_initialized`, `serialized` and
    `deserialized(content)`, which add nodes.
    """

    def __init__(self, params, config, name, container):
        self._params, self._config = params, config
        self._name, self._container, self._init_op = name, container or "", None
        self.resource_handle = self._create_resource()

    @property
    def initializer(self):
        """The Operation that makes it."""
        if self._init_op is None:
            self._init_op = self._initialize()
        return self._init_op


def registered(kind, default_name, params, config, name, container):
    """The handle of a new one, which is initialized with the shared resources, and saved."""
    with name_scope(name, default_name) as scope:
        made = kind(params, config, scope, container)
        handle, create, there = made.resource_handle, made.initializer, made.is_initialized()
        add_to_collection(GraphKeys.SAVEABLE_OBJECTS, KeptSaveable(made, handle.name))
        resources.register_resource(handle, create, there)
    return handle

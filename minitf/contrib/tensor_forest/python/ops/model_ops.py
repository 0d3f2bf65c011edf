"""`tensorflow.contrib.tensor_forest.python.ops.model_ops`: trees."""
# ruff: noqa: F401  some imports here are public names

from minitf.contrib.tensor_forest.kernels import nodes
from minitf.contrib.tensor_forest.kernels.nodes import (
    feature_usage_counts,
    traverse_tree_v4,
    tree_predictions_v4,
    tree_size,
    update_model_v4,
)
from minitf.contrib.tensor_forest.python.ops.variables import KeptVariable, registered


class TreeVariable(KeptVariable):
    """A tree, which begins as `tree_config`, a serialized decision_trees.Model, says."""

    def __init__(self, params, tree_config, stats_handle, name, container=None):
        super().__init__(params, tree_config, name, container)

    def _create_resource(self):
        return nodes.decision_tree_resource_handle_op(
            container=self._container, shared_name=self._name, name=self._name
        )

    def _initialize(self):
        return nodes.create_tree_variable(
            self.resource_handle, self._config, params=self._params.serialized_params_proto
        )

    def is_initialized(self):
        """Whether it is there, a bool scalar."""
        return nodes.tree_is_initialized_op(self.resource_handle)

    def serialized(self):
        return nodes.tree_serialize(self.resource_handle)

    def deserialized(self, content):
        return nodes.tree_deserialize(
            self.resource_handle, content, params=self._params.serialized_params_proto
        )


def tree_variable(params, tree_config, stats_handle, name, container=None):
    """The handle of a new tree, a scalar of type resource. It is among the shared resources, and
    is saved."""
    def make(params, config, scope, container):
        return TreeVariable(params, config, stats_handle, scope, container)

    return registered(make, "TreeVariable", params, tree_config, name, container)

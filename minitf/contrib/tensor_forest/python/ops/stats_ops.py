"""`tensorflow.contrib.tensor_forest.python.ops.stats_ops`: what leaves have seen."""
# ruff: noqa: F401  some imports here are public names

from minitf.contrib.tensor_forest.kernels import nodes
from minitf.contrib.tensor_forest.kernels.nodes import (
    finalize_tree,
    grow_tree_v4,
    process_input_v4,
)
from minitf.contrib.tensor_forest.python.ops.variables import KeptVariable, registered


class FertileStatsVariable(KeptVariable):
    """The statistics of a tree's leaves, which begin as `stats_config`, a serialized FertileStats,
    says."""

    def __init__(self, params, stats_config, name, container=None):
        super().__init__(params, stats_config, name, container)

    def _create_resource(self):
        return nodes.fertile_stats_resource_handle_op(
            container=self._container, shared_name=self._name, name=self._name
        )

    def _initialize(self):
        return nodes.create_fertile_stats_variable(
            self.resource_handle, self._config, params=self._params.serialized_params_proto
        )

    def is_initialized(self):
        """Whether they are there, a bool scalar."""
        return nodes.fertile_stats_is_initialized_op(self.resource_handle)

    def serialized(self):
        return nodes.fertile_stats_serialize(
            self.resource_handle, params=self._params.serialized_params_proto
        )

    def deserialized(self, content):
        return nodes.fertile_stats_deserialize(
            self.resource_handle, content, params=self._params.serialized_params_proto
        )


def fertile_stats_variable(params, stats_config, name, container=None):
    """The handle of new statistics, a scalar of type resource. It is among the shared resources,
    and is saved."""
    return registered(
        FertileStatsVariable, "FertileStatsVariable", params, stats_config, name, container
    )

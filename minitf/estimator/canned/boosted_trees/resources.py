"""Trees and boundaries that a session keeps, and a checkpoint has: what
`tensorflow.python.ops.boosted_trees_ops` has of them."""
from minitf.core.graph import add_to_collection, control_dependencies, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import identity
from minitf.ops.boosted_trees import nodes, quantile_nodes
from minitf.ops.state import resources
from minitf.train.saveables import SaveableObject, SaveSpec


class PruningMode:
    """Whether splits that cost more than they gain are kept, not made, or undone in the end."""

    NO_PRUNING, PRE_PRUNING, POST_PRUNING = range(3)
    _map = {"none": NO_PRUNING, "pre": PRE_PRUNING, "post": POST_PRUNING}  # noqa: RUF012

    @classmethod
    def from_str(cls, mode):
        """The number of "none", "pre" or "post". ValueError for another text."""
        if mode not in cls._map:
            raise ValueError(f"pruning_mode mode must be one of: {', '.join(sorted(cls._map))}")
        return cls._map[mode]


class _Saveable(SaveableObject):
    """What a Saver keeps of a resource: tensors, which `put` puts back once the thing is there."""

    def __init__(self, handle, create, tensors, put):
        name = handle.name
        specs = [SaveSpec(tensor, "", name + suffix) for suffix, tensor in tensors]
        super().__init__(handle, specs, name)
        self._create, self._put = create, put

    def restore(self, restored_tensors, restored_shapes):
        with control_dependencies([self._create]):
            return self._put(restored_tensors)


class TreeEnsemble:
    """Trees, which begin as `serialized_proto`, a TreeEnsemble, says. They are among the shared
    resources and are saved, or, if `is_local`, among those that are local to the session."""

    def __init__(self, name, stamp_token=0, is_local=False, serialized_proto=""):
        with name_scope(name, "TreeEnsemble") as scope:
            self.resource_handle = nodes.ensemble_resource_handle_op(shared_name=scope, name=scope)
            self.initializer = nodes.create_ensemble(
                self.resource_handle, stamp_token, serialized_proto
            )
            there = nodes.is_ensemble_initialized(self.resource_handle)
            if not is_local:
                stamp, serialized = self.serialize()
                tensors = [("_stamp", stamp), ("_serialized", serialized)]
                saveable = _Saveable(self.resource_handle, self.initializer, tensors,
                                     lambda restored: self.deserialize(*restored))  # fmt: skip
                add_to_collection(GraphKeys.SAVEABLE_OBJECTS, saveable)
            resources.register_resource(
                self.resource_handle, self.initializer, there, is_shared=not is_local
            )

    def is_initialized(self):
        """Whether they are there, a bool scalar."""
        return nodes.is_ensemble_initialized(self.resource_handle)

    def get_stamp_token(self):
        """What goes up with each change, an int64 scalar."""
        return nodes.get_ensemble_states(self.resource_handle)[0]

    def get_states(self):
        """(stamp, number of trees, of finished trees, of attempted layers, [first, last) of the
        nodes that are to be split)."""
        names = ("stamp_token", "num_trees", "num_finalized_trees", "num_attempted_layers",
                 "last_layer_nodes_range")  # fmt: skip
        found = nodes.get_ensemble_states(self.resource_handle)
        return tuple(identity(tensor, name=name) for tensor, name in zip(found, names))

    def serialize(self):
        """(stamp, TreeEnsemble as a string)."""
        return nodes.serialize_ensemble(self.resource_handle)

    def deserialize(self, stamp_token, serialized_proto):
        """An Operation that makes the trees these."""
        return nodes.deserialize_ensemble(self.resource_handle, stamp_token, serialized_proto)


class QuantileAccumulator:
    """Streams of numbers that become the boundaries of buckets, with ranks that are off by
    `epsilon` at most. They are among the shared resources, and the boundaries are saved."""

    def __init__(self, epsilon, num_streams, num_quantiles, name=None, max_elements=None):
        self._eps, self._num_streams, self._num_quantiles = epsilon, num_streams, num_quantiles
        with name_scope(name, "QuantileAccumulator") as scope:
            self.resource_handle = quantile_nodes.quantile_resource_handle_op(
                shared_name=scope, name=scope
            )
            self.initializer = quantile_nodes.create_quantile_stream_resource(
                self.resource_handle, epsilon, num_streams
            )
            there = self.is_initialized()
        resources.register_resource(self.resource_handle, self.initializer, there)
        found = self.get_bucket_boundaries()
        tensors = [(f"_bucket_boundaries_{i}", each) for i, each in enumerate(found)]
        self.saveable = _Saveable(self.resource_handle, self.initializer, tensors, self._put)
        add_to_collection(GraphKeys.SAVEABLE_OBJECTS, self.saveable)

    def _put(self, boundaries):
        return quantile_nodes.quantile_resource_deserialize_op(
            self.resource_handle, *boundaries, num_streams=len(boundaries)
        )

    def is_initialized(self):
        """Whether they are there, a bool scalar."""
        return quantile_nodes.is_quantile_resource_initialized(self.resource_handle)

    def add_summaries(self, float_columns, example_weights):
        """An Operation that adds a batch: vectors, one for each stream, and their weights."""
        made = quantile_nodes.make_quantile_summaries_op(
            *float_columns, example_weights=example_weights, epsilon=self._eps,
            num_features=len(float_columns),
        )  # fmt: skip
        return quantile_nodes.quantile_add_summaries_op(
            self.resource_handle, *made, num_features=len(made)
        )

    def flush(self):
        """An Operation that makes boundaries of what came."""
        return quantile_nodes.quantile_flush(self.resource_handle, self._num_quantiles)

    def get_bucket_boundaries(self):
        """The boundaries of each stream, a list of vectors."""
        return quantile_nodes.get_bucket_boundaries(
            self.resource_handle, num_features=self._num_streams
        )

"""The ops of forests: `TraverseTreeV4`, `ProcessInputV4`, `GrowTreeV4`, ..."""
import numpy as np

from minitf.contrib.tensor_forest.kernels import serial
from minitf.contrib.tensor_forest.kernels.candidates import Gini, LeastSquares, Target
from minitf.contrib.tensor_forest.kernels.careful import Careful, is_careful
from minitf.contrib.tensor_forest.kernels.examples import Examples
from minitf.contrib.tensor_forest.kernels.params import parsed
from minitf.contrib.tensor_forest.kernels.tree import Tree
from minitf.core.dtypes import bool_, float32, int32, int64, resource, string
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.ops.state.kept import Kept


def _on_forest(type, shape, **traits):
    return op(type, shape=shape, grad=NOT_DIFFERENTIABLE, stateful=True, host=True, **traits)


def _scalar(*_, **__):
    return ()


def _vector(*_, **__):
    return (None,)


class FertileStats(Kept):
    """What a Session keeps for the statistics of a tree: those of classes, or of numbers."""

    def load(self, serialized, params):
        """Make it what a serialized FertileStats says."""
        of_classes = Careful if is_careful(params) else Gini
        self.kind = (LeastSquares if params.is_regression else of_classes)(params)
        serial.load_stats(self.kind, serialized)
        self.ready = True


# -- what is kept ---------------------------------------------------------------------------------


@_on_forest("DecisionTreeResourceHandleOp", _scalar, state=Tree)
def decision_tree_resource_handle_op(xp, state, *, container="", shared_name="") -> resource:
    """A tree."""
    return state


@_on_forest("CreateTreeVariable", _scalar)
def create_tree_variable(xp, tree_handle: resource, tree_config: string, *, params) -> None:
    """Make the tree, of a serialized one or of one leaf, unless it is there."""
    if not tree_handle.ready:
        serial.load_tree(tree_handle, tree_config.item(), parsed(params))


@_on_forest("TreeIsInitializedOp", _scalar)
def tree_is_initialized_op(xp, tree_handle: resource) -> bool_:
    """Whether the tree is there."""
    return np.asarray(tree_handle.ready)


@_on_forest("TreeSerialize", _scalar)
def tree_serialize(xp, tree_handle: resource) -> string:
    """The tree as a decision_trees.Model."""
    tree = tree_handle.there()
    with tree.lock:
        return _text(serial.tree_message(tree).SerializeToString())


@_on_forest("TreeDeserialize", _scalar)
def tree_deserialize(xp, tree_handle: resource, tree_config: string, *, params) -> None:
    """Make the tree what a checkpoint has."""
    tree = tree_handle.there()
    with tree.lock:
        serial.load_tree(tree, tree_config.item(), parsed(params))


@_on_forest("FertileStatsResourceHandleOp", _scalar, state=FertileStats)
def fertile_stats_resource_handle_op(xp, state, *, container="", shared_name="") -> resource:
    """The statistics of a tree."""
    return state


@_on_forest("CreateFertileStatsVariable", _scalar)
def create_fertile_stats_variable(
    xp, stats_handle: resource, stats_config: string, *, params
) -> None:
    """Make the statistics, of serialized ones or of none, unless they are there."""
    if not stats_handle.ready:
        stats_handle.load(stats_config.item(), parsed(params))


@_on_forest("FertileStatsIsInitializedOp", _scalar)
def fertile_stats_is_initialized_op(xp, stats_handle: resource) -> bool_:
    """Whether the statistics are there."""
    return np.asarray(stats_handle.ready)


@_on_forest("FertileStatsSerialize", _scalar)
def fertile_stats_serialize(xp, stats_handle: resource, *, params) -> string:
    """The statistics as a FertileStats."""
    stats = stats_handle.there()
    with stats.lock:
        return _text(serial.stats_message(stats.kind).SerializeToString())


@_on_forest("FertileStatsDeserialize", _scalar)
def fertile_stats_deserialize(xp, stats_handle: resource, stats_config: string, *, params) -> None:
    """Make the statistics what a checkpoint has."""
    stats = stats_handle.there()
    with stats.lock:
        stats.load(stats_config.item(), parsed(params))


def _text(content):
    found = np.empty((), object)
    found[()] = content
    return found


# -- what trees tell ------------------------------------------------------------------------------


@_on_forest("TreeSize", _scalar)
def tree_size(xp, tree_handle: resource) -> int32:
    """How many nodes the tree has."""
    return np.asarray(tree_handle.there().count, np.int32)


@_on_forest("FeatureUsageCounts", _vector)
def feature_usage_counts(xp, tree_handle: resource, *, params) -> int32:
    """How many nodes test each feature."""
    tree = tree_handle.there()
    with tree.lock:
        return tree.usage(parsed(params).num_features)


@_on_forest("TraverseTreeV4", _vector)
def traverse_tree_v4(
    xp, tree_handle: resource, input_data: float32, sparse_input_indices: int64,
    sparse_input_values: float32, sparse_input_shape: int64, *, input_spec, params
) -> int32:  # fmt: skip
    """The leaf that each example comes to."""
    tree = tree_handle.there()
    examples = Examples(input_spec, input_data, sparse_input_indices, sparse_input_values,
                        sparse_input_shape)  # fmt: skip
    with tree.lock:
        return tree.leaves_of(examples)


@_on_forest("TreePredictionsV4", lambda *_, **__: [(None, None), (None,)])
def tree_predictions_v4(
    xp, tree_handle: resource, input_data: float32, sparse_input_indices: int64,
    sparse_input_values: float32, sparse_input_shape: int64, *, input_spec, params
) -> [float32, string]:  # fmt: skip
    """The probabilities of the classes, or the values, that each example's leaf has; with
    `inference_tree_paths` serialized TreePaths."""
    tree, known = tree_handle.there(), parsed(params)
    examples = Examples(input_spec, input_data, sparse_input_indices, sparse_input_values,
                        sparse_input_shape)  # fmt: skip
    steps = [] if known.inference_tree_paths else None
    with tree.lock:
        found = tree.values[tree.leaves_of(examples, steps)]
        paths = np.empty(0, object) if steps is None else serial.paths(tree, steps)
    if not known.is_regression:
        sums = found.sum(1, keepdims=True)
        found /= np.where(sums > 0, sums, 1)
    return [found, paths]


# -- training -------------------------------------------------------------------------------------


@_on_forest("UpdateModelV4", _scalar)
def update_model_v4(
    xp, tree_handle: resource, leaf_ids: int32, input_labels: float32, input_weights: float32, *,
    params
) -> None:  # fmt: skip
    """Count the classes of a batch in its leaves. Values of leaves stay as they began."""
    tree, known = tree_handle.there(), parsed(params)
    if known.is_regression:
        return
    target = Target(input_labels, input_weights, known)
    with tree.lock:
        tree.add_counts(leaf_ids, target.classes, target.weights_of(slice(None)))


@_on_forest("ProcessInputV4", _vector)
def process_input_v4(
    xp, tree_handle: resource, stats_handle: resource, input_data: float32,
    sparse_input_indices: int64, sparse_input_values: float32, sparse_input_shape: int64,
    input_labels: float32, input_weights: float32, leaf_ids: int32, *, random_seed, input_spec,
    params
) -> int32:  # fmt: skip
    """Show a batch to the leaves that it has come to; the leaves that are ready to split."""
    known, tree, stats = parsed(params), tree_handle.there(), stats_handle.there()
    if tree.count >= known.max_nodes and not known.checkpoint_stats:
        return np.empty(0, np.int32)  # nothing splits any more, and nobody sees the statistics
    examples = Examples(input_spec, input_data, sparse_input_indices, sparse_input_values,
                        sparse_input_shape)  # fmt: skip
    target = Target(input_labels, input_weights, known)
    with stats.lock:
        return stats.kind.process(examples, target, leaf_ids, random_seed)


@_on_forest("GrowTreeV4", _scalar)
def grow_tree_v4(
    xp, tree_handle: resource, stats_handle: resource, finished_nodes: int32, *, params
) -> None:  # fmt: skip
    """Split leaves by the best of their candidates, while there are fewer than `max_nodes`."""
    known, tree, stats = parsed(params), tree_handle.there(), stats_handle.there()
    with stats.lock, tree.lock:
        for node in finished_nodes.tolist():
            if tree.count >= known.max_nodes:
                break
            stats.kind.grow(tree, node)


@_on_forest("FinalizeTree", _scalar)
def finalize_tree(xp, tree_handle: resource, stats_handle: resource, *, params) -> None:
    """Nothing for values. NotImplementedError for classes: TensorFlow 1.15 has it disabled."""
    if not parsed(params).is_regression:
        raise NotImplementedError("FinalizeTree is disabled in TensorFlow 1.15: predictions are "
                                  "divided by the sums of the counts without it")  # fmt: skip

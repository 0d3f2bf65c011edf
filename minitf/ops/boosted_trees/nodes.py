"""The ops of boosted trees: `BoostedTreesPredict`, `BoostedTreesUpdateEnsemble`, ..."""
import numpy as np

from minitf.core.dtypes import bool_, float32, int32, int64, resource, string
from minitf.core.schema import Repeat, TypeAttr
from minitf.ops.boosted_trees import splits
from minitf.ops.boosted_trees.ensemble import Ensemble
from minitf.ops.boosted_trees.quantile_nodes import effect, on_host

Lists = TypeAttr("_lists", each=True)  # several lists, one after the other
TOGETHER = 1 << 22  # buckets of all features that are put into one array


# -- what is kept ---------------------------------------------------------------------------------


@effect("BoostedTreesEnsembleResourceHandleOp", state=Ensemble)
def ensemble_resource_handle_op(xp, state, *, container="", shared_name="") -> resource:
    """Trees."""
    return state


@effect("BoostedTreesCreateEnsemble")
def create_ensemble(
    xp, tree_ensemble_handle: resource, stamp_token: int64, tree_ensemble_serialized: string
) -> None:
    """Make the trees, of a serialized TreeEnsemble or of none, unless they are there."""
    if not tree_ensemble_handle.ready:
        tree_ensemble_handle.load(tree_ensemble_serialized.item(), stamp_token)


@effect("IsBoostedTreesEnsembleInitialized")
def is_ensemble_initialized(xp, tree_ensemble_handle: resource) -> bool_:
    """Whether they are there."""
    return np.asarray(tree_ensemble_handle.ready)


@effect("BoostedTreesDeserializeEnsemble")
def deserialize_ensemble(
    xp, tree_ensemble_handle: resource, stamp_token: int64, tree_ensemble_serialized: string
) -> None:
    """Make the trees what a checkpoint has."""
    trees = tree_ensemble_handle.there()
    with trees.lock:
        trees.load(tree_ensemble_serialized.item(), stamp_token)


@effect("BoostedTreesSerializeEnsemble", lambda *_: [(), ()])
def serialize_ensemble(xp, tree_ensemble_handle: resource) -> [int64, string]:
    """The stamp, and the trees as a TreeEnsemble."""
    trees = tree_ensemble_handle.there()
    content = np.empty((), object)
    with trees.lock:
        content[()] = trees.serialized()
        return [np.asarray(trees.stamp, np.int64), content]


@effect("BoostedTreesGetEnsembleStates", lambda *_: [(), (), (), (), (2,)])
def get_ensemble_states(xp, tree_ensemble_handle: resource) -> [int64, int32, int32, int32, int32]:
    """The stamp, the number of trees, of those that are done, of the layers that were tried, and
    which nodes are to be split next."""
    trees = tree_ensemble_handle.there()
    with trees.lock:
        counts = len(trees.trees), trees.finalized(), trees.layers_attempted
        nodes = trees.first_node, max(1, trees.last_node)
        return [np.asarray(trees.stamp, np.int64), *(np.asarray(n, np.int32) for n in counts),
                np.array(nodes, np.int32)]  # fmt: skip


# -- what trees say -------------------------------------------------------------------------------


def _batch(buckets):
    """(the features, how many examples they are of), as one array where it is small."""
    count = len(buckets[0])
    if count * len(buckets) <= TOGETHER:
        return np.stack(buckets), count
    return list(buckets), count


def _check_one(logits_dimension):
    if logits_dimension != 1:
        raise ValueError("Currently only one dimensional outputs are supported.")


def _column(*given, logits_dimension, **_):
    _check_one(logits_dimension)
    known = [each[0] for each in given if each]
    return known[0] if known else None


def _logits_shape(handle, *buckets, logits_dimension, **_):
    return (_column(*buckets, logits_dimension=logits_dimension), 1)


@effect("BoostedTreesPredict", _logits_shape)
def predict_op(
    xp, tree_ensemble_handle: resource, *bucketized_features: int32, num_bucketized_features,
    logits_dimension
) -> float32:  # fmt: skip
    """The logits [examples, 1]: the sums of what the trees say."""
    trees = tree_ensemble_handle.there()
    with trees.lock:
        return trees.logits(*_batch(bucketized_features))[:, None]


def _training_shapes(handle, tree_ids, node_ids, *buckets, logits_dimension, **_):
    rows = _column(*buckets, logits_dimension=logits_dimension)
    return [(rows, 1), (rows,), (rows,)]


@effect("BoostedTreesTrainingPredict", _training_shapes)
def training_predict_op(
    xp, tree_ensemble_handle: resource, cached_tree_ids: int32, cached_node_ids: int32,
    *bucketized_features: int32, num_bucketized_features, logits_dimension
) -> [float32, int32, int32]:  # fmt: skip
    """(what the trees say beyond what they said at the cached nodes, trees, nodes): the last two
    are to be cached. A node below 0 is none."""
    trees = tree_ensemble_handle.there()
    with trees.lock:
        buckets, _ = _batch(bucketized_features)
        logits, at, nodes = trees.further(buckets, cached_tree_ids.copy(), cached_node_ids)
        return [logits[:, None], at, nodes]


def _texts_shape(handle, *buckets, logits_dimension, **_):
    return (_column(*buckets, logits_dimension=logits_dimension),)


@effect("BoostedTreesExampleDebugOutputs", _texts_shape)
def example_debug_outputs_op(
    xp, tree_ensemble_handle: resource, *bucketized_features: int32, num_bucketized_features,
    logits_dimension
) -> string:  # fmt: skip
    """A serialized DebugOutput for each example."""
    trees = tree_ensemble_handle.there()
    with trees.lock:
        if not trees.trees:
            raise ValueError(f"'{trees.name}' has no tree yet: it must be trained first")
        found = trees.paths(list(bucketized_features), len(bucketized_features[0]))
    texts = np.empty(len(found), object)
    texts[:] = found
    return texts


# -- training -------------------------------------------------------------------------------------


def _stats_shape(nodes, gradients, hessians, *features, max_splits, num_buckets, num_features):
    return (num_features, max_splits, num_buckets, 2)


@on_host("BoostedTreesMakeStatsSummary", _stats_shape)
def make_stats_summary_op(
    xp, node_ids: int32, gradients: float32, hessians: float32,
    *bucketized_features_list: int32, max_splits, num_buckets, num_features
) -> float32:  # fmt: skip
    """The sums of gradients and hessians in each bucket of each feature, for each node."""
    return splits.summaries(node_ids, gradients.reshape(-1), hessians.reshape(-1),
                            bucketized_features_list, max_splits, num_buckets)  # fmt: skip


def _gain_shapes(*_, num_features, **__):
    return [(None,)] * (3 * num_features) + [(None, 1)] * (2 * num_features)


@on_host("BoostedTreesCalculateBestGainsPerFeature", _gain_shapes)
def calculate_best_gains_per_feature_op(
    xp, node_id_range: int32, *stats_summary_list: float32, l1: float32, l2: float32,
    tree_complexity: float32, min_node_weight: float32, max_splits, num_features
) -> [Repeat(int32, "num_features"), Repeat(float32, "num_features"),
      Repeat(int32, "num_features"), Repeat(float32, "num_features"),
      Repeat(float32, "num_features")]:  # fmt: skip
    """Lists with an element for each feature: nodes, gains of their best splits, thresholds, what
    leaves on the left and on the right would add."""
    first, last = node_id_range.tolist()
    found = splits.best_gains(first, last, stats_summary_list, l1, l2, tree_complexity,
                              min_node_weight)  # fmt: skip
    return [each for several in zip(*found) for each in several]


@effect("BoostedTreesUpdateEnsemble")
def update_ensemble_op(
    xp, tree_ensemble_handle: resource, feature_ids: int32, *candidates: Lists, max_depth: int32,
    learning_rate: float32, pruning_mode, num_features
) -> None:  # fmt: skip
    """Split nodes by the best of the candidates, lists one after the other: nodes, gains,
    thresholds, what leaves on the left and on the right add."""
    lists = [candidates[start : start + num_features]
             for start in range(0, len(candidates), max(num_features, 1))]  # fmt: skip
    trees = tree_ensemble_handle.there()
    with trees.lock:
        best = splits.best_per_node(feature_ids, *lists)
        splits.grow(trees, best, int(max_depth), learning_rate, pruning_mode)


@effect("BoostedTreesCenterBias")
def center_bias(
    xp, tree_ensemble_handle: resource, mean_gradients: float32, mean_hessians: float32,
    l1: float32, l2: float32
) -> bool_:  # fmt: skip
    """Move the root of the first tree to what labels are on average; whether to go on with that."""
    trees = tree_ensemble_handle.there()
    with trees.lock:
        go_on = splits.center_bias(trees, mean_gradients.reshape(-1)[0],
                                   mean_hessians.reshape(-1)[0], l1, l2)  # fmt: skip
    return np.asarray(go_on)

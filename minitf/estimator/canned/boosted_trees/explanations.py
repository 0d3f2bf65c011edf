"""Which features trees go by, and how much each moves a prediction."""
from collections import OrderedDict

import numpy as np

from minitf.core.graph import name_scope
from minitf.core.proto import boosted_trees as messages
from minitf.estimator.canned.boosted_trees.model import TreesAndBuckets
from minitf.estimator.mode_keys import ModeKeys
from minitf.ops.boosted_trees import nodes
from minitf.ops.control_flow.control import no_op

DEBUG_KEY = "_serialized_debug_outputs_proto"


def importances(serialized, names, normalize):
    """{column: what its splits have gained}, greatest first, of a serialized TreeEnsemble.

    AssertionError where they are to be parts of the whole, and there is no such whole.
    """
    ensemble = messages.TreeEnsemble.FromString(serialized)
    gains = np.zeros((len(ensemble.trees), len(names)))
    for tree, row in zip(ensemble.trees, gains):
        for node in tree.nodes:
            if node.WhichOneof("node") == "bucketized_split":
                row[node.bucketized_split.feature_id] += node.metadata.gain
    weights = np.array(ensemble.tree_weights).reshape(-1, 1)
    found = np.sum(gains * weights, axis=0)
    if normalize:
        if not np.all(found >= 0):
            raise AssertionError("feature_importances must be non-negative.")
        whole = np.sum(found)
        if not whole > 0:
            raise AssertionError("Trees are all empty or contain only a root node.")
        found /= whole
    return by_column(names, found)


def by_column(names, values):
    """{name: sum of the values}, those of the greatest size first."""
    sums = {}
    for name, value in zip(names, values):
        sums[name] = sums.get(name, 0) + value
    return OrderedDict(sorted(sums.items(), key=lambda pair: abs(pair[1]), reverse=True))


def model_fn(features, head, feature_columns, epsilon, name="boosted_trees"):
    """The EstimatorSpec of predictions with a serialized DebugOutput for each example."""
    mode = ModeKeys.PREDICT
    with name_scope(name) as scope:
        kept = TreesAndBuckets(scope, features, feature_columns, epsilon)
        logits = kept.logits(head.logits_dimension)
        spec = head.create_estimator_spec(features, mode, logits, None,
                                          train_op_fn=lambda loss: no_op())  # fmt: skip
        spec.predictions[DEBUG_KEY] = nodes.example_debug_outputs_op(
            kept.ensemble.resource_handle, *kept.buckets,
            num_bucketized_features=len(kept.buckets), logits_dimension=head.logits_dimension,
        )  # fmt: skip
        return spec


def explained(serialized, names, classification):
    """(bias, {column: how much it moves the prediction}) of a serialized DebugOutput."""
    found = messages.DebugOutput.FromString(serialized)
    said = np.array(found.logits_path)
    if classification:
        said = 1 / (1 + np.exp(-said))
    moved = np.bincount(np.array(found.feature_ids, np.int64), weights=said[1:] - said[:-1],
                        minlength=len(names))  # fmt: skip
    return said[0], by_column(names, moved)

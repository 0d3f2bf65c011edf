"""The rows of tests/cases.py for the ops of random forests: `play(run)` gives (got, expected)."""
import numpy as np
from cases import raw, scene

import minitf as tf
import minitf.contrib.tensor_forest as forests

POINTS, CLASSES = np.float32([[0.5], [0.2], [0.9], [0.1]]), [1, 0, 1, 0]


def one_tree(**options):
    params = forests.tensor_forest.ForestHParams(
        num_classes=2, num_features=1, num_trees=1, num_splits_to_consider=1, split_after_samples=3,
        base_random_seed=1, **options,
    ).fill()  # fmt: skip
    return forests.tensor_forest.RandomForestGraphs(params)


def made(run):
    run([each.create for each in tf.get_collection(tf.GraphKeys.RESOURCES)])


def grown(run):
    """The first point is the candidate, the others are counted; then the root splits at 0.5."""
    forest = one_tree()
    train = forest.training_graph(POINTS, CLASSES)
    asked, _, _ = forest.inference_graph(np.float32([[0.3], [0.5], [0.7]]))
    size, used = forest.average_size(), forest.feature_importances()
    there = [each.is_initialized for each in tf.get_collection(tf.GraphKeys.RESOURCES)]
    before = run(there)
    made(run)
    run(train)
    return [(before, [False, False]), (run(there), [True, True]), (run(size), 3), (run(used), [1]),
            (run(asked), [[1, 0], [1, 0], [0, 1]])]  # fmt: skip


for _op in ("DecisionTreeResourceHandleOp", "CreateTreeVariable", "TreeIsInitializedOp", "TreeSize",
            "FeatureUsageCounts", "TraverseTreeV4", "TreePredictionsV4", "UpdateModelV4",
            "FertileStatsResourceHandleOp", "CreateFertileStatsVariable",
            "FertileStatsIsInitializedOp", "ProcessInputV4", "GrowTreeV4"):  # fmt: skip
    scene(_op)(grown)


def kept(run):
    """What is serialized can be put back: the tree is what it was, and so are its statistics."""
    forest = one_tree(checkpoint_stats=True)
    known = forest.params.serialized_params_proto
    train = forest.training_graph(POINTS, CLASSES)
    asked, _, _ = forest.inference_graph(POINTS)
    tree, stats = forest.get_all_resource_handles()
    made(run)
    run(train)
    texts = raw("TreeSerialize")(tree), raw("FertileStatsSerialize")(stats, params=known)
    old, first = run(texts), run(asked)
    run(train)
    grown_on = run(forest.average_size())
    run([raw("TreeDeserialize")(tree, old[0], params=known),
         raw("FertileStatsDeserialize")(stats, old[1], params=known)])  # fmt: skip
    again = run(texts)
    return [(run(asked), first), (grown_on >= 3, True), (list(again) == list(old), True)]


for _op in ("TreeSerialize", "TreeDeserialize", "FertileStatsSerialize", "FertileStatsDeserialize"):
    scene(_op)(kept)


@scene("FinalizeTree")
def finalized(run):
    forest = one_tree(regression=True)
    tree, stats = forest.get_all_resource_handles()
    made(run)
    run(raw("FinalizeTree")(tree, stats, params=forest.params.serialized_params_proto))
    return [(run(forest.average_size()), 1)]


@scene("ReinterpretStringToFloat")
def hashed(run):
    """Of which hash is left open: equal strings are equal numbers."""
    found = run(raw("ReinterpretStringToFloat")(["a", "b", "a"]))
    return [(found[0], found[2]), (found[0] == found[1], False)]

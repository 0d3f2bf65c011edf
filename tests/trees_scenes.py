"""The rows of tests/cases.py for the ops of boosted trees: `play(run)` gives (got, expected)."""
import numpy as np
from cases import raw, scene

import minitf as tf
from minitf.core.proto.boosted_trees import DebugOutput, TreeEnsemble
from minitf.estimator.canned.boosted_trees import QuantileAccumulator
from minitf.estimator.canned.boosted_trees import TreeEnsemble as Trees

INTS = np.int32


def made(run):
    run([each.create for each in tf.get_collection(tf.GraphKeys.RESOURCES)])


def column(*values):
    return np.float32(values)[:, None]


def grown(run):
    """Two features, four examples: the first feature tells gradients apart. By hand: the weight of
    a leaf is -g / h, the gain g * g / h, on both sides, less what the whole has."""
    trees = Trees("trees")
    handle = trees.resource_handle
    features = INTS([0, 0, 1, 1]), INTS([0, 1, 0, 1])
    gradients, hessians = column(-1, -3, 2, 2), column(1, 1, 1, 1)
    stats = raw("BoostedTreesMakeStatsSummary")(
        np.zeros(4, INTS), gradients, hessians, *features, max_splits=1, num_buckets=2,
        num_features=2,
    )  # fmt: skip
    best = raw("BoostedTreesCalculateBestGainsPerFeature")(
        INTS([0, 1]), *tf.unstack(stats), l1=0.0, l2=0.0, tree_complexity=0.0, min_node_weight=0.0,
        max_splits=1, num_features=2,
    )  # fmt: skip
    update = raw("BoostedTreesUpdateEnsemble")(
        handle, INTS([0, 1]), *best, max_depth=1, learning_rate=0.5, pruning_mode=0,
        num_features=2,
    )  # fmt: skip
    asked = raw("BoostedTreesPredict")(handle, INTS([0, 1]), INTS([0, 0]),
                                       num_bucketized_features=2, logits_dimension=1)  # fmt: skip
    states = trees.get_states()
    there = raw("IsBoostedTreesEnsembleInitialized")(handle)
    before = run(there)
    made(run)
    summary, found = run([stats, best])
    run(update)
    stamp, serialized = run(trees.serialize())
    first = TreeEnsemble.FromString(serialized).trees[0].nodes[0].bucketized_split
    want = [[-4, 2], [4, 2]], [[1, 2], [-1, 2]]
    return [
        (before, False), (run(there), True), (stamp, 1),
        (summary[:, 0], want),
        (found[2][0] - found[3][0], 15.0), (found[6][0], 2.0), (found[8][0], -2.0),
        (run(asked), [[1.0], [-1.0]]), (first.threshold, 0), (first.right_id, 2),
        (np.array([int(np.sum(each)) for each in run(states)]), [1, 2, 1, 1, 1]),
    ]  # fmt: skip


for _op in ("BoostedTreesEnsembleResourceHandleOp", "BoostedTreesCreateEnsemble",
            "IsBoostedTreesEnsembleInitialized", "BoostedTreesGetEnsembleStates",
            "BoostedTreesSerializeEnsemble", "BoostedTreesMakeStatsSummary",
            "BoostedTreesCalculateBestGainsPerFeature", "BoostedTreesUpdateEnsemble",
            "BoostedTreesPredict"):  # fmt: skip
    scene(_op)(grown)


def two_trees():
    """A bias of 0.25, which the first tree's split replaces; then a tree of one leaf."""
    message = TreeEnsemble(tree_weights=[1.0, 0.5])
    nodes = message.trees.add().nodes
    split = nodes.add()
    split.bucketized_split.feature_id, split.bucketized_split.threshold = 1, 2
    split.bucketized_split.left_id, split.bucketized_split.right_id = 1, 2
    split.metadata.gain = 3.0
    split.metadata.original_leaf.scalar = 0.25
    nodes.add().leaf.scalar = -1.0
    nodes.add().leaf.scalar = 4.0
    message.trees.add().nodes.add().leaf.scalar = 8.0
    for finished in (True, False):
        message.tree_metadata.add(num_layers_grown=int(finished), is_finalized=finished)
    return message.SerializeToString()


def asked(run):
    """What is cached is not said again; paths tell the logits on the way."""
    trees = Trees("trees", serialized_proto=two_trees())
    features = INTS([9, 9, 9]), INTS([2, 3, 3])
    of = {"num_bucketized_features": 2, "logits_dimension": 1}
    further = raw("BoostedTreesTrainingPredict")(
        trees.resource_handle, INTS([0, 0, 1]), INTS([-1, 0, 0]), *features, **of
    )
    paths = raw("BoostedTreesExampleDebugOutputs")(trees.resource_handle, *features, **of)
    made(run)
    logits, at, nodes = run(further)
    told = DebugOutput.FromString(run(paths)[1])
    return [(logits, [[3.0], [7.75], [0.0]]), (at, [1, 1, 1]), (nodes, [0, 0, 0]),
            (told.feature_ids, [1]), (told.logits_path, [0.25, 4.0])]  # fmt: skip


for _op in ("BoostedTreesTrainingPredict", "BoostedTreesExampleDebugOutputs"):
    scene(_op)(asked)


@scene("BoostedTreesDeserializeEnsemble")
def loaded(run):
    trees = Trees("trees")
    made(run)
    run(trees.deserialize(7, two_trees()))
    stamp, serialized = run(trees.serialize())
    return [(stamp, 7), (serialized == two_trees(), True)]


@scene("BoostedTreesCenterBias")
def centered(run):
    """Steps of -g / h until they are small beside the bias."""
    trees = Trees("trees")
    gradient = tf.placeholder(tf.float32, [1, 1])
    go_on = raw("BoostedTreesCenterBias")(trees.resource_handle, gradient, [[2.0]], 0.0, 0.0)
    said = raw("BoostedTreesPredict")(trees.resource_handle, INTS([0]), num_bucketized_features=1,
                                      logits_dimension=1)  # fmt: skip
    made(run)
    steps = [run(go_on, {gradient: [[value]]}) for value in (-8.0, -1.0, 0.01)]
    return [(steps, [True, True, False]), (run(said), [[4.495]])]


def quantiles(run):
    """Boundaries are among the values; a value is in the bucket of the first that is not less."""
    kept = QuantileAccumulator(0.25, 1, 4, name="quantiles")
    handle, values = kept.resource_handle, np.float32([1, 2, 3, 4, 5, 6, 7, 8, 8])
    add = kept.add_summaries([values], np.float32([1]))
    exact = raw("BoostedTreesQuantileStreamResourceFlush")(
        handle, np.int64(3), generate_quantiles=True
    )
    bounds = kept.get_bucket_boundaries()
    buckets = raw("BoostedTreesBucketize")(np.float32([0, 1, 4.5, 99]), *bounds, num_features=1)
    there = kept.is_initialized()
    before = run(there)
    made(run)
    empty = run(bounds)[0].size
    run(add)
    run(exact)
    return [(before, False), (run(there), True), (empty, 0), (run(bounds)[0], [1, 5, 8]),
            (run(buckets)[0], [0, 0, 1, 2])]  # fmt: skip


for _op in ("BoostedTreesQuantileStreamResourceHandleOp",
            "BoostedTreesCreateQuantileStreamResource",
            "IsBoostedTreesQuantileStreamResourceInitialized", "BoostedTreesMakeQuantileSummaries",
            "BoostedTreesQuantileStreamResourceAddSummaries",
            "BoostedTreesQuantileStreamResourceFlush",
            "BoostedTreesQuantileStreamResourceGetBucketBoundaries",
            "BoostedTreesBucketize"):  # fmt: skip
    scene(_op)(quantiles)


@scene("BoostedTreesFlushQuantileSummaries")
def flushed(run):
    """Weights of equal values are added; ranks are from what is before to what is up to a value."""
    kept = QuantileAccumulator(0.1, 1, 4, name="quantiles")
    add = kept.add_summaries([np.float32([2, 1, 2])], np.float32([1, 2, 3]))
    flush = raw("BoostedTreesFlushQuantileSummaries")(kept.resource_handle, num_features=1)
    made(run)
    run(add)
    first, again = run(flush), run(flush)
    return [(first[0], [[1, 2, 0, 2], [2, 4, 2, 6]]), (again[0].size, 0)]


@scene("BoostedTreesQuantileStreamResourceDeserialize")
def restored(run):
    kept = QuantileAccumulator(0.1, 2, 4, name="quantiles")
    put = kept.saveable.restore([np.float32([1, 2]), np.float32([])], None)
    made(run)
    run(put)
    first, second = run(kept.get_bucket_boundaries())
    return [(first, [1, 2]), (second.size, 0)]

"""The protocol messages of boosted trees: `tensorflow.core.kernels.boosted_trees`."""
from __future__ import annotations

from minitf.core.proto.message import Message


class Vector(Message):
    PROTO = "repeated float value = 1;"


class SparseVector(Message):
    PROTO = "repeated int32 index = 1; repeated float value = 2;"


class Leaf(Message):
    """What a leaf adds to the logits."""

    PROTO = """
        oneof leaf {
            Vector vector = 1;
            SparseVector sparse_vector = 2;
        }
        float scalar = 3;
    """


class NodeMetadata(Message):
    """What a split has gained, and the leaf that the node was before."""

    PROTO = "float gain = 1; Leaf original_leaf = 2;"


class BucketizedSplit(Message):
    """Left where the bucket of the feature is at most the threshold."""

    PROTO = """
        int32 feature_id = 1;
        int32 threshold = 2;
        int32 left_id = 3;
        int32 right_id = 4;
        int32 dimension_id = 5;
        int32 default_direction = 6;
    """


class CategoricalSplit(Message):
    PROTO = """
        int32 feature_id = 1;
        int32 value = 2;
        int32 left_id = 3;
        int32 right_id = 4;
        int32 dimension_id = 5;
    """


class DenseSplit(Message):
    PROTO = "int32 feature_id = 1; float threshold = 2; int32 left_id = 3; int32 right_id = 4;"


class Node(Message):
    PROTO = """
        oneof node {
            Leaf leaf = 1;
            BucketizedSplit bucketized_split = 2;
            CategoricalSplit categorical_split = 3;
            DenseSplit dense_split = 4;
        }
        NodeMetadata metadata = 777;
    """


class Tree(Message):
    PROTO = "repeated Node nodes = 1;"


class TreeMetadata(Message):
    """How far a tree is; where its nodes went to when it was pruned."""

    PROTO = """
        int32 num_layers_grown = 2;
        bool is_finalized = 3;
        repeated TreeMetadata.PostPruneNodeUpdate post_pruned_nodes_meta = 4;
    """

    class PostPruneNodeUpdate(Message):
        PROTO = "int32 new_node_id = 1; repeated float logit_change = 2;"


class GrowingMetadata(Message):
    PROTO = """
        int64 num_trees_attempted = 1;
        int64 num_layers_attempted = 2;
        int32 last_layer_node_start = 3;
        int32 last_layer_node_end = 4;
    """


class TreeEnsemble(Message):
    PROTO = """
        repeated Tree trees = 1;
        repeated float tree_weights = 2;
        repeated TreeMetadata tree_metadata = 3;
        GrowingMetadata growing_metadata = 4;
    """


class DebugOutput(Message):
    """The features on an example's way through all trees, and the logits before and behind each."""

    PROTO = "repeated int32 feature_ids = 1; repeated float logits_path = 2;"

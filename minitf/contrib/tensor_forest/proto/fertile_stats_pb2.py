"""`tensorflow.contrib.tensor_forest.proto.fertile_stats_pb2`: what leaves have seen that may split,
and the way of an example through a tree."""
from __future__ import annotations

from minitf.contrib.tensor_forest.proto import tree_model  # noqa: F401  fields are of its messages
from minitf.core.proto.message import Message


class GiniStats(Message):
    PROTO = "float square = 2;"


class LeafStat(Message):
    PROTO = """
        float weight_sum = 3;
        oneof leaf_stat {
            LeafStat.GiniImpurityClassificationStats classification = 1;
            LeafStat.LeastSquaresRegressionStats regression = 2;
        }
    """

    class GiniImpurityClassificationStats(Message):
        PROTO = """
            oneof counts {
                decision_trees.Vector dense_counts = 1;
                decision_trees.SparseVector sparse_counts = 2;
            }
            GiniStats gini = 3;
        """

    class LeastSquaresRegressionStats(Message):
        PROTO = """
            decision_trees.Vector mean_output = 1;
            decision_trees.Vector mean_output_squares = 2;
        """


class SplitCandidate(Message):
    PROTO = """
        decision_trees.BinaryNode split = 1;
        LeafStat left_stats = 4;
        LeafStat right_stats = 5;
        string unique_id = 6;
    """


class FertileSlot(Message):
    """What one leaf has seen; `candidates` are the splits that it may make."""

    PROTO = """
        repeated SplitCandidate candidates = 1;
        LeafStat leaf_stats = 4;
        int32 node_id = 5;
        LeafStat post_init_leaf_stats = 6;
        int32 depth = 7;
    """


class FertileStats(Message):
    PROTO = "repeated FertileSlot node_to_slot = 1;"


class TreePath(Message):
    """The nodes that an example came through, the leaf last."""

    PROTO = "repeated decision_trees.TreeNode nodes_visited = 1;"

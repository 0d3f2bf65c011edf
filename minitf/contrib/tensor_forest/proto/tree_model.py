"""The protocol messages of a tree, `tensorflow.contrib.decision_trees.proto`."""
from __future__ import annotations

from minitf.core.proto.message import Message


class Int32Value(Message):
    PROTO = "int32 value = 1;"


class StringValue(Message):
    PROTO = "string value = 1;"


class decision_trees:
    """TensorFlow's package of this name: others have a Leaf and a Vector, too."""

    class Value(Message):
        PROTO = """
            oneof value {
                float float_value = 1;
                double double_value = 2;
                int32 int32_value = 3;
                int64 int64_value = 4;
                Any custom_value = 5;
            }
        """

    class Vector(Message):
        PROTO = "repeated decision_trees.Value value = 1;"

    class SparseVector(Message):
        PROTO = "map<int64, decision_trees.Value> sparse_value = 1;"

    class Leaf(Message):
        PROTO = """
            oneof leaf {
                decision_trees.Vector vector = 1;
                decision_trees.SparseVector sparse_vector = 2;
            }
            repeated Any additional_data = 3;
        """

    class FeatureId(Message):
        PROTO = "StringValue id = 1; repeated Any additional_data = 2;"

    class InequalityTest(Message):
        """Left where the feature is at most, or less than, a threshold."""

        PROTO = """
            enum Type {
                LESS_OR_EQUAL = 0;
                LESS_THAN = 1;
                GREATER_OR_EQUAL = 2;
                GREATER_THAN = 3;
            }
            decision_trees.FeatureId feature_id = 1;
            Type type = 2;
            decision_trees.Value threshold = 3;
        """

    class MatchingValuesTest(Message):
        """Left where the feature is one of these values."""

        PROTO = """
            decision_trees.FeatureId feature_id = 1;
            repeated decision_trees.Value value = 2;
            bool inverse = 3;
        """

    class BinaryNode(Message):
        PROTO = """
            enum Direction {
                LEFT = 0;
                RIGHT = 1;
            }
            Int32Value left_child_id = 1;
            Int32Value right_child_id = 2;
            Direction default_direction = 3;
            oneof left_child_test {
                decision_trees.InequalityTest inequality_left_child_test = 4;
                Any custom_left_child_test = 5;
            }
        """

    class TreeNode(Message):
        PROTO = """
            Int32Value node_id = 1;
            Int32Value depth = 2;
            Int32Value subtree_size = 3;
            oneof node_type {
                decision_trees.BinaryNode binary_node = 4;
                decision_trees.Leaf leaf = 5;
                Any custom_node_type = 6;
            }
            repeated Any additional_data = 7;
        """

    class DecisionTree(Message):
        PROTO = "repeated decision_trees.TreeNode nodes = 1; repeated Any additional_data = 2;"

    class Model(Message):
        PROTO = """
            oneof model {
                decision_trees.DecisionTree decision_tree = 1;
                Any custom_model = 3;
            }
            repeated Any additional_data = 4;
        """

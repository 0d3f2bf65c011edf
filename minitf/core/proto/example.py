"""The protocol messages of training data: `tf.train.Example` and its parts."""
from __future__ import annotations

from minitf.core.proto.message import Message


class BytesList(Message):
    PROTO = "repeated bytes value = 1;"


class FloatList(Message):
    PROTO = "repeated float value = 1;"


class Int64List(Message):
    PROTO = "repeated int64 value = 1;"


class Feature(Message):
    """A list of values of one type."""

    PROTO = """
        oneof kind {
            BytesList bytes_list = 1;
            FloatList float_list = 2;
            Int64List int64_list = 3;
        }
    """


class Features(Message):
    PROTO = "map<string, Feature> feature = 1;"


class FeatureList(Message):
    PROTO = "repeated Feature feature = 1;"


class FeatureLists(Message):
    PROTO = "map<string, FeatureList> feature_list = 1;"


class Example(Message):
    """Features by name."""

    PROTO = "Features features = 1;"


class SequenceExample(Message):
    """Features of the whole, `context`, and features of each step, `feature_lists`."""

    PROTO = "Features context = 1; FeatureLists feature_lists = 2;"

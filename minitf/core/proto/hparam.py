"""The messages of `tf.contrib.training.HParams`."""
from __future__ import annotations

from minitf.core.proto.message import Message


class HParamDef(Message):
    """Hyperparameters by name."""

    PROTO = "map<string, HParamDef.HParamType> hparam = 1;"

    class BytesList(Message):
        PROTO = "repeated bytes value = 1;"

    class FloatList(Message):
        PROTO = "repeated float value = 1;"

    class Int64List(Message):
        PROTO = "repeated int64 value = 1;"

    class BoolList(Message):
        PROTO = "repeated bool value = 1;"

    class HParamType(Message):
        """One value, or a list of them, of one type."""

        PROTO = """
            oneof kind {
                int64 int64_value = 1;
                float float_value = 2;
                bytes bytes_value = 3;
                bool bool_value = 7;
                HParamDef.Int64List int64_list = 4;
                HParamDef.FloatList float_list = 5;
                HParamDef.BytesList bytes_list = 6;
                HParamDef.BoolList bool_list = 8;
            }
        """

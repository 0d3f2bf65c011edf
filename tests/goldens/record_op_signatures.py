"""Records the signatures of the ops of TensorFlow 1.15.5 into minitf/ops_of_1_15.txt.

As record.py, under Python 3.7, from the root of the repository:
    python tests/goldens/record_op_signatures.py

One op a line: its name, inputs, outputs and attributes, with tabs between. An input or output is
`name:type`, the type a type attribute or fixed; `N*T` are N tensors, `[Ts]` one for each type that
the attribute lists, `&T` is a reference. An attribute is `name:kind`, or `name:kind=default`.
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

HERE = os.path.dirname(os.path.abspath(__file__))
SIGNATURES = os.path.join(HERE, "..", "..", "minitf", "ops_of_1_15.txt")
LISTS = {"list(string)": "s", "list(int)": "i", "list(float)": "f", "list(bool)": "b",
         "list(type)": "type", "list(shape)": "shape"}  # fmt: skip


def argument(arg, name_of):
    kind = arg.type_attr or (name_of(arg.type) if arg.type else "")
    if arg.type_list_attr:
        kind = "[" + arg.type_list_attr + "]"
    elif arg.number_attr:
        kind = arg.number_attr + "*" + kind
    return arg.name + ":" + ("&" if arg.is_ref else "") + kind


def attribute(attr, name_of):
    text = attr.name + ":" + attr.type
    if not attr.HasField("default_value"):
        return text
    value = default(attr.type, attr.default_value, name_of)
    if value is TENSOR:
        return text
    return text + "=" + json.dumps(value, separators=(",", ":")).replace(" ", "\\u0020")


TENSOR = object()


def default(kind, value, name_of):
    """The default as JSON: types by name, a shape as a list of sizes, null when of any rank."""
    if kind in LISTS:
        found = getattr(value.list, LISTS[kind])
        return [one(kind[5:-1], each, name_of) for each in found]
    fields = {"string": "s", "int": "i", "float": "f", "bool": "b", "type": "type",
              "shape": "shape"}  # fmt: skip
    return one(kind, getattr(value, fields[kind]), name_of) if kind in fields else TENSOR


def one(kind, value, name_of):
    if kind == "type":
        return name_of(value)
    if kind == "shape":
        return None if value.unknown_rank else [dim.size for dim in value.dim]
    if kind == "float":
        return float(str(round(value, 7)))
    return value.decode() if kind == "string" else value


def main():
    import tensorflow as tf
    from tensorflow.core.framework.op_def_pb2 import OpList
    from tensorflow.python import pywrap_tensorflow

    def name_of(enum):
        return tf.as_dtype(enum).name

    every = OpList()
    every.ParseFromString(pywrap_tensorflow.TF_GetBuffer(pywrap_tensorflow.TF_GetAllOpList()))
    lines = []
    for op in sorted(every.op, key=lambda op: op.name):
        parts = [
            " ".join(argument(arg, name_of) for arg in op.input_arg),
            " ".join(argument(arg, name_of) for arg in op.output_arg),
            " ".join(attribute(attr, name_of) for attr in op.attr),
        ]
        lines.append("\t".join([op.name + "!" * op.is_stateful] + parts))
    with open(SIGNATURES, "w") as out:
        out.write("\n".join(lines) + "\n")
    print("recorded", len(lines), "ops")


if __name__ == "__main__":
    main()

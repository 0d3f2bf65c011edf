"""Records the attributes of the ops of TensorFlow 1.15.5 into op_attrs.json, and whether those that
are types may be bfloat16 into op_bfloat16.json.

From the root of the repository, under TensorFlow 1.15.5 (see record.py):
    python tests/goldens/record_op_attrs.py
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from goldens.record import HERE, write


def main():
    from tensorflow.core.framework.op_def_pb2 import OpList
    from tensorflow.core.framework.types_pb2 import DT_BFLOAT16
    from tensorflow.python import pywrap_tensorflow

    every = OpList()
    every.ParseFromString(pywrap_tensorflow.TF_GetBuffer(pywrap_tensorflow.TF_GetAllOpList()))
    attrs = {op.name: sorted(attr.name for attr in op.attr) for op in every.op}
    write(attrs, os.path.join(HERE, "op_attrs.json"))
    half = {op.name: {attr.name: DT_BFLOAT16 in attr.allowed_values.list.type for attr in op.attr
                      if attr.allowed_values.list.type} for op in every.op}  # fmt: skip
    write({op: of for op, of in half.items() if of}, os.path.join(HERE, "op_bfloat16.json"))
    print("recorded", len(attrs), "ops")


if __name__ == "__main__":
    main()
